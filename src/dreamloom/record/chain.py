"""What does one more event add to a record? Its place, its leaf, and the tree that now holds it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dreamloom.record.codec import canonical, leaf_hash, sealed_values
from dreamloom.record.events import AnyEvent
from dreamloom.record.merkle import EMPTY, Frontier
from dreamloom.seals.keys import event_key, record_key
from dreamloom.seals.payload import ciphertext_sha256
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.ids import EventId

FIRST_COUNTS = (0, 1)
"""An origin counts from 0 or from 1 in each of its lives."""


@dataclass(slots=True)
class Order:
    """Where every origin's count and the night's ticks stand.

    An event fits if its origin's count is the next one (so no id comes twice and none is missing), that origin's
    boot has not fallen, and the tick has not fallen.
    """

    tick: int = -1
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def admit(self, event_id: str, tick: int | None) -> str:
        """Counts this event if it fits; else says why it cannot come next. A tick of None is not judged."""
        try:
            event = EventId.parse(event_id)
        except ValueError:
            return f"{event_id!r} is no event id such as p1.0.17"
        if why := self._tick_complaint(tick) or self._count_complaint(event):
            return why
        self.counts[event.origin] = (event.boot, event.n)
        self.tick = self.tick if tick is None else tick
        return ""

    def _tick_complaint(self, tick: int | None) -> str:
        return f"its tick {tick} comes after tick {self.tick}" if tick is not None and tick < self.tick else ""

    def _count_complaint(self, event: EventId) -> str:
        origin, boot, n = event
        last_boot, last_n = self.counts.get(origin, (-1, -1))
        if boot < last_boot or (boot == last_boot and n <= last_n):
            return f"{event} comes after {EventId(origin, last_boot, last_n)}"
        if boot == last_boot and n != last_n + 1:
            return f"{_missing(origin, boot, last_n + 1, n - 1)} missing before it"
        if boot > last_boot and n not in FIRST_COUNTS:
            return f"{_missing(origin, boot, FIRST_COUNTS[-1], n - 1)} missing before it"
        return ""

    def copy(self) -> "Order":
        """One that can go its own way."""
        return Order(self.tick, dict(self.counts))


@dataclass(frozen=True, slots=True)
class Link:
    """One event as a ledger stores it."""

    seq: int
    event_id: str
    subject: str
    leaf: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Chain:
    """All a ledger remembers between two appends.

    Attributes:
        origin: the record's name, as in its checkpoints; part of every key.
        subject_of: whose key an event hangs on: a sleeper, or the house.
        frontier: the tree over every leaf so far.
        order: where the counts stand.
    """

    origin: str
    subject_of: Callable[[AnyEvent], str]
    frontier: Frontier = EMPTY
    order: Order = field(default_factory=Order)

    def extend(self, events: Sequence[AnyEvent], subject_key: Callable[[str], bytes]) -> tuple["Chain", list[Link]]:
        """The chain and the rows after these events: all of them, or none.

        Raises:
            RecordError: for an event that `canonical` refuses or that does not come next.
        """
        order, links = self.order.copy(), []
        for seq, event in enumerate(events, self.frontier.size):
            body = canonical(event)
            if why := order.admit(event.id, event.tick):
                raise _out_of_order(f"A {type(event).__name__}", seq, why)
            subject = self.subject_of(event)
            leaf = keyed_leaf(record_key(subject_key(subject), self.origin), event.id, body)
            links.append(Link(seq, event.id, subject, leaf, body))
        return Chain(self.origin, self.subject_of, self.frontier.extend(link.leaf for link in links), order), links


def keyed_leaf(key: bytes, event_id: str, body: bytes) -> bytes:
    """The leaf of an event under its subject's `record_key`."""
    return leaf_hash(event_key(key, event_id), body)


def resume_order(event_ids: Iterable[str], tick: int) -> Order:
    """The order of a record that already holds these events.

    Raises:
        RecordError: when their ids are not in order among themselves.
    """
    order = Order(tick)
    awaited: dict[str, EventId] = {}
    for seq, event_id in enumerate(event_ids):
        if (event := awaited.pop(event_id, None)) is not None:  # the usual one needs no second reading
            order.counts[event.origin] = (event.boot, event.n)
            n = event.n + 1
            awaited[f"{event.origin}.{event.boot}.{n}"] = EventId(event.origin, event.boot, n)
            continue
        if why := order.admit(event_id, None):
            raise _out_of_order(f"The stored {event_id}", seq, why)
        origin, boot, n = EventId.parse(event_id)
        awaited = {text: each for text, each in awaited.items() if each.origin != origin}
        awaited[f"{origin}.{boot}.{n + 1}"] = EventId(origin, boot, n + 1)
    return order


def refuse_stray_payloads(payloads: Mapping[str, bytes], events: Sequence[AnyEvent]) -> None:
    """Every payload belongs to an event of the same append, which names it by its hash.

    Raises:
        RecordError: naming the ids whose event is not among them or names another payload.
    """
    named = {event.id: {sealed.ciphertext_sha256 for sealed in sealed_values(event)} for event in events}
    stray = [id_ for id_, data in payloads.items() if ciphertext_sha256(data) not in named.get(id_, ())]
    if stray:
        raise RecordError(
            "DL-E405",
            f"No event of this append names the payloads that came for {', '.join(stray)}.",
            why="A payload enters the record together with the event that holds the SHA-256 of its ciphertext.",
            still="The record is as it was.",
            do="Append the event and its payload in one call, sealed with `record.sealing.seal_for`.",
        )


def _missing(origin: str, boot: int, first: int, last: int) -> str:
    if first == last:
        return f"{EventId(origin, boot, first)} is"
    return f"{EventId(origin, boot, first)} to {EventId(origin, boot, last)} are"


def _out_of_order(what: str, seq: int, why: str) -> RecordError:
    return RecordError(
        "DL-E404",
        f"{what} cannot be event {seq} of the record: {why}.",
        why="Each origin counts its events without a gap, and ticks never fall; else no replay could agree.",
        still="The record is as it was.",
        do="Stamp events in the order of tick, pod and index, once each.",
    )
