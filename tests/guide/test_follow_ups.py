"""Are a dreamer and an author asked about their own words, and nothing interpreted?"""

import pytest

from dreamloom.dreamscape import builtin, checker, reader
from dreamloom.dreamscape.findings import Finding
from dreamloom.guide import architect, reflecting
from dreamloom.guide.languages import WORDINGS, wording
from dreamloom.guide.wording import Wording
from dreamloom.testing import live_nights

EN = wording("en")
KIND = (
    "I was on a ferry with my brother. The deck was made of paper, and gulls asked for tickets. Then a bell, and I ran."
)
DARK = (
    "I was on a ferry with my murderer. The deck was made of bones, and ghosts asked for blood. Then a war, and I ran."
)


def test_each_question_quotes_the_report_and_the_last_is_open() -> None:
    asked = reflecting.follow_ups(KIND, EN)
    assert [len(each.quotes) for each in asked] == [1, 1, 1, 0]
    assert all(quote in KIND for each in asked for quote in each.quotes)
    assert asked[-1].text == EN.asked["like_to_add"].plain


def test_words_of_fear_and_death_change_no_question() -> None:
    def shape(report: str) -> list[str]:
        return [
            each.text.replace(each.quotes[0], "…") if each.quotes else each.text
            for each in reflecting.follow_ups(report, EN)
        ]

    assert shape(DARK) == shape(KIND)


def test_the_same_report_gives_the_same_questions() -> None:
    assert reflecting.follow_ups(KIND, EN) == reflecting.follow_ups(KIND, EN)


@pytest.mark.parametrize("report", ["", "  \n", "No.", "the of and", "(((", "a" * 5000, "wort " * 3000])
@pytest.mark.parametrize("words", WORDINGS.values(), ids=WORDINGS)
def test_there_is_always_something_to_ask_and_nothing_fails(report: str, words: Wording) -> None:
    asked = reflecting.follow_ups(report, words)
    assert asked
    assert asked[-1].text == words.asked["like_to_add"].plain


def looked(text: str) -> tuple[architect.Raised, ...]:
    dreamscape = reader.read(text, file="x.yaml")
    return architect.questions(dreamscape, checker.check(dreamscape))


def test_an_author_is_asked_for_what_is_missing_errors_first() -> None:
    bare = "\n".join(line for line in live_nights.TIRELESS.splitlines() if not line.startswith("intent"))
    asked = looked(bare)
    assert asked[0].about == "DL-E380"
    assert len({each.text for each in asked}) == len(asked) <= architect.MOST


@pytest.mark.parametrize("name", builtin.names())
def test_no_question_is_raised_twice_and_none_writes_a_cue(name: str) -> None:
    dreamscape = builtin.load(name)[1]
    asked = architect.questions(dreamscape, checker.check(dreamscape))
    assert all(each.text.endswith(("?", ".")) and "say:" not in each.text for each in asked)
    assert not any(each.about == "source" for each in asked if dreamscape.source)


def test_tags_that_a_dreamscape_earns_are_proposed_and_never_twice() -> None:
    spoken = builtin.load("tdi_n1")[1]
    assert "speech" not in architect.tags_to_propose(spoken)
    assert architect.tags_to_propose(builtin.load("serial_probe")[1]) == ()
    untagged = reader.read(builtin.load("tdi_n1")[0].replace("awakenings, speech]", "awakenings]"), file="x.yaml")
    assert "speech" in architect.tags_to_propose(untagged)


def test_a_finding_nobody_wrote_a_question_for_is_asked_with_its_own_words() -> None:
    found = Finding("error", None, "The gate can never open.", "DL-E999")
    assert architect.questions(None, [found])[0].why == "The gate can never open."
