"""A house in which somebody slept for a year, made cheaply, and whether a byte of them is found in it."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.key_files import unwrap
from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.adapters.sqlite_schema import SETTINGS
from dreamloom.house.erasure_plan import unfinished
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.codec import canonical
from dreamloom.record.events import HostDescribed, NightOpened, Seat, StageScored
from dreamloom.record.merkle import EMPTY
from dreamloom.seals.notes import Checkpoint, sign_note

SLEEPER, BED = "S01", "p1"
PROBE_BYTES = 64
ROWS = 6_000
"""About what eight hours of one sleeper hold: an estimate each five seconds, and little else."""
SIGNAL_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Probes:
    """What is looked for: 64 bytes of texts and of signals, in which night each lies; and what is in all of them."""

    texts: dict[str, bytes]
    signals: dict[str, bytes]
    in_all: bytes

    @property
    def number(self) -> int:
        return len(self.texts) + len(self.signals) + 1

    def found(self, house: House) -> int:
        """How many of them any file of the house shows, its WAL and exports among them."""
        shown: set[bytes] = set()
        for path in sorted(house.root.rglob("*")):
            if not path.is_file():
                continue
            data, name = path.read_bytes(), _night_of(house, path)
            wanted = (self.in_all, self.texts.get(name, b""), self.signals.get(name, b""))
            shown |= {probe for probe in wanted if probe and probe in data}
        return len(shown)


def live_a_year(house: House, nights: int, *, rows: int = ROWS) -> Probes:
    """Lays so many nights of one sleeper into the house: whole records as large as a night's, short signal files.

    Their leaves are hashes of the texts, not keyed ones, which would take minutes: these nights are erased, not judged.
    """
    mark = hashlib.sha256(SLEEPER.encode()).hexdigest()
    texts, signals = {}, {}
    vault = FolderVault(house.keys)
    vault.subject_key(SLEEPER)
    for number in range(nights):
        folder = house.night(f"n{number:03d}")
        folder.signals.mkdir(parents=True)
        signal_bytes = random.Random(number).randbytes(SIGNAL_BYTES)  # noqa: S311 - stands for samples
        (folder.signals / f"{BED}.edf").write_bytes(signal_bytes)
        (folder.signals / f"{BED}.arrivals").write_bytes(bytes(512))
        folder.night_toml.write_text(
            f'dreamscape = "a"\n[[pod]]\nid = "{BED}"\nsleeper = "{SLEEPER}"\nsource = "lsl:a"\n'
        )
        folder.consent_toml.write_text(f'[{SLEEPER}]\nsheet = "1"\n')
        text = _write_record(folder, vault, mark, rows)
        start = text.index(b'"onset_s"')
        texts[folder.name] = text[start : start + PROBE_BYTES]
        signals[folder.name] = signal_bytes[9_000 : 9_000 + PROBE_BYTES]
    return Probes(texts, signals, mark.encode())


def _write_record(folder: NightFolder, vault: FolderVault, mark: str, rows: int) -> bytes:
    """Returns the text of one event of this night alone."""
    with open_ledger(folder.record, origin=folder.origin, vault=vault, subject_of=lambda _: "house") as ledger:
        ledger.append([_opened(), _hosted(folder)])
    pattern = canonical(_scored(mark)).decode()
    night = folder.name
    bodies = [
        pattern.replace("p1.0.0", f"{BED}.0.{n}").replace("123.5", f"{n * 5}.{night[1:]}").encode() for n in range(rows)
    ]
    leaves = [hashlib.sha256(body).digest() for body in bodies]
    with closing(sqlite3.connect(folder.record, isolation_level=None)) as connection:
        for setting in SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        before = [row[0] for row in connection.execute("SELECT leaf FROM events ORDER BY seq")]
        found = [
            (seq, f"{BED}.0.{n}", SLEEPER, leaf, body)
            for n, (seq, leaf, body) in enumerate(
                zip(range(len(before), len(before) + rows), leaves, bodies, strict=True)
            )
        ]
        root = EMPTY.extend([*before, *leaves]).root
        note = sign_note(
            Checkpoint(folder.origin, len(before) + rows, root).text, name=folder.origin, seed=vault.signing_key()
        )
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", found)
        connection.execute("INSERT INTO checkpoints VALUES (?, ?)", (len(before) + rows, note))
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = DELETE")
    return bodies[rows // 2]


def _opened() -> NightOpened:
    return NightOpened(
        id="night.0.0",
        kind="input",
        tick=0,
        onset_s=0.0,
        mode="private",
        timezone="UTC",
        dreamscape="a",
        dreamscape_sha256="0" * 64,
        consent_sha256="0" * 64,
        simulation_seed=0,
        roster=(Seat(pod=BED, sleeper=SLEEPER, source="lsl:a"),),
    )


def _hosted(folder: NightFolder) -> HostDescribed:
    return HostDescribed(
        id="night.0.1",
        kind="input",
        tick=0,
        onset_s=0.0,
        night=folder.name,
        night_toml_sha256="0" * 64,
        utc="2026-01-01T22:00:00+00:00",
        speed_x=1.0,
        versions={},
        platform="a",
    )


def _scored(mark: str) -> StageScored:
    return StageScored(
        id="p1.0.0",
        tick=1,
        onset_s=123.5,
        pod=BED,
        stage="N2",
        confidence=0.8125,
        probabilities={"W": 0.05, "N1": 0.05, "N2": 0.8, "N3": 0.05, "R": 0.05},
        window_s=30.0,
        decided_at_s=30.25,
        quality=1.0,
        method=mark,
    )


def _night_of(house: House, path: Path) -> str:
    parts = path.relative_to(house.root).parts
    return parts[1] if len(parts) > 1 and parts[0] == "nights" else ""


def opens(house_key: bytes, backup: Path) -> list[str]:
    """Whose keys in a copy of wrapped keys this house key opens."""
    found = (unwrap(house_key, path.read_bytes()) for path in sorted(backup.glob("*.key")))
    return [named.subject for named in found if named is not None]


def rows_left(house: House) -> int:
    """Texts of the sleeper that any record still holds."""
    left = 0
    for path in house.root.rglob("record.sqlite"):
        with read_only(path) as record:
            left += record.held_of(SLEEPER)[0]
    return left


@dataclass(frozen=True, slots=True)
class Killed:
    """What a series of kills came to.

    Attributes:
        kills: how many met an erasure at work.
        lies: how often one that was killed was called done, or one that was done left something.
    """

    kills: int
    lies: int


def kill_and_go_on(house: House, probes: Probes, *, kills: int, seed: int) -> Killed:
    """Erases by the command line, killed at random moments again and again, then once to its end."""
    chance, met, lies = random.Random(seed), 0, 0  # noqa: S311 - when to kill
    took_s = _start_up_s()
    for _ in range(kills):
        child = _erasing(house)
        try:
            child.wait(took_s + chance.uniform(0.0, 1.0))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            met += 1
            lies += _is_called_done(house) and (rows_left(house) > 0 or probes.found(house) > 0)
        else:
            break
    child = _erasing(house)
    lies += child.wait() != 0
    lies += unfinished(house) is not None or rows_left(house) > 0 or probes.found(house) > 0
    return Killed(met, lies)


def _is_called_done(house: House) -> bool:
    return unfinished(house) is None and FolderVault(house.keys, may_make_keys=False).is_destroyed(SLEEPER)


def _erasing(house: House) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "dreamloom", "erase", SLEEPER, "--yes", "--house", str(house.root), "--json"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)  # noqa: S603 - our own command


def _start_up_s() -> float:
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-m", "dreamloom", "erase", "--help"], check=True, capture_output=True)
    return time.monotonic() - began_s
