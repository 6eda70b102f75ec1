"""Is a sleeper told what their night is about before their own report is locked? Everything served to them is read."""

import sys
from typing import Any

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

SECONDS = 120
FEWEST_TEXTS, FEWEST_CUES = 800, 3
"""Fewer would say that something was not asked, or that the night was not at work."""


@promise(
    "what a sleeper is told before their report is locked",
    "0 of the words planted in the dreamscape: no page, address, title, head, file name or line",
)
def unsaid() -> Measured:
    """One live night; every address in two languages before, in and after it, the page's line, names of files."""
    if not sys.platform.startswith("linux"):
        return Measured("not measured", None, "Needs Linux.")
    load = Load()
    told = ran("dreamloom.testing.unsaid_themes", scratch("unsaid"), str(SECONDS), timeout_s=1800.0)
    return judged_unsaid(told, said=f"Measured under {load}.")


def judged_unsaid(told: dict[str, Any], *, said: str = "") -> Measured:
    """Whether enough was read, nothing was told, and the words could have been found."""
    leaks = told["leaks"]
    at_work = told["texts"] >= FEWEST_TEXTS and told["cues"] >= FEWEST_CUES
    found = "; ".join(f"{where}: {', '.join(words)}" for where, words in list(leaks.items())[:3])
    return Measured(
        f"{len(leaks)} of {told['texts']:,} texts tell",
        not leaks and at_work and told["to_staff"] > 0 and told["after_lock"],
        f"{told['octets'] / 1e6:.1f} MB of {told['reached']} addresses that a sleeper may read and of the page's line "
        f"with {told['cues']} cues on it. The same reading finds the words at {told['to_staff']} addresses of whoever "
        "runs the night, and on the sleeper's morning once their report is locked: "
        f"{'yes' if told['after_lock'] else 'no'}. "
        f"{found} {said}".replace("  ", " ").strip(),
    )
