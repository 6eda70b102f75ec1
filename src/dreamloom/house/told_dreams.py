"""Where does a dream go that its dreamer told? Sealed under their key beside the night, before there is a receipt."""

import base64
import re
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import sync_folder, write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.engine.clocks import utc_now
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import Sealed
from dreamloom.record.sealing import open_sealed, seal_for
from dreamloom.vocabulary.errors import DreamloomError, RefusedError, UsageError

FOLDER = "told"
MOST_CHARACTERS = 12_000
"""About two thousand words. Ours."""
ID = re.compile(r"[0-9a-f]{32}")
UTC = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]{5,15}Z")


class Receipt(msgspec.Struct, frozen=True):
    """That the house has it, and since when."""

    id: str
    received_utc: str


class Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of told/POD.ID.json; the dream itself is ciphertext."""

    id: str
    pod: str
    sleeper: str
    told_utc: str
    received_utc: str
    sealed: Sealed
    ciphertext: str


def keep(folder: NightFolder, *, pod: str, sleeper: str, report: str, text: str, told_utc: str) -> Receipt:
    """The receipt, once the dream is on the disk; told twice under one name, it is there once.

    Raises:
        UsageError: DL-E176 for what is no dream, or too long for one.
        RefusedError: DL-E583 when another dream has this name already.
        OSError: when the disk refuses.
    """
    _refuse_odd(report, text, told_utc)
    path = folder.root / FOLDER / f"{pod}.{report}.json"
    vault = FolderVault(folder.house.keys)
    if path.exists():
        found = msgspec.json.decode(path.read_bytes(), type=Told)
        if open_told(folder, found, vault) != text:
            raise RefusedError(
                "DL-E583",
                "Another dream was told under this name.",
                why="Each has a name of its own, made where it is told.",
                still="The one that was told first is kept as it was.",
                do="Tell it again.",
            )
        return Receipt(found.id, found.received_utc)
    sealed, ciphertext = seal_for(
        sleeper,
        text.encode(),
        subject_key=vault.subject_key(sleeper),
        origin=folder.origin,
        event_id=_name(pod, report),
    )
    told = Told(
        id=report,
        pod=pod,
        sleeper=sleeper,
        told_utc=told_utc,
        received_utc=utc_now().isoformat(timespec="seconds"),
        sealed=sealed,
        ciphertext=base64.b64encode(ciphertext).decode(),
    )
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_durably(path, msgspec.json.encode(told))
    sync_folder(folder.root)
    return Receipt(report, told.received_utc)


def told_at(folder: NightFolder, pod: str) -> list[Path]:
    """The dreams that were told at this bed, oldest first."""
    return sorted((folder.root / FOLDER).glob(f"{pod}.*.json"), key=lambda path: path.stat().st_mtime_ns)


def told_of(folder: NightFolder, sleeper: str) -> list[tuple[Told, str]]:
    """This sleeper's, oldest first, opened; without what cannot be any more, of which others will tell."""
    found = []
    for path in sorted((folder.root / FOLDER).glob("*.json"), key=lambda path: path.stat().st_mtime_ns):
        try:
            told, text = read(folder, path)
        except (DreamloomError, OSError, msgspec.DecodeError):
            continue
        if told.sleeper == sleeper:
            found.append((told, text))
    return found


def read(folder: NightFolder, path: Path, vault: FolderVault | None = None) -> tuple[Told, str]:
    """One of them, opened with the house's keys."""
    found = msgspec.json.decode(path.read_bytes(), type=Told)
    return found, open_told(folder, found, vault or FolderVault(folder.house.keys, may_make_keys=False))


def open_told(folder: NightFolder, told: Told, vault: FolderVault) -> str:
    """Its words; raises RecordError when the file was changed, or its dreamer was erased."""
    return open_sealed(
        told.sealed,
        base64.b64decode(told.ciphertext),
        subject_key=vault.subject_key(told.sleeper),
        origin=folder.origin,
        event_id=_name(told.pod, told.id),
    ).decode()


def _name(pod: str, report: str) -> str:
    return f"told.{pod}.{report}"


def _refuse_odd(report: str, text: str, told_utc: str) -> None:
    if ID.fullmatch(report) is None or UTC.fullmatch(told_utc) is None:
        raise UsageError("DL-E176", "That is no dream of a page.", why="Its name or its time is not of the kind.")
    if not text.strip() or len(text) > MOST_CHARACTERS:
        raise UsageError(
            "DL-E176",
            f"A dream has 1 to {MOST_CHARACTERS} characters, and this one {len(text)}.",
            do="Tell it in two parts.",
        )
