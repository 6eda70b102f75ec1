"""Until when does the house say nothing, as long as it hears nothing? Every moment at which it may by itself.

A tick of the house depends on what it knows and on how now compares with moments that it remembers. A rehearsal steps
over the ticks between. Here may stand a moment too many, which costs one look, never one too few.
"""

import math

from dreamloom.night.loop import RENEWED_AT, Offer
from dreamloom.night.state import BedState, NightState
from dreamloom.orchestra.quorums import FRESH_S
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime


def still_until(state: NightState, offer: Offer, now_s: NightTime) -> NightTime:
    """The first moment, now or later, at which it may say something; now where that is not foreseen.

    Args:
        state: the house after the tick that ended at now_s.
        offer: what it may lease.
        now_s: the end of that tick.
    """
    if _is_restless(state, offer):
        return now_s
    to_come_s = [at_s for bed in state.beds.values() for at_s in _of_bed_s(bed, offer)]
    for number, quorum in enumerate(offer.quorums):
        began_s = state.counting.since_s.get(number)
        to_come_s += [] if began_s is None else [began_s + quorum.for_s]
        to_come_s += [bed.scored_s + FRESH_S for bed in state.beds.values() if bed.stage in quorum.in_]
    return NightTime(min((at_s for at_s in to_come_s if at_s >= now_s), default=math.inf))


def _is_restless(state: NightState, offer: Offer) -> bool:
    """While somebody waits for a moment of all, or the guardian has something to look at."""
    return any(
        bed.guarded.news or bed.guarded.since_s or bed.guarded.raised or (offer.shared and bed.ready)
        for bed in state.beds.values()
    )


def _of_bed_s(bed: BedState, offer: Offer) -> list[float]:
    third_s = math.ceil(offer.lease_s / RENEWED_AT)  # the house looks at whole seconds
    renewed_s = [lease.not_before_s + third_s - EFFECT_TICKS for lease in bed.leases.values()]
    return renewed_s if bed.grant_ends_s is None else [*renewed_s, bed.grant_ends_s]
