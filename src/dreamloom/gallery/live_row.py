"""What is one bed's row while its night runs, and what holds for the whole bed?"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct, field

Fields = Mapping[str, Any]
Lane = Literal["cues", "stages", "alarms", "relay", "people"]
Priority = Literal["high", "medium", "low", "info"]
STALE_S = 45.0
"""An older estimate is shown as none: nothing is cued on it either (rule C6)."""
QUIET_S = 1200.0
"""Whoever is up for longer than twenty minutes may need somebody after all: the bed's alarms call again. Ours."""


class Need(Struct, frozen=True, kw_only=True):
    """Something that may need somebody, until it is over.

    Attributes:
        key: of its kind, one at a time for each bed.
        priority: by the names of device alerts (HL7): high, medium, low, info.
        since_s: night time.
        seen_by: who looks after it; "" for nobody yet.
    """

    key: str
    priority: Priority
    text: str
    since_s: float
    seen_by: str = ""


class Said(Struct, frozen=True, kw_only=True):
    """One line of one lane."""

    at_s: float
    pod: str
    lane: Lane
    text: str


class Row(Struct, frozen=True, kw_only=True):
    """One bed.

    Attributes:
        strip: its stage in each 30-s epoch so far, by letter; "?" where none is known.
        cued, aroused: numbers of epochs in which a cue sounded, and in which the sleeper stirred.
        last: what became of the newest occasion for a cue, in a few words.
        status: what holds for the whole bed, in a few words; "" where it is recorded and nothing is amiss.
        spoilt: channels that are not believed, and why.
        rung: how far the guardian or a person holds it back.
        apart: a person keeps it private.
        lights: as somebody said last; "" before that.
        quiet: why nothing here calls anybody, since quiet_since_s; "" where it does.
    """

    pod: str
    sleeper: str = ""
    stage: str = "?"
    confidence: float | None = None
    scored_s: float | None = None
    strip: tuple[str, ...] = ()
    cued: tuple[int, ...] = ()
    aroused: tuple[int, ...] = ()
    cues: int = 0
    last: str = ""
    last_s: float | None = None
    level_db: float | None = None
    status: str = ""
    spoilt: Mapping[str, str] = field(default_factory=dict)
    rung: str = "NONE"
    by_hand: str = "NONE"
    withdrawn: bool = False
    lost: bool = False
    ended: bool = False
    out_of_bed: bool = False
    apart: bool = False
    lights: Literal["off", "on", ""] = ""
    quiet: str = ""
    quiet_since_s: float = 0.0
    scene: str = ""
    needs: tuple[Need, ...] = ()


def is_quiet(row: Row, now_s: float) -> bool:
    """Whether somebody said that this bed's alarms are not to call, a while ago at most."""
    return bool(row.quiet) and now_s - row.quiet_since_s < QUIET_S


def status_of(row: Row, now_s: float) -> str:
    """What holds for the whole bed, in a few words; empty where it is recorded and nothing is amiss."""
    states = (
        (row.withdrawn, "withdrew: silent for tonight"),
        (row.ended, "recording ended"),
        (row.lost, "no data"),
        (row.out_of_bed, "out of bed"),
        ("ISOLATE" in {row.rung, row.by_hand}, "by itself: no sound"),
        (row.by_hand == "FADE" and row.rung not in {"HOLD", "FADE", "WAKE"}, "faded: no cue"),
        ({"HOLD", "FADE", "WAKE"} & {row.rung, row.by_hand}, "held: no cue"),
        ("SOFTEN" in {row.rung, row.by_hand}, "softer"),
        (row.apart, "private"),
        (row.lights == "on", "lights on"),
        (row.scored_s is not None and now_s - row.scored_s > STALE_S, "no fresh stage"),
    )
    return next((words for holds, words in states if holds), "")
