"""Each sentence of what is promised about consent, and the test that would miss it; those nobody had are here."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.cedar import judge
from dreamloom.adapters.cedar_check import complaints
from dreamloom.dreamscape.tags import NEVER, TAGS
from dreamloom.governance.consent import Grant, read_grants
from dreamloom.governance.intake import Answers
from dreamloom.governance.policy.request import UNASKED, CueRequest
from dreamloom.governance.policy.shipped import LAWFUL, shipped
from dreamloom.governance.sheets import find
from dreamloom.governance.sheets import shipped as sheets
from dreamloom.house import eligible, intaking, making, opening
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

TESTS = Path(__file__).parents[1]
SENTENCES = {
    "A consent names the exact text of the dreamscape.": "house/test_sentences_of_consent.py::"
    "test_a_consent_is_for_the_text_as_it_is_and_no_other",
    "It names every cue that could be drawn, so that it unblinds nobody.": "house/test_sentences_of_consent.py::"
    "test_whoever_left_out_one_cue_that_could_be_drawn_has_not_consented",
    "Each of them was heard awake, or is covered by a tag that was chosen.": "governance/test_grants_whole.py::"
    "test_a_cue_that_was_neither_heard_nor_chosen_by_tag_is_named",
    "It is for a night, or for thirty days at most.": "house/test_eligible.py::"
    "test_a_grant_of_more_than_thirty_days_opens_no_night",
    "It names stages, level and cues an hour, and none of them is left to anybody else.": "governance/test_consent.py::"
    "test_nothing_that_matters_may_be_left_out",
    "Pairs are named by both.": "orchestra/test_relays.py::test_without_the_consent_of_both_nothing_is_heard",
    "A bed is armed again after a crash once, or never, as its sleeper said.": "engine/test_sleeping_machine.py::"
    "test_without_leave_to_rearm_a_bed_stays_silent_after_a_closed_lid",
    "Purposes are separate.": "governance/test_consent.py::test_purposes_are_separate_and_known",
    "Unless more is said, it is for cues and for what is found, on this machine alone.": "house/"
    "test_sentences_of_consent.py::test_unless_more_is_said_it_is_for_cues_and_for_what_is_found_here",
    "Samples that nobody agreed to keep go in the morning.": "house/test_retention.py::"
    "test_samples_that_nobody_agreed_to_keep_go_when_the_morning_is_over",
    "Sheets say the same in every language.": "governance/test_sheets.py::"
    "test_the_shipped_sheet_says_the_same_in_every_language",
    "They print with a line to sign and a slip.": "governance/test_sheets.py::"
    "test_a_sheet_prints_with_a_line_to_sign_and_a_slip",
    "An amended sheet asks again.": "house/test_eligible.py::test_an_amended_sheet_asks_again",
    "Three questions come before a first night with cues.": "house/test_eligible.py::"
    "test_whoever_lies_there_is_cued_only_after_intake_and_questions",
    "One wrong answer passes nothing.": "house/test_eligible.py::test_one_wrong_answer_passes_nothing",
    "What is not answered counts as no.": "governance/test_intake.py::"
    "test_what_is_not_answered_counts_as_no_whoever_vouches",
    "Minors and whoever needs care are for a named clinician and a protocol.": "house/test_sentences_of_consent.py::"
    "test_minors_and_whoever_needs_care_are_cued_under_a_named_clinician_and_protocol_alone",
    "Whoever shares the bed or the room was asked.": "house/test_sentences_of_consent.py::"
    "test_nobody_is_cued_beside_somebody_whom_nobody_asked",
    "Of what is kept out only that it is leaves the bed.": "house/test_eligible.py::"
    "test_what_a_sleeper_keeps_out_is_sealed_and_only_that_it_is_kept_out_is_told",
    "What cannot be read keeps everything out.": "house/test_eligible.py::"
    "test_limits_that_cannot_be_read_keep_everything_out",
    "A command withdraws, without a password.": "cli/test_withdrawals.py::"
    "test_who_withdraws_before_the_night_is_never_cued_in_it",
    "A slip withdraws, without a name.": "cli/test_consent_verbs.py::test_a_slip_silences_every_bed_without_a_name",
    "A key withdraws.": "house/test_stop_keys.py::"
    "test_a_press_silences_its_bed_and_no_other_and_the_night_is_told_after",
    "The eyes withdraw, where that was agreed on.": "pod/test_eye_refusal.py::"
    "test_three_signals_in_a_row_withdraw_and_nothing_sounds_behind_them",
    "A dreamer's signal does not.": "pod/test_eye_refusal.py::test_a_mere_dream_signal_does_not_withdraw",
    "A no cannot be undone from afar that night.": "pod/test_eye_refusal.py::"
    "test_arming_the_bed_again_does_not_take_it_back",
    "A no wins whatever comes before, with or after it.": "house/test_withdrawn_nights.py::"
    "test_sixty_histories_hold_no_cue_behind_a_no_and_lawful_ones_before_it",
    "A no stays one whatever the clock says.": "house/test_no_that_stays.py::"
    "test_a_clock_that_ran_ahead_when_the_yes_was_given_does_not_bring_it_back",
    "An older yes that is put back is none.": "house/test_no_that_stays.py::"
    "test_an_older_yes_that_is_put_back_from_a_copy_opens_no_night",
    "After it there are three choices.": "cli/test_consent_verbs.py::"
    "test_after_a_no_there_are_three_choices_and_what_cannot_be_recalled_is_said",
    "What is kept without a name tells nobody whose it is.": "house/test_anonymising.py::"
    "test_what_was_agreed_to_stays_and_nothing_tells_whose_it_is",
    "What is erased is gone.": "house/test_erasing.py::test_nothing_of_who_was_erased_is_left_in_any_file",
    "Every change gives a receipt that verifies offline.": "testing/test_consent_histories.py::"
    "test_random_histories_hold_no_cue_that_was_not_agreed_to_and_every_change_has_its_receipt",
    "An altered receipt does not.": "cli/test_consent_verbs.py::test_receipts_verify_and_altered_ones_do_not",
    "Nobody can unlock persuasion.": "house/test_sentences_of_consent.py::"
    "test_no_consent_clinician_limit_or_bundle_unlocks_persuasion",
}
"""In the order in which a sleeper meets them."""
BED = PodAsked(id="p1", sleeper="S01", source="lsl:a-headband")
WELL = Answers(34, *[False] * 6, "nobody")
BUNDLE = shipped()
JUDGE = judge(BUNDLE)


def night_of(root: Path) -> NightFolder:
    return making.write_night(House(root), "tide", [BED], "nightmare_rem_tmr", seed=1)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_has_a_test_that_says_it(sentence: str) -> None:
    file, _, name = SENTENCES[sentence].partition("::")
    assert re.search(rf"^def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_a_consent_is_for_the_text_as_it_is_and_no_other(tmp_path: Path) -> None:
    night = night_of(tmp_path)
    path = night.root / "dreamscape.yaml"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(RefusedError, match="DL-E511"):
        opening.read_asked(night)


@pytest.mark.parametrize("cue", ["silence", None])
def test_whoever_left_out_one_cue_that_could_be_drawn_has_not_consented(tmp_path: Path, cue: str | None) -> None:
    """The silent arm's cue as much as any other: who agrees to all that could come learns nothing of what does."""
    night = night_of(tmp_path)
    text = night.consent_toml.read_text()
    agreed = next(line for line in text.splitlines() if line.startswith("cues ="))
    names = read_grants(text, file="consent.toml")["S01"].cues
    kept = [name for name in names if name != (cue or names[0])]
    assert len(kept) == len(names) - 1
    night.consent_toml.write_text(text.replace(agreed, f"cues = {msgspec.json.encode(kept).decode()}"))
    with pytest.raises(RefusedError, match="DL-E512"):
        opening.read_asked(night)


