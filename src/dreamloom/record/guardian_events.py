"""What was wrong, and what was the gentlest answer? Glitches, steps of the guardian, doses, what is held."""

from typing import Literal

from dreamloom.record.envelope import Event
from dreamloom.record.signal_events import StreamDifference

Rung = Literal["NONE", "NOTE", "SOFTEN", "HOLD", "ISOLATE", "FADE", "WAKE"]
"""How far the guardian goes at a bed, from nothing to the most."""
OrderGlitch = Literal[
    "ORDER_UNSIGNED",
    "ORDER_FORGED",
    "ORDER_REPLAYED",
    "ORDER_STALE",
    "ORDER_WRONG_POD",
    "ORDER_WRONG_NIGHT",
    "ORDER_OLD_POLICY",
    "ORDER_UNENROLLED",
    "ORDER_REVOKED",
]
"""Why a bed did not obey what came to it as a word of its house; its cause is that word, where it is known."""


class GlitchSeen(Event, frozen=True):
    """Something about a bed's signal, or about the machine, is not as it should be.

    Attributes:
        glitch: LATE: the newest sample is 0.5 s old; told once an episode. IMPOSTOR: another stream stands in this
            one's place and was left outside. RENAMED: this device goes by another name now and was left outside.
            CLOCK_STEP: a clock was moved. UNIT_ASSUMED: nobody said the unit, microvolts were assumed.
            BATTERY_LOW: that of the machine runs down; belongs to no bed.
            MEMORY_HIGH: the night's process has grown more than a night should; belongs to no bed.
            SOUND_CHANGED: a sound at this bed is not the one it was laid down as.
            ORDER_...: something came to this bed as a word of its house, and was none that it may obey.
            NIGHT_LATE: the night is decided more than ten seconds late; belongs to no bed.
            BATTERY_CHARGED: after BATTERY_LOW, it is charged or plugged in again; belongs to no bed.
            SOUND_GAP: this bed's output went without frames for a moment.
        differs: in which ways the other stream is not this device; "twin": both are there at once.
        step_s: how far the clock was moved.
    """

    glitch: (
        Literal[
            "LATE",
            "IMPOSTOR",
            "RENAMED",
            "CLOCK_STEP",
            "UNIT_ASSUMED",
            "BATTERY_LOW",
            "MEMORY_HIGH",
            "NIGHT_LATE",
            "SOUND_CHANGED",
            "BATTERY_CHARGED",
            "SOUND_GAP",
        ]
        | OrderGlitch
    )
    differs: tuple[StreamDifference, ...] = ()
    step_s: float = 0.0


class Softened(Event, frozen=True):
    """The ceiling of this pod was lowered."""

    lower_db: float
    level_cap_db: float
    reason: str


class Held(Event, frozen=True):
    """The house holds this bed: no cue until the night is opened again; recording goes on.

    DISK_LOW: the room that is left is kept for samples. MEMORY_HIGH: the memory that is left is, too.
    """

    reason: Literal["DISK_LOW", "MEMORY_HIGH"]


class DoseSeen(Event, frozen=True):
    """Tonight's planned sleep cues, sham ones among them, come near the sound that one night may hold; told once.

    Attributes:
        share: of that dose, at the cue that came so near.
    """

    share: float


class OwnNightsTold(Event, frozen=True):
    """How freely stages followed each other in this sleeper's other nights of this house: each night's freest hour."""

    entropies_bits: tuple[float, ...]


class GuardianStepped(Event, frozen=True):
    """A rule of the guardian was raised at this bed; the event that is its cause raised it.

    Attributes:
        rule: its name.
        rung: how far it goes by itself.
        stands: where the bed stands from now on, by all that is raised there.
        why: what is wrong and what is done, in words a sleeper understands; the rule's, the same for everybody.
    """

    rule: str
    rung: Rung
    stands: Rung
    why: str


class PodIsolated(Event, frozen=True):
    """From here on this bed is by itself: no sound, nothing to others or from them; it is recorded on."""

    rule: str


class Restored(Event, frozen=True):
    """A rule of the guardian was cleared by its own threshold; `why` says what had to come back."""

    rule: str
    rung: Rung
    stands: Rung
    why: str


class PartStopped(Event, frozen=True):
    """A stop rule of the dreamscape ended this pod's cues for tonight."""

    reason: str
