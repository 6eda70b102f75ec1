"""How are things named? Pods, sleepers and nights by short safe words, events by (origin, boot, n)."""

import re
from typing import NamedTuple, NewType

from dreamloom.vocabulary.errors import ConfigError, Where

PodId = NewType("PodId", str)
SleeperId = NewType("SleeperId", str)
NightId = NewType("NightId", str)

SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class EventId(NamedTuple):
    """An event's identity: who said it, in which life of that process, and its count since then."""

    origin: str
    boot: int
    n: int

    def __str__(self) -> str:
        return f"{self.origin}.{self.boot}.{self.n}"

    @classmethod
    def parse(cls, text: str) -> "EventId":
        """Reads "p1.0.17"; raises ValueError on anything else."""
        origin, boot, n = text.rsplit(".", 2)
        return cls(origin, int(boot), int(n))


def safe_name(text: str, *, what: str, where: Where | None = None) -> str:
    """The text itself if it may name a file: a letter or digit, then letters, digits, - and _, at most 64.

    Raises:
        ConfigError: for anything else, naming the offending value.
    """
    if SAFE_NAME.fullmatch(text):
        return text
    raise ConfigError(
        "DL-E301",
        f"{what} {text!r} cannot be used as a name.",
        why="It becomes a file name: a letter or digit first, then letters, digits, - or _, at most 64 in all.",
        do=f"Choose a short {what} such as p1 or S01.",
        where=where,
    )
