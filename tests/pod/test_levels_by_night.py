"""Do levels at night only fall, recover where the author says so, and never rise above what the evening agreed to?"""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamloom.dreamscape import reader
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.jukebox.levels import NIGHTLY_DOSE, sound_energy
from dreamloom.pod.fold import evolve
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import opening_state
from dreamloom.record.events import (
    ArousalSeen,
    BackInBedSeen,
    CueDue,
    LeaseGranted,
    OutOfBedSeen,
    Recovered,
    Softened,
    StreamFound,
    StreamLost,
)
from dreamloom.testing.nights import EAGER, grant_for

TITRATING = EAGER.replace("over_threshold: 10 dB,", "over_threshold: 10 dB, titrate: {up: 1 dB, after: 5 min},")


def plan_of(text=EAGER):
    return Plan(dreamscape=reader.read(text, file="a.yaml"), dreamscape_sha256="0" * 64, cue_sha256={"chord": "1" * 64})


def lease(plan, sound_class="sleep", cap_db=45.0):
    return LeaseGranted(
        onset_s=0.0,
        lease="l",
        scene="s",
        cues=plan.cue_sha256,
        sound_class=sound_class,
        level_cap_db=cap_db,
        cues_left=9,
        arm=None,
        dreamscape_sha256="0" * 64,
        policy_sha256="0" * 64,
        not_before_s=0.0,
        not_after_s=30.0,
    )


def told(plan, *events):
    state = opening_state(plan, grant_for(plan), None)
    for event in events:
        state = evolve(state, event, plan)
    return state


def softened(at_s, lower_db=3.0):
    return Softened(onset_s=at_s, lower_db=lower_db, level_cap_db=42.0, reason="arousal soon after a cue")


def lowered_db(plan, state, now_s):
    return plan.lowered_now_db(state.lowered_db, state.quiet_s(now_s))


def test_without_a_word_of_the_author_what_an_arousal_took_is_gone_for_the_night():
    plan = plan_of()
    state = told(plan, ArousalSeen(onset_s=100.0, strength=2.0), softened(100.0))
    assert lowered_db(plan, state, 20_000.0) == 3.0


def test_quiet_minutes_give_back_step_by_step_what_arousals_took_and_never_more():
    plan = plan_of(TITRATING)
    state = told(plan, ArousalSeen(onset_s=100.0, strength=2.0), softened(100.0))
    after_s = [100.0, 399.0, 400.0, 700.0, 1_000.0, 30_000.0]
    assert [lowered_db(plan, state, now_s) for now_s in after_s] == [3.0, 3.0, 2.0, 1.0, 0.0, 0.0]


def test_every_arousal_ends_a_quiet_time_and_a_lowering_adds_to_what_was_left():
    plan = plan_of(TITRATING)
    state = told(plan, softened(100.0), ArousalSeen(onset_s=450.0, strength=2.0), softened(450.0))
    assert lowered_db(plan, state, 450.0) == 5.0
    assert lowered_db(plan, state, 749.0) == 5.0
    assert lowered_db(plan, state, 750.0) == 4.0


@pytest.mark.parametrize(
    ("gone", "back"),
    [
        (StreamLost(onset_s=110.0, last_s=108.0), StreamFound(onset_s=5_000.0, lost_s=4_892.0)),
        (OutOfBedSeen(onset_s=110.0, since_s=105.0), BackInBedSeen(onset_s=5_000.0, since_s=4_970.0)),
    ],
)
def test_time_in_which_nobody_watched_gives_nothing_back(gone, back):
    plan = plan_of(TITRATING)
    state = told(plan, softened(100.0), gone)
    assert lowered_db(plan, state, 4_000.0) == 3.0
    state = evolve(state, back, plan)
    assert lowered_db(plan, state, 5_299.0) == 3.0
    assert lowered_db(plan, state, 5_300.0) == 2.0


