"""What makes a second untrustworthy."""

import numpy as np
import pytest

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quality import SecondQuality, quality_of
from dreamloom.signals.quantise import Quantiser

CHANNELS = (Channel("EEG C3", "EEG"), Channel("EMG chin", "EMG"))


def second(*columns, filled=0):
    samples_uv = np.column_stack([np.broadcast_to(column, 256) for column in columns])
    digital = Quantiser.of(CHANNELS).digital(samples_uv)
    is_filled = np.arange(256) < filled
    return GridSecond(7, digital, Quantiser.of(CHANNELS).to_uv(digital), is_filled, 8.0)


WAVE = 50.0 * np.sin(np.arange(256) / 5)


def test_an_ordinary_second_is_good():
    assert quality_of(second(WAVE, WAVE), CHANNELS) == SecondQuality(good=True, flags=())


@pytest.mark.parametrize(
    ("eeg", "flag"),
    [
        (np.full(256, 12.0), "flat:EEG C3"),
        (12.0 + 0.2 * np.sign(WAVE), "flat:EEG C3"),
        (11.0 * WAVE, "range:EEG C3"),
        (70.0 * WAVE, "clipped:EEG C3"),
    ],
)
def test_a_channel_that_cannot_be_the_body_is_flagged_by_name(eeg, flag):
    judged = quality_of(second(eeg, WAVE), CHANNELS)
    assert not judged.good
    assert flag in judged.flags


def test_muscle_may_be_louder_than_brain():
    assert quality_of(second(WAVE, 30.0 * WAVE), CHANNELS).good


@pytest.mark.parametrize(("filled", "good"), [(0, True), (5, True), (6, False), (256, False)])
def test_a_second_is_good_below_two_percent_filled(filled, good):
    assert quality_of(second(WAVE, WAVE, filled=filled), CHANNELS).good is good
