"""Which device does "brainflow:muse_2,mac=…" mean? Boards by name, and what each needs to be found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import combinations

from dreamloom.vocabulary.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One kind of device.

    Attributes:
        id: its member of BrainFlow's BoardIds.
        counter: its package number counts single samples up to this, then starts again; None where it does not.
        coupled: "DC" where electrode offsets of many millivolts stay in the signal.
    """

    id: str
    counter: int | None = None
    coupled: str = "AC"


BOARDS: Mapping[str, Board] = {
    "synthetic": Board(id="SYNTHETIC_BOARD", counter=256),
    "playback": Board(id="PLAYBACK_FILE_BOARD"),
    "muse_2": Board(id="MUSE_2_BOARD"),
    "muse_2016": Board(id="MUSE_2016_BOARD"),
    "muse_s": Board(id="MUSE_S_BOARD"),
    "muse_s_athena": Board(id="MUSE_S_ATHENA_BOARD"),
    "muse_2_bled": Board(id="MUSE_2_BLED_BOARD"),
    "muse_2016_bled": Board(id="MUSE_2016_BLED_BOARD"),
    "muse_s_bled": Board(id="MUSE_S_BLED_BOARD"),
    "cyton": Board(id="CYTON_BOARD", counter=256, coupled="DC"),
    "cyton_wifi": Board(id="CYTON_WIFI_BOARD", counter=256, coupled="DC"),
    "cyton_daisy": Board(id="CYTON_DAISY_BOARD", coupled="DC"),
    "ganglion": Board(id="GANGLION_BOARD", coupled="DC"),
    "ganglion_native": Board(id="GANGLION_NATIVE_BOARD", coupled="DC"),
    "brainbit": Board(id="BRAINBIT_BOARD", coupled="DC"),
    "brainbit_bled": Board(id="BRAINBIT_BLED_BOARD", coupled="DC"),
    "crown": Board(id="CROWN_BOARD", coupled="DC"),
    "unicorn": Board(id="UNICORN_BOARD", coupled="DC"),
}
"""Boards whose electrodes are worn through a night; BrainFlow knows more of them."""

PARAMETERS = {
    "mac": "mac_address",
    "serial": "serial_number",
    "port": "serial_port",
    "file": "file",
    "ip": "ip_address",
    "ip_port": "ip_port",
    "timeout": "timeout",
}
"""What may stand behind the board, and BrainFlow's word for it."""
ADDRESSES = {name: PARAMETERS[name] for name in ("mac", "serial", "port", "file", "ip")}
"""Each of them names one device, or one recording of it."""
NUMBERS = frozenset({"ip_port", "timeout"})
BOARD_OF_FILE = "board"
"""For a playback: the board that the file was recorded with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardAsked:
    """The text after "brainflow:", read."""

    name: str
    board: Board
    parameters: Mapping[str, str] = field(default_factory=dict)
    recorded_with: Board | None = None

    @property
    def address(self) -> frozenset[tuple[str, str]]:
        """What tells this device from others of its kind, in small letters where the case says nothing."""
        given = {name: value for name, value in self.parameters.items() if name in ADDRESSES.values()}
        return frozenset((name, value.lower() if name == "mac_address" else value) for name, value in given.items())


def read_spec(text: str) -> BoardAsked:
    """The text after "brainflow:" as a device: its name, then key=value parts separated by commas.

    Raises:
        ConfigError: DL-E343 for a board nobody knows, DL-E344 for a part that cannot be meant.
    """
    name, *parts = (part.strip() for part in text.split(","))
    pairs = dict(_pair(part) for part in parts)
    recorded_with = pairs.pop(BOARD_OF_FILE, None)
    asked = BoardAsked(
        name=name,
        board=_board(name),
        parameters={PARAMETERS[key]: value for key, value in pairs.items()},
        recorded_with=None if recorded_with is None else _board(recorded_with),
    )
    if name == "playback" and not (asked.recorded_with and "file" in pairs):
        raise ConfigError(
            "DL-E344",
            f"brainflow:{text} does not say what to play.",
            why="A playback needs its file and the board it was recorded with.",
            do='Write source = "brainflow:playback,file=NIGHT.csv,board=cyton".',
        )
    return asked


def refuse_shared(asked: Mapping[str, BoardAsked]) -> None:
    """Returns when each pod's device can be told from every other pod's; one headband is on one head.

    Raises:
        ConfigError: DL-E243 for two pods with one address, or with one kind of board and no address to tell them apart.
    """
    for (pod, one), (other_pod, other) in combinations(asked.items(), 2):
        shared = one.address & other.address
        if shared or (one.board == other.board and not (one.address and other.address)):
            raise ConfigError(
                "DL-E243",
                f"Pods {pod!r} and {other_pod!r} may both mean the same brainflow:{other.name}.",
                why=f"Both have {', '.join(f'{name}={value}' for name, value in sorted(shared))}."
                if shared
                else "Without an address each would take whichever device answers first.",
                still="Nothing was recorded or played.",
                do="Give each its own mac=, serial= or port= in night.toml, behind the board's name.",
            )


def _board(name: str) -> Board:
    if name in BOARDS:
        return BOARDS[name]
    near = get_close_matches(name, BOARDS, 1)
    raise ConfigError(
        "DL-E343",
        f"There is no BrainFlow board {name!r} here.",
        why=f"Known: {', '.join(BOARDS)}.",
        do=f"Did you mean {near[0]!r}?" if near else 'Write for example source = "brainflow:muse_2".',
    )


def _pair(part: str) -> tuple[str, str]:
    key, _, value = part.partition("=")
    if (key in PARAMETERS or key == BOARD_OF_FILE) and value and (key not in NUMBERS or value.isdecimal()):
        return key, value
    known = [*PARAMETERS, BOARD_OF_FILE]
    near = get_close_matches(key, known, 1)
    raise ConfigError(
        "DL-E344",
        f"{part!r} says nothing about a BrainFlow board.",
        why=f"Known: {', '.join(f'{name}=…' for name in known)}; {' and '.join(sorted(NUMBERS))} are whole numbers.",
        do=f"Did you mean {near[0]}=…?" if near and near[0] != key else "Mend that part of the source.",
    )
