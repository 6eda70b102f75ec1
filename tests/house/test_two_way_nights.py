"""Is a dreamer asked, answered and heard, from samples to the record? Whole nights of simulated sleepers who answer."""

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.adapters.trees import TreeStager
from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.slots import dialogue_slot
from dreamloom.engine.bedside import Bedside
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record import codec
from dreamloom.record.events import AnswerSeen, AnyEvent, CueDue, LetterSeen, Recovered
from dreamloom.testing.nights import always
from dreamloom.testing.oracle import judge
from dreamloom.testing.two_way_reading import rem_from_s

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
"""What a kill leaves open is closed by nobody, here too."""
SEED, FROM_S = 1, 100
"""A sleeper who signals twice at 53 s of REM told of from here on."""
ASKED, HEARD = 60.0, 86.0


@pytest.fixture(autouse=True)
def _rem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees that are sure of REM: whether simulated REM looks real is asked elsewhere."""
    certain = always(4)
    monkeypatch.setattr(TreeStager, "probabilities", lambda _, features: certain(features))


def lying(length_s: int) -> str:
    from_s, _ = rem_from_s(SEED, "S01")
    return (
        f"sim:lucid,start={from_s + FROM_S}s,hours={length_s / 3600:.5f},signals=60,repeats=1,lucidity=0,waking=90,"
        "answering=1,knowing=1,with=heart+breath+ears+answers"
    )


def made(folder: Path, dreamscape: str, source: str) -> NightFolder:
    bed = PodAsked(id="p1", sleeper="S01", source=source)
    return making.write_night(House(folder), "asked", [bed], dreamscape, seed=SEED)


def events_of(night: NightFolder) -> Sequence[AnyEvent]:
    with read_only(night.record) as record:
        return list(record.events())


def told(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    return [each for each in events if isinstance(each, AnswerSeen | LetterSeen)]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NightFolder]:
    """A night in which a sum is asked and answered."""
    with pytest.MonkeyPatch.context() as patch:
        certain = always(4)
        patch.setattr(TreeStager, "probabilities", lambda _, features: certain(features))
        night = made(tmp_path_factory.mktemp("asked"), "two_way_lrlr", lying(90))
        run_night(night, RunOptions(speed_x=None))
        yield night


def test_a_sum_is_asked_in_a_dream_and_answered_by_the_eyes(answered: NightFolder) -> None:
    events = events_of(answered)
    (asked,) = [each for each in events if isinstance(each, CueDue) and each.part == dialogue_slot(0)]
    (answer,) = told(events)
    assert (asked.onset_s, asked.cue) == (ASKED, "eight_less_six")
    assert isinstance(answer, AnswerSeen)
    assert (answer.onset_s, answer.by, answer.number, answer.judged) == (HEARD, "eyes", 2, "right")
    assert answer.cause == asked.id
    assert replay_night(answered).first_difference is None
    found = judge(events, builtin.load("two_way_lrlr")[1])
    assert (found.unlawful, found.missed) == ((), ())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_that_a_crash_cut_through_is_nobodys_and_the_night_is_decided_again(tmp_path: Path) -> None:
    night = made(tmp_path, "two_way_lrlr", lying(90))
    left, advance = [int(ASKED) + 10], Bedside.advance

    def advance_or_break(bed: Bedside, *words: object) -> list[AnyEvent]:
        if not left[0]:
            raise Broken
        left[0] -= 1
        return advance(bed, *words)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bedside, "advance", advance_or_break)
        with pytest.raises(Broken):
            run_night(night, RunOptions(speed_x=None))
    gc.collect()  # what a kill leaves open is found here, and not in the test of somebody else
    run_night(night, RunOptions(speed_x=None, rearm=True))
    events = events_of(night)
    assert sum(isinstance(each, Recovered) for each in events) == 1
    assert told(events) == []
    assert replay_night(night).first_difference is None
    assert judge(events, builtin.load("two_way_lrlr")[1]).unlawful == ()


class Broken(BaseException):
    """Ends a night as a kill does."""


@pytest.mark.slow
@pytest.mark.parametrize("block_samples", [1, 7, 25, 250])
def test_an_answer_is_the_same_however_its_samples_are_cut(
    answered: NightFolder, tmp_path: Path, block_samples: int
) -> None:
    source = f"edf:{answered.root / 'signals' / 'p1.edf'}"
    night = made(tmp_path, "two_way_lrlr", source)
    run_night(night, RunOptions(speed_x=None, block_samples=block_samples))
    words = AnswerSeen, CueDue
    one, same = (
        [codec.canonical(each) for each in events_of(each_night) if isinstance(each, words)]
        for each_night in (answered, night)
    )
    assert one == same
    assert len(one) == 3


@pytest.mark.slow
def test_a_letter_is_asked_as_light_and_tone_and_its_answer_is_never_another_one(tmp_path: Path) -> None:
    night = made(tmp_path, "two_way_morse", lying(150))
    run_night(night, RunOptions(speed_x=None))
    events = events_of(night)
    (answer,) = told(events)
    assert isinstance(answer, LetterSeen)
    assert (answer.said, answer.letter) in {("answer", "S"), ("unclear", "")}
    assert replay_night(night).first_difference is None
    assert judge(events, builtin.load("two_way_morse")[1]).unlawful == ()
