"""Which key belongs to which record, event and payload? One key per subject, everything else derived (RFC 5869)."""

from enum import Enum

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

KEY_BYTES = 32


class Destroyed(Enum):
    """Stands where a key would: the house destroyed it on purpose, and a tombstone tells so."""

    DESTROYED = "destroyed"


DESTROYED = Destroyed.DESTROYED


def record_key(subject_key: bytes, origin: str) -> bytes:
    """A subject's key in one record: HKDF-SHA256 over the record's origin.

    Event ids repeat from night to night; with the origin inside, no two nights ever share a key.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=_info("record", origin)).derive(subject_key)


def event_key(key: bytes, event_id: str) -> bytes:
    """The key under which one event's leaf is hashed; key is that of `record_key`."""
    return HKDFExpand(SHA256(), KEY_BYTES, _info("leaf", event_id)).derive(key)


def payload_key(key: bytes, event_id: str) -> bytes:
    """The key under which one event's payload is sealed; key is that of `record_key`."""
    return HKDFExpand(SHA256(), KEY_BYTES, _info("payload", event_id)).derive(key)


def _info(purpose: str, name: str) -> bytes:
    return f"dreamloom {purpose} v1\0{name}".encode()
