"""How many answers of simulated sleepers are read, and how many that nobody gave? Samples through the readers of a pod.

Plumbing, never evidence: these answers, and the unrest around them, are what `sleeper` makes of them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.dreamscape.waking import By, Code
from dreamloom.engine.intake import LiveIntake
from dreamloom.eyes import answers, letters, watch
from dreamloom.eyes.answers import AFTER_S, Asked
from dreamloom.eyes.bursts import of_meter
from dreamloom.eyes.leads import Leads, leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.strengths import Meter, heard, places
from dreamloom.eyes.sweeps import STRICT
from dreamloom.sleeper.answering import Given, Question
from dreamloom.sleeper.stages import R, stage_indices
from dreamloom.sleeper.traits import traits_of
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

ASKED_S, QUESTION, LEVEL_DB = 2.0, "question", Decibels(45.0)
WINDOW_S: dict[Code, float] = {"count": 20.0, "yes or no": 20.0, "morse": 60.0}
FIRST_S, LEAST_REM_S = 120, 600
NIGHT_S = 8 * 3600
WAYS: tuple[tuple[By, Code], ...] = (("eyes", "count"), ("eyes", "morse"), ("face", "count"), ("sniff", "count"))
RIGHT: dict[Code, tuple[str, ...]] = {"count": ("2", "3", "4"), "yes or no": ("yes", "no"), "morse": ("S", "K", "N")}


class Window(NamedTuple):
    """One question: what was truly answered, None for nothing; what was read, "" for nothing or nothing clear."""

    given: Given | None
    said: str
    read: str


class Recall(NamedTuple):
    """Of so many answers given, how many were read as meant, and how many as another one; all others were unclear.

    `silent` windows had no answer, and `guessed` of them were read as one all the same.
    """

    given: int
    read: int
    otherwise: int
    silent: int
    guessed: int

    @property
    def share(self) -> float:
        return self.read / self.given if self.given else 1.0

    @property
    def false(self) -> int:
        """Answers that nobody gave so: the ones that do harm."""
        return self.otherwise + self.guessed

    def __str__(self) -> str:
        unclear = self.given - self.read - self.otherwise
        answers = f"{self.read} read, {self.otherwise} otherwise, {unclear} unclear of {self.given} answers"
        return f"{answers}; {self.guessed} read in {self.silent} windows without one"


def recall(windows: Sequence[Window]) -> Recall:
    """An answer that was read as another one, or where nobody gave any, is false; one that was unclear is not read."""
    given = [(each.given.meant, each.read) for each in windows if each.given is not None]
    silent = [each.read for each in windows if each.given is None]
    return Recall(
        given=len(given),
        read=sum(meant == read for meant, read in given),
        otherwise=sum(read not in {"", meant} for meant, read in given),
        silent=len(silent),
        guessed=sum(read != "" for read in silent),
    )


def rem_from_s(seed: int, sleeper: str) -> tuple[int, int]:
    """The longest REM of this sleeper's night: where it begins, and how long it lasts, in seconds."""
    runs, since = [(0, 0)], None
    for second, stage in enumerate([*stage_indices(traits_of(seed, sleeper, "lucid"), seed, NIGHT_S).tolist(), -1]):
        if stage == R and since is None:
            since = second
        if stage != R and since is not None:
            runs.append((second - since, since))
            since = None
    length_s, from_s = max(runs)
    return from_s, length_s


def windows(by: By, code: Code, *, seed: int, sleeper: str, answering: float = 0.7) -> Iterator[Window]:
    """One REM period of one sleeper, asked again and again behind their first signal."""
    from_s, length_s = rem_from_s(seed, sleeper)
    if length_s < LEAST_REM_S:
        return
    spec = (
        f"lucid,start={from_s}s,hours={length_s / 3600:.6f},signals=30,repeats=1,lucidity=0,waking=90,"
        f"answering={answering},by={by},with=heart+breath+ears+answers"
    )
    source = SimulatedSource(spec, seed=seed, sleeper=sleeper)
    rights = RIGHT[code]
    source.practise({f"{QUESTION} {n}": [Question(by, code, right)] for n, right in enumerate(rights)})
    intake, state = LiveIntake(source, None), watch.start(_leads(source), source.stream.grid_hz, gated=False)
    meters = [
        Meter(each, place, source.stream.grid_hz, int(WINDOW_S[code]) + 60)
        for each, place in places(source.stream.channels, source.stream.grid_hz).items()
    ]
    gaze: list[Saccade] = []
    number, play_s, now_s = 0, float(FIRST_S), 0
    while now_s + 1 < length_s:
        now_s += 1
        if now_s == play_s:
            source.hear(NightTime(play_s + 0.25), Seconds(ASKED_S), LEVEL_DB, f"{QUESTION} {number % len(rights)}")
        for second in intake.read(NightTime(now_s + 0.2))[0]:
            state, _, moved = watch.step(state, second)
            gaze += moved
            meters = [heard(each, second) for each in meters]
        asked = Asked(play_s + 0.25 + ASKED_S, play_s + 0.25 + ASKED_S + WINDOW_S[code])
        if now_s >= asked.until_s + AFTER_S + 1.0:
            given = next((each for each in source.answers if asked.from_s - 0.1 <= each.onset_s < asked.until_s), None)
            yield Window(given, *_read(by, code, asked, gaze, meters))
            gaze = [each for each in gaze if each.at_s > now_s - 20.0]
            number, play_s = number + 1, now_s + 3.0


def _leads(source: SimulatedSource) -> Leads:
    chosen = leads(source.stream.channels)
    assert chosen is not None
    return chosen


def _read(by: By, code: Code, asked: Asked, gaze: Sequence[Saccade], meters: Sequence[Meter]) -> tuple[str, str]:  # noqa: PLR0917 - private
    """What was said, and what it means in this code."""
    if code == "morse":
        letter = letters.of_eyes(gaze, asked, STRICT, left=-1)
        is_sure = letter.said == "answer" and letter.confidence >= answers.LEAST_CONFIDENCE["eyes"]
        return letter.said, letter.letter.casefold() if is_sure else ""
    if by == "eyes":
        told = answers.sure(answers.of_eyes(gaze, asked), asked)
    else:
        told = answers.sure(of_meter(next(each for each in meters if each.by == by), asked), asked)
    return told.said, str(told.number) if told.said == "answer" else ""
