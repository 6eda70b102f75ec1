"""Who sees what of a night's events at the command line? Each role its projection, one JSON object a line."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dreamloom.house.layout import NightFolder

Command = Callable[..., Any]


def lines(told: Any) -> list[dict[str, Any]]:
    assert told.code == 0
    return [json.loads(line) for line in told.out.splitlines()]


def test_the_house_sees_every_event_with_its_envelope(command: Command, closed_night: NightFolder) -> None:
    events = lines(command("export", "events", closed_night.root))
    assert events[0]["type"] == "NightOpened"
    assert all({"type", "id", "kind", "tick", "onset_s", "pod", "cause"} <= set(event) for event in events)
    assert command("verify", closed_night.root, "--json").data["events"] == len(events)


def test_the_blinded_see_no_cue_level_or_theme(command: Command, closed_night: NightFolder) -> None:
    events = lines(command("export", "events", closed_night.root, "--role", "blinded"))
    assert {"LeaseGranted", "StageScored"} <= {event["type"] for event in events}
    assert "ConsentGiven" not in {event["type"] for event in events}
    assert not {"cue", "cues", "cue_sha256", "level_db", "dreamscape", "id", "cause"} & {
        name for event in events for name in event
    }


def test_a_sleeper_sees_one_bed(command: Command, closed_night: NightFolder) -> None:
    events = lines(command("export", "events", closed_night.root, "--role", "sleeper", "--pod", "p1"))
    assert {event["pod"] for event in events} == {"p1", None}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--role", "blindd"], "DL-E105"),
        (["--role", "sleeper"], "DL-E106"),
        (["--pod", "p1"], "DL-E106"),
        (["--raw", "--role", "blinded"], "DL-E106"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    command: Command, closed_night: NightFolder, words: list[str], code: str
) -> None:
    told = command("export", "events", closed_night.root, *words, "--json")
    assert told.code == 2
    assert told.error["code"] == code
