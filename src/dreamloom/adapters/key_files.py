"""How does one key lie in one file? Wrapped with the name it belongs to, written once, overwritten when it goes."""

import hmac
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import get_ident
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dreamloom.adapters.folders import sync_folder
from dreamloom.seals.keys import KEY_BYTES

NONCE_BYTES = 12
TAG_BYTES = 16
NAMELESS_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
"""A wrapped key from before names were kept with keys: it opens only for whoever knows whose it is."""
EPITAPH_BYTES = 32
_KEY, _GRAVE = b"dreamloom named key", b"dreamloom named grave"


class Named(NamedTuple):
    """A key and whose it is."""

    subject: str
    key: bytes


def file_name(house_key: bytes, subject: str) -> str:
    """The stem of a subject's files: tells nothing to whoever lacks the house key."""
    return hmac.digest(house_key, b"file name\0" + subject.encode(), "sha256").hex()[:32]


def wrap(house_key: bytes, named: Named) -> bytes:
    """The key with its subject's name, AES-256-GCM under the house key."""
    return _sealed(house_key, named.key + named.subject.encode(), _KEY)


def unwrap(house_key: bytes, stored: bytes, asked: Iterable[str] = ()) -> Named | None:
    """The key in these bytes; None where it does not open. A nameless one opens for its name among those asked."""
    if len(stored) == NAMELESS_BYTES:
        found = ((subject, _opened(house_key, stored, subject.encode())) for subject in asked)
        return next((Named(subject, key) for subject, key in found if key is not None), None)
    plain = _opened(house_key, stored, _KEY)
    return None if plain is None else Named(plain[KEY_BYTES:].decode(), plain[:KEY_BYTES])


def epitaph(house_key: bytes, subject: str) -> bytes:
    """What a tombstone says: only this house can have written it, and only this house reads whose it is."""
    return _mac(house_key, subject) + _sealed(house_key, subject.encode(), _GRAVE)


def is_epitaph(house_key: bytes, subject: str, stored: bytes) -> bool:
    """True where this house wrote it for this subject."""
    return hmac.compare_digest(stored[:EPITAPH_BYTES], _mac(house_key, subject))


def name_on(house_key: bytes, stored: bytes, asked: Iterable[str] = ()) -> str | None:
    """Whose tombstone it is; None where nobody can tell. One without a name is told by the names asked."""
    if len(stored) == EPITAPH_BYTES:
        return next((subject for subject in asked if is_epitaph(house_key, subject, stored)), None)
    name = _opened(house_key, stored[EPITAPH_BYTES:], _GRAVE)
    return None if name is None else name.decode()


def write_once(path: Path, data: bytes) -> None:
    """A whole, durable file or none; whoever comes second leaves the first one's as it is."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        try:
            os.write(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def overwrite(path: Path, data: bytes) -> None:
    """Puts these bytes where the file's own lay, and has them on the disk; raises FileNotFoundError without one."""
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def shred(path: Path) -> None:
    """Overwrites, unlinks, syncs; a copying file system may still hold old blocks, so the disk is encrypted too."""
    try:
        overwrite(path, os.urandom(path.stat().st_size))
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def _mac(house_key: bytes, subject: str) -> bytes:
    return hmac.digest(house_key, b"destroyed\0" + subject.encode(), "sha256")


def _sealed(house_key: bytes, plain: bytes, what: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(house_key).encrypt(nonce, plain, what)


def _opened(house_key: bytes, stored: bytes, what: bytes) -> bytes | None:
    try:
        return AESGCM(house_key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], what)
    except (InvalidTag, ValueError):
        return None
