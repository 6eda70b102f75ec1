"""Does each test answer its own question, and is it silent where it cannot?"""

import numpy as np
import pytest
from msgspec.structs import replace

from dreamloom.testing.dream_groups import Plan, group, registered, two_groups
from dreamloom.weave.chance.design import night_order
from dreamloom.weave.chance.findings import Findings, findings_of
from dreamloom.weave.chance.incubation import incubated, least_favourable, rates
from dreamloom.weave.chance.registration import Registration, unsound
from dreamloom.weave.chance.specificity import Drawn, contrasted
from dreamloom.weave.chance.target import Candidate, Draw, by_judges, by_text, found, seal_of
from dreamloom.weave.chance.texts import texts_of
from dreamloom.weave.chance.verdicts import Answer, sentences
from dreamloom.weave.reports import Report
from dreamloom.weave.words import lexicon

THEME = "glacier"


def answer(findings: Findings, test: str) -> Answer:
    return next(each for each in findings.tests if each.id == test)


def why(findings: Findings, test: str) -> str:
    return next(each.why for each in findings.refused if each.id == test)


@pytest.fixture(scope="module")
def planted() -> list[Report]:
    return group(3, Plan(n=12, share=0.67, theme=THEME))


def test_a_planted_theme_is_found_and_named(planted: list[Report]) -> None:
    findings = findings_of(planted, registered(THEME), registered=True)
    first, third = answer(findings, "T1"), answer(findings, "T3")
    assert first.p < 0.01
    assert first.verdict == "more than their own baseline"
    assert (first.n, first.primary, first.registered) == (12, True, True)
    assert 6 <= first.k <= 9
    assert first.usual is not None
    assert first.usual < 2
    assert third.p < 0.05
    assert third.motif
    assert third.k >= 3
    assert why(findings, "T2").startswith("1 arm slept in 1 tested night,")
    assert why(findings, "T5") == "No target was drawn and sealed before the night."


def test_the_same_reports_give_the_same_answer_in_any_order(planted: list[Report]) -> None:
    assert findings_of(planted, registered(THEME)) == findings_of(planted[::-1], registered(THEME))


def test_fewer_than_four_dreamers_or_five_mornings_are_refused() -> None:
    few = findings_of(group(4, Plan(n=3)), registered(THEME))
    assert {each.id for each in few.refused} == {"T1", "T2", "T3", "T4", "T5"}
    assert why(few, "T1").startswith("3 dreamers")
    short = findings_of(group(4, Plan(n=6, mornings=4)), registered(THEME))
    assert why(short, "T3").startswith("0 dreamers")


def test_another_protocol_or_awakening_is_refused_and_named(planted: list[Report]) -> None:
    for what in ("protocol", "awakening"):
        changed = [replace(each, **{what: "other"}) if each.arm == "cue" else each for each in planted]
        findings = findings_of(changed, registered(THEME))
        assert f"{what} is" in why(findings, "T1")
        assert f"{what} is" in why(findings, "T3")


def test_mixed_languages_are_refused_said_or_plainly_seen(planted: list[Report]) -> None:
    said = [replace(each, language="de") if each.dreamer == "d01" else each for each in planted]
    assert "more than one language" in why(findings_of(said, registered(THEME)), "T1")
    german = (
        "Ich war in dem Haus und dann kam er mit der Lampe und wir gingen nicht mehr durch die Tür, weil sie zu war."
    )
    seen = [
        replace(each, language="", text=german if each.dreamer == "d01" and each.arm == "cue" else each.text)
        for each in planted
    ]
    assert "more than one language" in why(findings_of(seen, registered(THEME)), "T3")


def test_private_and_late_reports_are_in_no_test(planted: list[Report]) -> None:
    changed = [
        replace(each, scopes=frozenset()) if each.dreamer == "d01" else replace(each, is_late=each.dreamer == "d02")
        for each in planted
    ]
    findings = findings_of(changed, registered(THEME))
    assert answer(findings, "T1").n == 10
    assert any("private" in note for note in findings.notes)
    assert any("after the theme was told" in note for note in findings.notes)


def test_nothing_recalled_stays_in(planted: list[Report]) -> None:
    changed = [replace(each, text="") if each.dreamer == "d01" and each.arm == "cue" else each for each in planted]
    assert answer(findings_of(changed, registered(THEME)), "T1").n == 12


def test_who_repeats_another_dreamer_counts_once(planted: list[Report]) -> None:
    text = next(each.text for each in planted if each.dreamer == "d01" and each.arm == "cue")
    changed = [replace(each, text=text) if each.dreamer == "d02" and each.arm == "cue" else each for each in planted]
    findings = findings_of(changed, registered(THEME))
    assert answer(findings, "T1").n == 11
    assert any("word for word" in note for note in findings.notes)


