"""Where do the keys lie? In the house's keys folder: one file per subject, wrapped, with a name that tells nobody."""

import hmac
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dreamloom.adapters.folders import sync_folder
from dreamloom.ports import Vault
from dreamloom.seals.keys import DESTROYED, KEY_BYTES, Destroyed
from dreamloom.vocabulary.errors import RecordError, RefusedError

HOUSE_KEY = "house.key"
SIGNING_KEY = "signing.key"
NONCE_BYTES = 12
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16


class FolderVault(Vault):
    """Keys in a folder of mode 0700, in files of mode 0600. Entropy enters the product here.

    house.key wraps every subject's key (AES-256-GCM, the subject as associated data); signing.key is the Ed25519
    seed. A subject's file is named by an HMAC under the house key. A destroyed key leaves a tombstone that holds
    another, so that it is never silently made again and nobody without the house key can feign an erasure.
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
        self._house_key = self._own(HOUSE_KEY)
        self._signing_key = self._own(SIGNING_KEY)
        self._known: dict[str, tuple[bytes, Path]] = {}
        for tombstone in path.glob("*.gone") if may_make_keys else ():
            _shred(tombstone.with_suffix(".key"))

    def subject_key(self, subject: str) -> bytes:
        """32 bytes, made at first use.

        Raises:
            RecordError: after destroy(), or when the file is damaged.
        """
        key, tombstone = self._known.get(subject) or (b"", self._tombstone(subject))
        if tombstone.exists():
            self._known.pop(subject, None)
            raise _destroyed(subject)
        if not key:
            key = self._read_or_make(subject)
            self._known[subject] = (key, tombstone)
        return key

    def has(self, subject: str) -> bool:
        """True while the subject has a key; asking makes none."""
        return self._file(subject).exists() and not self._tombstone(subject).exists()

    def is_destroyed(self, subject: str) -> bool:
        """True where this house's own tombstone stands: the one thing that makes a missing key an erasure.

        An empty file of that name is none: it says nothing that somebody without the house key could not say.
        """
        try:
            return hmac.compare_digest(self._tombstone(subject).read_bytes(), self._epitaph(subject))
        except OSError:
            return False

    def destroy(self, subject: str) -> None:
        """Ends everything that hangs on this subject's key, for ever; a second call changes nothing."""
        self._known.pop(subject, None)
        _write_once(self._tombstone(subject), self._epitaph(subject))
        _shred(self._file(subject))

    def signing_key(self) -> bytes:
        """The house's Ed25519 seed, 32 bytes."""
        return self._signing_key

    def _own(self, name: str) -> bytes:
        path = self._folder / name
        if not path.exists():
            if not self._may_make_keys:
                raise _missing(path)
            _write_once(path, os.urandom(KEY_BYTES))
        _refuse_open_to_others(path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise _damaged(path, f"It holds {len(key)} bytes, not {KEY_BYTES}.")
        return key

    def _read_or_make(self, subject: str) -> bytes:
        path = self._file(subject)
        if not path.exists():
            if not self._may_make_keys:
                raise _missing(path)
            nonce = os.urandom(NONCE_BYTES)
            wrapped = AESGCM(self._house_key).encrypt(nonce, os.urandom(KEY_BYTES), subject.encode())
            _write_once(path, nonce + wrapped)
        stored = path.read_bytes()
        try:
            return AESGCM(self._house_key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], subject.encode())
        except (InvalidTag, ValueError) as error:
            raise _damaged(path, "It does not open under this house's key.") from error

    def _file(self, subject: str) -> Path:
        name = hmac.digest(self._house_key, b"file name\0" + subject.encode(), "sha256").hex()[:32]
        return self._folder / f"{name}.key"

    def _tombstone(self, subject: str) -> Path:
        return self._file(subject).with_suffix(".gone")

    def _epitaph(self, subject: str) -> bytes:
        return hmac.digest(self._house_key, b"destroyed\0" + subject.encode(), "sha256")


def known_keys(vault: Vault) -> Callable[[str], bytes | Destroyed | None]:
    """What verification asks: a subject's key, that it was destroyed, or None; never makes one."""

    def known(subject: str) -> bytes | Destroyed | None:
        if vault.is_destroyed(subject):
            return DESTROYED
        return vault.subject_key(subject) if vault.has(subject) else None

    return known


def _write_once(path: Path, data: bytes) -> None:
    """A whole, durable file or none; whoever comes second leaves the first one's as it is."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
    sync_folder(path.parent)


def _shred(path: Path) -> None:
    """Overwrites, unlinks, syncs; a copying file system may still hold old blocks, so the disk is encrypted too."""
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(handle, os.urandom(WRAPPED_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


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
