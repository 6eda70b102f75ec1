"""The agreed eye signal: seen once as a candidate, twice as a signal, and never in storms, faults and waves."""

import numpy as np
import pytest

from dreamloom.eyes import watch
from dreamloom.eyes.leads import leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import STRICT
from dreamloom.eyes.watch import EyeSignal
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, seconds_of, signalled, storm
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime

HZ = 100


def shown(*gazes: FloatArray, seed: int = 1, hz: int = HZ) -> list[GridSecond]:
    """Quiet seconds, then these gazes one after the other, with brain waves and noise."""
    rng = stream(seed, "shown")
    gaze_uv = np.concatenate([np.zeros(6 * hz), *gazes, np.zeros(3 * hz)])
    return seconds_of(eyes_of(gaze_uv, hz, rng), hz)


def signal(seed: int = 1, **said: float) -> FloatArray:
    looks, side = int(said.pop("looks", 4)), int(said.pop("side", -1))
    return signalled(stream(seed, "signal"), int(said.pop("hz", HZ)), looks=looks, side=side, **said)


def told(
    given: list[GridSecond], channels: tuple[Channel, ...] = CHANNELS, *, p_rem: float | None = None
) -> tuple[list[EyeSignal], list[Saccade]]:
    """Every signal and saccade; ungated, or with this p(R) throughout."""
    chosen = leads(channels)
    assert chosen is not None
    state = watch.start(chosen, len(given[0].filled), gated=p_rem is not None)
    found: list[EyeSignal] = []
    moves: list[Saccade] = []
    for second in given:
        state = state if p_rem is None else watch.staged(state, p_rem)
        state, signals, saccades = watch.step(state, second)
        found += signals
        moves += saccades
    return found, moves


def said(found: list[EyeSignal]) -> list[str]:
    return [each.status for each in found]


@pytest.mark.parametrize("hz", [50, 100, 200, 256, 512])
def test_left_right_left_right_is_a_candidate_at_any_rate(hz: int) -> None:
    found, _ = told(shown(signal(hz=hz), hz=hz))
    assert said(found) == ["candidate"]
    assert (found[0].sweep.pairs, found[0].sweep.side) == (2, -1)
    assert found[0].onset_s - found[0].sweep.end_s <= 2.0
    assert 350 < found[0].sweep.size_uv < 700


def test_twice_is_a_signal() -> None:
    found, _ = told(shown(signal(1), signal(2)))
    assert said(found) == ["candidate", "candidate", "confirmed"]
    assert found[2].sweep.onset_s == found[0].sweep.onset_s
    assert found[2].confidence >= found[0].confidence


def test_twice_without_a_pause_is_a_signal_too() -> None:
    assert said(told(shown(signal(looks=8)))[0]) == ["candidate", "confirmed"]


def test_twice_with_a_long_pause_is_two_candidates() -> None:
    assert said(told(shown(signal(1), np.zeros(16 * HZ), signal(2)))[0]) == ["candidate", "candidate"]


def test_two_of_different_size_do_not_confirm_each_other() -> None:
    assert said(told(shown(signal(1, reach_uv=200.0), signal(2, reach_uv=90.0)))[0]) == ["candidate", "candidate"]


@pytest.mark.parametrize("looks", [2, 3, 5, 6])
def test_another_number_of_looks_is_no_signal(looks: int) -> None:
    assert told(shown(signal(looks=looks)))[0] == []


@pytest.mark.parametrize("said_how", [{"reach_uv": 40.0}, {"pace_s": 0.12}, {"pace_s": 1.6}])
def test_too_small_too_fast_and_too_slow_are_none(said_how: dict[str, float]) -> None:
    assert told(shown(signal(**said_how)))[0] == []


def test_nothing_is_a_signal_while_rem_is_not_believed() -> None:
    given = shown(signal(1), signal(2))
    assert told(given, p_rem=0.2)[0] == []
    assert said(told(given, p_rem=0.9)[0]) == ["candidate", "candidate", "confirmed"]


def test_before_any_stage_nothing_is_a_signal() -> None:
    chosen = leads(CHANNELS)
    assert chosen is not None
    state = watch.start(chosen, HZ)
    for second in shown(signal(1), signal(2)):
        state, signals, _ = watch.step(state, second)
        assert signals == []


@pytest.mark.parametrize("what", ["phasic", "darting", "rolling", "blinks", "tossing", "pops"])
def test_no_storm_is_ever_a_signal(what: str) -> None:
    """Ten minutes of each, harsher than any night, with no stage to ask."""
    found, moves = told(storm(what, 5, n_s=600))
    assert "confirmed" not in said(found)
    assert (len(moves) > 20) == (what != "rolling")


def test_brain_waves_that_reach_both_eyes_are_no_saccades() -> None:
    time_s = np.arange(60 * HZ) / HZ
    wave_uv = 120 * np.sin(2 * np.pi * 1.2 * time_s)
    samples_uv = wave_uv[:, None] * np.array([1.0, 0.5, 0.5]) + stream(1, "w").standard_normal((60 * HZ, 3))
    assert told(seconds_of(samples_uv, HZ)) == ([], [])


def test_slow_rolling_eyes_are_no_saccades() -> None:
    time_s = np.arange(60 * HZ) / HZ
    gaze_uv = 150 * np.sin(2 * np.pi * 0.35 * time_s)
    assert told(seconds_of(eyes_of(gaze_uv, HZ, stream(1, "r")), HZ))[1] == []


