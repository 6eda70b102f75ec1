"""Interludes, eye bursts and people: out of bed, electrodes off, nightmares, grinding, look-alikes, presets."""

from functools import cache

import numpy as np
import pytest

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.interludes import Stretch
from dreamloom.sleeper.presets import PRESETS
from dreamloom.sleeper.signals import CHANNELS, Electrodes
from dreamloom.sleeper.traits import changed, traits_of
from dreamloom.sleeper.truth import Truth, truth_of
from dreamloom.vocabulary.stages import Stage

NIGHT_S = 8 * 3600
W, N1, N2, N3, R = range(5)


def course(seed: int = 3, preset: str = "typical", hours: int = 8, **traits: float) -> Course:
    return Course(changed(traits_of(seed, "S01", preset), traits), seed, until_s=hours * 3600)


def stretches(what: str, *, hours: int = 8, **traits: float) -> list[tuple[Course, Stretch]]:
    found = [
        (night, each)
        for night in (course(seed, hours=hours, **traits) for seed in range(6))
        for each in night.stretches
    ]
    return [(night, each) for night, each in found if each.what == what]


@cache
def dreamer() -> tuple[Course, Truth]:
    night = course(2, "dreamer")
    return night, truth_of(night, NIGHT_S)


def test_nobody_has_interludes_without_the_trait() -> None:
    assert course().stretches == ()
    night = course(hours=2)
    happened = {each.what for minute in range(120) for each in night.minute(minute)}
    assert happened.isdisjoint({"movement", "grinding", "look-alike"})


def test_getting_up_shakes_the_leads_then_unplugs_them_and_the_sleeper_comes_back_awake() -> None:
    for night, outing in stretches("out of bed", outings_per_h=0.5)[:4]:
        electrodes = Electrodes(night, sfreq_hz=128, with_body=True)
        before, away, after = (
            np.concatenate([electrodes.second(int(at_s) + second) for second in range(4)])
            for at_s in (outing.onset_s - 7, outing.onset_s + 30, outing.end_s + 4)
        )
        assert (night.stages[int(outing.onset_s) - 40 : int(outing.end_s) + 50] == W).all()
        assert before[:, 0].std() > 40.0 < after[:, 0].std(), "moving"
        assert np.corrcoef(away.T).min() > 0.9, "nothing but the mains, the same on every lead"
        assert not np.isnan(away).any()


def test_an_electrode_comes_off_alone_and_holds_again() -> None:
    alone = [(night, each) for night, each in stretches("electrode off", loose_per_h=0.2) if len(night.stretches) == 1]
    assert alone
    for night, loose in alone:
        whole, off = Electrodes(course(night.seed), sfreq_hz=100), Electrodes(night, sfreq_hz=100)
        others = [channel for channel in range(len(CHANNELS)) if channel != loose.channel]
        during, later = int(loose.onset_s) + 30, int(loose.end_s) + 5
        assert np.array_equal(whole.second(during)[:, others], off.second(during)[:, others])
        assert not np.array_equal(whole.second(during)[:, loose.channel], off.second(during)[:, loose.channel])
        assert np.array_equal(whole.second(later), off.second(later))


