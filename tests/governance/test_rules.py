"""The table of rules: every entry leads somewhere, and what is not made yet is not made without its rule."""

import importlib
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from dreamloom.adapters.cedar import policies_of
from dreamloom.dreamscape.tags import NEVER
from dreamloom.governance.consent import Grant
from dreamloom.governance.policy.reasons import in_words, reasons_in
from dreamloom.governance.policy.shipped import policies_text
from dreamloom.governance.rules import RULES, page
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.house.opening import read_checked
from dreamloom.record.codec import EVENT_TYPES, sealed_fields
from dreamloom.record.projections import Role
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import ConfigError

ROOT = Path(__file__).parents[2]
POLICIES = {each.id: each.reason for each in policies_of(policies_text())}


def plain_texts(kind):
    """Fields in which anything could be written that stands in the record as it is."""
    return [field.name for field in msgspec.structs.fields(kind) if field.type is str]


def words_of(names):
    return {word for name in names for word in re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())}


def test_there_are_twenty_rules_and_each_is_held_by_something_and_tested():
    assert list(RULES) == [f"C{number}" for number in range(1, 21)]
    for rule in RULES.values():
        assert rule.policies or rule.places
        assert rule.tests
        assert rule.says.endswith(".")


def test_every_policy_is_a_rules_and_every_named_one_is_shipped():
    assert {each for rule in RULES.values() for each in rule.policies} == set(POLICIES)


@pytest.mark.parametrize("place", sorted({each for rule in RULES.values() for each in rule.places}))
def test_every_place_in_code_is_there(place):
    module, _, name = place.partition(":")
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("test", sorted({each for rule in RULES.values() for each in rule.tests}))
def test_every_test_is_there(test):
    file, _, name = test.partition("::")
    assert re.search(rf"^\s*def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_reasons_that_people_read_are_those_of_the_policies():
    assert reasons_in(policies_text()) == POLICIES
    assert POLICIES["C9.care"] in in_words(("C9.care", "ours.late"))
    assert "(ours.late)" in in_words(("C9.care", "ours.late"))


def test_the_page_says_what_the_table_says():
    assert (ROOT / "docs" / "house-rules.md").read_text(encoding="utf-8") == page(POLICIES)


@pytest.mark.parametrize("tag", sorted(NEVER))
def test_a_dreamscape_that_names_persuasion_opens_no_night(tag):
    with pytest.raises(ConfigError, match="Nobody is won for anything in their sleep"):
        read_checked(EAGER.replace("[therapy]", f"[therapy, {tag}]"), file="a.yaml")


def test_nothing_is_given_for_agreeing_to_more():
    asked = words_of(name for kind in (Grant, NightAsked, PodAsked) for name in kind.__struct_fields__)
    assert not asked & {"reward", "price", "pay", "paid", "rank", "priority", "discount", "score", "points"}


def test_no_role_is_for_whoever_has_power_over_a_sleeper():
    assert set(get_args(Role)) == {"sleeper", "orchestrator", "blinded", "researcher", "house"}


def test_no_record_holds_a_word_of_a_dream_but_sealed():
    """What somebody tells lies under their own key: whoever takes the key takes the words."""
    told = {name: kind for name, kind in EVENT_TYPES.items() if words_of([name]) & {"dream", "reported", "answered"}}
    assert {"DreamReported", "InterviewAnswered", "AdverseReported"} <= set(told)
    for name, kind in told.items():
        assert sealed_fields(kind), name
        assert not {"text", "answers", "words"} & set(plain_texts(kind)), name


def test_nothing_that_is_told_names_a_feeling():
    told = words_of(name for kind in EVENT_TYPES.values() for name in (kind.__name__, *kind.__struct_fields__))
    assert not told & {"emotion", "mood", "valence", "fear", "joy", "anger", "sadness", "affect", "feeling"}


def test_a_consent_says_which_sheet_was_read():
    told = msgspec.inspect.type_info(Grant)
    assert isinstance(told, msgspec.inspect.StructType)
    assert "sheet" in {field.name for field in told.fields if field.required}
