"""Who lies where, by which rules and machine, and how does a night open, break off and end?"""

from typing import Literal

from msgspec import Struct

from dreamloom.record.envelope import Event, Sha256Hex


class Seat(Struct, frozen=True, forbid_unknown_fields=True):
    """Who lies beside which pod, by pseudonym, and where its samples come from."""

    pod: str
    sleeper: str
    source: str


class NightOpened(Event, frozen=True):
    """The first event: what was asked for, by hash. Wall time and the night's own name are in HostDescribed."""

    mode: Literal["private", "shared", "hybrid"]
    timezone: str
    dreamscape: str
    dreamscape_sha256: Sha256Hex
    consent_sha256: Sha256Hex
    simulation_seed: int
    roster: tuple[Seat, ...]


class HostDescribed(Event, frozen=True):
    """Name, wall time, versions and machine of one opening; outside the compared root.

    `utc` is the wall time at which this opening's night time `onset_s` was struck.
    """

    night: str
    night_toml_sha256: Sha256Hex
    utc: str
    speed_x: float
    versions: dict[str, str]
    platform: str


class PolicyAdopted(Event, frozen=True):
    """Which rules are in force from here on: in a night for all of it, in the house until it adopts others.

    Attributes:
        policy_sha256: of the bundle, as leases and commands name it.
        version: of the bundle; no house goes by one lower than it has seen.
        by: who adopted it; "shipped" where nobody had to.
    """

    policy_sha256: Sha256Hex
    version: int
    by: str


class PodEnrolled(Event, frozen=True):
    """In the house's record: this house knows a bed by its key from here on, and may tell it what to sound.

    Attributes:
        key_sha256: of its public key.
        device: a random id with the beginning of that hash.
        by: who compared the words of the key, or the bed itself.
    """

    key_sha256: Sha256Hex
    device: str
    by: str


class PodRevoked(Event, frozen=True):
    """In the house's record: nothing this house says reaches a bed with this key any more."""

    key_sha256: Sha256Hex
    by: str


class NightClosed(Event, frozen=True):
    status: Literal["complete", "interrupted", "failed"]
    reason: str
    counts: dict[str, int]


class Recovered(Event, frozen=True):
    """A broken night was opened again: [lost_from_s, lost_to_s) is unknown; silent until re-armed."""

    lost_from_s: float
    lost_to_s: float
    segment: int


class Rearmed(Event, frozen=True):
    by: str


class MachineSlept(Event, frozen=True):
    """The machine was suspended for slept_s from onset_s on, or, for 0, its lid was closed: the bed is disarmed."""

    slept_s: float
