"""Many sleepers' eyes read at once: each is told what it would be told alone."""

import numpy as np

from dreamloom.eyes import saccades, watch
from dreamloom.eyes.leads import leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime

TWO = (Channel("EEG C4-M1", "EEG"), Channel("EOG E1-M2", "EOG"), Channel("EOG E2-M2", "EOG"))
ONE = (TWO[0], TWO[1], Channel("EMG chin", "EMG"))
BEDS = ((TWO, 256), (TWO, 256), (ONE, 256), (TWO, 128), (ONE, 128))


def second_of(bed: int, index: int) -> GridSecond:
    """A look of 120 µV to a side and back each second; bed 1 loses every fifth second."""
    channels, hz = BEDS[bed]
    time_s = index + np.arange(hz) / hz
    gaze = 60 * np.tanh(40 * np.sin(2 * np.pi * 0.5 * (time_s + bed / 10)))
    uv = 3 * stream(5, "eyes", bed, index).standard_normal((hz, 3))
    uv[:, 1] += gaze
    uv[:, 2] -= gaze if len([channel for channel in channels if channel.kind == "EOG"]) == 2 else 0.0
    digital = np.round(uv * 10).astype(np.int16)
    return GridSecond(index, digital, digital / 10.0, np.full(hz, bed == 1 and index % 5 == 0), NightTime(index + 1.0))


def started(bed: int) -> watch.EyeState:
    channels, hz = BEDS[bed]
    found = leads(channels)
    assert found is not None
    return watch.start(found, hz, gated=False)


def test_eyes_read_at_once_are_told_what_each_would_be_told_alone() -> None:
    alone: list[list[tuple[list[watch.EyeSignal], list[Saccade]]]] = []
    for bed in range(len(BEDS)):
        state, told = started(bed), []
        for index in range(40):
            state, signals, new = watch.step(state, second_of(bed, index))
            told.append((signals, new))
        alone.append(told)
    states = [started(bed) for bed in range(len(BEDS))]
    at_once: list[list[tuple[list[watch.EyeSignal], list[Saccade]]]] = [[] for _ in BEDS]
    for index in range(40):
        stepped = watch.step_many([(state, second_of(bed, index)) for bed, state in enumerate(states)])
        states = [state for state, _, _ in stepped]
        for bed, (_, signals, new) in enumerate(stepped):
            at_once[bed].append((signals, new))
    assert at_once == alone
    assert all(sum(len(new) for _, new in alone[bed]) > 10 for bed in (0, 2, 3, 4))


def test_nobodys_eyes_are_nothing() -> None:
    assert saccades.step_many([]) == []
