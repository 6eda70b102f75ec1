"""What does a written value mean? Quantities with units, comparisons, counts, true and false; nothing is guessed."""

import difflib
import math
import re
from collections.abc import Iterable

TO_SECONDS: dict[str, tuple[int, int]] = {"ms": (1, 1000), "s": (1, 1), "min": (60, 1), "h": (3600, 1)}
UNITS: dict[str, dict[str, tuple[int, int]]] = {
    "s": TO_SECONDS,
    "dB": {"dB": (1, 1)},
    "dBA": {"dBA": (1, 1)},
    "deg": {"deg": (1, 1), "°": (1, 1)},
    "Hz": {"Hz": (1, 1)},
    "µV": {"µV": (1, 1), "uV": (1, 1)},
    "share": {"": (1, 1), "%": (1, 100)},
}
"""Kept unit to the units that may be written, each with (multiplier, divisor)."""
QUANTITY_WORDS = {
    "s": ("A duration is a number with ms, s, min or h", "20 s"),
    "dB": ("A difference in level is a number with dB", "3 dB"),
    "dBA": ("A level is a number with dBA", "45 dBA"),
    "deg": ("A phase is a number with deg, 0 deg at the positive peak", "-30 deg"),
    "Hz": ("Pulses a second are a number with Hz", "1 Hz"),
    "µV": ("A voltage is a number with µV", "-80 µV"),
    "share": ("A share is a number from 0 to 1, or with %", "0.8"),
}
NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_QUANTITY = re.compile(rf"(?P<number>{NUMBER}) *(?P<unit>[A-Za-zµ°%]*)")
_COMPARISON = re.compile(r"(?P<operator>>=|>|<=|<|==|=|≥|≤)? *(?P<rest>.*)", re.DOTALL)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
_NOT_FINITE = re.compile(r"[+-]?\.?(nan|inf|infinity)", re.IGNORECASE)


class Refused(ValueError):
    """Something written that cannot be meant: what is wrong, what is meant here, what to write instead."""

    def __init__(self, what: str, why: str, do: str, *, code: str = "DL-E376") -> None:
        super().__init__(what)
        self.what, self.why, self.do, self.code = what, why, do, code


def shown(text: str) -> str:
    """A value as messages quote it: escaped, and cut after 60 characters."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def closest(word: str, names: Iterable[str]) -> str:
    """The known name most like this word, "" if none is."""
    by_low = {name.lower(): name for name in sorted(names)}
    close = difflib.get_close_matches(word.lower()[:64], by_low, 1, 0.6)
    return by_low[close[0]] if close else ""


def nearest(word: str, names: Iterable[str]) -> str:
    """What to do about a word nobody knows: the closest known one, else all of them."""
    known = sorted(names)
    close = closest(word, known)
    return f"Did you mean {close}?" if close else f"Known here: {', '.join(known)}."


def read_quantity(text: str, unit: str) -> float:
    """A number with its unit, in the kept unit (a key of UNITS), rounded to 1e-6.

    Raises:
        Refused: no number, no unit, another unit, a clock time, not finite.
    """
    why, example = QUANTITY_WORDS[unit]
    _refuse_look_alikes(text, why, example)
    match = _QUANTITY.fullmatch(text.strip(" "))
    if match is None:
        raise Refused(f"{shown(text)} cannot be read", f"{why}.", f"Write {example}, for example.")
    written, allowed = match["unit"], UNITS[unit]
    if written not in allowed:
        problem = f"has the unit {shown(written)}" if written else "has no unit"
        raise Refused(f"{shown(text)} {problem}", f"{why}.", f"Write {_with_a_unit(match['number'], example)}.")
    multiplier, divisor = allowed[written]
    return _finite(text, float(match["number"]) * multiplier / divisor)


def _refuse_look_alikes(text: str, why: str, example: str) -> None:
    if _CLOCK.fullmatch(text.strip(" ")):
        raise Refused(f"{shown(text)} is a time of day", f"{why}.", f"Write {example}, for example.")
    if _NOT_FINITE.fullmatch(text.strip(" ")):
        raise Refused(f"{shown(text)} is no number", f"{why}, and finite.", f"Write {example}, for example.")


def _with_a_unit(number: str, example: str) -> str:
    """The author's number with the example's unit, where a unit is needed."""
    _, _, unit = example.partition(" ")
    return f"{number[:12]} {unit}, if that is the unit you mean" if unit else example


def _finite(text: str, value: float) -> float:
    if not math.isfinite(value):
        raise Refused(f"{shown(text)} is too large", "A number must be finite.", "Write a smaller number.")
    return round(value, 6) + 0.0


def read_count(text: str) -> int:
    """A whole number, written without a unit.

    Raises:
        Refused: for anything else.
    """
    if re.fullmatch(r"[+-]?[0-9]{1,15}", text.strip(" ")):
        return int(text)
    raise Refused(
        f"{shown(text)} is no whole number", "A count is a whole number without a unit.", "Write digits only."
    )


def read_comparison(text: str) -> tuple[str, float]:
    """(operator, share) of ">= 0.8" or "> 80 %"; the operator must stand there.

    Raises:
        Refused: no operator, one that a gate cannot use, or no share after it.
    """
    match = _COMPARISON.fullmatch(text.strip(" "))
    operator = match["operator"] if match else None
    if match is None or operator not in (">=", ">"):
        problem = f"uses {operator}" if operator else "has no >= or >"
        raise Refused(
            f"{shown(text)} {problem}",
            "A gate opens above a bound: >= or >, then a share.",
            'Write ">= 0.8" in quotes.',
        )
    return operator, read_quantity(match["rest"], "share")


def read_yes_or_no(text: str) -> bool:
    """True or false, by exactly these words; on, off, yes and no stay words.

    Raises:
        Refused: for any other word.
    """
    if text in ("true", "false"):
        return text == "true"
    raise Refused(f"{shown(text)} is neither true nor false", "Only these two words count.", "Write true or false.")
