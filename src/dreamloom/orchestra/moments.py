"""When is it one moment for all? Called by the house for two or more who are ready, and named with all their consents.

Each bed says for itself what it could do now, by its own gate, timers, vetoes and limits. Nobody is waited for who is
not ready, and nobody is called who did not agree to the purpose "group".
"""

from collections.abc import Iterable, Mapping, Sequence

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.moments import Shared
from dreamloom.orchestra.quorums import Member
from dreamloom.record.events import MomentCalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime

COMPANY = 2
"""One alone is no moment of all; an author who wants more of them writes a quorum. Ours."""
LEAST_APART_S = EFFECT_TICKS + 1.0
"""By then every bed has answered the moment before."""


def calls(
    called_s: Mapping[int, NightTime],
    shared: Iterable[Shared],
    members: Iterable[Member],
    now_s: NightTime,
    *,
    seed: int,
) -> list[MomentCalled]:
    """The moments that are called now, one event for each bed, unstamped.

    Args:
        called_s: by number, the moment called last.
        shared: what comes to all at once tonight.
        members: those alone who agreed to be counted, and who still do.
        now_s: the end of the tick.
        seed: from which what is left to chance is drawn, the same in a replay.
    """
    known = sorted((each for each in members if each.is_present), key=lambda member: member.pod)
    from_s = NightTime(now_s + EFFECT_TICKS)
    said: list[MomentCalled] = []
    for each in shared:
        if from_s < _earliest_s(each, called_s.get(each.slot), seed):
            continue
        meant = [member for member in known if is_meant(each.who, member.groups)]
        ready = [member for member in meant if each.slot in member.ready]
        there = [member for member in meant if each.to is not None and member.scene == each.to]
        company = ready if len(ready) >= COMPANY else [*ready, *there]
        if ready and len(company) >= COMPANY:
            said.extend(_called(each.slot, member, company, now_s) for member in ready)
    return said


def _earliest_s(each: Shared, before_s: NightTime | None, seed: int) -> float:
    if before_s is None:
        return float("-inf")
    most_s = int(each.jitter_s)
    drawn_s = int(stream(seed, "moment", each.slot, int(before_s)).integers(0, most_s, endpoint=True)) if most_s else 0
    return before_s + max(each.every_s + drawn_s, LEAST_APART_S)


def _called(slot: int, member: Member, company: Sequence[Member], now_s: NightTime) -> MomentCalled:
    others = [other for other in company if other.pod != member.pod]
    return MomentCalled(
        onset_s=now_s,
        pod=member.pod,
        part=slot,
        others=tuple(other.pod for other in others),
        consents=(member.consent, *(other.consent for other in others)),
        from_s=now_s + EFFECT_TICKS,
    )
