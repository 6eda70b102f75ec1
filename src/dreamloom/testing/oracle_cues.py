"""What does a cue leave behind, and what a crash? Budgets and rests used up, trains begun; what may play unseen."""

import math

from dreamloom.dreamscape.part import Part
from dreamloom.dreamscape.slots import relay_slot
from dreamloom.record.events import CueDue, Recovered
from dreamloom.testing.oracle_bed import BedTold, PartTold, energy, longest_s, restarts, shut
from dreamloom.testing.oracle_waking import is_of_waking

UNSEEN_S = 3.0
"""So much of a night may be lived and not yet be in its record."""


def due(bed: BedTold, event: CueDue) -> None:
    """One cue more, whatever becomes of it; what wakes is none of the night's cues."""
    if is_of_waking(event.part):
        bed.sounds_until_s = max(bed.sounds_until_s, event.play_at_s + longest_s(bed.dreamscape, event.cue))
        return
    bed.cues_s.append(event.onset_s)
    bed.house_counts += 1
    bed.cues_of_lease[event.lease] = bed.cues_of_lease.get(event.lease, 0) + 1
    bed.offers.pop(event.cause or "", None)
    bed.windows.pop(event.part, None)
    if event.part in bed.said:
        _again(bed.said[event.part], bed.parts[event.part], event)
    bed.dose += energy(event.level_db, longest_s(bed.dreamscape, event.cue)) if event.sound_class == "sleep" else 0.0
    bed.sounds_until_s = max(bed.sounds_until_s, event.play_at_s + longest_s(bed.dreamscape, event.cue))


def _again(part: Part, memory: PartTold, event: CueDue) -> None:
    """One cue more of this part: of a train the next, else a first."""
    if restarts(part, memory, event.onset_s):
        memory.ramp_from_s = event.onset_s
    memory.cues_s.append(event.onset_s)
    goes_on = memory.train_s == event.play_at_s
    # A wave's cue is told when its second is over: the rest behind it is counted from its own moment.
    began_s = event.onset_s if part.phase is None else event.play_at_s
    memory.last_s = memory.last_s if goes_on else began_s
    times = part.repeat.times if part.repeat else 1
    memory.train_left = memory.train_left - 1 if goes_on else times - 1
    apart_s = part.repeat.apart_s if part.repeat else 0.0
    memory.train_s = round(event.play_at_s + apart_s, 6) if memory.train_left else None


def recovered(bed: BedTold, event: Recovered) -> None:
    """A night goes on: silent, forgetful, and with all that may have played unseen counted as played."""
    now_s, unseen = event.lost_to_s, len({offer.relay for offer in bed.waiting})
    for number in {relay_slot(offer.relay) for offer in bed.waiting}:
        bed.parts[number].cues_s.append(now_s)
        bed.parts[number].last_s = now_s
    for number, part in bed.said.items():
        if number >= 0 and (number < len(bed.dreamscape.parts) or number in bed.played):
            window, memory = bed.windows.get(number), bed.parts[number]
            may_be = window is not None and event.lost_from_s < window.until_s
            times = math.ceil(UNSEEN_S / part.closest_s) + may_be
            memory.cues_s += [now_s] * times
            memory.last_s, memory.train_s, unseen = now_s, None, unseen + times
    bed.cues_s += [now_s] * unseen
    bed.house_counts += int(UNSEEN_S)
    bed.quiet_since_s, bed.volume_moved = now_s, False
    bed.armed = bed.held = bed.lost = bed.out_of_bed = False
    bed.disarmed_s = now_s
    bed.windows = {}
    bed.leases, bed.told, bed.signals_s, bed.offers, bed.ready = {}, [], [], {}, set()
    shut(bed)
