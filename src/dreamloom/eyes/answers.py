"""How many left-rights did a dreamer answer with? Runs of gaze within the time of a question; unclear ones are none.

A run is what the agreed signal is made of (`sweeps`): half a sweep out, whole ones across, half a sweep home, rest on
every side. One left-right says one, two say two, up to five. Nothing is guessed: runs that say different numbers, or a
single pair between other large eye movements, are unclear, and an answer that is unclear is no answer. Two pairs given
twice are the agreed signal as it is practised ("twice or it does not count"): whoever signals again has not answered.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import STRAY_SHARE, STRICT, Limits, Sweep, latest
from dreamloom.eyes.watch import SIGNAL_PAIRS, TWICE_WITHIN_S

By = Literal["eyes", "face", "sniff"]
Said = Literal["answer", "none", "unclear"]
MOST_BESIDE = 2
"""Large conjugate eye movements beside a single pair, beyond which it may be one of them. Ours: phasic REM makes a pair
by chance sooner than it makes two."""
LEAST_CONFIDENCE: dict[By, float] = {"eyes": 0.5, "face": 0.7, "sniff": 0.7}
"""An answer that is less sure is unclear. Ours: clean answers of simulated sleepers are .66 and surer by the eyes; two
twitches of phasic REM in pace come to .67, and the number of an answer that stands out five times or more to .7."""
BEFORE_S = 30.0
"""So far before a question a signal is looked for whose like was given after it. Ours."""
LONGEST_RUN_S, AFTER_S = 14.0, 2.0
"""Ten looks at the slowest pace, and the rest that follows them."""

ROUNDING_S = 1e-6
"""A sum less one of its terms may come out below the other, and the rest behind a run would seem too short."""


class Asked(NamedTuple):
    """When an answer may be given: from the end of a question on, for as long as the author waits."""

    from_s: float
    until_s: float


class Answer(NamedTuple):
    """What was understood.

    Attributes:
        said: answer: a number. none: nobody tried. unclear: somebody may have, and nobody can tell which number.
        number: of left-rights, tensions or sniffs; 0 unless there is an answer.
        confidence: a score of its shape, 0 to 1; no probability. 0 unless there is an answer.
        at_s: when it had been given; the end of the time to answer where it was not.
    """

    by: By
    said: Said
    number: int
    confidence: float
    at_s: float


def of_eyes(saccades: Sequence[Saccade], asked: Asked, limits: Limits = STRICT) -> Answer:
    """Counts pairs of looks.

    Args:
        saccades: at least from a second before the question's end until two after its time, oldest first; from BEFORE_S
                before it to tell an answer from the second of two signals.
        asked: when it may be given.
        limits: how this person looks left and right.
    """
    runs = sweeps_in(saccades, asked, limits)
    if not runs:
        return none("eyes", asked)
    largest_uv = max(run.size_uv for run in runs)
    beside = [s for s in saccades if asked.from_s <= s.at_s <= asked.until_s and _is_beside(s, runs, largest_uv)]
    is_lone_pair = len(runs) == 1 and runs[0].pairs == 1
    is_signal = runs[0].pairs == SIGNAL_PAIRS and (len(runs) > 1 or _is_second(runs[0], saccades, asked, limits))
    if len({run.pairs for run in runs}) > 1 or is_signal or (is_lone_pair and len(beside) > MOST_BESIDE):
        return unclear("eyes", asked)
    missed = 1.0
    for run in runs:
        missed *= 1.0 - run.confidence
    return Answer("eyes", "answer", runs[0].pairs, 1.0 - missed, runs[-1].end_s)


def _is_second(run: Sweep, saccades: Sequence[Saccade], asked: Asked, limits: Limits) -> bool:
    """Whether this makes a signal of one that was given before the question: they come in twos, one is left over."""
    before = sweeps_in(saccades, Asked(asked.from_s - BEFORE_S, asked.from_s), limits)
    signals = [each for each in before if each.pairs == SIGNAL_PAIRS]
    return len(signals) % 2 == 1 and run.onset_s - signals[-1].end_s <= TWICE_WITHIN_S


def none(by: By, asked: Asked) -> Answer:
    """Nobody answered."""
    return Answer(by, "none", 0, 0.0, asked.until_s)


def unclear(by: By, asked: Asked) -> Answer:
    """Somebody may have answered."""
    return Answer(by, "unclear", 0, 0.0, asked.until_s)


def sure(answer: Answer, asked: Asked) -> Answer:
    """The answer where it is sure enough, else that it is unclear."""
    is_unsure = answer.said == "answer" and answer.confidence < LEAST_CONFIDENCE[answer.by]
    return unclear(answer.by, asked) if is_unsure else answer


def together(answers: Iterable[Answer]) -> Answer | None:
    """One answer out of those of several channels; None where none of them was asked.

    Channels that say different numbers are unclear together; those that say none or are unclear do not contradict one
    that says a number.
    """
    told = list(answers)
    said = [each for each in told if each.said == "answer"]
    if not said:
        return next((each for each in told if each.said == "unclear"), told[0] if told else None)
    best = max(said, key=lambda each: each.confidence)
    if len({each.number for each in said}) > 1:
        return best._replace(said="unclear", number=0, confidence=0.0)
    return best


def sweeps_in(saccades: Sequence[Saccade], asked: Asked, limits: Limits) -> list[Sweep]:
    """Every run that began and ended in time, each once, as it was at its longest."""
    found: list[Sweep] = []
    near = [s for s in saccades if asked.from_s - LONGEST_RUN_S <= s.at_s <= asked.until_s + AFTER_S]
    for home in (s for s in near if s.end_s > asked.from_s):
        known_s = home.end_s + limits.after_s + ROUNDING_S
        sweep = latest([s for s in near if known_s - LONGEST_RUN_S <= s.end_s <= known_s], known_s, limits)
        if sweep is None or sweep.onset_s < asked.from_s or sweep.end_s > asked.until_s:
            continue
        if not found or sweep.onset_s >= found[-1].end_s:
            found.append(sweep)
    return found


def _is_beside(saccade: Saccade, runs: Sequence[Sweep], size_uv: float) -> bool:
    inside = any(run.onset_s <= saccade.at_s <= run.end_s for run in runs)
    return not inside and saccade.is_conjugate and saccade.size_uv >= STRAY_SHARE * size_uv
