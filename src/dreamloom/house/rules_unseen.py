"""Which rules of a dreamscape can this bed not see to? Those that listen to channels which it does not record."""

from collections.abc import Sequence

from dreamloom.dreamscape import words
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.eyes.leads import leads
from dreamloom.house.supporting import Bed
from dreamloom.signals.blocks import Channel
from dreamloom.staging import nightmares

NIGHTMARES = (
    "it ends its cues after an arousal as out of a nightmare: REM in which heart and breath had quickened. That is "
    "seen only at beds that record both, an ECG or pulse wave and a belt or airflow."
)
"""For anybody who reads the dreamscape before there is a bed."""


def rules_unseen(dreamscape: Dreamscape, bed: Bed, *, name: str) -> list[str]:
    """One line for each rule that can never be met at this bed; nothing where its channels are not known yet."""
    stop = dreamscape.stop
    if stop is None or (not bed.channels and bed.why is None):
        return []
    lines = []
    if stop.nightmare is not None and (why := bed.why or _no_body(bed.channels)):
        lines.append(
            f"{name}: stop.nightmare is never met here, for {why}: nobody can tell a start out of a nightmare from "
            "another. What the dreamscape says of arousals holds all the same."
        )
    if stop.eye_signal is not None and (why := bed.why or _no_eyes(bed.channels)):
        lines.append(f"{name}: stop.eye_signal is never met here, for {why}: this sleeper cannot ask for quiet.")
    return lines


def _no_body(channels: Sequence[Channel]) -> str:
    missing = [f"no {each}" for each in nightmares.missing(channels)]
    return f"this bed records {words.several(missing)}" if missing else ""


def _no_eyes(channels: Sequence[Channel]) -> str:
    return "" if leads(channels) else "no channel shows the eyes"
