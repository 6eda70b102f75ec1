"""Many sleepers at once: each is told what it would be told alone."""

from collections.abc import Sequence

import numpy as np

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.together import together
from dreamloom.staging import track
from dreamloom.staging.features import NAMES
from dreamloom.staging.track import StageEstimate, feature_names
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import FloatArray, NightTime

EEG, EOG, EMG = Channel("EEG C4-M1", "EEG"), Channel("EOG E1-M2", "EOG"), Channel("EMG chin", "EMG")
BEDS: tuple[tuple[tuple[Channel, ...], int], ...] = (
    ((EEG, EOG, EMG), 256),
    ((EEG, EOG, EMG), 256),
    ((EMG, EEG), 256),
    ((EEG,), 100),
    ((EEG, EOG, EMG), 256),
    ((EEG,), 100),
)
"""Six sleepers of three montages on two grids."""


def by_every_column(features: FloatArray) -> FloatArray:
    """A classifier that hides nothing: every feature moves every probability, row by row."""
    loads = np.sin(np.arange(features.shape[1])[:, np.newaxis] + np.arange(5))
    scores = np.array([[np.sum(np.tanh(row) * column) for column in loads.T] for row in features])
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


def second_of(bed: int, index: int) -> GridSecond:
    """Keyed noise; bed 1 loses every seventh second, bed 4 comes an hour and two seconds later."""
    channels, hz = BEDS[bed]
    rng = stream(8, "many", bed, index)
    uv = 40 * np.sin(2 * np.pi * (1 + bed / 7) * np.arange(hz) / hz)[:, np.newaxis] + 9 * rng.normal(
        size=(hz, len(channels))
    )
    digital = np.round(uv * 10).astype(np.int16)
    filled = np.full(hz, bed == 1 and index % 7 == 0)
    offset = 3602 if bed == 4 else 0
    return GridSecond(index + offset, digital, digital / 10.0, filled, NightTime(index + offset + 1.25))


def started() -> list[track.StagingState]:
    return [track.start(channels, hz, by_every_column) for channels, hz in BEDS]


def alone(beds: Sequence[int], count: int) -> dict[int, list[StageEstimate]]:
    told: dict[int, list[StageEstimate]] = {bed: [] for bed in beds}
    for bed in beds:
        state = started()[bed]
        for index in range(count):
            state, new = track.step(state, second_of(bed, index))
            told[bed] += new
    return told


def at_once(beds: Sequence[int], count: int) -> dict[int, list[StageEstimate]]:
    told: dict[int, list[StageEstimate]] = {bed: [] for bed in beds}
    states = {bed: started()[bed] for bed in beds}
    for index in range(count):
        stepped = track.step_many([(states[bed], second_of(bed, index)) for bed in beds])
        for bed, (state, new) in zip(beds, stepped, strict=True):
            states[bed] = state
            told[bed] += new
    return told


def test_a_sleeper_among_others_is_told_the_same_as_alone() -> None:
    shared, single = at_once(range(6), 75), alone(range(6), 75)
    assert shared == single
    assert all(told[-1].stage is not Stage.UNSCORED for told in single.values())
    assert len({repr(told[-1].probabilities) for told in single.values()}) == 6


def test_who_lies_beside_whom_changes_nothing() -> None:
    forward, backward, pair = at_once([0, 1, 4], 45), at_once([4, 1, 0], 45), at_once([4, 0], 45)
    assert forward == backward
    assert {bed: forward[bed] for bed in pair} == pair


def test_more_sleepers_than_are_worked_on_sharedare_all_told_in_their_order() -> None:
    beds = [bed % 2 * 4 for bed in range(2 * track.IN_CACHE + 1)]
    states = [started()[bed] for bed in beds]
    for index in range(30):
        stepped = track.step_many([(s, second_of(bed, index)) for s, bed in zip(states, beds, strict=True)])
        states = [state for state, _ in stepped]
    assert [new[-1].window_end_s for _, new in stepped if new] == [30.0] * (track.IN_CACHE + 1)
    assert len({repr(new) for _, new in stepped if new}) == 1


def test_nobody_at_once_is_nothing() -> None:
    assert track.step_many([]) == []


def test_rows_of_many_sleepers_have_the_columns_of_one() -> None:
    rows: list[FloatArray] = []

    def listening(features: FloatArray) -> FloatArray:
        rows.extend(features)
        return by_every_column(features)

    states = [track.start(BEDS[0][0], 256, listening) for _ in range(3)]
    for index in range(30):
        states = [
            s for s, _ in track.step_many([(s, second_of(b, index)) for b, s in zip((0, 1, 4), states, strict=True)])
        ]
    assert {row.shape for row in rows} == {(len(feature_names("eeg+eog+emg")),)}
    assert len(NAMES["eeg"]) * 3 + 2 + len(NAMES["eog"]) * 3 + len(NAMES["emg"]) * 3 == len(rows[0])


def test_equal_values_come_sharedin_the_order_they_came_in() -> None:
    assert together(["b", "a", "b", "c", "a"]) == [[0, 2], [1, 4], [3]]
