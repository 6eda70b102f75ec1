"""Does every missing answer, and every answer that needs care, keep cues away?"""

from itertools import product

import msgspec
import pytest

from dreamloom.governance.intake import QUESTIONS, Answers, needs_care, read_answers, weigh
from dreamloom.vocabulary.errors import ConfigError, Where

WELL = Answers(
    age_years=34,
    seizures=False,
    psychosis_or_dissociation=False,
    ptsd=False,
    pregnancy=False,
    untreated_apnoea=False,
    hearing_loss=False,
    shares_room="nobody",
)
OF_CARE = ("seizures", "psychosis_or_dissociation", "ptsd", "pregnancy", "untreated_apnoea")


def test_every_answer_has_its_question() -> None:
    assert tuple(QUESTIONS) == Answers.__struct_fields__


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_what_is_not_answered_counts_as_no_whoever_vouches(question: str) -> None:
    answers = msgspec.structs.replace(WELL, **{question: None})
    assert weigh(answers) == "unanswered"
    assert weigh(answers, clinician="Dr. N", protocol="P-7") == "unanswered"


@pytest.mark.parametrize("change", [*({name: True} for name in OF_CARE), {"age_years": 17}, {"age_years": 0}])
def test_who_needs_care_is_for_a_named_clinician_and_a_protocol(change: dict[str, bool | int]) -> None:
    answers = msgspec.structs.replace(WELL, **change)
    for clinician, protocol in product(("", "Dr. N"), ("", "P-7")):
        expected = "named clinician" if clinician and protocol else "unanswered"
        assert weigh(answers, clinician=clinician, protocol=protocol) == expected


def test_whoever_shares_the_room_was_asked() -> None:
    assert weigh(WELL) == "none"
    assert weigh(msgspec.structs.replace(WELL, shares_room="somebody who agreed")) == "none"
    assert weigh(msgspec.structs.replace(WELL, shares_room="somebody nobody asked")) == "unanswered"
    assert not needs_care(msgspec.structs.replace(WELL, hearing_loss=True))


@pytest.mark.parametrize("text", ["seizure = true", 'seizures = "no"', "age_years = 1000", 'shares_room = "a cat"'])
def test_an_answer_to_nothing_or_of_another_kind_is_refused_where_it_stands(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_answers(f"pregnancy = false\n{text}\n", file="answers.toml")
    assert caught.value.where == Where("answers.toml", 2, 1)


def test_answers_are_read_from_lines() -> None:
    assert read_answers("age_years = 40\nseizures = false\n", file="a") == Answers(age_years=40, seizures=False)
