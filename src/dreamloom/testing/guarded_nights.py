"""Does one sleeper's trouble ever reach another's night? Random nights, lived with trouble at one bed and without."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dreamloom.engine.loop import Outside
from dreamloom.record.events import (
    AnyEvent,
    ClockOffsetSeen,
    CommandGiven,
    GapSeen,
    GlitchSeen,
    GuardianStepped,
    Held,
    MachineSlept,
    NightmareArousalSeen,
    OutputLost,
    PodClockBounded,
    SpeakerReopened,
    StreamUnrecognised,
)
from dreamloom.testing.company import StageAt, ToldBed, told_night
from dreamloom.testing.cross_talk import SHARED, STAGES, told_to
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

DURATION_S = 240
ALONE = {"purposes": ("cue",), "relay_to": (), "relay_from": ()}
"""Agrees to cues, and to share nothing with anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What came of one pair of nights.

    Attributes:
        differences: beds whose record differs though nothing was amiss at them. others: how many such beds there were.
        steps: of the guardian at the troubled one, by rung.
    """

    differences: tuple[str, ...]
    others: int
    steps: tuple[str, ...]


def try_once(seed: int) -> Lived:
    """One random night, with trouble at one bed and without."""
    luck = stream(seed, "guarded")
    count = int(luck.integers(2, 5))
    stages = [tuple(STAGES[int(n)] for n in luck.integers(len(STAGES), size=8)) for _ in range(count)]
    pod, missing = int(luck.integers(count)), _missing(luck)
    script = list(_troubles(luck, f"p{pod + 1}"))
    troubled = told_night(SHARED, _beds(stages, pod, missing), duration_s=DURATION_S, script=script)[0]
    calm = told_night(SHARED, _beds(stages, pod, frozenset()), duration_s=DURATION_S)[0]
    others = [f"p{n + 1}" for n in range(count) if n != pod]
    return Lived(
        differences=tuple(name for name in others if told_to(troubled, name) != told_to(calm, name)),
        others=len(others),
        steps=tuple(event.rung for event in troubled if isinstance(event, GuardianStepped)),
    )


def _beds(stages: Sequence[tuple[Stage, ...]], pod: int, missing: frozenset[int]) -> list[ToldBed]:
    return [
        ToldBed(
            stage_at=_slept(slept),
            missing=missing if number == pod else (),
            changes=ALONE,
            groups=(),
        )
        for number, slept in enumerate(stages)
    ]


def _slept(stages: tuple[Stage, ...]) -> StageAt:
    return lambda second: stages[min(second // 30, 7)]


def _missing(luck: np.random.Generator) -> frozenset[int]:
    starts = luck.integers(10, DURATION_S, size=int(luck.integers(0, 3)))
    return frozenset(second for start in starts for second in range(int(start), int(start + luck.integers(1, 40))))


def _troubles(luck: np.random.Generator, pod: str) -> list[Outside]:
    told = []
    for _ in range(int(luck.integers(1, 14))):
        at_s = round(float(luck.uniform(5.0, DURATION_S - 5.0)), 3)
        event = _trouble(luck, at_s)
        told.append(Outside(known_s=NightTime(at_s), pod=pod, event=event))
    return told


def _trouble(luck: np.random.Generator, at_s: float) -> AnyEvent:
    kinds: list[AnyEvent] = [
        GlitchSeen(onset_s=at_s, glitch="LATE"),
        GlitchSeen(onset_s=at_s, glitch="IMPOSTOR", differs=("twin",)),
        GlitchSeen(onset_s=at_s, glitch="CLOCK_STEP", step_s=5.0),
        GlitchSeen(onset_s=at_s, glitch="ORDER_FORGED"),
        GapSeen(onset_s=at_s, duration_s=0.2, samples=20),
        MachineSlept(onset_s=at_s, slept_s=5.0),
        SpeakerReopened(onset_s=at_s, age_s=0.6),
        OutputLost(onset_s=at_s, device="told"),
        PodClockBounded(onset_s=at_s, bound_s=None),
        ClockOffsetSeen(onset_s=at_s, offset_s=1.0, used_s=0.0, uncertainty_s=0.01),
        StreamUnrecognised(onset_s=at_s),
        Held(onset_s=at_s, reason="DISK_LOW"),
        NightmareArousalSeen(
            onset_s=at_s, heart_per_min=90, usual_heart_per_min=60, breath_per_min=20, usual_breath_per_min=14
        ),
        CommandGiven(
            onset_s=at_s,
            by="somebody",
            cue="thread",
            cue_sha256="0" * 64,
            sound_class="sleep",
            level_cap_db=60.0,
            dreamscape_sha256="0" * 64,
            policy_sha256="0" * 64,
            not_after_s=at_s + 2.0,
        ),
    ]
    return kinds[int(luck.integers(len(kinds)))]
