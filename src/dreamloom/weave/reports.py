"""What was told in the morning, in the one shape that every test, code and weave reads, wherever it came from."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Scope = Literal["statistics", "weave", "gallery", "judges"]
"""What a dreamer may allow of one report; one that allows nothing is private. Each is a choice of its own."""
SCOPES: tuple[Scope, ...] = ("statistics", "weave", "gallery", "judges")
BASELINE = "baseline"
"""The arm of a morning after a night without any cue."""


class Report(Struct, frozen=True, kw_only=True):
    """One report of one dreamer on one night, as it was locked.

    Attributes:
        dreamer: who told it; a pseudonym is enough.
        night: on which night it was dreamt.
        arm: which cue that night had for this dreamer; BASELINE for none.
        text: the free report, before anything named a theme; "" where nothing was recalled, which is a result too.
        protocol: how it was asked for, with its version: prompt, interviewer, how it was written down.
        awakening: out of what the dreamer woke, such as "morning" or "R".
        language: such as "en"; "" where nobody said.
        room: where the dreamer slept, if arms were drawn by rooms.
        order: its place among the dreamer's reports in time.
        heard: the dreamer said to have heard a cue that night; None where nobody asked.
        is_late: locked after its group had been told the theme; kept, and left out of every test.
        scopes: what this report may be used for.
        consent: the leaf hash of the consent that says so.
        locked_sha256: the hash it was locked with, where it was.
    """

    dreamer: str
    night: str
    arm: str
    text: str
    protocol: str = ""
    awakening: str = ""
    language: str = ""
    room: str = ""
    order: int = 0
    heard: bool | None = None
    is_late: bool = False
    scopes: frozenset[Scope] = frozenset({"statistics"})
    consent: str = ""
    locked_sha256: str = ""

    @property
    def sha256(self) -> str:
        """The hash it was locked with, else that of its text: by this a weave cites it."""
        return self.locked_sha256 or hashlib.sha256(self.text.encode()).hexdigest()


def allowed(reports: Iterable[Report], scope: Scope) -> list[Report]:
    """Those whose dreamers allow this use of them."""
    return [each for each in reports if scope in each.scopes]


def withdrawn(reports: Iterable[Report], *, dreamer: str, scope: Scope | None = None) -> list[Report]:
    """The same reports after this dreamer took back one use of them, or (with no scope) every use."""
    gone = frozenset(SCOPES if scope is None else (scope,))
    return [replace(each, scopes=each.scopes - gone) if each.dreamer == dreamer else each for each in reports]


def in_time(reports: Iterable[Report]) -> list[Report]:
    """By their order, then by night, then by dreamer: the same for any order in which they were read."""
    return sorted(reports, key=lambda each: (each.order, each.night, each.dreamer, each.sha256))


def of_dreamer(reports: Sequence[Report], dreamer: str) -> list[Report]:
    """One dreamer's, in time."""
    return in_time(each for each in reports if each.dreamer == dreamer)
