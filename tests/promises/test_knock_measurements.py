"""A night that did not survive must not be called one that did: each judge of hard knocks is shown one."""

import pytest

from dreamloom.record.events import CueDue, CuePlayed, LeaseGranted, StageScored
from dreamloom.testing import stepped_clocks
from promises.measured import clock_changes, hard_knocks, sixteen_beds

CALM = {
    "epochs": 3, "epochs_off": 0, "lapsed": [], "unleased": 0, "gaps": 0, "cues": 15, "cues_twice": 0, "cues_failed": 0,
}  # fmt: skip
JUMPED = {
    "before": CALM, "whole": {**CALM, "lapsed": ["not armed"]}, "took_s": 106.0, "ticks": 106, "reopened_s": 3.0,
    "wall_off_s": -3598.0, "differs": None, "verifies": True, "replays": True,
}  # fmt: skip


def test_a_night_that_went_on_through_both_jumps_is_kept():
    assert clock_changes.judged_jumps(JUMPED).ok


@pytest.mark.parametrize(
    "broken",
    [
        {"before": {**CALM, "lapsed": ["stream lost"]}},
        {"before": {**CALM, "unleased": 1}},
        {"before": {**CALM, "gaps": 1}},
        {"before": {**CALM, "cues": 0}},
        {"whole": {**CALM, "epochs_off": 1}},
        {"whole": {**CALM, "cues_twice": 1}},
        {"took_s": 104.0},
        {"reopened_s": 60.0},
        {"wall_off_s": 0.0},
        {"differs": "a cue"},
        {"verifies": False},
        {"replays": False},
    ],
)
def test_a_night_that_a_jump_changed_falls_short(broken):
    assert not clock_changes.judged_jumps({**JUMPED, **broken}).ok


def stage(onset_s: float) -> StageScored:
    return StageScored(
        onset_s=onset_s, stage="N2", confidence=0.9, probabilities={}, window_s=30.0, decided_at_s=onset_s, quality=1.0,
        method="test",
    )  # fmt: skip


def due(onset_s: float) -> CueDue:
    return CueDue(
        onset_s=onset_s, cue="chord", cue_sha256="0" * 64, part=0, sound_class="sleep", level_db=30.0,
        play_at_s=onset_s, expires_s=onset_s + 1, lease="p1-0",
    )  # fmt: skip


def lease(from_s: float, to_s: float) -> LeaseGranted:
    return LeaseGranted(
        onset_s=from_s, lease="p1-0", scene="test", cues={}, sound_class="sleep", level_cap_db=30.0, cues_left=1,
        arm=None, dreamscape_sha256="0" * 64, policy_sha256="0" * 64, not_before_s=from_s, not_after_s=to_s,
    )  # fmt: skip


def test_epochs_leases_and_cues_are_counted_as_they_stand_in_a_record():
    played = CuePlayed(onset_s=50.0, cause="p1.0.9", cue="chord", planned_s=50.0, actual_s=50.0, verified="none")
    told = stepped_clocks.judged(
        [
            *(stage(at_s) for at_s in (30.0, 35.0, 60.0, 120.0)),
            *(lease(from_s, from_s + 30) for from_s in (0.0, 20.0, 51.0)),
            *(due(at_s) for at_s in (50.0, 54.0, 57.0)),
            played,
            played,
        ]
    )
    assert (told["epochs"], told["epochs_off"], told["unleased"], told["cues"], told["cues_twice"]) == (3, 1, 1, 2, 2)


def changed(change: str, told: str) -> dict:
    return {
        "p1": CALM, "p2": {**CALM, "lapsed": ["consent ended"]}, "agreed_until": [change], "leased_to_s": 0.0000004,
        "cued_behind": [5, 0], "said": "S02 agreed until 02:00: ...", "report": f"25 October, {told}", "replays": True,
    }  # fmt: skip


def test_nights_that_went_on_through_both_changes_are_kept():
    nights = [changed(change, told) for change, _, told in stepped_clocks.CHANGES]
    assert clock_changes.judged_changes(nights).ok


