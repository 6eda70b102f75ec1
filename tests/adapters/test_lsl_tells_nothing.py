"""Can somebody on the network tell a bed what to do? LSL brings sensor data; nothing else is even listened to."""

import ast
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

import dreamloom
from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import AnyEvent, CommandGiven, CueDue, CueFailed, CuePlayed, GlitchSeen, LightsOff
from dreamloom.testing.live_nights import TIRELESS, events_of
from dreamloom.testing.lsl_outlet import OutletAsked, OutletProcess

SOURCE = Path(dreamloom.__file__).parent
LISTENS = {"adapters/lsl/connection.py"}
"""The one place that opens a stream; it is given what a night.toml names as a bed's source."""
HEARD_S = 8.0


def called_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    by_name = {each.id for each in called if isinstance(each, ast.Name)}
    return by_name | {each.attr for each in called if isinstance(each, ast.Attribute)}


def test_one_place_opens_streams_and_nothing_else_reads_from_the_network() -> None:
    opening = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if "StreamInlet" in called_in(path)}
    assert opening == LISTENS
    served = {
        *(SOURCE / "web" / name for name in ("live.py", "pod_live.py", "voice_live.py")),
        SOURCE / "adapters" / "speaker" / "page_wire.py",
        SOURCE / "testing" / "far_button.py",
    }
    """Pages, by sign-in and on this machine alone; a bed's door, by a secret; and a loopback connection of tests."""
    calls = {"recvfrom", "accept", "create_server"}
    listening = [path for path in SOURCE.rglob("*.py") if path not in served and called_in(path) & calls]
    assert listening == []


@contextmanager
def orders(night: NightFolder) -> Iterator[Any]:
    """Streams of markers that look like words of the house, repeated all the while; gives those that somebody heard."""
    order = CommandGiven(
        id="night.0.1",
        kind="decision",
        tick=1,
        onset_s=1.0,
        pod="p1",
        by="network",
        cue="chord",
        cue_sha256="0" * 64,
        sound_class="sleep",
        level_cap_db=45.0,
        dreamscape_sha256="0" * 64,
        policy_sha256="0" * 64,
        not_after_s=1e6,
    )
    text = msgspec.json.encode(order).decode()
    pylsl = LIBRARY.load("machine")
    names = ("Band", "p1", night.name, "dreamloom")
    outlets = [pylsl.StreamOutlet(pylsl.StreamInfo(name, "Markers", 1, 0, "string", f"{name}-word")) for name in names]
    heard, over = set[str](), threading.Event()

    def speak() -> None:
        while not over.wait(0.1):
            for name, outlet in zip(names, outlets, strict=True):
                outlet.push_sample([text])
                heard.update({name} if outlet.have_consumers() else ())

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    try:
        yield heard
    finally:
        over.set()
        speaker.join()


@pytest.mark.real_time
def test_words_of_the_house_on_the_network_reach_no_bed_and_nobody_listens_to_them(tmp_path: Path) -> None:
    pytest.importorskip("pylsl")
    (tmp_path / "tireless.yaml").write_text(TIRELESS, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source="lsl:name=Band,type=EEG")]
    night = write_night(House(tmp_path / "house"), "tonight", pods, str(tmp_path / "tireless.yaml"), seed=1)
    with OutletProcess(OutletAsked(name="Band", source_id="band-1")), orders(night) as heard:
        run_night(night, RunOptions(speed_x=1.0, until_s=HEARD_S))
    events: list[AnyEvent] = events_of(night)
    assert any(isinstance(event, LightsOff) for event in events)
    assert not [event for event in events if isinstance(event, CommandGiven | CueDue | CuePlayed | CueFailed)]
    assert not [event for event in events if isinstance(event, GlitchSeen) and event.glitch.startswith("ORDER")]
    assert heard == set()
    assert (night.signals / "p1.edf").stat().st_size > 1000


@pytest.mark.real_time
def test_a_stream_of_markers_is_no_beds_source(tmp_path: Path) -> None:
    pytest.importorskip("pylsl")
    (tmp_path / "tireless.yaml").write_text(TIRELESS, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source="lsl:tonight")]
    night = write_night(House(tmp_path / "house"), "tonight", pods, str(tmp_path / "tireless.yaml"), seed=1)
    with orders(night) as heard, pytest.raises(Exception, match="DL-E254"):
        run_night(night, RunOptions(speed_x=1.0, until_s=HEARD_S))
    assert heard == set()
