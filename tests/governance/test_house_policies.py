"""The shipped rules: every forbid has an example that misses it, every field counts, and nobody can loosen them."""

from dataclasses import fields

import msgspec
import pytest

from dreamloom.adapters.cedar import Judge, Timed, judge, policies_of, without
from dreamloom.adapters.cedar_check import complaints
from dreamloom.dreamscape.tags import NEVER, TAGS
from dreamloom.governance.policy.bundle import Bundle, Example, canonical, context_of, read_bundle, sha256
from dreamloom.governance.policy.request import UNDECIDED, CueRequest, Verdict, field_types, schema_text
from dreamloom.governance.policy.shipped import LAWFUL, shipped
from dreamloom.vocabulary.errors import ConfigError

BUNDLE = shipped()
JUDGE = judge(BUNDLE)
WHOLE = {**vars(LAWFUL), "tags_allowed": True}
FORBIDS = [each.id for each in policies_of(BUNDLE.policies) if each.effect == "forbid"]
WRONG = {
    "Bool": ("true", 1, None, [], {}, 0.5),
    "Long": ("3", 0.5, 3.0, True, None, [], 2**63),
    "String": (7, True, None, [], ["R"], {"__entity": {"type": "Cue", "id": "x"}}),
    "Set<String>": ("R", 7, None, {}, [7], ["R", True]),
}


def changed(**changes: object) -> Bundle:
    return msgspec.structs.replace(BUNDLE, **changes)


def says(context: dict[str, object]) -> Verdict:
    return JUDGE.decide_on(context)


def test_nothing_stands_against_the_shipped_rules():
    assert complaints(BUNDLE) == []


def test_the_lawful_cue_may_sound_and_a_request_that_says_nothing_may_not():
    assert JUDGE.decide(LAWFUL) == Verdict(allowed=True, policies=("C1.consent",))
    assert not JUDGE.decide(CueRequest()).allowed


@pytest.mark.parametrize("policy", FORBIDS)
def test_whoever_deletes_a_forbid_turns_an_example_red(policy):
    mutant = Judge(changed(policies=without(BUNDLE.policies, policy)))
    red = [
        example
        for example in BUNDLE.examples
        if mutant.decide_on(context_of(example, BUNDLE)) != Verdict(example.says == "allow", example.by)
    ]
    assert policy in {example.policy for example in red}


@pytest.mark.parametrize("field", sorted(field_types()))
def test_a_question_without_one_field_is_answered_no(field):
    assert says({name: value for name, value in WHOLE.items() if name != field}) == UNDECIDED


@pytest.mark.parametrize(
    ("field", "value"), [(name, value) for name, kind in field_types().items() for value in WRONG[kind]]
)
def test_a_question_with_a_field_of_the_wrong_type_is_answered_no(field, value):
    assert not says({**WHOLE, field: value}).allowed


def test_a_question_with_a_field_nobody_asked_for_is_answered_no():
    assert says({**WHOLE, "unheard_of": True}) == UNDECIDED


@pytest.mark.parametrize("tag", sorted(NEVER))
def test_nobody_can_unlock_persuasion(tag):
    for allowed in (BUNDLE, changed(allowed_tags=(tag,))):
        request = CueRequest(**{**vars(LAWFUL), "tags": (tag,), "clinician": True, "protocol": "P-1"})
        assert "C5.persuasion" in judge(allowed).decide(request).policies
    assert any("Nobody can allow that" in each for each in complaints(changed(allowed_tags=(*sorted(TAGS), tag))))


def test_every_field_of_a_request_stands_in_the_schema_and_has_no_fraction():
    assert set(field_types()) == {*(each.name for each in fields(CueRequest)), "tags_allowed"}
    assert "decimal" not in schema_text()
    assert BUNDLE.fields == tuple(field_types())


