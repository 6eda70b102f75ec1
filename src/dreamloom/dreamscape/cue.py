"""What can reach a sleeper? A sound by its recipe or its file, speech, light, vibration, or a silence."""

from typing import Annotated, Literal

from msgspec import Meta, field

from dreamloom.dreamscape.measures import CueLength, Fade, Line, Name, Note, Pulses, Said, Sha256, Share, SoundFile


class Cue(Said, frozen=True, kw_only=True):
    """A sound, speech, light, vibration or silence. Sleep cues pass every gate; awake ones are for W and for waking.

    Attributes:
        make, notes: a sound by its recipe; a noise bed is steady pink noise that hides what else is in the room.
        file, sha256: a sound by its file, named by its content: another file of that name is another cue.
        say: what is spoken, or tapped out where `make: morse`; voice: by the system, or recorded by the sleeper.
        colour, strength, pulse_hz, fade_s: light, and strength and pulse of vibration; strength is a share of what the
            device was set to as its most.
        duration_s: how long it lasts, at most.
        with_: cues of other channels that begin with this one.
    """

    kind: Literal["sound", "silence", "speech", "light", "vibration"]
    sound_class: Literal["sleep", "awake"] = field(name="class")
    make: Literal["chord", "chime", "tone", "pink_burst", "morse", "noise_bed"] | None = None
    notes: Annotated[tuple[Note, ...], Meta(max_length=12)] = ()
    file: SoundFile | None = None
    sha256: Sha256 | None = None
    say: Line | None = None
    voice: Literal["system", "own recording"] | None = None
    colour: Literal["red", "amber", "green", "blue", "white"] | None = None
    strength: Share | None = None
    pulse_hz: Pulses | None = field(name="pulse", default=None)
    fade_s: Fade | None = field(name="fade", default=None)
    duration_s: CueLength = field(name="duration")
    with_: Annotated[tuple[Name, ...], Meta(max_length=4)] = field(name="with", default=())
