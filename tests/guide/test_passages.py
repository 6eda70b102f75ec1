"""Does a machine's wording of a passage add nobody, nothing and no harm, and can it be taken out in one step?"""

import pytest

from dreamloom.guide import passages
from dreamloom.guide.passages import amiss, shown, without_machines, worded

PASSAGE = "I was on a ferry with Mirabel, and the deck was made of paper, and gulls were asking for tickets."
GOOD = "On a ferry with Mirabel; the deck is made of paper, and gulls ask for tickets."


def test_a_wording_of_the_same_things_passes() -> None:
    assert amiss(PASSAGE, GOOD) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "EMPTY"),
        ("Gulls ask.", "LENGTH"),
        (GOOD + " " + GOOD, "LENGTH"),
        (GOOD.replace("Mirabel", "Quenby"), "NAMES"),
        (GOOD.replace("gulls", "Nebula gulls"), "NAMES"),
        (GOOD.replace("gulls", "seven gulls"), "NUMBERS"),
        (GOOD.replace("gulls", "7 gulls"), "NUMBERS"),
        ("Far out a lonely vessel drifts, its planks are frail, and birds plead with every traveller.", "NEW_CONTENT"),
        ("I was on a ferry, and I was on it, and it was a ferry, and I was there.", "LOST_CONTENT"),
        (GOOD.replace("ask for", "kill for"), "HARM"),
        (GOOD.replace("tickets", "tickets naked"), "HARM"),
        (GOOD.replace("tickets.", "tickets: nebula.example"), "LINK"),
    ],
)  # fmt: skip
def test_everything_else_falls_back_to_the_passage(text: str, why: str) -> None:
    assert why in amiss(PASSAGE, text)
    assert worded(PASSAGE, text, name="a1", model="m") is None


def test_a_dream_that_holds_harm_may_be_worded_with_it() -> None:
    assert amiss("A man with a knife stood at the door and waited for my brother.",
                 "At the door a man with a knife stood and waited for my brother.") == ()  # fmt: skip


def test_a_story_names_the_machine_beside_the_dreamers_own_words_and_loses_it_in_one_step() -> None:
    told = {"a1": PASSAGE, "a2": "A bell, and I sat up."}
    wording = worded(PASSAGE, GOOD, name="a1", model="m")
    assert wording is not None
    story = shown(told, [wording], by="S01")
    assert (story["a1"].text, story["a1"].by, story["a1"].own) == (GOOD, "machine: m", PASSAGE)
    assert (story["a2"].text, story["a2"].by) == ("A bell, and I sat up.", "S01")
    plain = shown(told, without_machines([wording]), by="S01")
    assert {name: each.text for name, each in plain.items()} == told
    assert all(each.by == "S01" for each in plain.values())
    assert without_machines([wording], "machine: m") == ()
    assert without_machines([wording], "machine: other") == (wording,)


def test_a_wording_of_words_that_were_taken_back_is_not_shown() -> None:
    wording = worded(PASSAGE, GOOD, name="a1", model="m")
    assert wording is not None
    assert shown({"a1": "I was on a ferry."}, [wording], by="S01")["a1"].text == "I was on a ferry."
    assert shown({}, [wording], by="S01") == {}
    assert wording.gate == passages.GATE
