"""What becomes of a night whose disk fails to sync, once or for good, and of a no that is said there?"""

from dreamloom.testing import failing_syncs
from dreamloom.testing.failing_disk import Broken, Heard, broken_night, heard_night
from promises.kept import Load, scratch
from promises.registry import Measured, promise

ENDING = ("nights/broken/record.sqlite-wal:60", "nights/broken/record.sqlite-wal:75-", "p1.edf:3", "p1.arrivals:3-")
"""Syncs without which nothing is acknowledged: the night ends."""
BESIDE = ("broken.note.draft:1-", "house/house/record.sqlite-wal:3-")
"""Syncs of what lies beside, which the night can do without; a bed that cannot be enrolled is silent."""
BEFORE = ("nights/broken/record.sqlite-journal:1-", "consent.json.draft:1-")
"""Syncs before the first second: the night does not open."""
SILENT_S = 0.5


@promise(
    "a night whose disk fails to sync",
    f"EIO never taken for success: sound stops <= {SILENT_S:g} s, a no silences and says that it is not on the disk, "
    "every record verifies and goes on, 0 tracebacks",
)
def failing_disk() -> Measured:
    """The kernel answers fsync with EIO, once or from then on; eight short nights, and a live one that is heard."""
    if not failing_syncs.is_possible():
        return Measured("not measured", None, "Only Linux lets a test fail the syncs of a process.")
    load = Load()
    nights = {which: broken_night(scratch("sync"), which) for which in (*ENDING, *BESIDE, *BEFORE)}
    return judged(nights, heard_night(scratch("sync")), said=f"Measured under {load}.")


def judged(nights: dict[str, Broken], heard: Heard, *, said: str = "") -> Measured:
    """Whether each ended as it should, and what was heard."""
    wrong = [which for which, night in nights.items() if not _is_kept(which, night)]
    is_silent = max(heard.p1_s, heard.p2_s) <= SILENT_S and heard.cues_before > 0 and heard.sounded_s < 10.0
    is_told = heard.withdrawn.code == "DL-E448" and heard.is_recorded and heard.run.code == "DL-E413"
    is_clean = not (heard.withdrawn.is_traceback or heard.run.is_traceback) and heard.verifies
    lost = sum(max(0, night.safe - night.held) for night in nights.values())
    return Measured(
        f"{len(nights) - len(wrong)} of {len(nights)} whole, silent within {max(heard.p1_s, heard.p2_s):.2f} s",
        not wrong and is_silent and is_told and is_clean,
        f"{lost} events lost of those called safe. A no on such a disk: {heard.withdrawn.code or 'nothing told'}, "
        f"silent after {heard.p1_s:.2f} s, in the record: {heard.is_recorded}. The record itself: {heard.run.code}, "
        f"the other bed silent after {heard.p2_s:.2f} s. Verifies: {heard.verifies}. "
        f"{'Otherwise than it should: ' + ', '.join(wrong) + '. ' if wrong else ''}{said}".strip(),
    )


def _is_kept(which: str, night: Broken) -> bool:
    is_whole = night.verifies and night.replays and night.goes_on and night.held >= night.safe
    ends = {0} if which in BESIDE else {6} if which in ENDING else {1, 6}
    is_shaped = night.run.exit_code in ends and bool(night.run.code) == (0 not in ends) and not night.run.is_traceback
    return night.run.has_failed_sync and is_whole and is_shaped and (which not in ENDING or night.cues > 0)
