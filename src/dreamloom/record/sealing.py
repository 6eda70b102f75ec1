"""How does an event name a payload that lies encrypted beside it? Sealed values and the bytes they stand for."""

from dreamloom.record.events import Sealed
from dreamloom.seals import payload
from dreamloom.seals.keys import record_key
from dreamloom.vocabulary.errors import RecordError


def seal_for(subject: str, plaintext: bytes, *, subject_key: bytes, origin: str, event_id: str) -> tuple[Sealed, bytes]:
    """The value to put into the event, and the ciphertext to hand to the ledger with it.

    Args:
        subject: whose key opens it; destroying that key erases it.
        plaintext: what nobody may read before its time.
        subject_key: 32 bytes, from the vault.
        origin: that of the record, as in `open_ledger`.
        event_id: that of the event which will carry the value; one payload per event.
    """
    sealed = payload.seal(record_key(subject_key, origin), event_id, plaintext)
    return Sealed(subject=subject, ciphertext_sha256=sealed.sha256), sealed.ciphertext


def open_sealed(sealed: Sealed, ciphertext: bytes, *, subject_key: bytes, origin: str, event_id: str) -> bytes:
    """The payload that a sealed value stands for.

    Raises:
        RecordError: when the ciphertext is not the one the event named, or does not open.
    """
    found = payload.ciphertext_sha256(ciphertext)
    if found != sealed.ciphertext_sha256:
        raise RecordError(
            "DL-E409",
            f"The payload of event {event_id} is not the one the event named.",
            why=f"Its SHA-256 is {found}, the event says {sealed.ciphertext_sha256}.",
            still="Every other payload and the whole chain can still be read.",
            do="Run `dreamloom verify`, and take the record from a backup if it is damaged.",
        )
    return payload.unseal(record_key(subject_key, origin), event_id, ciphertext)
