"""Which rules must hold, whatever anybody wants? C1 to C20, each with where it is held and the test that would miss it.

A rule is held by policies, which every cue is asked of, by a place in the code, or by both. Where something is not made
at all (an allocation of places, a dream report, a view of another sleeper), the test says so: whoever makes it turns
that test red, and has to hold the rule first.
"""

from typing import NamedTuple

SHIPPED = "tests/governance/test_house_policies.py::"
HERE = "tests/governance/test_rules.py::"
CLASSES = "tests/vetoes/test_two_classes.py::"
VETO = "tests/vetoes/test_cue_vetoes.py::"
MUTANTS = f"{SHIPPED}test_whoever_deletes_a_forbid_turns_an_example_red"


class Rule(NamedTuple):
    """One rule.

    Attributes:
        says: what it promises, in one sentence.
        policies: ids of the shipped policies that hold it.
        places: module:name of the code that holds it.
        tests: file::name of the tests that hold us to it.
    """

    says: str
    policies: tuple[str, ...]
    places: tuple[str, ...]
    tests: tuple[str, ...]


# fmt: off
RULES: dict[str, Rule] = {
    "C1": Rule(
        "No cue without your own live consent: to this text, this cue, these stages, this loud, this often.",
        ("C1.consent", "C1.rules", "C1.stages"),
        ("dreamloom.vetoes.cue:lacks_consent", "dreamloom.vetoes.cue:lacks_lease"),
        (MUTANTS, f"{VETO}test_one_wrong_thing_is_named"),
    ),
    "C2": Rule(
        "Only the very sound you heard awake may sound at night; a changed file is another cue.",
        ("C2.heard-awake",),
        ("dreamloom.house.opening:read_asked", "dreamloom.vetoes.cue:lacks_lease"),
        (MUTANTS, "tests/house/test_cue_sounds.py::test_a_file_that_was_exchanged_is_refused_before_anybody_hears_it"),
    ),
    "C3": Rule(
        "You, or whoever looks after you, can say no at any moment, without a password: silence first, then the log.",
        ("C3.withdrawn", "C3.held"),
        ("dreamloom.house.withdrawing:withdraw", "dreamloom.vetoes.bits:HARD_BITS",
         "dreamloom.house.stop_keys:stop_keys", "dreamloom.pod.eye_refusal:withdrawal"),
        (MUTANTS, "tests/cli/test_withdrawals.py::test_the_bed_is_silent_even_when_the_disk_refuses_the_rest",
         "tests/house/test_stop_keys.py::test_a_press_silences_its_bed_and_no_other_and_the_night_is_told_after",
         "tests/pod/test_eye_refusal.py::test_three_signals_in_a_row_withdraw_and_nothing_sounds_behind_them"),
    ),
    "C4": Rule(
        "A no cannot be taken back for you: it stands for the night, whatever breaks or is opened again.",
        ("C3.withdrawn",),
        ("dreamloom.house.withdrawing:withdrawn_tonight", "dreamloom.pod.state:PodState",
         "dreamloom.house.standing_consent:is_taken_back"),
        ("tests/house/test_going_on.py::test_whoever_withdrew_while_the_night_was_broken_is_not_armed_again",
         "tests/house/test_withdrawing.py::test_a_withdrawal_that_cannot_be_read_stands",
         "tests/house/test_no_that_stays.py::test_an_older_yes_that_is_put_back_from_a_copy_opens_no_night"),
    ),
    "C5": Rule(
        "Nobody is sold anything or won for a brand, a vote or a faith in their sleep; nobody can allow it.",
        ("C5.persuasion",),
        ("dreamloom.dreamscape.tags:NEVER", "dreamloom.adapters.cedar_check:complaints"),
        (f"{SHIPPED}test_nobody_can_unlock_persuasion",
         f"{HERE}test_a_dreamscape_that_names_persuasion_opens_no_night",
         "tests/house/test_sentences_of_consent.py::test_no_consent_clinician_limit_or_bundle_unlocks_persuasion"),
    ),
    "C6": Rule(
        "No sleep cue while you are awake, stirring, or while nobody knows well enough how you sleep.",
        ("C6.awake", "C6.asleep", "C6.stirring", "C6.stale", "C6.unsure"),
        ("dreamloom.vetoes.cue:is_stale", "dreamloom.vetoes.cue:is_aroused",
         "dreamloom.orchestra.night_clock:MOST_BOUND_S"),
        (MUTANTS, f"{CLASSES}test_awake_sounds_are_the_only_ones_in_waking_and_sleep_cues_the_only_ones_in_sleep"),
    ),
    "C7": Rule(
        "Your sleep has a budget: so many cues an hour, so loud, so much sound a night; cues that keep waking you end.",
        ("C7.hour", "C7.level", "C7.awakenings", "C7.waking"),
        ("dreamloom.vetoes.cue:is_too_loud", "dreamloom.vetoes.cue:is_overdosed",
         "dreamloom.jukebox.levels:NIGHTLY_DOSE"),
        (MUTANTS, f"{CLASSES}test_sleep_cues_end_where_the_nightly_dose_is_full_and_awake_sounds_do_not_count"),
    ),
    "C8": Rule(
        "One sleeper's signal reaches another only where both named each other, and either can end it.",
        ("C8.pair",),
        ("dreamloom.orchestra.relays:agreed",),
        (MUTANTS, "tests/orchestra/test_relays.py::test_without_the_consent_of_both_nothing_is_heard"),
    ),
    "C9": Rule(
        "Minors, and who is pregnant or had seizures, psychosis, a trauma: only under a named clinician and protocol.",
        ("C9.unasked", "C9.care", "C9.trauma"),
        ("dreamloom.governance.policy.request:UNASKED", "dreamloom.governance.intake:weigh",
         "dreamloom.house.eligible:eligible"),
        (MUTANTS, "tests/house/test_house_rules.py::test_nobody_is_cued_of_whom_nobody_knows_whether_it_is_safe"),
    ),
    "C10": Rule(
        "Alcohol, tobacco, sex and gambling are no themes for a night outside a clinical protocol.",
        ("C10.drives",), (), (MUTANTS,),
    ),
    "C11": Rule(
        "Each purpose is asked for by itself; agreeing to cues is no agreement to share, study or show your data.",
        (),
        ("dreamloom.governance.consent:PURPOSES",),
        ("tests/governance/test_consent.py::test_what_is_not_said_is_the_narrowest",
         "tests/governance/test_consent.py::test_purposes_are_separate_and_known"),
    ),
    "C12": Rule(
        "No reward, price, rank or place in a night hangs on agreeing to more.",
        (),
        ("dreamloom.governance.consent:Grant", "dreamloom.house.night_file:PodAsked"),
        (f"{HERE}test_nothing_is_given_for_agreeing_to_more",),
    ),
    "C13": Rule(
        "Everything of yours can be taken home and erased without a network, an account or a fee.",
        (),
        ("dreamloom.house.export_mine:export_mine", "dreamloom.house.erasing:erase"),
        ("tests/house/test_erasing.py::test_a_sleeper_takes_home_everything_of_theirs_and_nothing_of_others",
         "tests/house/test_erasing.py::test_nothing_of_who_was_erased_is_left_in_any_file"),
    ),
    "C14": Rule(
        "No employer, school, insurer or police has a view of your sleep: there is no such role.",
        (),
        ("dreamloom.record.projections:SEEN",),
        (f"{HERE}test_no_role_is_for_whoever_has_power_over_a_sleeper",),
    ),
    "C15": Rule(
        "What you tell of a dream is yours to hide, take back or delete: under your key, private until you say more.",
        (),
        ("dreamloom.house.mornings:share", "dreamloom.house.weaving:standing", "dreamloom.house.erasing:erase"),
        (f"{HERE}test_no_record_holds_a_word_of_a_dream_but_sealed",
         "tests/house/test_weaving.py::test_what_is_taken_back_is_in_no_story_any_more",
         "tests/house/test_mornings.py::test_an_erasure_takes_the_mornings_with_it"),
    ),
    "C16": Rule(
        "Consent is asked for awake, before the night; what is written while it runs or is broken counts for no cue.",
        (),
        ("dreamloom.house.same_files:as_it_opened", "dreamloom.governance.consent:Grant"),
        ("tests/house/test_going_on.py::test_a_broken_night_is_not_opened_under_another_file",
         f"{HERE}test_a_consent_says_which_sheet_was_read"),
    ),
    "C17": Rule(
        "A consent ends with the night or at its own time, and never holds longer than thirty days.",
        ("C17.month",),
        ("dreamloom.house.standing_consent:refuse_ended_grants", "dreamloom.house.opening:grant_ends_s"),
        (MUTANTS,
         "tests/house/test_clock_changes.py::test_a_time_that_has_passed_for_tonight_is_not_taken_for_tomorrows"),
    ),
    "C18": Rule(
        "Nobody reads feelings off your body: stages, arousals and eye signals are all that is told.",
        (),
        ("dreamloom.record.codec:EVENT_TYPES",),
        (f"{HERE}test_nothing_that_is_told_names_a_feeling",),
    ),
    "C19": Rule(
        "No other sleeper sees your night; who looks after it sees what the table of roles says, and nothing else.",
        (),
        ("dreamloom.record.projections:project",),
        ("tests/record/test_projections.py::test_a_sleeper_sees_no_other_bedside",
         "tests/record/test_projections.py::test_a_type_without_a_row_is_shown_to_nobody"),
    ),
    "C20": Rule(
        "A house may make these rules tighter and never looser.",
        ("house.tags",),
        ("dreamloom.adapters.cedar_check:complaints", "dreamloom.house.house_rules:refuse_older"),
        (f"{SHIPPED}test_a_bundle_is_refused_with_the_reason",
         "tests/house/test_house_rules.py::test_rules_are_adopted_once_told_in_the_house_and_never_older"),
    ),
}
# fmt: on
"""The rules by their names."""


