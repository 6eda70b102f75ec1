"""Into which scene should this sleeper have gone now? The first step of the file that holds, as its author wrote."""

from dreamloom.dreamscape.company import Transition, is_at_one_moment, is_meant
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


def _holds(step: Transition, bed: BedTold, asked: Asked, tick: int) -> bool:
    now_s = tick + 1.0
    if is_at_one_moment(step.for_) or not is_meant(step.for_, asked.groups):
        return False
    if step.after_s is not None and now_s - bed.scene_since_s < step.after_s:
        return False
    if step.when is not None:
        stale = bool(step.when.stage) and (not bed.told or now_s - bed.told[-1].end_s > FRESH_S)
        if stale or not gate_is_open(step.when, bed, asked, now_s, part=None):
            return False
    return step.on is None or bed.happened.get(step.on) == tick
