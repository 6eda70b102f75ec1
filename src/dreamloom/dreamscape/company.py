"""Who sleeps together, and what passes between them? Groups, scenes a night moves through, relays."""

from collections.abc import Collection
from typing import Annotated, Literal

from msgspec import Meta, field

from dreamloom.dreamscape.gate import EyeSignal, Gate
from dreamloom.dreamscape.measures import Interval, Line, Name, People, Said, Span, Who
from dreamloom.dreamscape.part import Budget, Part

OF_EVERYBODY = ("each sleeper", "everyone", "everyone else")
"""Who is meant without naming a group."""
AT_ONE_MOMENT = ("everyone", "all of ")
"""How an author says that a cue comes to all at once; anything else lets each bed choose its own moment."""


def group_of(who: str) -> str:
    """The group that is named: "circle" in "each of circle"; "" where none is."""
    return "" if who in OF_EVERYBODY else who.rpartition(" of ")[2]


def is_meant(who: str, groups: Collection[str]) -> bool:
    """Whether a sleeper in these groups is one of those meant."""
    group = group_of(who)
    return not group or group in groups


def is_at_one_moment(who: str) -> bool:
    """Whether all of those meant are to hear it at once."""
    return who.startswith(AT_ONE_MOMENT)


class Group(Said, frozen=True, kw_only=True):
    """Sleepers who belong together; who they are is said by the night, never here."""

    about: Line | None = None
    at_least: People
    at_most: People | None = None


class Transition(Said, frozen=True, kw_only=True):
    """From this scene to another one, when everything written here holds.

    Attributes:
        for_: each sleeper alone, or everyone or a whole group at once.
        when: a gate of the sleeper's own, or of a quorum.
        on: something that happens; for all at once, to each of them since they came into the scene.
        after_s: this long in the scene.
    """

    to: Name
    for_: Who = field(name="for")
    when: Gate | None = None
    on: Literal["arousal", "awakening", "eye signal", "nightmare"] | None = None
    after_s: Span | None = field(name="after", default=None)


class Scene(Said, frozen=True, kw_only=True):
    """What plays while a sleeper is in it, and what leads out; the first scene of the file begins the night."""

    about: Line | None = None
    parts: Annotated[tuple[Part, ...], Meta(max_length=32)] = ()
    next: Annotated[tuple[Transition, ...], Meta(max_length=16)] = ()


class Relay(Said, frozen=True, kw_only=True):
    """One sleeper's verified signal becomes another's cue, by the consent of both.

    Attributes:
        sender, signal: who gives which signal, and how it is verified.
        receiver, when, cue: who hears what, inside the receiver's own gate.
        wait_s: so long the signal waits for that gate, then it is forgotten.
        consent: who must have named the other in their own grant.
    """

    sender: Who = field(name="from")
    signal: EyeSignal
    receiver: Who = field(name="to")
    when: Gate
    cue: Name
    wait_s: Span = field(name="wait")
    consent: Annotated[tuple[Literal["sender", "receiver"], ...], Meta(max_length=2)] = ()
    refractory_s: Interval = field(name="refractory")
    budget: Budget

    @property
    def at_receiver(self) -> Part:
        """What the receiver's bed plays when it is offered a signal: a part like any other, once for each offer."""
        return Part(for_=self.receiver, when=self.when, play=self.cue, every_s=self.refractory_s, budget=self.budget)
