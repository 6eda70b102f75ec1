"""Who says so? What the house tells a bed leaves it signed, and nothing else reaches the bed's own decisions.

What does not open is silence and one word in the record. Signatures stay outside of it, so that two houses that live
the same night have the same record.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Literal, NamedTuple, Protocol

from dreamloom.record.codec import canonical, decode
from dreamloom.record.events import AnyEvent, CommandGiven, GlitchSeen, OrderGlitch, ToBed
from dreamloom.seals.orders import LONGEST_US, Bed, Envelope, Kind, Opened, Order, Why, open_order, seal_order
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

Word = ToBed | Envelope
"""What comes for a bed: signed, or not."""
OPENING_BITS = 32
"""Orders are numbered anew in each opening of a night, above all of the one before, whatever of that was written."""
AGAIN_S = Seconds(10.0)
"""What nobody can name is told so often at most: a flood of it fills no disk. Ours."""
KINDS_OF_GLITCH: dict[Why, OrderGlitch] = {
    "UNSIGNED": "ORDER_UNSIGNED",
    "FORGED": "ORDER_FORGED",
    "REPLAYED": "ORDER_REPLAYED",
    "STALE": "ORDER_STALE",
    "WRONG_POD": "ORDER_WRONG_POD",
    "WRONG_NIGHT": "ORDER_WRONG_NIGHT",
    "OLD_POLICY": "ORDER_OLD_POLICY",
    "UNENROLLED": "ORDER_UNENROLLED",
    "REVOKED": "ORDER_REVOKED",
}
SHUT: tuple[OrderGlitch, ...] = ("ORDER_UNENROLLED", "ORDER_REVOKED")
"""From then on this bed obeys nothing, in this opening."""

Standing = Callable[[], Literal["UNENROLLED", "REVOKED"] | None]
"""Asked before orders are opened: None where the house knows this bed by its key."""


class Admitted(NamedTuple):
    """What of it all reaches the bed, and what is told of the rest."""

    words: list[ToBed]
    glitches: list[GlitchSeen]


class Gate(Protocol):
    """Stands before a bed."""

    def admit(self, words: Sequence[Word], now_s: NightTime) -> Admitted:
        """What the house said with effect from this second."""

    def admit_command(self, command: CommandGiven | ToBed | Envelope, now_s: NightTime) -> AnyEvent | None:
        """The command itself, a glitch in its place, or nothing."""


class OrderDesk:
    """The house's side: signs what it says to its beds, in order."""

    def __init__(self, *, night: str, policy_sha256: str, seed: bytes, boot: int) -> None:
        """For one opening of a night; the seed is the house's Ed25519 signing key."""
        self._night, self._policy_sha256, self._seed, self._boot = night, policy_sha256, seed, boot
        self._said: dict[tuple[str, Kind], int] = {}

    def lease(self, word: ToBed, *, pod: str, from_s: NightTime) -> Envelope:
        """What the house says, to be opened from from_s on."""
        return self._seal("lease", canonical(word), pod=pod, from_s=from_s, about=word.id)

    def command(self, word: CommandGiven, *, pod: str) -> Envelope:
        """One cue, at once."""
        return self._seal("command", canonical(word), pod=pod, from_s=NightTime(word.onset_s), about=word.id)

    def _seal(self, kind: Kind, body: bytes, *, pod: str, from_s: NightTime, about: str) -> Envelope:
        number = self._said[pod, kind] = self._said.get((pod, kind), first_number(self._boot)) + 1
        order = Order(
            night=self._night,
            pod=pod,
            kind=kind,
            number=number,
            not_before_us=_us(from_s),
            not_after_us=_us(from_s) + LONGEST_US[kind],
            policy_sha256=self._policy_sha256,
        )
        return seal_order(order, body, seed=self._seed, about=about)


