"""Which nights has this house, and how far is each? Those that run, those to come, those that are over."""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from dreamloom.adapters.one_writer import is_held
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import read_night
from dreamloom.record.events import HostDescribed, NightClosed, NightOpened
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.ids import SAFE_NAME

State = Literal["running", "planned", "over", "broken off", "cannot be read"]
ORDER: tuple[State, ...] = ("running", "planned", "broken off", "over", "cannot be read")
"""As somebody looks for them."""


class NightHere(Struct, frozen=True, kw_only=True):
    """One night of the house.

    Attributes:
        beds: how many were asked for.
        began_utc: wall time of its first opening; "" before that.
    """

    name: str
    state: State
    beds: int = 0
    began_utc: str = ""


def find_house(text: str) -> House | None:
    """The house at this folder, where it is one and no night."""
    root = Path(text)
    is_house = root.is_dir() and (root / "nights").is_dir() and not NightFolder(root).night_toml.exists()
    return House(root) if is_house else None


def nights_of(house: House) -> list[NightHere]:
    """All of them: what runs first, then what is to come, then the newest of the others."""
    found = [_told(NightFolder(root)) for root in sorted((house.root / "nights").glob("*")) if is_night(root)]
    newest = sorted(found, key=lambda night: night.began_utc, reverse=True)
    return sorted(newest, key=lambda night: ORDER.index(night.state))


def is_night(root: Path) -> bool:
    """Whether a night of a name that can stand in an address lies there."""
    return SAFE_NAME.fullmatch(root.name) is not None and NightFolder(root).night_toml.exists()


def current(house: House) -> str | None:
    """The night that bed pages belong to: the one that runs, else the newest, else one to come; None without any."""
    found = nights_of(house)
    by_use: tuple[State, ...] = ("running", "broken off", "over", "planned", "cannot be read")
    return min(found, key=lambda night: by_use.index(night.state)).name if found else None


def _told(folder: NightFolder) -> NightHere:
    try:
        beds = len(read_night(folder.night_toml.read_text(encoding="utf-8"), file=str(folder.night_toml)).pod)
        if not folder.record.exists():
            return NightHere(name=folder.name, state="planned", beds=beds)
        with read_only(folder.record) as record:
            hosts = [event for event in record.of_type(HostDescribed.__name__) if isinstance(event, HostDescribed)]
            opened, closed = record.of_type(NightOpened.__name__), record.of_type(NightClosed.__name__)
    except (DreamloomError, OSError, ValueError):
        return NightHere(name=folder.name, state="cannot be read")
    began_utc = hosts[0].utc if hosts else ""
    if is_held(folder.record):
        return NightHere(name=folder.name, state="running", beds=beds, began_utc=began_utc)
    state: State = "over" if closed else "broken off" if opened else "planned"
    return NightHere(name=folder.name, state=state, beds=beds, began_utc=began_utc)
