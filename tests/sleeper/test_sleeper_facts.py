"""A pod's beliefs about a simulated sleeper: wrong as often as a good stager, honest about it, and late."""

import math
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.facts import CONFUSION, NOTICED, Beliefs, Facts, facts
from dreamloom.sleeper.hearing import Cue
from dreamloom.sleeper.traits import changed, traits_of
from dreamloom.sleeper.truth import truth, truth_of
from dreamloom.testing.sleeper_check import agreement
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import FloatArray

NIGHT_S = 5 * 3600


@cache
def night(seed: int) -> Facts:
    return facts(traits_of(seed, "S01", "lucid"), seed, NIGHT_S)


def believed_and_true(found: Facts) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Per full window: index of the stage believed, of the one that filled most of it, and the confidence."""
    scored = [fact for fact in found.stages if fact.stage != Stage.UNSCORED]
    windows = [found.truth.stages[int(fact.onset_s) - 30 : int(fact.onset_s)] for fact in scored]
    true = [SCORED_STAGES.index(max(SCORED_STAGES, key=window.count)) for window in windows]
    said = [SCORED_STAGES.index(fact.stage) for fact in scored]
    return np.array(said), np.array(true), np.array([fact.confidence for fact in scored])


def test_there_is_one_estimate_every_five_seconds() -> None:
    onsets_s = [fact.onset_s for fact in night(1).stages]
    assert onsets_s == list(range(5, NIGHT_S + 1, 5))
    assert all(fact.decided_at_s >= fact.onset_s for fact in night(1).stages)


def test_nothing_is_scored_before_the_first_window_is_full() -> None:
    first = night(1).stages[:6]
    assert [fact.stage for fact in first[:5]] == [Stage.UNSCORED] * 5
    assert all(fact.confidence == 0.0 and fact.probabilities == () for fact in first[:5])
    assert first[5].stage != Stage.UNSCORED


def test_probabilities_sum_to_one_and_the_stage_is_the_likeliest() -> None:
    for fact in night(1).stages[5:500]:
        assert abs(sum(fact.probabilities) - 1.0) < 5e-4
        assert fact.confidence == max(fact.probabilities)
        assert SCORED_STAGES[fact.probabilities.index(fact.confidence)] == fact.stage


def test_agreement_with_the_truth_is_that_of_a_good_stager() -> None:
    kappas = [agreement(true, said)["kappa"] for said, true, _ in map(believed_and_true, map(night, (1, 2)))]
    assert all(0.65 < kappa < 0.85 for kappa in kappas), kappas
    assert 0.70 < np.mean(kappas) < 0.80, kappas


def test_confidence_means_what_it_says() -> None:
    said, true, confidence = map(np.concatenate, zip(*map(believed_and_true, map(night, (1, 2))), strict=True))
    for low in (0.7, 0.8, 0.9):
        chosen = (confidence >= low) & (confidence < low + 0.1)
        assert abs((said == true)[chosen].mean() - confidence[chosen].mean()) < 0.08


def test_beliefs_flicker_as_live_estimates_do() -> None:
    said, _, _ = believed_and_true(night(1))
    changes_per_min = 12.0 * float(np.mean(np.diff(said) != 0))
    assert 0.3 < changes_per_min < 1.7


def test_what_is_noticed_is_noticed_late_and_not_always() -> None:
    found = night(2)
    for what, share in (("arousal", 0.9), ("saccade", 0.78)):
        noticed = [fact.onset_s for fact in found.noticed if fact.what == what]
        true = found.truth.onsets_s(what)  # type: ignore[arg-type]
        assert abs(len(noticed) / len(true) - share) < 0.1
        assert all(any(0.0 < at - onset_s < 3.0 for onset_s in true) for at in noticed[:50])


def test_the_truth_beside_the_beliefs_is_the_whole_truth_of_what_can_be_noticed() -> None:
    person = traits_of(4, "S01", "lucid")
    whole = truth(person, 4, 9000, start_s=3000)
    beside = facts(person, 4, 9000, start_s=3000).truth
    assert beside.stages == whole.stages
    assert beside.happenings == tuple(happening for happening in whole.happenings if happening.what in NOTICED)


def test_a_confusion_row_is_a_distribution() -> None:
    assert np.allclose(CONFUSION.sum(axis=1), 1.0)
    assert (CONFUSION.argmax(axis=1) == np.arange(5)).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 1500), st.integers(0, 4000))
def test_the_same_night_twice_gives_the_same_facts(seed: int, duration_s: int, start_s: int) -> None:
    person = traits_of(seed, "S01")
    assert facts(person, seed, duration_s, start_s=start_s) == facts(person, seed, duration_s, start_s=start_s)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.integers(60, 1500))
def test_a_longer_stretch_begins_with_the_shorter_one(seed: int, duration_s: int) -> None:
    person = traits_of(seed, "S01")
    short, long = facts(person, seed, duration_s), facts(person, seed, duration_s + 300)
    assert long.stages[: len(short.stages)] == short.stages
    assert long.truth.happenings[: len(short.truth.happenings)] == short.truth.happenings


def test_a_stretch_shorter_than_a_hop_holds_no_estimate() -> None:
    assert facts(traits_of(1, "S01"), 1, 4).stages == ()


CUES = st.lists(
    st.tuples(st.floats(0.0, 2400.0), st.floats(0.1, 3.0), st.floats(30.0, 90.0)), min_size=1, max_size=8, unique=True
)


def beliefs(preset: str = "light", start_s: int = 3000) -> Beliefs:
    return Beliefs(traits_of(3, "S01", preset), 3, 2400, start_s=start_s)


@settings(max_examples=10, deadline=None)
@given(CUES, st.lists(st.floats(0.1, 400.0), max_size=12))
def test_beliefs_told_in_steps_are_those_told_at_once(
    cues: list[tuple[float, float, float]], steps_s: list[float]
) -> None:
    at_once, stepwise, told = beliefs(), beliefs(), sorted(cues)
    for cue in cues:
        at_once.hear(*cue)
    pieces = []
    for at_s in [*np.cumsum(steps_s).tolist(), 2400.0, math.inf]:
        while told and told[0][0] <= at_s:
            pieces.append(stepwise.read(told[0][0]))
            stepwise.hear(*told.pop(0))
        pieces.append(stepwise.read(at_s))
    stages = [fact for piece, _ in pieces for fact in piece]
    noticed = [fact for _, piece in pieces for fact in piece]
    assert (stages, noticed) == at_once.read(math.inf)
    assert stepwise.truth() == at_once.truth()


def test_nothing_is_believed_before_it_is_decided() -> None:
    found = beliefs()
    for until_s in (0.0, 4.0, 5.0, 5.06, 33.3, 700.1, 2400.0):
        stages, noticed = found.read(until_s)
        assert all(fact.decided_at_s <= until_s for fact in stages)
        assert all(fact.onset_s <= until_s for fact in noticed)


def test_a_sound_that_wakes_is_believed_and_shows_in_samples_as_it_does_in_facts() -> None:
    person = traits_of(3, "S01", "light")
    sounds = [(300.0 * number + 100.5, 2.0, 90.0) for number in range(7)]
    found = beliefs()
    course = Course(person, 3, until_s=3000 + 2400)
    for onset_s, duration_s, level_db in sounds:
        found.hear(onset_s, duration_s, level_db)
        course.hear(Cue(3000 + onset_s, duration_s, level_db))
    assert found.truth().stages == truth_of(course, 2400, start_s=3000).stages
    quiet = beliefs()
    assert found.truth().stages.count(Stage.W) > quiet.truth().stages.count(Stage.W)
    aroused = [fact for fact in found.read(math.inf)[1] if fact.what == "arousal"]
    assert len(aroused) > len([fact for fact in quiet.read(math.inf)[1] if fact.what == "arousal"])


def test_who_is_out_of_bed_is_not_scored_and_nothing_is_noticed() -> None:
    person = changed(traits_of(5, "S01"), {"outings_per_h": 1.5})
    found = Beliefs(person, 5, NIGHT_S)
    away = [stretch for stretch in found.truth().stretches if stretch.what == "out of bed"]
    stages, noticed = found.read(math.inf)
    assert away
    for stretch in away:
        within = [fact for fact in stages if stretch.onset_s + 30 < fact.onset_s < stretch.end_s]
        assert within
        assert {fact.stage for fact in within} == {Stage.UNSCORED}
        assert not [fact for fact in noticed if stretch.onset_s + 3 < fact.onset_s < stretch.end_s]


def test_a_look_alike_is_sometimes_taken_for_a_signal() -> None:
    person = changed(traits_of(5, "S01", "dreamer"), {"look_alikes_per_h": 60.0, "lucid_signals_per_h": 0.0})
    found = facts(person, 5, 8 * 3600)
    mistaken = [fact for fact in found.noticed if fact.what == "lucid signal"]
    assert 0 < len(mistaken) < 0.3 * len(found.truth.onsets_s("look-alike"))
    assert not found.truth.onsets_s("lucid signal")
