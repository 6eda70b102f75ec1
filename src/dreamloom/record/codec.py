"""Which bytes is an event? One canonical JSON text each; what was stored once is read for ever."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, get_args

import msgspec

from dreamloom.record.events import AnyEvent, Sealed
from dreamloom.vocabulary.errors import RecordError

Fields = dict[str, Any]

UPCASTERS: dict[str, Callable[[Fields], Fields]] = {}
"""By an old tag ("StageScored"): how its fields, "type" included, become those of the next version."""

EVENT_TYPES: dict[str, type[AnyEvent]] = {type_.__name__: type_ for type_ in get_args(AnyEvent)}
"""Every event type by its tag."""

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


_SEALED_AS_NULL: dict[type[AnyEvent], dict[str, None]] = {
    type_: {
        field.name: None
        for field in msgspec.structs.fields(type_)
        if field.type is Sealed or Sealed in get_args(field.type)
    }
    for type_ in EVENT_TYPES.values()
}


class _Tagged(msgspec.Struct):
    type: str


def canonical(event: AnyEvent) -> bytes:
    """The bytes that are stored and hashed: UTF-8 JSON, keys sorted, no white space, every field present.

    `decode` gives an equal event back, and encoding that gives the same bytes.

    Raises:
        RecordError: for an event that would not come back as it is: NaN, infinity, a wrong type or hash.
    """
    return _ENCODER.encode(_read_back(event))


def decode(body: bytes) -> AnyEvent:
    """The event in these bytes, in its newest version.

    Raises:
        RecordError: when they are no event this version knows.
    """
    try:
        return _DECODER.decode(_upcast(body) if UPCASTERS else body)
    except (msgspec.MsgspecError, ValueError) as error:
        raise RecordError(
            "DL-E403",
            f"These {len(body)} bytes are no event: {error}.",
            why=f"They begin with {body[:60]!r}.",
            still="The events before and after them can still be read.",
            do="Run `dreamloom verify`; a record written by a newer Dreamloom needs that version.",
        ) from error


def comparable(event: AnyEvent) -> bytes:
    """The canonical bytes with null for every sealed value: what two honest runs under different keys share."""
    return _ENCODER.encode(msgspec.structs.replace(_read_back(event), **_SEALED_AS_NULL[type(event)]))


def leaf_hash(event_key: bytes, body: bytes) -> bytes:
    """An event's leaf in the tree: SHA-256(0x00 || HMAC-SHA256(event_key, body)).

    Keyed, because a bare hash of a stage or a tag can be guessed; without the key a leaf says nothing.
    """
    return hashlib.sha256(b"\x00" + hmac.digest(event_key, body, "sha256")).digest()


def sealed_fields(type_: type[AnyEvent]) -> tuple[str, ...]:
    """The names of an event type's fields that hold sealed payloads."""
    return tuple(_SEALED_AS_NULL[type_])


def sealed_values(event: AnyEvent) -> list[Sealed]:
    """The payloads that an event names."""
    return [value for name in sealed_fields(type(event)) if (value := getattr(event, name)) is not None]


def json_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of every event, for readers in other languages."""
    schema = msgspec.json.schema(AnyEvent)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Dreamloom event", **schema}


def _read_back(event: AnyEvent) -> AnyEvent:
    """The event as any reader will see it: 5 where a float belongs has become 5.0."""
    try:
        read_back = _DECODER.decode(_ENCODER.encode(event))
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
        raise _unwritable(event, str(error)) from error
    if read_back != event:
        raise _unwritable(event, _first_difference(event, read_back))
    return read_back


def _upcast(body: bytes) -> bytes:
    while (tag := msgspec.json.decode(body, type=_Tagged).type) in UPCASTERS:
        body = _ENCODER.encode(UPCASTERS[tag](msgspec.json.decode(body)))
    return body


def _first_difference(event: AnyEvent, read_back: AnyEvent) -> str:
    for name in event.__struct_fields__:
        if getattr(event, name) != getattr(read_back, name):
            return f"{name} is {getattr(event, name)!r} and would be read back as {getattr(read_back, name)!r}"
    return f"it would be read back as a {type(read_back).__name__}"


def _unwritable(event: AnyEvent, why: str) -> RecordError:
    return RecordError(
        "DL-E402",
        f"A {type(event).__name__} at {event.onset_s!r} s cannot enter the record.",
        why=f"{why[:1].upper()}{why[1:]}.",
        still="The record is as it was.",
        do="Numbers in events are finite and rounded, texts are short words, tuples are tuples: correct the decider.",
    )
