"""Does every cue keep every rule, whatever happens? Nights full of trouble, judged by their records alone."""

import os
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from dreamloom.testing.fuzzed_nights import judged_nights
from dreamloom.testing.oracle_verdict import Verdict
from promises.registry import Measured, promise

STEPS = 1_000_000
LEAST_SHARE = 0.99
SEED = 1
AT_ONCE = 4
"""Nights that one process lives before it tells."""


@promise(
    "1,000,000 fuzzed steps",
    "0 cues outside gate, cap, budget, refractory, expiry or consent; >= 99 % of lawful due cues played",
)
def no_cue_is_unlawful() -> Measured:
    """Dropouts, late blocks, clock steps, withdrawals, crashes, DST nights both ways; a step is a second of one bed."""
    found: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    nights, first = 0, ""
    for told in _lived():
        nights += 1
        found.update(ticks=told.ticks, due=told.due, played=told.played, missed=len(told.missed))
        rules.update(wrong.rule for wrong in told.unlawful)
        first = first or next((f"First: {wrong}." for wrong in (*told.unlawful, *told.missed)), "")
        if found["ticks"] >= STEPS:
            break
    share = found["played"] / max(1, found["due"] + found["missed"])
    wrong = sum(rules.values())
    return Measured(
        f"{wrong} unlawful, {share:.2%} of {found['due'] + found['missed']} lawful cues played",
        wrong == 0 and share >= LEAST_SHARE and found["due"] > 0,
        f"{found['ticks']} steps in {nights} nights; {found['due']} cues due, {found['played']} played, "
        f"{found['missed']} missed. {dict(rules) or ''} {first}".strip(),
    )


def _lived() -> Iterator[Verdict]:
    """Night after night, on every core; in the order of their numbers, however many cores there are."""
    cores = os.cpu_count() or 1
    pool, number, waiting = ProcessPoolExecutor(cores), 0, deque[Future[list[Verdict]]]()
    try:
        while True:
            while len(waiting) <= cores:
                waiting.append(pool.submit(judged_nights, SEED, number, AT_ONCE))
                number += AT_ONCE
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
