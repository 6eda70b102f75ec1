"""How many sleepers does one core track?"""

from functools import cache
from typing import Any

from promises.cli_runs import run_cli
from promises.kept import Load
from promises.registry import Measured, promise

SLEEPERS = 256
BATCHED, ALONE = 1000, 200


@promise("sleepers tracked by one core, in one pass", f"{BATCHED:,} or more", slice="ci")
def many_at_once() -> Measured:
    """Three channels at 256 Hz, everything a bed is told, in processor time of one thread."""
    cost = _cost()
    parts = ", ".join(f"{part['name']} {part['batched_ms']:.3f} ms" for part in cost["parts"])
    return Measured(
        f"{cost['batched_per_core']:,}",
        cost["batched_per_core"] >= BATCHED,
        f"{SLEEPERS} of them in one process, {cost['gain_x']:.1f} x what one by one takes; for each sleeper and "
        f"second {parts}; state {cost['memory_mb']:.2f} MB each, {cost['start_up_wall_s']:.1f} s until the first "
        f"sample; {cost['load']}.",
    )


@promise("sleepers tracked by one core, each by itself", f"{ALONE} or more", slice="ci")
def one_by_one() -> Measured:
    """The same functions with one sleeper at a time, as beds of a night have them."""
    cost = _cost()
    parts = ", ".join(f"{part['name']} {part['alone_ms']:.3f} ms" for part in cost["parts"])
    return Measured(
        f"{cost['alone_per_core']:,}", cost["alone_per_core"] >= ALONE, f"For each second {parts}; {cost['load']}."
    )


@cache
def _cost() -> dict[str, Any]:
    load = Load()
    told: dict[str, Any] = run_cli("bench", "tracking", "--sleepers", str(SLEEPERS))["data"]
    return told | {"load": str(load)}
