"""Into which scene should this sleeper have gone now? The first step of the file that holds, as its author wrote."""

from dreamloom.dreamscape.company import Transition, is_at_one_moment, is_meant
from dreamloom.dreamscape.scenes import number_of_step
from dreamloom.testing.oracle_bed import BedTold
from dreamloom.testing.oracle_rules import FRESH_S, Asked, gate_is_open


def scene_to_enter(bed: BedTold, asked: Asked, tick: int) -> str | None:
    """The scene of this second's step; None where the sleeper stays."""
    scenes = asked.dreamscape.scenes
    if not scenes:
        return None
    if bed.scene is None:
        return next(iter(scenes))
    return next((step.to for step in scenes[bed.scene].next if _holds(step, bed, asked, tick)), None)


def may_go_together(bed: BedTold, asked: Asked, tick: int, slot: int) -> str | None:
    """The scene to which this step for all leads now, if it is one out of where the sleeper is, and holds."""
    scenes = asked.dreamscape.scenes
    for step in scenes[bed.scene].next if bed.scene in scenes else ():
        is_it = is_at_one_moment(step.for_) and number_of_step(asked.dreamscape, bed.scene or "", step) == slot
        if is_it and bed.consent is not None and "group" in bed.consent.purposes and not bed.withdrawn:
            return step.to if _is_so(step, bed, asked, tick) else None
    return None


def _holds(step: Transition, bed: BedTold, asked: Asked, tick: int) -> bool:
    return not is_at_one_moment(step.for_) and _is_so(step, bed, asked, tick)


def _is_so(step: Transition, bed: BedTold, asked: Asked, tick: int) -> bool:
    now_s = tick + 1.0
    if not is_meant(step.for_, asked.groups):
        return False
    if step.after_s is not None and now_s - bed.scene_since_s < step.after_s:
        return False
    if step.when is not None:
        stale = bool(step.when.stage) and (not bed.told or now_s - bed.told[-1].end_s > FRESH_S)
        if stale or not gate_is_open(step.when, bed, asked, now_s, part=None):
            return False
    happened = bed.happened.get(step.on or "", -1)
    return step.on is None or happened >= (bed.scene_since_s if is_at_one_moment(step.for_) else tick)
