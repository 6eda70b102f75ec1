"""Who is in which arm, sealed before the nights and opened behind the last of them?"""

from typing import Literal

from msgspec import Struct

from dreamloom.record.envelope import Event, Sealed, Sha256Hex


class TrialUnit(Struct, frozen=True, forbid_unknown_fields=True):
    """Sleepers who are always in one arm: one alone, those of a room, a group."""

    name: str
    sleepers: tuple[str, ...]


class TrialDesign(Struct, frozen=True, forbid_unknown_fields=True):
    """How the arms of a trial are drawn: everything but the draw.

    Attributes:
        block: in how many units, nights or cues every arm comes equally often.
        nights: of each sleeper.
        washout_nights: without a cue, between two nights of the trial.
    """

    trial: str
    assign: Literal["across nights", "within night", "across sleepers", "across groups"]
    arms: tuple[str, ...]
    block: int
    nights: int
    washout_nights: int
    units: tuple[TrialUnit, ...]


class ArmsSealed(Event, frozen=True):
    """This pod's arm was drawn and sealed before the night; opened only after the reports are locked."""

    arm: Sealed | None


class TrialSealed(Event, frozen=True):
    """In the house's record: a schedule was drawn, committed to and sealed, before the first night of its trial.

    Attributes:
        commitment_sha256: over the design and a nonce of 256 bits, which lie in the sealed schedule.
        preregistration_sha256: of the file in which the trial was announced; None for one that was not.
    """

    design: TrialDesign
    dreamscape_sha256: Sha256Hex
    preregistration_sha256: Sha256Hex | None
    commitment_sha256: Sha256Hex
    schedule: Sealed | None


class TrialNightBegun(Event, frozen=True):
    """This night is night number trial_night, from 1, of a trial whose schedule was sealed before.

    `sleepers` are those who spend it here; others of the trial may spend theirs elsewhere.
    """

    design: TrialDesign
    trial_night: int
    sleepers: tuple[str, ...]
    dreamscape_sha256: Sha256Hex
    preregistration_sha256: Sha256Hex | None
    commitment_sha256: Sha256Hex


class TrialLocked(Event, frozen=True):
    """In the house's record: the outcomes of a trial are settled, by the hash of each file that holds them."""

    trial: str
    outcomes_sha256: tuple[Sha256Hex, ...]


class ArmsOpened(Event, frozen=True):
    """In the house's record, after the lock: the nonce by which anybody can draw the schedule again."""

    trial: str
    commitment_sha256: Sha256Hex
    nonce: Sha256Hex
