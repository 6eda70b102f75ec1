"""What was due to sound, what sounded, and why did the rest not? Each cue from its decision to its account."""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed, Sha256Hex
from dreamloom.record.output_events import SoundClass

WithheldReason = Literal[
    "BEFORE_LIGHTS_OFF",
    "STAGE",
    "CONFIDENCE",
    "STABILITY",
    "UNSCORED",
    "STALE",
    "AROUSAL",
    "CONSENT",
    "REVOKED",
    "HALTED",
    "LEASE",
    "BUDGET",
    "LEVEL",
    "STOPPED",
    "NOT_REARMED",
    "OUTSIDE_WINDOW",
    "EXPIRED",
    "OVERLAP",
    "OUT_OF_BED",
    "EYE_SIGNAL",
    "NO_PROFILE",
    "UNCERTAIN",
    "LOCAL_TIME",
    "CYCLE",
    "ASLEEP_FOR",
    "REFRACTORY",
    "AWAKENING",
    "QUORUM",
    "DOSE",
    "VOLUME",
    "MOMENT",
    "POLICY",
]


class CueDue(Event, frozen=True):
    """The pod decided to play. level_db is the planned level; the true gain of an arm is sealed in CueAudited.

    `lease` is the lease, or the id of the command, that allowed it; `part` is -1 for a command, and lower for what is
    no part (dreamscape/slots.py).
    """

    cue: str
    cue_sha256: Sha256Hex
    part: int
    sound_class: SoundClass
    level_db: float
    play_at_s: float
    expires_s: float
    lease: str


class CueLabelled(Event, frozen=True):
    """Beside the CueDue that is its cause: this cue asked for no stage and went by the clock."""

    cue: str
    label: Literal["unstaged"]


class PhaseWindowOpened(Event, frozen=True):
    """One cue may sound in [from_s, until_s), at the moment its wave is met in the second that begins at onset_s.

    Everything that a CueDue must pass was passed for any moment in it; which moment it is, if any, the CueDue that
    names this event tells. Where the record breaks off in it, a cue counts as heard.
    """

    cue: str
    cue_sha256: Sha256Hex
    part: int
    sound_class: SoundClass
    level_db: float
    from_s: float
    until_s: float
    lease: str


class CuePlayed(Event, frozen=True):
    """The speaker's word on one cue. verified: by which evidence the onset is known.

    cut_s: how much was heard when a bit cut it short; None when it ended by itself.
    """

    cue: str
    planned_s: float
    actual_s: float
    verified: Literal["none", "render clock", "callback clock", "loopback", "microphone"]
    cut_s: float | None = None


class CueFailed(Event, frozen=True):
    cue: str
    reason: Literal["EXPIRED", "BITS", "SPEAKER", "UNKNOWN", "POLICY", "SOUND"]
    bits: tuple[str, ...] = ()


class CueWithheld(Event, frozen=True):
    """One episode of not playing for one reason: from onset_s until until_s, count occasions let pass.

    `part` is -1 for a command that was not obeyed.
    """

    cue: str
    part: int
    reason: WithheldReason
    until_s: float
    count: int


class CueForbidden(Event, frozen=True):
    """Some of the house's rules said no to a cue; told when such an episode begins, or other rules say it.

    Attributes:
        part: whose cue it was; -1 for a command's.
        policies: the ids of the rules.
        policy_sha256: of the bundle they stand in.
    """

    cue: str
    part: int
    policies: tuple[str, ...]
    policy_sha256: Sha256Hex


class CueAudited(Event, frozen=True):
    """For every cue, whichever arm: the arm and the true gain, sealed alike; and the phase it met, if it met one."""

    payload: Sealed | None


class PhaseChecked(Event, frozen=True):
    """A moment that was met like a cue's and stayed silent in every arm, four seconds later.

    Attributes:
        part: whose moment it was.
        met_s: when its cue would have sounded.
        error_deg: by how much the true phase ran ahead of the wanted one.
        corrected_deg: what earlier checks had taken off the prediction already.
    """

    part: int
    met_s: float
    error_deg: float
    corrected_deg: float


class SpindleChecked(Event, frozen=True):
    """A spindle's onset that was met like a cue's and stayed silent in every arm, four seconds later.

    Attributes:
        part: whose moment it was.
        met_s: when its cue would have sounded.
        since_onset_s: how long the spindle that holds that moment had lasted; None where hindsight finds none.
    """

    part: int
    met_s: float
    since_onset_s: float | None
