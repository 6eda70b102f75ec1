"""Does anything of one sleeper reach another without the consent of both? Random nights, lived twice.

The second time one sleeper's whole night is another one: other stages, signals, losses, another withdrawal. Whoever has
not agreed with them to share anything must be told, leased and played exactly the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from dreamloom.engine.loop import Outside
from dreamloom.record.events import (
    AnyEvent,
    ConsentWithdrawn,
    CueDue,
    MomentCalled,
    QuorumMet,
    RelayOffered,
    SceneEntered,
)
from dreamloom.testing.company import ToldBed, signal, told_night
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

DURATION_S = 240
STAGES = (Stage.R, Stage.R, Stage.R, Stage.N2, Stage.W)
SHARED = """\
dreamscape: shared
version: 1
intent: Everything that can pass between sleepers, in four minutes.
tags: [group, relay]
groups: {circle: {at_least: 2, because: "ours: a test"}}
cues:
  thread: {kind: sound, class: sleep, make: chord, notes: [C5], duration: 200 ms, because: "ours: a test"}
  sea: {kind: sound, class: sleep, make: chord, notes: [E5], duration: 1 s, because: "ours: a test"}
  tide: {kind: sound, class: sleep, make: chord, notes: [A4], duration: 1 s, because: "ours: a test"}
  bell: {kind: sound, class: sleep, make: chord, notes: [G5], duration: 1 s, because: "ours: a test"}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", stable_for: 5 s, because: "ours: a test"}
    play: thread
    every: 17 s                        # ours: a test
    budget: {per_hour: 200, per_night: 200, because: "ours: a test"}
  - for: each of circle
    when:                              # ours: a test
      stage: R
      confidence: ">= 0.8"
      quorum: {at_least: 2, of: everyone, in: R, for: 10 s}
    play: sea
    every: 11 s                        # ours: a test
    budget: {per_hour: 200, per_night: 200, because: "ours: a test"}
relays:
  - from: each of circle
    signal: {pattern: LRLR, times: 2, within: 30 s, because: "ours: a test"}
    to: each other of circle
    when: {stage: R, confidence: ">= 0.8", because: "ours: a test"}
    cue: bell
    wait: 60 s                         # ours: a test
    consent: [sender, receiver]        # ours: a test
    refractory: 20 s                   # ours: a test
    budget: {per_hour: 200, per_night: 200, because: "ours: a test"}
scenes:
  apart:
    next:
      - {to: common, for: all of circle, when: {stage: R, because: "ours: a test"}, because: "ours: a test"}
  common:
    parts:
      - for: all of circle
        when: {stage: R, confidence: ">= 0.8", because: "ours: a test"}
        play: tide
        every: 13 s                    # ours: a test
        jitter: 5 s                    # ours: a test
        budget: {per_hour: 200, per_night: 200, because: "ours: a test"}
    next:
      - {to: apart, for: each sleeper, after: 50 s, because: "ours: a test"}
arms: {active: {cue: own}, sham: {cue: silence}}
trial: {assign: across nights, blindness: "Did you hear anything?", because: "ours: a test"}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: "ours: a test"}
stop: {arousal: {fade: 100 ms, pause: 10 s, lower: 3 dB}, because: "ours: a test"}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One random sleeper: what they agreed to, which stays, and how they slept, which may be drawn anew."""

    agrees: ToldBed
    stages: tuple[Stage, ...]
    signals_s: tuple[int, ...]
    missing: frozenset[int]
    withdraws_s: float | None

    @property
    def bed(self) -> ToldBed:
        return ToldBed(
            stage_at=lambda second: self.stages[min(second // 30, len(self.stages) - 1)],
            facts={second: [signal(second + 1.0)] for second in self.signals_s},
            missing=self.missing,
            changes=self.agrees.changes,
            groups=self.agrees.groups,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of one pair of nights.

    Attributes:
        differences: pods that were told something else, though they share nothing with the one who slept otherwise.
        held: how many such pods there were.
        unnamed: cues by relay or quorum, and cues and steps at one moment for all, without the consents of all of
            those behind them.
        passed: how many cues and notices lawfully passed between sleepers.
        called: how many of them were moments of all.
    """

    differences: tuple[str, ...]
    held: int
    unnamed: int
    passed: int
    called: int


def try_once(seed: int) -> Found:
    """One random night, lived twice."""
    luck = stream(seed, "cross talk")
    sleepers = [_sleeper(luck, number, count) for count in (int(luck.integers(2, 5)),) for number in range(count)]
    other = int(luck.integers(len(sleepers)))
    changed = [_slept_anew(luck, each) if number == other else each for number, each in enumerate(sleepers)]
    first, second = _night(sleepers), _night(changed)
    apart = [n for n in range(len(sleepers)) if n != other and not _share(sleepers, other, n)]
    return Found(
        differences=tuple(_pod(n) for n in apart if told_to(first, _pod(n)) != told_to(second, _pod(n))),
        held=len(apart),
        unnamed=_unnamed(first, sleepers) + _unnamed(second, changed),
        passed=sum(isinstance(event, RelayOffered | QuorumMet | MomentCalled) for event in first),
        called=sum(isinstance(event, MomentCalled) for event in first),
    )


