"""Was a wave's cue lawful? Its window a second ahead, held to every rule by the record; then the cue to its window.

No record tells beforehand when a wave comes, so that nothing is owed here: a window that brings no cue is lawful.
"""

from collections.abc import Iterator

from dreamloom.record.events import CueDue, PhaseWindowOpened
from dreamloom.testing.oracle_bed import BedTold
from dreamloom.testing.oracle_rules import TINY, Asked, broken, is_resting

WITHIN_S, WINDOW_S = 0.05, 1.0
OF_MOMENTS = frozenset({"TIMING", "REFRACTORY", "OVERLAP"})
"""Rules on a moment that is known; of a window they are asked otherwise."""


def broken_window(window: PhaseWindowOpened, bed: BedTold, asked: Asked) -> Iterator[str]:
    """Every rule that this window broke when it was opened, judged by its last moment."""
    part = asked.said.get(window.part)
    if part is None or part.phase is None:
        yield "UNHEEDED"
        return
    yield from (rule for rule in broken(_at_last(window), bed, asked) if rule not in OF_MOMENTS)
    if not window.onset_s < window.from_s < window.until_s <= window.from_s + WINDOW_S:
        yield "TIMING"
    if is_resting(window.part, bed, asked, window.until_s):
        yield "REFRACTORY"
    others = (each.until_s for number, each in bed.windows.items() if number != window.part)
    if window.from_s < max((bed.sounds_until_s, *others)) - TINY:
        yield "OVERLAP"


def _at_last(window: PhaseWindowOpened) -> CueDue:
    """A cue in the window's last moment: what holds then (a lease, a consent, a late second) holds in all of it."""
    return CueDue(
        onset_s=window.onset_s,
        tick=window.tick,
        pod=window.pod,
        cue=window.cue,
        cue_sha256=window.cue_sha256,
        part=window.part,
        sound_class=window.sound_class,
        level_db=window.level_db,
        play_at_s=window.until_s,
        expires_s=window.until_s + WITHIN_S,
        lease=window.lease,
    )


def broken_wave(cue: CueDue, bed: BedTold) -> Iterator[str]:
    """Every rule that a cue broke which a window allowed: told a second later, once, in its time and no other way."""
    window = bed.windows.get(cue.part)
    if window is None or window.id != cue.cause:
        yield "WINDOW"
        return
    if bed.withdrawn:
        yield "REVOKED"
    same = (window.cue, window.cue_sha256, window.sound_class, window.level_db, window.lease)
    if same != (cue.cue, cue.cue_sha256, cue.sound_class, cue.level_db, cue.lease):
        yield "WINDOW"
    in_time = window.from_s - TINY <= cue.play_at_s <= window.until_s + TINY
    if not in_time or cue.onset_s != window.onset_s + WINDOW_S or cue.expires_s > cue.play_at_s + WITHIN_S + TINY:
        yield "TIMING"


def is_met(cue: CueDue, bed: BedTold, asked: Asked) -> bool:
    """True for a cue that a wave gave; False for what comes behind it by the clock, and for any other part's."""
    part = asked.said.get(cue.part)
    memory = bed.parts[cue.part]
    goes_on = memory.train_left > 0 and memory.train_s == cue.play_at_s
    return part is not None and part.phase is not None and not goes_on