def test_two_groups_tell_whose_cue_it_was() -> None:
    reports, registration = two_groups(5, Plan(n=8, share=0.67), ("pottery", "chess"))
    findings = findings_of(reports, registration, registered=True)
    second = answer(findings, "T2")
    assert second.p < 0.05
    assert second.verdict == "more than the other group that night"
    assert findings.had_control
    swapped = replace(registration, themes={"a": registration.themes["b"], "b": registration.themes["a"]})
    assert answer(findings_of(reports, swapped), "T2").p > 0.9
    bare = findings_of([each for each in reports if each.arm != "baseline"], registration)
    assert "Without own mornings" in answer(bare, "T2").note


def test_rooms_are_drawn_as_rooms_and_too_few_are_refused() -> None:
    reports, registration = two_groups(5, Plan(n=8, share=0.67), ("pottery", "chess"), by_room=2)
    by_room = answer(findings_of(reports, registration), "T2")
    assert 1 / 70 <= by_room.p < 0.1
    two_rooms, _ = two_groups(5, Plan(n=8, share=0.67), ("pottery", "chess"), by_room=8)
    assert "2 ways only" in why(findings_of(two_rooms, registration), "T2")


def test_of_three_groups_every_arrangement_is_counted_the_one_that_was_drawn_among_them() -> None:
    values = np.array([[9.0, 8, 0, 0, 0, 0, 0], [0, 0, 9, 8, 0, 0, 0], [0, 0, 0, 0, 9, 8, 7]])
    drawn = Drawn(np.array([0, 0, 1, 1, 2, 2, 2]), np.arange(7))
    assert drawn.arrangements == 210
    assert contrasted(values, drawn, seed=1, draws=500)[1] == round(1 / 210, 5)
    random = [contrasted(values, drawn, seed=seed, draws=200)[1] for seed in range(20)]
    assert min(random) >= round(1 / 201, 5)


def test_a_room_that_was_drawn_as_one_has_one_arm() -> None:
    reports, registration = two_groups(5, Plan(n=8, share=0.67), ("pottery", "chess"), by_room=2)
    mixed = [replace(each, room="r") if each.arm != "baseline" else each for each in reports]
    found = findings_of(mixed, replace(registration, drawn_by="room"))
    assert "people of one room were in several" in why(found, "T2")


def test_groups_are_told_of_without_those_who_heard_their_cue() -> None:
    reports, registration = two_groups(5, Plan(n=8, share=0.67), ("pottery", "chess"))
    names = sorted({each.dreamer for each in reports if each.arm != "baseline"})
    heard = [replace(each, heard=each.dreamer == names[0] and each.arm != "baseline") for each in reports]
    second = answer(findings_of(heard, registration), "T2")
    assert second.parts["heard"] == 1.0
    assert 0 < second.parts["p_without_heard"] < 0.2
    assert second.p == answer(findings_of(reports, registration), "T2").p
    assert "p_without_heard" not in answer(findings_of(heard, replace(registration, without_heard=False)), "T2").parts


def test_a_group_with_a_cue_against_one_without() -> None:
    reports, registration = two_groups(6, Plan(n=8, share=0.67), ("pottery", "chess"))
    control = [replace(each, arm="control") if each.arm == "b" else each for each in reports]
    theme = Registration(themes={"": registration.themes["a"]}, primary="T2")
    findings = findings_of(control, theme)
    assert answer(findings, "T2").p < 0.05
    assert answer(findings, "T1").n == 8


def test_without_any_theme_groups_are_compared_as_a_whole() -> None:
    reports, _ = two_groups(7, Plan(n=12, share=1.0), ("pottery", "chess"))
    second = answer(findings_of(reports, Registration(primary="T3")), "T2")
    assert second.p < 0.05
    assert "No cue was named" in second.note


def test_a_long_report_is_no_evidence_of_its_theme() -> None:
    before = ["one two three four"] * 5
    texts = texts_of([(["lamp " + "word " * 79], before)] * 4, [0] * 4)
    scores = rates(texts, lexicon(["lamp"]))
    weights = least_favourable(scores, texts)
    assert weights[0] == pytest.approx(0.8)
    assert weights[:6].sum() == pytest.approx(1.0)
    assert incubated(scores, texts, seed=1)[1] > 0.15
    even = texts_of([(["lamp two three four"], before)] * 4, [0] * 4)
    assert np.allclose(least_favourable(rates(even, lexicon(["lamp"])), even), 1 / 6)
    assert incubated(rates(even, lexicon(["lamp"])), even, seed=1)[1] < 0.01


def test_who_heard_the_cue_is_left_out_in_a_second_look(planted: list[Report]) -> None:
    heard = [replace(each, heard=each.dreamer < "d03" and each.arm == "cue") for each in planted]
    parts = answer(findings_of(heard, registered(THEME)), "T1").parts
    assert parts["heard"] == 3.0
    assert 0 < parts["p_without_heard"] < 0.2


