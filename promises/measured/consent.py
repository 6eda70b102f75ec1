"""Is nobody cued outside what stands agreed, over many nights of yes and no, and can each change be proven?"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from dreamloom.testing.consent_histories import History, histories
from promises.registry import Measured, promise

HISTORIES = 2_000
AT_ONCE = 25
SEED = 20261121


@promise(
    f"{HISTORIES:,} histories of consent over several nights",
    "0 cues outside what stood agreed, 0 nights without their lawful cue, every change has a receipt that verifies",
)
def nobody_is_cued_outside_what_stands() -> Measured:
    """Yes, no, slips, sheets, intakes, limits, moved clocks, older files, crashes; judged by records and receipts."""
    found: Counter[str] = Counter()
    firsts = range(0, HISTORIES, AT_ONCE)
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        for told in pool.map(histories, [SEED] * len(firsts), firsts, [AT_ONCE] * len(firsts)):
            for each in told:
                found.update(_counts(each))
    return Measured(
        f"{found['unlawful']} outside, {found['missed']} missed, {found['receipts']} of {found['changes']} receipts",
        not found["unlawful"]
        and not found["missed"]
        and found["receipts"] == found["changes"] > 0
        and found["lawful"] > HISTORIES // 4,
        f"{found['nights']} nights in {found['histories']} histories, in {found['lawful']} of them cues were agreed "
        f"to, and {found['played']} sounded.",
    )


def _counts(each: History) -> dict[str, int]:
    return {
        "histories": 1,
        "nights": len(each.nights),
        "lawful": sum(night.lawful for night in each.nights),
        "played": sum(night.played for night in each.nights),
        "unlawful": sum(len(night.unlawful) for night in each.nights),
        "missed": each.missed,
        "changes": each.changes,
        "receipts": each.receipts,
    }
