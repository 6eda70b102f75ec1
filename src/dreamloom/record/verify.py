"""Is this record the one that was written? Recomputes every leaf, root and signature, and names what does not fit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dreamloom.record.belonging import HOUSE, Belonging, ByRoster
from dreamloom.record.chain import Order, keyed_leaf
from dreamloom.record.codec import decode, sealed_values
from dreamloom.record.erasures import Erasures
from dreamloom.record.events import AnyEvent, NightClosed, NightOpened
from dreamloom.record.merkle import EMPTY, HASH_BYTES, Frontier
from dreamloom.record.stored import Copy, SignedNote, StoredRow
from dreamloom.record.verdict import Verdict
from dreamloom.record.witness import claim_of
from dreamloom.seals.keys import DESTROYED, Destroyed, record_key
from dreamloom.seals.notes import Checkpoint, open_note
from dreamloom.seals.payload import ciphertext_sha256
from dreamloom.vocabulary.errors import RecordError

KeyOf = Callable[[str], bytes | Destroyed | None]
"""A subject's 32-byte key; DESTROYED where a tombstone says so; None where nobody knows one."""


def verify(  # noqa: PLR0913 - what a judge must be given, each by its name
    rows: Iterable[StoredRow],
    checkpoints: Iterable[SignedNote],
    *,
    key_of: KeyOf,
    public_key: bytes,
    origin: str,
    belonging: Belonging | None = None,
    payload_of: Callable[[str], bytes | None] | None = None,
    copies: Iterable[Copy] = (),
) -> Verdict:
    """Judges a whole record.

    Args:
        rows: from seq 0 on.
        checkpoints: every one there is; each is checked.
        key_of: a subject's key. A row whose key nobody knows does not fit: only a tombstone makes an erasure.
        public_key: the house's Ed25519 key (32 bytes), from where the record's keeper cannot change it.
        origin: the name the record must bear.
        belonging: whose key each event must hang on; by the night's roster unless said.
        payload_of: the ciphertext beside an event, by its id; payloads are not looked at without it.
        copies: checkpoints kept elsewhere: by witnesses, on paper, by another house. Whoever rewrote the record with
            the house's own key could not rewrite these.
    """
    audit = _Audit(origin, key_of, public_key, belonging or ByRoster(), payload_of)
    kept = [_sized(copy, origin, public_key) for copy in copies]
    waiting = sorted([*checkpoints, *kept], key=lambda note: note.size, reverse=True)
    for row in rows:
        while waiting and waiting[-1].size <= audit.size:
            audit.weigh_checkpoint(waiting.pop())
        audit.weigh_row(row)
    while waiting:
        audit.weigh_checkpoint(waiting.pop())
    return audit.verdict()


