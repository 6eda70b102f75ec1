"""Does anything sound after a no? Short histories of one bed in REM in which everything comes in any order.

Withdrawals, crashes, leases that lapse and are renewed, clocks that step, machines that sleep, outputs that fail,
beds that are armed again, cues by hand. Each record is judged by itself: `dreamloom.testing.oracle` knows no pod.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.dreamscape import reader
from dreamloom.engine.loop import Outside
from dreamloom.governance.consent import Grant
from dreamloom.house.asked import Asked
from dreamloom.house.cue_sounds import Shelf, make_sounds
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.jukebox.cues import Sound
from dreamloom.ports import Speaker
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    ConsentWithdrawn,
    CuePlayed,
    MachineSlept,
    OutputVolumeMoved,
    OutputVolumeRestored,
    PodClockBounded,
    Rearmed,
    Recovered,
    SpeakerReopened,
)
from dreamloom.testing.company import ToldIntake, always
from dreamloom.testing.fuzzed_intake import FuzzedIntake, Trouble
from dreamloom.testing.fuzzed_nights import FuzzedBed, Lived
from dreamloom.testing.nights import EAGER
from dreamloom.testing.oracle import judge
from dreamloom.testing.oracle_verdict import Verdict
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

OPENED = datetime(2026, 1, 15, 22, tzinfo=UTC)
LEAST_S, MOST_S = 30, 90
POD = PodAsked(id="p1", sleeper="S01", source="sim:typical")
Chance = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What came of one history.

    Attributes:
        happenings: how many things happened that may come in any order.
        withdrew: somebody said no in it.
        before, after: cues that sounded before that moment, or at all where nobody said no; and behind it.
        cut: cues that were due and that a bit, a fault or a crash kept from sounding after they were decided.
        verdict: the judge's.
    """

    happenings: int
    withdrew: bool
    before: int
    after: int
    cut: int
    verdict: Verdict


class _InRem(Lived):
    """A bed that believes itself in REM all the time."""

    def __init__(self, asked: Asked, bed: FuzzedBed, duration_s: int) -> None:
        super().__init__(asked, [bed], OPENED, duration_s, seed=0)

    def at(self, bed: FuzzedBed, from_s: int) -> tuple[FuzzedIntake, Speaker]:
        told = ToldIntake(always(Stage.R), {}, self._duration_s)
        intake = FuzzedIntake(told, bed.trouble, from_s=from_s, arrived_s=self.arrived_s[bed.pod.id])
        return intake, VirtualSpeaker(start_s=NightTime(float(from_s)))


def histories(seed: int, first: int, count: int) -> list[History]:
    """So many histories from this number on; the same numbers give the same ones."""
    return [history(seed, number) for number in range(first, first + count)]


def history(seed: int, number: int) -> History:
    """Lives one, breaks it off, goes on, and has its record judged."""
    chance = stream(seed, "withdrawn night", number)
    duration_s = int(chance.integers(LEAST_S, MOST_S))
    asked = _asked(str(chance.choice(["once", "never"])))
    bed = FuzzedBed(POD, "headband", _trouble(chance, duration_s))
    script = list(_script(chance, asked, duration_s))
    crashes = sorted(int(at_s) for at_s in chance.integers(10, duration_s - 5, int(chance.integers(0, 3))))
    lived = _InRem(asked, bed, duration_s)
    events = lived.through(script, crashes, chance)
    grant = asked.grants[POD.sleeper]
    verdict = judge(
        events,
        asked.dreamscape,
        expires={POD.sleeper: grant.expires},
        kinds={POD.id: "headband"},
        arrived_s=lived.arrived_s,
    )
    no_s = min((event.onset_s for event in events if isinstance(event, ConsentWithdrawn)), default=None)
    heard_s = [event.onset_s for event in events if isinstance(event, CuePlayed)]
    broken = sum(isinstance(event, Recovered) for event in events)
    return History(
        happenings=len(script) + broken + len(bed.trouble.lost) + len(bed.trouble.late_s),
        withdrew=no_s is not None,
        before=sum(no_s is None or at_s <= no_s for at_s in heard_s),
        after=begun_after(events, no_s),
        cut=verdict.due - verdict.played,
        verdict=verdict,
    )


