"""What is still to come of a cue that repeats? The rest of its train, as the cue that was due last leaves it."""

from typing import NamedTuple

from dreamloom.dreamscape.part import Repeat
from dreamloom.record.events import CueDue
from dreamloom.vocabulary.units import NightTime, to_microsecond


class Train(NamedTuple):
    """So many cues are left, and the next of them comes then or never: one that is withheld ends its train."""

    left: int
    next_s: NightTime


def goes_on(train: Train | None, due: CueDue) -> bool:
    """True for a cue of a train that its first began; False for a first one."""
    return train is not None and due.play_at_s == train.next_s


def behind(train: Train | None, due: CueDue, repeat: Repeat | None) -> Train | None:
    """What comes behind this cue; None where it was the last."""
    if repeat is None:
        return None
    left = train.left - 1 if train is not None and goes_on(train, due) else repeat.times - 1
    return Train(left, to_microsecond(due.play_at_s + repeat.apart_s)) if left else None
