"""How does a simulated sleeper lie in a pod without a single sample? A stager's estimates and arousals as seconds."""

import math
from collections.abc import Sequence
from typing import Literal

from dreamloom.adapters.simulated_spec import read_spec
from dreamloom.eyes.watch import TWICE_WITHIN_S
from dreamloom.pod.by_the_clock import STILL_S
from dreamloom.pod.tracking import BelievedSecond
from dreamloom.record.events import AnyEvent, ArousalSeen, EyeSignalSeen, SleepOnsetSeen, StageScored
from dreamloom.signals.blocks import StreamInfo
from dreamloom.signals.grid import Gap
from dreamloom.sleeper.facts import NOTICED_AFTER_S, Beliefs, Noticed, StageFact
from dreamloom.sleeper.gaze import SWEEP_S
from dreamloom.sleeper.traits import changed, traits_of
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, Decibels, Hertz, NightTime, Seconds, to_four_places, to_microsecond

METHOD = "simulated stager"
AROUSAL_STRENGTH = 4.0
"""What an arousal on facts is told with; a pod on samples measures it. Ours."""
STIRRING_S = 3.0
"""The bed is left alone while an arousal goes on; on facts, for so long after it was noticed. Ours."""
DELAY_S = Seconds(0.05)
Shows = Literal["stages", "movement", "nothing"]
"""What a bed can know of its sleeper: stages with an EEG, movement with a watch or a phone, or the time alone."""
SIGNAL_CONFIDENCE = 0.6
"""What an eye signal on facts is told with; a pod on samples measures it. Ours."""
WHOLE_LOOK = 0.8
"""Of a signal's size, how far a look goes to one side at each eye."""


class BelievedIntake:
    """Whole seconds of one rehearsed bed; implements Intake, and hears.

    Raises:
        ConfigError: for a simulated sleeper that is not known.
    """

    def __init__(self, spec: str, *, seed: int, sleeper: str, duration_s: int, shows: Shows = "stages") -> None:
        asked = read_spec(spec)
        person = changed(traits_of(seed, sleeper, asked.preset), dict(asked.traits))
        self._gives_twice = person.signal_repeats >= 1.0
        self._beliefs = Beliefs(person, seed, duration_s, start_s=asked.start_s, delay_s=DELAY_S)
        self.stream = StreamInfo(f"facts:{spec}", (), Hertz(1.0), 1, DELAY_S)
        self.ends_s = NightTime(duration_s + DELAY_S)
        self.fresh_s = NightTime(-math.inf)
        self._duration_s = duration_s
        self._shows: Shows = shows
        self._asleep_since_s: float | None = None
        self._onset_told = False
        self._next = 0
        self._stirring_until_s = self._signalled_s = -math.inf

    @property
    def ended(self) -> bool:
        return self._next >= self._duration_s

    def read(self, until_s: NightTime) -> tuple[Sequence[BelievedSecond], Sequence[Gap]]:
        """Every second that was over by until_s and not read before."""
        seconds = []
        while not self.ended and self._next + 1 + DELAY_S <= until_s + 1e-9:
            seconds.append(self._second(self._next))
            self._next += 1
        return seconds, ()

    def nothing_until(self) -> int:
        """The number of the next second that may show something; that of the next one while somebody stirs."""
        if self._next <= self._stirring_until_s:
            return self._next
        shown_s = [self._duration_s + DELAY_S]
        if self._shows == "stages" or (self._shows == "movement" and not self._onset_told):
            shown_s.append(self._beliefs.next_estimate_s)
        if self._shows == "movement" and not self._onset_told and self._asleep_since_s is not None:
            shown_s.append(self._asleep_since_s + STILL_S)
        if self._shows != "nothing":
            shown_s.append(self._beliefs.next_noticed_s)
        return max(self._next, math.ceil(min(shown_s) - 1.0 - DELAY_S - 1e-6))

    def pass_over(self, index: int) -> None:
        """The next second to be read is this one; those before it showed nothing."""
        self._next = max(self._next, index)

    def opened(self, index: int, first: int) -> None:
        """There are no samples."""

    def close(self) -> None:
        """Nothing is held open."""

    def hear(self, onset_s: NightTime, duration_s: Seconds, level_db: Decibels, cue: str = "") -> None:  # noqa: ARG002 - on facts nobody answers
        """A sound reached the pillow; what is believed from here on shows it."""
        self._beliefs.hear(onset_s, duration_s, level_db)

    def _signalled(self, fact: Noticed) -> list[AnyEvent]:
        """One is a candidate; one that is given twice, or soon after another, counts."""
        before_s, self._signalled_s = self._signalled_s, fact.onset_s
        again = fact.onset_s - before_s <= TWICE_WITHIN_S
        counts = again or self._gives_twice
        began_s = before_s if again else fact.onset_s
        told: list[AnyEvent] = [_eye_signal(fact, "candidate", fact.onset_s)]
        return [*told, _eye_signal(fact, "confirmed", began_s)] if counts else told

    def _second(self, index: int) -> BelievedSecond:
        now_s = index + 1 + DELAY_S
        stages, noticed = self._beliefs.read(now_s)
        arousals = [fact for fact in noticed if fact.what == "arousal" and self._shows != "nothing"]
        facts: list[AnyEvent] = [
            ArousalSeen(onset_s=to_microsecond(fact.onset_s), strength=AROUSAL_STRENGTH) for fact in arousals
        ]
        facts += [_scored(fact) for fact in stages] if self._shows == "stages" else self._onset(stages)
        for fact in noticed if self._shows == "stages" else ():
            facts += self._signalled(fact) if fact.what == "lucid signal" else []
        if arousals:
            self._stirring_until_s = arousals[-1].onset_s + STIRRING_S
        self.fresh_s = NightTime(index + 1.0)
        return BelievedSecond(index, to_microsecond(now_s), tuple(facts), stirring=index + 1 <= self._stirring_until_s)

    def _onset(self, stages: Sequence[StageFact]) -> list[AnyEvent]:
        """Sleep onset as stillness shows it: ten minutes in which the sleeper did not wake."""
        for fact in stages:
            if fact.stage in {Stage.W, Stage.UNSCORED}:
                self._asleep_since_s = None
            elif self._asleep_since_s is None:
                self._asleep_since_s = fact.onset_s
        since_s, now_s = self._asleep_since_s, float(self._next + 1)
        if self._shows == "nothing" or self._onset_told or since_s is None or now_s - since_s < STILL_S:
            return []
        self._onset_told = True
        return [SleepOnsetSeen(onset_s=now_s, since_s=since_s, by="stillness")]


def _eye_signal(fact: Noticed, status: Literal["candidate", "confirmed"], began_s: float) -> EyeSignalSeen:
    return EyeSignalSeen(
        onset_s=to_microsecond(fact.onset_s),
        status=status,
        confidence=SIGNAL_CONFIDENCE,
        began_s=to_microsecond(began_s - NOTICED_AFTER_S["lucid signal"]),
        ended_s=to_microsecond(fact.onset_s),
        size_uv=to_four_places(4.0 * WHOLE_LOOK * abs(fact.size_uv)),
        sweep_s=SWEEP_S,
        first="left",
    )


def _scored(fact: StageFact) -> StageScored:
    return StageScored(
        onset_s=fact.onset_s,
        stage=str(fact.stage),
        confidence=fact.confidence,
        probabilities={str(s): p for s, p in zip(SCORED_STAGES, fact.probabilities, strict=False)},
        window_s=float(EPOCH_S),
        decided_at_s=fact.decided_at_s,
        quality=1.0 if fact.probabilities else 0.0,
        method=METHOD,
    )