class Gatekeeper:
    """The bed's side: opens what it can hold the house to, and drops the rest."""

    def __init__(
        self, *, night: str, pod: str, policy_sha256: str, public: bytes, boot: int, standing: Standing = lambda: None
    ) -> None:
        """For one opening of a night.

        Args:
            night: its name.
            pod: whose bed it is.
            policy_sha256: of the rules in force here.
            public: the house's Ed25519 key.
            boot: which opening it is.
            standing: whether the house knows this bed.
        """
        last: dict[Kind, int] = {"lease": first_number(boot), "command": first_number(boot)}
        self._bed = Bed(night, pod, policy_sha256, public, last)
        self._standing = standing
        self._shut: Why | None = None
        self._is_to_look = True
        self._told_s: dict[OrderGlitch, float] = {}

    def admit(self, words: Sequence[Word], now_s: NightTime) -> Admitted:
        """What opens, and a glitch for each that does not; for a bed that is unknown, one for all."""
        glitches = self._look(now_s) if words or self._is_to_look else []
        admitted: list[ToBed] = []
        if self._shut is not None:
            return Admitted([], glitches)
        for word in words:
            found = self._opened(word, "lease", now_s)
            if isinstance(found, ToBed):
                admitted.append(found)
            elif not isinstance(found, CommandGiven):
                glitches += self._told(found, word, now_s)
        return Admitted(admitted, glitches)

    def admit_command(self, command: CommandGiven | ToBed | Envelope, now_s: NightTime) -> AnyEvent | None:
        """The command, or a glitch in its place; what is told already is not told again."""
        if self._shut is not None or self._standing() is not None:
            self._is_to_look = True  # told at the end of a second, from which on it holds for everything
            return None
        found = self._opened(command, "command", now_s)
        if isinstance(found, CommandGiven):
            return found
        glitches = [] if isinstance(found, ToBed) else self._told(found, command, now_s)
        return glitches[0] if glitches else None

    def _look(self, now_s: NightTime) -> list[GlitchSeen]:
        """Once a bed is found unknown it stays so until the night is opened again."""
        self._is_to_look = False
        if self._shut is not None:
            return []
        self._shut = self._standing()
        return [] if self._shut is None else [_glitch(KINDS_OF_GLITCH[self._shut], now_s)]

    def _opened(self, word: Word | CommandGiven, kind: Kind, now_s: NightTime) -> ToBed | CommandGiven | Why:
        if not isinstance(word, Envelope):
            return "UNSIGNED"
        found = open_order(word, self._bed, now_us=_us(now_s))
        if not isinstance(found, Opened):
            return found
        said = _read(found.body)
        if found.order.kind != kind or not isinstance(said, CommandGiven if kind == "command" else ToBed):
            return "FORGED"
        self._bed.last[kind] = found.order.number
        return said

    def _told(self, why: Why, word: Word | CommandGiven, now_s: NightTime) -> list[GlitchSeen]:
        """One that can be named is told each time; of the others one of a kind in AGAIN_S."""
        kind = KINDS_OF_GLITCH[why]
        about = word.about if isinstance(word, Envelope) else word.id
        if not about:
            if now_s - self._told_s.get(kind, float("-inf")) < AGAIN_S:
                return []
            self._told_s[kind] = now_s
        return [_glitch(kind, now_s, about)]


class OpenGate:
    """Before a bed that no house has to vouch for: in a rehearsal, and in a replay, which keeps out what was kept out.

    Attributes:
        refused: ids of what the bed did not obey.
        shut_from_s: from when it obeyed nothing.
    """

    def __init__(self, refused: Collection[str] = (), shut_from_s: float = float("inf")) -> None:
        self.refused, self.shut_from_s = frozenset(refused), shut_from_s

    @classmethod
    def as_recorded(cls, events: Sequence[AnyEvent]) -> "OpenGate":
        """The gate of a bed whose own events these are."""
        glitches = [event for event in events if isinstance(event, GlitchSeen) and event.glitch.startswith("ORDER_")]
        shut_s = min((event.tick + 1.0 for event in glitches if event.glitch in SHUT), default=float("inf"))
        return cls([event.cause for event in glitches if event.cause], shut_s)

    def admit(self, words: Sequence[Word], now_s: NightTime) -> Admitted:
        """All but what was refused."""
        if now_s >= self.shut_from_s:
            return Admitted([], [])
        bare = (word for word in words if not isinstance(word, Envelope))
        return Admitted([word for word in bare if word.id not in self.refused], [])

    def admit_command(self, command: CommandGiven | ToBed | Envelope, now_s: NightTime) -> AnyEvent | None:  # noqa: ARG002 - what is recorded was obeyed
        """What is recorded was obeyed."""
        return None if isinstance(command, Envelope) else command


def first_number(boot: int) -> int:
    """Below every order of this opening, above every one of those before."""
    return boot << OPENING_BITS


def _us(time_s: NightTime) -> int:
    return round(time_s * 1e6)


def _read(body: bytes) -> AnyEvent | None:
    try:
        return decode(body)
    except RecordError:
        return None


def _glitch(kind: OrderGlitch, now_s: NightTime, about: str = "") -> GlitchSeen:
    return GlitchSeen(onset_s=to_microsecond(now_s), glitch=kind, cause=about or None)
