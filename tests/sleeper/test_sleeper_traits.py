"""Simulated people: the same for one seed and name, different for another, and true to their preset."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.sleeper.presets import PRESETS
from dreamloom.sleeper.traits import traits_of

SEEDS = range(40)


@given(st.integers(0, 2**63), st.text(max_size=20), st.sampled_from(sorted(PRESETS)))
def test_a_name_and_a_seed_are_always_the_same_person(seed: int, sleeper: str, preset: str) -> None:
    assert traits_of(seed, sleeper, preset) == traits_of(seed, sleeper, preset)


@given(st.integers(0, 2**63), st.sampled_from(sorted(PRESETS)))
def test_every_person_lies_within_what_bodies_and_electrodes_do(seed: int, preset: str) -> None:
    person = traits_of(seed, "S01", preset)
    assert 11.5 < person.spindle_hz < 15.0
    assert 8.0 < person.alpha_hz < 12.0
    assert 0.4 < person.gain < 2.0
    assert 60.0 < person.onset_latency_s < 7200.0
    assert 5 * 3600 < person.sleep_need_s < 10 * 3600
    assert 0.0 < person.electrode_uv < 10.0


def test_two_names_are_two_people() -> None:
    one, other = asdict(traits_of(1, "S01")), asdict(traits_of(1, "S02"))
    alike = {name for name in one if one[name] == other[name]}
    assert alike == {"preset", "line_hz", "answering", "knowing"} | {name for name in one if one[name] == 0.0}


def test_a_preset_changes_only_what_it_names() -> None:
    typical, light = asdict(traits_of(1, "S01")), asdict(traits_of(1, "S01", "light"))
    assert {name for name in typical if typical[name] != light[name]} == {"preset", *PRESETS["light"]}


def test_presets_differ_in_the_direction_of_their_name() -> None:
    def mean(preset: str, trait: str) -> float:
        return float(np.mean([getattr(traits_of(seed, "S01", preset), trait) for seed in SEEDS]))

    assert mean("light", "arousability") > mean("typical", "arousability") > mean("deep", "arousability")
    assert mean("deep", "slow_wave_gain") > mean("older", "slow_wave_gain")
    assert mean("noisy", "electrode_uv") > 2 * mean("typical", "electrode_uv")
    assert mean("lucid", "lucid_signals_per_h") > 0.0 == mean("typical", "lucid_signals_per_h")


def test_an_unknown_preset_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        traits_of(1, "S01", "sleepless")
