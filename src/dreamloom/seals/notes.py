"""Who vouches for how much of the record? Checkpoints as signed notes.

Formats: c2sp.org/signed-note and c2sp.org/tlog-checkpoint.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_ID_BYTES = 4
MOST_SIGNATURES = 64
"""Verifiers must accept 16 and should set a limit; this one is ours."""


class Checkpoint(NamedTuple):
    """What a checkpoint says: whose log, how many leaves, which root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Origin, decimal size and base64 root, a line each."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint | None":
        """Reads `text`; None unless it is exactly what such a checkpoint would write, extension lines aside."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not (lines[1].isascii() and lines[1].isdigit()):
            return None
        try:
            found = cls(lines[0], int(lines[1]), b64decode(lines[2], validate=True))
        except (ValueError, Base64Error):
            return None
        return found if text.startswith(found.text) and len(found.root) == 32 else None


def public_key(seed: bytes) -> bytes:
    """The 32-byte Ed25519 public key of a 32-byte seed (RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_id(name: str, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name || 0x0A || 0x01 || public key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_BYTES]


def verifier_key(name: str, public: bytes) -> str:
    """The key as one line to hand to whoever checks: name+id+base64."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def sign_note(text: str, *, name: str, seed: bytes) -> str:
    """The text under one Ed25519 signature.

    Raises:
        ValueError: when the text does not end in a newline or holds control characters, or the name holds a space
            or plus sign.
    """
    if not text.endswith("\n") or _has_control(text):
        raise ValueError(f"a note ends in a newline and holds no control characters: {text!r}")
    if not is_key_name(name):
        raise ValueError(f"a key name is not empty and holds no space and no plus sign: {name!r}")
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(text.encode())
    blob = b64encode(key_id(name, public_key(seed)) + signature).decode()
    return f"{text}\n— {name} {blob}\n"


def open_note(note: str, *, name: str, public: bytes) -> str | None:
    """The signed text, or None: malformed, unsigned by this key, or a signature by it that does not fit.

    Signatures of other keys (witnesses) are passed over, as the specification asks.
    """
    text = note.rpartition("\n\n")[0] + "\n"
    ours = [found for found in signatures_of(note) or [] if found[:2] == (name, key_id(name, public))]
    if not ours:
        return None
    return text if all(_is_signed(text, blob, public) for _, _, blob in ours) else None


def signatures_of(note: str) -> list[tuple[str, bytes, bytes]] | None:
    """Name, key id and signature of each line beneath a note's text; None where it is no signed note."""
    _, gap, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or lines.pop() or not 0 < len(lines) <= MOST_SIGNATURES or _has_control(note):
        return None
    found = [_signature(line) for line in lines]
    return None if None in found else [each for each in found if each is not None]


def is_key_name(name: str) -> bool:
    """True for a name that a signature line can carry."""
    return bool(name) and "+" not in name and name.isprintable() and not any(sign.isspace() for sign in name)


def _signature(line: str) -> tuple[str, bytes, bytes] | None:
    match line.split(" "):
        case ["—", name, blob] if is_key_name(name):
            try:
                raw = b64decode(blob, validate=True)
            except (ValueError, Base64Error):
                return None
            is_exact = len(raw) > KEY_ID_BYTES and b64encode(raw).decode() == blob
            return (name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:]) if is_exact else None
    return None


def _is_signed(text: str, signature: bytes, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _has_control(text: str) -> bool:
    return any(sign < " " and sign != "\n" for sign in text)
