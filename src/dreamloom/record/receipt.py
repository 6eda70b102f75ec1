"""What does a sleeper hold in hand of what they said? A signed receipt that proves its event stood in the record.

Its shape follows ISO/IEC TS 27560:2023: JSON-LD with terms of the Data Privacy Vocabulary (w3id.org/dpv), named by IRI.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dreamloom.record.codec import leaf_hash
from dreamloom.record.merkle import verify_inclusion
from dreamloom.seals.notes import Checkpoint, open_note, public_key, verifier_key

DPV = "https://w3id.org/dpv#"
CONTEXT = {
    "dpv": DPV,
    "dct": "http://purl.org/dc/terms/",
    "sleeper": f"{DPV}hasDataSubject",
    "change": f"{DPV}hasConsentStatus",
    "notice": f"{DPV}hasNotice",
    "purposes": f"{DPV}hasPurpose",
    "expires": f"{DPV}hasDuration",
    "withdrawal": f"{DPV}hasWithdrawalMethod",
    "at": "dct:date",
}
STATUS = {"given": f"{DPV}ConsentGiven", "withdrawn": f"{DPV}ConsentWithdrawn"}
KEY_NAME = "dreamloom/house"
SIGNED = "proof"


class Standing(NamedTuple):
    """Where an event stands in the record: its text, the key of its own leaf, its place and the way to the root."""

    body: bytes
    key: bytes
    place: int
    path: Sequence[bytes]
    checkpoint: str


class Judged(NamedTuple):
    """What a receipt is worth: fit or why not; whose it is, and the checkpoint and key by which it was judged."""

    why: str
    content: Mapping[str, Any]
    key: str
    checkpoint: Checkpoint | None

    @property
    def ok(self) -> bool:
        return not self.why


def content_bytes(content: Mapping[str, Any]) -> bytes:
    """What is said, in the one way in which it is hashed into the event."""
    return msgspec.json.encode(content, order="sorted")


def issue(content: Mapping[str, Any], standing: Standing, *, seed: bytes) -> bytes:
    """The receipt's file, signed by the house; the same input always gives the same bytes."""
    said = {
        "@context": CONTEXT,
        "@type": f"{DPV}ConsentRecord",
        "sleeper": content["sleeper"],
        "said": content,
        "record": {
            "event": standing.body.decode(),
            "leafKey": standing.key.hex(),
            "index": standing.place,
            "path": [each.hex() for each in standing.path],
            "checkpoint": standing.checkpoint,
        },
        "key": verifier_key(KEY_NAME, public_key(seed)),
    }
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_signed_bytes(said))
    return _written({**said, SIGNED: b64encode(signature).decode()})


def judge(data: bytes, *, origin: str, trusted: bytes | None = None) -> Judged:
    """Whether a receipt is whole: every byte as written, signed, and its event in the record that it names.

    Args:
        data: the file.
        origin: of the house's record.
        trusted: the 32-byte key it must be signed by; without one, the key it brings along is taken and told.
    """
    try:
        said = msgspec.json.decode(data, type=dict[str, Any])
        return _judged(data, said, origin, trusted)
    except (msgspec.DecodeError, LookupError, TypeError, ValueError, AttributeError, Base64Error):
        return Judged("it is no receipt of this kind", {}, "", None)


def _judged(data: bytes, said: dict[str, Any], origin: str, trusted: bytes | None) -> Judged:
    public = b64decode(said["key"].split("+", 2)[2], validate=True)[1:]
    content, record = said["said"], said["record"]
    checkpoint = Checkpoint.parse(open_note(record["checkpoint"], name=_signer(record), public=public) or "")
    why = (
        _spoilt(data, said, public, trusted)
        or _other_words(content, record["event"].encode(), said["sleeper"])
        or _not_in(record, checkpoint, origin)
    )
    return Judged(why, content, said["key"], checkpoint)


def _spoilt(data: bytes, said: dict[str, Any], public: bytes, trusted: bytes | None) -> str:
    if data != _written(said):
        return "its bytes are not as it was written"
    if trusted is not None and public != trusted:
        return "it was signed by another house"
    signed = {name: value for name, value in said.items() if name != SIGNED}
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(b64decode(said[SIGNED], validate=True), _signed_bytes(signed))
    except InvalidSignature:
        return "its signature does not fit what it says"
    return "" if said["key"] == verifier_key(KEY_NAME, public) else "its key is not written as keys are"


def _other_words(content: Mapping[str, Any], body: bytes, sleeper: str) -> str:
    event = msgspec.json.decode(body, type=dict[str, Any])
    fits = event["content_sha256"] == content_sha256(content) and event["sleeper"] == sleeper == content["sleeper"]
    return "" if fits else "the event that it names is about something else"


def _not_in(record: Mapping[str, Any], checkpoint: Checkpoint | None, origin: str) -> str:
    if checkpoint is None or checkpoint.origin != origin:
        return "its checkpoint is not signed by the same house"
    leaf = leaf_hash(bytes.fromhex(record["leafKey"]), record["event"].encode())
    path = [bytes.fromhex(each) for each in record["path"]]
    fits = verify_inclusion(leaf, path, checkpoint.root, index=record["index"], size=checkpoint.size)
    return "" if fits else "its event is not in the record that its checkpoint signs"


def content_sha256(content: Mapping[str, Any]) -> str:
    """By which an event names what a receipt says."""
    return hashlib.sha256(content_bytes(content)).hexdigest()


def _signer(record: Mapping[str, Any]) -> str:
    return str(record["checkpoint"].split("\n", 1)[0])


def _signed_bytes(said: Mapping[str, Any]) -> bytes:
    return b"dreamloom receipt v1\0" + msgspec.json.encode(said, order="sorted")


def _written(said: Mapping[str, Any]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(said, order="sorted"), indent=2) + b"\n"
