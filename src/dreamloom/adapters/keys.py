"""Where do the keys lie? In the house's keys folder: one file per subject, wrapped, with a name that tells nobody."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from dreamloom.adapters.key_files import Named, epitaph, file_name, is_epitaph, shred, unwrap, wrap, write_once
from dreamloom.adapters.key_rotation import (
    HOUSE_KEY,
    READY,
    SIGNING_KEY,
    changing,
    go_on,
    nameless_files,
    place_of,
    rotate,
)
from dreamloom.ports import Vault
from dreamloom.record.belonging import HOUSE
from dreamloom.seals.keys import DESTROYED, KEY_BYTES, Destroyed
from dreamloom.vocabulary.errors import RecordError, RefusedError

GLANCES = 3
"""How often a key that is at another place now is looked for. Ours."""
__all__ = ["HOUSE_KEY", "SIGNING_KEY", "FolderVault", "known_keys"]


class FolderVault(Vault):
    """Keys in a folder of mode 0700, in files of mode 0600. Entropy enters the product here.

    house.key wraps every subject's key and name (AES-256-GCM); signing.key is the Ed25519 seed. A subject's file is
    named by an HMAC under the house key. A destroyed key leaves a tombstone that holds another, so that it is never
    silently made again and nobody without the house key can feign an erasure. The house key can be changed while
    others hold this folder open: whoever asks next asks under the new one.
    """

    def __init__(self, path: Path, *, may_make_keys: bool = True) -> None:
        """Opens the folder, or makes it with fresh keys.

        Args:
            path: the folder.
            may_make_keys: False for whoever only judges: what is missing is an error then, and not a byte is written.

        Raises:
            RefusedError: when others on this machine may read it.
            RecordError: when a key file is damaged, or missing and not to be made.
        """
        self._folder = path
        self._may_make_keys = may_make_keys
        if may_make_keys:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not path.is_dir():
            raise _missing(path)
        _refuse_open_to_others(path)
        if may_make_keys and (path / READY).is_dir():
            with changing(path):
                go_on(path)
        self._known: dict[str, tuple[bytes, Path]] = {}
        self._stamp = (0, 0)
        if place_of(path) == path:
            self._own(HOUSE_KEY)
        self._renew()
        self._signing_key = self._own(SIGNING_KEY)
        for tombstone in path.glob("*.gone") if may_make_keys else ():
            shred(tombstone.with_suffix(".key"))

    def subject_key(self, subject: str) -> bytes:
        """32 bytes, made at first use.

        Raises:
            RecordError: after destroy(), or when the file is damaged.
        """
        self._renew()
        key, tombstone = self._known.get(subject) or (b"", self._tombstone(subject))
        if tombstone.exists():
            self._known.pop(subject, None)
            raise _destroyed(subject)
        if not key:
            key = self._read_or_make(subject)
            self._known[subject] = (key, self._tombstone(subject))
        return key

    def has(self, subject: str) -> bool:
        """True while the subject has a key; asking makes none."""
        self._renew()
        return self._file(subject).exists() and not self._tombstone(subject).exists()

    def is_destroyed(self, subject: str) -> bool:
        """True where this house's own tombstone stands: the one thing that makes a missing key an erasure.

        An empty file of that name is none: it says nothing that somebody without the house key could not say.
        """
        self._renew()
        try:
            return is_epitaph(self._house_key, subject, self._tombstone(subject).read_bytes())
        except OSError:
            return False

    def destroy(self, subject: str) -> None:
        """Ends everything that hangs on this subject's key, for ever; a second call changes nothing.

        Raises:
            RecordError: DL-E821 for the house itself: with its key no record of the house could be checked any more.
        """
        if subject == HOUSE:
            raise RecordError(
                "DL-E821",
                "The house's own key is never destroyed.",
                why="What belongs to no sleeper hangs on it: without it no record of this house verifies.",
                still="Nothing was changed.",
                do="Name a sleeper by the pseudonym of night.toml.",
            )
        with changing(self._folder):
            self._renew()
            self._known.pop(subject, None)
            write_once(self._tombstone(subject), epitaph(self._house_key, subject))
            shred(self._file(subject))

    def nameless(self, subjects: Iterable[str]) -> int:
        """How many keys are of nobody among these and carry no name: with any of them the house key cannot change."""
        return len(nameless_files(self._folder, tuple(subjects)))

    def change_house_key(self, subjects: Iterable[str]) -> None:
        """Draws a new house key and rewraps all others: what was copied of them before opens no more.

        Args:
            subjects: every name this house knows.

        Raises:
            RecordError: when a key is nameless; nothing has changed then.
        """
        with changing(self._folder):
            rotate(self._folder, subjects)
        self._renew()

    def signing_key(self) -> bytes:
        """The house's Ed25519 seed, 32 bytes."""
        return self._signing_key

    def _renew(self) -> None:
        """Reads the house key where it is another than before; it may be changed while this looks."""
        for _ in range(GLANCES):
            self._place = place_of(self._folder)
            with suppress(FileNotFoundError):
                found = (self._place / HOUSE_KEY).stat()
                if (stamp := (found.st_mtime_ns, found.st_ino)) != self._stamp:
                    self._house_key, self._stamp = self._own(HOUSE_KEY, at=self._place), stamp
                    self._known.clear()
                return
        raise _missing(self._place / HOUSE_KEY)

    def _own(self, name: str, *, at: Path | None = None) -> bytes:
        path = (at or self._folder) / name
        if at is None and not path.exists():
            if not self._may_make_keys:
                raise _missing(path)
            write_once(path, os.urandom(KEY_BYTES))
        _refuse_open_to_others(path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise _damaged(path, f"It holds {len(key)} bytes, not {KEY_BYTES}.")
        return key

    def _read_or_make(self, subject: str) -> bytes:
        if not self._file(subject).exists():
            self._make(subject)
        path = self._file(subject)
        named = unwrap(self._house_key, path.read_bytes(), (subject,))
        if named is None or named.subject != subject:
            raise _damaged(path, "It does not open under this house's key.")
        return named.key

    def _make(self, subject: str) -> None:
        if not self._may_make_keys:
            raise _missing(self._file(subject))
        with changing(self._folder):
            self._renew()
            if self._tombstone(subject).exists():
                raise _destroyed(subject)
            write_once(self._file(subject), wrap(self._house_key, Named(subject, os.urandom(KEY_BYTES))))

    def _file(self, subject: str) -> Path:
        return self._place / f"{file_name(self._house_key, subject)}.key"

    def _tombstone(self, subject: str) -> Path:
        return self._file(subject).with_suffix(".gone")


def known_keys(vault: Vault) -> Callable[[str], bytes | Destroyed | None]:
    """What verification asks: a subject's key, that it was destroyed, or None; never makes one."""

    def known(subject: str) -> bytes | Destroyed | None:
        if vault.is_destroyed(subject):
            return DESTROYED
        return vault.subject_key(subject) if vault.has(subject) else None

    return known


def _refuse_open_to_others(path: Path) -> None:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        wanted = 0o700 if path.is_dir() else 0o600
        raise RefusedError(
            "DL-E503",
            f"The keys in {path} can be read by others on this machine.",
            why=f"Its mode is {mode:04o}; only the house may read it ({wanted:04o}).",
            still="Nothing was read or written.",
            do=f"Run `chmod {wanted:04o} {path}`, and make new keys if anyone may have copied them.",
        )


def _destroyed(subject: str) -> RecordError:
    return RecordError(
        "DL-E406",
        f"The key of {subject} was destroyed.",
        why="What this subject left was erased on request, and a tombstone keeps the key from being made again.",
        still="The record of everyone else reads and verifies as before.",
        do="Give a person who takes part again a new pseudonym.",
    )


def _missing(path: Path) -> RecordError:
    return RecordError(
        "DL-E435",
        f"The keys of this house are not at {path}.",
        why="Leaves are keyed, so nobody can judge a record without them, and new keys would not fit it.",
        still="Nothing was written.",
        do="Keep the night inside its house, or put the house's keys folder back from its backup.",
    )


def _damaged(path: Path, why: str) -> RecordError:
    return RecordError(
        "DL-E407",
        f"The key file {path} is damaged.",
        why=why,
        still="Records can be read; their leaves and payloads under this key cannot be checked or opened.",
        do="Put the keys folder back from its own backup.",
    )
