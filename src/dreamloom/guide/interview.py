"""Where does somebody's morning stand, and what comes next? A fold over what was told, and a table of steps.

Nothing behind the lock is asked, shown or named before it: the step that reveals follows from the fold alone.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.record.drawing_events import DrawingKept, DrawingTakenAway
from dreamloom.record.events import AnyEvent
from dreamloom.record.morning_events import (
    AwakenedBy,
    DreamReported,
    InterviewAnswered,
    InterviewStep,
    Recall,
    ReportLocked,
    ReportShared,
    SharedFor,
    ThemeRevealed,
)

Step = Literal["report", "more", "lock", "probes", "guess", "outcome", "wait", "reveal", "share", "done"]
MOST_PIECES = 3
"""The report, and two answers to whether there is anything else."""


OF_A_REPORT = (
    DreamReported,
    DrawingKept,
    DrawingTakenAway,
    ReportLocked,
    InterviewAnswered,
    ThemeRevealed,
    ReportShared,
)


class Interview(Struct, frozen=True, kw_only=True):
    """One report of one morning, as far as it was told.

    Attributes:
        pieces: by their hashes, the ciphertexts of what was told, in order.
        drawing: so its drawing or photo; "" without one.
        came: "" until it is locked.
        shared: None until its dreamer said what it may be used for.
    """

    report: str = ""
    sleeper: str = ""
    night: str = ""
    dreamt_on: str = ""
    awakened_by: AwakenedBy = "morning"
    recall: Recall = "none"
    pieces: tuple[str, ...] = ()
    drawing: str = ""
    came: Literal["", "IN_TIME", "LATE"] = ""
    answered: frozenset[InterviewStep] = frozenset()
    is_revealed: bool = False
    shared: tuple[SharedFor, ...] | None = None

    @property
    def is_locked(self) -> bool:
        return bool(self.came)

    @property
    def sha256(self) -> str:
        """What a lock is over: all that was told, and the drawing behind it."""
        return hashlib.sha256("".join((*self.pieces, self.drawing)).encode()).hexdigest()


def fold(state: Interview, event: AnyEvent) -> Interview:
    """The morning after one more event of it; others change nothing."""
    match event:
        case DreamReported():
            sealed = event.text.ciphertext_sha256 if event.text else ""
            return replace(
                state,
                report=event.report,
                sleeper=event.sleeper,
                night=event.night,
                dreamt_on=event.dreamt_on,
                awakened_by=event.awakened_by,
                recall=event.recall,
                pieces=(*state.pieces, sealed),
            )
        case DrawingKept():
            return replace(state, drawing=event.ciphertext_sha256)
        case DrawingTakenAway():
            return replace(state, drawing="")
        case ReportLocked():
            return replace(state, came=event.came)
        case InterviewAnswered():
            return replace(state, answered=state.answered | {event.step})
        case ThemeRevealed():
            return replace(state, is_revealed=True)
        case ReportShared():
            return replace(state, shared=event.scopes)
        case _:
            return state


def interviews(events: Iterable[AnyEvent]) -> dict[str, Interview]:
    """Every report of these events by its name, in the order in which they were begun."""
    found: dict[str, Interview] = {}
    for event in events:
        if isinstance(event, OF_A_REPORT):
            found[event.report] = fold(found.get(event.report, Interview()), event)
    return found


def step_of(state: Interview, *, is_baseline: bool = False, may_reveal: bool = False) -> Step:
    """What comes next.

    Args:
        state: the report.
        is_baseline: it followed no night of the house, so that there is nothing to guess or to reveal.
        may_reveal: everybody of the night has locked theirs, or it is time.
    """
    if not state.pieces:
        return "report"
    if not state.is_locked:
        return "more" if state.recall == "content" and len(state.pieces) < MOST_PIECES else "lock"
    if state.recall == "content" and "probes" not in state.answered:
        return "probes"
    if not is_baseline and "guess" not in state.answered:
        return "guess"
    if "outcome" not in state.answered:
        return "outcome"
    if not is_baseline and not state.is_revealed:
        return "reveal" if may_reveal else "wait"
    return "share" if state.shared is None else "done"
