"""Out of bed: every lead off after a movement; no lost stream, no lone electrode, no plug that slips."""

from dataclasses import replace

import numpy as np
import pytest

from dreamloom.pod import tracking
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.player import bits
from dreamloom.pod.state import opening_state
from dreamloom.record.events import AnyEvent, BackInBedSeen, OutOfBedSeen, StageScored
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold
from dreamloom.signals import presence
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import look_at
from dreamloom.signals.presence import Change
from dreamloom.signals.quantise import Quantiser
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.traits import traits_of
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary import chance
from dreamloom.vocabulary.units import FloatArray, NightTime

HZ = 128
LEADS = (Channel("EEG C4-M1", "EEG"), Channel("EOG E1-M2", "EOG"), Channel("EMG chin", "EMG"))


def second_of(index: int, samples_uv: FloatArray, *, lost: bool = False) -> GridSecond:
    digital = Quantiser.of(LEADS).digital(samples_uv)
    filled = np.full(len(samples_uv), lost)
    return GridSecond(index, digital, digital / 10.0, filled, NightTime(index + 1.0))


def asleep(index: int, *, size: float = 1.0) -> FloatArray:
    """Slow waves below a 1/f hum; a chin."""
    time_s = (index + np.arange(HZ) / HZ)[:, np.newaxis]
    noise = chance.stream(2, "in bed", index).normal(0.0, 1.0, (HZ, 3))
    return np.asarray(size * (30 * np.sin(2 * np.pi * 1.3 * time_s) + 15 * np.sin(2 * np.pi * 5 * time_s) + noise))


def hum(index: int) -> FloatArray:
    noise = chance.stream(2, "in the air", index).normal(0.0, 4.0, (HZ, 3))
    return np.asarray(noise + 60.0 * np.sin(2 * np.pi * 50.0 * np.arange(HZ) / HZ)[:, np.newaxis])


def told(given: list[GridSecond]) -> list[Change]:
    state, found = presence.start(LEADS), list[Change]()
    for second, look in zip(given, look_at(given), strict=True):
        state, change = presence.step(state, look, second.index, stirring=False)
        found += [change] if change else []
    return found


def night(air: object, *, moves: bool = True, lost: bool = False) -> list[GridSecond]:
    """A minute asleep, three seconds of moving, a minute of this, and a minute asleep."""
    made = [second_of(index, asleep(index, size=8.0 if moves and 57 <= index < 60 else 1.0)) for index in range(60)]
    made += [second_of(index, air(index), lost=lost) for index in range(60, 120)]  # type: ignore[operator]
    return made + [second_of(index, asleep(index)) for index in range(120, 180)]


@pytest.mark.parametrize("air", [hum, lambda _: np.zeros((HZ, 3)), lambda _: np.full((HZ, 3), 9999.0)])
def test_all_leads_off_after_a_movement_is_out_of_bed_until_one_hears_a_body_again(air: object) -> None:
    assert told(night(air)) == [
        Change(left=True, onset_s=NightTime(70.0), since_s=NightTime(60.0)),
        Change(left=False, onset_s=NightTime(150.0), since_s=NightTime(120.0)),
    ]


def test_leads_that_go_off_in_still_sleep_are_no_sleeper_who_left() -> None:
    assert told(night(hum, moves=False)) == []


def test_a_lost_stream_is_not_out_of_bed() -> None:
    assert told(night(lambda _: np.zeros((HZ, 3)), lost=True)) == []


def test_a_lone_electrode_that_comes_off_is_not_out_of_bed() -> None:
    def alone(index: int) -> FloatArray:
        samples = asleep(index)
        samples[:, 0] = hum(index)[:, 0]
        return samples

    assert told(night(alone)) == []


def test_whoever_is_said_to_be_up_is_back_after_a_minute_of_lying_still_and_never_while_they_move() -> None:
    """The band stays on: four minutes of it, in the middle two of which they walk about."""
    given = [
        second_of(index, asleep(index, size=8.0 if 60 <= index < 180 and index % 9 == 0 else 1.0))
        for index in range(260)
    ]
    state, found = presence.start(LEADS), list[Change]()
    for second, look in zip(given, look_at(given), strict=True):
        state = presence.told(state, left=True) if second.index == 60 else state
        state, change = presence.step(state, look, second.index, stirring=False)
        found += [change] if change else []
    (back,) = found
    assert (back.left, 231.0 <= back.onset_s <= 240.0) == (False, True)
    again = presence.told(presence.told(state, left=True), left=False)
    assert not again.left


def test_a_simulated_sleeper_who_gets_up_is_told_within_fifteen_seconds_and_back_within_a_minute() -> None:
    """With the whole tracking."""

    def waking(features: FloatArray) -> FloatArray:
        return np.tile([0.8, 0.05, 0.05, 0.05, 0.05], (len(features), 1))

    course = Course(replace(traits_of(5, "S01", "insomnia"), outings_per_h=2.0), 5, until_s=4 * 3600)
    away = next(stretch for stretch in course.stretches if stretch.what == "out of bed" and stretch.onset_s > 200)
    electrodes, quantiser = Electrodes(course, sfreq_hz=HZ), Quantiser.of(CHANNELS)
    believed, facts = tracking.start(CHANNELS, HZ, classify=waking, method="W"), list[AnyEvent]()
    first, last = int(away.onset_s) - 60, int(away.end_s) + 60
    for index in (*range(first, first + 90), *range(last - 75, last)):
        digital = quantiser.digital(electrodes.second(index))
        filled = np.zeros(HZ, dtype=bool)
        second = GridSecond(index, digital, quantiser.to_uv(digital), filled, NightTime(index + 1.0))
        believed, new = tracking.seen(believed, second, asleep=False)
        facts += new
    (left,) = [fact for fact in facts if isinstance(fact, OutOfBedSeen)]
    (back,) = [fact for fact in facts if isinstance(fact, BackInBedSeen)]
    assert 0 <= left.onset_s - away.onset_s <= 15
    assert 0 <= back.onset_s - away.end_s <= 60


def test_nothing_sounds_while_nobody_is_in_bed() -> None:
    plan, _ = plan_of()
    state = opening_state(plan, grant_for(plan), None)
    back_told = BackInBedTold(onset_s=200.0, by="anna")
    away = evolve(state, OutOfBedSeen(onset_s=100.0, since_s=90.0), plan)
    assert bits(away, NightTime(101.0), senses=Senses())[Bit.HALTED]
    back = evolve(away, BackInBedSeen(onset_s=200.0, since_s=170.0), plan)
    assert not bits(back, NightTime(201.0), senses=Senses())[Bit.HALTED]
    told = evolve(state, OutOfBedTold(onset_s=100.0, by="anna"), plan)
    assert bits(told, NightTime(101.0), senses=Senses())[Bit.HALTED]
    assert not bits(evolve(told, back_told, plan), NightTime(201.0), senses=Senses())[Bit.HALTED]
    scored = StageScored(
        onset_s=100.0, stage="R", confidence=0.9, probabilities={"R": 0.9}, window_s=30.0, decided_at_s=100.0,
        quality=1.0, method="R",
    )  # fmt: skip
    asleep_before = evolve(state, scored, plan)
    assert evolve(asleep_before, OutOfBedSeen(onset_s=110.0, since_s=100.0), plan).asleep_since_s is None
