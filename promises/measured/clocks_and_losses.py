"""Does a device with an odd clock, that loses samples, still give the night's own epochs and stages?"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from promises.cli_runs import run_measured
from promises.kept import Load
from promises.registry import Measured, promise

HOURS = 8
EPOCHS = HOURS * 120
RATES: tuple[tuple[float, int], ...] = ((256, 256), (255.5, 256), (257, 256), (257, 257))
"""True rate and the whole-number rate it is sold as: exact, too slow, too fast; and a device that knows its 257."""
LEAST_SHARE = 0.95


@promise(
    f"{HOURS} h at 255.5, 256 and 257 Hz with 0.5 % lost samples",
    f"{EPOCHS} epochs on the 30-s grid, >= 95 % scored, >= 95 % as without loss",
)
def odd_clocks() -> Measured:
    """A simulated sleeper's EEG, EOG and EMG, staged live twice: every sample there, and 0.5 % missing."""
    load = Load()
    with ThreadPoolExecutor(2) as pool:
        nights = list(pool.map(_night, RATES))
    return judged(nights, said=f"Measured under {load}.")


def judged(nights: Sequence[dict[str, Any]], *, said: str = "", epochs: int = EPOCHS) -> Measured:
    """The worst of the nights, and all of them in words."""
    least_scored = min(night["scored"] / epochs for night in nights)
    least_agreeing = min(night["agreeing"] / epochs for night in nights)
    is_on_grid = all(
        night["epochs"] == epochs and night["samples_off"] <= 1 and night["onsets_off"] == 0 for night in nights
    )
    has_losses = all(0.004 <= night["lost_share"] <= 0.006 for night in nights)
    is_steady = all(abs(night["drift_samples"]) <= 1 for night in nights)
    told = "; ".join(
        f"{night['true_hz']:g} Hz sold as {night['grid_hz']}: {night['epochs']} epochs, {night['scored']} scored, "
        f"{night['agreeing']} as without loss, samples in an epoch off by at most {night['samples_off']}, "
        f"clock off by {night['drift_samples']} samples at the end, {night['lost_share']:.2%} lost"
        for night in nights
    )
    return Measured(
        f"{min(night['epochs'] for night in nights)} epochs, {least_scored:.1%} scored, {least_agreeing:.1%} the same",
        is_on_grid and has_losses and is_steady and min(least_scored, least_agreeing) >= LEAST_SHARE,
        f"The lowest of {len(nights)} nights. {told}. {said}".strip(),
    )


def _night(rates: tuple[float, int]) -> dict[str, Any]:
    true_hz, grid_hz = rates
    words = [sys.executable, "-m", "dreamloom.testing.odd_rates", str(true_hz), str(grid_hz), str(HOURS)]
    ran = run_measured(*words, timeout_s=1800.0)
    if ran["exit_code"] != 0:
        raise RuntimeError(f"the night at {true_hz} Hz ended with {ran['exit_code']}: {ran['said'][-300:]}")
    night: dict[str, Any] = json.loads(ran["stdout"])
    return night
