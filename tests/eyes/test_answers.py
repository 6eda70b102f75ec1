"""Answers in a dream: so many left-rights, tensions or sniffs; a number that is not clear is none."""

import numpy as np
import pytest

from dreamloom.eyes import answers, bursts, strengths, watch
from dreamloom.eyes.answers import Answer, Asked
from dreamloom.eyes.leads import leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.strengths import Meter
from dreamloom.signals.blocks import Channel, ChannelKind
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, phasic, seconds_of, signalled, storm
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

HZ = 100
ASKED = Asked(40.0, 60.0)


def moves(gaze_uv: FloatArray, seed: int = 1) -> list[Saccade]:
    chosen = leads(CHANNELS)
    assert chosen is not None
    state, found = watch.start(chosen, HZ, gated=False), []
    for second in seconds_of(eyes_of(gaze_uv, HZ, stream(seed, "answered")), HZ):
        state, _, new = watch.step(state, second)
        found += new
    return found


def answered(*pairs: int, seed: int = 1) -> Answer:
    rng = stream(seed, "pairs")
    gazes = [np.zeros(43 * HZ), *[signalled(rng, HZ, looks=2 * count) for count in pairs], np.zeros(25 * HZ)]
    return answers.of_eyes(moves(np.concatenate(gazes), seed), ASKED)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_so_many_left_rights_are_that_number(count: int) -> None:
    told = [answered(count, seed=seed) for seed in range(4)]
    assert sum(each.number == count for each in told) >= 3
    assert {each.number for each in told} <= {count, 0}
    assert all(each.confidence > 0.2 and 40.0 < each.at_s < 60.0 for each in told if each.said == "answer")


@pytest.mark.parametrize("hz", [100, 256])
def test_a_number_is_read_whenever_it_is_given(hz: int) -> None:
    """A rest of just so long as is asked must not be too short by how its ends are rounded."""
    moves = [(0.0, -200.0), (0.55, 400.0), (1.1, -400.0), (1.65, 400.0), (2.2, -200.0)]
    for sample in range(171 * hz, 171 * hz + 200, 3):
        told = []
        for at_s, step_uv in moves:
            onset_s = (sample + round(at_s * hz)) / hz
            end_s = (sample + round(at_s * hz) + round(0.1 * hz)) / hz
            told.append(
                Saccade(onset_s + 0.05, onset_s, end_s, step_uv, -step_uv / 2, step_uv / 2, 4000.0, popped=False)
            )
        assert answers.of_eyes(told, Asked(170.0, 190.0)).number == 2, sample


def test_the_same_number_twice_is_surer_and_two_numbers_are_none() -> None:
    once, twice, both = answered(3), answered(3, 3), answered(1, 3)
    assert (twice.said, twice.number) == ("answer", 3)
    assert twice.confidence > once.confidence
    assert (both.said, both.number, both.confidence) == ("unclear", 0, 0.0)


def test_the_agreed_signal_given_twice_as_it_is_practised_is_no_answer() -> None:
    assert [answered(2, 2, seed=seed).said for seed in range(3)] == ["unclear"] * 3


@pytest.mark.parametrize(("before", "said"), [(1, "unclear"), (2, "answer")])
def test_the_second_of_two_signals_is_no_answer_though_one_came_before_the_question(before: int, said: str) -> None:
    rng = stream(1, "astride")
    signals = [signalled(rng, HZ) for _ in range(before + 1)]
    early_s = 43 - round(sum(len(each) for each in signals[:-1]) / HZ)
    gaze_uv = np.concatenate([np.zeros(early_s * HZ), *signals, np.zeros(25 * HZ)])
    assert answers.of_eyes(moves(gaze_uv), ASKED._replace(from_s=43.5)).said == said


def test_no_look_is_no_answer_and_one_before_the_question_is_none_either() -> None:
    assert answers.of_eyes(moves(np.zeros(70 * HZ)), ASKED).said == "none"
    early = np.concatenate([np.zeros(20 * HZ), signalled(stream(1, "early"), HZ), np.zeros(45 * HZ)])
    assert answers.of_eyes(moves(early), ASKED).said == "none"


