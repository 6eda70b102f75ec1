"""Do sleep cues and awake sounds each keep to their stages, their grant and their cap, whatever else is true?"""

import dataclasses
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.governance.consent import read_grants
from dreamloom.jukebox.levels import NIGHTLY_DOSE, sound_energy
from dreamloom.night.loop import Offer
from dreamloom.record.events import LeaseGranted
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vetoes.cue import Proposal, Situation, first_veto
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.stages import Stage

PLAN, _ = plan_of()
GRANT = grant_for(PLAN, stages=("W", "N1", "N2", "N3", "R"), awake_level_cap_db=60.0)


def lease(sound_class, cap_db=75.0):
    return LeaseGranted(
        onset_s=97.0,
        pod="p1",
        lease="p1-3",
        scene="test",
        cues=PLAN.cue_sha256,
        sound_class=sound_class,
        level_cap_db=cap_db,
        cues_left=10,
        arm=None,
        dreamscape_sha256=PLAN.dreamscape_sha256,
        policy_sha256="0" * 64,
        not_before_s=90.0,
        not_after_s=120.0,
    )


def cue(sound_class, level_db=40.0, lasts_s=1.0):
    return Proposal(
        cue="chord",
        cue_sha256=PLAN.cue_sha256["chord"],
        sound_class=sound_class,
        dreamscape_sha256=PLAN.dreamscape_sha256,
        level_db=level_db,
        play_at_s=100.25,
        start_by_s=100.75,
        lasts_s=lasts_s,
    )


def situation(sound_class, **changes):
    now = Situation(
        now_s=100.0,
        grant=GRANT,
        grant_ends_s=None,
        revoked=False,
        halted=False,
        armed=True,
        stopped=False,
        lease=lease(sound_class),
        in_hand_s=100.05,
        stage=Stage.R if sound_class == "sleep" else Stage.W,
        stage_age_s=3.0,
        unstaged_yet=False,
        lost=False,
        stirring=False,
        paused_until_s=0.0,
        cues_last_hour=0,
        cues_since_lease=0,
    )
    return msgspec.structs.replace(now, **changes)


@pytest.mark.parametrize(("sound_class", "stage"), product(("sleep", "awake"), Stage))
def test_awake_sounds_are_the_only_ones_in_waking_and_sleep_cues_the_only_ones_in_sleep(sound_class, stage):
    allowed = first_veto(situation(sound_class, stage=stage), cue(sound_class)) is None
    asleep = stage in {Stage.N1, Stage.N2, Stage.N3, Stage.R}
    assert allowed == ((sound_class == "awake") if stage is Stage.W else asleep and sound_class == "sleep")


@given(
    st.sampled_from(["sleep", "awake"]),
    st.sampled_from(list(Stage)),
    st.sets(st.sampled_from(["W", "N1", "N2", "N3", "R"])),
    st.floats(0, 80),
    st.booleans(),
    st.booleans(),
    st.one_of(st.none(), st.floats(0, 60)),
)
def test_no_mixture_of_stages_grants_and_levels_lets_a_class_into_the_others_place(  # noqa: PLR0917 - drawn
    sound_class, stage, agreed, level_db, unstaged_yet, unstageable, age_s
):
    grant = msgspec.structs.replace(GRANT, stages=tuple(sorted(agreed)))
    changes = {"stage": stage, "unstaged_yet": unstaged_yet, "unstageable": unstageable, "stage_age_s": age_s}
    if first_veto(situation(sound_class, grant=grant, **changes), cue(sound_class, level_db)) is not None:
        return
    if sound_class == "sleep":
        assert stage not in {Stage.W, Stage.UNSCORED}
        assert str(stage) in agreed
        assert level_db <= 45.0
    else:
        assert "W" in agreed
        assert stage is Stage.W or unstaged_yet
        assert level_db <= 60.0


@pytest.mark.parametrize(
    ("sound_class", "level_db", "reason"),
    [("sleep", 45.0, None), ("sleep", 45.1, "LEVEL"), ("awake", 60.0, None), ("awake", 60.1, "LEVEL")],
)
def test_each_class_has_its_own_cap(sound_class, level_db, reason):
    assert first_veto(situation(sound_class), cue(sound_class, level_db)) == reason


def test_a_grant_from_before_there_were_awake_caps_holds_awake_sounds_under_the_cap_of_all():
    old = msgspec.structs.replace(GRANT, awake_level_cap_db=None)
    assert first_veto(situation("awake", grant=old), cue("awake", 45.1)) == "LEVEL"
    assert first_veto(situation("awake", grant=old), cue("awake", 45.0)) is None


def test_a_lease_for_sleep_cues_never_carries_an_awake_sound_nor_the_other_way_round():
    for one, other in (("sleep", "awake"), ("awake", "sleep")):
        assert first_veto(situation(one, lease=lease(other)), cue(one)) == "LEASE"


def test_a_lease_for_awake_sounds_needs_both_caps():
    offer = Offer(
        scene="test",
        cues={},
        level_cap_db=45.0,
        cues_per_night=1,
        dreamscape_sha256="",
        policy_sha256="",
        awake_cap_db=70.0,
    )
    assert (offer.cap_db("sleep", GRANT), offer.cap_db("awake", GRANT)) == (45.0, 60.0)
    assert offer.cap_db("awake", msgspec.structs.replace(GRANT, awake_level_cap_db=None)) == 45.0
    assert dataclasses.replace(offer, awake_cap_db=None).cap_db("awake", GRANT) == 45.0


@pytest.mark.parametrize("awake_db", [44.0, 76.0, float("nan")])
def test_an_awake_cap_under_that_of_sleep_or_over_an_alarm_clock_is_refused_with_the_bound(awake_db):
    text = (
        f'[S01]\nsheet = "s"\ndreamscape_sha256 = "{"0" * 64}"\ncues = []\nstages = ["R"]\nlevel_cap_db = 45\n'
        f"awake_level_cap_db = {awake_db}\ncues_per_hour = 10\n"
    )
    with pytest.raises(ConfigError, match=r"DL-E312 awake_level_cap_db = .* is outside level_cap_db to 75 dB"):
        read_grants(text, file="consent.toml")


def test_sleep_cues_end_where_the_nightly_dose_is_full_and_awake_sounds_do_not_count():
    room = NIGHTLY_DOSE - sound_energy(40.0, 1.0)
    assert first_veto(situation("sleep", dose=room), cue("sleep")) is None
    assert first_veto(situation("sleep", dose=room * 1.0001), cue("sleep")) == "DOSE"
    assert first_veto(situation("sleep", dose=room * 1.0001), cue("sleep", 20.0)) is None
    assert first_veto(situation("awake", dose=room * 2), cue("awake")) is None
