"""Does the judge find a lawful waking lawful, and each unlawful one by the name of its rule?"""

from functools import cache

import pytest
from msgspec import structs

from dreamloom.dreamscape import builtin
from dreamloom.dreamscape.reader import sha256
from dreamloom.house.rehearsed_night import BedWanted, TogetherAsked, night_on_beliefs
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    AwakeningMade,
    ConsentGiven,
    CueDue,
    HostDescribed,
    NightOpened,
    Seat,
)
from dreamloom.testing.oracle import judge

TEXT, DREAMSCAPE = builtin.load("serial_probe")


@cache
def night() -> tuple[AnyEvent, ...]:
    beds = [BedWanted(number=1, preset="light", kind="headband")]
    wanted = TogetherAsked(text=TEXT, file="serial_probe.yaml", beds=beds, duration_s=2_400, seed=7)
    opened = NightOpened(
        onset_s=0.0, mode="private", timezone="UTC", dreamscape="serial_probe", dreamscape_sha256=sha256(TEXT),
        consent_sha256="0" * 64, simulation_seed=7, roster=(Seat(pod="p1", sleeper="S01", source="sim:light"),),
    )  # fmt: skip
    host = HostDescribed(
        onset_s=0.0, night="told", night_toml_sha256="0" * 64, utc="2000-01-01T23:00:00+00:00", speed_x=0.0,
        versions={}, platform="",
    )  # fmt: skip
    agreed = ConsentGiven(
        onset_s=0.0, pod="p1", tick=0, sleeper="S01", sheet="", dreamscape_sha256=sha256(TEXT), cues=("tone",),
        stages=("N1", "N2", "N3", "R"), level_cap_db=45.0, cues_per_hour=1, rearm_after_crash="once",
        purposes=("cue", "wake"), relay_from=(), relay_to=(), expires="end of night",
    )  # fmt: skip
    return (opened, host, agreed, *night_on_beliefs(wanted))


def rules(events: tuple[AnyEvent, ...] | list[AnyEvent]) -> set[str]:
    return {wrong.rule for wrong in judge(events, DREAMSCAPE).unlawful}


def test_a_rehearsed_probe_is_lawful_from_its_gate_to_its_end() -> None:
    assert [event for event in night() if isinstance(event, AwakeningMade)]
    assert sum(isinstance(event, CueDue) for event in night()) > 5
    assert rules(night()) == set()


@pytest.mark.parametrize("rule", ["CONSENT", "GATE", "STAGE", "LEVEL", "LEASE"])
def test_a_waking_outside_a_rule_is_named_by_it(rule: str) -> None:
    wrong: list[AnyEvent] = []
    for event in night():
        if isinstance(event, ConsentGiven) and rule == "CONSENT":
            wrong.append(structs.replace(event, purposes=("cue",)))
        elif isinstance(event, CueDue) and rule in {"STAGE", "LEVEL", "LEASE"}:
            change = {"STAGE": {"sound_class": "sleep"}, "LEVEL": {"level_db": 90.0}, "LEASE": {"lease": "none"}}[rule]
            wrong.append(structs.replace(event, **change))
        elif not (isinstance(event, AwakeningDue) and rule == "GATE"):
            wrong.append(event)
    assert rule in rules(wrong)
