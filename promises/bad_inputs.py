"""Which bad inputs can a person give? A table: what is wrong, the command, the exit code and the error it ends with.

Recordings are the bundled one, bent; nights are a simulated one, bent; every file lies in one scratch folder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import edfio
import numpy as np

from dreamloom.dreamscape import builtin
from dreamloom.house import making, recordings
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from promises.cli_runs import run_cli

DREAMSCAPE = "nightmare_rem_tmr"
SIGNALS, HEADER_BYTES = 2, 768
"""The bundled EDF+C: one EEG channel and its annotations."""


@dataclass(frozen=True, slots=True)
class BadInput:
    """One row: the words of a command, and what it must end with: an exit code, a code DL-Exxx ("" if all is well)."""

    name: str
    words: tuple[str, ...]
    exit_code: int
    error: str


def table(folder: Path) -> list[BadInput]:
    """Every row, its files written into the folder."""
    (folder / "dreamscapes").mkdir()
    return [*_recordings(folder), *_dreamscapes(folder / "dreamscapes"), *_nights(folder), *_words(folder)]


# --- recordings ----------------------------------------------------------------------------------------------------


def _recordings(folder: Path) -> list[BadInput]:
    whole = recordings.bundled().read_bytes()
    short = _with_field(whole, 236, b"60")[: HEADER_BYTES + 60 * 320]
    files = {
        "a short recording as it should be": (short, 0, ""),
        "a recording cut off in its header": (whole[:700], 4, "DL-E203"),
        "a recording of 0 bytes": (b"", 4, "DL-E202"),
        "a text file for a recording": (b"Dear diary, last night " * 50, 4, "DL-E202"),
        "a physical maximum of nan": (_with_field(short, _at(112), b"nan"), 4, "DL-E208"),
        "99,999,999 samples a record": (_with_field(short, _at(216), b"99999999"), 4, "DL-E212"),
        "1 sample a second": (_slow(short), 4, "DL-E212"),
        "two channels of one name": (_twins(), 4, "DL-E206"),
        "no EEG channel": (_with_field(short, _at(0), b"Resp nasal", width=16), 4, "DL-E212"),
    }
    rows = []
    for number, (name, (content, exit_code, error)) in enumerate(files.items()):
        path = folder / f"recording_{number}.edf"
        path.write_bytes(content)
        rows.append(BadInput(name, _replay(path, folder), exit_code, error))
    good = str(folder / "recording_0.edf")
    return [
        *rows,
        BadInput("a recording that is not there", _replay(folder / "none.edf", folder), 4, "DL-E201"),
        BadInput("a channel that is not there", ("score", good, "--live", "--channel", "C9"), 4, "DL-E209"),
    ]


def _replay(path: Path, folder: Path) -> tuple[str, ...]:
    return ("replay", str(path), "--house", str(folder / f"house_of_{path.stem}"))


def _at(offset_in_signal: int) -> int:
    """Where a field of the first signal begins: each field is told of all signals before the next one (EDF, 1992)."""
    return 256 + SIGNALS * offset_in_signal


def _with_field(data: bytes, at: int, text: bytes, width: int = 8) -> bytes:
    return data[:at] + text.ljust(width) + data[at + width :]


def _slow(short: bytes) -> bytes:
    """The same 100 samples a record, each record said to last 100 s."""
    return _with_field(short, 244, b"100")


def _twins() -> bytes:
    """A minute of two channels that cannot be told apart."""
    signal = edfio.EdfSignal(np.tile([-40.0, 40.0], 3000), 100, label="EEG Cz", physical_dimension="uV")
    content: bytes = edfio.Edf([signal, signal], data_record_duration=1).to_bytes()
    return content


# --- dreamscapes ---------------------------------------------------------------------------------------------------


def _dreamscapes(folder: Path) -> list[BadInput]:
    text, _ = builtin.load(DREAMSCAPE)
    texts: dict[str, tuple[bytes, int, str]] = {
        "a dreamscape as it should be": (text.encode(), 0, ""),
        "a dreamscape of 0 bytes": (b"", 3, "DL-E370"),
        "an unknown key": (text.replace("play: chord", "plays: chord").encode(), 3, "DL-E375"),
        "a key that stands twice": ((text + "\nversion: 7\n").encode(), 3, "DL-E374"),
        "a level over the cap": (text.replace("cap: 45 dBA", "cap: 95 dBA").encode(), 3, "DL-E378"),
        "a level of nan": (text.replace("cap: 45 dBA", "cap: nan dBA").encode(), 3, "DL-E376"),
        "a dreamscape that is not UTF-8": (b"\xff\xfe" + text.encode(), 3, "DL-E322"),
        "an alias in YAML": (text.replace("sham: {cue: silence}", "sham: *active").encode(), 3, "DL-E373"),
        "brackets 200 deep": (b"dreamscape: " + b"[" * 200, 3, "DL-E371"),
    }
    rows = []
    for number, (name, (content, exit_code, error)) in enumerate(texts.items()):
        path = folder / f"dreamscape_{number}.yaml"
        path.write_bytes(content)
        rows.append(BadInput(name, ("check", str(path)), exit_code, error))
    return [*rows, BadInput("a dreamscape that is not there", ("check", str(folder / "none.yaml")), 3, "DL-E321")]


# --- nights --------------------------------------------------------------------------------------------------------


def _nights(folder: Path) -> list[BadInput]:
    houses = (folder / f"house_{number}" for number in count())

    def night(bend: Callable[[NightFolder], None] = lambda _: None) -> str:
        made = write_night(next(houses))
        bend(made)
        return str(made.root)

    def run(name: str, bend: Callable[[NightFolder], None], exit_code: int, error: str) -> BadInput:
        return BadInput(name, ("run", night(bend), "--speed", "max"), exit_code, error)

    closed, fresh, unsent = night(), night(), _toml("sim:typical,hours=0.02", "lsl:Nobody-7F")
    run_cli("run", closed, "--speed", "max")
    return [
        BadInput("a night as it should be", ("run", night(), "--speed", "max"), 0, ""),
        BadInput("the same night a second time", ("run", closed, "--speed", "max"), 5, "DL-E513"),
        BadInput("a night that is not there", ("run", str(folder / "nowhere")), 3, "DL-E320"),
        BadInput("a report before the night", ("report", fresh), 6, "DL-E436"),
        BadInput("a verdict before the night", ("verify", fresh), 6, "DL-E434"),
        BadInput("events before the night", ("replay", fresh), 6, "DL-E434"),
        BadInput("somebody else withdraws", ("withdraw", fresh, "S99"), 3, "DL-E323"),
        run("night.toml is no TOML", _toml("title = ", "title = = "), 3, "DL-E313"),
        run("an unknown key in night.toml", _toml("timezone", "time_zone"), 3, "DL-E315"),
        run("a pod that stands twice", _twice, 3, "DL-E317"),
        run("a source nobody knows", _toml("sim:typical", "teapot:Muse"), 4, "DL-E205"),
        run("a live stream at another speed", unsent, 4, "DL-E258"),
        BadInput("a live stream that nobody sends", ("run", night(unsent)), 4, "DL-E252"),
        run("a simulated sleeper nobody knows", _toml("sim:typical", "sim:tipical"), 3, "DL-E341"),
        run("0 Hz for a simulated sleeper", _toml("hours=0.02", "rate=0"), 3, "DL-E342"),
        run("a grant for another text", _hash_of_another, 5, "DL-E511"),
        run("a grant that leaves a cue out", _consent('"silence"', '"drum"'), 5, "DL-E512"),
        run("a grant of nan dB", _consent("level_cap_db = 45", "level_cap_db = nan"), 3, "DL-E312"),
        run("a record of garbage", lambda made: _garbage(made.record), 6, "DL-E412"),
    ]


def write_night(house: Path) -> NightFolder:
    """A minute of one simulated sleeper, in a house of its own: one night at a time uses a bed."""
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.02")]
    return making.write_night(House(house), "night", pods, DREAMSCAPE, seed=1)


def _toml(old: str, new: str) -> Callable[[NightFolder], None]:
    return lambda night: _replace(night.night_toml, old, new)


def _consent(old: str, new: str) -> Callable[[NightFolder], None]:
    return lambda night: _replace(night.consent_toml, old, new)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{path.name} does not hold {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


def _twice(night: NightFolder) -> None:
    text = night.night_toml.read_text(encoding="utf-8")
    night.night_toml.write_text(text + text[text.index("[[pod]]") :], encoding="utf-8")


def _hash_of_another(night: NightFolder) -> None:
    path = night.root / "dreamscape.yaml"
    path.write_bytes(path.read_bytes() + b"# one more word\n")


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a record" * 1000)


# --- the words themselves ------------------------------------------------------------------------------------------


def _words(folder: Path) -> list[BadInput]:
    good = str(write_night(folder / "house_of_words").root)
    return [
        BadInput("a verb nobody knows", ("dream",), 2, "DL-E100"),
        BadInput("an option nobody knows", ("verify", good, "--hard"), 2, "DL-E100"),
        BadInput("a speed of 0", ("run", good, "--speed", "0"), 2, "DL-E101"),
        BadInput("a speed of nan", ("run", good, "--speed", "nan"), 2, "DL-E101"),
        BadInput("blocks of 0 samples", ("replay", "prerau_segment", "--block-samples", "0"), 2, "DL-E100"),
        BadInput("nobody who withdraws", ("withdraw", good), 2, "DL-E189"),
    ]