def test_a_night_that_broke_off_begins_a_new_quiet_time():
    plan = plan_of(TITRATING)
    state = told(plan, softened(100.0), Recovered(onset_s=900.0, lost_from_s=300.0, lost_to_s=900.0, segment=1))
    assert lowered_db(plan, state, 1_100.0) == 3.0


MOMENTS = st.lists(st.tuples(st.floats(1, 900), st.sampled_from(["arousal", "soft", "lost", "found"])), max_size=20)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.sampled_from([EAGER, TITRATING]))
def test_no_course_of_a_night_makes_a_cue_louder_than_the_evening_agreed(moments, text):
    plan, now_s = plan_of(text), 0.0
    state = told(plan)
    calibrated_db = plan.level_db(grant_for(plan), lease(plan), sound_class="sleep", lowered_db=0.0)
    for after_s, what in moments:
        now_s += after_s
        event = {
            "arousal": ArousalSeen(onset_s=now_s, strength=2.0),
            "soft": softened(now_s),
            "lost": StreamLost(onset_s=now_s, last_s=now_s),
            "found": StreamFound(onset_s=now_s, lost_s=1.0),
        }[what]
        before_db = lowered_db(plan, state, now_s)
        state = evolve(state, event, plan)
        after_db = lowered_db(plan, state, now_s)
        assert after_db == before_db + (3.0 if what == "soft" else 0.0)
        level_db = plan.level_db(grant_for(plan), lease(plan), sound_class="sleep", lowered_db=after_db)
        assert level_db <= calibrated_db


TRAINS = EAGER.replace("every: 4 s", "every: 4 s\n    blocks: {on: 2, off: 2}").replace(
    "over_threshold: 10 dB,", "over_threshold: 10 dB, train_lower: 15 dB,"
)


def test_cues_in_trains_are_softer_by_what_the_author_says():
    plan = plan_of(TRAINS)
    assert plan.train_db(plan.dreamscape.parts[0]) == 15.0
    assert plan_of().train_db(plan_of().dreamscape.parts[0]) == 0.0


AWAKE = EAGER.replace("class: sleep", "class: awake").replace("cap: 45 dBA,", "cap: 45 dBA, awake_cap: 60 dBA,")


@pytest.mark.parametrize(("agreed_db", "level_db"), [(None, 40.0), (55.0, 55.0), (70.0, 60.0)])
def test_an_awake_sound_has_its_authors_level_as_far_as_the_sleeper_agreed_to_one(agreed_db, level_db):
    plan = plan_of(AWAKE)
    grant = grant_for(plan, awake_level_cap_db=agreed_db)
    permit = lease(plan, "awake", 75.0)
    assert plan.level_db(grant, permit, sound_class="awake", lowered_db=0.0) == level_db
    if agreed_db:
        assert plan.level_db(grant, permit, sound_class="awake", lowered_db=9.0) == level_db
    assert plan.level_db(grant, permit, sound_class="sleep", lowered_db=0.0) == 40.0


def test_a_nights_dose_counts_what_was_due_asleep_at_its_planned_level():
    plan = plan_of()
    due = CueDue(
        onset_s=50.0,
        cue="chord",
        cue_sha256="1" * 64,
        part=0,
        sound_class="sleep",
        level_db=40.0,
        play_at_s=50.25,
        expires_s=50.75,
        lease="l",
    )
    assert told(plan, due, due).dose == 2 * sound_energy(40.0, 1.0)
    assert told(plan, msgspec.structs.replace(due, sound_class="awake")).dose == 0.0
    assert NIGHTLY_DOSE / sound_energy(40.0, 1.0) == pytest.approx(2_880.0)  # seconds at 40 dB


def test_nothing_of_levels_is_left_unheeded():
    text = TITRATING.replace("10 dB, ti", "10 dB, awake_cap: 60 dBA, ti")
    said = [one.text for one in not_yet(reader.read(text, file="a"))]
    assert not [text for text in said if "evel" in text or "cap of their own" in text or "trains" in text]
