"""Is a stager that somebody installed found, asked, judged and named, and does its failing cost only its stages?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.house import making, plug_in_stagers, recordings, scoring
from dreamloom.house.layout import House
from dreamloom.house.plug_in_stagers import PlugIn
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.shipped_stager import ShippedTrees
from dreamloom.ports import PlugInStager
from dreamloom.record.events import StagerFailed, StageScored
from dreamloom.signals.blocks import Channel
from dreamloom.staging.plugged import SLOW, judged
from dreamloom.testing.nights import EAGER
from dreamloom.testing.stager_contract import StagerContract
from dreamloom.vocabulary.errors import ConfigError, StreamError
from dreamloom.vocabulary.units import NightTime

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "slow_wave_stager"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as pip leaves it: the example's module, and beside it what its pyproject.toml says as metadata."""
    folder = tmp_path_factory.mktemp("site")
    text = (EXAMPLE / "slow_wave_stager.py").read_text(encoding="utf-8")
    (folder / "slow_wave_stager.py").write_text(text + BROKEN, encoding="utf-8")
    about = folder / "slow_wave_stager-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: slow-wave-stager\nVersion: 0.1\n", encoding="utf-8")
    listed = "\n".join(f"{name} = slow_wave_stager:{made}" for name, made in OFFERED.items())
    (about / "entry_points.txt").write_text(f"[dreamloom.stagers]\n{listed}\n", encoding="utf-8")
    return folder


OFFERED = {
    "slow-waves": "SlowWaves", "raises": "Raises", "nan": "NaN", "shape": "Shape", "sums": "Sums", "mute": "Mute",
    "gone": "NobodyWroteThis",
}  # fmt: skip
BROKEN = """

class Raises(SlowWaves):
    name = "raises"
    def classify(self, signals_uv, kinds, sfreq_hz):
        raise RuntimeError("out of luck")
class NaN(SlowWaves):
    def classify(self, signals_uv, kinds, sfreq_hz):
        return np.full(5, np.nan)
class Shape(SlowWaves):
    def classify(self, signals_uv, kinds, sfreq_hz):
        return np.ones((1, 5)) / 5
class Sums(SlowWaves):
    def classify(self, signals_uv, kinds, sfreq_hz):
        return np.ones(5)
class Mute(SlowWaves):
    licence = None
"""


@pytest.fixture
def plugged_in(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(site))


class TestTheExample(StagerContract):
    @pytest.fixture(autouse=True)
    def _found(self, plugged_in: None) -> None:
        """On the path."""

    def stager(self) -> PlugInStager:
        return plug_in_stagers.load("slow-waves")


class TestTheShippedTrees(StagerContract):
    def stager(self) -> PlugInStager:
        return ShippedTrees()


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """Two minutes of the bundled sleep."""
    from dreamloom.adapters.edf import EdfSource
    from dreamloom.adapters.edf_writer import EdfStore
    from dreamloom.house.recorded_seconds import recorded_seconds

    stream = EdfSource(recordings.bundled()).stream
    store = EdfStore(tmp_path / "short.edf", stream.channels, stream.grid_hz, onset_s=NightTime(0.0))
    for second in recorded_seconds(recordings.bundled()).seconds:
        if second.index == 120:
            break
        store.append(second)
    store.close()
    return tmp_path / "short.edf"


@pytest.mark.usefixtures("plugged_in")
def test_an_installed_stager_scores_live_and_is_named_with_its_version(short: Path) -> None:
    scored = scoring.score_live(short, stager_name="slow-waves")
    assert scored.method == "plug-in slow-waves 0.1 (CC0-1.0)"
    assert len(scored.epochs) == 4
    assert {epoch.stage for epoch in scored.epochs} <= {"W", "N1", "N2", "N3", "R"}
    assert scored.failures == ()