def test_several_nights_are_one_permutation_on_the_one_baseline() -> None:
    reports = group(8, Plan(n=6, share=0.34, theme=THEME, nights=4))
    nights = tuple(sorted({each.night for each in reports if each.arm == "cue"}))
    one = findings_of(reports, registered(THEME))
    joint = findings_of(reports, registered(THEME, nights=nights))
    assert one.nights == nights[-1:]
    assert joint.nights == nights
    assert answer(joint, "T1").p < answer(one, "T1").p < 0.5
    assert answer(joint, "T1").p < 0.01


def test_without_the_theme_of_a_planted_night_nothing_is_left() -> None:
    from dreamloom.testing.dream_words import THEMES

    reports = group(9, Plan(n=12, share=0.67, theme=THEME))
    whole = Registration(themes={"": THEMES[THEME]})
    findings = findings_of(reports, whole)
    assert answer(findings, "T3").p < 0.05 < answer(findings, "T4").p


def draw(drawn: str = "b", **more: object) -> Draw:
    candidates = tuple(
        Candidate(each, (word,)) for each, word in zip("abcd", ("kiln", "pawn", "lava", "plum"), strict=True)
    )
    made = {"id": "1", "candidates": candidates, "drawn": drawn, "salt": "s", "seal": seal_of(drawn, "s"), **more}
    return Draw(**made)  # type: ignore[arg-type]


def test_one_draw_has_a_quarter_however_many_reports_name_it() -> None:
    draws = [draw(rankings=(("b", "a", "c", "d"),) * 20)]
    assert found(draws, [by_judges(each) for each in draws]) == (60.0, 0.25, 1)
    three = draws * 3
    assert found(three, [by_judges(each) for each in three])[1] == round(0.25**3, 5)


def test_a_seal_that_does_not_open_is_refused(planted: list[Report]) -> None:
    wrong = draw(seal="0" * 64)
    assert "does not open" in why(findings_of(planted, registered(THEME), draws=[wrong]), "T5")
    assert answer(findings_of(planted, registered(THEME), draws=[draw(id=each) for each in "123"]), "T5").n == 3


def test_a_draw_counts_once_and_by_reports_of_its_own_night_alone(planted: list[Report]) -> None:
    twice = findings_of(planted, registered(THEME), draws=[draw(), draw()])
    assert why(twice, "T5") == "Draw 1 stands there twice, and one draw counts once."
    elsewhere = findings_of(planted, registered(THEME), draws=[draw(night="another")])
    assert "'another', which is not tested" in why(elsewhere, "T5")
    judged = [draw(night="another", rankings=(("b", "a", "c", "d"),))]
    assert answer(findings_of(planted, registered(THEME), draws=judged), "T5").p == 0.25


def test_the_text_ranks_targets_by_their_words() -> None:
    assert by_text(draw(), ["A pawn and a pawn.", "Nothing of it."]) == (2.5, 4.5, 2.5, 2.5)


def test_choices_are_known_by_one_hash_in_any_order() -> None:
    one = Registration(themes={"a": ("x",), "b": ("y",)})
    assert one.sha256 == Registration(themes={"b": ("y",), "a": ("x",)}).sha256
    assert one.sha256 != replace(one, alpha=0.01).sha256
    assert unsound(one) == ""
    assert "alpha" in unsound(replace(one, alpha=0.5))
    assert "primary" in unsound(replace(one, tests=("T3",)))


def test_what_is_said_is_made_of_the_numbers(planted: list[Report]) -> None:
    first = answer(findings_of(planted, registered(THEME)), "T1")
    said = " ".join(sentences(first, had_control=False))
    assert f"{first.k} of 12 dreamed of the theme (usual for them:" in said
    assert "more than their own baseline" in said
    assert "What the night had in common" in said
    assert "not registered" in said
    assert "not registered" not in " ".join(sentences(replace(first, registered=True), had_control=True))
    assert "no more than their own baseline" in " ".join(
        sentences(replace(first, p=0.4, verdict="as usual"), had_control=False)
    )


def test_nights_are_counted_as_people_count() -> None:
    assert sorted(["n10", "n9", "n1"], key=night_order) == ["n1", "n9", "n10"]


def test_mornings_that_all_bear_one_name_are_mornings_all_the_same(planted: list[Report]) -> None:
    named = [each if each.arm == "cue" else replace(each, night="before") for each in planted]
    assert answer(findings_of(named, registered(THEME)), "T1").n == 12


def test_several_awakenings_of_a_night_are_one_report(planted: list[Report]) -> None:
    tonight = [each for each in planted if each.arm == "cue"]
    again = [replace(each, text="A second short dream of nothing.", order=each.order + 1) for each in tonight]
    assert answer(findings_of([*planted, *again], registered(THEME)), "T1").n == 12
