"""Is no night called shared that was not, is a shared one found, and is a weave its dreamers' own?"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from promises.kept import Load, told_by
from promises.registry import Measured, promise

GROUPS = 1000
POWER_GROUPS = 200
SIZES = (4, 8, 16)
FIRST = 500_000
AT_ONCE = 100
MOST_FALSE, MOST_REFUSED = 0.06, 0.05
CONSENTS = 10_000
COLLUSIONS, SAME = 1000, 60
JUDGING, WEAVING = "dreamloom.testing.dream_judging", "dreamloom.testing.weaving_judged"
LONGEST_S = 7200.0


@promise(
    "dreams called shared that were not", f"at most {MOST_FALSE} at .05, refusals at most {MOST_REFUSED}", slice="full"
)
def false_positives() -> Measured:
    """T1 and T3 within dreamers, with each known trap and with ten nights on one baseline."""
    designs = [f"within {trap}" for trap in ("plain", "longest", "verbatim", "near-verbatim", "ten nights")]
    cells = _judged([(design, n) for design in designs for n in SIZES], GROUPS)
    shares = {
        f"{test}, {cell['design']}, n = {cell['n']}": _share(cell, test) for cell in cells for test in ("T1", "T3")
    }
    where = max(shares, key=lambda cell: shares[cell])
    worst = shares[where]
    refused = max(_refused(cell) for cell in cells if cell["design"] == "within plain")
    return Measured(
        f"{worst:.3f} at most, {refused:.3f} refused",
        worst <= MOST_FALSE and refused <= MOST_REFUSED,
        f"{GROUPS:,} groups each; most in {where}. {_told(cells)}",
    )


@promise("groups called different that were not", f"at most {MOST_FALSE} at .05", slice="full")
def false_contrasts() -> Measured:
    """T2 between two groups of one night, drawn by dreamers and by rooms."""
    cells = _judged([*(("between plain", n) for n in SIZES), ("between rooms", 8)], GROUPS)
    worst = max(_share(cell, "T2") for cell in cells)
    return Measured(f"{worst:.3f} at most", worst <= MOST_FALSE, f"{GROUPS:,} nights each. {_told(cells)}")


@promise("sealed targets found by chance", f"at most {MOST_FALSE} at .05", slice="ci")
def false_targets() -> Measured:
    """T5: a draw of four for each dreamer, ranked by the text and by three judges who know nothing."""
    cells = _judged([(f"sealed, {by}", n) for by in ("text", "judges") for n in SIZES], GROUPS)
    worst = max(_share(cell, "T5") for cell in cells)
    return Measured(f"{worst:.3f} at most", worst <= MOST_FALSE, f"{GROUPS:,} groups each. {_told(cells)}")


@promise(
    "shared dreams that are found",
    "T1 n = 8 f = .5 .85, T2 8 + 8 f = .67 .90, T3 n = 12 f = .67 .80 or more",
    slice="full",
)
def power() -> Measured:
    """Planted themes, of whose six words the registration names three."""
    half, thirds, groups = _judged(
        [("within half", 8), ("within two thirds", 12), ("between two thirds", 8)], POWER_GROUPS
    )
    t1, t2, t3 = _share(half, "T1"), _share(groups, "T2"), _share(thirds, "T3")
    return Measured(
        f"T1 {t1:.2f}, T2 {t2:.2f}, T3 {t3:.2f}",
        t1 >= 0.85 and t2 >= 0.90 and t3 >= 0.80,
        f"{POWER_GROUPS} groups each, of synthetic dreamers.",
    )


@promise("all tests of 30 dreamers with 9 reports each", "2 s or less", slice="ci")
def quick_tests() -> Measured:
    """Without any model; the clock runs around the tests alone."""
    from dreamloom.testing.dream_groups import Plan, group, registered
    from dreamloom.weave.chance.findings import findings_of

    load = Load()
    told = group(FIRST, Plan(n=30, share=0.5, theme="glacier"))
    started_s = time.perf_counter()
    findings_of(told, registered("glacier"))
    seconds = time.perf_counter() - started_s
    return Measured(f"{seconds:.2f} s", seconds <= 2.0, f"{load}.")


@promise(
    "a weave in any state of consent", "every word cited, 0 spans without consent, 0 threads below three", slice="full"
)
def consents() -> Measured:
    """Twelve dreamers, each allowing or not, in all three forms."""
    found = told_by(WEAVING, "consents", CONSENTS, FIRST, timeout_s=LONGEST_S)
    wrong = found["uncited"] + found["foreign"] + found["thin"]
    return Measured(
        f"{wrong} wrong in {found['states']:,} states",
        wrong == 0 and found["states"] == CONSENTS and found["woven"] > CONSENTS // 10,
        f"{found['passages']:,} passages in {found['woven']:,} weaves; the others were kind pages.",
    )


@promise(
    f"{COLLUSIONS} times three dreamers who agree on a sentence", "no thread of it, none quoted twice", slice="full"
)
def colluders() -> Measured:
    """Word for word and with a few words changed; beside them three who dreamt of the same thing by themselves."""
    found = told_by(WEAVING, "colluders", COLLUSIONS, FIRST, timeout_s=LONGEST_S)
    return judged_colluders(found)


def judged_colluders(found: dict[str, Any]) -> Measured:
    """Whether none of them became a thread, while honest ones did."""
    return Measured(
        f"{found['threads']} threads, {found['repeated']} quoted twice",
        found["threads"] == found["repeated"] == 0 and found["own_threads"] > found["states"] // 2 > 0,
        f"Twelve dreamers a night. Of three who told of the same thing in words of their own, "
        f"{found['own_threads']} of {found['states']} times a thread came.",
    )


@promise(f"{SAME} weaves woven again", "the same reports, consents and seed make the same bytes", slice="ci")
def same_bytes() -> Measured:
    """Reports in another order, in two processes that order their sets otherwise; another seed makes other bytes."""
    return judged_bytes([told_by(WEAVING, "same", SAME, FIRST, hash_seed=each) for each in (1, 2)])


def judged_bytes(found: Sequence[dict[str, Any]]) -> Measured:
    """Whether every one came out alike, and the processes agree."""
    alike = sum(each["alike"] for each in found)
    weaves = sum(each["weaves"] for each in found)
    hashes = {each["hash"] for each in found}
    return Measured(
        f"{alike} of {weaves} the same",
        alike == weaves > 0 and len(hashes) == 1 and all(each["others"] > 0 for each in found),
        f"With another seed {sum(each['others'] for each in found)} of {weaves} came out otherwise.",
    )


@promise("a weave of 300 reports after a withdrawal", "1 s or less, nothing of the withdrawn left", slice="ci")
def rebuilt() -> Measured:
    """From the reports, not patched."""
    load = Load()
    found = told_by(WEAVING, "withdrawal", 300, FIRST)
    clean = found["left"] == 0 and found["uncited"] == 0
    return Measured(
        f"{found['seconds']:.2f} s", clean and found["seconds"] <= 1.0, f"{found['cpu_s']} s of CPU; {load}."
    )


@promise("a weave of 10,000 reports", "60 s or less, the same bytes twice", slice="full")
def large() -> Measured:
    """One night of a city, no own mornings known."""
    load = Load()
    found = told_by(WEAVING, "large", 10_000, FIRST)
    good = found["same"] and found["uncited"] == 0 and found["threads"] > 0
    return Measured(
        f"{found['seconds']:.1f} s", good and found["seconds"] <= 60.0, f"{found['threads']} threads; {load}."
    )


def _judged(cells: Sequence[tuple[str, int]], groups: int) -> list[dict[str, Any]]:
    """Both cores take seeds in turn; all cells of one seed are judged together, which tells its dreams only once."""
    wanted = [f"{design}={n}" for design, n in cells]
    starts = range(FIRST, FIRST + groups, AT_ONCE)
    with ThreadPoolExecutor(2) as pool:
        ran = pool.map(
            lambda first: told_by(JUDGING, first, min(AT_ONCE, FIRST + groups - first), *wanted, timeout_s=LONGEST_S)[
                "cells"
            ],
            starts,
        )
    return [_summed(parts) for parts in zip(*ran, strict=True)]


def _summed(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    tests = {test for part in parts for what in ("positive", "refused") for test in part[what]}
    counts = {
        what: {test: sum(part[what].get(test, 0) for part in parts) for test in sorted(tests)}
        for what in ("positive", "refused")
    }
    return {**parts[0], **counts, "groups": sum(part["groups"] for part in parts)}


def _share(cell: dict[str, Any], test: str) -> float:
    told = cell["groups"] - cell["refused"].get(test, 0)
    return float(cell["positive"].get(test, 0) / max(1, told))


def _refused(cell: dict[str, Any]) -> float:
    return float(max(cell["refused"].values(), default=0) / cell["groups"])


def _told(cells: Sequence[dict[str, Any]]) -> str:
    return "; ".join(
        f"{cell['design']} {cell['n']}: "
        + ", ".join(f"{test} {_share(cell, test):.3f}" for test in sorted(cell["positive"]))
        for cell in cells
    )
