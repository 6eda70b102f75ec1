"""The arousal rule: some three stirred seconds after ten asleep, early, once, and never from lost samples."""

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.staging import arousals
from dreamloom.staging.arousals import Arousal
from dreamloom.testing.simulated_arousals import EEG_ALONE, WITH_CHIN, judged, live, night
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime

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


def second_with(second: GridSecond, samples_uv: FloatArray) -> GridSecond:
    """The same with other samples."""
    digital = np.round(samples_uv * 10).astype(np.int16)
    return GridSecond(second.index, digital, digital / 10.0, second.filled, second.arrived_s)


def told(
    given: Iterable[GridSecond],
    channels: tuple[Channel, ...] = EEG,
    *,
    asleep_from: int = 0,
    in_rem: bool = False,
) -> tuple[list[Arousal], list[int]]:
    """All arousals, and the seconds in which one was going on."""
    state = arousals.watching(arousals.start(channels), 0, in_rem=in_rem)
    found: list[Arousal] = []
    active: list[int] = []
    for second in given:
        state, arousal, is_active = arousals.step(state, second, stage_asleep=second.index >= asleep_from)
        found += [arousal] if arousal else []
        active += [second.index] if is_active else []
    return found, active


SLIGHT, PLAIN = 3.3, 6.0


def test_a_slight_shift_is_an_arousal_at_the_end_of_its_third_second() -> None:
    found, active = told(seconds([1.0] * FIRST + [SLIGHT] * 6 + [1.0] * 10))
    assert [arousal.onset_s for arousal in found] == [FIRST + 3.0]
    assert found[0].strength > arousals.RISE_RATIO
    assert active == list(range(FIRST + 2, FIRST + 6 + arousals.CALM_S - 1))


def test_a_plain_shift_is_an_arousal_at_the_end_of_its_second_second() -> None:
    found, _ = told(seconds([1.0] * FIRST + [PLAIN] * 6 + [1.0] * 10))
    assert [arousal.onset_s for arousal in found] == [FIRST + 2.0]


@pytest.mark.parametrize(("gain", "lasting_s"), [(SLIGHT, 2), (PLAIN, 1), (200.0, 1)])
def test_a_shift_that_is_too_short_for_its_size_is_none(gain: float, lasting_s: int) -> None:
    assert told(seconds([1.0] * FIRST + [gain] * lasting_s + [1.0] * 10))[0] == []


def test_a_shift_above_16_hz_counts_however_strong_the_alpha_beside_it() -> None:
    """Alpha of ten times the power hides it in one sum of both bands."""
    given = []
    for second in seconds([1.0] * FIRST + [5.0] * 6 + [1.0] * 10, freq_hz=22.0):
        time_s = second.index + np.arange(HZ) / HZ
        alpha_uv = 40 * np.sin(2 * np.pi * 9.0 * time_s)[:, np.newaxis]
        given.append(second_with(second, second.samples_uv + alpha_uv))
    assert [arousal.onset_s for arousal in told(given)[0]] == [FIRST + 2.0]


def test_in_rem_alpha_alone_is_none_and_what_muscle_shows_is() -> None:
    """ASDA 1992 and the AASM manual: alpha comes and goes in REM, so that its chin must rise too."""
    alpha = [1.0] * FIRST + [PLAIN] * 6 + [1.0] * 10
    assert len(told(seconds(alpha), in_rem=False)[0]) == 1
    assert told(seconds(alpha), in_rem=True)[0] == []
    assert told(seconds(alpha), CHIN, in_rem=True)[0] == []
    assert len(told(seconds(alpha, chin_gain=4.0), CHIN, in_rem=True)[0]) == 1
    assert len(told(seconds(alpha, freq_hz=22.0), in_rem=True)[0]) == 1


@pytest.mark.parametrize("freq_hz", [1.0, 6.0, 13.0])
def test_slow_waves_theta_and_spindles_are_none(freq_hz: float) -> None:
    assert told(seconds([1.0] * FIRST + [8.0] * 5 + [1.0] * 10, freq_hz=freq_hz)) == ([], [])


def test_ten_seconds_of_sleep_must_have_gone_before() -> None:
    stirring = [1.0] * FIRST + [4.0] * 6 + [1.0] * 10
    assert told(seconds(stirring), asleep_from=FIRST - 9)[0] == []
    assert len(told(seconds(stirring), asleep_from=FIRST - 10)[0]) == 1


def test_a_chin_counts_only_where_the_eeg_follows() -> None:
    slight = [1.0] * FIRST + [2.1] * 5 + [1.0] * 10
    assert told(seconds(slight, chin_gain=4.0), EEG)[0] == []
    assert len(told(seconds(slight, chin_gain=4.0), CHIN)[0]) == 1
    chin_alone = [1.0] * FIRST + [1.01] * 5 + [1.0] * 10
    assert told(seconds(chin_alone, chin_gain=4.0), CHIN)[0] == []


def test_lost_and_flat_seconds_are_not_judged() -> None:
    stirring = [1.0] * FIRST + [4.0] * 4 + [1.0] * 10
    assert told(seconds(stirring, lost=range(FIRST, FIRST + 4))) == ([], [])
    resumed, _ = told(seconds([1.0] * FIRST + [SLIGHT] * 4 + [1.0] * 10, lost=[FIRST + 1]))
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
@pytest.mark.parametrize("channels", [EEG_ALONE, WITH_CHIN])
def test_most_arousals_of_a_simulated_sleeper_are_seen_within_three_seconds(channels: tuple[Channel, ...]) -> None:
    """Plumbing, not evidence: the sleeper's arousals are alpha, beta and chin by construction."""
    sleeper = night("typical", 4)
    figures = judged([sleeper], [live(sleeper, channels)])
    assert figures.asked >= 15
    assert figures.recall >= 0.8, figures
    assert figures.median_s < 3.0, figures
    assert figures.false_per_h <= 5.0, figures


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
