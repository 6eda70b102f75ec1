"""Does the evening talk stay with the sleeper's own words, and let everything be left out?"""

import pytest

from dreamloom.guide import evening
from dreamloom.guide.evening import EveningTalk, Intention
from dreamloom.guide.languages import wording
from dreamloom.vocabulary.errors import UsageError

EN, DE = wording("en"), wording("de")


def talked(*answers: str) -> EveningTalk:
    talk = EveningTalk()
    for answer in answers:
        talk = evening.answered(talk, answer)
    return talk


def steps(talk: EveningTalk) -> list[str]:
    return list(talk.answers)


WHOLE = (
    *("I want to dream of the orchard.", "it smells of home", "a ladder", "yes"),
    *("yes", "a bus that flew", "the bus had wings", "done", "done", "done", "yes"),
)


def test_a_whole_talk_ends_in_the_sleepers_own_sentence_and_sign() -> None:
    talk = talked(*WHOLE)
    assert evening.now(talk) is None
    assert evening.question(talk, EN) == ""
    assert evening.intention(talk, EN) == Intention(
        sentence="Tonight I would like to dream of the orchard.", sign="the bus had wings", practised=True
    )
    assert "I want to dream of the orchard." in evening.own_words(talk)
    assert "yes" not in evening.own_words(talk)


def test_the_rehearsal_comes_to_the_sleepers_own_sign() -> None:
    assert '"the bus had wings"' in evening.question(talked(*WHOLE[:7]), EN)
    assert evening.question(talked(*WHOLE[:6], ""), EN) == EN.evening.rehearse_plain
    assert evening.question(talked(*WHOLE[:8]), EN).count(EN.evening.resolution) == 1


def test_whoever_wishes_for_nothing_and_practises_nothing_is_asked_two_things_more() -> None:
    talk = talked("", "no", "done", "yes")
    assert steps(talk) == ["wish", "practise", "waking", "close"]
    assert evening.now(talk) is None
    assert evening.intention(talk, EN) == Intention()


def test_a_sentence_that_is_not_theirs_is_said_by_themselves() -> None:
    assert steps(talked("the sea", "", "", "no", "I go down to the sea"))[-1] == "change"
    assert (
        evening.intention(talked("the sea", "", "", "no", "I go down to the sea"), EN).sentence
        == "I go down to the sea"
    )


def test_a_wish_that_is_long_is_not_made_a_sentence_of_by_a_machine() -> None:
    talk = talked("My father. He is alive again and we walk, and I ask him what I never asked", "", "")
    step = evening.now(talk)
    assert step is not None
    assert step.id == "change"


def test_whoever_would_like_to_talk_to_somebody_is_heard() -> None:
    assert evening.intention(talked("", "no", "done", "no"), EN).wants_to_talk


def test_it_speaks_the_sleepers_language() -> None:
    assert evening.question(talked("ich möchte von dem Garten", "", ""), DE).count("von dem Garten") == 1


@pytest.mark.parametrize("answer", ["maybe", "x" * 401])
def test_an_answer_that_is_none_is_told_so(answer: str) -> None:
    with pytest.raises(UsageError, match="DL-E711"):
        talked("", answer) if answer == "maybe" else talked(answer)


def test_a_talk_that_is_over_stays_over() -> None:
    with pytest.raises(UsageError, match="DL-E712"):
        talked("", "no", "done", "yes", "yes")


def test_signs_that_act_on_a_terminal_are_left_out_of_what_is_said_back() -> None:
    assert "\x1b" not in evening.question(talked("a \x1b[31mred\u202e door", "", ""), EN)
