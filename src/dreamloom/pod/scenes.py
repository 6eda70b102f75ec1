"""Does this sleeper go on to another scene now? The first step out of the scene they are in that holds whole."""

from collections.abc import Mapping
from typing import NamedTuple

from dreamloom.dreamscape.company import Transition, is_at_one_moment, is_meant
from dreamloom.dreamscape.gate import Gate
from dreamloom.dreamscape.scenes import first_scene, number_of_step, steps_to_take
from dreamloom.dreamscape.slots import is_step
from dreamloom.pod.gates import shut_by
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState
from dreamloom.pod.together import called_now, may_join, news
from dreamloom.record.events import AnyEvent, SceneEntered, SceneReason
from dreamloom.vetoes.cue import is_fresh
from dreamloom.vocabulary.units import NightTime

ON: Mapping[str, SceneReason] = {
    "arousal": "AROUSAL",
    "awakening": "AWAKENING",
    "eye signal": "EYE_SIGNAL",
    "nightmare": "NIGHTMARE",
}
"""What may happen at a bed, in the author's word, and why a scene was entered then."""


class _Held(NamedTuple):
    """A step that holds: why, and the event that led to it where there is one."""

    reason: SceneReason
    cause: str | None = None


def entered(state: PodState, plan: Plan, now_s: NightTime) -> list[AnyEvent]:
    """The scene this bed enters now: the first one as its night begins, later at most one a second."""
    first = first_scene(plan.dreamscape)
    if first is None:
        return []
    if state.scene is None:
        return [SceneEntered(onset_s=now_s, scene=first, left="", reason="BEGINNING")]
    ready: set[int] = set()
    for step in steps_to_take(plan.dreamscape, state.scene):
        held = _holds(step, state, plan, now_s)
        if held is not None and is_at_one_moment(step.for_):
            slot = number_of_step(plan.dreamscape, state.scene, step)
            ready.add(slot)
            moment = called_now(state, slot, now_s)
            held = _Held("TOGETHER", moment.id) if moment is not None else None
        if held is not None:
            went = SceneEntered(
                onset_s=now_s, scene=step.to, left=state.scene, reason=held.reason, cause=held.cause or None
            )
            return [went, *_news(state, set(), now_s, "SCENE")]
    return _news(state, ready, now_s, "GATE")


def _news(state: PodState, ready: set[int], now_s: NightTime, reason: str) -> list[AnyEvent]:
    """Which steps for all this bed could take now, and which no longer, as far as the house does not know."""
    over = sorted(slot for slot in state.ready - ready if is_step(slot))
    said = [event for slot in over for event in news(state, slot, now_s, reason)]
    return said + [event for slot in sorted(ready) for event in news(state, slot, now_s, None)]


def _holds(step: Transition, state: PodState, plan: Plan, now_s: NightTime) -> _Held | None:
    """A step of which everything that is written holds at once at this bed; None while it does not."""
    if not is_meant(step.for_, plan.groups) or (is_at_one_moment(step.for_) and not _may_go(state)):
        return None
    if step.after_s is not None and now_s - state.scene_since_s < step.after_s:
        return None
    if step.when is not None and not _is_open(step.when, state, plan, now_s):
        return None
    if step.on is None:
        return _Held("AFTER" if step.when is None else "GATE")
    seen = state.happened.get(step.on)
    # For all it is enough that it happened here since this sleeper came into the scene: nothing happens to two at once.
    since = state.scene_since_s if is_at_one_moment(step.for_) else now_s - 1.0
    return _Held(ON[step.on], seen.event) if seen is not None and seen.tick >= int(since) else None


def _may_go(state: PodState) -> bool:
    """Whether this sleeper agreed to go on with others, and has not taken it back."""
    return may_join(state.grant) and not state.revoked


def _is_open(gate: Gate, state: PodState, plan: Plan, now_s: NightTime) -> bool:
    """Whether the step's own gate is open; on a stage that is too old to act on nobody goes anywhere."""
    if gate.stage and not is_fresh(state.stage_age_s(now_s)):
        return False
    return shut_by(gate, state, now_s, wall=plan.wall) is None
