"""Out of a nightmare: REM, heart and breath quickened for a while, then stirring; and never on less than all of it."""

from collections.abc import Iterator

import numpy as np
import pytest

from dreamloom.pod import tracking
from dreamloom.record.events import NightmareArousalSeen
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.labels import kind_of
from dreamloom.sleeper.body import Body
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.traits import traits_of
from dreamloom.staging import nightmares
from dreamloom.staging.nightmares import Nightmare, NightmareState
from dreamloom.vocabulary.units import FloatArray, NightTime

BODY = (Channel("ECG", "ECG"), Channel("Resp chest", "RESP"))
QUICK_FROM, STIRS_AT, END = 300, 380, 400


def seconds(*, heart_x: float = 1.25, breath_x: float = 1.3, hz: int = 100) -> Iterator[GridSecond]:
    """A heart at 60 and a breath at 15 a minute, then quicker, until the sleeper stirs."""
    beat = breath = 0.0
    for index in range(END):
        quick = QUICK_FROM <= index < STIRS_AT
        time_s = np.arange(hz) / hz
        beats, breaths = (
            beat + time_s * (heart_x if quick else 1.0),
            breath + time_s * 0.25 * (breath_x if quick else 1),
        )
        beat, breath = beats[-1] + (beats[1] - beats[0]), breaths[-1] + (breaths[1] - breaths[0])
        ecg = 1000.0 * np.exp(-((((beats + 0.5) % 1.0 - 0.5) / 0.02) ** 2))
        samples = np.stack([ecg, 300.0 * np.sin(2 * np.pi * breaths)], axis=1)
        digital = np.round(samples * 10).astype(np.int16)
        yield GridSecond(index, digital, digital / 10.0, np.zeros(hz, dtype=bool), NightTime(index + 1.0))


def told(given: Iterator[GridSecond], *, rem_until: int = END, stirs: bool = True) -> list[Nightmare]:
    state, found = nightmares.start(nightmares.Leads(0, 1)), list[Nightmare]()
    for second in given:
        stirring = stirs and second.index >= STIRS_AT
        state, one = nightmares.step(state, second, stirring=stirring, in_rem=second.index < rem_until)
        found += [one] if one else []
    return found


@pytest.mark.parametrize("hz", [80, 100, 255, 256, 500])
def test_stirring_out_of_rem_with_a_quickened_body_is_told_once_whatever_the_rate(hz: int) -> None:
    (found,) = told(seconds(hz=hz))
    assert found.onset_s == STIRS_AT + 1.0
    assert found.usual_heart_per_min == pytest.approx(60.0, abs=1.5)
    assert found.heart_per_min == pytest.approx(75.0, abs=2.0)
    assert found.breath_per_min / found.usual_breath_per_min == pytest.approx(1.3, abs=0.1)


def test_nothing_less_than_all_of_it_is_told() -> None:
    assert told(seconds(), stirs=False) == []
    assert told(seconds(), rem_until=STIRS_AT - nightmares.REM_WITHIN_S) == []
    assert len(told(seconds(), rem_until=STIRS_AT - nightmares.REM_WITHIN_S + 1)) == 1
    assert told(seconds(heart_x=1.0)) == []
    assert told(seconds(breath_x=1.0)) == []


def test_an_arousals_own_surge_is_none() -> None:
    """Heart and breath that quicken only once the sleeper stirs."""
    state, found = nightmares.start(nightmares.Leads(0, 1)), list[Nightmare]()
    for second in seconds():
        state, one = nightmares.step(state, second, stirring=second.index >= QUICK_FROM, in_rem=True)
        found += [one] if one else []
    assert found == []


def test_a_bed_without_heart_or_breath_says_nothing_of_them() -> None:
    assert nightmares.leads((Channel("EEG C4", "EEG"), *BODY)) == nightmares.Leads(1, 2)
    assert nightmares.leads((Channel("PPG", "PPG"), Channel("SpO2", "RESP"), Channel("Flow", "RESP"))) == (0, 2)
    assert nightmares.leads(BODY[:1]) is None
    assert nightmares.leads(BODY[1:]) is None
    assert nightmares.leads((BODY[0], Channel("SaO2", "RESP"))) is None
    assert [kind_of(label) for label in ("PPG", "Pleth", "BVP", "ECG II")] == ["PPG", "PPG", "PPG", "ECG"]


