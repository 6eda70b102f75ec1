"""Five signals made awake: size, pace and side of one person; and what is asked of them asleep."""

import numpy as np
import pytest

from dreamloom.eyes.calibration import FLOOR_UV, calibrate, limits
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, seconds_of, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import StreamError

HZ = 100


def minute(
    times: int = 5, *, reach_uv: float = 150.0, pace_s: float = 0.8, order: tuple[int, ...] = (0, 1, 2)
) -> list[GridSecond]:
    rng = stream(times, "minute")
    gazes = [signalled(rng, HZ, reach_uv=reach_uv, pace_s=pace_s) for _ in range(times)]
    return seconds_of(eyes_of(np.concatenate([np.zeros(5 * HZ), *gazes]), HZ, rng)[:, list(order)], HZ)


def test_five_signals_tell_size_pace_and_side() -> None:
    found = calibrate(CHANNELS, minute(), grid_hz=HZ)
    assert found.seen >= 4
    assert found.pace_s == pytest.approx(0.8, rel=0.15)
    assert found.size_uv == pytest.approx(4 * 150.0, rel=0.3)
    assert not found.exchanged


def test_exchanged_electrodes_are_told_by_the_first_look() -> None:
    found = calibrate(CHANNELS, minute(order=(0, 2, 1)), grid_hz=HZ)
    assert found.exchanged
    assert limits(found).side == 1


def test_asleep_half_the_size_is_asked_and_never_less_than_the_floor() -> None:
    large = calibrate(CHANNELS, minute(reach_uv=200.0), grid_hz=HZ)
    assert limits(large).least_uv == pytest.approx(large.size_uv / 2)
    small = calibrate(CHANNELS, minute(reach_uv=40.0), grid_hz=HZ)
    assert limits(small).least_uv == FLOOR_UV


def test_two_signals_are_too_few_and_the_message_says_what_to_do() -> None:
    with pytest.raises(StreamError, match="DL-E247") as caught:
        calibrate(CHANNELS, minute(2), grid_hz=HZ)
    assert "left, right" in str(caught.value.do)


def test_without_eyes_there_is_nothing_to_calibrate() -> None:
    with pytest.raises(StreamError, match="DL-E246"):
        calibrate((Channel("EEG C4-M1", "EEG"),), [], grid_hz=HZ)
