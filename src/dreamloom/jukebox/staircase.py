"""How softly can this sleeper just hear, tonight, on this output? A staircase of sounds and answers, as a pure machine.

Two heard in a row go down, one unheard goes up: it settles where 70.7 % are heard (Levitt 1971, J. Acoust. Soc. Am.
49:467). Some presentations are silent, so that a person who always says yes is found out.
"""

from dataclasses import dataclass, replace
from statistics import fmean, pstdev

from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import Decibels, to_four_places

START_DBFS = Decibels(-50.0)
"""Against a full-scale tone: soft speech on a usual bedside output, heard by nearly everybody. Ours."""
LOUDEST_DBFS, SOFTEST_DBFS = Decibels(-30.0), Decibels(-110.0)
"""Nothing louder is played to somebody who does not hear; nothing softer is worth asking for. Ours."""
STEPS_DB = (8.0, 4.0, 2.0)
"""Halved at each of the first reversals; the last one stays (Levitt 1971, section IV: large steps first)."""
REVERSALS, COUNTED = 8, 6
"""It ends with the eighth turn; the threshold is the mean of the last six, an even number (Levitt 1971)."""
MOST_TRIALS = 80
SILENT_SHARE = 0.2
"""One presentation in five is silent (catch trials of yes-no audiometry). Share ours."""
LEAST_SILENT = 3
"""It never ends with fewer, unless nothing is heard at all: one who always says yes must have had the chance. Ours."""
TOO_MANY_FALSE = 1 / 3
"""More of the silent ones "heard" than this: the answers say nothing. Ours."""
AT_THE_END = 3
"""Answers in a row at the loudest or the softest level that end it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staircase:
    """Where a staircase stands.

    Attributes:
        seed: which presentations are silent hangs on it; drawn anew each evening by the house.
        level_dbfs: of the next sound, against a full-scale tone of 1 kHz.
        heard_in_a_row: at this level.
        going: -1 down, 1 up, 0 before the first step.
        turns_dbfs: the levels at which the direction changed.
        trials: presentations so far, silent ones among them.
        silent, false: silent ones so far, and how many of them were "heard".
        at_an_end: answers in a row that would have led beyond the loudest or the softest level.
    """

    seed: int
    level_dbfs: Decibels = START_DBFS
    heard_in_a_row: int = 0
    going: int = 0
    turns_dbfs: tuple[float, ...] = ()
    trials: int = 0
    silent: int = 0
    false: int = 0
    at_an_end: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether the next presentation is one without a sound; the first three never are."""
        return self.trials >= 3 and float(stream(self.seed, "catch", self.trials).random()) < SILENT_SHARE

    @property
    def step_db(self) -> float:
        return STEPS_DB[min(len(self.turns_dbfs), len(STEPS_DB) - 1)]

    @property
    def is_over(self) -> bool:
        deaf = self.at_an_end >= AT_THE_END and self.level_dbfs >= LOUDEST_DBFS
        settled = len(self.turns_dbfs) >= REVERSALS or self.at_an_end >= AT_THE_END
        return deaf or self.trials >= MOST_TRIALS or (settled and self.silent >= LEAST_SILENT)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a staircase came to. spread_db: standard deviation of the turns it is the mean of."""

    dbfs: Decibels
    spread_db: Decibels
    trials: int
    silent: int
    false: int


def answered(state: Staircase, *, heard: bool) -> Staircase:
    """The staircase after an answer to the presentation it stood at."""
    if state.is_silent:
        return replace(state, trials=state.trials + 1, silent=state.silent + 1, false=state.false + heard)
    state = replace(state, trials=state.trials + 1)
    if heard and state.heard_in_a_row == 0 and state.turns_dbfs:
        return replace(state, heard_in_a_row=1)
    return _stepped(replace(state, heard_in_a_row=0), -1 if heard else 1)


def threshold(state: Staircase) -> Threshold | str:
    """The threshold of a staircase that is over; else, in words, why its answers give none."""
    if state.silent and state.false > TOO_MANY_FALSE * state.silent:
        return f"{state.false} of {state.silent} presentations without any sound were heard"
    if state.at_an_end >= AT_THE_END:
        if state.level_dbfs >= LOUDEST_DBFS:
            return "even the loudest sound that is tried was not heard"
        return _of((float(SOFTEST_DBFS),), state)
    if len(state.turns_dbfs) < REVERSALS:
        return f"the answers did not settle within {state.trials} presentations"
    return _of(state.turns_dbfs[-COUNTED:], state)


def _of(turns_dbfs: tuple[float, ...], state: Staircase) -> Threshold:
    dbfs, spread_db = to_four_places(fmean(turns_dbfs)), to_four_places(pstdev(turns_dbfs))
    return Threshold(Decibels(dbfs), Decibels(spread_db), state.trials, state.silent, state.false)


def _stepped(state: Staircase, going: int) -> Staircase:
    """One step down or up; before the first turn every heard sound is a step down, so that it comes near quickly."""
    turned = state.going not in {0, going}
    turns = (*state.turns_dbfs, float(state.level_dbfs)) if turned else state.turns_dbfs
    state = replace(state, going=going, turns_dbfs=turns)
    wanted_dbfs = state.level_dbfs + going * state.step_db
    level_dbfs = Decibels(min(max(wanted_dbfs, SOFTEST_DBFS), LOUDEST_DBFS))
    stuck = level_dbfs == state.level_dbfs
    return replace(state, level_dbfs=level_dbfs, at_an_end=state.at_an_end + 1 if stuck else 0)
