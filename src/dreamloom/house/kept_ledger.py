"""Where do the events of a night go that is only thought through? Into memory: a replay, a rehearsal."""

from collections.abc import Iterator, Mapping, Sequence

from dreamloom.ports import StoredCheckpoint, StoredEvent
from dreamloom.record.events import AnyEvent


class KeptLedger:
    """A ledger that only keeps events in memory."""

    def __init__(self) -> None:
        self.told: list[AnyEvent] = []

    @property
    def size(self) -> int:
        return len(self.told)

    @property
    def durable_size(self) -> int:
        return len(self.told)

    def append(self, events: Sequence[AnyEvent], payloads: Mapping[str, bytes] | None = None) -> None:  # noqa: ARG002 - nothing is sealed here
        self.told.extend(events)

    def commit(self) -> None:
        """Nothing to do."""

    def checkpoint(self) -> StoredCheckpoint:
        return StoredCheckpoint(size=len(self.told), note="")

    def rows(self, start: int = 0) -> Iterator[StoredEvent]:  # noqa: ARG002 - nothing is stored
        return iter(())

    def events(self, start: int = 0) -> Iterator[AnyEvent]:
        return iter(self.told[start:])

    def close(self) -> None:
        """Nothing is held open."""
