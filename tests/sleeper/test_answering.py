"""How does a dreamer answer a question that they heard, and when do they not?"""

import numpy as np
import pytest

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.waking import By
from dreamloom.house.practised import questions_of
from dreamloom.sleeper.answering import LUCID_S, SOONEST_S, Question
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.hearing import EARLIEST_S, Cue
from dreamloom.sleeper.signals import Electrodes
from dreamloom.sleeper.traits import changed, traits_of
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

SEED, SLEEPER = 2, "S01"
REM_S, SIGNAL_S = 23422, 23491
SURE = {"lucid_signals_per_h": 30.0, "waking_db": 120.0, "answering": 1.0, "knowing": 1.0}
TWO = Question("eyes", "count", "2")


def course(*cues: Cue, **traits: float) -> Course:
    person = changed(traits_of(SEED, SLEEPER, "lucid"), SURE | traits)
    made = Course(person, SEED, until_s=26_000)
    for cue in cues:
        made.hear(cue)
    return made


def asked(at_s: float, asks: Question | None = TWO, *, level_db: float = 45.0) -> Cue:
    return Cue(at_s, 2.0, level_db, asks)


def test_who_signalled_in_this_rem_answers_and_nobody_else() -> None:
    (given,) = course(asked(SIGNAL_S + 60.0)).answers
    assert (given.by, given.meant, given.is_right) == ("eyes", "2", True)
    assert given.onset_s >= given.heard_s + SOONEST_S
    assert not course(asked(REM_S + 20.0)).answers, "before the first signal"
    assert not course(asked(SIGNAL_S + 60.0, None)).answers, "no question"
    assert not course(asked(SIGNAL_S + 60.0, level_db=1.0)).answers, "not heard"
    assert not course(asked(SIGNAL_S + 60.0), lucid_signals_per_h=0.0).answers, "knows of no dream"
    assert not course(asked(REM_S + 1403.0 + 60.0)).answers, "no REM any more"
    assert LUCID_S < 1403.0


def test_answers_are_wrong_or_missing_as_often_as_the_person_is_said_to() -> None:
    cues = [asked(SIGNAL_S + 40.0 + 9.0 * number) for number in range(80)]
    told = course(*cues, answering=0.7, knowing=0.6).answers
    right = sum(given.is_right for given in told)
    assert 0.55 <= len(told) / len(cues) <= 0.85
    assert 0.42 <= right / len(told) <= 0.78
    assert {given.meant for given in told} == {"1", "2", "3", "4", "5"}
    assert told == course(*reversed(cues), answering=0.7, knowing=0.6).answers


@pytest.mark.parametrize(
    ("question", "meant", "shows"),
    [
        (Question("eyes", "count", "3"), "3", ["answer"]),
        (Question("face", "count", "3"), "3", ["tension"] * 3),
        (Question("sniff", "yes or no", "No"), "no", ["sniff"] * 3),
        (Question("eyes", "morse", "K"), "k", ["answer"]),
        (Question("face", "count", "1"), None, []),
    ],
)
def test_an_answer_shows_in_its_code_and_what_cannot_be_said_is_not(
    question: Question, meant: str | None, shows: list[str]
) -> None:
    night = course(asked(SIGNAL_S + 60.0, question))
    assert [given.meant for given in night.answers] == ([meant] if meant else [])
    minutes = range(REM_S // 60, REM_S // 60 + 6)
    found = [each for minute in minutes for each in night.minute(minute)]
    assert [each.what for each in found if each.what in {"answer", "tension", "sniff"}] == shows


def test_gaze_rests_around_an_answer_and_nothing_shows_before_the_question() -> None:
    cue = asked(SIGNAL_S + 60.0)
    quiet, answering = course(), course(cue)
    (given,) = answering.answers
    around = [each for minute in range(392, 396) for each in answering.minute(minute)]
    assert not [s for s in around if s.what == "saccade" and given.heard_s <= s.onset_s < given.end_s]
    before, after = (Electrodes(each, sfreq_hz=100, with_body=True) for each in (quiet, answering))
    shows_s = cue.onset_s + EARLIEST_S
    for second in range(int(shows_s) - 6, int(given.end_s)):
        is_before = second + np.arange(100) / 100 < shows_s
        assert before.second(second)[is_before].tobytes() == after.second(second)[is_before].tobytes()
    assert before.second(int(given.onset_s) + 1).tobytes() != after.second(int(given.onset_s) + 1).tobytes()


BESIDE = "signals=30,waking=120,answering=1"
SUMS = questions_of(builtin.load("two_way_lrlr")[1])


def lying(from_s: int, hours: float, more: str) -> SimulatedSource:
    spec = f"lucid,start={from_s}s,hours={hours},{BESIDE},{more}"
    source = SimulatedSource(spec, seed=SEED, sleeper=SLEEPER)
    source.practise(SUMS)
    return source


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("by=sniff,with=heart+breath+ears+answers", ["sniff"]),
        ("by=sniff,with=ears+answers", []),
        ("with=heart+breath+ears+answers", ["eyes"]),
        ("with=ears", []),
    ],
)
def test_a_sleeper_answers_by_what_the_dialogue_names_and_the_bed_shows(more: str, expected: list[By]) -> None:
    source = lying(REM_S - 22, 0.2, more)
    source.hear(NightTime(151.0), Seconds(2.0), Decibels(45.0), "two_plus_one")
    assert [given.by for given in source.answers] == expected


def test_any_cutting_of_the_stream_gives_the_same_answers() -> None:
    told = []
    for step_s in (0.7, 1.0, 25.0):
        source = lying(REM_S + 100, 0.02, "by=face,with=heart+breath+ears+answers")
        ends_s = [*np.arange(step_s, 26.0, step_s).tolist(), 26.0]
        blocks = [block for end_s in ends_s for block in source.read(NightTime(end_s))]
        source.hear(NightTime(26.0), Seconds(2.0), Decibels(45.0), "two_plus_one")
        blocks += [block for end_s in np.arange(26.0, 73.0, step_s) for block in source.read(NightTime(end_s))]
        blocks += source.read(NightTime(80.0))
        told.append(np.concatenate([block.samples for block in blocks]).tobytes())
        assert [given.by for given in source.answers] == ["face"]
    assert len(set(told)) == 1
