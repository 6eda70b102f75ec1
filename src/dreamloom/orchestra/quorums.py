"""Are enough of them where they should be, together, for long enough? Counted by the house, told to each by consent.

Nobody is counted, and nobody is told, who did not agree to the purpose "group"; what is told names the consents of all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.gate import Quorum
from dreamloom.record.events import QuorumLost, QuorumMet
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime, Seconds

FRESH_S = Seconds(15.0)
"""An older stage is nobody's: as long as a cue may rest on one."""
PURPOSE = "group"
"""The purpose of a consent by which somebody's sleep counts among others', and others' for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One sleeper as a quorum sees them.

    Attributes:
        consent: id of the ConsentGiven in the record.
        groups: that they are in.
        stage: newest estimate; scored_s: the end of its window.
        is_present: samples come, and somebody lies there.
        scene: the one they are in.
        ready: numbers of what they could do now, if it were the moment of all.
    """

    pod: str
    consent: str
    groups: Sequence[str]
    stage: Stage
    scored_s: NightTime
    is_present: bool
    scene: str | None = None
    ready: frozenset[int] = frozenset()

    def counts(self, quorum: Quorum, now_s: NightTime) -> bool:
        """True while this sleeper is believed to be in one of the stages."""
        return self.is_present and self.stage in quorum.in_ and now_s - self.scored_s <= FRESH_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How the quorums of a night stand.

    Attributes:
        since_s: by number, since when enough are together; found again after a break.
        told: (number, pod) of those who know that it is met: the fold of what was told.
    """

    since_s: Mapping[int, NightTime] = field(default_factory=dict)
    told: frozenset[tuple[int, str]] = frozenset()


def count(
    state: Counting, quorums: Iterable[Quorum], members: Iterable[Member], now_s: NightTime
) -> tuple[Counting, list[QuorumMet | QuorumLost]]:
    """One tick of all quorums; `members` are those alone who agreed, and who still do.

    Returns:
        The state with its clocks set, and what is to be told to whom, unstamped.
    """
    known = sorted(members, key=lambda member: member.pod)
    since_s, said = dict(state.since_s), []
    for number, quorum in enumerate(quorums):
        meant = [member for member in known if is_meant(quorum.of, member.groups)]
        there = [member for member in meant if member.counts(quorum, now_s)]
        if len(there) < quorum.at_least:
            since_s.pop(number, None)
        began_s = since_s.setdefault(number, now_s) if len(there) >= quorum.at_least else None
        is_met = began_s is not None and now_s - began_s >= quorum.for_s
        said.extend(_news(state, number, meant if is_met else [], there, now_s))
    return replace(state, since_s=since_s), said


def _news(  # noqa: PLR0917 - private, in the order of the sentence
    state: Counting, number: int, hearers: Sequence[Member], there: Sequence[Member], now_s: NightTime
) -> list[QuorumMet | QuorumLost]:
    """Who hears that it is met, and who that it is no longer; each only where that is new to them."""
    knowing = {pod for told, pod in state.told if told == number}
    lost: list[QuorumMet | QuorumLost] = [
        QuorumLost(onset_s=now_s, pod=pod, quorum=number)
        for pod in sorted(knowing - {member.pod for member in hearers})
    ]
    return lost + [_met(number, member, there, now_s) for member in hearers if member.pod not in knowing]


def _met(number: int, hearer: Member, there: Sequence[Member], now_s: NightTime) -> QuorumMet:
    others = [member for member in there if member.pod != hearer.pod]
    return QuorumMet(
        onset_s=now_s,
        pod=hearer.pod,
        quorum=number,
        others=tuple(member.pod for member in others),
        consents=(hearer.consent, *(member.consent for member in others)),
        from_s=now_s + EFFECT_TICKS,
    )


def noted(state: Counting, number: int, pod: str, *, is_met: bool) -> Counting:
    """The state after somebody was told."""
    one = frozenset({(number, pod)})
    return replace(state, told=state.told | one if is_met else state.told - one)


def forgotten(state: Counting, pod: str) -> Counting:
    """The state after a bed began anew: it knows of nothing."""
    return replace(state, told=frozenset(each for each in state.told if each[1] != pod))
