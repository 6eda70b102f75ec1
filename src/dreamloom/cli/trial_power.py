"""The verb `trial power`."""

from typing import Any, NamedTuple, cast, get_args

from dreamloom.cli.output import give, say
from dreamloom.statistics.power import Compared, Effect, clustered, needed, power, with_losses
from dreamloom.vocabulary.errors import UsageError


class PowerAsked(NamedTuple):
    """What `trial power` was asked."""

    compare: str
    effect: float | None
    rates: tuple[float, float] | None
    people: int | None
    power: float
    alpha: float
    cluster: float
    icc: float
    lost: float


def power_of(asked: PowerAsked, *, as_json: bool) -> None:
    """People needed, or the power of so many."""
    effect, compared = _effect(asked), _compared(asked.compare)
    if asked.people is not None:
        reached = power(effect, asked.people, compared=compared, alpha=asked.alpha)
        found: dict[str, Any] = {"people": asked.people, "power": reached, "asked": None}
    else:
        least = needed(effect, compared=compared, asked=asked.power, alpha=asked.alpha)
        if least is None:
            raise UsageError(
                "DL-E158",
                "No sleep study is large enough to find this effect.",
                why=f"It takes more people than can be counted for a power of {asked.power:g}.",
                do="Hope for a larger effect, ask for less power, or measure more precisely.",
            )
        found = {"people": least.n, "power": least.power, "asked": least.asked}
    enrol = with_losses(clustered(found["people"], size=asked.cluster, icc=asked.icc), lost=asked.lost)
    data = {
        "compare": compared,
        "of": effect.of,
        "effect": list(effect.size),
        "alpha": asked.alpha,
        **found,
        "enrol": enrol,
    }
    if as_json:
        give(data)
    each = " in each group" if compared == "groups" else ", each in both arms"
    say(f"{found['people']} people{each}: power {found['power']:.3f}, two-sided level {asked.alpha:g}.")
    if enrol != found["people"]:
        say(f"With rooms and losses counted, enrol {enrol}.")


def _effect(asked: PowerAsked) -> Effect:
    given = [each for each in (asked.effect, asked.rates) if each is not None]
    if len(given) != 1:
        raise UsageError(
            "DL-E150",
            "Say one effect: --effect, or --rates.",
            why="A difference of means in standard deviations, or the shares of people in sham and active.",
            do="For example: --effect 0.5, or --rates 0.17 0.5",
        )
    if asked.rates is not None and not all(0.0 < rate < 1.0 for rate in asked.rates):
        raise UsageError(
            "DL-E150",
            f"--rates {asked.rates[0]:g} {asked.rates[1]:g} are no two shares.",
            why="Each lies between 0 and 1.",
            do="For example: --rates 0.17 0.5",
        )
    return Effect("means", (asked.effect,)) if asked.effect is not None else Effect("shares", asked.rates or ())


def _compared(text: str) -> Compared:
    if text not in get_args(Compared):
        raise UsageError(
            "DL-E151",
            f"--compare {text} is no comparison.",
            why="It is paired (each sleeper in both arms) or groups.",
            do="--compare paired",
        )
    return cast("Compared", text)
