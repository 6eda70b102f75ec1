"""How does a house change the key that wraps all others? All anew beside the old ones, then one rename decides."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path

from dreamloom.adapters.folders import sync_folder
from dreamloom.adapters.key_files import (
    Named,
    epitaph,
    file_name,
    name_on,
    overwrite,
    shred,
    unwrap,
    wrap,
    write_once,
)
from dreamloom.seals.keys import KEY_BYTES
from dreamloom.vocabulary.errors import RecordError

HOUSE_KEY = "house.key"
SIGNING_KEY = "signing.key"
NEXT, READY, DONE = "next", "ready", "done"
"""Keys being made; keys that hold from now on, not all at their place yet; what is left over of that."""


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Nobody else makes, destroys or rewraps a key meanwhile."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)


def place_of(folder: Path) -> Path:
    """Where the keys that hold now lie: those of a rotation that was decided and broke off count."""
    ready = folder / READY
    return ready if ready.is_dir() else folder


def rotate(folder: Path, subjects: Iterable[str]) -> None:
    """Draws a new house key, wraps every key under it, and leaves nothing that the old one opens.

    Killed before the rename, nothing has changed; killed after it, `go_on` finishes. For use inside `changing`.

    Args:
        folder: of the keys.
        subjects: every name this house knows, for keys that were wrapped before names were kept with them.

    Raises:
        RecordError: when a key belongs to nobody who is known: it would be lost.
    """
    go_on(folder)
    house_key = (folder / HOUSE_KEY).read_bytes()
    names = tuple(subjects)
    if nameless := nameless_files(folder, names):
        raise _nameless(folder, len(nameless))
    fresh, drafts = os.urandom(KEY_BYTES), folder / NEXT
    drafts.mkdir(mode=0o700)
    write_once(drafts / HOUSE_KEY, fresh)
    for path in _key_files(folder):
        if (named := unwrap(house_key, path.read_bytes(), names)) is not None:
            write_once(drafts / f"{file_name(fresh, named.subject)}.key", wrap(fresh, named))
    for path in folder.glob("*.gone"):
        if (subject := name_on(house_key, path.read_bytes(), names)) is not None:
            write_once(drafts / f"{file_name(fresh, subject)}.gone", epitaph(fresh, subject))
    drafts.rename(folder / READY)
    sync_folder(folder)
    go_on(folder)


def go_on(folder: Path) -> None:
    """Finishes a rotation that was decided, clears away one that was not. For use inside `changing`."""
    for left in (NEXT, DONE):
        with suppress(FileNotFoundError):
            shutil.rmtree(folder / left)
    ready = folder / READY
    if not ready.is_dir():
        return
    new = sorted(path for path in ready.iterdir() if path.name != HOUSE_KEY)
    for path in new:
        with suppress(FileExistsError):
            (folder / path.name).hardlink_to(path)
    sync_folder(folder)
    overwrite(folder / HOUSE_KEY, (ready / HOUSE_KEY).read_bytes())
    names = {path.name for path in new}
    for path in (*_key_files(folder), *folder.glob("*.gone")):
        if path.name not in names:
            shred(path)
    ready.rename(folder / DONE)
    sync_folder(folder)
    shutil.rmtree(folder / DONE)


def nameless_files(folder: Path, subjects: Sequence[str]) -> list[Path]:
    """The keys and tombstones of which nobody can tell whose they are."""
    house_key = (folder / HOUSE_KEY).read_bytes()
    keys = (path for path in _key_files(folder) if unwrap(house_key, path.read_bytes(), subjects) is None)
    graves = (path for path in folder.glob("*.gone") if name_on(house_key, path.read_bytes(), subjects) is None)
    return [*keys, *graves]


def named_keys(folder: Path) -> list[Named]:
    """The keys that carry the name of their subject."""
    house_key = (folder / HOUSE_KEY).read_bytes()
    found = (unwrap(house_key, path.read_bytes()) for path in _key_files(folder))
    return [named for named in found if named is not None]


def _key_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.key") if path.name not in {HOUSE_KEY, SIGNING_KEY})


def _nameless(folder: Path, count: int) -> RecordError:
    return RecordError(
        "DL-E450",
        f"{count} keys in {folder} belong to nobody whom this house still knows, so the house key cannot be changed.",
        why="They were wrapped before names were kept with keys, and the nights of those sleepers are not here.",
        still="Every key stands as it stood.",
        do="Put those nights back into nights/, or remove their key files: what hangs on them is then erased too.",
    )
