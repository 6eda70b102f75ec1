"""Is what a gate will cost told before a night, with the evidence, for what lies at each bed?"""

import dataclasses
import json
from pathlib import Path

from dreamloom.dreamscape.builtin import load
from dreamloom.house.foreseen import Foreseen, foreseen
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.new_night import NightWanted, new_night, what_it_costs
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.supporting import OF_KINDS, Bed
from dreamloom.signals.blocks import Channel

ONE_EEG = Bed("headband", None, (Channel("EEG C4-M1", "EEG"),))
THREE = Bed("headband", None, (*ONE_EEG.channels, Channel("EOG left", "EOG"), Channel("EMG chin", "EMG")))


def test_each_kind_of_bed_is_told_once_and_how_far_the_evidence_reaches_it() -> None:
    found = foreseen(
        load("nightmare_rem_tmr")[1], {"p1": ONE_EEG, "p2": THREE, "p3": THREE, "p4": OF_KINDS["watch"], "p5": None}
    )
    assert [(each.beds, each.montage) for each in found] == [
        (("p1",), "eeg"), (("p2", "p3"), "eeg+eog+emg"), (("p4",), ""), (("p5",), ""),
    ]  # fmt: skip
    one, three, watch, unknown = (each.lines for each in found)
    assert "expect its gate" in one[0]
    assert "scored by an expert; not this sleeper. It was measured with one EEG, as at this bed." in one[0]
    assert three[0].startswith("p2, p3: parts[0]:")
    assert "with eeg, eog, emg, as at this bed, nothing is known yet" in three[0]
    assert "marked unstaged" in watch[0]
    assert "known once it is opened" in unknown[0]
    costs = json.loads(json.dumps([each.data for each in found]))
    assert costs[0]["gate_costs"][0]["evidence"]
    assert costs[2]["supported"][0]["plays"] == "unstaged"


def test_new_and_run_tell_it_before_the_first_second(tmp_path: Path) -> None:
    wanted = NightWanted(sources=["sim:typical"], dreamscape="nightmare_rem_tmr", timezone="UTC")
    (before,) = what_it_costs(new_night(NightFolder(tmp_path / "tonight"), wanted))
    assert before.costs
    pod = PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.01")
    night = write_night(House(tmp_path), "n", [pod], "nightmare_rem_tmr", seed=1)
    told: list[Foreseen] = []
    ticks: list[int] = []
    options = RunOptions(speed_x=None, tell=told.extend, listeners=[lambda *_: ticks.append(len(told))])
    run_night(night, options)
    assert [each.montage for each in told] == ["eeg+eog+emg"]
    assert set(ticks) == {1}
    assert dataclasses.asdict(told[0].costs[0])["precision"] is not None
