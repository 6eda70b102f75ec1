"""Does a morning ask in the order that keeps a report a person's own, and never name what is still to be told?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.guide import questions
from dreamloom.guide.interview import Interview, fold, interviews, step_of
from dreamloom.record.events import AnyEvent, Sealed
from dreamloom.record.morning_events import (
    DreamReported,
    InterviewAnswered,
    InterviewStep,
    ReportLocked,
    ReportShared,
    ThemeRevealed,
)
from dreamloom.vocabulary.errors import UsageError

WHOSE = {"onset_s": 0.0, "report": "0" * 32, "sleeper": "S01", "night": "tide"}
LOCKED = ReportLocked(**WHOSE, pieces=1, sha256="0" * 64, came="IN_TIME")


def told(piece: int = 0, recall: str = "content") -> DreamReported:
    return DreamReported(
        **WHOSE,
        piece=piece,
        dreamt_on="2026-11-21",
        channel="page",
        awakened_by="morning",
        recall=recall,  # type: ignore[arg-type]  # one of the three
        protocol=questions.PROTOCOL,
        language="en",
        told_utc="2026-11-21T06:41:00Z",
        words=3,
        text=Sealed(subject="S01", ciphertext_sha256=str(piece) * 64),
    )


def answered(step: InterviewStep) -> InterviewAnswered:
    return InterviewAnswered(**WHOSE, step=step, answers=None)


def after(*events: AnyEvent) -> Interview:
    return interviews(events)["0" * 32]


def test_the_free_report_comes_first_and_two_times_whether_there_is_anything_else():
    assert step_of(Interview()) == "report"
    assert step_of(after(told(0))) == "more"
    assert step_of(after(told(0), told(1))) == "more"
    assert step_of(after(told(0), told(1), told(2))) == "lock"


@pytest.mark.parametrize("recall", ["none", "white"])
def test_nothing_recalled_is_a_report_that_is_locked_at_once(recall: str):
    assert step_of(after(told(0, recall))) == "lock"
    assert step_of(after(told(0, recall), LOCKED)) == "guess"  # nothing to ask about


def test_probes_and_guess_come_behind_the_lock_and_the_reveal_behind_them():
    done: list[AnyEvent] = [told(), LOCKED]
    assert step_of(after(*done)) == "probes"
    done.append(answered("probes"))
    assert step_of(after(*done)) == "guess"
    done.append(answered("guess"))
    assert step_of(after(*done)) == "outcome"
    done.append(answered("outcome"))
    assert step_of(after(*done)) == "wait"
    assert step_of(after(*done), may_reveal=True) == "reveal"
    done.append(ThemeRevealed(**WHOSE, why="ALL_LOCKED"))
    assert step_of(after(*done)) == "share"
    done.append(ReportShared(**WHOSE, scopes=()))
    assert step_of(after(*done)) == "done"


def test_a_morning_behind_no_night_guesses_nothing_and_waits_for_nobody():
    found = after(told(), LOCKED, answered("probes"), answered("outcome"))
    assert step_of(found, is_baseline=True) == "share"


EVENTS = st.sampled_from(
    [
        told(),
        told(1),
        LOCKED,
        *(answered(step) for step in ("probes", "guess", "outcome")),
        ReportShared(**WHOSE, scopes=("weave",)),
    ]
)


@given(st.lists(EVENTS, max_size=12))
def test_whatever_happened_nothing_is_revealed_before_the_lock_and_the_guess(events: list[AnyEvent]):
    state = Interview()
    for event in events:
        state = fold(state, event)
        if step_of(state, may_reveal=True) == "reveal":
            assert state.is_locked
            assert "guess" in state.answered


def test_an_answer_is_one_of_those_that_were_offered():
    good = questions.answered(questions.PROBES, {"feelings": ["sadness", "anger"], "strange": ["4"], "people": [" "]})
    assert good == {"feelings": ("anger", "sadness"), "strange": 4}
    for wrong in ({"strange": ["5"]}, {"strange": ["x"]}, {"lucid": ["no", "moment"]}, {"feelings": ["envy"]}):
        with pytest.raises(UsageError, match="is no answer to"):
            questions.answered(questions.PROBES, wrong)
    with pytest.raises(UsageError, match="still open: What is there"):
        questions.answered(questions.REPORT, {})
    with pytest.raises(UsageError, match="at most 12000"):
        questions.answered(questions.MORE, {"text": ["x" * 12_001]})


def test_a_guess_offers_not_to_know():
    asked = questions.guess(["the sea", "a tree", "a train", "snow"])
    assert questions.answered(asked, {"guess": ["unknown"], "heard": ["no"]}) == {"guess": "unknown", "heard": "no"}
    assert [field.name for field in questions.guess(()).fields] == ["heard"]
