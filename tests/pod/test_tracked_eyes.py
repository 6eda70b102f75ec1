"""A bed whose channels show the eyes says what they signal while REM is believed; a bed without them is as it was."""

import msgspec
import numpy as np

from dreamloom.pod import tracking
from dreamloom.record.events import AnyEvent, EyeSignalSeen
from dreamloom.signals.blocks import GridSecond
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, seconds_of, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

HZ = 100


def in_rem(features: FloatArray) -> FloatArray:
    return np.tile([0.02, 0.02, 0.04, 0.02, 0.9], (len(features), 1))


def awake(features: FloatArray) -> FloatArray:
    return np.tile([0.9, 0.02, 0.04, 0.02, 0.02], (len(features), 1))


def two_signals() -> list[GridSecond]:
    rng = stream(1, "two")
    gazes = [np.zeros(90 * HZ), signalled(rng, HZ), signalled(rng, HZ), np.zeros(5 * HZ)]
    return seconds_of(eyes_of(np.concatenate(gazes), HZ, rng), HZ)


def signals(classify: tracking.stages.Classify) -> list[AnyEvent]:
    tracks = tracking.start(CHANNELS, HZ, classify=classify, method="test")
    said: list[AnyEvent] = []
    for second in two_signals():
        tracks, facts = tracking.seen(tracks, second, asleep=True)
        said += [fact for fact in facts if isinstance(fact, EyeSignalSeen)]
    return said


def test_signals_in_rem_are_said_with_their_times_and_size() -> None:
    said = [each for each in signals(in_rem) if isinstance(each, EyeSignalSeen)]
    assert [each.status for each in said] == ["candidate", "candidate", "confirmed"]
    assert said[2].began_s == said[0].began_s
    assert all(0 < each.onset_s - each.ended_s <= 2.0 for each in said)
    assert {each.first for each in said} == {"left"}
    assert msgspec.json.encode(said[2])


def test_the_same_eyes_awake_say_nothing() -> None:
    assert signals(awake) == []


def test_a_bed_without_eyes_watches_none() -> None:
    tracks = tracking.start(CHANNELS[:1], HZ, classify=in_rem, method="test")
    assert tracks.eyes is None
    for second in two_signals()[:3]:
        one = GridSecond(second.index, second.digital[:, :1], second.samples_uv[:, :1], second.filled, second.arrived_s)
        tracks, _ = tracking.seen(tracks, one, asleep=True)
    assert tracks.eyes is None