def test_a_nightmare_is_rem_and_ends_in_waking() -> None:
    found = stretches("nightmare", nightmares_per_h=2.0)
    assert len(found) > 3
    for night, nightmare in found:
        end = int(nightmare.end_s)
        assert (night.stages[int(nightmare.onset_s) : end] == R).all()
        assert (night.stages[end : end + 60] == W).all()
        assert any(each.what == "arousal" and each.onset_s == end for each in night.minute(end // 60))


def test_a_longer_night_has_the_interludes_of_the_shorter_one() -> None:
    traits = {"outings_per_h": 1.0, "nightmares_per_h": 2.0, "loose_per_h": 1.0}
    short, long = course(hours=4, **traits), course(hours=8, **traits)
    assert long.stages[: 4 * 3600].tobytes() == short.stages[: 4 * 3600].tobytes()
    within = [each for each in long.stretches if each.onset_s < 4 * 3600]
    assert [each for each in short.stretches if each.onset_s < 4 * 3600] == within


def test_grinding_beats_the_chin_about_once_a_second() -> None:
    night = course(1, "grinder")
    bouts = [each for minute in range(480) for each in night.minute(minute) if each.what == "grinding"]
    asleep_h = np.isin(night.stages[:NIGHT_S], (N1, N2)).sum() / 3600
    assert 3.0 < len(bouts) / asleep_h < 10.0
    assert all(each.duration_s * each.pitch_hz > 2.5 for each in bouts), "three bursts or more"
    electrodes = Electrodes(night, sfreq_hz=128)
    louder = [
        electrodes.second(int(each.onset_s) + 2)[:, 3].std() / electrodes.second(int(each.onset_s) - 3)[:, 3].std()
        for each in bouts
    ]
    assert np.median(louder) > 1.5


def test_signals_of_a_dreamer_differ_and_go_left_right_left_right() -> None:
    _, truth = dreamer()
    signals = [each for each in truth.happenings if each.what == "lucid signal"]
    assert len({each.turns for each in signals}) == len(signals) > 3
    for each in signals:
        assert [size < 0 for _, size in each.turns[:4]] == [True, False, True, False]
        assert abs(sum(size for _, size in each.turns)) < 1e-9, "back to the middle"


def test_look_alikes_keep_to_phasic_rem_and_are_never_told_as_signals() -> None:
    night, truth = dreamer()
    alike = [each for each in truth.happenings if each.what == "look-alike"]
    assert len(alike) > 5
    assert {night.stages[int(each.onset_s)] for each in alike} == {R}
    phasic = [each for each in truth.stretches if each.what == "phasic rem"]
    inside = [any(one.onset_s <= each.onset_s < one.end_s for one in phasic) for each in alike]
    assert np.mean(inside) > 0.7


def test_phasic_and_tonic_rem_take_turns() -> None:
    night, truth = dreamer()
    phasic = [each for each in truth.stretches if each.what == "phasic rem"]
    rem_s = (night.stages[:NIGHT_S] == R).sum()
    share = sum(each.duration_s for each in phasic) / rem_s
    saccades = [
        each.onset_s for each in truth.happenings if each.what == "saccade" and night.stages[int(each.onset_s)] == R
    ]
    inside = np.mean([any(one.onset_s <= at_s < one.end_s for one in phasic) for at_s in saccades])
    assert 0.3 < share < 0.8
    assert inside > share + 0.2
    assert 5.0 < np.median([each.duration_s for each in phasic]) < 60.0


def test_twitches_of_rem_keep_to_phasic_stretches_in_those_who_dream_vividly() -> None:
    _, truth = dreamer()
    phasic = [each for each in truth.stretches if each.what == "phasic rem"]
    in_rem = [
        each.onset_s
        for each in truth.happenings
        if each.what == "twitch" and truth.stages[int(each.onset_s)] == Stage.R
    ]
    assert np.mean([any(one.onset_s <= at_s < one.end_s for one in phasic) for at_s in in_rem]) > 0.75


def test_stretches_of_a_truth_are_cut_to_it() -> None:
    night, _ = dreamer()
    truth = truth_of(night, 3600, start_s=5 * 3600)
    assert truth.stretches
    assert all(each.onset_s >= 0.0 and each.end_s <= 3600.0 and each.duration_s > 0.0 for each in truth.stretches)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_sleeps_a_human_night(preset: str) -> None:
    nights = [course(seed, preset).stages[:NIGHT_S] for seed in range(6)]
    shares = np.mean([np.bincount(night, minlength=5) for night in nights], axis=0) / NIGHT_S
    asleep = shares[1:] / shares[1:].sum()
    assert 0.03 < shares[W] < 0.5
    assert 0.04 < asleep[0] < 0.3
    assert 0.35 < asleep[1] < 0.65
    assert 0.04 < asleep[2] < 0.35
    assert 0.10 < asleep[3] < 0.32


def test_age_and_insomnia_take_deep_sleep_and_give_waking() -> None:
    def share(preset: str, stage: int) -> float:
        return float(np.mean([(course(seed, preset).stages[:NIGHT_S] == stage).mean() for seed in range(8)]))

    assert share("young", N3) > share("midlife", N3) > share("older", N3)
    assert share("young", W) < share("midlife", W) < share("older", W) + 0.05
    assert share("insomnia", W) > share("typical", W) + 0.1
    assert share("insomnia", N3) < share("typical", N3)
    assert share("insomnia", R) < share("typical", R)
