"""How good is the phone at this bed, hidden, locked and saving power? Soft sounds at known moments, and what it says.

The page is spoken to as a night speaks to it, by the same door; nothing is recorded, and no consent is touched.
"""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep

import msgspec
import numpy as np

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.speaker import page_wire, wire
from dreamloom.adapters.speaker.deck import DEAD_MAN_S
from dreamloom.house import hearing, pod_hearing
from dreamloom.house.beds import beds_taken
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.phone_graded import KeptGrade
from dreamloom.house.pod_page import device_of
from dreamloom.jukebox.levels import gain
from dreamloom.jukebox.phone_grades import Rehearsed
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import Decibels, Seconds, to_four_places

REHEARSAL_S = Seconds(20 * 60.0)
EVERY_S = Seconds(20.0)
"""So seldom that no sound of the page keeps its timers going, and sixty of them in all. Ours."""
LEAD_S, START_WITHIN_S = 0.25, 0.5
"""As a night has them."""
COMES_WITHIN_S = Seconds(600.0)
LATE_WORD_S = Seconds(3.0)
OVER_DB, UNMEASURED_DBFS = Decibels(10.0), Decibels(-50.0)
"""How loud: so far over what is just heard; soft speech where nobody measured that. Ours."""
TURN_S, TELL_EVERY_S = 0.02, 0.1


@dataclass
class _Heard:
    """What a page said so far."""

    began_s: float
    alive_s: list[float] = field(default_factory=list)
    words: list[page_wire.Alive] = field(default_factory=list)
    due_s: dict[str, float] = field(default_factory=dict)
    errors_ms: list[float] = field(default_factory=list)

    def take(self, line: bytes, now_s: float) -> str | None:
        """The cue that this line tells of, None for any other line."""
        match page_wire.from_page(line):
            case page_wire.Alive() as alive:
                self.alive_s.append(now_s)
                self.words.append(alive)
            case page_wire.Became(cue_id=cue_id) as became:
                due_s = self.due_s.get(cue_id)
                if due_s is not None and became.status == "played" and became.actual_s is not None:
                    self.errors_ms.append(1000 * abs(became.actual_s - due_s))
                return cue_id
            case _:
                pass
        return None

    def found(self, ended_s: float) -> Rehearsed:
        """All of it in numbers."""
        seen = [word for word in self.words if not word.hidden]
        gaps_s = np.diff([self.began_s, *self.alive_s, ended_s])
        return Rehearsed(
            cues=len(self.due_s),
            missed_share=to_four_places(1 - len(self.errors_ms) / max(1, len(self.due_s))),
            error_ms=to_four_places(float(np.percentile(self.errors_ms, 95))) if self.errors_ms else 0.0,
            absent_s=to_four_places(float(gaps_s.max())),
            seen_share=to_four_places(len(seen) / max(1, len(self.words))),
            lock_lost_share=to_four_places(sum(not word.awake for word in seen) / max(1, len(seen))),
            battery_per_h=self._battery_per_h(),
        )

    def _battery_per_h(self) -> float | None:
        levels = [word.battery for word in self.words if word.battery is not None]
        if not levels or any(word.charging for word in self.words):
            return None
        return to_four_places((levels[0] - levels[-1]) * 3600 / max(1.0, self.alive_s[-1] - self.alive_s[0]))


def rehearse(
    folder: NightFolder,
    bed: PodAsked,
    *,
    tell: Callable[[str], None],
    lasts_s: Seconds = REHEARSAL_S,
    every_s: Seconds = EVERY_S,
) -> KeptGrade:
    """Waits for the page, leaves it alone for so long, and keeps the grade for tonight.

    Raises:
        UsageError: DL-E177 for a bed with another speaker.
        RefusedError: DL-E516 while a night uses the bed.
        StreamError: DL-E293 where no page came.
    """
    device = device_of(bed)
    with beds_taken(folder.house, [bed.id]):
        threshold = page_wire.Threshold(folder.house.pod(bed.id).root / page_wire.DOOR)
        try:
            _await(threshold, bed.id)
            tell("The page is there. Lock the phone, let it save power, and leave it alone until it is told here.")
            found = _Rehearsal(threshold, _loud(folder, bed, device), tell).run(lasts_s, every_s)
            kept = KeptGrade(bed.sleeper, device, to_four_places(lasts_s / 60), found)
            path = folder.graded(bed.id)
            path.parent.mkdir(exist_ok=True)
            write_durably(path, msgspec.json.encode(kept))
            threshold.say(page_wire.to_page(page_wire.End("closed")))
            sleep(TELL_EVERY_S)
        finally:
            threshold.close()
    return kept


