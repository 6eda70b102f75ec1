"""How is a judgement told? Cues and the rules they broke, lawful ones that did not come, and how many there were."""

from collections.abc import Sequence
from typing import NamedTuple


class Unlawful(NamedTuple):
    """One cue and the rule it broke."""

    event: str
    pod: str
    onset_s: float
    rule: str


class Missed(NamedTuple):
    """A lawful cue that was due from this moment on and did not come."""

    pod: str
    part: int
    since_s: float


class Verdict(NamedTuple):
    """What came of the judging.

    Attributes:
        ticks: seconds of beds that were looked at.
        due: cues that were decided.
        played: of those, heard, silent arms included.
    """

    ticks: int
    due: int
    played: int
    unlawful: tuple[Unlawful, ...]
    missed: tuple[Missed, ...]

    @property
    def share(self) -> float:
        """Of the lawful cues that were due, how many played."""
        lawful = self.due + len(self.missed)
        return self.played / lawful if lawful else 1.0


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Several beds or nights as one."""
    return Verdict(
        ticks=sum(each.ticks for each in verdicts),
        due=sum(each.due for each in verdicts),
        played=sum(each.played for each in verdicts),
        unlawful=tuple(wrong for each in verdicts for wrong in each.unlawful),
        missed=tuple(wrong for each in verdicts for wrong in each.missed),
    )
