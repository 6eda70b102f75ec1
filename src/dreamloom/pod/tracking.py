"""What does the pod believe about this second? Stage and arousal tracks side by side, their findings as facts."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from dreamloom.eyes import watch
from dreamloom.eyes.leads import leads
from dreamloom.eyes.sweeps import STRICT, Limits
from dreamloom.pod import body, by_the_clock
from dreamloom.pod.by_the_clock import Unstaged
from dreamloom.pod.eyeing import Bed as Eyes
from dreamloom.pod.eyeing import watched
from dreamloom.pod.outlining import Outline, outlined
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    SignalMended,
    SignalSpoilt,
    StagerFailed,
    StageScored,
)
from dreamloom.signals import faults, presence
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import Look, look_at
from dreamloom.staging import arousals
from dreamloom.staging import plugged as plug_ins
from dreamloom.staging import track as stages
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, NightTime, Seconds, to_four_places, to_microsecond

CONTEXT_S = Seconds(max(stages.CONTEXT_S, 150.0))
"""Feeding this much of the stored signal brings a fresh track back to use: the staging context, the arousal median."""
Stages = tuple[stages.Classify, str]
"""A classifier, and what the record calls it."""
NO_SMALLER: Mapping[str, Stages] = MappingProxyType({})


class Tracking(msgspec.Struct, frozen=True, eq=False):
    """Signal state: never in the record, warmed again from stored seconds.

    `method` names the trees of the whole montage, `smaller` those that are gone on with while an electrode is out.
    `stirring` is True while an arousal or a movement goes on; `in_hand_s` is when the newest second was whole and here.
    `eyes` is None where no channel shows them; `plugged` is somebody else's stager, asked in place of the trees.
    """

    stages: stages.StagingState
    arousals: arousals.ArousalState
    faults: faults.FaultState
    body: body.BodyState
    method: str
    stirring: bool = False
    in_hand_s: NightTime | None = None
    eyes: watch.EyeState | None = None
    smaller: Mapping[str, str] = msgspec.field(default_factory=dict)
    plugged: plug_ins.Plugged | None = None
    outline: Outline = Outline()


class BelievedSecond(msgspec.Struct, frozen=True):
    """A second of which only is known what a pod came to believe by its end: a night rehearsed without samples."""

    index: int
    arrived_s: NightTime
    facts: tuple[AnyEvent, ...]
    stirring: bool


class Believing(msgspec.Struct, frozen=True):
    """Tracks of a bed that is told what to believe."""

    stirring: bool = False
    in_hand_s: NightTime | None = None


def montage_kind(channels: Sequence[Channel]) -> str:
    """Which trained stager these channels need; raises StreamError without an EEG channel."""
    return stages.montage(channels).kind


def start(
    channels: Sequence[Channel],
    grid_hz: int,
    *,
    classify: stages.Classify,
    method: str,
    smaller: Mapping[str, Stages] = NO_SMALLER,
    eyes: Limits = STRICT,
) -> Tracking:
    """Tracks that have seen nothing.

    Args:
        channels: of the bed.
        grid_hz: samples a second of its grid.
        classify: of its whole montage.
        method: what the record calls that.
        smaller: classifier and method for parts of the montage, by kind, for when an electrode fails.
        eyes: what is asked of this sleeper's eye signals.

    Raises:
        StreamError: without an EEG channel, or on a grid too slow to stage.
    """
    shown = leads(channels)
    others = {kind: one for kind, (one, _) in smaller.items()}
    return Tracking(
        stages.start(channels, grid_hz, classify, smaller=others),
        arousals.start(channels),
        faults.start(channels),
        body.start(channels),
        method,
        eyes=None if shown is None else watch.start(shown, grid_hz, limits=eyes),
        smaller={kind: named for kind, (_, named) in smaller.items()},
    )


def track(
    tracking: Tracking | Unstaged | Believing, second: GridSecond | BelievedSecond, *, asleep: bool
) -> tuple[Tracking | Unstaged | Believing, list[AnyEvent]]:
    """Takes one second; returns what it showed: an arousal (it silences), faults, a stage estimate, an eye signal.

    Raises:
        TypeError: for a second of samples where only beliefs are told, or the other way round.
    """
    match tracking, second:
        case Tracking(), GridSecond():
            return seen(tracking, second, asleep=asleep)
        case Unstaged(), GridSecond():
            after, facts, found = by_the_clock.seen(tracking, second)
            return after, [*facts, *map(_spoilt_or_mended, found)]
        case Believing(), BelievedSecond():
            return Believing(second.stirring, second.arrived_s), list(second.facts)
        case _:
            raise TypeError(f"{type(tracking).__name__} cannot take a {type(second).__name__}")


def told_of(tracking: Tracking | Unstaged | Believing, *, left: bool) -> Tracking | Unstaged | Believing:
    """A person says that somebody got up, or is back: signals find out for themselves when that is over."""
    if not isinstance(tracking, Tracking):
        return tracking
    return replace(tracking, body=tracking.body._replace(presence=presence.told(tracking.body.presence, left=left)))


def seen(tracking: Tracking, second: GridSecond, *, asleep: bool) -> tuple[Tracking, list[AnyEvent]]:
    """The same for samples."""
    (told,) = seen_many([(tracking, second, asleep)])
    return told


def seen_many(beds: Sequence[tuple[Tracking, GridSecond, bool]]) -> list[tuple[Tracking, list[AnyEvent]]]:
    """`seen` for many beds at once, in their order: each with its second and whether its sleeper is asleep.

    Facts are the same, to the last rounded digit, whoever is beside.
    """
    looks = look_at([second for _, second, _ in beds])
    aroused = arousals.step_many([(tracking.arousals, second, asleep) for tracking, second, asleep in beds], looks)
    staged = stages.step_many([(tracking.stages, second) for tracking, second, _ in beds], looks)
    asked = [
        _asked(tracking, second, estimates) for (tracking, second, _), (_, estimates) in zip(beds, staged, strict=True)
    ]
    staged = [(state, estimates) for (state, _), (_, estimates, _) in zip(staged, asked, strict=True)]
    judged = faults.step_many([(tracking.faults, second) for tracking, second, _ in beds], looks)
    lying = body.seen_many(
        [
            (tracking.body, body.Moment(second, look, stirring, state.in_rem))
            for (tracking, second, _), look, (state, _, stirring) in zip(beds, looks, aroused, strict=True)
        ]
    )
    told = [
        _told(bed, told_of_faults, lies, aroused=one, staged=other)
        for bed, told_of_faults, lies, one, other in zip(beds, judged, lying, aroused, staged, strict=True)
    ]
    sizes = [
        outlined(tracking.outline, second, look, tracking.stages.channels)
        for (tracking, second, _), look in zip(beds, looks, strict=True)
    ]
    return [
        (replace(tracking, eyes=eyes, plugged=theirs, outline=outline), [*facts, *failed, *signals, *told_sizes])
        for (tracking, facts), (eyes, signals), (theirs, _, failed), (outline, told_sizes) in zip(
            told, watched(_eyes_of(beds, staged, looks)), asked, sizes, strict=True
        )
    ]


def _eyes_of(
    beds: Sequence[tuple[Tracking, GridSecond, bool]], staged: Sequence[stages.Stepped], looks: Sequence[Look]
) -> list[Eyes]:
    return [
        Eyes(tracking.eyes, tracking.stages.channels, second, look, estimates)
        for (tracking, second, _), (_, estimates), look in zip(beds, staged, looks, strict=True)
    ]


def _asked(
    tracking: Tracking, second: GridSecond, estimates: list[stages.StageEstimate]
) -> tuple[plug_ins.Plugged | None, list[stages.StageEstimate], list[AnyEvent]]:
    """What the plugged-in stager says in place of the trees, and that it failed, once for each reason."""
    before = tracking.plugged
    if before is None:
        return None, estimates, []
    after, theirs = plug_ins.step(before, second, estimates)
    if not estimates or not after.why or (after.why == before.why and after.why not in plug_ins.TOLD_EACH_TIME):
        return after, theirs, []
    at_s = to_microsecond(estimates[-1].window_end_s)
    return after, theirs, [StagerFailed(onset_s=at_s, stager=tracking.method, why=after.why)]


def _told(
    bed: tuple[Tracking, GridSecond, bool],
    judged: faults.Stepped,
    lying: body.Told,
    *,
    aroused: arousals.Stepped,
    staged: stages.Stepped,
) -> tuple[Tracking, list[AnyEvent]]:
    (tracking, second, _), (fault_state, found) = bed, judged
    (arousal_state, arousal, stirring), (stage_state, estimates) = aroused, staged
    facts: list[AnyEvent] = []
    if arousal is not None:
        facts.append(ArousalSeen(onset_s=to_microsecond(arousal.onset_s), strength=to_four_places(arousal.strength)))
    body_state, told = lying
    facts.extend(told)
    facts.extend(map(_spoilt_or_mended, found))
    facts.extend(_scored(each, tracking.smaller.get(each.kind, tracking.method)) for each in estimates)
    in_rem = estimates[-1].stage is Stage.R if estimates else arousal_state.in_rem
    after = replace(
        tracking,
        stages=stage_state,
        arousals=arousals.watching(arousal_state, stage_state.eeg, in_rem=in_rem),
        faults=fault_state,
        body=body_state,
        stirring=stirring,
        in_hand_s=second.arrived_s,
    )
    return after, facts


def _spoilt_or_mended(fault: faults.Fault) -> AnyEvent:
    onset_s, channel, kind, since_s, until_s = fault
    if until_s is None:
        return SignalSpoilt(onset_s=onset_s, channel=channel, fault=kind, since_s=since_s)
    return SignalMended(onset_s=onset_s, channel=channel, fault=kind, since_s=since_s, until_s=until_s)


def _scored(estimate: stages.StageEstimate, method: str) -> StageScored:
    named = {str(s): p for s, p in zip(SCORED_STAGES, estimate.probabilities, strict=False)}
    return StageScored(
        onset_s=to_microsecond(estimate.window_end_s),
        stage=str(estimate.stage),
        confidence=estimate.confidence,
        probabilities=named,
        window_s=float(EPOCH_S),
        decided_at_s=to_microsecond(estimate.decided_at_s),
        quality=estimate.quality,
        method=method,
    )
