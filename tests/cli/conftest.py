"""A command line to try: verbs run in this process, in a house of their own, on nights of two short sleepers."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from dreamloom.cli.app import app
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked

SOURCE = "sim:lucid,start=4h,hours=0.02"


class Told(NamedTuple):
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """The one JSON object on stdout; more or less than one is a failure."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.data["error"]
        return found


Command = Callable[..., Told]
MakeNight = Callable[..., NightFolder]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("DREAMLOOM_HOUSE", str(tmp_path / "house"))
    monkeypatch.setenv("COLUMNS", "100")
    return House(tmp_path / "house")


@pytest.fixture
def command(house: House) -> Command:  # noqa: ARG001 - every command has a house
    def run(*words: object) -> Told:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return Told(result.exit_code, result.stdout, result.stderr)

    return run


def _night_in(house: House, name: str, *, source: str, pods: int) -> NightFolder:
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source=source) for n in range(1, pods + 1)]
    return making.write_night(house, name, beds, "nightmare_rem_tmr", seed=1)


@pytest.fixture
def make_night(house: House) -> MakeNight:
    def make(name: str = "tide", *, source: str = SOURCE, pods: int = 2) -> NightFolder:
        return _night_in(house, name, source=source, pods=pods)

    return make


@pytest.fixture(scope="session")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house in which one night was run to its end."""
    house = House(tmp_path_factory.mktemp("once") / "house")
    night = _night_in(house, "tide", source=SOURCE, pods=2)
    assert CliRunner().invoke(app, ["run", str(night.root), "--speed", "max"]).exit_code == 0
    return house.root


@pytest.fixture
def closed_night(house: House, run_once: Path) -> NightFolder:
    """A night that was run to its end, in a copy of its house."""
    shutil.copytree(run_once, house.root)
    return house.night("tide")