@pytest.mark.parametrize("what", ["phasic", "darting"])
def test_storms_of_eyes_hardly_ever_say_a_number(what: str) -> None:
    chosen = leads(CHANNELS)
    assert chosen is not None
    state, found = watch.start(chosen, HZ, gated=False), []
    for second in storm(what, 7, n_s=150):
        state, _, new = watch.step(state, second)
        found += new
    told = [answers.of_eyes(found, Asked(float(at_s), at_s + 20.0)) for at_s in range(10, 130, 20)]
    assert sum(each.said == "answer" for each in told) <= 1


def test_an_answer_in_phasic_rem_is_the_right_number_or_none() -> None:
    for seed in range(2):
        rng = stream(seed, "between")
        gaze_uv = np.concatenate(
            [phasic(rng, 42, HZ), np.zeros(2 * HZ), signalled(rng, HZ, looks=4), np.zeros(20 * HZ)]
        )
        assert answers.of_eyes(moves(gaze_uv, seed), ASKED).number in {0, 2}


def metered(by: strengths.By, samples_uv: FloatArray, hz: int, *, first: int = 0) -> Meter:
    meter = Meter(by, 0, hz, keep_s=120)
    for second in seconds_of(samples_uv[first * hz :, None], hz, first=first):
        meter = strengths.heard(meter, second)
    return meter


def chin(*at_s: float, length_s: float = 0.5, size: float = 8.0, hz: int = 256, seed: int = 1) -> FloatArray:
    rng = stream(seed, "chin")
    tone_uv = 3.0 * rng.standard_normal(65 * hz)
    time_s = np.arange(65 * hz) / hz
    for onset_s in at_s:
        tone_uv[(time_s >= onset_s) & (time_s < onset_s + length_s)] *= size
    return tone_uv


def tensed(*at_s: float, length_s: float = 0.5, hz: int = 256) -> Answer:
    return bursts.of_meter(metered("face", chin(*at_s, length_s=length_s, hz=hz), hz), ASKED)


@pytest.mark.parametrize("hz", [64, 256])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_so_many_tensions_are_that_number_at_any_rate(count: int, hz: int) -> None:
    told = tensed(*(45.0 + 1.2 * n for n in range(count)), hz=hz)
    assert (told.said, told.number) == ("answer", count)
    assert told.confidence > 0.7
    assert told.at_s == pytest.approx(45.5 + 1.2 * (count - 1), abs=0.1)


def test_twitches_of_rem_say_nothing() -> None:
    assert tensed().said == "none"
    assert tensed(45.0, 51.0, length_s=0.12).said == "none"
    assert tensed(42.0, 44.0, 47.0, 49.5, 53.0, length_s=0.12).said == "unclear"


def test_a_movement_or_tensions_out_of_pace_are_unclear_or_none() -> None:
    assert tensed(45.0, length_s=6.0).number == 0
    assert tensed(42.0, 50.0).said == "unclear"


def test_one_tension_or_one_sniff_alone_is_as_easily_none_that_was_meant() -> None:
    assert tensed(45.0).said == "unclear"
    assert bursts.of_meter(metered("sniff", breath(46.0), 25), ASKED).said == "unclear"


def test_tensions_of_other_lengths_or_strengths_are_none_that_were_meant() -> None:
    longer = chin(45.0, length_s=0.4) + chin(46.2, length_s=1.4, seed=2)
    assert bursts.of_meter(metered("face", longer, 256), ASKED).said == "unclear"
    weaker = chin(45.0, size=6.0) + chin(46.2, size=20.0, seed=2)
    assert bursts.of_meter(metered("face", weaker, 256), ASKED).said == "unclear"


@pytest.mark.parametrize("at_s", [(58.4, 59.6, 60.8), (39.2, 40.4, 41.6)])
def test_a_number_that_the_end_of_its_time_cut_off_is_no_number(at_s: tuple[float, ...]) -> None:
    assert tensed(*at_s).said == "unclear"


