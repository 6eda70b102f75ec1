"""What does every event carry, and how does it name what is sealed beside it?"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Kind = Literal["input", "derived"]
Sha256Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Event(
    Struct, frozen=True, kw_only=True, tag_field="type", tag=str, forbid_unknown_fields=True, repr_omit_defaults=True
):
    """The envelope every event carries.

    Deciders leave `id`, `kind`, `tick` and `cause` alone; the loop stamps them when the event enters the record.

    Attributes:
        id: origin.boot.n, for example "p1.0.17"; "" until stamped.
        kind: input (came from outside, is fed again in a replay) or derived (is computed again and compared).
        tick: the 1-s tick of night time in which the event was settled; the record is ordered by tick, pod, index.
        onset_s: when it happened, in seconds since the night opened.
        pod: the bedside it belongs to; None for the house.
        cause: id of the event that led to it.
    """

    id: str = ""
    kind: Kind = "derived"
    tick: int = -1
    onset_s: float
    pod: str | None = None
    cause: str | None = None


class Sealed(Struct, frozen=True, forbid_unknown_fields=True):
    """Stands in an event for a payload that lies encrypted beside the chain: subject and SHA-256 of the ciphertext."""

    subject: str
    ciphertext_sha256: Sha256Hex
