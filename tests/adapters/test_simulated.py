"""A simulated sleeper as a source: the contract, its faults, its spec, and going on from any second."""

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.simulated_spec import Fault, read_spec
from dreamloom.ports import SignalSource
from dreamloom.signals.blocks import Block
from dreamloom.testing.source_contract import SourceContract
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import Decibels, FloatArray, NightTime, Seconds

FOREVER_S = NightTime(1e9)
GOLDEN = {
    "typical": "0ecb8d1906f13281",
    "light": "a448f24eb0893138",
    "deep": "043f519b4370e71b",
    "lucid": "0ecb8d1906f13281",
    "restless": "0e7b6be137c9e95d",
    "older": "6da2a713df5ad1ad",
    "noisy": "d8b1c1374e239394",
}
"""Sixteen seconds of each preset as first published: sounds and new traits change nothing for who has none."""
FAULTY = "restless,start=3h,drop=6+2.5,late=10+3"


def source(spec: str = "typical", **changes: float) -> SimulatedSource:
    arguments = {"duration_s": 16.0, **changes}
    return SimulatedSource(spec, seed=7, sleeper="S01", **arguments)  # type: ignore[arg-type]


def samples(blocks: list[Block]) -> FloatArray:
    return np.concatenate([block.samples for block in blocks])


def onsets_s(blocks: list[Block]) -> FloatArray:
    return np.concatenate([block.onset_s + np.arange(len(block.samples)) / block.sfreq_hz for block in blocks])


def arrivals_s(blocks: list[Block]) -> FloatArray:
    return np.concatenate([block.arrived_s for block in blocks])


class TestSimulatedSourceKeepsTheContract(SourceContract):
    def make_source(self, block_samples: int) -> SignalSource:
        return source(duration_s=8.0, block_s=block_samples / 256)


class TestFaultySimulatedSourceKeepsTheContract(SourceContract):
    def make_source(self, block_samples: int) -> SignalSource:
        return source(f"{FAULTY},rate=255.5", block_s=block_samples / 255.5)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0.0, 4.0), max_size=12), st.sampled_from([FAULTY, f"{FAULTY},rate=250.7"]))
def test_the_samples_do_not_depend_on_how_they_are_asked_for(steps_s: list[float], spec: str) -> None:
    at_once = source(spec).read(FOREVER_S)
    stepwise = source(spec)
    pieces = [block for at_s in np.cumsum(steps_s) for block in stepwise.read(NightTime(float(at_s)))]
    pieces += stepwise.read(FOREVER_S)
    assert samples(pieces).tobytes() == samples(at_once).tobytes()
    assert arrivals_s(pieces).tobytes() == arrivals_s(at_once).tobytes()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 15), st.sampled_from([FAULTY, f"{FAULTY},rate=255.5"]))
def test_a_resumed_night_goes_on_with_the_same_samples(from_s: int, spec: str) -> None:
    whole, resumed = source(spec).read(FOREVER_S), source(spec, from_s=float(from_s)).read(FOREVER_S)
    later = onsets_s(whole) >= from_s - 1e-9
    assert samples(resumed).tobytes() == samples(whole)[later].tobytes()
    assert np.allclose(onsets_s(resumed), onsets_s(whole)[later], atol=1e-9)
    assert arrivals_s(resumed).tobytes() == arrivals_s(whole)[later].tobytes()


def test_dropped_samples_never_come() -> None:
    times_s = onsets_s(source("typical,drop=4+3,drop=9+1").read(FOREVER_S))
    assert len(times_s) == (16 - 4) * 256
    assert not ((times_s >= 4) & (times_s < 7)).any()
    assert not ((times_s >= 9) & (times_s < 10)).any()


def test_late_samples_come_all_at_once_when_the_stretch_is_over() -> None:
    found = source("typical,late=5+4")
    before = samples(found.read(NightTime(9.0)))
    assert len(before) == 5 * 256
    burst = found.read(NightTime(9.0501))
    assert len(samples(burst)) == 4 * 256 + 1
    assert set(arrivals_s(burst)[:-1]) == {9.05}


def test_lateness_changes_no_sample() -> None:
    assert samples(source("typical,late=5+4").read(FOREVER_S)).tobytes() == samples(source().read(FOREVER_S)).tobytes()


def test_a_later_start_is_the_same_sleeper_later_in_the_night() -> None:
    early, late = source(duration_s=3605.0, from_s=3600.0), source("typical,start=1h", duration_s=5.0)
    assert samples(early.read(FOREVER_S)).tobytes() == samples(late.read(FOREVER_S)).tobytes()


def test_an_off_grid_clock_samples_the_same_head() -> None:
    exact, off = source("typical,rate=256"), source("typical,rate=255.5")
    on_exact, on_off = exact.read(FOREVER_S), off.read(FOREVER_S)
    assert off.stream.grid_hz == 256
    expected = np.interp(onsets_s(on_off), onsets_s(on_exact), samples(on_exact)[:, 0])
    assert np.corrcoef(expected[:-2], samples(on_off)[:-2, 0])[0, 1] > 0.98


def test_two_pods_with_two_sleepers_get_two_people() -> None:
    one = SimulatedSource("typical", seed=7, sleeper="S01", duration_s=5.0)
    other = SimulatedSource("typical", seed=7, sleeper="S02", duration_s=5.0)
    assert one.traits != other.traits
    assert not np.array_equal(samples(one.read(FOREVER_S)), samples(other.read(FOREVER_S)))