def test_a_loss_or_movement_in_the_middle_leaves_no_signal() -> None:
    given = shown(signal())
    lost = [*given]
    lost[9] = GridSecond(9, lost[9].digital, lost[9].samples_uv, np.ones(HZ, bool), NightTime(10.0))
    assert told(lost)[0] == []
    moved = [*given]
    loud_uv = moved[9].samples_uv.copy()
    loud_uv[:, 0] += np.linspace(0.0, 600.0, HZ)
    moved[9] = GridSecond(9, moved[9].digital, loud_uv, moved[9].filled, NightTime(10.0))
    assert told(moved)[0] == []


def test_a_hum_of_the_mains_hides_no_signal() -> None:
    given = seconds_of(
        np.concatenate([second.samples_uv for second in shown(signal(hz=256), hz=256)])
        + 60 * np.sin(2 * np.pi * 50 * np.arange(256 * len(shown(signal(hz=256), hz=256))) / 256)[:, None],
        256,
    )
    assert said(told(given)[0]) == ["candidate"]


def test_one_eye_alone_that_moves_is_no_signal() -> None:
    samples_uv = np.concatenate([second.samples_uv for second in shown(signal(1), signal(2))])
    samples_uv[:, 1] = 3.0 * stream(2, "still").standard_normal(len(samples_uv))
    found, moves = told(seconds_of(samples_uv, HZ))
    assert found == []
    assert not any(move.is_conjugate for move in moves)


def test_a_flat_eye_is_no_signal() -> None:
    samples_uv = np.concatenate([second.samples_uv for second in shown(signal(1), signal(2))])
    samples_uv[:, 2] = 0.0
    assert told(seconds_of(samples_uv, HZ))[0] == []


def test_exchanged_electrodes_show_a_signal_that_began_to_the_right() -> None:
    samples_uv = np.concatenate([second.samples_uv for second in shown(signal(1), signal(2))])[:, [0, 2, 1]]
    found, _ = told(seconds_of(samples_uv, HZ))
    assert said(found) == ["candidate", "candidate", "confirmed"]
    assert {each.sweep.side for each in found} == {1}


def test_one_derivation_between_both_eyes_shows_it_as_well() -> None:
    samples_uv = np.concatenate([second.samples_uv for second in shown(signal(1), signal(2))])
    across = np.stack([samples_uv[:, 0], samples_uv[:, 2] - samples_uv[:, 1]], axis=1)
    channels = (CHANNELS[0], Channel("EOG horizontal", "EOG"))
    assert said(told(seconds_of(across, HZ), channels)[0]) == ["candidate", "candidate", "confirmed"]


def test_no_signal_is_smaller_than_a_look_to_both_sides() -> None:
    for seed in range(8):
        for each in told(storm("phasic", seed, n_s=60))[0]:
            assert each.sweep.size_uv >= STRICT.least_uv


def test_four_in_a_row_are_two_signals() -> None:
    """Each begins some three seconds after the one before."""
    found, _ = told(shown(*[signal(n)[: -2 * HZ] for n in range(1, 5)]))
    assert said(found) == ["candidate", "candidate", "confirmed"] * 2


def test_an_eye_movement_of_its_own_during_the_first_look_hides_no_signal() -> None:
    """After the look out, one the other way that is larger than it: what goes the same way as the first whole sweep
    cannot be the look out."""
    gaze_uv = np.concatenate([np.zeros(6 * HZ), signal(1), np.zeros(3 * HZ)])
    first = int(np.flatnonzero(np.diff(gaze_uv) < -5.0)[0]) + 1
    turn = int(np.flatnonzero(np.diff(gaze_uv) > 5.0)[0])
    gaze_uv[first:turn] *= 0.65
    strayed_uv = np.interp(np.arange(len(gaze_uv)), (first + turn) // 2 + np.array([0, 5, 150, 400]), [0, 90, 90, 0])
    found, _ = told(seconds_of(eyes_of(gaze_uv + strayed_uv, HZ, stream(3, "strayed")), HZ))
    assert said(found) == ["candidate"]


def believed(p_rem: list[float]) -> list[str]:
    """What twice the signal comes to where the live track believed this, every five seconds, up to it."""
    chosen = leads(CHANNELS)
    assert chosen is not None
    state = watch.start(chosen, HZ)
    for each in p_rem:
        state = watch.staged(state, each)
    found: list[EyeSignal] = []
    for second in shown(signal(1), signal(2)):
        state, signals, _ = watch.step(state, second)
        found += signals
    return said(found)


@pytest.mark.parametrize(
    ("p_rem", "counts"),
    [
        ([0.05] * 10 + [0.3, 0.6], True),
        ([0.9] * 4 + [0.3] * 8, True),
        ([0.9] + [0.3] * 12, False),
        ([0.45] * 12, False),
    ],
)
def test_rem_that_was_believed_within_a_minute_counts(p_rem: list[float], *, counts: bool) -> None:
    assert (believed(p_rem)[-1:] == ["confirmed"]) == counts


@pytest.mark.parametrize(("loud_s", "counts"), [(1, True), (2, True), (3, False), (8, False)])
def test_a_twitch_of_the_chin_hides_no_signal_and_a_movement_does(loud_s: int, *, counts: bool) -> None:
    channels, rng = (*CHANNELS, Channel("EMG chin", "EMG")), stream(4, "chin")
    samples_uv = np.concatenate([np.zeros((60 * HZ, 3)), *[s.samples_uv for s in shown(signal(1))]])
    samples_uv += 2.0 * rng.standard_normal(samples_uv.shape)
    chin_uv = 3.0 * rng.standard_normal(len(samples_uv))
    chin_uv[(68 - loud_s // 2) * HZ : (68 - loud_s // 2 + loud_s) * HZ] *= 6.0
    found, _ = told(seconds_of(np.column_stack([samples_uv, chin_uv]), HZ), channels)
    assert (said(found) == ["candidate"]) == counts
