"""Does a dream that was told stay told, through whatever ends while somebody tells it?"""

import shutil
import sys
from typing import Any

from promises.kept import ran, scratch
from promises.registry import Measured, promise

TELLINGS, BROWSERS, SEED = 100, 16, 8
FEWEST_BETWEEN = 0.25
"""Of the kills so many must come while something is on its way; else they would say nothing."""


@promise(
    f"kill -9 {TELLINGS} times in the middle of `dreamloom tell`, and of a page's server at each of its steps",
    "0 of what somebody was told is kept lost, torn or twice; every morning goes on to its end, word for word",
)
def killed_tellings() -> Measured:
    """Real processes on a terminal and on a port, each killed a random moment after a receipt and told on."""
    if not sys.platform.startswith("linux"):
        return Measured("not measured", None, "Only Linux tells a terminal its name this way.")
    return judged_tellings(
        ran("dreamloom.testing.killed_tellings", scratch("tellings"), str(TELLINGS), str(SEED), timeout_s=3600.0)
    )


def judged_tellings(told: dict[str, dict[str, int]]) -> Measured:
    """Whether nothing was lost where something could have been."""
    each = told.values()
    lost, doubled, broken, kills, receipts = (
        sum(one[name] for one in each) for name in ("lost", "doubled", "broken", "kills", "receipts")
    )
    unfinished = sum(one["mornings"] - one["whole"] for one in each)
    said = "; ".join(
        f"{kind}: {one['kills']} kills, {one['in_between']} of them before the last receipt, {one['unsaid']} pieces "
        f"written whose receipt was cut off, {one['whole']} of {one['mornings']} mornings whole"
        for kind, one in told.items()
    )
    return Measured(
        f"{lost} of {receipts} receipts lost, {doubled} twice or torn, {broken} broken in {kills} kills",
        lost == doubled == broken == unfinished == 0
        and receipts > 0
        and all(one["in_between"] >= FEWEST_BETWEEN * one["kills"] > 0 for one in each),
        f"{said}. After each kill the house's record is verified, and what stands there compared with what was told.",
    )


@promise(
    f"a report on a page: reload, offline, full device, {BROWSERS} browsers killed",
    "each comes to the house whole and once",
)
def kept_on_a_page() -> Measured:
    """Debian's chromium; a kill comes up to half a second after the page said that the words are kept."""
    if not sys.platform.startswith("linux") or shutil.which("chromium") is None:
        return Measured("not measured", None, "Needs Linux and the package chromium.")
    return judged_pages(
        ran("dreamloom.testing.kept_reports", scratch("kept"), str(BROWSERS), str(SEED), timeout_s=3600.0)
    )


def judged_pages(told: dict[str, Any]) -> Measured:
    """Whether all of them came."""
    ways, kills, kept = told["ways"], told["browsers"]["kills"], told["browsers"]["kept"]
    came = sum(ways.values()) + kept
    return Measured(
        f"{came} of {len(ways) + kills} whole and once",
        came == len(ways) + kills and kills > 0 and len(ways) > 1,
        f"By way: {', '.join(f'{name} {good}' for name, good in ways.items())}; {kept} of {kills} killed browsers. "
        f"A device that is full keeps nothing through a reload, and says so.",
    )
