"""Who is there for a night, who was called, and who looked? By the names under which they ask for things."""

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
