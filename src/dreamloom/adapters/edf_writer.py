"""How are a sleeper's seconds kept so that nothing but the last can be lost? In an EDF+C that only ever grows.

Each second is one record (or a few, where one would break EDF's limit): 16-bit samples, then annotations. Data is
written and made durable first, the number of records in the header after it; so whatever ends the process, the file
opens as it stands, and `recovery.recover` finds what the header does not count yet.
"""

import io
import math
import os
import time
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from dreamloom.adapters.arrivals import ArrivalsWriter, arrivals_beside
from dreamloom.adapters.edf_annotations import Annotation, encode, encode_record_onset, split
from dreamloom.adapters.edf_header import COUNT_AT, Heading, encode_count, encode_header
from dreamloom.adapters.folders import sync_folder
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.units import Int16Array, NightTime, Seconds

MOST_RECORD_BYTES = 61_440
"""The longest record EDF allows (Kemp et al. 1992)."""
RECORDS_PER_SECOND = (1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50)
"""Ways to cut a second whose duration is exact in the eight characters of the header."""
ANNOTATION_BYTES = 120
"""Room for annotations in a record, its own onset included: four short notes. Ours."""
LONGEST_TEXT_BYTES = 72
"""What is left for one text beside the record's onset, its own onset and its duration. Ours."""
ROOM_KEPT = 3_600
"""How many records' free room is remembered for notes that come after the last second."""
SYNC_EVERY_S = 0.9
"""Wall time between two syncs; below 1 s, so that a live night syncs every second. Ours."""
ANONYMOUS_START = datetime(1985, 1, 1)  # noqa: DTZ001 - EDF knows no zones; its first possible date stands for none