def test_a_spec_says_everything_in_one_line() -> None:
    spec = read_spec("lucid, start=3h, hours=1.5, rate=250, drop=20min+20s, late=1800+5")
    assert (spec.preset, spec.start_s, spec.duration_s, spec.rate_hz) == ("lucid", 10_800, 5_400.0, 250.0)
    assert spec.drops == (Fault(1200.0, 20.0),)
    assert spec.lates == (Fault(1800.0, 5.0),)


@pytest.mark.parametrize(
    ("spec", "code", "hint"),
    [
        ("lucd", "DL-E341", '"lucid"'),
        ("", "DL-E341", "typical"),
        ("lucid,strat=3h", "DL-E342", '"start"'),
        ("lucid,start=soon", "DL-E342", "start=soon"),
        ("lucid,start=-1", "DL-E342", "outside"),
        ("lucid,hours=nan", "DL-E342", "outside"),
        ("lucid,rate=10", "DL-E342", "64"),
        ("lucid,drop=1200", "DL-E342", "1200+20"),
        ("lucid,late=5+0", "DL-E342", "outside"),
        ("nightmare", "DL-E341", '"nightmares"'),
        ("lucid,lookalike=3", "DL-E342", '"lookalikes"'),
        ("lucid,lucidity=2", "DL-E342", "outside 0 to 1"),
        ("lucid,with=hart", "DL-E342", "heart+breath"),
    ],
)
def test_a_wrong_spec_is_refused_with_the_value_and_a_remedy(spec: str, code: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source(spec)
    assert caught.value.code == code
    assert caught.value.exit_code == 3
    assert hint in str(caught.value)


CUES = st.lists(st.tuples(st.floats(0.0, 40.0), st.floats(0.05, 3.0), st.floats(20.0, 95.0)), max_size=5)


@settings(max_examples=10, deadline=None)
@given(CUES, st.lists(st.floats(0.01, 5.0), max_size=20), st.sampled_from(["start=2h", "start=5h,rate=250.7"]))
@pytest.mark.slow
def test_sounds_told_in_time_show_the_same_however_the_samples_are_asked_for(
    cues: list[tuple[float, float, float]], steps_s: list[float], part: str
) -> None:
    spec = f"dreamer,{part},with=heart+breath"
    at_once = source(spec, duration_s=48.0)
    for cue in cues:
        at_once.hear(*cue)  # type: ignore[arg-type]
    stepwise, told, pieces = source(spec, duration_s=48.0), sorted(cues), []
    for at_s in [*np.cumsum(steps_s).tolist(), 48.0]:
        while told and told[0][0] <= at_s:
            pieces += stepwise.read(NightTime(told[0][0]))
            stepwise.hear(*told.pop(0))  # type: ignore[arg-type]
        pieces += stepwise.read(NightTime(at_s))
    pieces += stepwise.read(FOREVER_S)
    assert samples(pieces).tobytes() == samples(at_once.read(FOREVER_S)).tobytes()


def test_a_loud_sound_shows_and_what_was_handed_out_stays() -> None:
    quiet, loud = source("light,start=2h", duration_s=60.0), source("light,start=2h", duration_s=60.0)
    for onset_s in (10.0, 30.0):
        loud.hear(NightTime(onset_s), Seconds(2.0), Decibels(95.0))
    silent, heard = samples(quiet.read(FOREVER_S)), samples(loud.read(FOREVER_S))
    assert heard[: 10 * 256].tobytes() == silent[: 10 * 256].tobytes()
    assert heard.tobytes() != silent.tobytes()


@pytest.mark.parametrize("cue", [(5.0, 1.0, -math.inf), (5.0, 1.0, math.nan), (math.nan, 1.0, 90.0), (-3.0, 1.0, 90.0)])
def test_silence_and_nonsense_are_not_heard(cue: tuple[float, float, float]) -> None:
    told = source("light,start=2h")
    told.hear(*cue)  # type: ignore[arg-type]
    assert samples(told.read(FOREVER_S)).tobytes() == samples(source("light,start=2h").read(FOREVER_S)).tobytes()


def test_heart_and_breath_are_recorded_on_request_and_change_nothing_else() -> None:
    plain, whole = source("typical,start=1h"), source("typical,start=1h,with=heart+breath")
    assert [channel.kind for channel in whole.stream.channels] == ["EEG", "EOG", "EOG", "EMG", "ECG", "RESP"]
    assert np.array_equal(samples(whole.read(FOREVER_S))[:, :4], samples(plain.read(FOREVER_S)))


def test_what_a_spec_says_of_the_person_wins_over_the_preset() -> None:
    found = source("lucid,signals=20,spread=0.5,outings=1,waking=40")
    assert found.traits.lucid_signals_per_h == 20.0
    assert found.traits.signal_spread == 0.5
    assert found.traits.outings_per_h == 1.0
    assert found.traits.waking_db == 40.0


def test_the_samples_of_an_undisturbed_night_are_the_ones_they_always_were() -> None:
    for preset, known in GOLDEN.items():
        found = source(f"{preset},start=2h,rate=100").read(FOREVER_S)
        assert hashlib.sha256((np.round(samples(found), 3) + 0.0).tobytes()).hexdigest()[:16] == known, preset


class TestHearingSourceKeepsTheContract(SourceContract):
    def make_source(self, block_samples: int) -> SignalSource:
        found = source("nightmares,start=2h,with=heart+breath,loose=2", block_s=block_samples / 256)
        found.hear(NightTime(3.0), Seconds(1.0), Decibels(90.0))
        assert isinstance(found, SimulatedSource)
        return found
