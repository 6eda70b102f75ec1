"""Is a signal file that was changed, lost or slipped in found? By verify, and before a night is decided again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import FileVerdict, verify_files, verify_night
from dreamloom.vocabulary.errors import RecordError


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:lucid,hours=0.012")]
    folder = making.write_night(House(tmp_path), "first", pods, "nightmare_rem_tmr", seed=1)
    run_night(folder, RunOptions(speed_x=None))
    return folder


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


CHANGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a sample is changed": ("p1.edf", flip),
    "an arrival is changed": ("p1.arrivals", flip),
    "the end is cut off": ("p1.edf", lambda path: path.write_bytes(path.read_bytes()[:-1])),
    "a file is lost": ("p1.edf", Path.unlink),
    "a file is slipped in": ("p1.1.edf", lambda path: path.write_bytes(b"0")),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_file_that_is_not_the_recorded_one_is_named(night: NightFolder, what: str) -> None:
    assert verify_files(night) == FileVerdict(2)
    name, change = CHANGES[what]
    change(night.signals / name)
    assert verify_night(night).ok
    assert verify_files(night).first_bad == f"signals/{name}"
    with pytest.raises(RecordError, match=name) as caught:
        replay_night(night)
    assert caught.value.code == "DL-E437"


def test_judging_makes_no_key_and_writes_nothing(night: NightFolder) -> None:
    keys = night.house.keys
    lost = {
        path.name: path.read_bytes() for path in keys.glob("*.key") if path.name not in {"house.key", "signing.key"}
    }
    for name in lost:
        (keys / name).unlink()
    before = sorted(path.name for path in keys.iterdir())
    verify_night(night)
    assert sorted(path.name for path in keys.iterdir()) == before
    (keys / "signing.key").unlink()
    with pytest.raises(RecordError, match="keys of this house") as caught:
        verify_night(night)
    assert caught.value.code == "DL-E435"
    assert not (keys / "signing.key").exists()
