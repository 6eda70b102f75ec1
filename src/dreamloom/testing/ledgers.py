"""A record that lives in memory, with the same chain, checkpoints and refusals."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from dreamloom.ports import Ledger, StoredCheckpoint, StoredEvent, Vault
from dreamloom.record.chain import Chain, refuse_stray_payloads
from dreamloom.record.codec import decode
from dreamloom.record.events import AnyEvent
from dreamloom.seals.notes import Checkpoint, public_key, sign_note
from dreamloom.vocabulary.errors import RecordError


class MemoryLedger(Ledger):
    """Passes the same contract as the one on disk."""

    def __init__(self, *, origin: str, vault: Vault, subject_of: Callable[[AnyEvent], str]) -> None:
        self._chain = Chain(origin, subject_of)
        self._vault = vault
        self._rows: list[StoredEvent] = []
        self._payloads: dict[str, bytes] = {}
        self._checkpoints: dict[int, StoredCheckpoint] = {}
        self._durable_size = 0
        self._closed = False

    @property
    def origin(self) -> str:
        return self._chain.origin

    @property
    def public_key(self) -> bytes:
        return public_key(self._vault.signing_key())

    @property
    def size(self) -> int:
        return len(self._rows)

    @property
    def durable_size(self) -> int:
        return self._durable_size

    def append(self, events: Sequence[AnyEvent], payloads: Mapping[str, bytes] | None = None) -> None:
        self._refuse_if_closed()
        refuse_stray_payloads(payloads or {}, events)
        self._chain, links = self._chain.extend(events, self._vault.subject_key)
        self._rows += [StoredEvent(link.seq, link.subject, link.leaf, link.body, link.event_id) for link in links]
        self._payloads.update(payloads or {})

    def commit(self) -> None:
        self._refuse_if_closed()
        self._durable_size = self.size

    def checkpoint(self) -> StoredCheckpoint:
        self.commit()
        text = Checkpoint(self.origin, self.size, self._chain.frontier.root).text
        note = sign_note(text, name=self.origin, seed=self._vault.signing_key())
        return self._checkpoints.setdefault(self.size, StoredCheckpoint(self.size, note))

    def checkpoints(self) -> list[StoredCheckpoint]:
        return list(self._checkpoints.values())

    def rows(self, start: int = 0) -> Iterator[StoredEvent]:
        return iter(self._rows[start:])

    def events(self, start: int = 0) -> Iterator[AnyEvent]:
        return (decode(row.body) for row in self.rows(start) if row.body is not None)

    def payload(self, event_id: str) -> bytes | None:
        return self._payloads.get(event_id)

    def close(self) -> None:
        if self.size and not self._closed:
            self.checkpoint()
        self._closed = True

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RecordError("DL-E411", "This record is closed.", do="Open it again to write.")
