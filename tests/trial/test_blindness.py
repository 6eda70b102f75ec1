"""Could they tell? Held to the example of the index's own paper, and to what chance does by itself."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from dreamloom.statistics.blinding import Answers, blinding_index, recognition
from dreamloom.trial.blindness import DONT_KNOW, Morning, blindness, sheet
from dreamloom.vocabulary.chance import stream

NONCE = bytes(32)


def test_the_index_of_the_published_example():
    """The drug and placebo arms of the CRISP trial as Bang, Ni and Davis (2004) print them."""
    drug, placebo = blinding_index(Answers(82, 27, 170)), blinding_index(Answers(29, 25, 83))
    assert drug.index == pytest.approx(0.1971, abs=1e-4)
    assert drug.ci_wald == pytest.approx((0.1275, 0.2667), abs=1e-4)
    assert placebo.index == pytest.approx(0.0292, abs=1e-4)
    assert drug.reading == "uncertain"
    assert placebo.reading == "blinded"


@pytest.mark.parametrize("answers", [Answers(12, 2, 36), Answers(3, 5, 4), Answers(9, 0, 3)])
def test_the_ends_of_the_interval_are_where_the_score_test_begins_to_reject(answers):
    """Tango's statistic with the restricted likelihood maximised numerically instead of by its closed form."""
    for end, z in zip(blinding_index(answers).ci, (1.96, -1.96), strict=True):
        fitted = minimize_scalar(lambda q: -_log_likelihood(answers, q, end), bounds=_open(end), method="bounded").x  # noqa: B023
        variance = answers.total * (2 * fitted + end - end**2)
        assert (answers.right - answers.wrong - answers.total * end) / np.sqrt(variance) == pytest.approx(z, abs=0.01)


def _open(at):
    return max(0.0, -at) + 1e-9, (1.0 - at) / 2 - 1e-9


def _log_likelihood(answers, wrong, at):
    cells = ((answers.right, wrong + at), (answers.wrong, wrong), (answers.dont_know, 1 - at - 2 * wrong))
    return sum(n * np.log(share) for n, share in cells if n)


@pytest.mark.parametrize("answers", [Answers(6, 0, 0), Answers(0, 6, 0), Answers(0, 0, 6), Answers(1, 0, 0)])
def test_no_interval_is_a_single_point_however_few_answer_and_however_much_alike(answers):
    low, high = blinding_index(answers).ci
    assert -1.0 <= low < high <= 1.0


def test_the_interval_holds_the_truth_as_often_as_it_says():
    drawn = stream(4, "blinding").multinomial(30, [0.4, 0.2, 0.4], size=1500)
    held = [low <= 0.2 <= high for low, high in (blinding_index(Answers(*map(int, row))).ci for row in drawn)]
    assert 0.93 < np.mean(held) < 0.97


def test_nobody_asked_gives_no_index_and_odd_counts_none_at_all():
    assert blinding_index(Answers(0, 0, 0)) is None
    with pytest.raises(ValueError, match="cannot have been counted"):
        blinding_index(Answers(-1, 2, 3))


def test_who_says_yes_to_everything_has_recognised_nothing():
    assert recognition([(True, [True] * 3)] * 9).p == 1.0
    sure = recognition([(True, [False] * 3)] * 5)
    assert sure.p == pytest.approx(0.25**5, abs=1e-4)
    assert (sure.heard, sure.expected) == (5, 1.25)
    assert recognition([]) is None


def test_by_chance_recognition_is_found_as_often_as_it_should_be():
    random = stream(5, "sheets")
    found = []
    for _ in range(400):
        said = random.random((20, 4)) < 0.4
        found.append(recognition([(bool(row[0]), row[1:].tolist()) for row in said]).p <= 0.05)
    assert np.mean(found) <= 0.08


def test_a_sheet_holds_the_planned_cue_among_decoys_and_is_the_same_in_every_arm():
    asked = [
        sheet(NONCE, sleeper="S01", night=n, arms=("active", "sham"), cue="chord", decoys=("bell", "rain"))
        for n in range(1, 40)
    ]
    assert all(sorted(each.sounds) == ["bell", "chord", "rain"] for each in asked)
    assert {each.sounds.index("chord") for each in asked} == {0, 1, 2}


def test_answers_are_counted_by_the_true_arm_and_dont_know_is_no_guess():
    arms = {("S1", 1): "active", ("S1", 2): "sham", ("S2", 1): "sham", ("S2", 2): "active"}
    mornings = [
        Morning("S1", 1, "active", ("chord",), "chord", ("bell",)),
        Morning("S1", 2, DONT_KNOW, (), "chord", ("bell",)),
        Morning("S2", 1, "active", ("bell",), "chord", ("bell",)),
        Morning("S2", 2, "active"),
    ]
    found = blindness(mornings, arms)
    assert found.by_arm["active"].answers == Answers(2, 0, 0)
    assert found.by_arm["sham"].answers == Answers(0, 1, 1)
    assert found.recognised["active"].people == 1
    assert (found.recognised["sham"].heard, found.recognised["sham"].decoys_heard) == (0, 0.5)
    assert found.mornings == 4
