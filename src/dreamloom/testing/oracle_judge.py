"""What does a judge find at one bed? Every second told again, each cue held to every rule, what is owed counted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dreamloom.dreamscape.slots import awakening_slot, is_step
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    AwakeningDue,
    ConsentWithdrawn,
    CueDue,
    CueFailed,
    CuePlayed,
    CueWithheld,
    LetterSeen,
    PhaseWindowOpened,
    Recovered,
    SceneEntered,
    StageScored,
    StreamEnded,
)
from dreamloom.testing.oracle_bed import BedTold
from dreamloom.testing.oracle_gate import follow
from dreamloom.testing.oracle_hearing import hear
from dreamloom.testing.oracle_moments import Moments
from dreamloom.testing.oracle_rules import Asked, broken, leasable, owed, to_be_woken
from dreamloom.testing.oracle_scenes import may_go_together, scene_to_enter
from dreamloom.testing.oracle_talks import Talks
from dreamloom.testing.oracle_verdict import Missed, Unlawful, Verdict
from dreamloom.testing.oracle_waking import wrongly_begun
from dreamloom.testing.oracle_waves import broken_wave, broken_window, is_met

LEASED_WITHIN_TICKS = 6
"""A lease is granted when its second is settled and takes effect three later; twice that is slow, not unlawful."""
SLACK_TICKS = 3
"""A cue may come so much later than its first lawful second: a second late, an arousal that nobody told yet."""
ALL_BUT_TICKS = 2
"""The last seconds of a night or before a crash may not be decided any more."""

UNTOLD = frozenset({"AROUSAL", "STALE"})
"""Why a bed was left out of a moment though nothing in the record stood against it: what the newest second showed."""


class BedJudge:
    """One bed, second by second."""

    def __init__(self, pod: str, asked: Asked, last_tick: int) -> None:
        self._pod, self._asked, self._last = pod, asked, last_tick
        talks = Talks.of(asked.dreamscape, asked.groups)
        self._bed = BedTold(asked.dreamscape, asked.said, frozenset(asked.parts), talks)
        self._unlawful: list[Unlawful] = []
        self._missed: list[Missed] = []
        self._due: dict[str, CueDue] = {}
        self._heard: set[str] = set()
        self._played = self._ticks = 0
        self._leasable = 0
        self._owing = dict.fromkeys(asked.parts, 0)
        self._withdrawn_s: float | None = None
        self._entered = False
        self._left_out: dict[str, str] = {}
        self._waking: dict[int, int] = {}

    def judge(self, own: Sequence[AnyEvent]) -> Verdict:
        """All that the record tells of this bed, in its order."""
        of_tick: dict[int, list[AnyEvent]] = defaultdict(list)
        for event in own:
            of_tick[event.tick].append(event)
        ended = min((event.tick for event in own if isinstance(event, StreamEnded)), default=self._last + 1)
        gaps = [(event.lost_from_s, event.lost_to_s) for event in own if isinstance(event, Recovered)]
        for tick in range(self._last + 1):
            self._bed.quorums = self._asked.company.known(self._pod, tick)
            self._entered = False
            self._hear(of_tick.get(tick, ()))
            if tick < ended and not any(from_s - ALL_BUT_TICKS <= tick < to_s for from_s, to_s in gaps):
                self._look(tick)
        return Verdict(self._ticks, len(self._due), self._played, tuple(self._unlawful), tuple(self._missed))

    def _hear(self, events: Sequence[AnyEvent]) -> None:
        for event in events:
            match event:
                case CueDue():
                    self._bed.end_tick(event.onset_s)
                    self._blame(event, *self._broken(event), *self._of_moment(event))
                    self._due[event.id] = event
                    self._owing[event.part] = 0
                case CuePlayed():
                    self._blame(event, *self._badly_played(event))
                case CueFailed():
                    self._heard.add(event.cause or "")
                case ConsentWithdrawn():
                    self._withdrawn_s = event.tick + 1.0
                case SceneEntered(reason="TOGETHER"):
                    self._entered = True
                    self._blame(event, *self._gone_together(event))
                case SceneEntered() if event.reason != "BY_HAND":
                    self._entered = True
                    if scene_to_enter(self._bed, self._asked, event.tick) != event.scene:
                        self._blame(event, "SCENE")
                case _:
                    self._hear_more(event)
            hear(self._bed, event)
            if isinstance(event, StageScored):
                follow(self._bed, event.onset_s)

    def _hear_more(self, event: AnyEvent) -> None:
        if isinstance(event, AwakeningDue):
            bed = self._bed
            self._blame(event, *wrongly_begun(event, bed.woken, self._asked.dreamscape, bed.consent))
            if event.reason == "BY_HAND" and bed.by_hand != "WAKE":
                self._blame(event, "NOBODY")
            self._blame(event, *bed.talks.wrongly_woken(event))
            if awakening_slot(event.awakening) in self._moments.shared and event.reason != "LATEST":
                slot = awakening_slot(event.awakening)
                self._blame(event, *self._moments.broken(self._pod, slot, event.cause, event.onset_s))
        if isinstance(event, AnswerSeen | LetterSeen):
            self._blame(event, *self._bed.talks.wrongly_answered(event))
        if isinstance(event, PhaseWindowOpened):
            self._bed.end_tick(event.onset_s)
            self._blame(event, *broken_window(event, self._bed, self._asked))
        if isinstance(event, CueWithheld) and event.cause:
            self._left_out[event.cause] = event.reason
        if isinstance(event, Recovered):
            self._leasable = 0

    def _look(self, tick: int) -> None:
        now_s = tick + 1.0
        self._ticks += 1
        self._bed.end_tick(now_s)
        if not self._entered and scene_to_enter(self._bed, self._asked, tick) is not None:
            self._unlawful.append(Unlawful("", self._pod, now_s, "SCENE"))
        self._together(tick)
        self._talked(now_s)
        self._leasable = self._leasable + 1 if leasable(self._bed, self._asked, now_s) else 0
        for part in self._asked.parts:
            if self._asked.said[part].phase is not None:  # no record tells when a wave comes
                continue
            is_owed = self._leasable > LEASED_WITHIN_TICKS and owed(part, self._bed, self._asked, now_s=now_s)
            is_owed = is_owed and (part not in self._moments.shared or self._is_unready(part))
            self._owing[part] = self._owing[part] + 1 if is_owed else 0
            every = max(SLACK_TICKS, int(self._asked.said[part].every_s))
            if self._owing[part] == SLACK_TICKS + 1 or self._owing[part] > SLACK_TICKS + 1 + every:
                self._missed.append(Missed(self._pod, part, now_s))
                self._owing[part] = SLACK_TICKS + 1

    def _talked(self, now_s: float) -> None:
        """Answers that were not told, and sleepers who were not woken behind the last."""
        overdue = [] if self._bed.lost else list(self._bed.talks.untold(now_s))
        to_wake = to_be_woken(self._bed, self._asked, now_s)
        self._waking = {slot: self._waking.get(slot, 0) + 1 for slot in to_wake}
        overdue += [slot for slot, ticks in self._waking.items() if ticks == SLACK_TICKS + 1]
        self._missed += [Missed(self._pod, slot, now_s) for slot in overdue]

    def _broken(self, cue: CueDue) -> Iterator[str]:
        if is_met(cue, self._bed, self._asked):
            return broken_wave(cue, self._bed)
        return broken(cue, self._bed, self._asked)

    def _together(self, tick: int) -> None:
        """What this bed was called for now, and could have done, and did not."""
        now_s = tick + 1.0
        for call in self._moments.called(self._pod, now_s):
            if is_step(call.part):
                to = None if self._entered else may_go_together(self._bed, self._asked, tick, call.part)
                is_missed = to is not None
            elif call.part in self._asked.parts and self._leasable > LEASED_WITHIN_TICKS:
                is_missed = owed(call.part, self._bed, self._asked, now_s=now_s) and self._agreed
                is_missed = is_missed and self._left_out.get(call.id) not in UNTOLD
            else:
                is_missed = False
            if is_missed:
                self._missed.append(Missed(self._pod, call.part, now_s))

    @property
    def _moments(self) -> Moments:
        return self._asked.company.moments

    @property
    def _agreed(self) -> bool:
        return self._bed.consent is not None and "group" in self._bed.consent.purposes

    def _is_unready(self, part: int) -> bool:
        """Whether it should have told by now that it waits for the moment of all."""
        return self._agreed and part not in self._bed.ready

    def _of_moment(self, cue: CueDue) -> list[str]:
        """What is wrong with a cue for all: the first of a train, since what follows it needs no other moment."""
        memory = self._bed.parts[cue.part] if cue.part in self._asked.said else None
        goes_on = memory is not None and memory.train_left > 0 and memory.train_s == cue.play_at_s
        if cue.part not in self._moments.shared or goes_on:
            return []
        return self._moments.broken(self._pod, cue.part, cue.cause, cue.onset_s)

    def _gone_together(self, event: SceneEntered) -> list[str]:
        for call in self._moments.called(self._pod, event.onset_s):
            if call.id == event.cause:
                to = may_go_together(self._bed, self._asked, event.tick, call.part)
                wrong = [] if to == event.scene else ["SCENE"]
                return [*wrong, *self._moments.broken(self._pod, call.part, call.id, event.onset_s)]
        return ["MOMENT"]

    def _badly_played(self, event: CuePlayed) -> list[str]:
        """A cue that sounds is one that was due, once, in its time, and ends where its sleeper says no."""
        due = self._due.get(event.cause or "")
        if due is None or due.id in self._heard:
            return ["NOT_DUE"]
        self._heard.add(due.id)
        self._played += 1
        if not due.play_at_s - 1e-3 <= event.actual_s <= due.expires_s + 1e-3:
            return ["TIMING"]
        is_revoked = self._withdrawn_s is not None and event.actual_s >= self._withdrawn_s
        return ["REVOKED"] if is_revoked else []

    def _blame(self, event: AnyEvent, *rules: str) -> None:
        self._unlawful.extend(Unlawful(event.id, self._pod, event.onset_s, rule) for rule in dict.fromkeys(rules))
