"""What a gate will cost is told before a night, from the bundled sleep as the live track believes it."""

import csv
import re

import pytest

from dreamloom.adapters.trees import TreeStager
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.builtin import load
from dreamloom.house import recordings
from dreamloom.house.gate_cost import gate_costs
from dreamloom.house.recorded_seconds import recorded_seconds
from dreamloom.staging import track


def test_the_rem_gate_opens_in_the_one_rem_bout_and_nowhere_else() -> None:
    (cost,) = gate_costs(load("nightmare_rem_tmr")[1])
    assert cost.part == "parts[0]"
    assert cost.open_min >= 4.0
    assert (cost.precision, cost.false_cues_per_hour) == (1.0, 0.0)
    assert cost.recall is not None
    assert cost.recall >= 0.3
    assert "not this sleeper" in str(cost)


def test_a_gate_that_asks_for_less_costs_more() -> None:
    text = load("nightmare_rem_tmr")[0]
    asking_less = text.replace('">= 0.8"', '">= 0.1"').replace("stage: R ", "stage: [W, N1] ").replace("20 s", "5 s")
    loose = gate_costs(reader.read(asking_less, file="b"))[0]
    assert loose.precision is not None
    assert loose.precision < 1.0
    assert loose.false_cues_per_hour > 0


def test_a_closing_bound_keeps_the_gate_open_through_the_bout_at_the_same_precision() -> None:
    text = load("nightmare_rem_tmr")[0]
    (plain,) = gate_costs(reader.read(text, file="a"))
    lasting_text = re.sub(r'\n( +)(confidence: *">= 0.8")', r"\n\1\2\n\1close_below: 0.5", text)
    assert lasting_text != text
    (lasting,) = gate_costs(reader.read(lasting_text, file="b"))
    assert lasting.open_min > plain.open_min
    assert lasting.precision is not None
    assert lasting.precision >= 0.95


def test_a_gate_that_never_opened_says_so() -> None:
    text = load("nightmare_rem_tmr")[0].replace("stable_for: 20 s", "stable_for: 50 min")
    (cost,) = gate_costs(reader.read(text, file="a"))
    assert (cost.precision, cost.open_min) == (None, 0.0)
    assert "never opened" in str(cost)


@pytest.mark.slow
def test_the_evidence_is_what_the_live_track_believes_today() -> None:
    recorded = recorded_seconds(recordings.bundled())
    state = track.start(recorded.stream.channels, recorded.stream.grid_hz, TreeStager("eeg").probabilities)
    told: list[tuple[float, ...]] = []
    for second in recorded.seconds:
        state, estimates = track.step(state, second)
        told += [(e.window_end_s, *e.probabilities) for e in estimates]
    with recordings.live_track().open(newline="") as file:
        kept = [tuple(float(cell) for cell in row if cell) for row in list(csv.reader(file))[1:]]
    assert len(kept) == len(told)
    assert (
        max(abs(one - other) for a, b in zip(kept, told, strict=True) for one, other in zip(a, b, strict=True)) < 2e-4
    )
