"""What do people, machines and calendars do to a fuzzed night? Openings, consents, crashes, words said at beds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.engine.loop import Outside
from dreamloom.governance.consent import Grant
from dreamloom.house.asked import Asked
from dreamloom.house.night_file import PodAsked
from dreamloom.record.events import (
    CommandGiven,
    ConsentWithdrawn,
    Held,
    MachineSlept,
    OperatorStaged,
    OperatorStepped,
    OutputVolumeMoved,
    OutputVolumeRestored,
    Rearmed,
    SpeakerReopened,
)
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold, Rejoined, SetApart
from dreamloom.vocabulary.units import NightTime

Chance = np.random.Generator
SLEEPERS = ("S01", "S02", "S03")
BEFORE_CHANGES = {
    "Europe/Berlin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 10, 3, 15, 30, tzinfo=UTC), datetime(2026, 4, 4, 15, tzinfo=UTC)),
}
"""When clocks change there, to summer time and back; Lord Howe by half an hour."""
LOCAL_ENDS = ("01:00", "01:30", "02:00", "02:15", "02:30", "02:45", "03:00", "03:30")
PLAIN_OPENINGS = (datetime(2026, 1, 15, 21, 59, 31, 250000, tzinfo=UTC), datetime(2026, 7, 1, 23, 0, tzinfo=UTC))


def random_opening(chance: Chance, duration_s: int) -> tuple[str, datetime]:
    """Half of the nights hold a change of clocks, in either direction, somewhere around their times on the wall."""
    zone = str(chance.choice(list(BEFORE_CHANGES)))
    if chance.random() < 0.5:
        return zone, PLAIN_OPENINGS[int(chance.integers(2))] + timedelta(hours=int(chance.integers(0, 6)))
    change = BEFORE_CHANGES[zone][int(chance.integers(2))]
    return zone, change - timedelta(seconds=float(chance.uniform(-1800.0, duration_s)))


def random_grant(chance: Chance, dreamscape: Dreamscape, text_sha256: str) -> Grant:
    """Agrees to most of it, mostly."""
    stages = {"W", "N1", "N2", "N3", "R"}
    if chance.random() < 0.3:
        stages -= {str(chance.choice(["W", "N1", "N2", "N3", "R"]))}
    cues = sorted({*dreamscape.cues, "silence"})
    if chance.random() < 0.1:
        cues.remove(str(chance.choice(["chord", "tone", "prompt"])))
    ends = LOCAL_ENDS[int(chance.integers(len(LOCAL_ENDS)))] if chance.random() < 0.35 else "end of night"
    return Grant(
        sheet="fuzzed",
        dreamscape_sha256=text_sha256 if chance.random() > 0.03 else "0" * 64,
        cues=tuple(cues),
        stages=tuple(sorted(stages)),
        level_cap_db=float(chance.integers(20, 46)),
        awake_level_cap_db=float(chance.integers(46, 76)) if chance.random() < 0.4 else None,
        cues_per_hour=int(chance.choice([0, 3, 30, 200, 3600], p=[0.03, 0.12, 0.2, 0.25, 0.4])),
        rearm_after_crash="once" if chance.random() < 0.5 else "never",
        purposes=tuple(purpose for purpose, share in (("cue", 0.97), ("group", 0.8)) if chance.random() < share),
        relay_from=tuple(name for name in SLEEPERS if chance.random() < 0.8),
        relay_to=tuple(name for name in SLEEPERS if chance.random() < 0.8),
        expires=ends,
    )


def random_crashes(chance: Chance, duration_s: int) -> list[int]:
    """Seconds in which the night breaks off."""
    count = int(chance.choice([0, 1, 2], p=[0.6, 0.3, 0.1]))
    return [int(at_s) for at_s in chance.integers(120, max(121, duration_s - 120), count)]


def random_script(chance: Chance, asked: Asked, pods: Sequence[PodAsked], duration_s: int) -> Iterator[Outside]:
    """What people and the machine do at the beds."""
    for asked_pod in pods:
        pod = asked_pod.id

        def at(event: type, share: float, pod: str = pod, **words: object) -> Iterator[Outside]:
            if chance.random() < share:
                at_s = round(float(chance.uniform(0.0, duration_s)), 3)
                yield Outside(known_s=NightTime(at_s), pod=pod, event=event(onset_s=at_s, **words))

        yield from at(ConsentWithdrawn, 0.12, sleeper=asked_pod.sleeper, channel="fuzzed")
        for stage in ("R", "N2", ""):
            yield from at(OperatorStaged, 0.15, by="fuzzed", stage=stage)
        for rung in ("SOFTEN", "HOLD", "ISOLATE", "WAKE", "NONE", "NONE"):
            yield from at(OperatorStepped, 0.08, by="fuzzed", rung=rung)
        yield from at(Held, 0.05, reason="DISK_LOW")
        for fault in (*at(MachineSlept, 0.15, slept_s=30.0), *at(SpeakerReopened, 0.15, age_s=0.6)):
            yield fault
            again_s = round(float(fault.known_s + chance.uniform(1.0, 600.0)), 3)
            if chance.random() < 0.7:
                yield Outside(known_s=NightTime(again_s), pod=pod, event=Rearmed(onset_s=again_s, by="a person"))
        for moved in at(OutputVolumeMoved, 0.15, device="fuzzed", was_db=-10.0, now_db=-3.0):
            yield moved
            back_s = round(float(moved.known_s + chance.uniform(1.0, 600.0)), 3)
            yield Outside(
                known_s=NightTime(back_s), pod=pod, event=OutputVolumeRestored(onset_s=back_s, device="fuzzed")
            )
        for _ in range(int(chance.integers(0, 9))):
            yield from _command(chance, asked, pod, duration_s)


def staff_words(chance: Chance, pods: Sequence[PodAsked], duration_s: int) -> Iterator[Outside]:
    """What staff say of beds: private, out of bed, back; and that they fade."""
    marks = (SetApart, Rejoined, OutOfBedTold, BackInBedTold, BackInBedTold)
    for pod in pods:
        for kind in (*marks, OperatorStepped):
            if chance.random() < 0.1:
                at_s = round(float(chance.uniform(0.0, duration_s)), 3)
                words = {"rung": "FADE"} if kind is OperatorStepped else {}
                said = kind(onset_s=at_s, by="fuzzed", **words)  # type: ignore[arg-type]
                yield Outside(known_s=NightTime(at_s), pod=pod.id, event=said)


def _command(chance: Chance, asked: Asked, pod: str, duration_s: int) -> Iterator[Outside]:
    """Cue now: sometimes with a class or a time that is not allowed."""
    at_s = round(float(chance.uniform(0.0, duration_s)), 3)
    name = str(chance.choice(["chord", "tone", "prompt"]))
    if name in asked.sounds:
        given = CommandGiven(
            onset_s=at_s,
            by="fuzzed",
            cue=name,
            cue_sha256=asked.sounds[name].sha256,
            sound_class="sleep" if chance.random() < 0.7 else "awake",
            level_cap_db=float(chance.integers(20, 60)),
            dreamscape_sha256=asked.dreamscape_sha256,
            policy_sha256=asked.policy_sha256,
            not_after_s=at_s + float(chance.choice([0.5, 2.0, 30.0])),
        )
        yield Outside(known_s=NightTime(at_s), pod=pod, event=given)


def rearmings(chance: Chance, pods: Sequence[PodAsked], from_s: int) -> Iterator[Outside]:
    """Somebody looks after most beds of a night that broke, sooner or later."""
    for each in pods:
        at_s = round(from_s + float(chance.uniform(0.5, 300.0)), 3)
        if chance.random() < 0.6:
            yield Outside(known_s=NightTime(at_s), pod=each.id, event=Rearmed(onset_s=at_s, by="a person"))
