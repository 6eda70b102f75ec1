"""What becomes of a live bed whose device dies, stalls, returns and is impersonated? And how do 32 fare at once?"""

import json
import sys
from typing import Any

from promises.cli_runs import run_measured
from promises.kept import Load, scratch
from promises.registry import Measured, promise

LOST_WITHIN_S = 2.0
CHUNK_S = 16 / 256
"""The last sample was taken up to so long before its device was killed: it sends 16 at once."""
LOSSES = ("killed, lost", "stalled, lost", "killed again, lost")
REFUSED = (("IMPOSTOR", ("labels",)), ("IMPOSTOR", ("source_id", "twin")), ("RENAMED", ("name",)))
STREAMS, CHANNELS, SFREQ_HZ, SECONDS = 32, 8, 256, 20
READY_S, AGE_MS, CORES = 5.0, 100.0, 0.5


@promise(
    "a live stream killed, restarted, stalled, doubled, renamed",
    "lost <= 2 s after each last sample, gaps exact, no stall passes as connected, none but the device let in",
)
def accidents() -> Measured:
    """A live night of one bed on a real outlet in another process, which meets with one accident after the other."""
    load = Load()
    words = [sys.executable, "-m", "dreamloom.testing.live_streams", str(scratch("lsl"))]
    return judged_accidents(_ran(words), said=f"Measured under {load}.")


def judged_accidents(night: dict[str, Any], *, said: str = "") -> Measured:
    """The slowest loss, and whether everything else held."""
    heard, glitches = night["heard_s"], [(kind, tuple(differs)) for kind, differs in night["glitches"]]
    losses_s = [heard[name] + CHUNK_S if heard[name] is not None else None for name in LOSSES]
    told_all = all(told is not None for name, told in heard.items() if name != "renamed, found after all")
    slowest_s = max((each for each in losses_s if each is not None), default=float("inf"))
    kept = (
        told_all
        and slowest_s <= LOST_WITHIN_S
        and len(night["losses"]) == len(LOSSES)
        and [glitch for glitch in glitches if glitch[0] in ("IMPOSTOR", "RENAMED")] == list(REFUSED)
        and heard["renamed, found after all"] is None
        and night["foreign_samples"] == 0
        and _gap_is_bounded(night)
        and night["replay_differs"] is None
    )
    words = ", ".join(f"{name} after {told} s" for name, told in heard.items() if told is not None)
    gaps = ", ".join(f"{onset_s:.3f} s for {duration_s:.3f} s" for onset_s, duration_s in night["gaps"])
    return Measured(
        f"lost within {slowest_s:.2f} s, {night['foreign_samples']} foreign samples",
        kept,
        f"{words}. Gap at {gaps}; the stall lost no sample, its samples came late. {len(night['losses'])} losses; "
        f"refused: {', '.join(f'{kind} ({chr(44).join(differs)})' for kind, differs in glitches if differs)}; "
        f"replay: {night['replay_differs'] or 'the same record'}. {said}".strip(),
    )


def _gap_is_bounded(night: dict[str, Any]) -> bool:
    """One gap, from the last sample before the first kill to the first of the restarted device, within its chunk."""
    if len(night["gaps"]) != 1:
        return False
    (onset_s, duration_s), (last_s, _) = night["gaps"][0], night["losses"][0]
    return bool(last_s <= onset_s < last_s + 1.0 and duration_s > LOST_WITHIN_S)


@promise(
    f"{STREAMS} live streams of {CHANNELS} channels at {SFREQ_HZ} Hz",
    f"ready in < {READY_S:g} s, newest sample p99 < {AGE_MS:g} ms old, less than half a core",
)
def many() -> Measured:
    """Real outlets in one other process, looked at 50 times a second as the engine does."""
    load = Load()
    words = [sys.executable, "-m", "dreamloom.testing.many_streams", str(STREAMS), str(SECONDS)]
    return judged_many(_ran(words), said=f"Measured under {load}.")


def judged_many(ran: dict[str, Any], *, said: str = "") -> Measured:
    """All three bounds, and that nothing was lost on the way."""
    age = ran["age_ms"]
    is_whole = ran["least_samples_a_second"] >= 0.98 * SFREQ_HZ
    return Measured(
        f"{ran['ready_s']:.1f} s, {age['p99']:.0f} ms, {ran['cores']:.2f} cores",
        ran["ready_s"] < READY_S and age["p99"] < AGE_MS and ran["cores"] < CORES and is_whole,
        f"Age p50 {age['p50']} ms, max {age['max']} ms, its device sends every 62.5 ms; "
        f"at least {ran['least_samples_a_second']} samples a second of each. {said}".strip(),
    )


def _ran(words: list[str]) -> dict[str, Any]:
    ran = run_measured(*words, timeout_s=300.0)
    if ran["exit_code"] != 0:
        raise RuntimeError(f"{words[2]} ended with {ran['exit_code']}: {ran['said'][-300:]}")
    figures: dict[str, Any] = json.loads(ran["stdout"])
    return figures
