"""Whom does an event belong to? The sleeper whom the night's roster lays beside its pod, or the house; nobody else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from dreamloom.record.events import AnyEvent, NightOpened

HOUSE = "house"
"""Whose key the events hang on that belong to no bed; it is never destroyed."""
FOR_ANY_BED = frozenset({"night", HOUSE})
"""Who may tell of a bed beside the bed itself."""


class Belonging(Protocol):
    """Who may own what, judged event by event, in the record's order."""

    def complaint(self, event: AnyEvent, subject: str) -> str:
        """Why this event cannot hang on this subject's key; "" when it does so rightly."""


@dataclass(slots=True)
class ByRoster(Belonging):
    """In a night, its NightOpened says once who sleeps where. Before it, no bed is known."""

    sleeper_of: dict[str, str] = field(default_factory=dict)
    is_opened: bool = False

    def complaint(self, event: AnyEvent, subject: str) -> str:
        if isinstance(event, NightOpened):
            if self.is_opened or event.pod is not None:
                return "a night is opened once, and by the house"
            self.is_opened, self.sleeper_of = True, {seat.pod: seat.sleeper for seat in event.roster}
        if event.pod is not None and event.pod not in self.sleeper_of:
            return f"it is of the pod {event.pod!r}, which is not in this night's roster"
        owner = HOUSE if event.pod is None else self.sleeper_of[event.pod]
        return _misplaced(event, subject, owner)


@dataclass(frozen=True, slots=True)
class ByRule(Belonging):
    """In a record that is no night's, one rule for every event."""

    subject_of: Callable[[AnyEvent], str]

    def complaint(self, event: AnyEvent, subject: str) -> str:
        return _misplaced(event, subject, self.subject_of(event))


def _misplaced(event: AnyEvent, subject: str, owner: str) -> str:
    if subject != owner:
        return f"it hangs on the key of {subject!r}, not on that of {owner!r}"
    teller = event.id.rsplit(".", 2)[0]
    if teller != event.pod and teller not in FOR_ANY_BED:
        return f"{teller!r} told it, and it is of {event.pod or 'no pod'}"
    return ""
