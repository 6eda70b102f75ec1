"""What happens in one simulated night, and when? Minute by minute, by plan and by what the sleeper hears."""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from typing import get_args

import numpy as np

from dreamloom.sleeper import answering, gaze, hearing
from dreamloom.sleeper.answering import Given
from dreamloom.sleeper.happenings import HABITS, LONGEST_S, SLOTS, TWO_SIDED, Happening, What
from dreamloom.sleeper.hearing import Cue, Heard, Hearing, Response, Woken
from dreamloom.sleeper.interludes import interludes
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.rates import Slots, does, phasic, rate_factor, size_factor
from dreamloom.sleeper.stages import N1, R, StageIndices, W, stage_indices
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import BoolArray, FloatArray

WHATS: tuple[What, ...] = get_args(What)
"""Every kind of happening."""


class Course:
    """One simulated night: who, which stages, and the happenings of any minute, made when asked for.

    Each kind of happening has its own keys, so a course of a few kinds holds the same ones as a whole course. The
    night depends on the person, the seed and the sounds heard, and on nothing else; a sound changes nothing before
    hearing.EARLIEST_S after its onset.
    """

    def __init__(self, traits: Traits, seed: int, *, until_s: int, kinds: Collection[What] = WHATS) -> None:
        self.traits = traits
        self.seed = seed
        self._kinds = frozenset(kinds)
        self._habits = {what: habit for what, habit in HABITS.items() if what in kinds and does(traits, what)}
        self.planned: StageIndices = stage_indices(traits, seed, until_s + 120)
        self.stretches, self._movements = interludes(traits, self.chance, self.planned)
        self.cues: list[Cue] = []
        self._minutes: Kept[tuple[Happening, ...]] = Kept(self._make_minute, size=4)
        self._undisturbed()

    def _undisturbed(self) -> None:
        """The night as planned, with nothing heard."""
        self.stages: StageIndices = self.planned.copy()
        self._hearing = Hearing()
        self._responses: list[Response] = []
        self._woken: set[int] = set()
        self._rests_s: list[tuple[float, float]] = []
        self._unplanned: dict[int, list[Happening]] = {}
        self._add(self._movements)
        self._add([self._shaped("lucid signal", self.chance("practice", n), at_s) for n, at_s in self._practice])

    @property
    def _practice(self) -> list[tuple[int, float]]:
        return list(enumerate(gaze.practice_s(round(self.traits.practised))))

    def chance(self, *names: str | int) -> np.random.Generator:
        """This sleeper's own random stream of these names."""
        return stream(self.seed, self.traits.sleeper, *names)

    def hear(self, cue: Cue) -> Response:
        """What this sound does, which is from now on part of the night; the same sound told twice is one sound.

        Sounds may be told in any order: the night is that of all of them in the order of their onsets.
        """
        place = bisect_left(self.cues, cue)
        if self.cues[place : place + 1] != [cue]:
            self.cues.insert(place, cue)
            self._minutes.forget()
            if place == len(self._responses):
                self._take(cue)
            else:
                self._undisturbed()
                for each in self.cues:
                    self._take(each)
        return self._responses[place]

    @property
    def answers(self) -> tuple[Given, ...]:
        """What was truly answered to all that was heard so far, oldest first."""
        return tuple(response.given for response in self._responses if response.given is not None)

    def stages_between(self, first: int, beyond: int) -> StageIndices:
        """[beyond - first], stages as indices into SCORED_STAGES; outside the night, the nearest second's."""
        return _between(self.stages, first, beyond)

    def planned_between(self, first: int, beyond: int) -> StageIndices:
        """The same as it would have been had nothing been heard."""
        return _between(self.planned, first, beyond)

    def minute(self, minute: int) -> tuple[Happening, ...]:
        """Everything with its onset in [60 minute, 60 minute + 60), oldest first."""
        return self._minutes(minute)

    def around(self, second: int, *, back_s: int = LONGEST_S) -> list[Happening]:
        """Everything that overlaps [second, second + 1) or ended at most back_s - LONGEST_S before, oldest first."""
        minutes = range((second - back_s) // 60, second // 60 + 1)
        return [
            happening
            for minute in minutes
            for happening in self.minute(minute)
            if happening.onset_s < second + 1 and happening.onset_s + happening.duration_s > second - back_s + LONGEST_S
        ]

    def _take(self, cue: Cue) -> None:
        heard = self._heard(cue)
        self._hearing, response = hearing.respond(self._hearing, heard)
        response = self._answered(heard, response)
        self._responses.append(response)
        self._add(response.happenings)
        if response.woken:
            self._wake(response.woken)

    def _answered(self, heard: Heard, response: Response) -> Response:
        """The same, unless a question was heard by somebody who knows that they dream: they answer, or do nothing."""
        cue, heard_s = heard.cue, heard.cue.onset_s + heard.cue.duration_s
        if cue.asks is None or not hearing.is_heard_asleep(heard, response) or not self._knows(cue.onset_s):
            return response
        rng = self.chance("answer", round(1e6 * cue.onset_s))
        answer = answering.answer(cue.asks, self.traits, rng, heard_s=heard_s)
        if answer is None or not self._is_rem(heard_s, answer[0].end_s):
            return hearing.SILENT
        rests_s = max(heard_s, cue.onset_s + hearing.EARLIEST_S), answer[0].end_s + answering.RESTS_S
        self._rests_s.append(rests_s)
        return Response(answer[1], given=answer[0])

    def _knows(self, at_s: float) -> bool:
        """Whether this sleeper signalled not long before, and REM went on since."""
        minutes = range(max(0, int((at_s - answering.LUCID_S) // 60)), int(at_s // 60) + 1)
        return any(
            at_s - answering.LUCID_S <= each.onset_s < at_s and self._is_rem(each.onset_s, at_s)
            for minute in minutes
            for each in self._signals(minute)
        )

    def _signals(self, minute: int) -> Iterator[Happening]:
        """The agreed signals of this minute, of their own accord and in answer to a sound."""
        yield from (each for each in self._unplanned.get(minute, []) if each.what == "lucid signal")
        yield from self._habitual("lucid signal", minute) if "lucid signal" in self._habits else ()

    def _is_rem(self, from_s: float, until_s: float) -> bool:
        return bool((self.stages_between(int(from_s), int(until_s) + 1) == R).all())

    def _heard(self, cue: Cue) -> Heard:
        luck = self.chance("heard", round(1e6 * cue.onset_s)).random(hearing.LUCK)
        stage = int(self.stages_between(int(cue.onset_s), int(cue.onset_s) + 1)[0])
        is_phasic = stage == R and bool(phasic(self.traits, self.chance, np.array([cue.onset_s]))[0])
        return Heard(cue, self.traits, stage, is_phasic, luck)

    def _add(self, happenings: Collection[Happening]) -> None:
        for happening in happenings:
            if happening.what in self._kinds:
                self._unplanned.setdefault(int(happening.onset_s // 60), []).append(happening)

    def _wake(self, woken: Woken) -> None:
        """Awake, then drowsy, then as planned; who was to be awake by then stays so."""
        self._woken.add(woken.onset_s)
        by_plan = self.planned[woken.onset_s : woken.end_s] == W
        self.stages[woken.onset_s : woken.asleep_s] = W
        self.stages[woken.asleep_s : woken.end_s] = N1
        self.stages[woken.onset_s : woken.end_s][by_plan] = W

    def _make_minute(self, minute: int) -> tuple[Happening, ...]:
        if minute < 0:
            return ()
        found = self._awakenings(minute) if "arousal" in self._kinds else []
        found += self._unplanned.get(minute, [])
        for what in self._habits:
            found += self._habitual(what, minute)
        return tuple(sorted(found, key=lambda happening: happening.onset_s))

    def _habitual(self, what: What, minute: int) -> list[Happening]:
        stages = np.repeat(self.stages_between(60 * minute, 60 * minute + 60), 2)
        per_min = np.array(self._habits[what].per_min)[stages]
        drawn = self._draw(what, minute, per_min, in_rem=stages == R) if per_min.any() else []
        return [each for each in drawn if not self._is_at_rest(what, each.onset_s)] if self._rests_s else drawn

    def _is_at_rest(self, what: What, at_s: float) -> bool:
        return what in answering.AT_REST and any(from_s <= at_s < until_s for from_s, until_s in self._rests_s)

    def _draw(self, what: What, minute: int, per_min: FloatArray, *, in_rem: BoolArray) -> list[Happening]:
        rng = self.chance(what, minute)
        luck, place = rng.random((2, SLOTS))
        onsets_s = 60.0 * minute + (np.arange(SLOTS) + place) / 2.0
        factor = rate_factor(what, Slots(self.traits, self.chance, onsets_s, in_rem))
        chosen = onsets_s[luck < per_min * factor / SLOTS].tolist()
        return [self._shaped(what, rng, onset_s) for onset_s in chosen if self._fits(what, int(onset_s))]

    def _shaped(self, what: What, rng: np.random.Generator, onset_s: float) -> Happening:
        habit = HABITS[what]
        size_uv = habit.size_uv * size_factor(self.traits, what) * rng.gamma(habit.size_shape, 1.0 / habit.size_shape)
        longer, higher = (min(max(chance, -1.7), 2.5) for chance in rng.standard_normal(2).tolist())
        pitch_hz = (self.traits.spindle_hz if what == "spindle" else habit.pitch_hz) + habit.pitch_sd_hz * higher
        duration_s = 1.0 / pitch_hz if what == "slow wave" else habit.duration_s + habit.duration_sd_s * longer
        side = -1.0 if what in TWO_SIDED and rng.random() < 0.5 else 1.0
        turns = self._turns(what, rng)
        return Happening(what, onset_s, gaze.length_s(turns) if turns else duration_s, side * size_uv, pitch_hz, turns)

    def _turns(self, what: What, rng: np.random.Generator) -> gaze.Turns:
        if what == "look-alike":
            return gaze.look_alike_turns(rng.random(gaze.LUCK))
        spread, again = self.traits.signal_spread, round(self.traits.signal_repeats)
        if what == "lucid signal" and (spread > 0.0 or again):
            return gaze.repeated_turns(rng.random(gaze.LUCK), spread, 1 + again)
        return ()

    def _fits(self, what: What, second: int) -> bool:
        """An arousal needs sleep around it: what ends in waking is an awakening. A lucid signal needs settled REM."""
        if what in {"saccade", "blink"} and self._practice:
            return second >= self._practice[-1][1] + gaze.PRACTICE_EVERY_S
        if what == "arousal":
            return bool((self._expected(second, 12, LONGEST_S) != W).all())
        if what == "lucid signal":
            return bool((self._expected(second, 30, 10) == R).all())
        return True

    def _expected(self, second: int, back_s: int, ahead_s: int) -> StageIndices:
        """Stages around this second as it can know them: behind it what was, ahead of it what is planned."""
        was = self.stages_between(second - back_s, second + 1)
        return np.concatenate([was, self.planned_between(second + 1, second + ahead_s)])

    def _awakenings(self, minute: int) -> list[Happening]:
        """Every awakening begins with an arousal; one that a sound made has had its own by then."""
        stages = self.stages_between(60 * minute - 1, 60 * minute + 60)
        woken = (60 * minute + np.flatnonzero((stages[1:] == W) & (stages[:-1] != W))).tolist()
        return [Happening("arousal", float(second), 8.0, 11.0, 0.0) for second in woken if second not in self._woken]


def _between(stages: StageIndices, first: int, beyond: int) -> StageIndices:
    return stages[np.clip(np.arange(first, beyond), 0, len(stages) - 1)]