EXTRA = '\n@id("ours.late")\n@reason("Our house is quiet while nobody is sure.")\n'
OURS = (
    Example(policy="ours.late", says="allow", by=("C1.consent",), when={}),
    Example(policy="ours.late", says="deny", by=("ours.late",), when={"confidence_permille": 300}),
)


def test_a_house_may_add_what_forbids():
    text = f"{BUNDLE.policies}{EXTRA}forbid (principal, action, resource) when {{ context.confidence_permille < 400 }};"
    assert complaints(changed(policies=text, examples=(*BUNDLE.examples, *OURS))) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (BUNDLE.policies + EXTRA + "permit (principal, action, resource);", "nothing that loosens"),
        (without(BUNDLE.policies, "C5.persuasion"), "C5.persuasion is missing"),
        (BUNDLE.policies.replace("45000", "90000"), "C6.stale is missing or was changed"),
        (BUNDLE.policies + "forbid (principal, action, resource) when { context.lost };", "has no @id"),
        (BUNDLE.policies + '@id("x") forbid (principal, action, resource) when { context.lost };', "has no @reason"),
        (BUNDLE.policies + EXTRA.replace("ours.late", "C3.held") + "forbid (principal, action, resource);", "@id of"),
        (BUNDLE.policies + EXTRA + "forbid (principal, action, resource) when { context.lsot };", "lsot"),
        (BUNDLE.policies + EXTRA + "forbid (principal == ?principal, action, resource);", "template"),
        (BUNDLE.policies + "forbid (", "Cedar says"),
        (BUNDLE.policies + EXTRA + "forbid (principal, action, resource) when { context.lost };", "no allow example"),
    ],
)  # fmt: skip
def test_a_bundle_is_refused_with_the_reason(text, word):
    assert any(word in each for each in complaints(changed(policies=text)))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"schema": BUNDLE.schema.replace("lost: Bool", "lost?: Bool")}, "schema"),
        ({"examples": BUNDLE.examples[1:]}, ""),
        ({"examples": tuple(each for each in BUNDLE.examples if each.policy != "C8.pair")}, "C8.pair has no allow"),
        ({"examples": (*BUNDLE.examples, OURS[0])}, "none of its policies"),
        ({"examples": (*BUNDLE.examples, Example("C3.held", "deny", ("C3.withdrawn",), {"revoked": True}))}, "nothing"),
        ({"examples": (*BUNDLE.examples, Example("C3.held", "deny", ("C3.held",), {}))}, "says deny"),
        ({"lawful": {**BUNDLE.lawful, "revoked": True}}, "lawful"),
    ],
)  # fmt: skip
def test_a_bundle_with_wrong_examples_or_schema_is_refused(changes, word):
    found = complaints(changed(**changes))
    assert any(word in each for each in found) if word else found == []


def test_a_bundle_is_one_file_whatever_way_it_is_laid_out():
    loose = msgspec.json.encode(msgspec.json.decode(canonical(BUNDLE)))
    assert read_bundle(loose, file="x") == BUNDLE
    assert sha256(read_bundle(loose, file="x")) == sha256(BUNDLE)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff\xfe", b"[" * 100_000, b" " * 1_000_001])
def test_what_is_no_bundle_is_refused_in_words(data):
    with pytest.raises(ConfigError, match="no bundle of house rules"):
        read_bundle(data, file="rules.json")


def test_an_answer_that_took_too_long_is_told_once_and_never_part_of_the_answer():
    times = iter([0.0, 0.006, 0.006, 0.012, 1.0, 1.001, 2.0, 2.006, 2.006, 2.007])
    timed = Timed(JUDGE.decide, clock_s=lambda: next(times))
    assert timed.decide(LAWFUL).allowed
    assert timed.was_slow()
    assert not timed.was_slow()
    assert timed.decide(LAWFUL).allowed
    assert not timed.was_slow()
    assert timed.decide(LAWFUL).allowed
    assert not timed.was_slow()  # slow once, quick when asked again
