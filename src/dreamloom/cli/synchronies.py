"""The verb `synchrony`."""

from collections.abc import Sequence

from dreamloom.cli.output import give, say, table
from dreamloom.house import layout, slept_together
from dreamloom.orchestra.synchrony import Synchrony
from dreamloom.orchestra.synchrony import synchrony as of_pairs

SEED = 1
"""Of the draws: the same nights always give the same figures."""
LEAST_ARRANGEMENTS = 20
"""With fewer ways to exchange sleepers, p cannot fall to 0.05."""


def synchrony(nights: Sequence[str], *, as_json: bool) -> None:
    """Stages of sleepers of one night against sleepers of different nights."""
    slept = slept_together.sleepers_of([layout.find_night(night) for night in nights])
    found = of_pairs(slept, seed=SEED)
    if as_json:
        give({"nights": len(nights), "sleepers": len({each.sleeper for each in slept}), "pairs": found})
    rows = [
        [each.apart, each.pairs, *map(_shown, (each.same_stage, each.kappa, each.elsewhere, each.excess)), _range(each)]
        for each in found
    ]
    say(table(["pairs in", "pairs", "same stage", "kappa", "other nights", "excess", "95 %"], rows))
    for each in found:
        if each.pairs:
            say(in_words(each))
    say(
        "Kappa is agreement above that of the hour, from live stages: an estimate. Being in the same stage at the same "
        "time says nothing about what anybody dreamed."
    )


def in_words(found: Synchrony) -> str:
    """What the figures allow to say, and no more."""
    where = f"Pairs in {found.apart}"
    if found.p is None:
        return f"{where}: nobody here could not have met. Name more nights to compare with."
    told = f"{where}: p = {found.p:g} (one-sided; {_ways(found)} to exchange sleepers between nights)."
    if found.arrangements < LEAST_ARRANGEMENTS:
        return f"{told} With so few, nothing could be told apart from chance."
    if found.p > 0.05:
        return f"{told} Not told apart from people who slept in different nights."
    if found.apart == "one room":
        return f"{told} More alike than people of different nights; a room's noises alone can do that."
    return f"{told} More alike than people of different nights; a common timetable alone can do that."


def _ways(found: Synchrony) -> str:
    return f"{found.arrangements} ways" if found.arrangements <= 10**6 else "over a million ways"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _range(found: Synchrony) -> str:
    return "-" if found.excess_ci is None else f"{found.excess_ci[0]:.2f} to {found.excess_ci[1]:.2f}"