def test_unless_more_is_said_it_is_for_cues_and_for_what_is_found_here() -> None:
    grant = Grant(
        sheet="any", dreamscape_sha256="a", cues=("a",), stages=("R",), level_cap_db=40.0, cues_per_hour=1
    )  # fmt: skip
    assert grant.purposes == ("cue", "keep derived")
    assert (grant.relay_from, grant.relay_to, grant.rearm_after_crash) == ((), (), "never")
    assert (grant.withdraw_by_eyes, grant.awake_level_cap_db, grant.expires) == (0, None, "end of night")
    assert not grant.may_be_woken


@pytest.mark.parametrize(
    "answers", [msgspec.structs.replace(WELL, age_years=15), msgspec.structs.replace(WELL, seizures=True)]
)
def test_minors_and_whoever_needs_care_are_cued_under_a_named_clinician_and_protocol_alone(
    tmp_path: Path, answers: Answers
) -> None:
    house = House(tmp_path)
    sheet = find(sheets(), "home", "en")
    intaking.pass_questions(house, "S01", sheet, [each.right for each in sheet.question])
    for clinician, protocol in product(("", "Dr Lee"), ("", "P-7")):
        intaking.answer_intake(house, "S01", answers, clinician=clinician, protocol=protocol)
        found = eligible.weighed(eligible.told_of(house, "S01"), sheet=sheet.reference)
        lawful = {**vars(LAWFUL), **found._asdict()}
        assert JUDGE.decide(CueRequest(**lawful)).allowed is bool(clinician and protocol)
        for missing in ({"clinician": False}, {"protocol": ""}):
            assert not JUDGE.decide(CueRequest(**{**lawful, **missing})).allowed


