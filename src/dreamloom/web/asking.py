"""What may be asked for from a page, by whom? The same words as on the command line; the night decides on them."""

from msgspec import Struct

from dreamloom.dreamscape.model import SILENCE
from dreamloom.house import by_hand, opening, withdrawing
from dreamloom.house.by_hand import AnyWord, Cue, HeldBack, Letter, Mark, MarkKind, Note, Stage, Step
from dreamloom.house.layout import NightFolder

ALL = "all"


class HeldAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """How far a bed is to be held back."""

    rung: HeldBack


class StageAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The stage that a person sees; "" takes an earlier call back."""

    stage: Letter


class MarkAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds at this bed from now on, as a person sees or wants it."""

    mark: MarkKind


class NoteAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Words at this moment."""

    text: str


class CueAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A cue of tonight's dreamscape, by its name; sham is silence by the same way."""

    cue: str = SILENCE


class Left(Struct, frozen=True):
    """What was asked for lies beside the night, which takes it up at its next look or never."""

    beds: tuple[str, ...]


AnyAsked = HeldAsked | StageAsked | MarkAsked | NoteAsked | CueAsked


def beds_meant(folder: NightFolder, pod: str) -> list[str]:
    """One bed, or all of them.

    Raises:
        UsageError, RefusedError: for a bed that the night does not have, or a night that is over.
    """
    sleeping = withdrawing.who_sleeps_where(folder)
    return list(sleeping) if pod == ALL else [withdrawing.find_pod(sleeping, pod)[0]]


def word_of(asked: AnyAsked, *, pod: str, by: str) -> AnyWord:
    """What is left beside the night.

    Raises:
        UsageError: for a note without words, or with too many.
    """
    match asked:
        case HeldAsked():
            return Step(pod=pod, by=by, rung=asked.rung)
        case StageAsked():
            return Stage(pod=pod, by=by, stage=asked.stage)
        case MarkAsked():
            return Mark(pod=pod, by=by, mark=asked.mark)
        case CueAsked():
            return Cue(pod=pod, by=by, cue=asked.cue)
        case NoteAsked():
            by_hand.refuse_note(asked.text)
            return Note(pod=pod, by=by, text=asked.text)


def leave(folder: NightFolder, asked: AnyAsked, *, pod: str, by: str) -> list[str]:
    """Leaves the word at each bed that is meant; tells which.

    Raises:
        UsageError: for a cue that the night does not have.
    """
    if isinstance(asked, CueAsked):
        by_hand.refuse_cue(asked.cue, opening.read_asked(folder).plan.cue_sha256)
    beds = beds_meant(folder, pod)
    for bed in beds:
        by_hand.leave(folder, word_of(asked, pod=bed, by=by))
    return beds
