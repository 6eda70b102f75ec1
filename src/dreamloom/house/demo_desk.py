"""What may be asked of a demo while it runs? Another pace, and real drills at its beds; a real night hears none of it.

Its pages run in another process: what they ask lies in the night's folder `demo`, and so does what they are told. Only
a night that was begun with this desk looks there.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Outside
from dreamloom.house import opening
from dreamloom.house.drills import AGAIN_AFTER_S, AWAY_S, replayed, stirred
from dreamloom.house.layout import NightFolder
from dreamloom.house.unplugging import Cable
from dreamloom.ports import SignalSource
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.units import NightTime, Seconds

SLOWEST_X, FASTEST_X = 1.0, 120.0
SEEN_AT_X = 8.0
"""A drill takes a minute of the night: at this pace it can be watched. Ours."""
GOOD_FOR_S = 8.0
IN_A_SECOND_S = 0.5
"""Nobody pulls a plug on the beat: a recording comes in whole seconds, and what was in hand when has to be certain."""
Trouble = Literal["unplug", "nightmare", "forge", "network"]
BEDS = MappingProxyType({"unplug": ("p2",), "nightmare": ("p4",), "forge": ("p6",), "network": ("p1", "p5")})
"""At which beds of the demo each drill is tried."""
LASTS_S = MappingProxyType({"unplug": AWAY_S, "nightmare": 62.0, "forge": 2 * AGAIN_AFTER_S, "network": AWAY_S})
FORGED_CUE = "chord"
ASKED, TOLD, LOOKED = "asked", "told.json", "looked"


class Pace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what", tag="pace"):
    """How many seconds of the night go by in one; 0 stands still."""

    pace_x: Annotated[float, Meta(ge=0.0, le=FASTEST_X)]


class Break(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="what", tag="break"):
    """A drill to be tried now."""

    trouble: Trouble


AnyAsked = Pace | Break


class Tried(Struct, frozen=True, kw_only=True):
    """A drill that was tried, where, and when it begins and ends in the night."""

    trouble: Trouble
    beds: tuple[str, ...]
    from_s: float
    until_s: float


class Told(Struct, frozen=True, kw_only=True):
    """A demo as its pages are told.

    Attributes:
        version: counts what was told so far.
        pace_x: None where it cannot be changed.
        is_over: whether anything can still be asked for.
        has_morning: whether its morning page lies there.
        has_story: whether a morning was told, and a story woven of it.
    """

    version: int = 0
    pace_x: float | None = None
    tried: tuple[Tried, ...] = ()
    is_over: bool = False
    has_morning: bool = False
    has_story: bool = False


def ask(folder: NightFolder, asked: AnyAsked) -> None:
    """Leaves it for the demo that runs.

    Raises:
        RefusedError: for a night that is no demo, or one that is over.
    """
    told = told_of(folder)
    if told is None or told.is_over:
        raise RefusedError(
            "DL-E588",
            "This can be asked of a running demo alone.",
            why="Nothing is broken on purpose where somebody sleeps." if told is None else "This demo is over.",
            do="To try it: dreamloom demo",
        )
    place = folder.demo / ASKED
    place.mkdir(mode=0o700, exist_ok=True)
    _put(place / f"{round(boot_s() * 1e6):020d}-{os.getpid()}.json", msgspec.json.encode(asked))


def told_of(folder: NightFolder) -> Told | None:
    """What its pages are told; None for a night that is no demo."""
    try:
        return msgspec.json.decode((folder.demo / TOLD).read_bytes(), type=Told)
    except (OSError, msgspec.MsgspecError):
        return None


def look(folder: NightFolder) -> None:
    """A page looks at this demo."""
    with suppress(OSError):
        _put(folder.demo / LOOKED, str(boot_s()).encode())


class DemoDesk:
    """Hears what the pages ask of one demo, and does it."""

    def __init__(self, folder: NightFolder, *, pace_x: float | None) -> None:
        """With no pace, it goes as a live night does."""
        self._folder = folder
        self._cables: dict[str, Cable] = {}
        self._waiting: list[Outside] = []
        folder.demo.mkdir(mode=0o700, exist_ok=True)
        self._tell(Told(pace_x=pace_x))

    def pace_x(self) -> float:
        """How fast the demo goes now."""
        return 1.0 if self._told.pace_x is None else self._told.pace_x

    def lead(self, pod: str, source: SignalSource) -> SignalSource:
        """What this bed reads from."""
        self._cables[pod] = Cable(source)
        return self._cables[pod]

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What comes from outside by now."""
        for path in self._left():
            self._do(_taken(path), now_s)
        due = [news for news in self._waiting if news.known_s <= now_s]
        self._waiting = [news for news in self._waiting if news.known_s > now_s]
        return due

    def ends(self) -> None:
        """Nothing can be asked for any more."""
        self._tell(msgspec.structs.replace(self._told, is_over=True))

    def has_morning(self, *, has_story: bool) -> None:
        """The morning page lies there, and perhaps a story."""
        self._tell(msgspec.structs.replace(self._told, is_over=True, has_morning=True, has_story=has_story))

    def looked_s_ago(self) -> float | None:
        """When a page looked last; None where none ever did."""
        try:
            return max(0.0, boot_s() - float((self._folder.demo / LOOKED).read_bytes()))
        except (OSError, ValueError):
            return None

    def _left(self) -> list[Path]:
        place = self._folder.demo / ASKED
        return sorted(place.glob("*.json")) if place.is_dir() else []

    def _do(self, asked: AnyAsked | None, now_s: NightTime) -> None:
        match asked:
            case Pace() if self._told.pace_x is not None:
                pace_x = 0.0 if asked.pace_x == 0.0 else max(SLOWEST_X, asked.pace_x)
                self._tell(msgspec.structs.replace(self._told, pace_x=pace_x))
            case Break() if not any(t.trouble == asked.trouble and now_s < t.until_s for t in self._told.tried):
                self._break(asked.trouble, now_s)
            case _:
                pass

    def _break(self, trouble: Trouble, now_s: NightTime) -> None:
        """The drill's own happenings, from the next whole second on, at a pace at which they can be watched."""
        from_s, beds = float(int(now_s) + 1), BEDS[trouble]
        match trouble:
            case "unplug" | "network":
                for bed in beds:
                    self._cables[bed].unplug(NightTime(from_s + IN_A_SECOND_S), Seconds(AWAY_S))
            case "nightmare":
                self._waiting += stirred(from_s=from_s, pod=beds[0])
            case "forge":
                asked = opening.read_asked(self._folder)
                sha256 = asked.sounds[FORGED_CUE].sha256
                self._waiting += replayed(FORGED_CUE, sha256, asked.dreamscape_sha256, from_s=from_s, pod=beds[0])
        tried = Tried(trouble=trouble, beds=beds, from_s=from_s, until_s=from_s + LASTS_S[trouble])
        pace_x = None if self._told.pace_x is None else min(self._told.pace_x or SEEN_AT_X, SEEN_AT_X)
        self._tell(msgspec.structs.replace(self._told, tried=(*self._told.tried, tried), pace_x=pace_x))

    def _tell(self, told: Told) -> None:
        self._told = msgspec.structs.replace(told, version=told.version + 1)
        with suppress(OSError):
            _put(self._folder.demo / TOLD, msgspec.json.encode(self._told))


def _taken(path: Path) -> AnyAsked | None:
    """What lies there, once it lies there no more; nothing of what is too old, or cannot be meant."""
    try:
        age_s = boot_s() - int(path.name.partition("-")[0]) / 1e6
        content = path.read_bytes()
        path.unlink()
        return msgspec.json.decode(content, type=AnyAsked) if age_s < GOOD_FOR_S else None
    except (OSError, ValueError, msgspec.MsgspecError):
        return None


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(path)
