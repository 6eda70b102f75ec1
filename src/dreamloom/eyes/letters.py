"""Which letter did a dreamer look? Glances to the left are dots, to the right dashes; what is not clear is no letter.

Appel (2013, MSc thesis, Osnabrueck) had dreamers answer in Morse by looks to both sides; the timing of the thesis could
not be read, so every limit here is ours. A glance goes out from the middle and home again, or straight across to the
other side; rest parts one letter from the next. Phasic REM moves the eyes all night: what tells a letter from it is its
shape, judged as strictly as that of the agreed signal, each run by its own size; and that no more movements of its size
lie beside it than in it. A letter of one or two looks counts only when it was given twice alike, soon.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dreamloom.dreamscape.morse import ALPHABET
from dreamloom.eyes.answers import AFTER_S, LONGEST_RUN_S, Asked, Said, sweeps_in
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import REST_SHARE, Limits, Sweep
from dreamloom.eyes.watch import SIGNAL_PAIRS

LETTERS = {signs: letter for letter, signs in ALPHABET.items() if letter.isalnum()}
SIGNAL = ".-.-"
"""Left-right-left-right, which is no letter: whoever signals again that they dream has not answered."""
LEAST_SHARE = 0.4
"""Smallest look from the middle, of the smallest whole sweep: it is half of one."""
NOTICED_SHARE = REST_SHARE
"""Of the first look of a letter: smaller movements are none of it, and do not break its rest, as with a signal."""
LIKE_SHARE = 0.75
"""Of the mean look of a letter: movements beside it that are as large could have been its looks."""
ONE_STEP, TWO_STEPS = (0.6, 1.5), (1.5, 2.6)
"""A saccade of so many first looks goes to the next place; to the one behind it."""
DWELL_S = (0.1, 1.5)
"""How long gaze stays at a side."""
REST_S = 2.5
"""Gaze stays in the middle for less between two glances of a letter, and for so long before and behind it."""
WEAK = 2
"""Letters of so few looks count only when given twice."""
AGAIN_WITHIN_S, ALIKE_SIZE = 15.0, 0.6
"""From the end of such a letter to its like, and how like in size: as with a signal that is given twice."""
MOST_BESIDE = 4
"""Movements as large as a look where no letter is, beyond which somebody may have tried to say one."""
_PLACES = (-1, 0, 1)


class Letter(NamedTuple):
    """What was understood; `letter` is "" and `confidence` 0 unless there is an answer."""

    said: Said
    letter: str
    confidence: float
    at_s: float


class Run(NamedTuple):
    """Glances between two rests.

    Attributes:
        signs: dots and dashes; they need not be a letter.
        moves: the movements of it.
        look_uv: its mean look.
        confidence: a score of its shape, 0 to 1.
    """

    signs: str
    moves: tuple[Saccade, ...]
    look_uv: float
    confidence: float

    @property
    def onset_s(self) -> float:
        return self.moves[0].onset_s

    @property
    def end_s(self) -> float:
        return self.moves[-1].end_s


def of_eyes(saccades: Sequence[Saccade], asked: Asked, limits: Limits, *, left: int) -> Letter:
    """Reads the letter of this time.

    Args:
        saccades: at least from REST_S before the question's end until AFTER_S behind its time, oldest first.
        asked: when it may be given.
        limits: how this person looks left and right.
        left: the sign with which a look to the left shows, -1 or 1; 0 where nobody knows, and nothing is guessed.
    """
    seen = [s for s in saccades if asked.from_s - REST_S <= s.at_s <= asked.until_s + AFTER_S]
    runs = [run for run in _runs(seen, limits, left or -1) if asked.from_s <= run.onset_s <= run.end_s <= asked.until_s]
    told = [run for run in runs if run.signs != SIGNAL]
    known: list[Run | Sweep] = [*runs, *_signals(saccades, asked, limits, left or -1)]
    others = [s for s in seen if asked.from_s <= s.at_s <= asked.until_s and not _is_inside(s, known)]
    if not told:
        is_restless = sum(s.size_uv >= LEAST_SHARE * limits.least_uv for s in others) > MOST_BESIDE
        return Letter("unclear" if is_restless else "none", "", 0.0, asked.until_s)
    letter = LETTERS.get(told[0].signs, "")
    moves = sum(len(run.moves) for run in told)
    beside = sum(s.size_uv >= LIKE_SHARE * min(run.look_uv for run in told) for s in others)
    if left == 0 or not letter or not _is_firm(told) or beside > moves:
        return Letter("unclear", "", 0.0, asked.until_s)
    missed = 1.0
    for run in told:
        missed *= 1.0 - run.confidence
    return Letter("answer", letter, (1.0 - missed) * (1.0 - 0.25 * beside / moves), told[-1].end_s)


def _signals(saccades: Sequence[Saccade], asked: Asked, limits: Limits, left: int) -> list[Sweep]:
    """The agreed signals around this time: two in a row are parted by less rest than two letters."""
    around = Asked(asked.from_s - LONGEST_RUN_S, asked.until_s + LONGEST_RUN_S)
    return [each for each in sweeps_in(saccades, around, limits) if (each.pairs, each.side) == (SIGNAL_PAIRS, left)]


def _is_inside(saccade: Saccade, runs: Sequence[Run | Sweep]) -> bool:
    return any(run.onset_s <= saccade.at_s <= run.end_s for run in runs)


def _is_firm(told: Sequence[Run]) -> bool:
    """Whether all say the same, and a weak letter was given again soon, of like size."""
    if len({run.signs for run in told}) > 1:
        return False
    if len(told[0].signs) > WEAK:
        return True
    return len(told) > 1 and all(_is_again(run, later) for run, later in pairwise(told))


def _is_again(run: Run, later: Run) -> bool:
    least_uv, most_uv = sorted((run.look_uv, later.look_uv))
    return later.onset_s - run.end_s <= AGAIN_WITHIN_S and least_uv >= ALIKE_SIZE * most_uv


def _runs(saccades: Sequence[Saccade], limits: Limits, left: int) -> list[Run]:
    """Everything that is shaped as glances are, from rest to rest, oldest first."""
    found: list[Run] = []
    for place, first in enumerate(saccades):
        if first.size_uv < LEAST_SHARE * limits.least_uv or (found and first.onset_s <= found[-1].end_s):
            continue
        run = _read(_moves(saccades, place), limits, left)
        if run is not None:
            found.append(run)
    return found


def _moves(saccades: Sequence[Saccade], place: int) -> list[Saccade]:
    """From this first look to the next rest, all that is not far smaller; [] where no rest was before it."""
    first = saccades[place]
    large = [s for s in saccades if s.size_uv >= NOTICED_SHARE * first.size_uv]
    if any(0.0 <= first.onset_s - s.end_s < REST_S for s in large):
        return []
    moves = [first]
    for saccade in saccades[place + 1 :]:
        if saccade.size_uv < NOTICED_SHARE * first.size_uv:
            continue
        if saccade.onset_s - moves[-1].end_s >= REST_S:
            break
        moves.append(saccade)
    return moves


def _read(moves: Sequence[Saccade], limits: Limits, left: int) -> Run | None:
    """The glances of these movements; None where they are none."""
    if not moves or any(s.popped or s.balance < limits.least_balance for s in moves):
        return None
    places = _places(moves)
    if not places or places[-1] != 0:
        return None
    stays_s = [later.onset_s - s.end_s for (s, later), place in zip(pairwise(moves), places, strict=False) if place]
    paces_s = [later.at_s - s.at_s for s, later in pairwise(moves)]
    steps = [abs(place - before) for place, before in zip(places, (0, *places), strict=False)]
    sizes_uv = [s.size_uv / step for s, step in zip(moves, steps, strict=True)]
    look_uv = sum(sizes_uv) / len(sizes_uv)
    evenness, regularity = min(sizes_uv) / max(sizes_uv), min(paces_s) / max(paces_s)
    is_even = evenness >= limits.least_evenness and regularity >= limits.least_regularity
    is_home = abs(sum(s.step_uv for s in moves)) <= REST_SHARE * look_uv
    if not is_even or not is_home or not DWELL_S[0] <= min(stays_s) <= max(stays_s) <= DWELL_S[1]:
        return None
    signs = "".join("." if place == left else "-" for place in places if place)
    size = min(1.0, look_uv / (2.0 * LEAST_SHARE * limits.least_uv))
    even, regular = _above(evenness, limits.least_evenness), _above(regularity, limits.least_regularity)
    return Run(signs, tuple(moves), look_uv, (even + regular + size) / 3.0)


def _above(share: float, least: float) -> float:
    return (share - least) / (1.0 - least)


def _places(moves: Sequence[Saccade]) -> list[int]:
    """Where gaze was behind each movement: -1, 0 or 1, right positive; [] where that cannot be told."""
    place, told, unit_uv = 0, [], moves[0].size_uv
    for saccade in moves:
        share = saccade.size_uv / unit_uv
        steps = 1 if ONE_STEP[0] <= share < ONE_STEP[1] else 2 if TWO_STEPS[0] <= share <= TWO_STEPS[1] else 0
        place += steps if saccade.step_uv > 0.0 else -steps
        if not steps or place not in _PLACES:
            return []
        told.append(place)
    return told
