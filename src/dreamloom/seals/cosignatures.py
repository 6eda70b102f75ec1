"""Who else saw this checkpoint, and when? A witness's own signature beneath it: c2sp.org/tlog-cosignature, Ed25519.

A witness signs only what continues what it signed before, so that two histories cannot both bear its name.
"""

import hashlib
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dreamloom.seals.notes import KEY_ID_BYTES, is_key_name, public_key, signatures_of

COSIGNED = b"\x04"
STAMP_BYTES, SIGNATURE_BYTES = 8, 64
MOST_SECONDS = 2**63 - 1


def witness_key_id(name: str, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name || 0x0A || 0x04 || public key)."""
    return hashlib.sha256(name.encode() + b"\n" + COSIGNED + public).digest()[:KEY_ID_BYTES]


def witness_key(name: str, public: bytes) -> str:
    """A witness's key as one line to hand to whoever checks: name+id+base64."""
    return f"{name}+{witness_key_id(name, public).hex()}+{b64encode(COSIGNED + public).decode()}"


def read_witness_key(line: str) -> tuple[str, bytes] | None:
    """Name and 32-byte public key of such a line; None when it is none."""
    name, _, rest = line.strip().partition("+")
    stated, _, blob = rest.partition("+")
    try:
        raw = b64decode(blob, validate=True)
    except ValueError:
        return None
    public = raw.removeprefix(COSIGNED)
    fits = is_key_name(name) and len(raw) == 33 and raw.startswith(COSIGNED) and len(public) == 32
    return (name, public) if fits and witness_key_id(name, public).hex() == stated else None


def cosign(note: str, *, name: str, seed: bytes, at_s: int) -> str:
    """The signed note with one more signature line beneath it.

    Args:
        note: a checkpoint as a signed note.
        name: of the witness.
        seed: its Ed25519 seed, 32 bytes.
        at_s: seconds since 1970, when it was seen.

    Raises:
        ValueError: for a name that no line can carry, a time that fits no such stamp, or a text without signatures.
    """
    if not is_key_name(name) or not 0 <= at_s <= MOST_SECONDS:
        raise ValueError(f"a witness needs a name without spaces and plus signs, and a time: {name!r}, {at_s}")
    text = note.rpartition("\n\n")[0] + "\n"
    if signatures_of(note) is None:
        raise ValueError("only a signed note is witnessed")
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_message(text, at_s))
    blob = witness_key_id(name, public_key(seed)) + at_s.to_bytes(STAMP_BYTES, "big") + signature
    return f"{note}— {name} {b64encode(blob).decode()}\n"


def seen_at_s(note: str, *, name: str, public: bytes) -> int | None:
    """When this witness saw the checkpoint, in seconds since 1970; None where it did not sign it, or not this text."""
    found = signatures_of(note)
    text = note.rpartition("\n\n")[0] + "\n"
    stamps = []
    for signer, key_id, blob in found or []:
        if (signer, key_id) != (name, witness_key_id(name, public)):
            continue
        at_s = int.from_bytes(blob[:STAMP_BYTES], "big")
        if len(blob) != STAMP_BYTES + SIGNATURE_BYTES or not _is_signed(text, at_s, blob[STAMP_BYTES:], public):
            return None
        stamps.append(at_s)
    return min(stamps, default=None)


def _message(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def _is_signed(text: str, at_s: int, signature: bytes, public: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _message(text, at_s))
    except InvalidSignature:
        return False
    return True
