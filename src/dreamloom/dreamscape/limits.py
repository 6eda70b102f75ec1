"""How loud at most, and what ends it? Levels, and the rules by which a night grows softer or falls silent."""

from typing import Literal

from msgspec import field

from dreamloom.dreamscape.gate import EyeSignal
from dreamloom.dreamscape.measures import Ceiling, Fade, Pause, Said, Span, Step, Tolerated


class Titrate(Said, frozen=True, kw_only=True):
    """So much of what arousals took is given back after every so long without one; never above the evening's level."""

    up_db: Step = field(name="up")
    after_s: Span = field(name="after")


class Levels(Said, frozen=True, kw_only=True):
    """How loud at most, and how far above the sleeper's own hearing threshold.

    `cap_dba` holds for every sound; `awake_cap_dba`, where written and agreed to, is the level of awake sounds. Cues
    that come in trains (a part with repeat or blocks) are `train_lower_db` softer.
    """

    cap_dba: Ceiling = field(name="cap")
    over_threshold_db: Step = field(name="over_threshold")
    awake_cap_dba: Ceiling | None = field(name="awake_cap", default=None)
    train_lower_db: Step | None = field(name="train_lower", default=None)
    titrate: Titrate | None = None


class ArousalStop(Said, frozen=True, kw_only=True):
    """What an arousal does: fade, pause, go on more softly."""

    fade_s: Fade = field(name="fade")
    pause_s: Pause = field(name="pause")
    lower_db: Step = field(name="lower")


class AwakeningStop(Said, frozen=True, kw_only=True):
    """More awakenings than this that began while a cue sounded, within this time, end the cues."""

    more_than: Tolerated
    within_s: Span = field(name="within")
    then: Literal["no more tonight"]


class SignalStop(Said, frozen=True, kw_only=True):
    """The sleeper's own signal ends the cues, for a while or for the night."""

    seen: EyeSignal
    then: Literal["no more tonight", "pause"]
    pause_s: Pause | None = field(name="pause", default=None)


class NightmareStop(Said, frozen=True, kw_only=True):
    """An arousal as out of a nightmare ends the cues for the night, and may call the person in charge."""

    then: Literal["no more tonight"]
    call: Literal["person in charge"] | None = None


class Stop(Said, frozen=True, kw_only=True):
    """What ends or softens cues; withdrawing ends them always, and nobody needs to write that."""

    arousal: ArousalStop | None = None
    cue_locked_awakenings: AwakeningStop | None = None
    eye_signal: SignalStop | None = None
    nightmare: NightmareStop | None = None
