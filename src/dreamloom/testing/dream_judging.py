"""How often does each test call a night shared that was not, and find what was planted? Counts over seeded groups."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from dreamloom.testing import dream_words as words
from dreamloom.testing.dream_groups import TRAPS, Plan, group, registered, theme_of, two_groups
from dreamloom.vocabulary.chance import stream
from dreamloom.weave.chance.findings import Findings, findings_of
from dreamloom.weave.chance.target import Candidate, Draw, seal_of
from dreamloom.weave.reports import Report

Judged = Callable[[int, int], Findings]
ALPHA = 0.05
TEN = 10


def _within(trap: str, share: float = 0.0) -> Judged:
    def judge(seed: int, n: int) -> Findings:
        theme = theme_of(seed)
        told = group(seed, Plan(n=n, share=share, theme=theme, trap=trap))  # type: ignore[arg-type]
        return findings_of(told, registered(theme, tests=("T1", "T3")))

    return judge


def _ten_nights(seed: int, n: int) -> Findings:
    theme = theme_of(seed)
    told = group(seed, Plan(n=n, nights=TEN, theme=theme))
    nights = tuple(sorted({each.night for each in told if each.arm == "cue"}))
    return findings_of(told, registered(theme, tests=("T1", "T3"), nights=nights))


def _between(share: float, by_room: int = 1) -> Judged:
    def judge(seed: int, n: int) -> Findings:
        themes = (theme_of(seed), theme_of(seed + 3))
        told, registration = two_groups(seed, Plan(n=n, share=share), themes, by_room=by_room)
        return findings_of(told, replace(registration, tests=("T2",)))

    return judge


def sealed_draws(seed: int, reports: Sequence[Report]) -> list[Draw]:
    """A draw of four themes for each dreamer of the last night, judged by the text."""
    chance = stream(seed, "sealed")
    names = sorted(words.THEMES)
    found = []
    for dreamer in sorted({each.dreamer for each in reports}):
        four = [names[at] for at in chance.permutation(len(names))[:4]]
        drawn = four[int(chance.integers(4))]
        found.append(
            Draw(
                id=dreamer,
                candidates=tuple(Candidate(name, words.THEMES[name]) for name in four),
                drawn=drawn,
                salt=str(seed),
                seal=seal_of(drawn, str(seed)),
                dreamers=(dreamer,),
            )
        )
    return found


def _sealed(seed: int, n: int) -> Findings:
    told = group(seed, Plan(n=n, mornings=0))
    return findings_of(told, registered(theme_of(seed), tests=("T5",), primary="T5"), draws=sealed_draws(seed, told))


def _ranked(seed: int, n: int) -> Findings:
    """The same by three judges, who rank in a way of their own and know nothing."""
    told = group(seed, Plan(n=n, mornings=0))
    chance = stream(seed, "judges")
    draws = []
    for each in sealed_draws(seed, told):
        names = [candidate.id for candidate in each.candidates]
        liked = chance.normal(size=4)
        orders = [sorted(range(4), key=(liked + chance.normal(size=4)).tolist().__getitem__) for _ in range(3)]
        draws.append(replace(each, rankings=tuple(tuple(names[at] for at in order) for order in orders)))
    return findings_of(told, registered(theme_of(seed), tests=("T5",), primary="T5"), draws=draws)


DESIGNS: dict[str, Judged] = {
    **{f"within {trap or 'plain'}": _within(trap) for trap in TRAPS},
    "within ten nights": _ten_nights,
    "within half": _within("", 0.5),
    "within two thirds": _within("", 0.67),
    "between plain": _between(0.0),
    "between rooms": _between(0.0, 2),
    "between two thirds": _between(0.67),
    "sealed, text": _sealed,
    "sealed, judges": _ranked,
}


Cell = tuple[str, int]
"""A design, and how many dreamers a group has."""


def counted(cells: Sequence[Cell], seeds: Sequence[int]) -> list[dict[str, object]]:
    """How many of these groups each test called positive at .05, how many it refused, and how long it took.

    The cells of one seed are judged behind each other, so that they share what its dreamers told.
    """
    positive: dict[Cell, Counter[str]] = {cell: Counter() for cell in cells}
    refused: dict[Cell, Counter[str]] = {cell: Counter() for cell in cells}
    spent_s = dict.fromkeys(cells, 0.0)
    for seed in seeds:
        for cell in cells:
            started_s = time.process_time()
            found = DESIGNS[cell[0]](seed, cell[1])
            positive[cell].update({each.id: int(each.p <= ALPHA) for each in found.tests})
            refused[cell].update(each.id for each in found.refused)
            spent_s[cell] += time.process_time() - started_s
    return [
        {
            "design": cell[0],
            "n": cell[1],
            "groups": len(seeds),
            "positive": dict(positive[cell]),
            "refused": dict(refused[cell]),
            "seconds": round(spent_s[cell], 2),
        }
        for cell in cells
    ]


def main(words_given: Sequence[str]) -> None:
    """FIRST_SEED GROUPS DESIGN=N..."""
    first, groups, *cells = words_given
    wanted = [(design, int(n)) for design, _, n in (cell.rpartition("=") for cell in cells)]
    sys.stdout.write(json.dumps({"cells": counted(wanted, range(int(first), int(first) + int(groups)))}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
