"""How is a schedule bound before the night and opened after it? A SHA-256 over the design and a 256-bit nonce."""

import hashlib
import hmac
from typing import NamedTuple

import msgspec

from dreamloom.record.events import TrialDesign
from dreamloom.trial.drawing import NONCE_BYTES


class Secret(NamedTuple):
    """What lies sealed beside the record until the reports are locked."""

    design: TrialDesign
    nonce: bytes


def commitment(secret: Secret) -> str:
    """SHA-256, hexadecimal, of the bytes of `as_bytes`: it fixes the design and every draw, and tells none."""
    return hashlib.sha256(as_bytes(secret)).hexdigest()


def fits(secret: Secret, commitment_sha256: str) -> bool:
    """True when this is what was committed to."""
    return hmac.compare_digest(commitment(secret), commitment_sha256)


def as_bytes(secret: Secret) -> bytes:
    """UTF-8 JSON with sorted keys and no white space: {"design": {…}, "nonce": "64 hexadecimal digits"}."""
    plain = {"design": msgspec.to_builtins(secret.design), "nonce": secret.nonce.hex()}
    return msgspec.json.encode(plain, order="sorted")


def from_bytes(plain: bytes) -> Secret:
    """The secret in these bytes; raises ValueError when they are none."""
    kept = msgspec.json.decode(plain, type=_Kept)
    nonce = bytes.fromhex(kept.nonce)
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce of {len(nonce)} bytes, not {NONCE_BYTES}")
    return Secret(kept.design, nonce)


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    design: TrialDesign
    nonce: str
