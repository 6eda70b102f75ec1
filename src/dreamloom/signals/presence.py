"""Is somebody still in this bed? Every lead off after a movement is a sleeper who left; a lost stream is none.

A bed whose samples stop says nothing of the kind: whoever is away from a device that goes on sending is out of bed. A
band that was pulled off in bed looks the same, and is told the same.
"""

from collections.abc import Sequence
from typing import NamedTuple

from dreamloom.signals.blocks import Channel
from dreamloom.signals.looks import Look
from dreamloom.signals.quality import FLAT_UV
from dreamloom.signals.quantise import HIGHEST, LOWEST
from dreamloom.vocabulary.units import NightTime

WORN = frozenset({"EEG", "EOG"})
"""What tells a head from the air; a chin is broad noise on either."""
OFF_S = 10
"""Seconds in a row in which every such lead is off. Ours: longer than any movement that shakes them all."""
ON_S = 30
"""Seconds in a row in which a lead is on again: an epoch. Ours."""
STILL_AGAIN_S = 60
"""Seconds in a row in which a lead is on and nothing moves, after a person said that somebody is up: whoever walks
about with the band on moves. Ours."""
MOVED_X = 3.0
"""Range of a second over its running mean from which on it is a movement: as the rule on arousals had it."""
MOVED_WITHIN_S = 60
"""Getting up shakes the leads before they are off; a plug that slips in still sleep has nothing before it. Ours."""
REMEMBERED = 1.0 / 60.0
"""A second's share in the running mean: a minute."""
BODY, MAINS = slice(1, 31), (slice(49, 52), slice(59, 62))


class Change(NamedTuple):
    """Left the bed, or came back to it: known at onset_s, so since since_s."""

    left: bool
    onset_s: NightTime
    since_s: NightTime


class PresenceState(NamedTuple):
    """What the next second is judged beside.

    Attributes:
        places: of the leads that are worn; EEG first.
        usual_uv: running mean of the first lead's range.
        still_s: seconds with a lead on since a movement.
        off_s: consecutive seconds in which every lead was off; one alone is forgiven.
        on_s: consecutive seconds in which one was on.
        left: nobody is there.
        told: a person said so, whatever the leads show.
    """

    places: tuple[int, ...]
    usual_uv: float = 0.0
    still_s: int = MOVED_WITHIN_S + 1
    off_s: int = 0
    on_s: int = 0
    left: bool = False
    told: bool = False


def start(channels: Sequence[Channel]) -> PresenceState:
    """In bed, as far as anybody knows."""
    worn = [place for place, channel in enumerate(channels) if channel.kind in WORN]
    return PresenceState(tuple(sorted(worn, key=lambda place: channels[place].kind != "EEG")))


def step(state: PresenceState, look: Look, index: int, *, stirring: bool) -> tuple[PresenceState, Change | None]:
    """Takes the look of second `index`, and whether an arousal or a movement goes on; a lossy one is passed over."""
    if look.is_lossy or not state.places:
        return state, None
    if all(is_off(look, place) for place in state.places):
        state = state._replace(off_s=state.off_s + 1, on_s=0)
    else:
        state = _moved(state, look, stirring=stirring)
        # One second alone may look like a body by chance.
        state = state._replace(off_s=state.off_s + 1 if state.off_s and not state.on_s else 0, on_s=state.on_s + 1)
    end_s = NightTime(index + 1.0)
    if not state.left and not state.on_s and state.off_s >= OFF_S and state.still_s <= MOVED_WITHIN_S:
        return state._replace(left=True), Change(left=True, onset_s=end_s, since_s=NightTime(end_s - state.off_s))
    back_s = STILL_AGAIN_S if state.told else ON_S
    is_back = state.on_s >= back_s and (not state.told or state.still_s >= back_s)
    if state.left and is_back:
        after = state._replace(left=False, told=False)
        return after, Change(left=False, onset_s=end_s, since_s=NightTime(end_s - back_s))
    return state, None


def told(state: PresenceState, *, left: bool) -> PresenceState:
    """A person says that somebody got up, or is back in bed; what the leads show counts anew from here."""
    return state._replace(left=left, told=left, on_s=0, off_s=0, still_s=0 if left else state.still_s)


def _moved(state: PresenceState, look: Look, *, stirring: bool) -> PresenceState:
    low_uv, high_uv = look.range_uv[:, state.places[0]].tolist()
    range_uv = high_uv - low_uv
    moved = stirring or (state.usual_uv > 0.0 and range_uv > MOVED_X * state.usual_uv)
    usual_uv = state.usual_uv + REMEMBERED * (range_uv - state.usual_uv) if state.usual_uv else range_uv
    return state._replace(usual_uv=usual_uv, still_s=0 if moved else state.still_s + 1)


def is_off(look: Look, place: int) -> bool:
    """True where this lead hears no body: nothing, its rails, or more mains than sleep.

    An open input that only hisses is not told from a quiet head: a waking EEG can be as small and as flat.
    """
    low_uv, high_uv = look.range_uv[:, place].tolist()
    if high_uv - low_uv < FLAT_UV:
        return True
    low, high = look.range_digital[:, place].tolist()
    if low == LOWEST or high == HIGHEST:
        return True
    lines = look.lines[place]
    return sum(float(lines[band].sum()) for band in MAINS) > float(lines[BODY].sum())
