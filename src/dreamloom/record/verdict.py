"""What is a record worth? The answer of verification, in numbers and in words."""

from dataclasses import dataclass
from typing import Literal

Standing = Literal["verified", "not signed yet", "does not verify"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    Attributes:
        ok: nothing contradicts the record, and a checkpoint of this house speaks for it.
        events: rows that are there.
        root: hex root of the tree over their keyed leaves.
        first_bad: the first that does not fit, counted from 0: "seq 41 (p1.0.17)"; "events 120-179" where
            rows are missing or leaves were replaced; "checkpoint over 180 events"; None when all fit.
        why: what does not fit, or, when ok, what could not be checked; "" when everything was.
        erased: events whose subject's key was destroyed, so that their leaf cannot be recomputed.
        signed: how many events the newest good checkpoint covers; what was cut off after it leaves no trace.
    """

    ok: bool
    events: int
    root: str
    first_bad: str | None
    why: str
    erased: int
    signed: int

    @property
    def standing(self) -> Standing:
        """The answer in one word or three; a record that nothing contradicts and nobody signed has not passed."""
        if self.ok:
            return "verified"
        return "not signed yet" if self.first_bad is None else "does not verify"
