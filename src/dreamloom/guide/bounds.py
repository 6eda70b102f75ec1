"""How much may a language model do in one night, and when is it switched off? A fold over what it chose.

Every choice counts, followed or refused. What runs away is off for the rest of the night: a talk goes on by the fixed
questions, which need no model.
"""

from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

RanAway = Literal["", "REFUSALS", "UNLISTED", "CALLS", "TOKENS", "SECONDS", "COST", "SILENT"]
"""Why it is off: too many choices that are not followed, an action that there is not, too many calls, tokens or
seconds, too dear, no answer."""


class Bounds(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most of everything, for a whole night; ours, and every house may set lower ones.

    Attributes:
        calls, tokens, seconds, cost: of all talks together; cost in the house's own money.
        tokens_per_call, seconds_per_call: of one choice.
        refusals: so many choices that were not followed switch it off.
        unlisted: so many actions off the list do.
        silent: so many calls without an answer do.
    """

    calls: int = 60
    tokens: int = 60_000
    seconds: float = 300.0
    cost: float = 1.0
    tokens_per_call: int = 200
    seconds_per_call: float = 20.0
    refusals: int = 5
    unlisted: int = 1
    silent: int = 3


class Call(Struct, frozen=True, kw_only=True):
    """One call of a model and what became of it: the action that was followed, else why none was.

    `refused` is SILENT where no answer came.
    """

    action: str = ""
    refused: str = ""
    tokens: int = 0
    seconds: float = 0.0
    cost: float = 0.0


class Spent(Struct, frozen=True, kw_only=True):
    """What a model did and took in one night so far."""

    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    actions: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


def spent(before: Spent, call: Call) -> Spent:
    """The same after one more call."""
    return replace(
        before,
        calls=before.calls + 1,
        tokens=before.tokens + max(0, call.tokens),
        seconds=before.seconds + max(0.0, call.seconds),
        cost=before.cost + max(0.0, call.cost),
        actions=_counted(before.actions, call.action),
        refused=_counted(before.refused, call.refused),
    )


def ran_away(so_far: Spent, bounds: Bounds) -> RanAway:
    """Why this model is off for the night; "" while it is not."""
    silent, unlisted = so_far.refused.get("SILENT", 0), so_far.refused.get("UNLISTED", 0)
    over: dict[RanAway, bool] = {
        "UNLISTED": unlisted >= bounds.unlisted,
        "REFUSALS": sum(so_far.refused.values()) - silent >= bounds.refusals,
        "SILENT": silent >= bounds.silent,
        "CALLS": so_far.calls >= bounds.calls,
        "TOKENS": so_far.tokens >= bounds.tokens,
        "SECONDS": so_far.seconds >= bounds.seconds,
        "COST": so_far.cost >= bounds.cost,
    }
    return next((why for why, is_over in over.items() if is_over), "")


def _counted(counts: dict[str, int], name: str) -> dict[str, int]:
    return {**counts, name: counts.get(name, 0) + 1} if name else counts
