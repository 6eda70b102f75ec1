"""Does anything sound after a no, whatever happens around it, and do lawful cues sound before it?"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from dreamloom.testing.withdrawn_nights import History, histories
from promises.registry import Measured, promise

HAPPENINGS = 1_000_000
LEAST_SHARE = 0.99
SEED = 20261121
AT_ONCE = 250


@promise(
    "withdrawals among 1,000,000 happenings in any order",
    "0 cues behind a no, 0 unlawful; >= 99 % of lawful cues played before it",
)
def nothing_sounds_after_a_no() -> Measured:
    """Short histories of a bed in REM, judged by their records alone; each lost or late second counts as happening."""
    found: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        first = 0
        while found["happenings"] < HAPPENINGS:
            firsts = range(first, first + 8 * AT_ONCE, AT_ONCE)
            first = firsts.stop
            for told in pool.map(histories, [SEED] * len(firsts), firsts, [AT_ONCE] * len(firsts)):
                for each in told:
                    found.update(_counts(each))
                    rules.update(wrong.rule for wrong in each.verdict.unlawful)
    lawful = found["due"] + found["missed"]
    share = (found["played"] + found["cut"]) / max(1, lawful)
    wrong = sum(rules.values())
    return Measured(
        f"{found['after']} behind a no, {wrong} unlawful, {share:.2%} of {lawful} lawful cues played",
        found["after"] == 0 and wrong == 0 and share >= LEAST_SHARE and found["before"] > 0,
        f"{found['happenings']} happenings in {found['histories']} histories, {found['withdrew']} of them with a no; "
        f"{found['played']} cues played, {found['cut']} cut by a bit between their decision and their moment, "
        f"{found['missed']} missed. {dict(rules) or ''}".strip(),
    )


def _counts(each: History) -> dict[str, int]:
    verdict = each.verdict
    return {
        "histories": 1,
        "happenings": each.happenings,
        "withdrew": each.withdrew,
        "before": each.before,
        "after": each.after,
        "due": verdict.due,
        "played": verdict.played,
        "cut": each.cut,
        "missed": len(verdict.missed),
    }