def page(reasons: dict[str, str]) -> str:
    """The rules as a page: what each promises, what holds it, and the tests; `reasons` of the policies, by id."""
    return _HEAD + "".join(f"\n{_section(name, rule, reasons)}" for name, rule in RULES.items())


def _section(name: str, rule: Rule, reasons: dict[str, str]) -> str:
    lines = [f"## {name}", rule.says, ""]
    lines += [f"- `{each}`: {reasons[each]}" for each in rule.policies]
    lines += [f"- in code: `{each.removeprefix('dreamloom.')}`" for each in rule.places]
    lines += [f"- test: `{each}`" for each in rule.tests]
    return "\n".join(lines) + "\n"


_HEAD = """# The rules of every house

What must hold whatever anybody wants, C1 to C20. Names such as `C5.persuasion` are policies, written in Cedar: every
cue is asked of all of them, one that forbids wins over the one that permits, and a no stands in the record with the
name. An error, a missing field, or an answer that took longer than 5 ms counts as no.

The rules come with the product. `dreamloom policy show` prints them; `dreamloom policy show --save FILE` writes them
to begin your own with; `dreamloom policy check FILE` and `dreamloom policy adopt FILE --by NAME` judge and adopt a
bundle. A house may add policies that forbid, each with a reason in plain words and with an example that it lets pass
and one that it stops; it takes none away. Its version only grows. The rules of a night lie beside it as
`policy.json`, and their SHA-256 stands in its record, in every lease and in every command.

The questions of C9 are asked with `dreamloom consent intake`; at a bed where somebody lies, no answer counts as no. A
recording or a simulated sleeper needs no answer.

A note on what is not made yet: where a rule speaks of reports, of places given, or of views on somebody else's sleep,
its test says that no such thing exists, and fails when somebody makes one.

This page is made from `governance/rules.py` by `tools/house_rules_page.py`.
"""
