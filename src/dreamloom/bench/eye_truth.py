"""When did somebody truly signal? A list by hand: one signal a line, its onset and, if known, its end."""

import csv
from pathlib import Path

from dreamloom.vocabulary.errors import ConfigError, StreamError, Where

USUAL_S = 3.0
"""Length of a signal of which only the onset is known."""


def read_signals(path: Path) -> list[tuple[float, float]]:
    """(onset, end) of each, in seconds from the start of the recording; columns onset_s and end_s, or none named.

    Raises:
        StreamError: DL-E248 when the file cannot be read.
        ConfigError: DL-E348 for a line that holds no number.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise StreamError(
            "DL-E248",
            f"The list of signals {path} cannot be read.",
            why=str(error),
            do="Give a CSV with the columns onset_s and end_s.",
        ) from error
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    if rows and not _is_number(rows[0][0]):
        head = [cell.strip().lower() for cell in rows.pop(0)]
        order = [next((i for i, name in enumerate(head) if name.startswith(word)), -1) for word in ("onset", "end")]
        rows = [[row[i] if 0 <= i < len(row) else "" for i in order] for row in rows]
    return sorted(_signal(row, path, place) for place, row in enumerate(rows, 1))


def _signal(row: list[str], path: Path, place: int) -> tuple[float, float]:
    if not _is_number(row[0]):
        raise ConfigError(
            "DL-E348",
            f"{row[0]!r} is no onset of a signal.",
            why="It must be a number of seconds from the start of the recording.",
            do="Write one signal a line: onset_s,end_s.",
            where=Where(str(path), place, 1),
        )
    onset_s = float(row[0])
    return onset_s, float(row[1]) if len(row) > 1 and _is_number(row[1]) else onset_s + USUAL_S


def _is_number(cell: str) -> bool:
    try:
        return float(cell) >= 0.0
    except ValueError:
        return False
