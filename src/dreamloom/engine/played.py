"""What is to be played for a cue, and what became of it, as the record tells it? A sound, or why there is none."""

from collections.abc import Callable
from enum import Enum
from typing import Literal

from dreamloom.jukebox.cues import Sound, SoundOutcome
from dreamloom.pod import player
from dreamloom.ports import PlayCommand
from dreamloom.record.events import AnyEvent, CueDue, CueFailed, CuePlayed
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond


class Unfit(Enum):
    """Stands where a sound would be: what lies at the bed is not what was agreed to."""

    CHANGED = "changed"


CHANGED = Unfit.CHANGED
Chosen = Sound | Literal[Unfit.CHANGED] | None
ChooseSound = Callable[[CueDue], Chosen]
"""The sound of this bedside's sealed arm for a planned cue; None where none may sound."""

FAILURES: dict[str, Literal["EXPIRED", "BITS", "SPEAKER", "POLICY", "SOUND"]] = {
    "expired": "EXPIRED",
    "silenced": "BITS",
    "failed": "SPEAKER",
    "undecided": "POLICY",
    "changed": "SOUND",
}


def command_for(due: CueDue, sound: Sound, *, fade_s: Seconds | None) -> PlayCommand:
    """What the speaker is told to do for this cue."""
    return PlayCommand(
        cue_id=due.id,
        sound=sound,
        level_db=Decibels(due.level_db),
        play_at_s=NightTime(due.play_at_s),
        expires_s=NightTime(due.expires_s),
        silenced_by=player.heeds(due),
        arousal_fade_s=fade_s,
    )


def unplayed(due: CueDue, status: Literal["failed", "undecided", "changed"]) -> SoundOutcome:
    """What became of a cue for which nothing was given to any speaker."""
    return SoundOutcome(due.id, status, None, Seconds(0.0), cut=False, bits=(), verified="none")


def told(due: CueDue, outcome: SoundOutcome) -> AnyEvent:
    """The speaker's word as an event; the planned cue is named, never the arm's."""
    if outcome.status == "played" and outcome.actual_s is not None:
        return CuePlayed(
            onset_s=to_microsecond(outcome.actual_s),
            cause=due.id,
            cue=due.cue,
            planned_s=due.play_at_s,
            actual_s=to_microsecond(outcome.actual_s),
            verified=outcome.verified,
            cut_s=to_microsecond(outcome.heard_s) if outcome.cut else None,
        )
    return CueFailed(
        onset_s=due.play_at_s,
        cause=due.id,
        cue=due.cue,
        reason=FAILURES.get(outcome.status, "UNKNOWN"),
        bits=outcome.bits,
    )
