"""What passes between a room and whoever is awake? Words across the wall, in both directions, each one told."""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed

Way = Literal["typed", "talk", "listen"]
Toward = Literal["bed", "house"]
Aloud = Literal["talk", "listen"]
"""Whoever is awake is heard at the bed; the room is heard by whoever is awake."""
Doze = Literal["awake", "asleep", "unknown"]
EndOfVoice = Literal[
    "CLOSED",
    "SLEEPER",
    "WITHDRAWN",
    "NO_CONSENT",
    "ASLEEP",
    "NO_SOUND",
    "TIME",
    "LOST",
    "NIGHT_OVER",
    "NOT_READY",
]
"""By whoever opened it; at the bed; a no; a consent that ended; somebody fell asleep; the bed was isolated; two minutes
were over; a line dropped; the night ended; the bed's page could not."""


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


class VoiceBegan(Event, frozen=True):
    """From here on somebody may be heard across the wall; nothing was before this was told. What was said is nowhere.

    Attributes:
        use: its name, 16 hexadecimal digits.
        by: who asked for it.
        room: the other beds that hear it or are heard.
        doze: of whoever was least awake in the room; where somebody talks and it is not awake, `by` chose to.
        until_s: when it ends by itself at the latest.
    """

    use: str
    by: str
    way: Aloud
    room: tuple[str, ...]
    doze: Doze
    until_s: float


class VoiceEnded(Event, frozen=True):
    """Nobody is heard any more by this use; where it is missing, the end of its `until_s` holds.

    Attributes:
        by: who had asked for it.
        lasted_s: from when voices could pass on; 0 where they never could.
    """

    use: str
    by: str
    way: Aloud
    why: EndOfVoice
    lasted_s: float
