"""The judge of wires put on wrongly: each way in which a night could break the promise is found out."""

import json

import pytest

from promises.measured import wiring
from promises.measured.wiring import WIRES, Night, judged

STAGES = ["N2"] * 8 + ["R"] * 8


@pytest.fixture(autouse=True)
def _rem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_rem_s", lambda: frozenset(range(100, 200)))


def night(name: str, *, stages: list[str] = STAGES, cued_s: float = 150.0, first: str = "", page: str = "") -> Night:
    side = {"left and right eye exchanged": "right", "left eye upside down": ""}.get(name, "left")
    events = [{"type": "StageScored", "stage": stage} for stage in stages]
    events += [{"type": "CuePlayed", "actual_s": cued_s}]
    events += [{"type": "EyeSignalSeen", "status": "confirmed", "first": each} for each in [first or side] if each]
    return Night([json.dumps(event, separators=(",", ":")) for event in events], page or WIRES[name].cause)


@pytest.mark.parametrize("name", WIRES)
def test_a_night_as_promised_is_kept_and_every_other_is_not(name: str) -> None:
    right = night("as it should be")
    assert judged(name, night(name), right)[1]
    assert not judged(name, night(name, stages=["W"] * 16), right)[1]
    assert not judged(name, night(name, cued_s=300.0), right)[1]
    wrong_side = "left" if "eye" in name else "right"
    assert not judged(name, night(name, first=wrong_side), right)[1]
    other = WIRES["left and right eye exchanged" if name == "left eye upside down" else "left eye upside down"].cause
    assert not judged(name, night(name, page=other), right)[1]
