"""Is a night the same on several cores?"""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.simulated_beliefs import BelievedIntake, Shows
from dreamloom.engine.loop import Outside
from dreamloom.house.in_step import live_in_step
from dreamloom.house.rehearsed_night import BedWanted, TogetherAsked, night_on_beliefs
from dreamloom.house.texts import find_dreamscape
from dreamloom.pod.tracking import BelievedSecond
from dreamloom.record.events import ArousalSeen, ConsentWithdrawn, CueDue, RelayOffered, SceneEntered, StageScored
from dreamloom.testing import hybrid_nights
from dreamloom.vocabulary.errors import ConfigError, DreamloomError
from dreamloom.vocabulary.units import NightTime

TEXT, FILE = find_dreamscape("night_of_unity")
SAID = ConsentWithdrawn(onset_s=200.5, sleeper="S02", channel="test")
WANTED = TogetherAsked(
    text=TEXT,
    file=FILE,
    beds=[
        BedWanted(number=1, preset="typical,start=80min"),
        BedWanted(number=2, preset="lucid,start=3h"),
        BedWanted(number=3, preset="deep", kind="phone"),
    ],
    duration_s=400,
    seed=5,
    script=(Outside(known_s=NightTime(200.5), pod="p2", event=SAID),),
)


@pytest.mark.parametrize("cores", [1, 2])
def test_a_night_shared_by_cores_is_the_night_of_the_engine(cores: int) -> None:
    told: list[int] = []
    alone = night_on_beliefs(WANTED)
    shared = live_in_step(WANTED, cores=cores, tell=told.append)
    assert [msgspec.json.encode(event) for event in shared] == [msgspec.json.encode(event) for event in alone]
    assert sum(isinstance(event, StageScored) for event in shared) > 100
    assert told[-1] == 401


@pytest.mark.parametrize("name", ["nightmare_rem_tmr", "rem_puzzle", "relay", "serial_probe", "tlr_nap", "clas_onoff"])
def test_stepping_over_seconds_in_which_nothing_happens_tells_what_stepping_through_tells(name: str) -> None:
    text, file = find_dreamscape(name)
    beds = [
        BedWanted(number=1, preset="typical,start=350min"),
        BedWanted(number=2, preset="lucid,start=5h,repeats=1,signals=12"),
    ]
    wanted = replace(WANTED, text=text, file=file, beds=beds)
    over, through = live_in_step(wanted, cores=1), night_on_beliefs(wanted)
    assert [msgspec.json.encode(event) for event in over] == [msgspec.json.encode(event) for event in through]


def test_signals_scenes_and_cues_by_the_clock_are_the_same_stepped_over() -> None:
    text = hybrid_nights.earlier(hybrid_nights.text_of_both())
    for late, soon in (
        ("after_lights_off: 60 min", "after_lights_off: 1 min"),
        ("after: 10 min", "after: 1 min"),
        ("after_sleep_onset: 3 h", "after_sleep_onset: 1 min"),
        ('local_time: {from: "03:00"}', 'local_time: {from: "23:02"}'),
    ):
        assert late in text
        text = text.replace(late, soon)
    beds = [replace(bed, preset=f"{bed.preset},start=6h") for bed in hybrid_nights.beds_on_facts()]
    four = [beds[place] for place in (0, 2, 6, 9)]
    wanted = replace(
        WANTED, text=text, file="hybrid.yaml", beds=four, duration_s=560, seed=hybrid_nights.SEED, script=()
    )
    over, through = live_in_step(wanted, cores=1), night_on_beliefs(wanted)
    assert [msgspec.json.encode(event) for event in over] == [msgspec.json.encode(event) for event in through]
    happened = {type(event) for event in over}
    assert {CueDue, ArousalSeen, SceneEntered, RelayOffered} <= happened


@pytest.mark.parametrize("shows", ["stages", "movement", "nothing"])
def test_seconds_passed_over_would_have_shown_nothing(shows: Shows) -> None:
    through = BelievedIntake("restless,start=3h", seed=3, sleeper="S01", duration_s=1500, shows=shows)
    over = BelievedIntake("restless,start=3h", seed=3, sleeper="S01", duration_s=1500, shows=shows)
    shown = {second.index: second for second in through.read(NightTime(1501.0))[0]}
    read: dict[int, BelievedSecond] = {}
    while not over.ended:
        over.pass_over(over.nothing_until())
        told, _ = over.read(NightTime(min(over.nothing_until(), 1499) + 1.05))
        read |= {second.index: second for second in told}
    assert len(read) < 600
    assert all(shown[index] == second for index, second in read.items())
    assert not any(second.facts or second.stirring for index, second in shown.items() if index not in read)


def test_nothing_is_loaded_for_a_rehearsal_that_it_does_not_need() -> None:
    words = "import sys, dreamloom.house.in_step; print(sorted({'scipy.signal', 'scipy.stats'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_a_sleeper_that_is_not_known_is_refused_before_any_process_is_begun() -> None:
    wanted = replace(WANTED, beds=[*WANTED.beds, BedWanted(number=4, preset="nobody")])
    with pytest.raises(ConfigError, match="nobody"):
        live_in_step(wanted, cores=2)


def test_a_process_that_ends_too_soon_is_told_and_the_other_one_ended() -> None:
    def end_one(_: int) -> None:
        os.kill(min(each.pid or 0 for each in active_children()), signal.SIGTERM)

    with pytest.raises(DreamloomError, match="One of the 2 processes") as told:
        live_in_step(replace(WANTED, duration_s=7200), cores=2, tell=end_one)
    assert told.value.code == "DL-E160"
    assert not active_children()


@pytest.mark.skipif(sys.platform != "linux", reason="reads what the system says of a process")
def test_an_interrupt_never_reaches_a_process_of_the_rehearsal_not_even_while_it_begins() -> None:
    held: list[bool] = []

    def look(_: int) -> None:
        for each in active_children():
            status = Path(f"/proc/{each.pid}/status").read_text(encoding="ascii")
            blocked = next(line for line in status.splitlines() if line.startswith("SigBlk"))
            held.append(bool(int(blocked.split()[1], 16) >> (signal.SIGINT - 1) & 1))

    live_in_step(replace(WANTED, duration_s=9, script=()), cores=2, tell=look)
    assert held
    assert all(held)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
