"""The live track: what it decides on, when it says UNSCORED, and that the past alone decides."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.staging import track
from dreamloom.staging.track import StageEstimate, feature_names, montage
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import FloatArray, NightTime

EEG = (Channel("EEG C4-M1", "EEG"),)
CHIN = (*EEG, Channel("EOG E1-M2", "EOG"), Channel("EMG chin", "EMG"))
HZ = 100


def by_loudness(features: FloatArray) -> FloatArray:
    """A classifier a test can foresee: N3 above 60 µV, else N2, a little less sure with a larger scaled mean."""
    loud = features[:, list(feature_names("eeg")).index("eeg_std")] > 60
    sway = 0.05 * np.tanh(features[:, list(feature_names("eeg")).index("eeg_std_p2min_norm")])
    table = np.full((len(features), 5), 0.05)
    table[np.arange(len(features)), np.where(loud, 3, 2)] = 0.8 - sway
    return table


def seconds(
    count: int,
    *,
    first: int = 0,
    hz: int = HZ,
    channels: int = 1,
    scale: float = 1.0,
    lost: Sequence[int] = (),
    late_s: float = 0.0,
) -> Iterator[GridSecond]:
    """Keyed noise of about 40 µV; in lost seconds a tenth of the samples is filled with zeros."""
    for index in range(first, first + count):
        rng = stream(5, "track", index)
        time_s = (index * hz + np.arange(hz))[:, None] / hz
        wave = 30 * np.sin(2 * np.pi * 1.1 * time_s) + 8 * rng.standard_normal((hz, channels))
        digital = np.round(wave * scale * 10).astype(np.int16)
        filled = np.zeros(hz, dtype=bool)
        if index in lost:
            filled[: hz // 10] = True
            digital[filled] = 0
        yield GridSecond(index, digital, digital / 10.0, filled, NightTime(index + 1 + late_s))


def told(
    state: track.StagingState, given_seconds: Iterator[GridSecond]
) -> tuple[track.StagingState, list[StageEstimate]]:
    estimates: list[StageEstimate] = []
    for second in given_seconds:
        state, new = track.step(state, second)
        estimates += new
    return state, estimates


def test_an_estimate_comes_every_five_seconds_and_the_first_half_minute_is_unscored() -> None:
    _, estimates = told(track.start(EEG, HZ, by_loudness), seconds(60))
    assert [e.window_end_s for e in estimates] == [5.0 * k for k in range(1, 13)]
    assert [e.stage for e in estimates] == [Stage.UNSCORED] * 5 + [Stage.N2] * 7
    assert all(e.probabilities == () and e.confidence == 0.0 for e in estimates[:5])
    assert all(len(e.probabilities) == len(SCORED_STAGES) for e in estimates[5:])


def test_confidence_is_the_largest_probability_and_rounded() -> None:
    _, estimates = told(track.start(EEG, HZ, by_loudness), seconds(120))
    for e in estimates[5:]:
        assert e.confidence == max(e.probabilities)
        assert e.stage == SCORED_STAGES[e.probabilities.index(e.confidence)]
        assert list(e.probabilities) == [round(p, 4) for p in e.probabilities]


@given(lost=st.sets(st.integers(30, 59), max_size=14))
@settings(max_examples=15, deadline=None)
def test_a_window_with_less_than_seventy_percent_good_seconds_is_unscored(lost: set[int]) -> None:
    _, estimates = told(track.start(EEG, HZ, by_loudness), seconds(60, lost=sorted(lost)))
    last = estimates[-1]
    assert last.quality == pytest.approx(1 - len(lost) / 30, abs=1e-4)
    assert (last.stage is Stage.UNSCORED) == (len(lost) > 9)


@pytest.mark.parametrize(("lost", "stage"), [(9, Stage.N2), (10, Stage.UNSCORED)])
def test_seventy_percent_exactly_is_enough(lost: int, stage: Stage) -> None:
    _, estimates = told(track.start(EEG, HZ, by_loudness), seconds(30, lost=range(lost)))
    assert estimates[-1].stage is stage


def test_each_phase_counts_its_windows_by_epochs() -> None:
    state, _ = told(track.start(EEG, HZ, by_loudness), seconds(125))
    numbers = [[number for number, _ in context.groups[0][1].recent] for context in state.contexts]
    assert numbers == [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]


def test_unscored_windows_leave_no_trace_in_the_context() -> None:
    state, _ = told(track.start(EEG, HZ, by_loudness), seconds(60))
    blind, _ = told(state, seconds(40, first=60, lost=range(60, 100)))
    assert blind.contexts[100 // 5 % 6 - 1] is not state.contexts[0]
    sizes = [len(context.groups[0][1].ranked) for context in blind.contexts]
    assert (
        sum(sizes) == sum(len(context.groups[0][1].ranked) for context in state.contexts) + 1
    )  # only the window to 65 s was good


def test_flat_clipped_and_enormous_seconds_are_not_good() -> None:
    flat = [
        GridSecond(k, np.zeros((HZ, 1), np.int16), np.zeros((HZ, 1)), np.zeros(HZ, bool), NightTime(k + 1))
        for k in range(30)
    ]
    for bad in (iter(flat), seconds(30, scale=20.0), seconds(30, scale=90.0)):
        _, estimates = told(track.start(EEG, HZ, by_loudness), bad)
        assert estimates[-1].stage is Stage.UNSCORED
        assert estimates[-1].quality == 0.0


def test_every_channel_of_the_montage_must_be_good() -> None:
    def chin_off() -> Iterator[GridSecond]:
        for second in seconds(30, channels=3):
            digital = second.digital.copy()
            digital[:, 2] = 0
            yield GridSecond(second.index, digital, digital / 10.0, second.filled, second.arrived_s)

    _, estimates = told(track.start(CHIN, HZ, by_loudness), chin_off())
    assert estimates[-1].stage is Stage.UNSCORED


def test_the_future_changes_nothing() -> None:
    quiet = [*seconds(100)]
    _, alone = told(track.start(EEG, HZ, by_loudness), iter(quiet))
    state, before = told(track.start(EEG, HZ, by_loudness), iter(quiet))
    _, after = told(state, seconds(100, first=100, scale=4.0))
    assert alone == before
    assert Stage.N3 in {e.stage for e in after}


def test_the_same_seconds_give_the_same_estimates_twice() -> None:
    runs = [told(track.start(CHIN, 256, by_loudness), seconds(60, hz=256, channels=3))[1] for _ in range(2)]
    assert repr(runs[0]) == repr(runs[1])


def test_an_estimate_is_decided_when_its_last_sample_had_arrived() -> None:
    _, late = told(track.start(EEG, HZ, by_loudness), seconds(30, late_s=1.25))
    _, early = told(track.start(EEG, HZ, by_loudness), seconds(30, late_s=-0.5))
    assert late[-1].decided_at_s == 31.25
    assert early[-1].decided_at_s == 30.0


def test_a_jump_in_time_starts_the_window_anew_and_keeps_the_context() -> None:
    state, _ = told(track.start(EEG, HZ, by_loudness), seconds(60))
    state, estimates = told(state, seconds(40, first=300))
    assert [e.stage for e in estimates[:5]] == [Stage.UNSCORED] * 5
    assert [e.quality for e in estimates[:5]] == pytest.approx([5 / 30, 10 / 30, 15 / 30, 20 / 30, 25 / 30], abs=1e-4)
    assert estimates[5].stage is Stage.N2
    assert len(state.contexts[0].groups[0][1].ranked) == 3


def test_the_last_quarter_hour_of_stored_seconds_gives_a_usable_track() -> None:
    whole, _ = told(track.start(EEG, HZ, by_loudness), seconds(960))
    warmed, _ = told(track.start(EEG, HZ, by_loudness), seconds(900, first=60))
    assert track.CONTEXT_S == 900.0
    for ((_, one),), ((_, other),) in zip(
        (phase.groups for phase in whole.contexts), (phase.groups for phase in warmed.contexts), strict=True
    ):
        assert [number for number, _ in one.recent] == [number for number, _ in other.recent]
        for (_, left), (_, right) in zip(one.recent, other.recent, strict=True):
            np.testing.assert_array_equal(left, right)


def test_the_montage_prefers_a_central_eeg_and_takes_eyes_and_chin_beside_it() -> None:
    channels = (
        Channel("Nasal flow", "RESP"),
        Channel("EMG chin", "EMG"),
        Channel("EEG F4-M1", "EEG"),
        Channel("EOG E1-M2", "EOG"),
        Channel("EOG E2-M2", "EOG"),
        Channel("EEG C4-M1", "EEG"),
    )
    assert montage(channels) == track.Montage("eeg+eog+emg", (5, 3, 1))
    assert montage(channels[:4]) == track.Montage("eeg+eog+emg", (2, 3, 1))
    assert montage(channels[1:3]) == track.Montage("eeg+emg", (1, 0))
    assert montage(channels[2:3]) == track.Montage("eeg", (0,))


def test_staging_without_an_eeg_or_on_a_slow_grid_is_refused_with_the_remedy() -> None:
    with pytest.raises(StreamError, match=r"DL-E231.*'Nasal flow' \(RESP\)"):
        track.start((Channel("Nasal flow", "RESP"),), HZ, by_loudness)
    with pytest.raises(StreamError, match=r"DL-E232 64 Hz is too slow"):
        track.start(EEG, 64, by_loudness)


def test_the_classifier_is_told_how_far_the_night_has_gone() -> None:
    rows: list[FloatArray] = []

    def listening(features: FloatArray) -> FloatArray:
        rows.append(features[0])
        return by_loudness(features)

    told(track.start(EEG, HZ, listening), seconds(30, first=3600))
    told(track.start(EEG, HZ, listening), seconds(30, first=9 * 3600))
    hour, share = (feature_names("eeg").index(name) for name in ("time_hour", "time_norm"))
    assert [row[hour] for row in rows] == [1.0, 9.0]
    assert [row[share] for row in rows] == [0.125, 1.0]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_eight_hours_with_losses_give_960_epochs_nearly_all_scored() -> None:
    rng = stream(9, "losses")
    minute = [*seconds(60, hz=256)]

    def night() -> Iterator[GridSecond]:
        for index in range(8 * 3600):
            filled = rng.random(256) < 0.005
            digital = np.where(filled[:, None], np.int16(0), minute[index % 60].digital)
            yield GridSecond(index, digital, digital / 10.0, filled, NightTime(index + 1))

    state, estimates = told(track.start(EEG, 256, by_loudness), night())
    epochs = [e for e in estimates if e.window_end_s % 30 == 0]
    assert len(epochs) == 960
    assert sum(e.stage is not Stage.UNSCORED for e in epochs) >= 0.95 * 960
    assert sum(context.groups[0][1].ranked.nbytes for context in state.contexts) < 60e6
