"""The arousal rule: three stirred seconds after ten asleep, early, once, and never from lost samples."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import Happening
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.traits import traits_of
from dreamloom.staging import arousals
from dreamloom.staging.arousals import Arousal
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime

EEG = (Channel("EEG C4-M1", "EEG"),)
CHIN = (*EEG, Channel("EMG chin", "EMG"))
HZ = 100
FIRST = 60


def seconds(
    gains: Iterable[float], *, freq_hz: float = 10.0, chin_gain: float = 1.0, lost: Iterable[int] = ()
) -> Iterator[GridSecond]:
    """Slow waves with a 10-Hz rhythm whose amplitude is `gain` in each second, and a chin that follows if asked to."""
    for index, gain in enumerate(gains):
        rng = stream(3, "arousal", index)
        time_s = index + np.arange(HZ) / HZ
        eeg = 40 * np.sin(2 * np.pi * 0.8 * time_s) + 4 * gain * np.sin(2 * np.pi * freq_hz * time_s)
        eeg += 3 * rng.standard_normal(HZ)
        chin = 5 * rng.standard_normal(HZ) * (chin_gain if gain > 1 else 1.0)
        digital = np.round(np.stack([eeg, chin], axis=1) * 10).astype(np.int16)
        filled = np.full(HZ, index in set(lost))
        yield GridSecond(index, digital, digital / 10.0, filled, NightTime(index + 1))


def told(
    given: Iterable[GridSecond], channels: tuple[Channel, ...] = EEG, *, asleep_from: int = 0
) -> tuple[list[Arousal], list[int]]:
    """All arousals, and the seconds in which one was going on."""
    state = arousals.start(channels)
    found: list[Arousal] = []
    active: list[int] = []
    for second in given:
        state, arousal, is_active = arousals.step(state, second, stage_asleep=second.index >= asleep_from)
        found += [arousal] if arousal else []
        active += [second.index] if is_active else []
    return found, active


def test_three_fast_seconds_are_an_arousal_at_the_end_of_the_third() -> None:
    found, active = told(seconds([1.0] * FIRST + [4.0] * 6 + [1.0] * 10))
    assert [arousal.onset_s for arousal in found] == [FIRST + 3.0]
    assert found[0].strength > arousals.RISE_RATIO
    assert active == list(range(FIRST + 2, FIRST + 6 + arousals.CALM_S - 1))


def test_two_fast_seconds_are_none() -> None:
    assert told(seconds([1.0] * FIRST + [4.0] * 2 + [1.0] * 10)) == ([], [])


@pytest.mark.parametrize("freq_hz", [1.0, 6.0, 13.0])
def test_slow_waves_theta_and_spindles_are_none(freq_hz: float) -> None:
    assert told(seconds([1.0] * FIRST + [8.0] * 5 + [1.0] * 10, freq_hz=freq_hz)) == ([], [])


def test_ten_seconds_of_sleep_must_have_gone_before() -> None:
    stirring = [1.0] * FIRST + [4.0] * 6 + [1.0] * 10
    assert told(seconds(stirring), asleep_from=FIRST - 9)[0] == []
    assert len(told(seconds(stirring), asleep_from=FIRST - 10)[0]) == 1


def test_a_chin_counts_only_where_the_eeg_follows() -> None:
    slight = [1.0] * FIRST + [1.7] * 5 + [1.0] * 10
    assert told(seconds(slight, chin_gain=4.0), EEG)[0] == []
    assert len(told(seconds(slight, chin_gain=4.0), CHIN)[0]) == 1
    chin_alone = [1.0] * FIRST + [1.01] * 5 + [1.0] * 10
    assert told(seconds(chin_alone, chin_gain=4.0), CHIN)[0] == []


def test_lost_and_flat_seconds_are_not_judged() -> None:
    stirring = [1.0] * FIRST + [4.0] * 4 + [1.0] * 10
    assert told(seconds(stirring, lost=range(FIRST, FIRST + 4))) == ([], [])
    resumed, _ = told(seconds([1.0] * FIRST + [4.0] * 4 + [1.0] * 10, lost=[FIRST + 1]))
    assert [arousal.onset_s for arousal in resumed] == [FIRST + 4.0]


def test_a_movement_is_active_at_once_and_without_a_fact() -> None:
    given = [*seconds([1.0] * 40)]
    loud = given[35].samples_uv.copy()
    loud[50, 0] = 501.0
    given[35] = GridSecond(35, given[35].digital, loud, given[35].filled, given[35].arrived_s)
    found, active = told(given)
    assert found == []
    assert active[0] == 35


@pytest.mark.parametrize("hum_hz", [49.9, 50.0, 50.1, 60.0])
def test_a_hum_of_the_mains_that_comes_on_is_no_arousal(hum_hz: float) -> None:
    """The bands end at 45 Hz and the taper lets nothing of it in, so that no notch is needed."""
    given = []
    for index in range(FIRST + 20):
        rng = stream(4, "hum", index)
        time_s = index + np.arange(250) / 250
        eeg = 30 * np.sin(2 * np.pi * 0.8 * time_s) + 5 * rng.standard_normal(250)
        chin = 5 * rng.standard_normal(250)
        hum = 150 * np.sin(2 * np.pi * hum_hz * time_s) if index >= FIRST else 0.0
        digital = np.round(np.stack([eeg + hum, chin + hum], axis=1) * 10).astype(np.int16)
        given.append(GridSecond(index, digital, digital / 10.0, np.zeros(250, bool), NightTime(index + 1)))
    assert told(given, CHIN) == ([], [])


def test_one_arousal_is_told_once_however_long_it_lasts() -> None:
    found, active = told(seconds([1.0] * FIRST + [4.0] * 15 + [1.0] * 10))
    assert len(found) == 1
    assert len(active) == 15


@pytest.mark.slow
def test_most_arousals_of_a_simulated_sleeper_are_seen_within_four_seconds() -> None:
    """Plumbing, not evidence: the sleeper's arousals are alpha, beta and chin by construction."""
    course = Course(traits_of(4, "S01", "typical"), 4, until_s=5400)
    electrodes = Electrodes(course, sfreq_hz=HZ)
    true = [h for minute in range(90) for h in course.minute(minute) if h.what == "arousal"]
    state, found = arousals.start(CHANNELS), list[float]()
    for index in range(5400):
        digital = np.round(np.clip(electrodes.second(index) * 10, -32768, 32767)).astype(np.int16)
        second = GridSecond(index, digital, digital / 10.0, np.zeros(HZ, bool), NightTime(index + 1))
        state, arousal, _ = arousals.step(state, second, stage_asleep=bool(course.stages[max(0, index - 5)]))
        found += [arousal.onset_s] if arousal else []
    asked = [h for h in true if h.duration_s >= 4]
    seen = [_latency_s(h, found) for h in asked]
    assert sum(latency is not None and latency <= 4.5 for latency in seen) >= 0.7 * len(asked), seen
    assert len(asked) >= 5
    assert sum(all(not h.onset_s < at <= h.onset_s + h.duration_s + 3 for h in true) for at in found) <= 30 * 1.5


