"""One-shot commands: good for two seconds, and never past a veto."""

import pytest

from dreamloom.engine.loop import Outside
from dreamloom.record.events import CommandGiven, CueDue, CuePlayed, CueWithheld
from dreamloom.testing.nights import (
    TinyBed,
    TinyNight,
    always,
    grant_for,
    plan_of,
    rem_source,
    run_tiny_night,
    withdrawal,
)
from dreamloom.vocabulary.units import NightTime

PLAN, _ = plan_of()


def command(at_s: float, **changes: object) -> Outside:
    terms: dict[str, object] = {
        "onset_s": at_s,
        "by": "the person in charge",
        "cue": "chord",
        "cue_sha256": PLAN.cue_sha256["chord"],
        "sound_class": "sleep",
        "level_cap_db": 45.0,
        "dreamscape_sha256": PLAN.dreamscape_sha256,
        "policy_sha256": "0" * 64,
        "not_after_s": at_s + 2.0,
    }
    event = CommandGiven(**{**terms, **changes})  # type: ignore[arg-type]
    return Outside(known_s=NightTime(at_s), pod="p1", event=event)


def commanded(*script: Outside, stage: int = 3, **bed: object) -> TinyNight:
    """Sixty seconds of N3: no gate of the dreamscape ever opens."""
    grant = grant_for(PLAN, stages=("N3", "R"))
    beds = {"p1": TinyBed(source=rem_source(seconds=60), classify=always(stage), **{"grant": grant, **bed})}  # type: ignore[arg-type]
    return run_tiny_night(beds, script=script)


def by_command(night: TinyNight, kind: type) -> list[object]:
    return [event for event in night.of(kind) if event.part == -1]  # type: ignore[attr-defined]


def test_a_lawful_command_is_obeyed_though_no_gate_is_open() -> None:
    night = commanded(command(40.2))
    due = by_command(night, CueDue)
    assert [(event.onset_s, event.cause, event.lease) for event in due] == [(41.0, due[0].cause, due[0].cause)]
    assert len(night.of(CuePlayed)) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"not_after_s": 40.9}, "EXPIRED"),
        ({"dreamscape_sha256": "a" * 64}, "LEASE"),
        ({"cue_sha256": "b" * 64}, "LEASE"),
        ({"cue": "other"}, "CONSENT"),
        ({"sound_class": "awake"}, "LEASE"),
    ],
)
def test_a_command_that_names_the_wrong_thing_is_refused(changes: dict[str, object], reason: str | None) -> None:
    night = commanded(command(40.2, **changes))
    refused = by_command(night, CueWithheld)
    assert [event.reason for event in refused] == ([reason] if reason else [])
    assert len(night.of(CuePlayed)) == (0 if reason else 1)


def test_a_command_is_never_good_for_more_than_two_seconds() -> None:
    late = command(40.2, not_after_s=900.0)
    night = commanded(Outside(known_s=NightTime(42.5), pod="p1", event=late.event))
    assert [event.reason for event in by_command(night, CueWithheld)] == ["EXPIRED"]


def test_a_command_cannot_pass_consent_withdrawal_or_stage() -> None:
    assert [e.reason for e in by_command(commanded(withdrawal("p1", 35.0), command(40.2)), CueWithheld)] == ["REVOKED"]
    assert [e.reason for e in by_command(commanded(command(40.2), stage=0), CueWithheld)] == ["STAGE"]
    assert [e.reason for e in by_command(commanded(command(40.2), consenting=False, grant=None), CueWithheld)] == [
        "CONSENT"
    ]


def test_a_command_is_obeyed_once() -> None:
    assert len(by_command(commanded(command(40.2), command(50.2)), CueDue)) == 2


def test_a_command_is_as_loud_as_a_leased_cue_at_the_end_of_its_ramp() -> None:
    bed = TinyBed(source=rem_source(seconds=100), classify=always(4), grant=grant_for(PLAN, level_cap_db=36.2))
    due = run_tiny_night({"p1": bed}, script=[command(90.2)]).of(CueDue)
    commanded = {event.level_db for event in due if event.part == -1}  # type: ignore[attr-defined]
    assert commanded == {max(event.level_db for event in due if event.part == 0)} == {36.2}  # type: ignore[attr-defined]
