"""Which numbers and choices make up a dreamscape, and who says so? One row per parameter."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from msgspec import inspect

from dreamloom.dreamscape.model import Comparison, Dreamscape
from dreamloom.dreamscape.provenance import parent_of

FAMILIES = (
    *("groups", "cues", "training", "parts", "scenes", "relays"),
    *("dialogues", "awakenings", "arms", "trial", "levels", "stop"),
)
STRUCTURE = frozenset(
    {
        *("for_", "play", "kind", "sound_class", "pod", "label", "cue", "because", "about", "with_", "cues", "of"),
        *(
            "say",
            "ask",
            "practise",
            "right",
            "prompt",
            "before_sleep",
            "blindness",
            "sender",
            "receiver",
            "to",
            "sha256",
        ),
    }
)
"""Fields that name or refer; everything else in a family is a choice somebody has to answer for."""


class Parameter(NamedTuple):
    """One row.

    Attributes:
        path: the author's words, for example parts[0].when.stable_for.
        value: in `unit`; a text for comparisons and words.
        unit: s, dB, dBA, share, or "" for counts and words.
        provenance: "sourced: …" or "ours…"; without a named source a value is the author's own, so "ours".
        labelled: True when the author wrote that word down.
    """

    path: str
    value: float | int | bool | str
    unit: str
    provenance: str
    labelled: bool


def parameters(dreamscape: Dreamscape) -> list[Parameter]:
    """Every parameter of a dreamscape, in the order of the model."""
    said = dreamscape.origin.provenance
    rows = []
    for family in FAMILIES:
        for path, value, unit in _leaves(getattr(dreamscape, family), family, ""):
            reason = _reason(path, said)
            rows.append(Parameter(path, value, unit, reason or "ours", bool(reason)))
    return rows


def _reason(path: str, said: dict[str, str]) -> str:
    """The reason given for this path, or, where a default was left unwritten, for the nearest thing around it."""
    while path and path not in said:
        path = parent_of(path)
    return said.get(path, "")


def _leaves(value: object, path: str, unit: str) -> Iterator[tuple[str, float | int | bool | str, str]]:
    if isinstance(value, Comparison):
        yield path, f"{value.operator} {value.value:g}", "share"
    elif isinstance(value, msgspec.Struct):
        yield from _of_struct(value, path)
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _leaves(below, f"{path}.{name}", unit)
    elif isinstance(value, tuple):
        yield from _of_tuple(value, path, unit)
    elif isinstance(value, str | int | float):
        yield path, value, unit


def _of_struct(value: msgspec.Struct, path: str) -> Iterator[tuple[str, float | int | bool | str, str]]:
    kind = inspect.type_info(type(value))
    assert isinstance(kind, inspect.StructType)
    for entry in kind.fields:
        if entry.name not in STRUCTURE:
            yield from _leaves(getattr(value, entry.name), f"{path}.{entry.encode_name}", _unit_of(entry.type))


def _of_tuple(value: tuple[object, ...], path: str, unit: str) -> Iterator[tuple[str, float | int | bool | str, str]]:
    """A tuple of words is one parameter; a tuple of parts is as many as its parts hold."""
    if value and all(isinstance(item, str) for item in value):
        yield path, ", ".join(str(item) for item in value), unit
        return
    for index, item in enumerate(value):
        yield from _leaves(item, f"{path}[{index}]", unit)


def _unit_of(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.UnionType):
        return next((unit for unit in map(_unit_of, kind.types) if unit), "")
    return str((kind.extra or {}).get("unit", "")) if isinstance(kind, inspect.Metadata) else ""
