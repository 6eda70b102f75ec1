"""Keys for tests: the same ones every time, from a seed."""

import hashlib

from dreamloom.ports import Vault
from dreamloom.vocabulary.errors import RecordError


class MemoryVault(Vault):
    """A vault whose every key follows from its seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._made: set[str] = set()
        self._destroyed: set[str] = set()

    def subject_key(self, subject: str) -> bytes:
        if subject in self._destroyed:
            raise RecordError("DL-E406", f"The key of {subject} was destroyed.")
        self._made.add(subject)
        return self._derived("subject", subject)

    def has(self, subject: str) -> bool:
        return subject in self._made - self._destroyed

    def is_destroyed(self, subject: str) -> bool:
        return subject in self._destroyed

    def destroy(self, subject: str) -> None:
        self._destroyed.add(subject)

    def signing_key(self) -> bytes:
        return self._derived("signing", "")

    def _derived(self, *names: str) -> bytes:
        return hashlib.sha256("\0".join([str(self._seed), *names]).encode()).digest()
