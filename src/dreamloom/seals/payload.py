"""How does a payload lie beside the record so that only its subject's key opens it? AES-256-GCM, without entropy."""

import hashlib
import hmac
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dreamloom.seals.keys import payload_key
from dreamloom.vocabulary.errors import RecordError

NONCE_BYTES = 12
BLOCK_BYTES = 256
"""Payloads are padded to a multiple of this, so that a length never tells one arm from another."""


class SealedBytes(NamedTuple):
    """Nonce and ciphertext in one, and the hash of both that stands in the event."""

    ciphertext: bytes
    sha256: str


def seal(key: bytes, event_id: str, plaintext: bytes) -> SealedBytes:
    """Encrypts the one payload of one event; the same input always gives the same bytes.

    The key is derived per event. The nonce is a MAC of the plaintext rather than zero, so that a night that was
    deleted and run again under the same name, with other arms drawn, still never uses one nonce for two texts.

    Args:
        key: 32 bytes, from `keys.record_key`.
        event_id: bound in as associated data.
        plaintext: less than 2**31 - 256 bytes.
    """
    own_key, name, padded = payload_key(key, event_id), event_id.encode(), _padded(plaintext)
    nonce = hmac.digest(own_key, name + b"\0" + padded, "sha256")[:NONCE_BYTES]
    ciphertext = nonce + AESGCM(own_key).encrypt(nonce, padded, name)
    return SealedBytes(ciphertext, ciphertext_sha256(ciphertext))


def unseal(key: bytes, event_id: str, ciphertext: bytes) -> bytes:
    """The payload in the clear.

    Raises:
        RecordError: when key, event and ciphertext do not belong together.
    """
    nonce, rest = ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:]
    try:
        padded = AESGCM(payload_key(key, event_id)).decrypt(nonce, rest, event_id.encode())
    except (InvalidTag, ValueError) as error:
        raise RecordError(
            "DL-E409",
            f"The payload of event {event_id} does not open.",
            why=f"Its {len(ciphertext)} bytes were changed, or were sealed for another event, night or subject.",
            still="Every other payload and the whole chain can still be read.",
            do="Run `dreamloom verify`, and take the record from a backup if it is damaged.",
        ) from error
    return padded.rstrip(b"\0")[:-1]


def _padded(plaintext: bytes) -> bytes:
    """The text, one byte 0x80, and zeros up to a whole block (ISO/IEC 7816-4)."""
    return plaintext + b"\x80" + bytes(-(len(plaintext) + 1) % BLOCK_BYTES)


def ciphertext_sha256(ciphertext: bytes) -> str:
    """The hash by which an event names its payload, in lower-case hex."""
    return hashlib.sha256(ciphertext).hexdigest()
