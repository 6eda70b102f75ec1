"""Agreement with an expert: as scikit-learn counts it, UNSCORED wrong, intervals from blocks of five minutes."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from dreamloom.statistics.agreement import agreement, block_counts, gain
from dreamloom.statistics.hypnograms import Stretch, epoch_stages
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import Seconds

W, N1, N2, N3, R = SCORED_STAGES


def scorings(count: int = 90, *, right: float = 0.7) -> tuple[list[Stage | None], list[Stage]]:
    rng = stream(3, "scorings", count)
    truth = [SCORED_STAGES[k] for k in rng.integers(0, 5, count)]
    told = [t if rng.random() < right else SCORED_STAGES[int(rng.integers(0, 5))] for t in truth]
    return list(truth), told


def test_kappa_accuracy_and_f1_are_those_of_scikit_learn() -> None:
    truth, told = scorings()
    found = agreement(block_counts(truth, told), seed=1)
    assert found.kappa == pytest.approx(cohen_kappa_score(truth, told), abs=1e-4)
    by_stage = f1_score(truth, told, labels=list(SCORED_STAGES), average=None)
    assert [found.f1[str(s)] for s in SCORED_STAGES] == pytest.approx(by_stage.tolist(), abs=1e-4)
    assert found.macro_f1 == pytest.approx(by_stage.mean(), abs=1e-4)
    assert found.accuracy == pytest.approx(np.mean([t == o for t, o in zip(truth, told, strict=True)]), abs=1e-4)


def test_what_was_not_scored_is_wrong_and_lowers_the_coverage() -> None:
    truth: list[Stage | None] = [N2] * 10 + [W] * 10
    half = [N2] * 10 + [W] * 5 + [Stage.UNSCORED] * 5
    found = agreement(block_counts(truth, half), seed=1)
    assert (found.coverage, found.accuracy) == (0.75, 0.75)
    assert found.kappa is not None
    assert found.kappa < 0.7


def test_epochs_without_a_truth_are_left_out() -> None:
    found = agreement(block_counts([N2, None, W, None], [N2, W, W, N3]), seed=1)
    assert (found.epochs, found.accuracy, found.kappa) == (2, 1.0, 1.0)


def test_a_stage_that_nobody_named_has_no_f1_and_one_stage_alone_no_kappa() -> None:
    found = agreement(block_counts([N2, N2, W, W], [N2, W, W, W]), seed=1)
    assert (found.f1["R"], found.f1["N3"]) == (None, None)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.8) / 2, abs=1e-4)
    assert agreement(block_counts([N2, N2], [N2, N2]), seed=1).kappa is None


def test_without_any_truth_every_figure_is_absent() -> None:
    found = agreement(block_counts([None, None], [N2, N2]), seed=1)
    assert (found.epochs, found.kappa, found.kappa_ci, found.accuracy, found.macro_f1) == (0, None, None, None, None)


def test_the_interval_is_the_same_twice_and_holds_the_figure() -> None:
    counts = block_counts(*scorings(300))
    one, other = agreement(counts, seed=5), agreement(counts, seed=5)
    assert one == other
    assert one.kappa_ci is not None
    assert one.kappa is not None
    assert one.kappa_ci[0] < one.kappa < one.kappa_ci[1]


def test_the_gain_is_paired_so_that_equals_gain_exactly_nothing() -> None:
    truth, told = scorings(200, right=0.5)
    counts = block_counts(truth, told)
    same = gain(counts, counts, over="itself", seed=5)
    assert (same.kappa, same.ci) == (0.0, (0.0, 0.0))
    better = block_counts(truth, [t or W for t in truth])
    assert (gain(better, counts, over="half", seed=5).ci or (0, 0))[0] > 0.2


def test_stretches_that_cut_epochs_are_counted_by_time() -> None:
    stretches = [Stretch(Seconds(5.0 * k), Seconds(5.0), stage) for k, stage in enumerate([W] * 2 + [N2] * 4 + [R] * 3)]
    assert epoch_stages(stretches, 3) == [N2, R, None]
    assert epoch_stages([Stretch(Seconds(10.0), Seconds(1000.0), N3)], 2) == [N3, N3]
    assert epoch_stages([Stretch(Seconds(0.0), Seconds(30.0), Stage.UNSCORED)], 1) == [None]
