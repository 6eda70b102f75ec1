"""By what does a bed sound, how loud, and what became of it? Outputs, sounds, thresholds, phones."""

from typing import Literal

from dreamloom.record.envelope import Event, Sha256Hex

SoundClass = Literal["sleep", "awake"]


class SoundDescribed(Event, frozen=True):
    """What one cue of the night is made of; with a pod where it is that sleeper's own, else the same at every bed.

    Attributes:
        source: made by recipe, from a file, spoken by the machine, the sleeper's own recording, or a chime that stands
            in for words nobody spoke.
        loudness_db: of its frames at full scale against a full-scale tone of 1 kHz; a level is met by that much more
            gain. weighed_by: how it was found.
    """

    cue: str
    cue_sha256: Sha256Hex
    source: Literal["made", "file", "spoken", "own recording", "stand-in"]
    duration_s: float
    loudness_db: float
    weighed_by: Literal["none", "A-weighted RMS", "gated LUFS"]


class OutputBound(Event, frozen=True):
    """The output a bed found for its sound when its night opened: that one and no other until the night is over.

    Attributes:
        device: its whole id, whatever part of it night.toml names.
        channels: the bed's own, counted from 1.
    """

    device: str
    channels: tuple[int, ...]


class OutputConfirmed(Event, frozen=True):
    """This bed's sleeper said back what was played on its output that evening: a random word, or a number of notes."""

    device: str
    how: str


class OutputUnconfirmed(Event, frozen=True):
    """Nobody said back anything heard on this output: its bed is not armed until a person arms it."""

    device: str


class ThresholdMeasured(Event, frozen=True):
    """How softly this sleeper just hears on this output: found in the evening by a staircase.

    Attributes:
        threshold_db: what levels of the night are counted from, on this scale.
        scale: dB(A) where a meter was held to the output; else the sleeper's own threshold is called 30 dB.
        dbfs: of the softest sound heard, against a full-scale tone; full_scale_db: of that tone, on this scale.
        spread_db: standard deviation of the turns it is the mean of.
        silent: presentations without a sound, and false: how many of them were "heard".
    """

    device: str
    threshold_db: float
    scale: Literal["dB(A)", "own threshold"]
    dbfs: float
    full_scale_db: float
    spread_db: float
    trials: int
    silent: int
    false: int


class TrainingHeld(Event, frozen=True):
    """Before this night a training was held at this bed, whole or in part; the same is told in every arm.

    Attributes:
        training: its number in the dreamscape, from 0.
        cues: those that were given in it, or in whose place silence was.
        presented: how many presentations there were.
        held_s: from the first to the end of the last.
        began_utc: by the clock on the wall.
    """

    training: int
    cues: tuple[str, ...]
    presented: int
    held_s: float
    began_utc: str


class OutputVolumeMoved(Event, frozen=True):
    """The system's own volume of this output is not what it was when levels were found: its bed is held until it is."""

    device: str
    was_db: float
    now_db: float


class OutputVolumeRestored(Event, frozen=True):
    device: str


class OutputTimed(Event, frozen=True):
    """How long the output of a bed takes from a frame's being given to its being heard, and how much that varies.

    Told where a part waits for the phase of a wave; without it no cue of such a part is ever due.
    """

    delay_s: float
    spread_s: float
    method: str


class PhoneGraded(Event, frozen=True):
    """How good a loudspeaker the phone at this bed was that evening, left alone: what it may do hangs on it.

    Attributes:
        grade: the worst of the grades of what follows; reasons: what kept it from an A.
        error_ms: by how much 95 % of its cues were beside their time at most; missed_share: of those never played.
        absent_s: the longest time without a word of its page; seen_share: in front, not hidden or locked.
        lock_lost_share: of the time in front, without a lock that keeps the screen on.
        battery_per_h: share of the battery that an hour took; None where it was charging, or nobody knows.
    """

    device: str
    grade: Literal["A", "B", "C", "below C"]
    reasons: tuple[
        Literal["error_ms", "missed_share", "absent_s", "seen_share", "lock_lost_share", "battery_per_h"], ...
    ]
    minutes: float
    cues: int
    error_ms: float
    missed_share: float
    absent_s: float
    seen_share: float
    lock_lost_share: float
    battery_per_h: float | None


class OutputTurnedDown(Event, frozen=True):
    """A sleeper made their own sound softer where they hear it, or paused it there: levels are told as before that."""

    lowered_db: float
    now: Literal["playing", "paused"]


class SpeakerReopened(Event, frozen=True):
    """A bed's speaker had not rendered for age_s; it was started again, silent, and the bed is disarmed."""

    age_s: float


class OutputLost(Event, frozen=True):
    """A bed's output gives no sound: a speaker started again does not change that, or its page is gone. Told once.

    `device` is its whole id; "" for a bed that has none.
    """

    device: str


class OutputFound(Event, frozen=True):
    """The output is back. Where its speaker was started again, what armed the bed before does not arm it now."""

    device: str
    lost_s: float
