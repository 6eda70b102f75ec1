"""Do the rules of the house let this cue be? Asked last, once for every cue that nothing else stands against."""

from dreamloom.dreamscape.slots import is_relay
from dreamloom.governance.policy.request import Verdict
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState
from dreamloom.vetoes.cue import Proposal, Situation
from dreamloom.vetoes.policy import Around, request_of

HALF_HOUR_S = 1800.0


def ruled(state: PodState, plan: Plan, now: Situation, cue: Proposal, *, number: int) -> Verdict:
    """What the rules say of this cue of the part of this number, or of a command's."""
    around = Around(
        tags=plan.dreamscape.tags,
        eligibility=plan.eligibility,
        policy_sha256=plan.policy_sha256,
        confidence=state.readings[-1].confidence if state.readings else 0.0,
        awakenings=sum(now.now_s - at_s < HALF_HOUR_S for at_s in state.awakenings_s),
        relayed=is_relay(number),
    )
    return plan.decide(request_of(now, cue, around))
