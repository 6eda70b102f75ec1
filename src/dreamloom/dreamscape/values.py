"""Does one written value fit what the model asks for at its place? Bounds, patterns and words, by the model's types."""

import re
from collections.abc import Callable

from msgspec import inspect

from dreamloom.dreamscape import words
from dreamloom.dreamscape.gate import Comparison
from dreamloom.dreamscape.scalars import (
    Refused,
    closest,
    read_comparison,
    read_count,
    read_quantity,
    read_yes_or_no,
    shown,
)
from dreamloom.vocabulary.stages import SCORED_STAGES

Extra = dict[str, object]

OTHER_WORDS = {"REM": "R", "WAKE": "W", "AWAKE": "W", "SWS": "N3", "DEEP": "N3", "N4": "N3", "S1": "N1", "S2": "N2"}
"""What people also call the stages; understood as a hint, never as a value."""


def unwrapped(kind: inspect.Type) -> tuple[inspect.Type, Extra]:
    """The type under `| None` and Annotated, and what Annotated says beside its bounds."""
    if isinstance(kind, inspect.UnionType):
        return unwrapped(next(option for option in kind.types if not isinstance(option, inspect.NoneType)))
    if isinstance(kind, inspect.Metadata):
        return kind.type, kind.extra or {}
    return kind, {}


def value_of(kind: inspect.Type, text: str) -> object:
    """What the text means as a value of this type, ready for msgspec.convert.

    Raises:
        Refused: another unit, out of bounds, an unknown word, or not of the agreed form.
    """
    bare, extra = unwrapped(kind)
    return _READERS[type(bare)](bare, text, extra)


def _number(kind: inspect.Type, text: str, extra: Extra) -> float:
    unit = str(extra["unit"])
    value = read_quantity(text, unit)
    assert isinstance(kind, inspect.FloatType)
    _refuse_outside(kind, value, text, "" if unit == "share" else f" {unit}")
    return value


def _count(kind: inspect.Type, text: str, _extra: Extra) -> int:
    value = read_count(text)
    assert isinstance(kind, inspect.IntType)
    _refuse_outside(kind, value, text, "")
    return value


def _refuse_outside(kind: inspect.FloatType | inspect.IntType, value: float, text: str, unit: str) -> None:
    """Every number of the model has a lower bound (ge or gt) and an upper one (le)."""
    assert kind.le is not None
    open_below = kind.gt is not None
    least = kind.gt if kind.gt is not None else kind.ge
    assert least is not None
    too_low = value <= least if open_below else value < least
    if too_low or value > kind.le:
        bounds = f"{'more than' if open_below else 'at least'} {least:.10g}{unit} and at most {kind.le:.10g}{unit}"
        written = f"{least:.10g}{unit}" if not open_below else f"more than {least:.10g}{unit}"
        raise Refused(
            f"{shown(text)} is out of range",
            f"It must be {bounds}.",
            f"Write {written if too_low else f'{kind.le:.10g}{unit} or less'}.",
            code="DL-E378",
        )


def _word(kind: inspect.Type, text: str, _extra: Extra) -> str:
    assert isinstance(kind, inspect.LiteralType)
    return _one_of(text, [str(value) for value in kind.values])


def _stage(_kind: inspect.Type, text: str, _extra: Extra) -> str:
    return _one_of(text, [stage.value for stage in SCORED_STAGES], OTHER_WORDS.get(text.upper(), ""))


def _one_of(text: str, allowed: list[str], meant: str = "") -> str:
    if text in allowed:
        return text
    likely = meant or closest(text, allowed)
    do = f"Did you mean {likely}?" if likely and len(allowed) > 1 else f"Write {words.several(allowed, 'or')}."
    raise Refused(_not_here(text), f"Possible: {', '.join(allowed)}.", do)


def _text(kind: inspect.Type, text: str, extra: Extra) -> str:
    assert isinstance(kind, inspect.StrType)
    too_long = kind.max_length is not None and len(text) > kind.max_length
    too_short = kind.min_length is not None and len(text) < kind.min_length
    unlike = kind.pattern is not None and re.search(kind.pattern.replace("$", r"\Z"), text) is None
    if too_long or too_short or unlike:
        raise Refused(_not_here(text), f"Meant is {extra['meant']}.", "Change it to that form.")
    return text


def _not_here(text: str) -> str:
    return f"{shown(text)} cannot stand here" if text else "no value stands here"


def _comparison(kind: inspect.Type, text: str, _extra: Extra) -> Extra:
    assert isinstance(kind, inspect.StructType)
    assert kind.cls is Comparison
    operator, share = read_comparison(text)
    if not 0.0 <= share <= 1.0:
        raise Refused(
            f"{shown(text)} is out of range",
            "A confidence is a share: at least 0 and at most 1.",
            'Write ">= 0.8", for example.',
            code="DL-E378",
        )
    return {"operator": operator, "value": share}


def _yes_or_no(_kind: inspect.Type, text: str, _extra: Extra) -> bool:
    return read_yes_or_no(text)


_READERS: dict[type[inspect.Type], Callable[[inspect.Type, str, Extra], object]] = {
    inspect.FloatType: _number,
    inspect.IntType: _count,
    inspect.BoolType: _yes_or_no,
    inspect.LiteralType: _word,
    inspect.EnumType: _stage,
    inspect.StrType: _text,
    inspect.StructType: _comparison,
}