def told_to(events: Sequence[AnyEvent], pod: str) -> list[bytes]:
    """Everything the record holds of one bed, but the numbers of the house's own words, which count other beds' too."""
    blank = {"id": "", "cause": None}
    return [msgspec.json.encode(msgspec.structs.replace(event, **blank)) for event in events if event.pod == pod]


def _night(sleepers: Sequence[Lived]) -> list[AnyEvent]:
    script = [
        Outside(
            known_s=NightTime(each.withdraws_s),
            pod=_pod(number),
            event=ConsentWithdrawn(onset_s=each.withdraws_s, sleeper=_name(number), channel="test"),
        )
        for number, each in enumerate(sleepers)
        if each.withdraws_s is not None
    ]
    return told_night(SHARED, [each.bed for each in sleepers], duration_s=DURATION_S, script=script)[0]


def _sleeper(luck: np.random.Generator, number: int, count: int) -> Lived:
    others = [_name(other) for other in range(count) if other != number]
    purposes = ("cue", "group") if luck.random() < 0.4 else ("cue",)
    changes = {"relay_to": _some(luck, others), "relay_from": _some(luck, others), "purposes": purposes}
    agrees = ToldBed(changes=changes, groups=("circle",) if luck.random() < 0.8 else ())
    return _slept_anew(luck, Lived(agrees=agrees, stages=(), signals_s=(), missing=frozenset(), withdraws_s=None))


def _slept_anew(luck: np.random.Generator, sleeper: Lived) -> Lived:
    lost_from = int(luck.integers(DURATION_S))
    return Lived(
        agrees=sleeper.agrees,
        stages=tuple(STAGES[int(n)] for n in luck.integers(len(STAGES), size=DURATION_S // 30)),
        signals_s=tuple(sorted({int(s) for s in luck.integers(20, DURATION_S - 10, size=3)})),
        missing=frozenset(range(lost_from, lost_from + int(luck.integers(12)))) if luck.random() < 0.4 else frozenset(),
        withdraws_s=float(luck.integers(30, DURATION_S)) + 0.5 if luck.random() < 0.3 else None,
    )


def _some(luck: np.random.Generator, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if luck.random() < 0.4)


def _share(sleepers: Sequence[Lived], one: int, other: int) -> bool:
    """True where anything of the one may lawfully reach the other."""
    return _may_relay(sleepers, one, other) or all(
        "group" in sleepers[n].agrees.changes["purposes"]  # type: ignore[operator]  # a tuple of names, as drawn above
        for n in (one, other)
    )


def _may_relay(sleepers: Sequence[Lived], sender: int, receiver: int) -> bool:
    to, by = sleepers[sender].agrees.changes, sleepers[receiver].agrees.changes
    return _name(receiver) in to["relay_to"] and _name(sender) in by["relay_from"]  # type: ignore[operator]  # as above


def _unnamed(events: Sequence[AnyEvent], sleepers: Sequence[Lived]) -> int:
    """Cues that came of somebody else without an event behind them that names the consents of both."""
    by_id = {event.id: event for event in events}
    wrong = 0
    for due in (event for event in events if isinstance(event, CueDue)):
        if due.cue == "bell":
            offer = by_id.get(due.cause or "")
            wrong += not (isinstance(offer, RelayOffered) and _names_both(offer, by_id, sleepers, due))
        if due.cue == "sea":
            wrong += not any(
                isinstance(event, QuorumMet) and event.pod == due.pod and len(event.consents) >= 2
                for event in events[: events.index(due)]
            )
    of_all = [each for each in events if _is_for_all(each)]
    return wrong + sum(not _names_all(by_id.get(each.cause or ""), by_id, sleepers, each) for each in of_all)


def _is_for_all(event: AnyEvent) -> bool:
    if isinstance(event, SceneEntered):
        return event.reason == "TOGETHER"
    return isinstance(event, CueDue) and event.cue == "tide"


def _names_all(moment: AnyEvent | None, by_id: dict[str, AnyEvent], sleepers: Sequence[Lived], done: AnyEvent) -> bool:
    if not isinstance(moment, MomentCalled) or len(moment.consents) < 2:
        return False
    pods = [by_id[consent].pod if consent in by_id else None for consent in moment.consents]
    return pods == [done.pod, *moment.others] and all(_in_company(sleepers, pod or "") for pod in pods)


def _in_company(sleepers: Sequence[Lived], pod: str) -> bool:
    return "group" in sleepers[int(pod[1:]) - 1].agrees.changes["purposes"]  # type: ignore[operator]  # as drawn below


def _names_both(offer: RelayOffered, by_id: dict[str, AnyEvent], sleepers: Sequence[Lived], due: CueDue) -> bool:
    pods = [by_id[consent].pod for consent in offer.consents]
    numbers = [int((pod or "p0")[1:]) - 1 for pod in pods]
    return pods == [offer.sender, due.pod] and _may_relay(sleepers, numbers[0], numbers[1])


def _pod(number: int) -> str:
    return f"p{number + 1}"


def _name(number: int) -> str:
    return f"S{number + 1:02d}"