class EdfStore:
    """One pod's stored seconds, their arrivals beside them; implements SignalStore.

    The files are made with the first samples: a stream that never came leaves none. The header tells no name, and no
    date unless `started` is given; it keeps the night second that the file begins with.

    Attributes:
        path: the EDF; the arrivals lie beside it under the same name.
        seconds: how many were appended.
    """

    def __init__(
        self,
        path: str | Path,
        channels: Sequence[Channel],
        grid_hz: int,
        *,
        started: datetime | None = None,
        onset_s: float = 0.0,
    ) -> None:
        """Prepares a segment.

        Args:
            path: must not exist yet: a segment is never appended to by a second process.
            channels: label, kind and range of each.
            grid_hz: samples in a second.
            started: wall time at which the night opened.
            onset_s: night second with which the file is expected to begin; the first second that comes decides.

        Raises:
            RecordError: when the file exists, or the channels or the rate have no form in EDF.
        """
        self.path = Path(path)
        self.seconds = 0
        self._per_second = _records_per_second(self.path, len(channels), grid_hz)
        self._heading = Heading(
            channels=tuple(channels),
            grid_hz=grid_hz,
            samples_per_record=grid_hz // self._per_second,
            record_s=1 / self._per_second,
            annotation_bytes=ANNOTATION_BYTES,
        )
        self._started = started
        self._first = round(onset_s)
        self._header()  # a channel that no header can hold is refused before the night, not in it
        if self.path.exists():
            raise _cannot_keep(self.path, "It exists already, and a stored segment is never written to again.")
        self._waiting: deque[Annotation] = deque()
        self._free: deque[tuple[int, int]] = deque(maxlen=ROOM_KEPT)
        self._synced_s = -math.inf
        self._files: tuple[io.BufferedWriter, ArrivalsWriter] | None = None
        self._unsynced: RecordError | None = None

    @property
    def onset_file_s(self) -> NightTime:
        """The night second the file begins with."""
        return NightTime(float(self._first))

    def append(self, second: GridSecond) -> None:
        """Keeps the next second; durable at once when the last sync is older than SYNC_EVERY_S of wall time.

        Raises:
            RecordError: when the disk refuses, or the second does not follow the last one.
        """
        if self._files is not None and second.index != self._first + self.seconds:
            raise _cannot_keep(self.path, f"Second {second.index} does not follow {self._first + self.seconds - 1}.")
        try:
            file, arrivals = self._files or self._open(second.index)
            for k, samples in enumerate(self._records(second)):
                file.write(samples.T.astype("<i2").tobytes())
                file.write(self._notes(self.seconds + k / self._per_second, file.tell()))
            file.flush()
            arrivals.append(second)
        except OSError as error:
            raise _cannot_keep(self.path, f"{error.strerror}.") from error
        self.seconds += 1
        if time.monotonic() - self._synced_s >= SYNC_EVERY_S:
            self.sync()

    def draft(self, second: GridSecond) -> None:
        """Lays the second that is still filling up behind the last whole one, where the next append covers it.

        The header does not count it; after a crash the recovery scan finds it whole, its missing end flagged as filled.

        Raises:
            RecordError: when the disk refuses.
        """
        if self._files is not None and second.index != self._first + self.seconds:
            return
        records = b"".join(
            samples.T.astype("<i2").tobytes()
            + encode_record_onset(self.seconds + k / self._per_second).ljust(ANNOTATION_BYTES, b"\0")
            for k, samples in enumerate(self._records(second))
        )
        try:
            file, arrivals = self._files or self._open(second.index)
            os.pwrite(file.fileno(), records, file.tell())
            arrivals.draft(second)
            if self.seconds == 0:  # a file that counts no record is none to some readers
                os.pwrite(file.fileno(), encode_count(self._per_second), COUNT_AT)
        except OSError as error:
            raise _cannot_keep(self.path, f"{error.strerror}.") from error

    def _records(self, second: GridSecond) -> Int16Array:
        """[record, sample, channel]."""
        return second.digital.reshape(self._per_second, -1, second.digital.shape[1])

    def annotate(self, onset_s: NightTime, duration_s: Seconds, text: str) -> None:
        """An EDF+ annotation in night time; waits for the next record with room, a long text in several pieces."""
        self._waiting.extend(split(Annotation(onset_s, duration_s, text), LONGEST_TEXT_BYTES))

    def sync(self) -> None:
        """Returns when everything appended is on the disk and counted in the header.

        Raises:
            RecordError: when the disk refuses, and ever after: a disk says once what it lost, then that all is well.
        """
        if self._unsynced is not None:
            raise self._unsynced
        if self._files is None:
            return
        file, arrivals = self._files
        try:
            os.fsync(file.fileno())
            arrivals.sync()
            os.pwrite(file.fileno(), encode_count(self.seconds * self._per_second), COUNT_AT)
        except OSError as error:
            self._unsynced = _cannot_keep(self.path, f"{error.strerror}.")
            raise self._unsynced from error
        self._synced_s = time.monotonic()

    def close(self) -> None:
        """Writes the notes that still wait, syncs and closes; closing twice is closing once.

        Raises:
            RecordError: when the disk refuses or had refused; both files are closed all the same, and a recovery finds
                every second.
        """
        if self._files is None:
            return
        file, arrivals = self._files
        try:
            with ExitStack() as closing:
                closing.callback(self._forget)
                closing.callback(arrivals.close)
                closing.callback(file.close)
                if self._unsynced is not None:
                    raise self._unsynced
                os.ftruncate(file.fileno(), file.tell())
                self._place_late_notes(file.fileno())
                self.sync()
                os.fsync(file.fileno())
        except OSError as error:
            raise _cannot_keep(self.path, f"{error.strerror}.") from error

    def _forget(self) -> None:
        self._files = None

    def _header(self) -> bytes:
        began = (self._started or ANONYMOUS_START) + timedelta(seconds=self._first)
        return encode_header(self._heading, started=began, is_dated=self._started is not None, onset_s=self._first)

    def _open(self, first_index: int) -> tuple[io.BufferedWriter, ArrivalsWriter]:
        self._first = first_index
        arrivals = ArrivalsWriter(arrivals_beside(self.path), self._heading.grid_hz)
        file = self.path.open("xb")
        file.write(self._header())
        file.flush()
        self._files = file, arrivals
        sync_folder(self.path.parent)
        return self._files

    def _notes(self, record_onset_s: float, at: int) -> bytes:
        """When a record starts, then as many waiting notes as fit; `at` is their place in the file."""
        notes = encode_record_onset(record_onset_s)
        while self._waiting and len(notes) + len(self._encoded(self._waiting[0])) <= ANNOTATION_BYTES:
            notes += self._encoded(self._waiting.popleft())
        self._free.append((at + len(notes), ANNOTATION_BYTES - len(notes)))
        return notes.ljust(ANNOTATION_BYTES, b"\0")

    def _encoded(self, note: Annotation) -> bytes:
        return encode(note._replace(onset_s=note.onset_s - self._first))

    def _place_late_notes(self, file_number: int) -> None:
        """Notes made after the last second go into what room earlier records have: EDF+ allows any record.

        What finds no room stands in the night's record all the same: a note repeats an event, for those who read EDF+.
        """
        for at, free in reversed(self._free):
            if not self._waiting:
                return
            note = self._encoded(self._waiting[0])
            if len(note) <= free:
                os.pwrite(file_number, note, at)
                self._waiting.popleft()


def _records_per_second(path: Path, channels: int, grid_hz: int) -> int:
    """As few as keep every record within EDF's limit."""
    for count in RECORDS_PER_SECOND:
        if grid_hz % count == 0 and 2 * channels * (grid_hz // count) + ANNOTATION_BYTES <= MOST_RECORD_BYTES:
            return count
    raise _cannot_keep(
        path, f"{channels} channels at {grid_hz} Hz cannot be cut into records of at most {MOST_RECORD_BYTES} bytes."
    )


def _cannot_keep(path: Path, why: str) -> RecordError:
    return RecordError(
        "DL-E443",
        f"The signals cannot be kept in {path}.",
        why=why,
        still="Every second kept before is whole.",
        do="Free space or check the disk, then open the night again: it goes on in a new segment.",
    )
