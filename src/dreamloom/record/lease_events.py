"""What may a bed do, by whose word? Leases, commands, people beside the beds, relays, moments for several."""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed, Sha256Hex
from dreamloom.record.guardian_events import Rung
from dreamloom.record.output_events import SoundClass


class LeaseGranted(Event, frozen=True):
    """What the house lets one pod decide alone, for at most 30 s; names all a cue will be checked against."""

    lease: str
    scene: str
    cues: dict[str, str]
    sound_class: SoundClass
    level_cap_db: float
    cues_left: int
    arm: Sealed | None
    dreamscape_sha256: Sha256Hex
    policy_sha256: Sha256Hex
    not_before_s: float
    not_after_s: float


class CommandGiven(Event, frozen=True):
    """What others decide for this bed: one cue, at once or never. Good for 2 s from onset_s at most, whatever it says.

    It passes every veto that a leased cue passes; only the gate and the timer are somebody else's.
    """

    by: str
    cue: str
    cue_sha256: Sha256Hex
    sound_class: SoundClass
    level_cap_db: float
    dreamscape_sha256: Sha256Hex
    policy_sha256: Sha256Hex
    not_after_s: float


class LeaseLapsed(Event, frozen=True):
    lease: str
    reason: str


class OperatorStaged(Event, frozen=True):
    """The stage that a person sees, in the place of the stager's for ten minutes; "" takes an earlier call back."""

    by: str
    stage: Literal["W", "N1", "N2", "N3", "R", ""]


class OperatorStepped(Event, frozen=True):
    """How far a person holds this bed back, on the ladder that the guardian goes by; NONE lets it go again.

    The bed stands on the higher of this rung and the guardian's, from the second in which it hears of it.
    """

    by: str
    rung: Rung


class NoteMade(Event, frozen=True):
    """Somebody wrote down what they saw; their words are sealed under the sleeper's key."""

    by: str
    text: Sealed | None


class RelayOffered(Event, frozen=True):
    """Another sleeper's signal may become one cue of this bed: the event that is its cause, by the consent of both.

    It waits for the receiver's own gate and passes every veto and lease that a cue of theirs passes; whatever is
    derived from one sleeper reaches another through such an event or not at all.

    Attributes:
        relay: its number in the dreamscape.
        sender: the bed that signalled.
        consents: ids of the ConsentGiven of the sender and of the receiver, who each named the other.
        from_s, until_s: when the receiver's bed knows of it, and when it is forgotten.
    """

    relay: int
    sender: str
    cue: str
    consents: tuple[str, ...]
    from_s: float
    until_s: float


class RelayEnded(Event, frozen=True):
    """The offer that is its cause is no more: one of the two agrees no longer."""

    relay: int
    reason: str


class QuorumMet(Event, frozen=True):
    """Enough others are in the stages that a gate of this bed waits for, together and for long enough.

    Attributes:
        quorum: its number among those of the dreamscape.
        others: the beds that were counted beside this one.
        consents: ids of the ConsentGiven of this bed's sleeper and of those, who all agreed to the purpose "group".
        from_s: when this bed knows of it.
    """

    quorum: int
    others: tuple[str, ...]
    consents: tuple[str, ...]
    from_s: float


class QuorumLost(Event, frozen=True):
    """They are no longer, or this bed's sleeper agrees no longer to know."""

    quorum: int


class MomentReady(Event, frozen=True):
    """This bed could do now what is to come to all at one moment: it waits for the others.

    Attributes:
        part: the number of a part, an awakening, or a step between scenes.
    """

    part: int


class MomentUnready(Event, frozen=True):
    """It no longer could, or could not when the moment was called: left out, and why."""

    part: int
    reason: str


class MomentCalled(Event, frozen=True):
    """One moment for all who were ready: this bed does it then, or stays out of it if it no longer can.

    Attributes:
        part: what comes then.
        others: the beds that it is called for beside this one, or that are in the scene already.
        consents: ids of the ConsentGiven of this bed's sleeper and of those, who all agreed to the purpose "group".
        from_s: the moment: this bed decides in that very second, or never.
    """

    part: int
    others: tuple[str, ...]
    consents: tuple[str, ...]
    from_s: float


class GroupsTold(Event, frozen=True):
    """To which groups of the dreamscape this bed's sleeper belongs, as night.toml says."""

    groups: tuple[str, ...]
