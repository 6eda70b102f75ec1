"""What of a broken night's signals is whole? Cuts both files of a segment to their whole seconds."""

import os
from pathlib import Path
from typing import NamedTuple

from dreamloom.adapters.arrivals import HEADER_BYTES, arrivals_beside, rows_of
from dreamloom.adapters.edf_file import Layout, read_layout
from dreamloom.adapters.edf_header import COUNT_AT, encode_count
from dreamloom.vocabulary.errors import StreamError


class RecoveredSegment(NamedTuple):
    """What one segment still holds, and how many bytes of torn seconds were cut off."""

    seconds: int
    bytes_dropped: int


def recover(path: str | Path) -> RecoveredSegment:
    """Cuts a stored segment to the seconds that are whole in the EDF and in its arrivals, and counts them.

    Recovering twice is recovering once. A segment killed before its first second was kept is left as it is.

    Raises:
        StreamError: when the file is missing or no recording.
    """
    path = Path(path)
    arrivals = arrivals_beside(path)
    ends = [HEADER_BYTES, *(row.ends_at for row in rows_of(arrivals)[1])] if arrivals.exists() else None
    try:
        layout = read_layout(path)
    except StreamError:
        if ends is not None and len(ends) == 1:
            return RecoveredSegment(0, 0)
        raise
    per_second = round(1 / layout.record_s)
    seconds = layout.records // per_second
    dropped = 0
    if ends is not None:
        seconds = min(seconds, len(ends) - 1)
        dropped += _cut(arrivals, ends[seconds])
    dropped += _cut(path, layout.header_bytes + seconds * per_second * layout.record_bytes)
    _count(layout, seconds * per_second)
    return RecoveredSegment(seconds, dropped)


def segment_paths(folder: Path, pod: str) -> list[Path]:
    """A pod's stored segments, oldest first: POD.edf, POD.1.edf and so on."""
    paths: list[Path] = []
    while (path := _segment(folder, pod, len(paths))).exists():
        paths.append(path)
    return paths


def next_segment_path(folder: Path, pod: str) -> Path:
    """The first of these that does not exist yet."""
    return _segment(folder, pod, len(segment_paths(folder, pod)))


def _segment(folder: Path, pod: str, number: int) -> Path:
    return folder / (f"{pod}.{number}.edf" if number else f"{pod}.edf")


def _cut(path: Path, size: int) -> int:
    before = path.stat().st_size
    if before <= size:
        return 0
    os.truncate(path, size)
    return before - size


def _count(layout: Layout, records: int) -> None:
    with layout.path.open("r+b") as file:
        file.seek(COUNT_AT)
        file.write(encode_count(records))
        file.flush()
        os.fsync(file.fileno())
