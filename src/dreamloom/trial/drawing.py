"""Where does a trial's chance come from? From one secret nonce alone, by arithmetic that anybody can redo by hand.

Words of 64 bits are taken from HMAC-SHA256(nonce, name, counter), four to a digest, and nothing else is ever drawn
from: no library decides an arm, so an opened nonce gives the same schedule in every language and year.
"""

import hmac
from collections.abc import Iterator, Sequence
from typing import TypeVar

NONCE_BYTES = 32
"""256 bits: nobody finds a schedule from its commitment by trying."""
_PURPOSE = b"dreamloom trial v1"
_WORD_BYTES = 8
T = TypeVar("T")


def words(nonce: bytes, *names: str | int) -> Iterator[int]:
    """Endless 64-bit numbers, big-endian, that depend on the nonce and the names alone."""
    counter = 0
    while True:
        text = "\x1f".join([*map(str, names), str(counter)]).encode()
        digest = hmac.digest(nonce, _PURPOSE + b"\0" + text, "sha256")
        for start in range(0, len(digest), _WORD_BYTES):
            yield int.from_bytes(digest[start : start + _WORD_BYTES], "big")
        counter += 1


def shuffled(items: Sequence[T], nonce: bytes, *names: str | int) -> tuple[T, ...]:
    """The items in an order drawn for these names: every order is as likely (Fisher and Yates, from the last on)."""
    drawn, order = words(nonce, *names), list(items)
    for last in range(len(order) - 1, 0, -1):
        chosen = _below(last + 1, drawn)
        order[last], order[chosen] = order[chosen], order[last]
    return tuple(order)


def _below(bound: int, drawn: Iterator[int]) -> int:
    """A number from 0 to bound - 1; words of the last, incomplete round are passed over, so that none is favoured."""
    fair = 2**64 - 2**64 % bound
    return next(word for word in drawn if word < fair) % bound