def test_lost_samples_are_no_quickened_heart() -> None:
    found = []
    state = nightmares.start(nightmares.Leads(0, 1))
    for second in seconds():
        filled = np.full(100, QUICK_FROM <= second.index < STIRS_AT)
        lost = GridSecond(second.index, second.digital, second.samples_uv, filled, second.arrived_s)
        state, one = nightmares.step(state, lost, stirring=second.index >= STIRS_AT, in_rem=True)
        found += [one] if one else []
    assert found == []


def test_the_heart_of_a_simulated_sleeper_is_read_to_a_few_beats() -> None:
    course = Course(traits_of(3, "S01", "typical"), 3, until_s=600)
    body, state = Body(course), NightmareState(nightmares.Leads(0, 1))
    for index in range(300, 340):
        samples = body.samples_uv(index + np.arange(100) / 100)
        digital = np.round(samples * 10).astype(np.int16)
        second = GridSecond(index, digital, samples, np.zeros(100, dtype=bool), NightTime(index + 1.0))
        state, _ = nightmares.step(state, second, stirring=False, in_rem=False)
    beats = [beat for index in range(332, 340) for beat in body.beats_s(index)]
    assert state.rates[-1, 0] == pytest.approx(60.0 / float(np.mean(np.diff(beats))), rel=0.05)


def test_a_pod_tells_it_as_a_fact_beside_the_arousal() -> None:
    """Through the whole tracking: an EEG that stirs, and a body that had quickened."""

    def rem(features: FloatArray) -> FloatArray:
        return np.tile([0.05, 0.05, 0.05, 0.05, 0.8], (len(features), 1))

    channels = (Channel("EEG C4-M1", "EEG"), *BODY)
    believed, facts = tracking.start(channels, 100, classify=rem, method="R"), list[object]()
    for second in seconds():
        rng = np.random.Generator(np.random.PCG64(second.index))
        eeg = rng.normal(0.0, 40.0 if second.index >= STIRS_AT else 8.0, (100, 1))
        digital = np.round(np.concatenate([eeg, second.samples_uv], axis=1) * 10).astype(np.int16)
        shown = GridSecond(second.index, digital, digital / 10.0, second.filled, second.arrived_s)
        believed, new = tracking.seen(believed, shown, asleep=True)
        facts += new
    assert [fact.onset_s for fact in facts if isinstance(fact, NightmareArousalSeen)] == [STIRS_AT + 2.0]


def test_many_sleepers_at_once_are_told_what_each_would_be_told_alone() -> None:
    """One sleeps, one starts up, one loses a second, one came later and at another rate."""
    beds = [
        [*seconds(heart_x=1.0, breath_x=1.0)],
        [*seconds()],
        [s for s in seconds() if s.index != 200],
        [*seconds(hz=255)][60:],
    ]
    alone: list[list[Nightmare]] = [[] for _ in beds]
    for bed, given in enumerate(beds):
        state = nightmares.start(nightmares.Leads(0, 1))
        for second in given:
            state, one = nightmares.step(state, second, stirring=second.index >= STIRS_AT, in_rem=True)
            alone[bed] += [one] if one else []
    states = [nightmares.start(nightmares.Leads(0, 1)) for _ in beds]
    at_once: list[list[Nightmare]] = [[] for _ in beds]
    for turn in range(END):
        there = [bed for bed, given in enumerate(beds) if turn < len(given)]
        now = [beds[bed][turn] for bed in there]
        moments = [nightmares.Moment(second, second.index >= STIRS_AT, in_rem=True) for second in now]
        stepped = nightmares.step_many(list(zip([states[bed] for bed in there], moments, strict=True)))
        for bed, (state, one) in zip(there, stepped, strict=True):
            states[bed] = state
            at_once[bed] += [one] if one else []
    assert [len(each) for each in alone] == [0, 1, 1, 1]
    assert at_once == alone
