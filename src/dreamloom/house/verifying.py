"""Does a night still stand? Puts rows, checkpoints and keys before the pure judge, and hashes the files beside them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dreamloom.adapters.keys import FolderVault, known_keys
from dreamloom.adapters.sqlite import SqliteReader, read_only
from dreamloom.house.house_copies import Contradiction, contradiction
from dreamloom.house.layout import NightFolder
from dreamloom.house.trial_verifying import trial_complaint
from dreamloom.house.witnessing import kept_at_beds
from dreamloom.ports import StoredCheckpoint
from dreamloom.record.erasures import beds_without
from dreamloom.record.events import AnyEvent, Erased, NightClosed, PolicyAdopted, SignalsStored
from dreamloom.record.stored import Copy
from dreamloom.record.verdict import Verdict
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import RecordError

SIGNALS = "signals"
KEPT = (".edf", ".arrivals")
"""The files of a night's signals: samples, and when each second was in hand."""


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What the files beside a record are worth: how many fit, the first that does not and why, how many were erased."""

    files: int
    first_bad: str | None = None
    why: str = ""
    erased: int = 0


def origin_of(folder: NightFolder) -> str:
    """The name a night's record bears in its checkpoints and keys: another night's record does not pass for it."""
    return folder.origin


def verify_night(folder: NightFolder, *, copies: Sequence[Copy] = ()) -> Verdict:
    """The verdict on a night's record: by itself, beside what its beds vouched for and what the house was told.

    `copies` are checkpoints kept elsewhere: printed ones, receipts, those that another house signed.

    Raises:
        RecordError: when there is none, or no key to judge it with.
    """
    refuse_without_record(folder)
    vault = FolderVault(folder.house.keys, may_make_keys=False)
    kept = [*copies, *(Copy(note, str(path)) for path, note in kept_at_beds(folder))]
    with read_only(folder.record) as record:
        checkpoints = record.checkpoints()
        verdict = _judge(folder, record, checkpoints, vault, copies=kept)
        if not verdict.ok and len(signed_since := record.checkpoints()) > len(checkpoints):
            verdict = _judge(folder, record, signed_since, vault, copies=kept)  # it ended while it was read
    lost = _contradicted(folder, vault) if verdict.ok and verdict.events else None
    return replace(verdict, ok=False, first_bad=lost.first_bad, why=lost.why) if lost else verdict


def _contradicted(folder: NightFolder, vault: FolderVault) -> Contradiction | None:
    """By what the house was told of this night, or by the schedule that was sealed for it."""
    if lost := contradiction(folder, vault):
        return lost
    with read_only(folder.record) as record:
        complaint = trial_complaint(folder, list(record.events()))
    return Contradiction(*complaint) if complaint else None


def _judge(
    folder: NightFolder,
    record: SqliteReader,
    checkpoints: Sequence[StoredCheckpoint],
    vault: FolderVault,
    *,
    copies: Sequence[Copy],
) -> Verdict:
    return verify(
        record.rows(),
        checkpoints,
        key_of=known_keys(vault),
        public_key=public_key(vault.signing_key()),
        origin=origin_of(folder),
        payload_of=record.payload,
        copies=copies,
    )


def verify_files(folder: NightFolder) -> FileVerdict:
    """The verdict on the signal files, by what the record says of them; for a record that verifies.

    Of a night that is not closed, the files of its last opening are not told yet.
    """
    with read_only(folder.record) as record:
        events = list(record.events())
    return judge_files(folder, events)


def judge_files(folder: NightFolder, events: Iterable[AnyEvent]) -> FileVerdict:
    """The verdict on the signal files by these events."""
    happened = list(events)
    told = {event.file: event.sha256 for event in happened if isinstance(event, SignalsStored)}
    is_closed = any(isinstance(event, NightClosed) for event in happened)
    gone = beds_without(happened, SIGNALS)
    if (kept := next((path for path in _kept(folder) if bed_of_file(path) in gone), None)) is not None:
        return FileVerdict(0, f"signals/{kept.name}", _not_finished(gone[bed_of_file(kept)]))
    erased = sum(1 for file in told if bed_of_file(Path(file)) in gone)
    told = {file: sha256 for file, sha256 in told.items() if bed_of_file(Path(file)) not in gone}
    for event in happened:
        if isinstance(event, PolicyAdopted) and (why := _misfit(folder.policy, event.policy_sha256)):
            return FileVerdict(0, folder.policy.name, why)
    for number, (file, sha256) in enumerate(sorted(told.items())):
        why = _misfit(folder.signals / file, sha256)
        if why:
            return FileVerdict(number, f"signals/{file}", why)
    for path in _kept(folder) if is_closed else ():
        if path.name not in told:
            return FileVerdict(len(told), f"signals/{path.name}", "the record of this closed night names no such file")
    return FileVerdict(len(told), erased=erased)


def bed_of_file(path: Path) -> str:
    """Whose signals these are: files are named POD.edf, POD.1.edf and so on, and no pod's id holds a dot."""
    return path.name.split(".")[0]


def _not_finished(word: Erased) -> str:
    do = f": dreamloom erase {word.sleeper}" if word.why == "asked" else ": dreamloom retention"
    return f"the record says that the signals of {word.sleeper} were erased, so that erasure is not finished{do}"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refuse_without_record(folder: NightFolder) -> None:
    """Returns when there is a record; raises RecordError when this night was never opened."""
    if not folder.record.exists():
        raise RecordError(
            "DL-E434",
            f"The night {folder.name!r} has no record yet.",
            why=f"There is no {folder.record}.",
            do=f"Run it first: dreamloom run {folder.root}",
        )


def _misfit(path: Path, sha256: str) -> str:
    """Why this file is not the one that was told; empty when it is."""
    try:
        found = sha256_of(path)
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return "" if found == sha256 else f"its SHA-256 is {found[:12]}…, the record says {sha256[:12]}…"


def _kept(folder: NightFolder) -> Iterator[Path]:
    if folder.signals.is_dir():
        yield from sorted(path for path in folder.signals.iterdir() if path.suffix in KEPT)
