"""Beds tracked at once: each comes to believe what it would alone."""

import numpy as np

from dreamloom.pod import tracking
from dreamloom.record.events import AnyEvent, ArousalSeen, SignalSpoilt, StageScored
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime

CHANNELS = (Channel("EEG C4-M1", "EEG"), Channel("EOG E1-M2", "EOG"))
HZ = 100
STIRS_FROM = 50


def even(features: FloatArray) -> FloatArray:
    """A classifier that depends on what it is shown, a little."""
    first = 0.3 + 0.1 * np.tanh(features[:, :1])
    return np.concatenate([first, np.repeat((1 - first) / 4, 4, axis=1)], axis=1)


def second_of(bed: int, index: int) -> GridSecond:
    """Slow waves; beds 0 and 2 stir from second 50 on."""
    rng = stream(6, "beds", bed, index)
    fast = 4.0 if index >= STIRS_FROM and bed != 1 else 1.0
    time_s = np.arange(HZ)[:, np.newaxis] / HZ
    uv = 30 * np.sin(2 * np.pi * time_s) + 4 * fast * np.sin(2 * np.pi * 10 * time_s) + 3 * rng.normal(size=(HZ, 2))
    digital = np.round(uv * 10).astype(np.int16)
    return GridSecond(index, digital, digital / 10.0, np.zeros(HZ, dtype=bool), NightTime(index + 1.0))


def test_beds_tracked_at_once_believe_what_each_would_alone() -> None:
    fresh = [tracking.start(CHANNELS, HZ, classify=even, method=f"bed {bed}") for bed in range(3)]
    alone: list[list[AnyEvent]] = [[] for _ in fresh]
    for bed, begun in enumerate(fresh):
        believed = begun
        for index in range(60):
            believed, facts = tracking.seen(believed, second_of(bed, index), asleep=True)
            alone[bed] += facts
    beds = fresh
    at_once: list[list[AnyEvent]] = [[] for _ in fresh]
    for index in range(60):
        told = tracking.seen_many([(each, second_of(bed, index), True) for bed, each in enumerate(beds)])
        beds = [each for each, _ in told]
        for bed, (_, facts) in enumerate(told):
            at_once[bed] += facts
    assert at_once == alone
    assert [sum(isinstance(fact, ArousalSeen) for fact in facts) for facts in alone] == [1, 0, 1]
    assert {fact.method for fact in alone[2] if isinstance(fact, StageScored)} == {"bed 2"}
    assert [each.stirring for each in beds] == [True, False, True]


def test_a_channel_that_hears_nothing_is_named_and_the_bed_unscored() -> None:
    believed, facts = tracking.start(CHANNELS, HZ, classify=even, method="even"), list[AnyEvent]()
    for index in range(80):
        second = second_of(1, index)
        if index >= STIRS_FROM:
            silent = second.digital.copy()
            silent[:, 1] = 0
            second = GridSecond(index, silent, silent / 10.0, second.filled, second.arrived_s)
        believed, new = tracking.seen(believed, second, asleep=True)
        facts += new
    spoilt = [fact for fact in facts if isinstance(fact, SignalSpoilt)]
    assert [(fact.channel, fact.fault, fact.since_s, fact.onset_s) for fact in spoilt] == [
        ("EOG E1-M2", "FLAT", 50.0, 60.0)
    ]
    assert [fact.stage for fact in facts if isinstance(fact, StageScored)][-4:] == ["UNSCORED"] * 4


def test_a_lead_of_the_eyes_that_is_the_wrong_way_round_is_named_and_its_signals_are_none() -> None:
    channels = (*CHANNELS, Channel("EOG E2-M2", "EOG"))

    def deep(features: FloatArray) -> FloatArray:
        return np.tile([0.02, 0.02, 0.02, 0.92, 0.02], (len(features), 1))

    def second_with(index: int, sign: int) -> GridSecond:
        second = second_of(1, index)
        digital = np.concatenate([second.digital, sign * second.digital[:, 1:]], axis=1)
        return GridSecond(index, digital, digital / 10.0, second.filled, second.arrived_s)

    told: dict[int, list[AnyEvent]] = {1: [], -1: []}
    for sign, found in told.items():
        believed = tracking.start(channels, HZ, classify=deep, method="deep")
        for index in range(340):
            believed, facts = tracking.seen(believed, second_with(index, sign), asleep=True)
            found += [fact for fact in facts if isinstance(fact, SignalSpoilt)]
    assert told[1] == []
    (fault,) = told[-1]
    assert isinstance(fault, SignalSpoilt)
    assert (fault.channel, fault.fault, fault.since_s) == ("EOG E1-M2 / EOG E2-M2", "REVERSED", 29.0)
    assert believed.eyes is not None
    assert believed.eyes.wiring.reversed_since_s == 29.0
