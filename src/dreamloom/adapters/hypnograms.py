"""How did an expert score this sleep? Reads EDF+ annotations, tables of onset and stage, and one stage a line."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from dreamloom.adapters.edf import annotations
from dreamloom.adapters.edf_annotations import Annotation
from dreamloom.adapters.stage_words import (
    DREAMS,
    PRERAU,
    RISING,
    RISING_TO_FIVE,
    in_words,
    is_standard_text,
    numbers_in,
    stages_of,
)
from dreamloom.statistics.hypnograms import Stretch
from dreamloom.vocabulary.errors import ConfigError, StreamError
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S, Seconds

EPOCHS_S = (30.0, 20.0, 10.0, 5.0, 60.0, 15.0, 4.0, 2.0, 1.0)
"""Lengths that scorers use for one stage a line; the usual one first."""
_EDF_MAGIC = (b"0       ", b"\xffBIOSEMI")
_ONSET = re.compile(r"^(onset|time|start|begin|seconds?)(\b|_)", re.IGNORECASE)
_DURATION = re.compile(r"^(duration|length)", re.IGNORECASE)
_STAGE = re.compile(r"stage|hypno|label|description|annotation|trial_type|score|event", re.IGNORECASE)


def own_stages(recording: Path, *, duration_s: float) -> list[Stretch]:
    """The stages that a recording's own EDF+ annotations tell ("Sleep stage W", ...); empty when they tell none.

    Raises:
        StreamError: when the recording cannot be read.
    """
    told = [note for note in annotations(recording) if is_standard_text(note.text)]
    return _of_annotations(told, duration_s)


def read_hypnogram(path: Path, *, duration_s: float, codes: Mapping[int, Stage] | None = None) -> list[Stretch]:
    """An expert's stages, onsets counted from the start of the recording, which lasts duration_s.

    Understood are EDF+ files with stage annotations; tables with onset and stage, with or without a duration, where a
    stage lasts until the next one; and one stage a line, the length of an epoch told by how many fill the recording.

    Args:
        path: the file.
        duration_s: length of the recording.
        codes: what numbers mean; without it as in `stage_words`: tables as PRERAU, "[Hypnogram]" as DREAMS, else
            rising numbers from 0 = W.

    Raises:
        StreamError: DL-E236 when there is no such file.
        ConfigError: DL-E609 for an unknown stage, DL-E340 when nothing in it tells stages.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StreamError(
            "DL-E236",
            f"The hypnogram {path} cannot be read.",
            why=error.strerror or type(error).__name__,
            do="Give an EDF+ annotation file, a CSV with onset and stage, or a text with one stage a line.",
        ) from error
    if raw[:8] in _EDF_MAGIC:
        found = _of_annotations([note for note in annotations(path) if in_words(note.text) is not None], duration_s)
    else:
        found = _of_text(raw, path.name, duration_s, codes)
    if all(stretch.stage is Stage.UNSCORED for stretch in found):
        raise _says_nothing(path.name)
    return found


def _of_annotations(notes: Sequence[Annotation], duration_s: float) -> list[Stretch]:
    ends_s = [*(note.onset_s for note in notes[1:]), duration_s][: len(notes)]
    return [
        Stretch(Seconds(note.onset_s), Seconds(note.duration_s or max(0.0, end_s - note.onset_s)), stage)
        for note, end_s in zip(notes, ends_s, strict=True)
        for stage in [in_words(note.text)]
        if stage is not None
    ]


def _of_text(raw: bytes, file: str, duration_s: float, codes: Mapping[int, Stage] | None) -> list[Stretch]:
    lines = [line.strip() for line in raw.decode("utf-8-sig", errors="replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if lines and lines[0].lower() == "[hypnogram]":
        return _of_list(lines[1:], file, duration_s, codes or DREAMS)
    rows = [[cell.strip().strip('"') for cell in re.split(r"[,;\t]", line)] for line in lines]
    if rows and all(len(row) >= 2 for row in rows):
        return _of_table(rows, file, duration_s, codes)
    words = lines[0].split() if len(lines) == 1 else lines
    return _of_list(words, file, duration_s, codes)


def _of_table(rows: list[list[str]], file: str, duration_s: float, codes: Mapping[int, Stage] | None) -> list[Stretch]:
    head = rows[0] if _seconds(rows[0][0]) is None and in_words(rows[0][0]) is None else []
    rows = rows[1:] if head else rows
    onset, length, stage = _columns(head)
    width = max(column for column in (onset, length, stage) if column is not None) + 1
    if any(len(row) < width for row in rows):
        raise _says_nothing(file)
    words = [row[stage] for row in rows]
    onsets_s = [_seconds(row[onset]) for row in rows] if onset is not None else []
    if onset is None or (not head and _counts_epochs(onsets_s)):
        return _of_list(words, file, duration_s, codes)
    starts_s = [value for value in onsets_s if value is not None]
    if len(starts_s) < len(rows):
        raise _says_nothing(file)
    stages = stages_of(words, codes or _table_codes(words), file=file)
    lengths_s = [_seconds(row[length]) for row in rows] if length is not None else [None] * len(rows)
    return [
        Stretch(Seconds(start_s), Seconds(max(0.0, end_s - start_s) if length_s is None else length_s), found)
        for start_s, end_s, length_s, found in zip(
            starts_s, [*starts_s[1:], duration_s], lengths_s, stages, strict=True
        )
    ]


def _table_codes(words: Sequence[str]) -> Mapping[int, Stage]:
    """Depth counted downwards from 5 = W, unless a 0 without any 5 tells that it is counted upwards from W."""
    numbers = numbers_in(words)
    return RISING if 0 in numbers and 5 not in numbers else PRERAU


def _columns(head: Sequence[str]) -> tuple[int | None, int | None, int]:
    """Places of onset, duration and stage; without a head onset and stage come first and second."""
    if not head:
        return 0, None, 1
    onset, length, stage = (
        next((place for place, name in enumerate(head) if pattern.search(name)), None)
        for pattern in (_ONSET, _DURATION, _STAGE)
    )
    return onset, length, len(head) - 1 if stage is None else stage


def _of_list(words: list[str], file: str, duration_s: float, codes: Mapping[int, Stage] | None) -> list[Stretch]:
    if len(words) > 1 and in_words(words[0]) is None and not numbers_in(words[:1]):
        words = words[1:]  # a head
    rising = RISING_TO_FIVE if 5 in numbers_in(words) else RISING
    stages = stages_of(words, codes or rising, file=file)
    epoch_s = min(EPOCHS_S, key=lambda length_s: abs(length_s * len(words) - duration_s)) if words else EPOCH_S
    if abs(EPOCH_S * len(words) - duration_s) <= EPOCH_S:
        epoch_s = EPOCH_S
    return [Stretch(Seconds(place * epoch_s), Seconds(epoch_s), stage) for place, stage in enumerate(stages)]


def _counts_epochs(numbers: Sequence[float | None]) -> bool:
    """True for 0, 1, 2, … or 1, 2, 3, …: epochs are numbered, not timed."""
    return (
        len(numbers) > 1
        and numbers[0] in (0.0, 1.0)
        and all(one is not None and other is not None and other - one == 1.0 for one, other in pairwise(numbers))
    )


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _says_nothing(file: str) -> ConfigError:
    return ConfigError(
        "DL-E340",
        f"{file} tells no stages of sleep.",
        why="Neither stage annotations, nor a column of onsets in seconds beside one of stages, nor a stage a line.",
        do="Give an EDF+ annotation file, a CSV with the columns onset,stage in seconds, or one stage a line.",
    )
