"""When does which cue of a training sound, and in which arms is it practised at all? One cue after another, evenly."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.waking import Training
from dreamloom.vocabulary.units import Seconds

_ROUNDING = 1e-9


class Moment(NamedTuple):
    """One presentation: seconds since the training began, and the cue whose turn it is."""

    at_s: Seconds
    cue: str


def moments(training: Training) -> tuple[Moment, ...]:
    """Every presentation, the first at 0: the cues take turns in the order written, as many as begin within `over`."""
    count = max(1, int(training.over_s / training.every_s + _ROUNDING))
    cues = training.cues
    return tuple(Moment(Seconds(n * training.every_s), cues[n % len(cues)]) for n in range(count))


def trainings_for(dreamscape: Dreamscape, groups: Collection[str]) -> dict[int, Training]:
    """By its number, every training that a sleeper in these groups is to hold."""
    return {number: each for number, each in enumerate(dreamscape.training) if is_meant(each.for_, groups)}


def is_given(dreamscape: Dreamscape, cue: str) -> bool:
    """Whether this cue is given in a training: light and vibration belong to the night, and are shown by hand."""
    return dreamscape.cues[cue].kind in {"sound", "speech"}


def trains_any(dreamscape: Dreamscape, arms: Sequence[str]) -> bool:
    """Whether one of these arms is trained; an arm that the dreamscape lacks is."""
    return any(dreamscape.arms[name].trained for name in arms if name in dreamscape.arms) or not any(
        name in dreamscape.arms for name in arms
    )
