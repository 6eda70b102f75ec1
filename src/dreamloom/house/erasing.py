"""How is somebody forgotten? First it is written down, then key, rows, files and copies go; what breaks off goes on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from shutil import rmtree

import msgspec

from dreamloom.adapters.folders import sync_folder, write_durably
from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.one_writer import WriterLock
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.adapters.sqlite_erasing import blank, clear_rest
from dreamloom.engine.clocks import utc_now
from dreamloom.house import erasure_plan, left_behind
from dreamloom.house.anonymous_nights import take_back
from dreamloom.house.cutting import cut_beds, cut_grants
from dreamloom.house.erasure_plan import Intent, files_of, foreseen
from dreamloom.house.house_record import append_to_house, erase_in_house, first_host
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import left_in
from dreamloom.house.reporting import PAGE, write_report
from dreamloom.record.belonging import HOUSE
from dreamloom.record.events import Erased
from dreamloom.vocabulary.errors import RecordError, RefusedError

NIGHTS = "nights"
SPOILT = {"DL-E404", "DL-E410"}
"""The record of a night was changed by somebody, so nothing can be added to it; what is asked for goes all the same."""
Told = Callable[[int, int], None]
"""Told before each step how many are done, and of how many."""
Step = Callable[[], None]


def erase(house: House, sleeper: str, *, told: Told = lambda *_: None, keeps_anonymous: bool = False) -> Intent:
    """Takes everything of this sleeper out of this house; when it returns, nothing of it is left.

    Order: it is written down what goes; the key; the house's record; each night's record, then its files; the beds;
    exports; last the house key is changed. Killed anywhere, the next call goes on where this one was.

    Args:
        house: which one.
        sleeper: who asks.
        told: told how far it is.
        keeps_anonymous: what was just put aside without their name stays; else it goes, too.

    Returns:
        What went.

    Raises:
        ConfigError, RefusedError: before anything is touched.
        RecordError, OSError: when the disk refuses; it goes on when called again.
    """
    with _alone(house):
        intent = foreseen(house, sleeper).intent
        vault = FolderVault(house.keys)
        if intent.is_empty and vault.is_destroyed(sleeper):
            return intent
        names = erasure_plan.names_needed(vault, house)
        if not keeps_anonymous and vault.has(sleeper):
            take_back(house, sleeper, vault)
        write_durably(house.erasing, msgspec.json.encode(intent))
        vault.destroy(sleeper)
        steps = _steps(house, intent, vault, names)
        for number, step in enumerate(steps):
            told(number, len(steps))
            step()
        told(len(steps), len(steps))
        return intent


def _steps(house: House, intent: Intent, vault: FolderVault, names: Iterable[str]) -> list[Step]:
    """Each may be taken again: one that was taken finds nothing to do."""

    def of_night(root: str) -> Step:
        return lambda: _erase_night(NightFolder(house.root / root), root, intent, vault)

    return [
        lambda: _erase_in_house(house, intent.sleeper),
        *(of_night(root) for root in sorted(intent.nights)),
        lambda: _erase_copies(house, intent),
        lambda: vault.change_house_key(names),
        lambda: _finish(house, intent),
    ]


def _erase_in_house(house: House, sleeper: str) -> None:
    """First of all records: whatever a night's record lacks, the house must not still hold as told by it."""
    erase_in_house(house, sleeper)
    if house.record.is_file():
        clear_rest(house.record, [f'"{field}":"{sleeper}"'.encode() for field in ("sleeper", "name")])


def _erase_night(folder: NightFolder, root: str, intent: Intent, vault: FolderVault) -> None:
    """Rows and the word on them at once; then the files that this word covers."""
    asked = intent.nights[root]
    if folder.record.exists():
        word = Erased(onset_s=0.0, sleeper=intent.sleeper, why="asked", rows=0, payloads=0, files=asked.files)
        try:
            erase_rows(folder, word, vault)
        except RecordError as error:
            if error.code not in SPOILT:
                raise
            blank(folder.record, intent.sleeper)
        clear_rest(folder.record, [f'"pod":"{pod}"'.encode() for pod in asked.pods])
    left = left_in(folder, intent.sleeper)
    is_reported = left is not None and left.is_shared and (folder.report / PAGE).exists()
    remove(files_of([left] if left else []))
    cut_beds(folder.night_toml, intent.sleeper)
    cut_grants(folder.consent_toml, intent.sleeper)
    if is_reported and folder.record.exists():
        write_report(folder)