def begun_after(events: Sequence[AnyEvent], no_s: float | None) -> int:
    """Cues whose sound began behind the no."""
    if no_s is None:
        return 0
    return sum(event.actual_s > no_s for event in events if isinstance(event, CuePlayed))


@cache
def _sounds() -> dict[str, Sound]:
    return make_sounds(reader.read(EAGER, file="eager.yaml"), Shelf((Path(),)))


@cache
def _asked(rearm: str) -> Asked:
    dreamscape, sha256 = reader.read(EAGER, file="eager.yaml"), reader.sha256(EAGER)
    grant = Grant(
        sheet="any",
        dreamscape_sha256=sha256,
        cues=("chord", "silence"),
        stages=("R",),
        level_cap_db=45.0,
        cues_per_hour=3600,
        rearm_after_crash="once" if rearm == "once" else "never",
    )
    return Asked(
        folder=NightFolder(Path("withdrawn")),
        night=NightAsked(dreamscape="eager.yaml", pod=(POD,)),
        dreamscape=dreamscape,
        dreamscape_sha256=sha256,
        grants={POD.sleeper: grant},
        night_sha256=sha256,
        consent_sha256=sha256,
        sounds=_sounds(),
    )


def _trouble(chance: Chance, duration_s: int) -> Trouble:
    lost = {int(index) for index in chance.integers(0, duration_s, int(chance.integers(0, 4)))}
    late = {int(index): float(chance.uniform(0.0, 1.5)) for index in chance.integers(0, duration_s, 3)}
    return Trouble(frozenset(lost), late, {})


def _script(chance: Chance, asked: Asked, duration_s: int) -> Iterator[Outside]:
    """Between five and twenty things, each at any moment."""

    def at(event: type[AnyEvent], **words: object) -> Outside:
        at_s = round(float(chance.uniform(0.0, duration_s)), 3)
        return Outside(known_s=NightTime(at_s), pod=POD.id, event=event(onset_s=at_s, **words))  # type: ignore[arg-type]  # each event's own words

    if chance.random() < 0.8:
        yield at(ConsentWithdrawn, sleeper=POD.sleeper, channel="fuzzed")
    for _ in range(int(chance.integers(5, 20))):
        match int(chance.integers(7)):
            case 0:
                yield at(Rearmed, by="a person")
            case 1:
                yield at(MachineSlept, slept_s=round(float(chance.uniform(1.0, 600.0)), 3))
            case 2:
                yield at(SpeakerReopened, age_s=0.6)
            case 3:
                moved = at(OutputVolumeMoved, device="any", was_db=-10.0, now_db=-3.0)
                yield moved
                back_s = round(moved.known_s + float(chance.uniform(0.5, 20.0)), 3)
                back = OutputVolumeRestored(onset_s=back_s, device="any")
                yield Outside(known_s=NightTime(back_s), pod=POD.id, event=back)
            case 4:
                yield at(PodClockBounded, bound_s=None if chance.random() < 0.5 else 0.001)
            case 5:
                yield (
                    at(ConsentWithdrawn, sleeper=POD.sleeper, channel="again")
                    if chance.random() < 0.1
                    else at(Rearmed, by="a person")
                )
            case _:
                yield _by_hand(chance, asked, duration_s)


def _by_hand(chance: Chance, asked: Asked, duration_s: int) -> Outside:
    at_s = round(float(chance.uniform(0.0, duration_s)), 3)
    given = CommandGiven(
        onset_s=at_s,
        by="fuzzed",
        cue="chord",
        cue_sha256=asked.sounds["chord"].sha256,
        sound_class="sleep",
        level_cap_db=45.0,
        dreamscape_sha256=asked.dreamscape_sha256,
        policy_sha256=asked.policy_sha256,
        not_after_s=round(at_s + 2.0, 6),
    )
    return Outside(known_s=NightTime(at_s), pod=POD.id, event=given)
