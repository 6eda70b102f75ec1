"""How good a loudspeaker is this phone, left alone as at night? Judged from twenty minutes of it, by one table."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from dreamloom.vocabulary.texts import Number, Say, in_english

Grade = Literal["A", "B", "C", "below C"]
Reason = Literal["error_ms", "missed_share", "absent_s", "seen_share", "lock_lost_share", "battery_per_h"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What one rehearsal measured.

    Attributes:
        cues: that were due; missed_share: of those never played.
        error_ms: by how much 95 % of the played ones were beside their time at most; 0 where none was played.
        absent_s: the longest time without a word of the page.
        seen_share: of its words, those said in front: the rest was behind another app, or locked.
        lock_lost_share: of those in front, without a lock that keeps the screen on.
        battery_per_h: share of the battery that an hour takes; None on a charger, or where the phone does not tell.
    """

    cues: int
    missed_share: float
    error_ms: float
    absent_s: float
    seen_share: float
    lock_lost_share: float
    battery_per_h: float | None


class Bound(NamedTuple):
    """At most so much for each grade, in what words a worse one is told, why these numbers, and their form."""

    reason: Reason
    a: float
    b: float
    c: float
    told: str
    why: str
    form: str

    def in_words(self, value: float, *, say: Say = in_english) -> str:
        """What a phone did that was worse than the best grade allows."""
        return say(self.told, figure=Number(value, self.form))


BOUNDS = (
    Bound(
        "error_ms", 20.0, 50.0, 200.0, "Cues came up to {figure} ms beside their time.",
        "20 ms: two pages in step. 50 ms: what a night promises of a page. 200 ms: still inside every gate. Ours.",
        ".0f",
    ),
    Bound(
        "missed_share", 0.0, 0.02, 0.10, "{figure} of the cues never came.",
        "None; one in fifty; one in ten, beyond which a night is another one than its author wrote. Ours.", ".0%",
    ),
    Bound(
        "absent_s", 4.0, 30.0, 120.0, "The page was not heard for {figure} s.",
        "4 s: nobody is called. 30 s: a lease lives so long. 2 min: somebody who is awake can come. Ours.", ".0f",
    ),
    Bound(
        "seen_share", 0.5, 1.0, 1.0, "It was in front for {figure} of the time, so little is known of it locked.",
        "Half of it hidden or locked, as a phone is at night; what was not tried is not promised. Ours.", ".0%",
    ),
    Bound(
        "lock_lost_share", 0.05, 1.0, 1.0, "In front, its screen could have locked for {figure} of the time.",
        "A page that locks is hidden then: worse than one that stays, no reason to refuse it. Ours.", ".0%",
    ),
    Bound(
        "battery_per_h", 0.05, 0.08, 0.12, "An hour took {figure} of its battery.",
        "Of eight hours 40 %, 64 % and nearly all are gone; on a charger nothing is asked. Ours.", ".0%",
    ),
)  # fmt: skip
MAY: dict[Grade, str] = {
    "A": "It may do all that a page may, also sounds that several hear in step.",
    "B": "It may play its own sleeper's sounds. In step with others it may be late.",
    "C": "It may play its own sleeper's sounds while somebody is awake; leave it on its charger and in front.",
    "below C": "It may stop, tell dreams and help. Give this bed another speaker.",
}
ORDER: tuple[Grade, ...] = ("A", "B", "C", "below C")


def graded(found: Rehearsed) -> tuple[Grade, tuple[Reason, ...]]:
    """The worst of its grades, and what kept it from an A."""
    by_reason = {bound.reason: _grade(bound, getattr(found, bound.reason)) for bound in BOUNDS}
    worst = max(by_reason.values(), key=ORDER.index)
    return worst if found.cues else "below C", tuple(name for name, grade in by_reason.items() if grade != "A")


def told(found: Rehearsed, *, say: Say = in_english) -> str:
    """The grade with its reasons and what the phone may do, in sentences."""
    grade, reasons = graded(found)
    words = [bound.in_words(getattr(found, bound.reason), say=say) for bound in BOUNDS if bound.reason in reasons]
    head = say("Rehearsed: below C.") if grade == "below C" else say("Rehearsed: {grade}.", grade=grade)
    return " ".join([head, *words, say(MAY[grade])])


def _grade(bound: Bound, value: float | None) -> Grade:
    if value is None:
        return "A"
    return next((grade for grade, most in zip(ORDER, bound[1:4], strict=False) if value <= most), "below C")
