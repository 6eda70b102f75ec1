"""Who sees what: the blinded nothing of arm, cue, level or theme; a sleeper no other bedside."""

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given

from dreamloom.record.codec import EVENT_TYPES, decode, sealed_fields
from dreamloom.record.events import (
    ArmsSealed,
    ArousalSeen,
    CueAudited,
    CueFailed,
    CuePlayed,
    CueWithheld,
    LeaseGranted,
    LightsOff,
    NightmareArousalSeen,
    Softened,
)
from dreamloom.record.projections import ALL, ENVELOPE, SEEN, SHARED_BY_ALL, Seen, project
from dreamloom.testing.events import any_event

EVENTS = [decode(line) for line in (Path(__file__).parent / "stored_events.jsonl").read_bytes().splitlines()]
OF = {type(event): event for event in EVENTS}
ROLES = ("sleeper", "orchestrator", "blinded", "researcher")
TELLING = {
    "arm", "payload", "level_db", "level_cap_db", "lower_db", "cue", "cues", "cue_sha256", "cues_left", "scene", "part",
    "dreamscape", "dreamscape_sha256", "verified", "cut_s", "counts", "bits", "simulation_seed", "id", "cause",
}  # fmt: skip


def test_somebody_decided_for_every_event_type_who_sees_it():
    assert sorted(SEEN) == sorted(EVENT_TYPES)


@pytest.mark.parametrize("tag", SEEN)
def test_the_table_names_only_fields_that_exist(tag):
    for shown in SEEN[tag]:
        if shown not in {None, ALL}:
            assert set(shown.split()) <= set(EVENT_TYPES[tag].__struct_fields__)


@given(event=any_event())
def test_nobody_but_the_house_sees_a_seal(event):
    for role in ROLES:
        shown = project(event, role, pod=event.pod) or {}
        assert not set(shown) & set(sealed_fields(type(event)))
        assert "ciphertext_sha256" not in json.dumps(shown)


@given(event=any_event())
def test_the_blinded_see_nothing_that_tells_an_arm_a_cue_or_a_theme(event):
    assert not TELLING & set(project(event, "blinded") or {})


def test_the_blinded_see_neither_audits_nor_sealed_arms():
    assert project(OF[CueAudited], "blinded") is None
    assert project(OF[ArmsSealed], "blinded") is None


@pytest.mark.parametrize("kind", [ArousalSeen, NightmareArousalSeen, CuePlayed, CueFailed, CueWithheld, Softened])
def test_the_blinded_do_not_see_what_a_sound_does_and_a_silence_does_not(kind):
    assert project(OF[kind], "blinded") is None
    assert project(OF[kind], "researcher") is not None


@given(event=any_event())
def test_a_sleeper_sees_no_other_bedside(event):
    if event.pod != "mine":
        shown = project(event, "sleeper", pod="mine")
        assert shown is None or (event.pod is None and type(event).__name__ in SHARED_BY_ALL)


def test_a_sleeper_sees_its_own_bedside_without_scene_or_arm():
    lease = msgspec.structs.replace(OF[LeaseGranted], pod="p1")
    shown = project(lease, "sleeper", pod="p1")
    assert shown["level_cap_db"] == lease.level_cap_db
    assert not {"arm", "scene", "cues", "lease"} & set(shown)
    assert project(LightsOff(onset_s=1.0, by="x"), "sleeper", pod=None) is None


@given(event=any_event())
def test_the_house_sees_the_event_as_it_is(event):
    assert project(event, "house") == msgspec.to_builtins(event)


def test_a_type_without_a_row_is_shown_to_nobody(monkeypatch):
    monkeypatch.delitem(SEEN, "LightsOff")
    event = LightsOff(onset_s=1.0, by="x", pod="p1")
    assert [project(event, role, pod="p1") for role in ROLES] == [None] * 4
    assert project(event, "house") is not None


def test_what_is_shown_is_ready_for_json():
    for event in EVENTS:
        for role in ROLES:
            json.dumps(project(event, role, pod=event.pod))


def test_the_roles_of_the_table_are_the_roles():
    assert Seen._fields == ROLES == tuple(ENVELOPE)
