"""How does a dreamer answer a question that they heard? By eyes, face or sniffs; rightly, wrongly or not at all.

Every figure here is an assumption for plumbing: of 158 questions to 36 dreamers, 29 were answered rightly, 5 wrongly
and 28 unclearly (Konkoly et al. 2021, Curr Biol 31:1417); who is simulated here answers far more often, to be seen.
"""

from typing import NamedTuple

import numpy as np

from dreamloom.dreamscape.morse import ALPHABET
from dreamloom.dreamscape.waking import NO, YES, By, Code, sayable
from dreamloom.sleeper import gaze
from dreamloom.sleeper.happenings import Happening, What
from dreamloom.sleeper.traits import Traits

LUCID_S = 900.0
"""Whoever signalled that they dream knows it for so long, as far as REM goes on. Ours."""
SOONEST_S, LATER_S = 1.5, 5.0
"""From the end of a question to its answer: at least so long, and up to so much longer, sooner more likely. Ours."""
LOOK, LOOK_S, DWELL_S = 0.8, gaze.SWEEP_S, 0.6
"""How far a look goes, from one to the next of a number, and how long each place of a letter is held."""
AGAIN_S = 3.6
"""From a letter of one or two looks to the same once more. Ours."""
BURSTS: dict[What, tuple[float, float, float]] = {"tension": (0.6, 1.2, 90.0), "sniff": (0.7, 1.5, 1300.0)}
"""How long one tension or sniff lasts, from one to the next, and its size. Ours."""


RESTS_S = 1.5
"""Gaze rests from the end of a question until so long after its answer, as it was practised. Ours."""
AT_REST: frozenset[What] = frozenset({"saccade", "blink", "look-alike", "lucid signal"})
"""What nobody does whose gaze rests, or goes where an answer wants it."""


class Question(NamedTuple):
    """What somebody practised to answer when they hear this.

    Attributes:
        by: what they answer with.
        code: how a number, a word or a letter is said by it.
        right: what is right; "" where no answer is wrong.
    """

    by: By
    code: Code
    right: str


class Given(NamedTuple):
    """One answer as it was truly given, to what was heard by heard_s; seconds since lights-off, or a stream began."""

    by: By
    meant: str
    is_right: bool
    onset_s: float
    end_s: float
    heard_s: float


def answer(
    question: Question, person: Traits, rng: np.random.Generator, *, heard_s: float
) -> tuple[Given, tuple[Happening, ...]] | None:
    """The answer of somebody who knows that they dream; None where they give none.

    Args:
        question: what was asked.
        person: who was asked.
        rng: of this sleeper and this question alone.
        heard_s: when its sound was over.
    """
    answers, knows, delay, other = rng.random(4).tolist()
    meant = _meant(question, other, knows=knows < person.knowing)
    if answers >= person.answering or not meant:
        return None
    onset_s = heard_s + SOONEST_S + LATER_S * delay**2
    shown = _shown(question, meant, onset_s, rng)
    end_s = max(each.onset_s + each.duration_s for each in shown)
    is_right = meant == question.right.strip().casefold() or not question.right
    return Given(question.by, meant, is_right, onset_s, end_s, heard_s), shown


def _meant(question: Question, other: float, *, knows: bool) -> str:
    """What they mean to say; "" where what is right cannot be said in this way."""
    words, right = sayable(question.code, [question.by]), question.right.strip().casefold()
    if right and right not in words:
        return ""
    rest = [each for each in words if each != right]
    return right if knows and right else rest[int(other * len(rest))]


def _shown(question: Question, meant: str, onset_s: float, rng: np.random.Generator) -> tuple[Happening, ...]:
    if question.code == "morse":
        return (_looks(_of_letter(ALPHABET[meant.upper()], rng), onset_s, rng),)
    times = {"yes": YES, "no": NO}.get(meant) or int(meant)
    if question.by == "eyes":
        return (_looks(_of_number(times, rng), onset_s, rng),)
    what: What = "tension" if question.by == "face" else "sniff"
    length_s, every_s, size_uv = BURSTS[what]
    told, at_s = [], onset_s
    for _ in range(times):
        longer, larger, later = rng.uniform(0.85, 1.15, 3).tolist()
        told.append(Happening(what, at_s, length_s * longer, size_uv * larger, 0.0))
        at_s += every_s * later
    return tuple(told)


def _looks(turns: gaze.Turns, onset_s: float, rng: np.random.Generator) -> Happening:
    return Happening("answer", onset_s, gaze.length_s(turns), 150.0 + 40.0 * rng.random(), 0.0, turns)


def _of_number(pairs: int, rng: np.random.Generator) -> gaze.Turns:
    """As many left-rights, and home."""
    reaches = [-LOOK, LOOK] * pairs
    return _turns([(reach * rng.uniform(0.9, 1.1), LOOK_S * rng.uniform(0.9, 1.1)) for reach in reaches])


def _of_letter(signs: str, rng: np.random.Generator) -> gaze.Turns:
    """A dot to the left, a dash to the right, home between them; a letter of one or two looks twice."""
    places: list[tuple[float, float]] = []
    for time in range(2 if len(signs) <= 2 else 1):
        if time:
            places[-1] = (0.0, AGAIN_S)
        for sign in signs:
            side = -LOOK if sign == "." else LOOK
            places += [
                (side * rng.uniform(0.9, 1.1), DWELL_S * rng.uniform(0.85, 1.15)),
                (0.0, DWELL_S * rng.uniform(0.85, 1.15)),
            ]
    return _turns(places[:-1])


def _turns(places: list[tuple[float, float]]) -> gaze.Turns:
    """Gaze at each place for so long, then home."""
    at_s, gone, turns = 0.0, 0.0, []
    for place, stays_s in [*places, (0.0, 0.0)]:
        turns.append((at_s, place - gone))
        at_s, gone = at_s + stays_s, place
    return tuple(turns)
