"""Faults of a channel: named for what they are, told once an episode, and never where the signal is well."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from scipy.signal import butter, resample, sosfilt

from dreamloom.signals import faults
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.faults import Fault
from dreamloom.signals.quantise import Quantiser
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime

CHANNELS = (Channel("EEG C4", "EEG"), Channel("EMG chin", "EMG"), Channel("Flow", "RESP"))
LENGTH_S = 90
HZ = 256


def sleep_like(hz: int = HZ, *, length_s: int = LENGTH_S, loudness: float = 1.0) -> FloatArray:
    """A signal whose spectrum falls as 1/f squared, with slow waves of 75 µV, as that of sleep does."""
    n = length_s * hz
    lines = np.fft.rfft(stream(2, "faults", hz).standard_normal(n))
    freqs_hz = np.fft.rfftfreq(n, 1 / hz)
    noise = np.fft.irfft(lines / np.maximum(freqs_hz, 0.5), n)
    return loudness * (12 * noise / noise.std() + 60 * np.sin(2 * np.pi * 0.9 * np.arange(n) / hz))


def seconds(eeg_uv: FloatArray, *, hz: int = HZ, lost: Iterable[int] = ()) -> list[GridSecond]:
    chin_uv = 5 * stream(3, "chin").standard_normal(len(eeg_uv))
    digital = Quantiser.of(CHANNELS).digital(np.stack([eeg_uv, chin_uv, np.zeros(len(eeg_uv))], axis=1))
    lost = set(lost)
    return [
        GridSecond(k, rows, rows / 10.0, np.full(hz, k in lost), NightTime(k + 1.0))
        for k, rows in enumerate(digital.reshape(-1, hz, 3))
    ]


def told(given: Iterable[GridSecond]) -> list[Fault]:
    state, found = faults.start(CHANNELS), []
    for second in given:
        state, new = faults.step(state, second)
        found += new
    return found


def from_20_to_60(change: Callable[[FloatArray], FloatArray], eeg_uv: FloatArray, hz: int = HZ) -> FloatArray:
    part = slice(20 * hz, 60 * hz)
    changed = eeg_uv.copy()
    changed[part] = change(eeg_uv[part])
    return changed


def flat(eeg_uv: FloatArray) -> FloatArray:
    return np.full_like(eeg_uv, 0.2)


def clipping(eeg_uv: FloatArray) -> FloatArray:
    return np.clip(eeg_uv, -50.0, 50.0)


def loose(eeg_uv: FloatArray) -> FloatArray:
    return 12 * eeg_uv


def hum_of(mains_hz: float, hz: int = HZ) -> Callable[[FloatArray], FloatArray]:
    return lambda eeg_uv: eeg_uv + 150 * np.sin(2 * np.pi * mains_hz * np.arange(len(eeg_uv)) / hz)


def low_passed(eeg_uv: FloatArray) -> FloatArray:
    return np.asarray(sosfilt(butter(8, 17.0, fs=HZ, output="sos"), eeg_uv))


def sampled_at_50_hz(eeg_uv: FloatArray) -> FloatArray:
    return np.asarray(resample(resample(eeg_uv, len(eeg_uv) * 40 // HZ), len(eeg_uv)))


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (flat, "FLAT"),
        (clipping, "CLIPPED"),
        (loose, "RANGE"),
        (hum_of(50), "MAINS"),
        (hum_of(60), "MAINS"),
        (hum_of(49.6), "MAINS"),
        (low_passed, "NARROW_BAND"),
        (sampled_at_50_hz, "NARROW_BAND"),
    ],
)
def test_a_fault_of_forty_seconds_is_told_when_it_spoils_a_window_and_when_it_has_gone(
    change: Callable[[FloatArray], FloatArray], kind: faults.FaultKind
) -> None:
    begins, ends = told(seconds(from_20_to_60(change, sleep_like())))
    assert (begins.channel, begins.kind, begins.until_s) == ("EEG C4", kind, None)
    assert begins.onset_s == pytest.approx(30, abs=2)
    assert begins.since_s == pytest.approx(20, abs=1)
    assert ends == Fault(ends.onset_s, "EEG C4", kind, begins.since_s, ends.until_s)
    assert ends.until_s == pytest.approx(60, abs=1)


@pytest.mark.parametrize("loudness", [0.1, 1.0, 3.0])
@pytest.mark.parametrize("hz", [100, 200, 256, 512])
def test_sleep_has_no_fault_at_any_rate_and_loudness(hz: int, loudness: float) -> None:
    assert told(seconds(sleep_like(hz, loudness=loudness), hz=hz)) == []


def test_mains_at_50_hz_shows_on_a_grid_of_100_hz_too() -> None:
    humming = from_20_to_60(lambda uv: uv + 150 * np.cos(np.pi * np.arange(len(uv))), sleep_like(100), 100)
    assert [fault.kind for fault in told(seconds(humming, hz=100))] == ["MAINS", "MAINS"]


def test_an_upside_down_electrode_is_no_fault_of_the_signal() -> None:
    assert told(seconds(-sleep_like())) == []


def test_nine_bad_seconds_in_half_a_minute_are_not_told_and_ten_are() -> None:
    def flat_for(count: int) -> FloatArray:
        return np.concatenate([sleep_like()[: 40 * HZ], np.zeros(count * HZ), sleep_like()[: 40 * HZ]])

    assert told(seconds(flat_for(9))) == []
    assert len(told(seconds(flat_for(10)))) == 2


def test_lost_seconds_are_not_judged() -> None:
    assert told(seconds(from_20_to_60(flat, sleep_like()), lost=range(20, 60))) == []


def test_a_jump_in_time_forgets_the_seconds_before_it_and_not_what_was_told() -> None:
    given = seconds(from_20_to_60(flat, sleep_like()))
    later = [GridSecond(s.index + 500, s.digital, s.samples_uv, s.filled, s.arrived_s) for s in given[60:90]]
    begins, ends = told([*given[:50], *later])
    assert (begins.since_s, ends.since_s, ends.onset_s) == (20.0, 20.0, 561.0)


def test_sleepers_judged_at_once_are_told_what_each_would_be_told_alone() -> None:
    beds = [
        seconds(from_20_to_60(flat, sleep_like())),
        seconds(from_20_to_60(hum_of(50), sleep_like())),
        seconds(sleep_like()),
        seconds(from_20_to_60(clipping, sleep_like(200), 200), hz=200),
    ]
    states, found = [faults.start(CHANNELS) for _ in beds], [list[Fault]() for _ in beds]
    for index in range(LENGTH_S):
        stepped = faults.step_many([(state, bed[index]) for state, bed in zip(states, beds, strict=True)])
        states = [state for state, _ in stepped]
        for bed, (_, new) in enumerate(stepped):
            found[bed] += new
    assert found == [told(bed) for bed in beds]
    assert [len(each) for each in found] == [2, 2, 0, 2]
