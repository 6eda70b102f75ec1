"""Is there room for the night? Asked before it opens and while it runs: cues stop first, recording last."""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from dreamloom.engine.loop import Outside
from dreamloom.house.kept_room import KeptRoom
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import Held
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

BED_HOUR_MB = 12.0
"""What an hour of one bed writes: four channels at 256 Hz, cues and events, with some to spare."""
ENDING_MB = 6.0
"""For the end of a night: twice what SQLite may hold back in its write-ahead log before it moves it. Ours."""
SPARE_MB = 1.0
"""Left beside what is kept for the end, since others fill this disk as well while nobody looks. Ours."""
LOOK_EVERY_S = Seconds(10.0)
"""Of night time, so that a fast night asks as often for what it writes."""

LookForRoom = Callable[[Path], float | None]


class Reserve(NamedTuple):
    """How much room there must be on the disk, in MB of 2^20 bytes.

    Attributes:
        to_open_mb: a night begins, or goes on.
        to_cue_mb: below it no bed is cued, so that recording goes on for half an hour.
        to_record_mb: kept for the end of the night, so that files and record can still be closed.
    """

    to_open_mb: float
    to_cue_mb: float
    to_record_mb: float


def reserve(beds: int) -> Reserve:
    """For a night of so many beds: to its end, half an hour without cues, half an hour with them."""
    half_hour_mb = beds * BED_HOUR_MB / 2
    ending_mb = ENDING_MB + beds
    return Reserve(ending_mb + 2 * half_hour_mb, ending_mb + half_hour_mb, ending_mb)


def refuse_small_disk(folder: NightFolder, beds: int, look: LookForRoom) -> None:
    """Returns when there is room to open this night; raises RecordError with how much to free."""
    free_mb = look(folder.root)
    if free_mb is None or free_mb >= reserve(beds).to_open_mb:
        return
    raise RecordError(
        "DL-E444",
        f"There is too little room on the disk: {free_mb:.1f} MB free, and {_beds(beds)} need "
        f"{reserve(beds).to_open_mb:.0f} MB to begin.",
        why=f"{folder.root.resolve()} lies there; an hour of {_beds(beds)} takes up to {beds * BED_HOUR_MB:.0f} MB.",
        still="Nothing was recorded or played.",
        do=f"Free at least {_to_free_mb(free_mb, beds)} MB, or keep the night in a house on a larger disk.",
    )


class DiskWatch:
    """Looks for room while a night runs.

    Args:
        folder: of the night; its disk is watched.
        pods: every bed's.
        look: room that is left, in MB; None where nobody knows.
        room: what is kept for the end of this night, and counts as left.
        warn: told what a person has to do.
        stop: silences every bed and ends the night, with the reason.
    """

    def __init__(
        self,
        folder: NightFolder,
        pods: Iterable[str],
        look: LookForRoom,
        *,
        room: KeptRoom,
        warn: Callable[[str], None],
        stop: Callable[[str], None],
    ) -> None:
        self.full: RecordError | None = None
        self.room = room
        self._folder = folder
        self._pods = sorted(pods)
        self._look = look
        self._warn = warn
        self._stop = stop
        self._next_s = NightTime(-math.inf)
        self._is_held = False

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What the beds are told: that they are held, once."""
        if now_s < self._next_s or self.full is not None:
            return []
        self._next_s = NightTime(now_s + LOOK_EVERY_S)
        left_mb = self._look(self._folder.root)
        kept = reserve(len(self._pods))
        free_mb = None if left_mb is None else left_mb + self.room.held_mb
        if free_mb is None or free_mb >= kept.to_cue_mb:
            return []
        if free_mb < kept.to_record_mb + SPARE_MB:
            self._end(free_mb)
        return [] if self._is_held else self._hold(now_s, free_mb)

    def _hold(self, now_s: NightTime, free_mb: float) -> list[Outside]:
        self._is_held = True
        if self.full is None:
            self._warn(
                f"The disk is nearly full, {free_mb:.1f} MB free: every bed is silent from now on, and recording goes "
                f"on. Free at least {_to_free_mb(free_mb, len(self._pods))} MB, or the night will end."
            )
        event = Held(onset_s=to_microsecond(now_s), reason="DISK_LOW")
        return [Outside(known_s=now_s, pod=pod, event=event) for pod in self._pods]

    def _end(self, free_mb: float) -> None:
        """The night is not over: it stays open, so that it can go on when there is room again."""
        self.room.give_back()
        beds = len(self._pods)
        self.full = RecordError(
            "DL-E445",
            f"The night was ended at {free_mb:.1f} MB free on the disk, so that its files could still be closed.",
            why=f"{self._folder.root.resolve()} lies there. Sound stopped first.",
            still="Whatever was recorded is whole, and the night is not over.",
            do=f"Free at least {_to_free_mb(free_mb, beds)} MB (an hour of {_beds(beds)} takes up to "
            f"{beds * BED_HOUR_MB:.0f} MB), then it goes on: dreamloom run {self._folder.root}",
        )
        self._stop("disk nearly full")


def _to_free_mb(free_mb: float, beds: int) -> int:
    return math.ceil(reserve(beds).to_open_mb - free_mb)


def _beds(number: int) -> str:
    return "one bed" if number == 1 else f"{number} beds"
