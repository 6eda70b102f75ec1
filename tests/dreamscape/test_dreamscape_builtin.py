"""The dreamscapes that come with the product: readable, lawful, and every parameter answered for."""

from itertools import pairwise

import pytest

from dreamloom.dreamscape.builtin import load, names
from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.explain import explain
from dreamloom.dreamscape.model import Comparison, Gate, parts_of, possible_cues
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.obeyed import obeyed_parts, sounds_needed
from dreamloom.dreamscape.parameters import parameters
from dreamloom.dreamscape.reader import read, sha256
from dreamloom.record.events import CueDue
from dreamloom.testing.company import ToldBed, told_night
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.stages import Stage


def test_the_built_in_names_are_known() -> None:
    assert names() == (
        *("alpha_onset", "clas_in_phase", "clas_onoff", "clas_sham", "group_shared", "hybrid_night"),
        *("night_of_unity", "nightmare_rem_tmr", "nrem_tmr_home", "relay", "rem_puzzle", "serial_probe"),
        *("tdi_control", "tdi_n1", "tlr_nap", "tlr_phone", "two_way_lrlr", "two_way_morse"),
    )


@pytest.mark.parametrize("name", names())
def test_a_built_in_has_no_findings_and_carries_its_own_name(name: str) -> None:
    text, dreamscape = load(name)
    assert check(dreamscape) == []
    assert dreamscape.name == name
    assert dreamscape.source
    assert sha256(text) == sha256(load(name)[0])


@pytest.mark.parametrize("name", names())
def test_every_parameter_of_a_built_in_is_sourced_or_ours_in_its_text(name: str) -> None:
    found = parameters(load(name)[1])
    assert len(found) > 15
    assert [row.path for row in found if not row.labelled] == []
    assert [row.path for row in found if not row.provenance.startswith(("ours: ", "sourced: "))] == []
    assert any(row.provenance.startswith("sourced: ") for row in found)


def test_nrem_tmr_home_has_the_numbers_of_the_open_app() -> None:
    _, dreamscape = load("nrem_tmr_home")
    part, stop = dreamscape.parts[0], dreamscape.stop
    mean = part.when.mean_confidence
    assert part.when.stage == (Stage.N3,)
    assert part.when.confidence == Comparison(">=", 0.85)
    assert mean
    assert (mean.at_least, mean.over_readings, mean.over_s) == (0.9, 240, 240.0)
    assert (part.when.after_lights_off_s, part.when.for_s) == (0.0, 3 * 3600.0)
    assert part.every_s == 10.0
    assert part.every_s * part.budget.per_night == 2_000.0
    assert part.ramp
    assert part.ramp.over_s * 0.00025 == 0.25
    assert stop
    assert stop.arousal
    assert stop.arousal.pause_s == 300.0


def test_tlr_phone_waits_six_hours_and_is_unstaged() -> None:
    part = load("tlr_phone")[1].parts[0]
    assert part.when == Gate(after_lights_off_s=6 * 3600.0, for_s=2 * 3600.0)
    assert part.label == "unstaged"


def test_nightmare_rem_tmr_says_what_the_paper_says() -> None:
    _, dreamscape = load("nightmare_rem_tmr")
    assert dreamscape.parts[0].when.stage == (Stage.R,)
    assert dreamscape.parts[0].every_s == 10.0
    assert {name: arm.trained for name, arm in dreamscape.arms.items() if arm.cue == "chord"} == {
        "active": True,
        "control": False,
    }


def test_an_unknown_built_in_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match=r"^DL-E379 .*'trl_phone'.*Did you mean tlr_phone\?$"):
        load("trl_phone")


def test_a_name_can_never_leave_the_folder() -> None:
    with pytest.raises(ConfigError):
        load("../model")


@pytest.mark.parametrize("name", names())
def test_a_built_in_read_under_another_file_name_means_the_same(name: str) -> None:
    text, dreamscape = load(name)
    other = read(text, file="elsewhere.yaml")
    assert (other.parts, other.cues, other.stop) == (dreamscape.parts, dreamscape.cues, dreamscape.stop)


@pytest.mark.parametrize("name", names())
def test_a_built_in_says_all_it_does_and_a_bed_plays_none_of_it_that_it_does_not_obey(name: str) -> None:
    _, dreamscape = load(name)
    said = " ".join(explain(dreamscape))
    for word in (*dreamscape.cues, *dreamscape.scenes, *dreamscape.groups, *dreamscape.dialogues, *dreamscape.arms):
        assert word in said
    told = [found.text for found in not_yet(dreamscape)]
    silent = set(range(len(dreamscape.parts))) - set(obeyed_parts(dreamscape))
    assert bool(silent) == any(
        "never plays" in text or "plays at all" in text for text in told if "fallback" not in text
    )
    assert set(sounds_needed(dreamscape)) <= set(possible_cues(dreamscape))


def test_what_this_version_plays_of_the_built_ins_is_known() -> None:
    played = {name for name in names() if obeyed_parts(load(name)[1])}
    assert played == {name for name in names() if any(parts_of(load(name)[1]))}


def test_alpha_onset_sounds_once_a_second_in_waking_and_promises_no_phase() -> None:
    text, dreamscape = load("alpha_onset")
    assert [(part.every_s, part.phase) for _, part in parts_of(dreamscape)] == [(1.0, None)]
    events, _ = told_night(text, [ToldBed(stage_at=lambda second: Stage.W if second < 60 else Stage.N1)], duration_s=90)
    cues_s = [event.onset_s for event in events if isinstance(event, CueDue)]
    assert [b - a for a, b in pairwise(cues_s)] == [1.0] * (len(cues_s) - 1)
    assert len(cues_s) > 40
    assert max(cues_s) < 66.0


def test_the_figures_of_the_literature_stand_in_the_files() -> None:
    clicks = load("clas_in_phase")[1].parts[0]
    assert clicks.phase
    assert clicks.repeat
    assert (clicks.phase.trough_below_uv, clicks.repeat.apart_s, clicks.every_s) == (-80.0, 1.075, 3.575)
    onoff = load("clas_onoff")[1].parts[0].blocks
    assert onoff
    assert (onoff.on, onoff.off) == (5, 5)
    probe = load("serial_probe")[1].awakenings[0]
    assert probe.apart
    assert (probe.apart.at_least_s, probe.apart.at_most_s) == (900.0, 1800.0)
    loop = load("tdi_n1")[1].awakenings[0]
    assert (loop.when and loop.when.asleep_for_s, loop.report and loop.report.record_s, loop.times) == (180.0, 60.0, 3)
    draw = load("rem_puzzle")[1].parts[0].draw
    assert draw
    assert draw.share == 0.5