@pytest.mark.parametrize(
    "broken",
    [
        {"p1": {**CALM, "epochs_off": 1}},
        {"p1": {**CALM, "lapsed": ["consent ended"]}},
        {"p2": CALM},
        {"agreed_until": ["2026-10-25T02:00:00+02:00"]},
        {"agreed_until": []},
        {"leased_to_s": 3600.0},
        {"cued_behind": [0, 0]},
        {"cued_behind": [5, 1]},
        {"said": ""},
        {"report": "25 October"},
        {"replays": False},
    ],
)
def test_nights_that_a_change_of_clocks_disturbed_fall_short(broken):
    autumn, spring = (changed(change, told) for change, _, told in stepped_clocks.CHANGES)
    assert not clock_changes.judged_changes([{**autumn, **broken}, spring]).ok


KNOCKED = {
    "speaker": {"silent_s": 0.0, "reopened_s": 1, "failed": 1, "cues_disarmed": 0, "cues_of_others": 4, "gaps": 0,
                "rearmed_s": 60.0, "cues_after": 1},
    "hang": {"silent_s": 2.15, "stale": 0, "expired": 3, "heard_after": 1},
    "engine": {"silent_s": 0.1, "ended_s": 0.2, "left": 0},
    "cues_unarmed": 0, "verifies": True, "replays": True,
}  # fmt: skip


def test_a_night_that_survived_every_knock_is_kept():
    assert hard_knocks.judged(KNOCKED).ok


@pytest.mark.parametrize(
    ("rung", "broken"),
    [
        ("speaker", {"silent_s": 3.0}),
        ("speaker", {"reopened_s": 9}),
        ("speaker", {"failed": 0}),
        ("speaker", {"cues_disarmed": 1}),
        ("speaker", {"cues_of_others": 0}),
        ("speaker", {"gaps": 1}),
        ("speaker", {"cues_after": 0}),
        ("hang", {"silent_s": 5.0}),
        ("hang", {"stale": 1}),
        ("hang", {"heard_after": 0}),
        ("engine", {"silent_s": 6.0}),
        ("engine", {"ended_s": 10.0}),
        ("engine", {"left": 1}),
    ],
)
def test_a_night_that_broke_at_any_rung_falls_short(rung, broken):
    assert not hard_knocks.judged({**KNOCKED, rung: {**KNOCKED[rung], **broken}}).ok


@pytest.mark.parametrize("broken", [{"cues_unarmed": 1}, {"verifies": False}, {"replays": False}])
def test_a_night_that_went_on_unlawfully_falls_short(broken):
    assert not hard_knocks.judged({**KNOCKED, **broken}).ok


LIVE = {
    "cores": 0.4, "engine_cores": 0.2, "minutes": 10.0, "epochs": 336, "epochs_a_bed": [21], "late_s": 0.05,
    "behind_s": 0.2, "behind_p50_s": 0.1, "losses": 0, "cues": 900, "resident_mb": [160.0, 165.0],
}  # fmt: skip
WHOLE = {
    "growth_mb": 6.0, "growth_mb_an_hour": 2.0, "first_mb": 170.0, "last_mb": 176.0, "cpu_s": 600.0, "wall_s": 700.0,
    "epochs": 16 * 360, "cues": 40,
}  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "ok"),
    [
        ({}, True),
        ({"cores": 0.5}, False),
        ({"minutes": 2.0}, False),
        ({"epochs_a_bed": [20, 21]}, False),
        ({"epochs_a_bed": [3]}, False),
        ({"late_s": 1.5}, False),
        ({"behind_s": 1.5}, False),
        ({"losses": 1}, False),
        ({"cues": 0}, False),
    ],
)
def test_sixteen_live_beds_are_judged_by_every_bound(broken, ok):
    assert sixteen_beds.judged_live({**LIVE, **broken}).ok is ok


@pytest.mark.parametrize(
    ("broken", "ok"),
    [({}, True), ({"growth_mb": 25.0}, False), ({"growth_mb_an_hour": 40.0}, False), ({"epochs": 1}, False)],
)
def test_the_memory_of_sixteen_beds_is_judged_by_every_bound(broken, ok):
    assert sixteen_beds.judged_night({**WHOLE, **broken}).ok is ok
