"""What does it cost when the machine is switched off in the middle of a night?"""

import statistics

from dreamloom.testing import killed_nights, rearming
from promises.kept import Load, scratch
from promises.registry import Measured, promise

KILLS = 20
MOST_LOST_S = 1.0
SLOWEST_S = 5.0


@promise(
    f"kill -9 {KILLS} times in one night",
    f"<= {MOST_LOST_S:g} s of signal and no acknowledged event lost, recording again in < {SLOWEST_S:g} s, silent",
)
def kills_cost_little() -> Measured:
    """A live night killed at random moments and opened again each time; at the end it verifies, replays and opens."""
    load = Load()
    night = killed_nights.run(KILLS, 1, scratch("kills"))
    lost_s = [kill.signal_lost_s for kill in night.kills]
    resumed_s = [kill.resumed_in_s for kill in night.kills]
    events_lost = sum(kill.events_lost for kill in night.kills)
    too_early = sum(kill.cues_before_rearming for kill in night.kills)
    is_kept = max(lost_s) <= MOST_LOST_S and max(resumed_s) < SLOWEST_S and events_lost == too_early == 0
    is_whole = night.verifies and night.replays and night.files_open == KILLS + 1
    return Measured(
        f"{max(lost_s):.2f} s, {events_lost} events lost, back in {max(resumed_s):.1f} s",
        is_kept and is_whole and len(night.kills) == KILLS,
        f"Signal lost: median {statistics.median(lost_s):.2f} s, at most {max(lost_s):.2f} s. Recording again: median "
        f"{statistics.median(resumed_s):.1f} s, at most {max(resumed_s):.1f} s. Cues before re-arming: {too_early}. "
        f"Verifies: {_yes(night.verifies)}; replays: {_yes(night.replays)}; {night.files_open} of {KILLS + 1} files "
        f"open in three readers. Measured under {load}.",
    )


@promise("silence after kill -9 in REM", "no cue until the bed is armed again, then cues again")
def silent_until_armed() -> Measured:
    """A bed that was being cued is killed; its sleeper allowed one re-arming, which comes a minute later."""
    night = rearming.run(scratch("rearming"))
    is_lawful = night.cues_before >= rearming.LEAST_CUES and night.withheld_disarmed > 0 and night.cues_after > 0
    return Measured(
        f"{night.cues_disarmed} cues while disarmed",
        night.cues_disarmed == 0 and is_lawful,
        f"{night.cues_before} cues before the kill; {night.disarmed_s:.0f} s of night disarmed, "
        f"{night.withheld_disarmed} occasions let pass for it; {night.cues_after} cues after the re-arming.",
    )


def _yes(is_so: bool) -> str:  # noqa: FBT001 - the word for a truth value
    return "yes" if is_so else "no"
