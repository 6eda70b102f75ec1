"""Cues that come in trains, behind a wave or by themselves: each decided on its own, and stopped in the middle."""

from functools import cache

import numpy as np
import pytest

from dreamloom.pod.fold import evolve
from dreamloom.pod.state import opening_state
from dreamloom.pod.trains import Train
from dreamloom.record.codec import comparable
from dreamloom.record.events import (
    ArousalSeen,
    CueAudited,
    CueDue,
    CuePlayed,
    CueWithheld,
    PhaseChecked,
    PhaseWindowOpened,
    Recovered,
)
from dreamloom.testing.nights import EAGER, TinyBed, TinyNight, plan_of, rem_source, run_tiny_night, withdrawal
from dreamloom.testing.signals import FakeSource
from dreamloom.testing.slow_waves import CLICKS, deep_night, dues_of, error_deg, windows_of
from dreamloom.vocabulary.units import EFFECT_TICKS, FloatArray, Seconds

PAIRS = CLICKS.replace("    every: 2.5 s", "    every: 4 s\n    repeat: {times: 2, apart: 1.2 s, because: ours}")
TRIPLES = EAGER.replace("duration: 1 s", "duration: 200 ms").replace(
    "    every: 4 s", "    every: 4 s\n    repeat: {times: 3, apart: 0.4 s, because: ours}"
)


@cache
def pairs() -> TinyNight:
    return deep_night(100, text=PAIRS)


def test_each_wave_is_followed_by_the_second_cue_of_its_pair() -> None:
    dues = dues_of(pairs())
    windows = windows_of(pairs())
    firsts = [due for due in dues if due.cause in windows]
    seconds = [due for due in dues if due.cause not in windows]
    assert len(firsts) >= 4
    assert [round(due.play_at_s - 1.2, 6) for due in seconds] == [due.play_at_s for due in firsts][: len(seconds)]
    assert len(firsts) - len(seconds) <= 1
    assert all(abs(error_deg(due.play_at_s)) < 25 for due in firsts)
    played = {event.cause: event for event in pairs().events if isinstance(event, CuePlayed)}
    assert all(played[due.id].actual_s == due.play_at_s for due in dues[:-1])


def test_trains_begin_no_sooner_than_their_interval_allows() -> None:
    firsts_s = [due.play_at_s for due in dues_of(pairs()) if due.cause in windows_of(pairs())]
    assert min(np.diff(firsts_s)) >= 4.0


def test_every_cue_of_a_pair_is_audited_once_and_none_of_them_teaches() -> None:
    night = pairs()
    audited = [str(event.cause) for event in night.of(CueAudited)]
    assert sorted(audited) == sorted(due.id for due in dues_of(night))
    checked_s = {event.met_s for event in night.events if isinstance(event, PhaseChecked)}
    assert not checked_s & {due.play_at_s for due in dues_of(night)}


@pytest.mark.slow
def test_a_sham_train_leaves_all_as_a_sounding_one_does() -> None:
    logs = []
    for arm in ("active", "sham"):
        night = deep_night(76, text=PAIRS, arm=arm)
        pod = next(iter(night.engine._bedsides.values())).pod
        (watched,) = pod.waves
        logs.append((watched.state.errors_rad, watched.state.planned_s, pod.decision, len(dues_of(night))))
    assert logs[0] == logs[1]
    assert logs[0][3] >= 3


def test_a_sleeper_who_withdraws_between_two_cues_of_a_pair_hears_no_second() -> None:
    first = next(due for due in dues_of(pairs()) if due.cause in windows_of(pairs()) and due.play_at_s > 50)
    night = deep_night(first.play_at_s + 8, text=PAIRS, script=[withdrawal("p1", round(first.play_at_s + 0.1, 6))])
    assert max(event.actual_s for event in night.events if isinstance(event, CuePlayed)) == first.play_at_s


@cache
def plain(text: str = TRIPLES, *, seconds: float = 55, block_samples: int = 25) -> TinyNight:
    source = rem_source(seconds=seconds, block_samples=block_samples)
    return run_tiny_night({"p1": TinyBed(source=source)}, text=text, ahead_s=block_samples / 100)


