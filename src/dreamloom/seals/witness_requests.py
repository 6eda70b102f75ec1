"""How is a stranger asked to witness a record? The add-checkpoint body of c2sp.org/tlog-witness, as a file."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import NamedTuple

MOST_HASHES = 63
"""A consistency proof needs no more for any record there can be."""
OLD = "old "


class Request(NamedTuple):
    """A checkpoint, and the proof that it continues the one of `old_size` events that the witness saw last.

    Attributes:
        proof: 32-byte hashes; empty where old_size is 0.
        note: the signed checkpoint.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: str


def written(old_size: int, proof: Sequence[bytes], note: str) -> str:
    """The request as text."""
    hashes = "".join(f"{b64encode(each).decode()}\n" for each in proof)
    return f"{OLD}{old_size}\n{hashes}\n{note}"


def read(text: str) -> Request | None:
    """The request in this text; None when it is none."""
    head, gap, note = text.partition("\n\n")
    first, *rest = head.split("\n")
    digits = first.removeprefix(OLD)
    is_number = first.startswith(OLD) and digits.isascii() and digits.isdigit() and str(int(digits)) == digits
    if not gap or not is_number or len(rest) > MOST_HASHES:
        return None
    try:
        proof = tuple(b64decode(line, validate=True) for line in rest)
    except ValueError:
        return None
    return Request(int(digits), proof, note) if all(len(each) == 32 for each in proof) else None
