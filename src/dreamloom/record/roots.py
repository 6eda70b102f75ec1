"""Did two runs decide the same? The compared root: one hash over all that honest runs of one night must share."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from dreamloom.record.codec import comparable
from dreamloom.record.events import OUTSIDE_COMPARED_ROOT, AnyEvent
from dreamloom.record.fold import fold
from dreamloom.record.merkle import EMPTY, Frontier


@dataclass(frozen=True, slots=True)
class RecordRoot:
    """The compared root as it grows, event by event.

    Its leaves are unkeyed and so belong to comparisons alone; what is signed is the tree of keyed leaves.
    """

    frontier: Frontier = EMPTY

    def after(self, event: AnyEvent) -> "RecordRoot":
        """The root with one more event; host descriptions change nothing, sealed values count as null."""
        if isinstance(event, OUTSIDE_COMPARED_ROOT):
            return self
        leaf = hashlib.sha256(b"\x00" + comparable(event)).digest()
        return RecordRoot(self.frontier.append(leaf))

    @property
    def hex(self) -> str:
        """RFC 9162 root in lower-case hex."""
        return self.frontier.root.hex()


def record_root(events: Iterable[AnyEvent]) -> str:
    """The compared root over these events, in order, as lower-case hex."""
    return fold(RecordRoot.after, RecordRoot(), events).hex