def erase_rows(folder: NightFolder, word: Erased, vault: FolderVault, *, takes_texts: bool = True) -> None:
    """Takes a sleeper's texts out of a night's record and logs it there in the same moment; once, whatever is repeated.

    Args:
        folder: of the night.
        word: what is to be logged; when, and how many rows, is found here.
        vault: the house's.
        takes_texts: False where only files go.
    """
    with read_only(folder.record) as record:
        rows, payloads = record.held_of(word.sleeper) if takes_texts else (0, 0)
        if not rows and not payloads and is_logged(record.events(), word):
            return
    ledger = open_ledger(folder.record, origin=folder.origin, vault=vault, subject_of=lambda _: HOUSE)
    with ledger:
        stamp = {"id": str(ledger.next_id(HOUSE)), "kind": "input", "tick": max(ledger.last_tick, 0)}
        at = {"onset_s": _night_time_s(folder), "rows": rows, "payloads": payloads}
        ledger.erase(word.sleeper if rows or payloads else "", msgspec.structs.replace(word, **stamp, **at))


def is_logged(events: Iterable[object], word: Erased) -> bool:
    """True where the same was logged before."""
    return any(isinstance(event, Erased) and (event.sleeper, event.why) == (word.sleeper, word.why) for event in events)


def _night_time_s(folder: NightFolder) -> float:
    try:
        opened = datetime.fromisoformat(first_host(folder).utc)
    except RecordError:
        return 0.0
    return round(max(0.0, (utc_now() - opened).total_seconds()), 6)


def _erase_copies(house: House, intent: Intent) -> None:
    pods = frozenset(pod for night in intent.nights.values() for pod in night.pods)
    root = house.root.resolve()
    remove([*left_behind.at_the_beds(house, intent.sleeper, pods), *(root / cue for cue in intent.cues)])
    remove(left_behind.drawings_of(house, intent.sleeper))
    for path in left_behind.exported(house, intent.sleeper):
        remove_export(path)


def _finish(house: House, intent: Intent) -> None:
    """Looks once more, says in the house's record how much went in all, and only then calls it done."""
    still = erasure_plan.left(house, intent.sleeper)
    paths = list(files_of(still))
    rows = sum(each.rows for each in still)
    if paths or rows:
        raise RecordError(
            "DL-E454",
            f"{len(paths)} files and {rows} texts of {intent.sleeper} are still there.",
            why=f"For example {paths[0]}." if paths else "A record took no erasure.",
            still="What is erased already stays so.",
            do=f"Go on with it: dreamloom erase {intent.sleeper}",
        )
    total = {NIGHTS: len(intent.nights), **intent.files}
    word = Erased(onset_s=0.0, sleeper=intent.sleeper, why="asked", rows=0, payloads=0, files=total)
    append_to_house(house, word)
    house.erasing.unlink()
    sync_folder(house.erasing.parent)


def remove(paths: Iterable[Path]) -> None:
    """Takes files away, and the folders that are empty then; on the disk when this returns."""
    folders = set()
    for path in paths:
        path.unlink(missing_ok=True)
        folders.add(path.parent)
    for folder in sorted(folders):
        with suppress(OSError):
            sync_folder(folder)
            folder.rmdir()


def remove_export(path: Path) -> None:
    """Takes away one file or folder of exports/, whatever is in it."""
    if path.is_dir() and not path.is_symlink():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _alone(house: House) -> Iterator[None]:
    """One erasure at a time."""
    house.erasing.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = WriterLock(house.erasing)
    except RefusedError as error:
        raise RefusedError(
            "DL-E553",
            "Another erasure of this house is at work.",
            why=f"{house.erasing}.lock is held.",
            still="It goes on.",
            do="Wait until it is done.",
        ) from error
    try:
        yield
    finally:
        lock.release()
