"""Do the rules of a house hold, whatever a question lacks, and are they quick enough for every cue?"""

from pathlib import Path

import msgspec

from dreamloom.adapters.cedar import Judge, judge, policies_of, without
from dreamloom.adapters.cedar_check import complaints
from dreamloom.governance.policy.bundle import Bundle, canonical, context_of
from dreamloom.governance.policy.request import Verdict, field_types
from dreamloom.governance.policy.shipped import LAWFUL, shipped
from dreamloom.house.house_rules import adopt
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import RefusedError
from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

RULES_MS, GATE_MS = 1.0, 5.0
PODS = 16
GARBLED: dict[str, tuple[object, ...]] = {
    "Bool": ("true", "", 0, 1, None, [], {}, 0.5),
    "Long": ("3", "", 0.5, 3.0, True, None, [], {}, 2**63, -(2**63) - 1),
    "String": (7, True, None, [], ["R"], {}, {"__entity": {"type": "Cue", "id": "x"}}),
    "Set<String>": ("R", 7, True, None, {}, [7], ["R", True], [None]),
}
"""Of every type, what is none of it."""


@promise(
    f"the rules of the house, {PODS} beds",
    f"one decision p99 <= {RULES_MS:g} ms, the whole gate p99 <= {GATE_MS:g} ms of processor time",
)
def rules_are_quick() -> Measured:
    """A night in which every bed is cued every four seconds; every decision timed."""
    load = Load()
    told = ran("dreamloom.testing.gate_time", scratch("gate"), timeout_s=900)
    return Measured(
        f"{told['rules_p99_ms']:.2f} and {told['gate_p99_ms']:.2f} ms",
        told["cues"] > 1000 and told["rules_p99_ms"] <= RULES_MS and told["gate_p99_ms"] <= GATE_MS,
        f"Over {told['cues']} cues; medians {told['rules_p50_ms']:.2f} and {told['gate_p50_ms']:.2f} ms. By the clock "
        f"on the wall p99 {told['rules_wall_p99_ms']:.2f} and {told['gate_wall_p99_ms']:.2f} ms, under {load}.",
    )


@promise("a question that lacks a field, or has a wrong one", "every one answered no", slice="ci")
def nothing_garbled_is_allowed() -> Measured:
    """Of a cue that may sound, every field left out, and every field with whatever is not of its type."""
    asks, whole = judge(shipped()), {**vars(LAWFUL), "tags_allowed": True}
    garbled = [{name: value for name, value in whole.items() if name != field} for field in field_types()]
    garbled += [{**whole, field: value} for field, kind in field_types().items() for value in GARBLED[kind]]
    denied = sum(not asks.decide_on(each).allowed for each in garbled)
    return Measured(
        f"{denied} of {len(garbled)}",
        denied == len(garbled) and asks.decide_on(whole).allowed,
        f"{len(field_types())} fields; the whole question is answered yes.",
    )


@promise("a forbid taken out of the rules", "every one missed by an example, and refused", slice="ci")
def no_forbid_is_spare() -> Measured:
    """Every forbid deleted in turn: an example comes out otherwise, and no house may adopt what is left."""
    bundle = shipped()
    forbids = [each.id for each in policies_of(bundle.policies) if each.effect == "forbid"]
    missed = [each for each in forbids if _is_missed(bundle, each)]
    left = [msgspec.structs.replace(bundle, policies=without(bundle.policies, each)) for each in forbids]
    refused = sum(bool(complaints(each)) for each in left)
    return Measured(
        f"{len(missed)} of {len(forbids)} missed, {refused} refused",
        len(missed) == refused == len(forbids) > 0 and not complaints(bundle),
        f"By {len(bundle.examples)} examples, all of which come out as written.",
    )


def _is_missed(bundle: Bundle, policy: str) -> bool:
    mutant = Judge(msgspec.structs.replace(bundle, policies=without(bundle.policies, policy)))
    return any(
        mutant.decide_on(context_of(each, bundle)) != Verdict(each.says == "allow", each.by)
        for each in bundle.examples
        if each.policy == policy
    )


@promise("rules older than a house has seen", "refused", slice="ci")
def old_rules_are_refused() -> Measured:
    """Versions 2 to 9 adopted in turn; before each, every older one is offered again."""
    house, file = House(scratch("old-rules")), scratch("old-rules") / "rules.json"
    tried = refused = 0
    for version in range(2, 10):
        _offer(house, file, version)
        for older in range(1, version):
            tried += 1
            try:
                _offer(house, file, older)
            except RefusedError:
                refused += 1
    return Measured(f"{refused} of {tried}", refused == tried > 0)


def _offer(house: House, file: Path, version: int) -> None:
    file.write_bytes(canonical(msgspec.structs.replace(shipped(), version=version)))
    adopt(house, file, by="a person")