def test_a_plain_part_repeats_its_cue_closer_than_a_second() -> None:
    at_s = [due.play_at_s for due in dues_of(plain())]
    assert len(at_s) >= 9
    trains = [at_s[first : first + 3] for first in range(0, len(at_s) - 2, 3)]
    for train in trains:
        assert np.allclose(np.diff(train), 0.4, rtol=0, atol=2e-6)
    assert min(np.diff([train[0] for train in trains])) >= 4.0


def test_a_budget_that_is_spent_ends_a_train_in_its_middle() -> None:
    night = plain(TRIPLES.replace("per_night: 1000", "per_night: 4").replace("per_hour: 500", "per_hour: 4"))
    assert len(dues_of(night)) == 4
    assert "BUDGET" in {event.reason for event in night.events if isinstance(event, CueWithheld)}


FOURS = EAGER.replace("duration: 1 s", "duration: 200 ms").replace(
    "    every: 4 s", "    every: 20 s\n    repeat: {times: 4, apart: 3 s, because: ours}"
)


def stirring(onset_s: FloatArray) -> FloatArray:
    """Alpha, and a rhythm above 16 Hz that rises for four seconds."""
    fast_uv = np.where((onset_s >= STIRS_S) & (onset_s < STIRS_S + 4.0), 40.0, 5.0) * np.sin(44.0 * np.pi * onset_s)
    return np.asarray(40.0 * np.sin(20.0 * np.pi * onset_s) + fast_uv)


STIRS_S = 81.0


def test_an_arousal_ends_a_train_in_its_middle_and_the_next_one_begins_anew() -> None:
    source = FakeSource(true_hz=100, grid_hz=100, duration_s=130, waveforms=(stirring,))
    night = run_tiny_night({"p1": TinyBed(source=source)}, text=FOURS)
    stirred_s = next(event.onset_s for event in night.events if isinstance(event, ArousalSeen))
    at_s = [due.play_at_s for due in dues_of(night)]
    before, after = [each for each in at_s if each < stirred_s], [each for each in at_s if each > stirred_s]
    assert len(before) > 4
    assert len(before) % 4
    assert stirred_s - before[-1] < 3.0
    assert after[0] >= stirred_s + 20
    assert np.allclose(np.diff(after[:4]), 3.0, rtol=0, atol=2e-6)


def test_the_state_knows_what_is_left_of_a_train() -> None:
    plan, _ = plan_of(TRIPLES)
    first, second = dues_of(plain())[:2]
    begun = evolve(opening_state(plan, None, None), first, plan)
    assert begun.parts[0].train == Train(2, second.play_at_s)  # type: ignore[arg-type]
    went_on = evolve(begun, second, plan)
    assert went_on.parts[0].train == Train(1, round(second.play_at_s + 0.4, 6))  # type: ignore[arg-type]
    assert went_on.parts[0].last_cue_s == begun.parts[0].last_cue_s


def test_a_crash_forgets_a_train_and_counts_what_it_may_have_played() -> None:
    plan, _ = plan_of(TRIPLES)
    due = dues_of(plain())[0]
    state = evolve(opening_state(plan, None, None), due, plan)
    lost = Recovered(onset_s=200.0, lost_from_s=due.onset_s, lost_to_s=200.0, segment=1)
    after = evolve(state, lost, plan).parts[0]
    assert after.train is None
    assert after.cues_tonight == 1 + np.ceil(EFFECT_TICKS / 0.4)


def test_how_the_stream_is_cut_tells_no_difference_to_trains() -> None:
    assert len({b"\n".join(map(comparable, plain(block_samples=size).events)) for size in (7, 250)}) == 1


def test_a_train_behind_a_wave_that_is_too_close_keeps_its_part_silent() -> None:
    night = deep_night(40, text=PAIRS.replace("apart: 1.2 s", "apart: 0.9 s"))
    assert night.of(CueDue) == night.of(PhaseWindowOpened) == []


@pytest.mark.slow
def test_an_output_far_away_still_gets_its_pairs_in_time() -> None:
    night = deep_night(80, text=PAIRS, output_s=Seconds(0.4))
    dues, windows = dues_of(night), windows_of(night)
    assert sum(due.cause not in windows for due in dues) >= 3
    assert all(due.play_at_s >= due.onset_s + 0.4 for due in dues if due.cause not in windows)
