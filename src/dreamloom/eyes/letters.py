"""Which letter did a dreamer look? Glances to the left are dots, to the right dashes; what is not clear is no letter.

Appel (2013, MSc thesis, Osnabrueck) had dreamers answer in Morse by looks to both sides; the timing of the thesis could
not be read, so every limit here is ours. A glance goes out from the middle and home again, or straight across to the
other side; rest parts one letter from the next. Phasic REM makes single glances all night, so a letter of one or two
counts only when it was given twice alike.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dreamloom.dreamscape.morse import ALPHABET
from dreamloom.eyes.answers import AFTER_S, Asked, Said
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import Limits

LETTERS = {signs: letter for letter, signs in ALPHABET.items() if letter.isalnum()}
LEAST_SHARE = 0.4
"""Smallest look from the middle, of the smallest whole sweep: it is half of one."""
NOTICED_SHARE = 0.5
"""Of such a look: smaller movements are none of a letter, and do not break its rest."""
ONE_STEP, TWO_STEPS = (0.6, 1.5), (1.5, 2.6)
"""A saccade of so many first looks goes to the next place; to the one behind it."""
DWELL_S = (0.1, 1.5)
"""How long gaze stays at a side."""
REST_S = 2.5
"""Gaze stays in the middle for less between two glances of a letter, and for so long before and behind it."""
WEAK = 2
"""Letters of so few looks count only when given twice."""
MOST_BESIDE = 4
"""Large eye movements outside the letters, beyond which they may be some of the same unrest."""
LEAST_EVENNESS = 0.55
_PLACES = (-1, 0, 1)


class Letter(NamedTuple):
    """What was understood; `letter` is "" and `confidence` 0 unless there is an answer."""

    said: Said
    letter: str
    confidence: float
    at_s: float


class Run(NamedTuple):
    """Eye movements between two rests; "" where they are no letter."""

    letter: str
    looks: int
    moves: int
    confidence: float
    end_s: float


def of_eyes(saccades: Sequence[Saccade], asked: Asked, limits: Limits, *, left: int) -> Letter:
    """Reads the letter of this time.

    Args:
        saccades: at least from REST_S before the question's end until AFTER_S behind its time, oldest first.
        asked: when it may be given.
        limits: how this person looks left and right.
        left: the sign with which a look to the left shows, -1 or 1; 0 where nobody knows, and nothing is guessed.
    """
    least_uv = LEAST_SHARE * limits.least_uv
    seen = [s for s in saccades if asked.from_s - REST_S <= s.at_s <= asked.until_s + AFTER_S]
    runs = [_read(run, least_uv, left) for run in _runs([s for s in seen if s.size_uv >= NOTICED_SHARE * least_uv])]
    told = [run for run, first_s in runs if run.letter and first_s >= asked.from_s and run.end_s <= asked.until_s]
    beside = sum(run.moves for run, _ in runs if run not in told)
    if not told:
        return Letter("unclear" if beside > MOST_BESIDE else "none", "", 0.0, asked.until_s)
    is_weak = len(told) == 1 and told[0].looks <= WEAK
    if left == 0 or is_weak or beside > MOST_BESIDE or len({run.letter for run in told}) > 1:
        return Letter("unclear", "", 0.0, asked.until_s)
    missed = 1.0
    for run in told:
        missed *= 1.0 - run.confidence * (1.0 - beside / (MOST_BESIDE + 1.0))
    return Letter("answer", told[0].letter, 1.0 - missed, told[-1].end_s)


def _runs(saccades: Sequence[Saccade]) -> list[list[Saccade]]:
    """Parted where nothing moved for REST_S."""
    parted: list[list[Saccade]] = []
    for saccade in saccades:
        if parted and saccade.onset_s - parted[-1][-1].end_s < REST_S:
            parted[-1].append(saccade)
        else:
            parted.append([saccade])
    return parted


def _read(moves: Sequence[Saccade], least_uv: float, left: int) -> tuple[Run, float]:
    """The run of these movements, and when it began."""
    first = moves[0]
    nothing = Run("", 0, len(moves), 0.0, moves[-1].end_s), first.onset_s
    unit_uv = first.size_uv
    if unit_uv < least_uv or any(s.popped or not s.is_conjugate for s in moves):
        return nothing
    places = _places(moves, unit_uv)
    if not places or places[-1] != 0:
        return nothing
    stays_s = [later.onset_s - s.end_s for (s, later), place in zip(pairwise(moves), places, strict=False) if place]
    sizes_uv = [s.size_uv / abs(place - before) for s, place, before in zip(moves, places, (0, *places), strict=False)]
    evenness, regularity = min(sizes_uv) / max(sizes_uv), min(stays_s) / max(stays_s)
    if evenness < LEAST_EVENNESS or not DWELL_S[0] <= min(stays_s) <= max(stays_s) <= DWELL_S[1]:
        return nothing
    signs = "".join("." if place == (left or -1) else "-" for place in places if place)
    looks, size = len(signs), min(1.0, unit_uv / (2.0 * least_uv))
    confidence = ((evenness - LEAST_EVENNESS) / (1.0 - LEAST_EVENNESS) + min(1.0, 2.0 * regularity) + size) / 3.0
    return Run(LETTERS.get(signs, ""), looks, len(moves), confidence, moves[-1].end_s), first.onset_s


def _places(moves: Sequence[Saccade], unit_uv: float) -> list[int]:
    """Where gaze was behind each movement: -1, 0 or 1, right positive; [] where that cannot be told."""
    place, told = 0, []
    for saccade in moves:
        share = saccade.size_uv / unit_uv
        steps = 1 if ONE_STEP[0] <= share < ONE_STEP[1] else 2 if TWO_STEPS[0] <= share <= TWO_STEPS[1] else 0
        place += steps if saccade.step_uv > 0.0 else -steps
        if not steps or place not in _PLACES:
            return []
        told.append(place)
    return told
