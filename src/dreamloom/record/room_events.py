"""What passes between a room and whoever is awake? Words across the wall, in both directions, each one told."""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed

Way = Literal["typed", "talk", "listen"]
Toward = Literal["bed", "house"]


class IntercomUsed(Event, frozen=True):
    """Somebody wrote, spoke or listened across the wall of this bed's room.

    Attributes:
        by: who did.
        way: typed, for whoever cannot hear or should not be spoken to; by voice; by ear.
        toward: who it was meant for.
        text: what was typed, sealed under the sleeper's key.
    """

    by: str
    way: Way
    toward: Toward
    text: Sealed | None