def test_without_enough_before_the_question_or_with_a_second_missing_nobody_can_tell() -> None:
    late = metered("face", chin(45.0), 256, first=35)
    assert bursts.of_meter(late, ASKED).said == "unclear"
    whole = metered("face", chin(45.0, 46.2), 256)
    gone = whole._replace(kept=tuple(each for each in whole.kept if each.second != 50))
    assert bursts.of_meter(whole, ASKED).said == "answer"
    assert bursts.of_meter(gone, ASKED).said == "unclear"
    lossy = whole._replace(kept=tuple(each._replace(is_lossy=each.second == 50) for each in whole.kept))
    assert bursts.of_meter(lossy, ASKED).said == "unclear"


def breath(*at_s: float, hz: int = 25, seed: int = 1) -> FloatArray:
    """Quarter-hertz breath of 200 units, and sniffs of half its depth within a third of a second."""
    time_s = np.arange(65 * hz) / hz
    drawn = np.sin(2.0 * np.pi * 0.25 * time_s) + 0.01 * stream(seed, "breath").standard_normal(65 * hz)
    for onset_s in at_s:
        since_s = np.clip((time_s - onset_s) / 0.5, 0.0, 1.0)
        drawn += 1.2 * np.sin(np.pi * since_s) ** 2
    return np.asarray(200.0 * drawn)


@pytest.mark.parametrize("hz", [25, 256])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_so_many_sniffs_are_that_number_and_breath_alone_is_none(count: int, hz: int) -> None:
    at_s = [46.0 + 1.3 * n for n in range(count)]
    told = bursts.of_meter(metered("sniff", breath(*at_s, hz=hz), hz), ASKED)
    assert (told.said, told.number) == ("answer", count)
    assert bursts.of_meter(metered("sniff", breath(hz=hz), hz), ASKED).said == "none"


def test_a_meter_keeps_no_more_than_it_is_asked_to_and_begins_anew_behind_a_gap() -> None:
    meter = Meter("face", 0, 256, keep_s=10)
    seconds = seconds_of(1000.0 + chin()[:, None], 256)
    for second in (*seconds[:20], *seconds[30:40]):
        meter = strengths.heard(meter, second)
    assert [each.second for each in meter.kept] == list(range(30, 40))
    assert max(float(each.levels.max()) for each in meter.kept) < 20.0


def test_what_is_listened_to_is_the_face_before_any_muscle_and_the_nose_before_a_belt() -> None:
    kinds: list[tuple[str, ChannelKind]] = [
        ("EEG C4", "EEG"), ("EMG leg L", "EMG"), ("EMG x", "EMG"), ("EMG chin", "EMG"),
        ("Resp chest", "RESP"), ("SpO2", "RESP"), ("Nasal flow", "RESP"),
    ]  # fmt: skip
    channels = [Channel(label, kind) for label, kind in kinds]
    assert strengths.places(channels, 256) == {"face": 3, "sniff": 6}
    assert strengths.places(channels[:5], 256) == {"face": 3, "sniff": 4}
    assert strengths.places(channels[:2], 256) == {}
    assert strengths.places(channels, 32) == {"sniff": 6}
    assert strengths.places(channels, 16) == {}


def test_channels_that_agree_answer_together_and_those_that_do_not_are_unclear() -> None:
    two, three = Answer("eyes", "answer", 2, 0.5, 50.0), Answer("face", "answer", 3, 0.9, 51.0)
    silent = answers.none("sniff", ASKED)
    assert answers.together([two, silent]) == two
    assert answers.together([two._replace(by="face", confidence=0.9), two]).confidence == 0.9  # type: ignore[union-attr]
    assert answers.together([two, three]) == three._replace(said="unclear", number=0, confidence=0.0)
    assert answers.together([silent, answers.unclear("face", ASKED)]) == answers.unclear("face", ASKED)
    assert answers.together([]) is None