def test_nobody_is_cued_beside_somebody_whom_nobody_asked(tmp_path: Path) -> None:
    asked = opening.read_asked(night_of(tmp_path))
    house = asked.folder.house
    sheet = find(sheets(), "home", "en")
    intaking.pass_questions(house, "S01", sheet, [each.right for each in sheet.question])
    for words, is_allowed in (("somebody nobody asked", False), ("somebody who agreed", True), ("nobody", True)):
        intaking.answer_intake(house, "S01", msgspec.structs.replace(WELL, shares_room=words))
        found = eligible.eligible(asked)["p1"]
        assert (found != UNASKED) is is_allowed
        assert JUDGE.decide(CueRequest(**{**vars(LAWFUL), **found._asdict()})).allowed is is_allowed


ANYTHING = {
    bool: st.booleans(),
    int: st.integers(-(2**31), 2**31 - 1),
    str: st.sampled_from(["", "answered", "vouched", "nobody", "R", "W", "sleep", "awake", "P-7"]),
    tuple: st.lists(st.sampled_from(["R", "N2", "named clinician", "therapy"]), max_size=2).map(tuple),
}


@settings(max_examples=40)
@given(st.data())
def test_no_circumstance_unlocks_persuasion(data: st.DataObject) -> None:
    words = {
        name: data.draw(st.one_of(st.just(value), ANYTHING[type(value)]), label=name)
        for name, value in vars(LAWFUL).items()
    }
    tag = data.draw(st.sampled_from(sorted(NEVER)))
    verdict = JUDGE.decide(CueRequest(**{**words, "tags": (*words["tags"], tag)}))
    assert not verdict.allowed
    assert "C5.persuasion" in verdict.policies


@pytest.mark.parametrize("tag", sorted(NEVER))
def test_no_consent_clinician_limit_or_bundle_unlocks_persuasion(tmp_path: Path, tag: str) -> None:
    asked = opening.read_asked(night_of(tmp_path))
    text = asked.folder.consent_toml.read_text().replace("expires =", f'tags = ["{tag}"]\nexpires =')
    with pytest.raises(ConfigError, match="DL-E312"):
        read_grants(text, file="consent.toml")
    with pytest.raises(UsageError):
        intaking.keep_limits(asked.folder.house, "p1", "S01", [tag])
    for more in ((tag,), (*sorted(TAGS), tag)):
        assert complaints(msgspec.structs.replace(BUNDLE, allowed_tags=more))
    greedy = replace(asked, dreamscape=msgspec.structs.replace(asked.dreamscape, tags=(tag,)))
    intaking.answer_intake(asked.folder.house, "S01", WELL, clinician="Dr Lee", protocol="P-7")
    request = {**vars(LAWFUL), "tags": tuple(greedy.dreamscape.tags), "clinician": True, "protocol": "P-7"}
    assert "C5.persuasion" in JUDGE.decide(CueRequest(**request)).policies
