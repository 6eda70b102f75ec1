"""Does the morning page show when each gate was open, and is the one REM bout of the bundled sleep seen there?"""

import json
from pathlib import Path

import pytest

from dreamloom.bench.staging import REM_GATE
from dreamloom.house import gate_cost, making, reporting
from dreamloom.house.gates_open import gates_of, spans_of
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.testing.nights import EAGER


def test_the_rem_gate_opens_in_the_one_bout_and_is_shut_all_the_night_before() -> None:
    spans = spans_of(REM_GATE, gate_cost._believed())
    stages = gate_cost._expert()
    assert spans
    for span in spans:
        assert {str(stages[min(int(t), len(stages) - 1)]) for t in (span.from_s, span.to_s - 1)} == {"R"}
    assert sum(span.to_s - span.from_s for span in spans) >= 240.0


def short_night(tmp_path: Path) -> NightFolder:
    text = tmp_path / "asked.yaml"
    text.write_text(EAGER, encoding="utf-8")
    pod = PodAsked(id="p1", sleeper="S01", source="sim:typical,start=90min,hours=0.1")
    night = making.write_night(House(tmp_path), "n", [pod], str(text), seed=3)
    run_night(night, RunOptions(speed_x=None))
    return night


@pytest.mark.slow
def test_the_page_and_its_numbers_tell_when_each_gate_was_open(tmp_path: Path) -> None:
    night = short_night(tmp_path)
    page = reporting.write_report(night).read_text(encoding="utf-8")
    assert "When the gates were open" in page
    assert "Gate 1 (REM sleep) was" in page
    (pod,) = json.loads((night.report / "report.json").read_text(encoding="utf-8"))["pods"]
    assert [(gate["part"], gate["stages"]) for gate in pod["gates"]] == [(0, "REM sleep")]


def test_gates_are_not_drawn_by_another_text_than_the_nights(tmp_path: Path) -> None:
    night = short_night(tmp_path)
    (night.root / "dreamscape.yaml").write_text(EAGER.replace("stage: R", "stage: N2"), encoding="utf-8")
    from dreamloom.adapters.sqlite import read_only

    with read_only(night.record) as record:
        assert gates_of(night, list(record.events())) == {}