@pytest.mark.usefixtures("plugged_in")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("raises", "it failed with RuntimeError: out of luck"),
        ("nan", "it answered NaN or infinity"),
        ("shape", "it answered the shape (1, 5), not (5,)"),
        ("sums", "its probabilities add up to 5, the least is 1"),
    ],
)
def test_nonsense_is_unscored_with_its_cause_and_no_crash(short: Path, name: str, why: str) -> None:
    scored = scoring.score_live(short, stager_name=name)
    assert {epoch.stage for epoch in scored.epochs} == {"UNSCORED"}
    assert scored.failures == (why,)


@pytest.mark.usefixtures("plugged_in")
def test_an_unknown_stager_is_told_with_those_that_are_installed() -> None:
    with pytest.raises(ConfigError, match=r"DL-E362.*slow-waves \(slow-wave-stager 0.1\).*Did you mean 'slow-waves'"):
        plug_in_stagers.load("slow-wave")
    with pytest.raises(ConfigError, match=r"DL-E369.*AttributeError"):
        plug_in_stagers.load("gone")
    with pytest.raises(ConfigError, match=r"DL-E369.*Its licence is None"):
        plug_in_stagers.load("mute")


def test_a_bed_without_a_channel_that_it_needs_is_refused() -> None:
    stager = ShippedTrees()
    stager.min_channels = ("EEG", "EOG")
    with pytest.raises(StreamError, match=r"DL-E238.*needs EOG, and this bed has EEG"):
        PlugIn(stager).at_bed([Channel("EEG C4-M1", "EEG")], 100)


def test_a_slow_answer_is_not_used_and_a_replay_knows_which(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 5))
    monkeypatch.setattr(plug_in_stagers, "boot_s", lambda: float(next(clock)))
    signals = np.zeros((1, 3000))
    live = PlugIn(ShippedTrees()).at_bed([Channel("EEG C4-M1", "EEG")], 100)
    again = PlugIn(ShippedTrees(), slow_at={60.0}).at_bed([Channel("EEG C4-M1", "EEG")], 100)
    assert live.ask(signals, NightTime(60.0)).why == SLOW
    assert again.ask(signals, NightTime(60.0)).why == SLOW
    assert again.ask(signals, NightTime(65.0)).why != SLOW


def test_what_is_not_five_probabilities_is_told() -> None:
    assert judged("N2").why == "it answered str, no numbers"
    assert judged([0.2, 0.2, 0.2, 0.2, 0.2]).probabilities == (0.2,) * 5
    assert judged([1.2, -0.2, 0.0, 0.0, 0.0]).why


@pytest.mark.usefixtures("plugged_in")
@pytest.mark.parametrize("name", ["slow-waves", "raises"])
def test_a_night_by_a_plug_in_names_it_and_is_decided_again_the_same(tmp_path: Path, short: Path, name: str) -> None:
    text = tmp_path / "eager.yaml"
    text.write_text(EAGER, encoding="utf-8")
    night = making.night_of_recording(House(tmp_path / "house"), short, str(text), seed=1, stager=name)
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        events = list(record.events())
    scored = [event for event in events if isinstance(event, StageScored)]
    failed = [event for event in events if isinstance(event, StagerFailed)]
    assert {event.method for event in scored} == {f"plug-in {name} 0.1 (CC0-1.0)"}
    assert [event.why for event in failed] == (["it failed with RuntimeError: out of luck"] if name == "raises" else [])
    assert ({event.stage for event in scored} == {"UNSCORED"}) == (name == "raises")
    assert replay_night(night).first_difference is None


def test_the_command_line_finds_a_stager_beside_the_path(site: Path, short: Path) -> None:
    words = [sys.executable, "-m", "dreamloom", "score", str(short), "--live", "--stager", "slow-waves", "--json"]
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    told = subprocess.run(words, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=True, timeout=120)
    assert json.loads(told.stdout)["method"] == "plug-in slow-waves 0.1 (CC0-1.0)"
