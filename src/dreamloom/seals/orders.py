"""What may a bed take for a word of its house? Signed orders: for one bed, one night, one moment, once."""

from typing import Literal, NamedTuple, get_args

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOMAIN = b"dreamloom order v1\n"
"""Before every signed text, so that no signature of this key over anything else is one over an order."""
Kind = Literal["lease", "command"]
LONGEST_US: dict[Kind, int] = {"lease": 30_000_000, "command": 2_000_000}
"""No order is good for longer, whatever it says: what the house has to say to a bed, and one cue at once."""
MOST_BYTES = 1_048_576
"""No order is longer: whoever floods a bed makes it check no more than this. Ours."""

Why = Literal[
    "UNSIGNED", "FORGED", "REPLAYED", "STALE", "WRONG_POD", "WRONG_NIGHT", "OLD_POLICY", "UNENROLLED", "REVOKED"
]
"""Why an order is not obeyed."""
REASONS: tuple[Why, ...] = get_args(Why)


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line of an order; what is said follows it.

    Attributes:
        night, pod: for whom it is.
        number: greater than that of every order of its kind to this bed before.
        not_before_us, not_after_us: when it may be opened, in microseconds of the bed's own clock.
        policy_sha256: of the rules it was given under.
    """

    night: str
    pod: str
    kind: Kind
    number: int
    not_before_us: int
    not_after_us: int
    policy_sha256: str


class Envelope(NamedTuple):
    """An order on its way: its text, the signature over it, and which event it is about, which nobody vouches for."""

    text: bytes
    signature: bytes
    about: str = ""


class Opened(NamedTuple):
    """An order that holds, and what it says."""

    order: Order
    body: bytes


class Bed(NamedTuple):
    """What a bed judges an order by.

    Attributes:
        night, pod, policy_sha256: tonight's, this bed's, and that of the rules in force here.
        public: the house's 32-byte Ed25519 key.
        last: the number of the last order of each kind that held.
    """

    night: str
    pod: str
    policy_sha256: str
    public: bytes
    last: dict[Kind, int]


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Order)


def seal_order(order: Order, body: bytes, *, seed: bytes, about: str = "") -> Envelope:
    """The order under the house's signature.

    Raises:
        ValueError: for an order that is good for longer than its kind may be, or too long to be read.
    """
    lasts_us = order.not_after_us - order.not_before_us
    text = _encoder.encode(order) + b"\n" + body
    if not 0 < lasts_us <= LONGEST_US[order.kind] or len(text) > MOST_BYTES:
        raise ValueError(f"a {order.kind} is no order for {lasts_us} us in {len(text)} bytes")
    return Envelope(text, Ed25519PrivateKey.from_private_bytes(seed).sign(DOMAIN + text), about)


def open_order(envelope: Envelope, bed: Bed, *, now_us: int) -> Opened | Why:
    """What the order says, or the first reason not to obey it; whether the bed is enrolled is asked elsewhere.

    Args:
        envelope: as it came, from wherever.
        bed: who opens it.
        now_us: on the bed's own clock.
    """
    if not envelope.signature:
        return "UNSIGNED"
    found = _signed(envelope, bed.public)
    if found is None:
        return "FORGED"
    return _not_for(found.order, bed) or _not_now(found.order, bed, now_us) or found


def _signed(envelope: Envelope, public: bytes) -> Opened | None:
    """None unless the house signed this text, and it is exactly what such an order would write."""
    line, gap, body = envelope.text.partition(b"\n")
    if not gap or len(envelope.text) > MOST_BYTES:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(envelope.signature, DOMAIN + envelope.text)
        order = _decoder.decode(line)
    except (InvalidSignature, msgspec.DecodeError, ValueError):
        return None
    return Opened(order, body) if _encoder.encode(order) == line else None


def _not_for(order: Order, bed: Bed) -> Why | None:
    if order.pod != bed.pod:
        return "WRONG_POD"
    if order.night != bed.night:
        return "WRONG_NIGHT"
    return "OLD_POLICY" if order.policy_sha256 != bed.policy_sha256 else None


def _not_now(order: Order, bed: Bed, now_us: int) -> Why | None:
    if order.number <= bed.last[order.kind]:
        return "REPLAYED"
    is_short = 0 < order.not_after_us - order.not_before_us <= LONGEST_US[order.kind]
    return None if is_short and order.not_before_us <= now_us < order.not_after_us else "STALE"
