"""What must a ledger show of a row and of a checkpoint, to be judged?"""

from typing import NamedTuple, Protocol


class StoredRow(Protocol):
    """One row of a ledger."""

    @property
    def seq(self) -> int: ...
    @property
    def subject(self) -> str: ...
    @property
    def leaf(self) -> bytes: ...
    @property
    def body(self) -> bytes | None: ...
    @property
    def id(self) -> str: ...


class SignedNote(Protocol):
    """One checkpoint of a ledger."""

    @property
    def size(self) -> int: ...
    @property
    def note(self) -> str: ...


class Copy(NamedTuple):
    """A checkpoint that is kept elsewhere than in the record; its size is read from it."""

    note: str
    where: str
    size: int = 0
