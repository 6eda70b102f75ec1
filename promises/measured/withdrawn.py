"""Does anything sound after a no, whatever happens around it, and do lawful cues sound before it?"""

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from dreamloom.testing.far_button import delays_s
from dreamloom.testing.withdrawn_nights import History, histories
from promises.kept import Load, scratch
from promises.registry import Measured, promise
from promises.sounds import burners

HAPPENINGS = 1_000_000
LEAST_SHARE = 0.99
SEED = 20261121
AT_ONCE = 250
FAR, FAR_P99_MS = 200, 200.0


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


@promise(
    f"{FAR} noes over a loopback connection under four burners",
    f"press to last frame: p99 <= {FAR_P99_MS:g} ms",
)
def far_noes_are_heard() -> Measured:
    """A button in one process, the bed's bit in another, its speaker in a third; four more use every core."""
    load = Load()
    with burners(4):
        took_ms = [1000.0 * took_s for took_s in delays_s(scratch("far"), trials=FAR)]
    p99_ms = float(np.percentile(took_ms, 99))
    return Measured(
        f"p99 {p99_ms:.0f} ms",
        p99_ms <= FAR_P99_MS,
        f"Mean {float(np.mean(took_ms)):.0f} ms, at most {max(took_ms):.0f} ms, on an output without a device. "
        f"Everything but a wire: the travel over a LAN comes on top. Measured under {load}.",
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
