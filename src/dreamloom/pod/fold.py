"""What does an event make of a bed's decision state? Its fold: the pod's own events, and the words that reach it."""

from dreamloom.pod import allowed, seen, sounded
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState
from dreamloom.record.events import AnyEvent

FOLDS = {**seen.FOLDS, **sounded.FOLDS, **allowed.FOLDS}


def evolve(state: PodState, event: AnyEvent, plan: Plan) -> PodState:
    """The state after one event. Pure; the same events in the same order always give the same state."""
    fold = FOLDS.get(type(event))
    return state if fold is None else fold(state, event, plan)
