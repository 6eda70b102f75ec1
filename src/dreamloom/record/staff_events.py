"""Who is there for a night, who was called, who looked, and what did they say of a bed? By the names they ask under."""

from typing import Literal

from dreamloom.record.envelope import Event


class StaffOnDuty(Event, frozen=True):
    """Who can be called tonight, in the order in which they are.

    Attributes:
        they_are: awake beside the beds, or only to be reached, while nobody is.
    """

    names: tuple[str, ...]
    they_are: Literal["AWAKE", "REACHABLE"]


class StaffPaged(Event, frozen=True):
    """Somebody was called, because this need of this bed is high and nobody had looked."""

    need: str
    name: str


class NeedSeen(Event, frozen=True):
    """Somebody says that they look after this need of this bed; it calls nobody else."""

    need: str
    by: str


class SetApart(Event, frozen=True):
    """Somebody keeps this bed private: nothing of it reaches another, nothing of another reaches it; its cues go on."""

    by: str


class Rejoined(Event, frozen=True):
    """Somebody lets this bed be among the others again."""

    by: str


class OutOfBedTold(Event, frozen=True):
    """Somebody says that this sleeper is up: silent, and nothing calls anybody for the bed, until they are back.

    Its own signal may tell that sooner than a person does (BackInBedSeen).
    """

    by: str


class BackInBedTold(Event, frozen=True):
    """Somebody says that this sleeper is in bed again."""

    by: str
