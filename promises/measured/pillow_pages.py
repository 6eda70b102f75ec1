"""Are pages at the pillow in time, alike and silent when told? Real nights, Debian's chromium, its audio clock."""

import shutil
import statistics
import sys
from typing import Any

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

MODULE = "dreamloom.testing.timed_pages"
APART_MS, HIDDEN_MS, STOP_MS = 20.0, 50.0, 50.0
TOGETHER_S, HIDDEN_S, STOPS = 120, 620, 20
FEWEST_PAIRS, FEWEST_HIDDEN = 15, 9
"""Fewer would say nothing: cues come every four seconds there, and every sixty here."""


def _cannot() -> Measured | None:
    if not sys.platform.startswith("linux") or shutil.which("chromium") is None:
        return Measured("not measured", None, "Needs Linux and the package chromium.")
    return None


@promise("two pages at the pillow on one machine", f"begin every cue within {APART_MS:g} ms of each other")
def together() -> Measured:
    """Two beds of one live night, each on a page of its own; onsets as both tell them on their audio clocks."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran(MODULE, scratch("together"), "together", str(TOGETHER_S))
    return judged_together(told, said=f"Measured under {load}.")


def judged_together(told: dict[str, Any], *, said: str = "") -> Measured:
    """Whether both were there for enough cues, and near."""
    apart, errors = told["apart_ms"], told["errors_ms"]
    if len(apart) < FEWEST_PAIRS:
        return Measured(f"{len(apart)} cues on both", ok=False, detail=f"{told['failed']} cues failed. {said}".strip())
    return Measured(
        f"at most {max(apart):.1f} ms apart in {len(apart)} cues",
        max(apart) <= APART_MS and told["failed"] == 0 and not told["wrong"],
        f"Half of them within {statistics.median(apart):.2f} ms; against their planned time at most "
        f"{max(errors):.1f} ms, half within {statistics.median(errors):.2f}. {said}".strip(),
    )


@promise("a page out of sight for ten minutes", f"error of every cue < {HIDDEN_MS:g} ms, none fails")
def hidden() -> Measured:
    """Behind another tab, where the browser holds its timers back; cues a minute apart, so that no sound keeps them."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran(MODULE, scratch("hidden"), "hidden", str(HIDDEN_S), timeout_s=HIDDEN_S + 300.0)
    return judged_hidden(told, said=f"Measured under {load}.")


def judged_hidden(told: dict[str, Any], *, said: str = "") -> Measured:
    """Whether it was hidden all the while, and in time."""
    errors = told["errors_ms"]
    if len(errors) < FEWEST_HIDDEN or not told["was_hidden"]:
        detail = f"Hidden to the end: {told['was_hidden']}. {said}".strip()
        return Measured(f"{len(errors)} cues", ok=False, detail=detail)
    return Measured(
        f"at most {max(errors):.1f} ms in {len(errors)} cues",
        max(errors) < HIDDEN_MS and told["failed"] == 0,
        f"Half of them within {statistics.median(errors):.2f} ms, {told['failed']} failed. {said}".strip(),
    )


@promise("STOP on a page with the network cut", f"gain zero within {STOP_MS:g} ms of the tap, every time")
def stopped() -> Measured:
    """From the tap's own time to the last frame behind the page's last gain that is not zero, on its audio graph."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran(MODULE, scratch("stopped"), "stopped", str(STOPS))
    return judged_stopped(told, said=f"Measured under {load}.")


def judged_stopped(told: dict[str, Any], *, said: str = "") -> Measured:
    """Whether each tap was silence in time."""
    took = told["took_ms"]
    return Measured(
        f"at most {max(took):.0f} ms in {len(took)} taps",
        len(took) == STOPS and max(took) <= STOP_MS and not told["wrong"],
        f"Half of them within {statistics.median(took):.0f} ms; the ramp takes 15, a block of the ear that listens up "
        f"to 6. What a loudspeaker adds behind the browser is not in it. {said}".strip(),
    )
