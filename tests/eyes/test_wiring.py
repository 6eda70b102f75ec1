"""A reversed lead, or left and right in each other's place, is named, and nothing it shows counts as a signal."""

import numpy as np
import pytest

from dreamloom.eyes import watch
from dreamloom.eyes.calibration import calibrate, limits
from dreamloom.eyes.leads import leads
from dreamloom.eyes.watch import EyeState
from dreamloom.eyes.wiring import JUDGED, Wiring, judged
from dreamloom.signals.blocks import GridSecond
from dreamloom.signals.looks import look_at
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, seconds_of, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import FloatArray

HZ = 100


def deep(times: int, *, left: float = 1.0, right: float = 1.0, seed: int = 1, wave_uv: float = 40.0) -> Wiring:
    """What so many seconds of slow waves tell, each lead with noise of its own."""
    wiring, rng = Wiring(), stream(seed, "deep")
    for second in range(times):
        wave = wave_uv * np.sin(2 * np.pi * (np.arange(HZ) / HZ * 0.9 + rng.random()))
        noise = 10.0 * rng.standard_normal((2, HZ))
        wiring = judged(wiring, left * wave + noise[0], right * wave + noise[1], second=5 * second)
    return wiring


def shown(*gazes: FloatArray, swapped: bool = False, flipped: bool = False) -> list[GridSecond]:
    rng = stream(1, "shown")
    samples_uv = eyes_of(np.concatenate([np.zeros(6 * HZ), *gazes, np.zeros(3 * HZ)]), HZ, rng)
    if swapped:
        samples_uv = samples_uv[:, [0, 2, 1]]
    if flipped:
        samples_uv = samples_uv * np.array([1.0, -1.0, 1.0])
    return seconds_of(samples_uv, HZ)


def signal(seed: int) -> FloatArray:
    return signalled(stream(seed, "signal"), HZ)


def watched(state: EyeState, given: list[GridSecond]) -> tuple[EyeState, list[str]]:
    said: list[str] = []
    for second in given:
        state, signals, _ = watch.step(watch.staged(state, 0.9), second)
        said += [each.status for each in signals]
    return state, said


def calibrated(*, swapped: bool = False) -> EyeState:
    chosen = leads(CHANNELS)
    assert chosen is not None
    evening = shown(np.zeros(5 * HZ), *[signal(n) for n in range(5)], swapped=swapped)
    return watch.start(chosen, HZ, limits=limits(calibrate(CHANNELS, evening, grid_hz=HZ)))


def test_a_reversed_lead_shows_in_deep_sleep_and_a_right_one_never_does() -> None:
    assert deep(JUDGED).reversed_since_s is None
    assert deep(JUDGED - 1, left=-1.0).reversed_since_s is None
    assert deep(JUDGED, left=-1.0).reversed_since_s == 0.0
    assert deep(JUDGED, right=-0.5).reversed_since_s == 0.0
    assert deep(JUDGED, left=-1.0, right=-1.0).reversed_since_s is None


def test_two_leads_with_nothing_in_common_say_nothing() -> None:
    assert all(deep(400, seed=seed, wave_uv=0.0).reversed_since_s is None for seed in range(5))
    assert deep(400, left=0.0, right=0.0).reversed_since_s is None


def test_a_lead_that_was_turned_back_is_well_again() -> None:
    wiring, rng = deep(JUDGED, left=-1.0), stream(2, "back")
    for second in range(JUDGED):
        wave = 40 * np.sin(2 * np.pi * (np.arange(HZ) / HZ + rng.random()))
        wiring = judged(wiring, wave, wave, second=1000 + second)
    assert wiring.reversed_since_s is None


def test_while_a_lead_is_reversed_no_signal_counts() -> None:
    chosen = leads(CHANNELS)
    assert chosen is not None
    state = watch.start(chosen, HZ)
    assert watched(state, shown(signal(1), signal(2)))[1][-1:] == ["confirmed"]
    assert watched(state, shown(signal(1), signal(2), flipped=True))[1] == []
    assert watched(state._replace(wiring=Wiring((), 0.0)), shown(signal(1), signal(2)))[1] == []


def test_lossy_seconds_and_one_derivation_tell_nothing_of_it() -> None:
    chosen = leads(CHANNELS)
    assert chosen is not None
    second = shown(signal(1))[7]
    (look,) = look_at([second])
    state = watch.start(chosen, HZ)
    assert watch.lay_still(state, look._replace(is_lossy=True), second=7) is state
    one = watch.start(chosen._replace(right=None), HZ)
    assert watch.lay_still(one, look, second=7) is one
    assert watch.lay_still(state, look, second=7).wiring.judged == ((7, False),)


@pytest.mark.parametrize("in_the_evening", [False, True])
def test_leads_exchanged_after_the_calibration_are_named_by_a_signal_given_twice(*, in_the_evening: bool) -> None:
    begun = calibrated(swapped=in_the_evening)
    state, said = watched(begun, shown(signal(1), signal(2), swapped=in_the_evening))
    assert said[-1:] == ["confirmed"]
    assert state.wiring == Wiring()
    state, said = watched(begun, shown(signal(1), swapped=not in_the_evening))
    assert said == []
    assert state.wiring.exchanged_since_s is None
    state, said = watched(begun, shown(signal(1), signal(2), swapped=not in_the_evening))
    assert said == []
    assert state.wiring.exchanged_since_s is not None
    back = shown(signal(1), signal(2), swapped=in_the_evening)
    state, said = watched(state, [_later(second, 100) for second in back])
    assert said[-1:] == ["confirmed"]
    assert state.wiring.exchanged_since_s is None


def _later(second: GridSecond, by_s: int) -> GridSecond:
    return GridSecond(second.index + by_s, second.digital, second.samples_uv, second.filled, second.arrived_s)


def test_a_calibration_with_one_lead_reversed_says_so() -> None:
    evening = shown(np.zeros(5 * HZ), *[signal(n) for n in range(5)], flipped=True)
    with pytest.raises(StreamError, match="DL-E249") as caught:
        calibrate(CHANNELS, evening, grid_hz=HZ)
    assert "two wires" in str(caught.value.do)