@dataclass(slots=True)
class _Audit:
    """One pass over a record; keeps the first thing that does not fit."""

    origin: str
    key_of: KeyOf
    public_key: bytes
    belonging: Belonging
    payload_of: Callable[[str], bytes | None] | None = None
    payloads: set[str] = field(default_factory=set)
    frontier: Frontier = EMPTY
    leaves: list[bytes] = field(default_factory=list)
    order: Order = field(default_factory=Order)
    keys: dict[str, bytes | Destroyed | None] = field(default_factory=dict)
    next_seq: int = 0
    signed: int = 0
    checkpoints: int = 0
    is_night: bool = False
    is_closed: bool = False
    erased: int = 0
    erasures: Erasures = field(default_factory=Erasures)
    unsigned_erased: str | None = None
    first_bad: str | None = None
    why: str = ""

    @property
    def size(self) -> int:
        return self.frontier.size + len(self.leaves)

    def weigh_row(self, row: StoredRow) -> None:
        if row.seq != self.next_seq:
            self._blame(_span(self.next_seq, row.seq - 1), f"missing: seq {row.seq} follows seq {self.next_seq - 1}")
        event = _readable(row.body)
        complaint = self._complaint(row, event)
        if complaint:
            self._blame(f"seq {row.seq} ({event.id})" if event else f"seq {row.seq}", complaint)
        self.erasures.hear(row.seq, event)
        self.is_night = self.is_night or isinstance(event, NightOpened)
        self.is_closed = self.is_closed or isinstance(event, NightClosed)
        self.next_seq = row.seq + 1
        self.leaves.append(row.leaf if complaint == "" else _plain(row.leaf))

    def weigh_checkpoint(self, note: SignedNote) -> None:
        """Rows up to the note's size have been weighed, or there are no more."""
        text = open_note(note.note, name=self.origin, public=self.public_key)
        claim = Checkpoint.parse(text) if text else None
        size = self._grow().size
        if claim is None or claim.origin != self.origin or claim.size != note.size:
            why = f"it is not a checkpoint over {note.size} events of {self.origin} signed by this house's key"
            where = f" kept at {note.where}" if isinstance(note, Copy) else ""
            self._blame(f"checkpoint over {note.size} events{where}", why)
        elif claim.size > size:
            why = f"missing: {claim.size} events were signed, {size} are here{_as_kept(note)}"
            self._blame(_span(size, claim.size - 1), why)
        elif claim.root != self.frontier.root:
            why = f"their leaves are not those signed at {claim.size} events{_as_kept(note)}"
            self._blame(_span(self.signed, size - 1), why)
        elif not isinstance(note, Copy):  # what is kept elsewhere contradicts; it mends nothing that was taken away
            self.signed, self.unsigned_erased = claim.size, None
            self.checkpoints += 1

    def verdict(self) -> Verdict:
        size = self._grow().size
        self._weigh_erasures()
        if self.unsigned_erased is not None:
            self._blame(self.unsigned_erased, "its key was destroyed, and no checkpoint covers its leaf")
        if self.is_closed and self.signed < size:
            why = "the night is closed, and a closed night is signed to its end: their checkpoint was taken away"
            self._blame(_span(self.signed, size - 1), why)
        return Verdict(
            ok=self.first_bad is None and self._is_signed(),
            events=size,
            root=self.frontier.root.hex(),
            first_bad=self.first_bad,
            why=self.why if self.first_bad else self._unproven(),
            erased=self.erased + self.erasures.count,
            signed=self.signed,
        )

    def _complaint(self, row: StoredRow, event: AnyEvent | None) -> str:
        if row.body is None and isinstance(row.id, str):
            self.erasures.see(row.seq, str(row.subject))
            return self.order.admit(row.id, None) or _leaf_spoilt(row.leaf)
        if [type(part) for part in (row.body, row.leaf, row.subject, row.id)] != [bytes, bytes, str, str]:
            return "it is not stored as a record stores events"
        if event is None:
            return "its text is no event that this version can read"
        if spoilt := _leaf_spoilt(row.leaf):
            return spoilt
        if row.id != event.id:
            return f"it is filed under {row.id!r}, its text says {event.id}"
        misplaced = self.belonging.complaint(event, row.subject)
        disorder = self.order.admit(event.id, event.tick)
        return misplaced or self._leaf_complaint(row, event, row.body) or disorder or self._payload_complaint(event)

    def _weigh_erasures(self) -> None:
        if (uncovered := self.erasures.complaint()) is not None:
            self._blame(*uncovered)
        if late := [seq for seqs in self.erasures.blank.values() for seq in seqs if seq >= self.signed]:
            self._blame(f"seq {min(late)}", "its text was erased, and no checkpoint covers its leaf")
        for subject in self.erasures.asked:
            if self._key(subject) is not DESTROYED:
                self._blame(f"the key of {subject}", "their erasure is logged, and it still stands: it is not finished")

    def _payload_complaint(self, event: AnyEvent) -> str:
        """A sealed value names the ciphertext beside its own event, or one that an earlier event brought."""
        if self.payload_of is None:
            return ""
        for sealed in sealed_values(event):
            ciphertext = self.payload_of(event.id)
            if ciphertext is None and sealed.ciphertext_sha256 not in self.payloads:
                return "" if self._key(sealed.subject) is DESTROYED else "its sealed payload is gone"
            if ciphertext is not None and ciphertext_sha256(ciphertext) != sealed.ciphertext_sha256:
                return "its sealed payload is not the one it names"
            self.payloads.add(sealed.ciphertext_sha256)
        return ""

    def _leaf_complaint(self, row: StoredRow, event: AnyEvent, body: bytes) -> str:
        key = self._key(row.subject)
        if key is None or (key is DESTROYED and row.subject == HOUSE):
            return f"the key of {row.subject!r} is missing, and no tombstone tells that it was rightly destroyed"
        if key is DESTROYED:
            self.erased += 1
            self.unsigned_erased = self.unsigned_erased or f"seq {row.seq} ({event.id})"
            return ""
        if keyed_leaf(key, event.id, body) != row.leaf:
            return f"its text or its subject {row.subject} is not what its leaf was made of"
        return ""

    def _grow(self) -> Frontier:
        self.frontier = self.frontier.extend(self.leaves)
        self.leaves.clear()
        return self.frontier

    def _key(self, subject: str) -> bytes | Destroyed | None:
        if subject not in self.keys:
            found = self.key_of(subject)
            self.keys[subject] = record_key(found, self.origin) if isinstance(found, bytes) else found
        return self.keys[subject]

    def _blame(self, what: str, why: str) -> None:
        if self.first_bad is None:
            self.first_bad, self.why = what, why

    def _is_signed(self) -> bool:
        return self.signed > 0 or (self.checkpoints > 0 and self.size == 0)

    def _unproven(self) -> str:
        """What the absence of a contradiction does not show."""
        parts = [words] if (words := self.erasures.words()) else []
        if self.erased:
            subjects = sum(key is DESTROYED for key in self.keys.values())
            parts.append(
                f"{self.erased} leaves cannot be recomputed because the keys of {subjects} subjects were destroyed: "
                "they stand in the tree, but their text is not proven"
            )
        if not self._is_signed():
            parts.append("no checkpoint was signed yet, so nothing shows that these events are the ones that happened")
        elif tail := self.frontier.size - self.signed:
            parts.append(
                f"the last {tail} events are under no checkpoint yet: had more followed, nothing would show it"
            )
        if self.is_night and not self.is_closed:
            parts.append("the night has no end in its record: it runs, it broke off, or what followed was cut off")
        return "; ".join(parts)


def _sized(copy: Copy, origin: str, public: bytes) -> Copy:
    claim = claim_of(copy.note, origin=origin, public=public)
    return copy._replace(size=claim.size) if claim else copy


def _as_kept(note: SignedNote) -> str:
    return f", as the copy kept at {note.where} shows" if isinstance(note, Copy) else ""


def _leaf_spoilt(leaf: object) -> str:
    if isinstance(leaf, bytes) and len(leaf) == HASH_BYTES:
        return ""
    return f"its leaf has {len(_plain(leaf))} bytes, not {HASH_BYTES}"


def _plain(leaf: object) -> bytes:
    """A leaf as the tree takes it; a spoilt column may hold anything."""
    return leaf if isinstance(leaf, bytes) else b""


def _readable(body: bytes | None) -> AnyEvent | None:
    try:
        return decode(body) if isinstance(body, bytes) else None
    except RecordError:
        return None


def _span(first: int, last: int) -> str:
    return f"events {first}-{last}" if last > first else f"event {first}"