def _latency_s(happening: Happening, found: list[float]) -> float | None:
    inside = [at - happening.onset_s for at in found if 0 < at - happening.onset_s <= happening.duration_s + 3]
    return inside[0] if inside else None


def test_sleepers_watched_at_once_are_told_what_each_would_be_told_alone() -> None:
    stirring = [1.0] * FIRST + [4.0] * 6 + [1.0] * 10
    beds = [
        (EEG, list(seconds(stirring)), 0),
        (CHIN, list(seconds(stirring, chin_gain=4.0)), 0),
        (EEG, list(seconds(stirring, lost=range(40, 55))), 0),
        (EEG, list(seconds([1.0] * len(stirring))), 0),
        (EEG, list(seconds(stirring)), FIRST - 9),
    ]
    alone = [told(given, channels, asleep_from=asleep_from) for channels, given, asleep_from in beds]
    states = [arousals.start(channels) for channels, _, _ in beds]
    found: list[list[Arousal]] = [[] for _ in beds]
    active: list[list[int]] = [[] for _ in beds]
    for index in range(len(stirring)):
        sleepers = [(s, given[index], index >= since) for s, (_, given, since) in zip(states, beds, strict=True)]
        stepped = arousals.step_many(sleepers)
        states = [state for state, _, _ in stepped]
        for bed, (_, arousal, is_active) in enumerate(stepped):
            found[bed] += [arousal] if arousal else []
            active[bed] += [index] if is_active else []
    assert list(zip(found, active, strict=True)) == alone
    assert [len(each) for each in found] == [1, 1, 1, 0, 0]
