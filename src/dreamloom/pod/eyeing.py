"""What do the eyes of these beds tell? Signals, told the stage first, and leads not put on as they are named."""

from collections.abc import Sequence
from typing import NamedTuple

from dreamloom.eyes import watch
from dreamloom.eyes.leads import Leads
from dreamloom.eyes.wiring import LEAST_DEEP, Wiring
from dreamloom.record.events import AnyEvent, EyeSignalSeen, SignalFault, SignalMended, SignalSpoilt
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import Look
from dreamloom.staging.track import StageEstimate
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import NightTime, to_four_places, to_microsecond

REM = SCORED_STAGES.index(Stage.R)
DEEP = tuple(SCORED_STAGES.index(stage) for stage in (Stage.N2, Stage.N3))


class Bed(NamedTuple):
    """One bed at one second; `eyes` is None where no channel shows them."""

    eyes: watch.EyeState | None
    channels: Sequence[Channel]
    second: GridSecond
    look: Look
    estimates: Sequence[StageEstimate]


Watched = tuple[watch.EyeState | None, list[AnyEvent]]


def watched(beds: Sequence[Bed]) -> list[Watched]:
    """The eyes of every bed after its second, with what they told; in the order of the beds, all read in one pass."""
    shown = [bed for bed in beds if bed.eyes is not None]
    pairs = [(_told_of_stage(bed.eyes, bed), bed.second) for bed in shown if bed.eyes is not None]
    stepped = iter(watch.step_many(pairs, [bed.look for bed in shown]) if pairs else [])
    found: list[Watched] = []
    for bed in beds:
        if bed.eyes is None:
            found.append((None, []))
        else:
            eyes, signals, _ = next(stepped)
            faults = _rewired(bed, bed.eyes.wiring, eyes.wiring)
            found.append((eyes, [*map(_signalled, signals), *faults]))
    return found


def _told_of_stage(eyes: watch.EyeState, bed: Bed) -> watch.EyeState:
    for estimate in bed.estimates:
        eyes = watch.staged(eyes, estimate.probabilities[REM] if estimate.probabilities else 0.0)
        if estimate.probabilities and sum(estimate.probabilities[place] for place in DEEP) >= LEAST_DEEP:
            eyes = watch.lay_still(eyes, bed.look, second=bed.second.index)
    return eyes


def _rewired(bed: Bed, before: Wiring, after: Wiring) -> list[AnyEvent]:
    """What began or ended to be wrong with the leads, as faults of both together."""
    if before is after or bed.eyes is None:
        return []
    channel = _both(bed.eyes.reading.leads, bed.channels)
    end_s = NightTime(bed.second.index + 1.0)
    pairs: tuple[tuple[SignalFault, float | None, float | None], ...] = (
        ("REVERSED", before.reversed_since_s, after.reversed_since_s),
        ("EXCHANGED", before.exchanged_since_s, after.exchanged_since_s),
    )
    told: list[AnyEvent] = []
    for fault, was_s, is_s in pairs:
        if was_s is None and is_s is not None:
            told.append(SignalSpoilt(onset_s=end_s, channel=channel, fault=fault, since_s=to_microsecond(is_s)))
        if was_s is not None and is_s is None:
            since_s = to_microsecond(was_s)
            told.append(SignalMended(onset_s=end_s, channel=channel, fault=fault, since_s=since_s, until_s=end_s))
    return told


def _both(leads: Leads, channels: Sequence[Channel]) -> str:
    places = [leads.left] if leads.right is None else [leads.left, leads.right]
    return " / ".join(channels[place].label for place in places)


def _signalled(signal: watch.EyeSignal) -> AnyEvent:
    sweep = signal.sweep
    return EyeSignalSeen(
        onset_s=to_microsecond(signal.onset_s),
        status=signal.status,
        confidence=to_four_places(signal.confidence),
        began_s=to_microsecond(sweep.onset_s),
        ended_s=to_microsecond(sweep.end_s),
        size_uv=to_four_places(sweep.size_uv),
        sweep_s=to_microsecond(sweep.pace_s),
        first="right" if sweep.side > 0 else "left",
    )
