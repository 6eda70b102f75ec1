"""What sounds do to a sleeper: nothing when silent, more when louder, less when repeated, and always the same."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.hearing import (
    EARLIEST_S,
    EARS,
    LUCK,
    SENSITISATION_S,
    SILENT,
    Cue,
    Heard,
    Hearing,
    Response,
    chance_of_arousal,
    chance_of_k_complex,
    loudness_db,
    respond,
)
from dreamloom.sleeper.presets import PRESETS
from dreamloom.sleeper.signals import Electrodes
from dreamloom.sleeper.traits import traits_of
from dreamloom.vocabulary.chance import stream

NIGHT_S = 3 * 3600
W, N1, N2, N3, R = range(5)
ASLEEP = [N1, N2, N3, R]
PERSON = traits_of(1, "S01", "lucid")
LEVELS_DB = st.floats(-20.0, 100.0)


def heard(level_db: float, stage: int = N2, *, onset_s: float = 1000.0, luck: int = 0, phasic: bool = False) -> Heard:
    cue = Cue(onset_s, 1.0, level_db)
    return Heard(cue, PERSON, stage, phasic, stream(luck, "luck").random(LUCK))


def share(of: Callable[[Response], bool], level_db: float, stage: int) -> float:
    return float(np.mean([of(respond(Hearing(), heard(level_db, stage, luck=luck))[1]) for luck in range(200)]))


def aroused(response: Response) -> bool:
    return any(happening.what == "arousal" for happening in response.happenings)


@given(st.floats(max_value=10.0) | st.just(math.nan), st.sampled_from([W, *ASLEEP]), st.integers(0, 50))
def test_what_cannot_be_heard_changes_nothing(level_db: float, stage: int, luck: int) -> None:
    assert respond(Hearing(), heard(level_db, stage, luck=luck)) == (Hearing(), SILENT)


@pytest.mark.parametrize("cue", [Cue(9.0, 0.0, 60.0), Cue(9.0, float("nan"), 60.0), Cue(9.0, 1.0, float("inf"))])
def test_a_sound_that_is_no_sound_is_not_heard(cue: Cue) -> None:
    assert respond(Hearing(), heard(60.0)._replace(cue=cue)) == (Hearing(), SILENT)


def test_short_sounds_are_softer_and_long_ones_are_not_louder() -> None:
    assert loudness_db(Cue(0.0, 0.02, 60.0)) == pytest.approx(50.0)
    assert loudness_db(Cue(0.0, 0.2, 60.0)) == loudness_db(Cue(0.0, 20.0, 60.0)) == 60.0


@given(LEVELS_DB, LEVELS_DB, st.sampled_from(ASLEEP), st.booleans())
def test_a_louder_sound_never_arouses_less(one_db: float, other_db: float, stage: int, phasic: bool) -> None:  # noqa: FBT001 drawn
    soft_db, loud_db = sorted((one_db, other_db))
    soft, loud = (heard(level_db, stage, phasic=phasic) for level_db in (soft_db, loud_db))
    assert chance_of_arousal(Hearing(), soft) <= chance_of_arousal(Hearing(), loud)
    assert chance_of_k_complex(Hearing(), soft) <= chance_of_k_complex(Hearing(), loud)


def test_louder_sounds_arouse_more_sleepers() -> None:
    for stage in ASLEEP:
        shares = [share(aroused, level_db, stage) for level_db in (30.0, 50.0, 65.0, 90.0)]
        assert all(soft <= loud for soft, loud in pairwise(shares))
        assert shares[-1] > shares[0] + 0.5


def test_deep_sleep_and_phasic_rem_wake_least() -> None:
    chance = {stage: chance_of_arousal(Hearing(), heard(60.0, stage)) for stage in ASLEEP}
    phasic = chance_of_arousal(Hearing(), heard(60.0, R, phasic=True))
    assert chance[N1] > chance[N2] == chance[R] > phasic > chance[N3]


def test_who_is_awake_is_not_aroused() -> None:
    assert all(respond(Hearing(), heard(90.0, W, luck=luck))[1] == SILENT for luck in range(50))


@given(st.integers(2, 40), st.floats(1.0, 300.0), st.floats(30.0, 60.0))
def test_repetition_never_makes_a_sound_more_arousing(count: int, every_s: float, level_db: float) -> None:
    state, chances = Hearing(), []
    for number in range(count):
        again = heard(level_db, onset_s=number * every_s)
        chances.append(chance_of_arousal(state, again))
        state, _ = respond(state, again._replace(luck=np.full(LUCK, 0.999999)))
    assert all(earlier >= later - 1e-12 for earlier, later in pairwise(chances))
    assert chances[-1] < chances[0]


def test_the_ear_opens_again_when_it_is_quiet() -> None:
    state = Hearing()
    for number in range(10):
        state, _ = respond(state, heard(50.0, onset_s=10.0 * number, luck=3)._replace(luck=np.full(LUCK, 0.999999)))
    soon, late = (chance_of_arousal(state, heard(50.0, onset_s=onset_s)) for onset_s in (100.0, 7200.0))
    assert soon < late <= chance_of_arousal(Hearing(), heard(50.0))


def test_after_an_arousal_the_next_sound_wakes_more_easily_for_a_while() -> None:
    after = Hearing(aroused_s=1000.0)
    chances = [chance_of_arousal(after, heard(50.0, onset_s=1000.0 + k * SENSITISATION_S)) for k in range(6)]
    assert all(earlier > later for earlier, later in pairwise(chances))
    assert chances[-1] == pytest.approx(chance_of_arousal(Hearing(), heard(50.0)), rel=0.05)


def test_k_complexes_come_in_n2_and_n3_alone_and_need_a_pause() -> None:
    chance = {stage: chance_of_k_complex(Hearing(), heard(55.0, stage)) for stage in ASLEEP}
    assert chance[N2] > chance[N3] > 0.2
    assert chance[N1] == chance[R] == 0.0
    since = [chance_of_k_complex(Hearing(k_complex_s=1000.0 - gap_s), heard(55.0)) for gap_s in (1.0, 5.0, 30.0)]
    assert since[0] < since[1] < since[2] <= chance[N2]


def test_the_agreed_signal_is_given_in_rem_alone_and_by_those_who_can() -> None:
    def signalled(response: Response) -> bool:
        return any(happening.what == "lucid signal" for happening in response.happenings)

    assert 0.05 < share(signalled, 40.0, R) < 0.25
    assert share(signalled, 40.0, N2) == 0.0
    typical = [heard(40.0, R, luck=luck)._replace(traits=traits_of(1, "S01")) for luck in range(200)]
    assert not any(signalled(respond(Hearing(), each)[1]) for each in typical)


def test_some_arousals_end_in_waking_and_then_in_sleep_again() -> None:
    found = [respond(Hearing(), heard(70.0, luck=luck))[1] for luck in range(400)]
    woken = [response.woken for response in found if response.woken]
    assert 0.1 < len(woken) / sum(map(aroused, found)) < 0.9
    assert all(one.onset_s < one.asleep_s < one.end_s for one in woken)


@given(st.integers(0, 10**6), st.sampled_from(ASLEEP), st.sampled_from(sorted(PRESETS)))
def test_nothing_shows_before_the_earliest(luck: int, stage: int, preset: str) -> None:
    sound = heard(90.0, stage, luck=luck)._replace(traits=traits_of(luck, "S01", preset))
    _, response = respond(Hearing(), sound)
    assert all(happening.onset_s >= sound.cue.onset_s + EARLIEST_S for happening in response.happenings)
    assert all(0.0 < happening.duration_s < 16.0 for happening in response.happenings)


def test_the_rows_of_ears_are_chances() -> None:
    assert all(0.0 <= ear.k_share <= 1.0 for ear in EARS.values())


def night(*cues: Cue, preset: str = "light", seed: int = 4, **arguments: Any) -> Course:
    course = Course(traits_of(seed, "S01", preset), seed, until_s=NIGHT_S, **arguments)
    for cue in cues:
        course.hear(cue)
    return course


CUES = st.builds(Cue, st.floats(600.0, NIGHT_S - 600.0), st.floats(0.05, 5.0), st.floats(20.0, 90.0))


@settings(max_examples=12, deadline=None)
@given(st.lists(CUES, min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_the_order_in_which_sounds_are_told_does_not_matter(cues: list[Cue], shuffle: Any) -> None:
    in_order = night(*sorted(cues))
    shuffle.shuffle(cues)
    mixed = night(*cues, *cues[:2])
    assert mixed.stages.tobytes() == in_order.stages.tobytes()
    for cue in cues:
        assert mixed.minute(int(cue.onset_s // 60)) == in_order.minute(int(cue.onset_s // 60))


@settings(max_examples=12, deadline=None)
@given(CUES, st.sampled_from(["light", "dreamer", "nightmares", "insomnia"]))
def test_a_sound_changes_nothing_that_was_before_it(cue: Cue, preset: str) -> None:
    quiet, loud = (
        Electrodes(course, sfreq_hz=100, with_body=True)
        for course in (night(preset=preset), night(cue._replace(level_db=90.0), preset=preset))
    )
    shows_from_s = cue.onset_s + EARLIEST_S
    for second in range(int(shows_from_s) - 6, int(shows_from_s) + 1):
        before = second + np.arange(100) / 100 < shows_from_s
        assert quiet.second(second)[before].tobytes() == loud.second(second)[before].tobytes()


def test_a_loud_sound_wakes_and_the_night_goes_on_as_planned() -> None:
    quiet = night()
    asleep = np.flatnonzero(quiet.stages[:NIGHT_S] == N2)[::400].tolist()
    responses = {at_s: night(Cue(at_s + 0.5, 2.0, 90.0)) for at_s in asleep}
    woken = [(at_s, course) for at_s, course in responses.items() if course.stages[at_s + 12] == W]
    assert len(woken) > 2
    for at_s, course in woken:
        assert course.stages[: at_s + 6].tobytes() == quiet.stages[: at_s + 6].tobytes()
        assert course.stages[at_s + 600 :].tobytes() == quiet.stages[at_s + 600 :].tobytes()


def test_a_course_of_few_kinds_hears_as_a_whole_one_does() -> None:
    cues = [Cue(1000.0 + 90.0 * number, 1.0, 55.0) for number in range(60)]
    whole, few = night(*cues), night(*cues, kinds=["arousal"])
    assert whole.stages.tobytes() == few.stages.tobytes()
    for minute in range(15, 110):
        assert [each for each in whole.minute(minute) if each.what == "arousal"] == list(few.minute(minute))
