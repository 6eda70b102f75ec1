"""What does a bed know of its sleeper that tells no stage? Movement where something shows it, and never more than that.

Whoever lies still for ten minutes is taken to sleep, as actigraphs do; a movement holds cues as an arousal does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dreamloom.record.events import AnyEvent, ArousalSeen, SleepOnsetSeen
from dreamloom.signals import faults
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import is_lossy
from dreamloom.vocabulary.units import FloatArray, NightTime, to_four_places, to_microsecond

MOVED_RATIO = 3.0
"""Spread of a second over its running median from which on it is a movement: as the rule on arousals has it."""
BASELINE_S, LEAST_BASELINE_S = 120, 30
CALM_S = 3
"""Seconds without a movement that end it; as the rule on arousals has it."""
STILL_S = 600
"""Sleep onset of actigraphs: the first ten minutes without movement."""
SHOWS_MOVEMENT = frozenset({"MOTION", "EMG"})
TINY = 1e-9
MOST_STRENGTH = 1000.0
"""Told of a movement after perfect stillness, whose ratio has no end."""


@dataclass(frozen=True, slots=True)
class Unstaged:
    """Signal state of a bed that tells no stage.

    Attributes:
        places: channels that show movement; without one nothing is known but the clock.
        spreads: [second, place], standard deviation of each in the last judged seconds, oldest first.
        still_s: consecutive seconds without movement.
        asleep: sleep onset has been told.
    """

    faults: faults.FaultState
    places: tuple[int, ...]
    spreads: FloatArray
    still_s: int = 0
    asleep: bool = False
    stirring: bool = False
    in_hand_s: NightTime | None = None


def start(channels: Sequence[Channel]) -> Unstaged:
    """A bed that has seen nothing."""
    places = tuple(place for place, channel in enumerate(channels) if channel.kind in SHOWS_MOVEMENT)
    return Unstaged(faults.start(channels), places, np.empty((0, len(places))))


def shows_sleep_onset(channels: Sequence[Channel]) -> bool:
    """Whether such a bed can ever say that its sleeper fell asleep."""
    return any(channel.kind in SHOWS_MOVEMENT for channel in channels)


def seen(bed: Unstaged, second: GridSecond) -> tuple[Unstaged, list[AnyEvent], list[faults.Fault]]:
    """Takes one second; returns what it showed, a movement or sleep onset, and the faults that began or ended."""
    fault_state, found = faults.step(bed.faults, second)
    bed = replace(bed, faults=fault_state, in_hand_s=second.arrived_s)
    if not bed.places:
        return bed, [], found
    if is_lossy(second):
        return replace(bed, still_s=0), [], found
    return *_moved(bed, second), found


def _moved(bed: Unstaged, second: GridSecond) -> tuple[Unstaged, list[AnyEvent]]:
    spread = second.samples_uv[:, list(bed.places)].std(axis=0)
    ratio = _ratio(bed, spread)
    moved = ratio >= MOVED_RATIO
    end_s = NightTime(second.index + 1.0)
    still_s = 0 if moved else bed.still_s + 1
    asleep = bed.asleep or still_s >= STILL_S
    facts: list[AnyEvent] = []
    if moved and not bed.stirring:
        facts.append(ArousalSeen(onset_s=end_s, strength=to_four_places(min(ratio, MOST_STRENGTH))))
    if asleep and not bed.asleep:
        facts.append(SleepOnsetSeen(onset_s=end_s, since_s=to_microsecond(end_s - STILL_S), by="stillness"))
    after = replace(
        bed,
        spreads=np.concatenate([bed.spreads[-(BASELINE_S - 1) :], spread[np.newaxis]]),
        still_s=still_s,
        asleep=asleep,
        stirring=moved or (bed.stirring and still_s < CALM_S),
    )
    return after, facts


def _ratio(bed: Unstaged, spread: FloatArray) -> float:
    """The largest rise over its own median; 0 while too little is known of it."""
    if len(bed.spreads) < LEAST_BASELINE_S:
        return 0.0
    return float(np.max(spread / np.maximum(np.median(bed.spreads, axis=0), TINY)))