class _Rehearsal:
    """One page left alone."""

    def __init__(self, threshold: page_wire.Threshold, loud: float, tell: Callable[[str], None]) -> None:
        self._threshold = threshold
        self._loud = loud
        self._tell = tell
        self._name = secrets.token_hex(4)
        self._waiting: dict[str, bytes] = {}

    def run(self, lasts_s: float, every_s: float) -> Rehearsed:
        heard = _Heard(_boot_s())
        ends_s = heard.began_s + lasts_s
        next_s, told_s = heard.began_s + min(every_s, 2.0), -math.inf
        while (now_s := _boot_s()) < ends_s + LATE_WORD_S:
            lines, is_new = self._threshold.look()
            for line in lines:
                cue_id = heard.take(line, now_s) if now_s < ends_s or b"became" in line else None
                if cue_id is not None:
                    self._waiting.pop(cue_id, None)
                    self._threshold.say(page_wire.to_page(page_wire.Noted(cue_id)))
            if is_new or now_s - told_s > TELL_EVERY_S:
                told_s = now_s
                self._threshold.say(page_wire.to_page(page_wire.State(0, now_s + DEAD_MAN_S, self._loud)))
            if now_s >= next_s and now_s < ends_s - every_s / 2:
                next_s += every_s
                self._give(heard, now_s)
            sleep(TURN_S)
        return heard.found(ends_s)

    def _give(self, heard: _Heard, now_s: float) -> None:
        sound, cue_id = pod_hearing.presented(), f"{self._name}.{len(heard.due_s)}"
        at_s = now_s + LEAD_S
        heard.due_s[cue_id] = at_s
        cue = page_wire.Cue(
            cue_id, sound.sha256, len(sound.frames), self._loud, at_s, at_s + START_WITHIN_S, heeds=0, fade_s=None
        )
        self._waiting[cue_id] = page_wire.to_page(cue)
        self._threshold.say(self._waiting[cue_id])
        self._tell(f"{len(heard.due_s)} sounds given, {len(heard.errors_ms)} heard of.")


def _await(threshold: page_wire.Threshold, pod: str) -> None:
    give_up_s = _boot_s() + COMES_WITHIN_S
    while _boot_s() < give_up_s:
        lines, _ = threshold.look()
        threshold.say(page_wire.to_page(page_wire.State(0, _boot_s() + DEAD_MAN_S, 0.0)))
        if any(isinstance(word, page_wire.Alive) and word.armed for word in map(page_wire.from_page, lines)):
            return
        sleep(TELL_EVERY_S)
    raise StreamError(
        "DL-E293",
        f"No page came to {pod}.",
        why="It has to be open, with its notes counted, while the pages are served.",
        still="Nothing was graded.",
        do="dreamloom serve NIGHT --by NAME; dreamloom pod link NIGHT BED; count the notes there, then try again.",
    )


def _loud(folder: NightFolder, bed: PodAsked, device: str) -> float:
    kept = hearing.kept_for(folder, bed, device)
    dbfs = UNMEASURED_DBFS if kept is None else Decibels(kept.dbfs + OVER_DB)
    sound = pod_hearing.presented()
    return gain(dbfs, full_scale_db=Decibels(0.0), loudness_db=sound.loudness_db)


def _boot_s() -> float:
    return wire.boot_ns() / 1e9
