"""What do the policies of a bundle say? Cedar, asked so that only a plain Allow is a yes; anything else is a no.

Cedar skips a policy that fails while it is evaluated, so a forbid could vanish. Therefore the schema goes along with
every question, every field of it is required, and an Allow beside any diagnostic is a no.
"""

import json
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import cedarpy
import msgspec

from dreamloom.governance.policy.bundle import Bundle, Policy
from dreamloom.governance.policy.request import UNDECIDED, CueRequest, Verdict

BUDGET_S = 0.005
"""A decision that took longer counts as none: a cue is planned a quarter of a second ahead, and others wait."""
TRIES = 2
"""A machine that was busy for a moment is no slow engine: it is asked the same once more and then given up."""
WHO = {
    "principal": {"type": "Sleeper", "id": "here"},
    "action": {"type": "Action", "id": "play"},
    "resource": {"type": "Cue", "id": "here"},
}
"""No rule may single out one person or one sound, so that neither has a name here."""


class Judge:
    """The policies of one bundle, parsed once. The same question always gets the same answer.

    Raises:
        ValueError: when Cedar cannot parse the policies or the schema.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._policies = cedarpy.PolicySet.from_str(bundle.policies)
        self._schema = cedarpy.Schema.from_str(bundle.schema)
        self._nobody = cedarpy.Entities.from_json_str("[]")
        self._fields = frozenset(bundle.fields)
        self._allowed_tags = frozenset(bundle.allowed_tags)
        self._permits = tuple(sorted(each.id for each in policies_of(bundle.policies) if each.effect == "permit"))

    def decide(self, request: CueRequest) -> Verdict:
        """What these policies say of this cue; they are told what their schema asks for, and no more."""
        said = {**vars(request), "tags_allowed": self._allowed_tags.issuperset(request.tags)}
        return self.decide_on({name: value for name, value in said.items() if name in self._fields})

    def decide_on(self, context: Mapping[str, object]) -> Verdict:
        """The same for a context as it comes, whole or not."""
        try:
            asked = {**WHO, "context": msgspec.json.encode(context).decode()}
            said = cedarpy.is_authorized(asked, self._policies, self._nobody, self._schema)
            decision, diagnostics = said.decision, said.diagnostics
        except (ValueError, TypeError, KeyError, OverflowError, RuntimeError, RecursionError):
            return UNDECIDED
        if diagnostics.errors or decision is cedarpy.Decision.NoDecision:
            return UNDECIDED
        named = diagnostics.id_annotations_by_reason
        policies = tuple(sorted(named.get(each, each) for each in diagnostics.reasons))
        if decision is cedarpy.Decision.Allow:
            return Verdict(allowed=True, policies=policies)
        return Verdict(allowed=False, policies=policies or self._permits)


class Timed:
    """One bed's way to ask, with a watch in hand; live, a decision that took too long is told, and its cue dropped.

    The time a decision takes is nobody's to decide again, so it never becomes part of the answer.
    """

    def __init__(
        self, decide: Callable[[CueRequest], Verdict], *, clock_s: Callable[[], float] = time.perf_counter
    ) -> None:
        self._decide = decide
        self._clock_s = clock_s
        self._was_slow = False

    def decide(self, request: CueRequest) -> Verdict:
        """The answer, however long it took."""
        for _ in range(TRIES):
            began_s = self._clock_s()
            verdict = self._decide(request)
            if self._clock_s() - began_s <= BUDGET_S:
                return verdict
        self._was_slow = True
        return verdict

    def was_slow(self) -> bool:
        """Whether any answer since this was asked last took too long."""
        was_slow, self._was_slow = self._was_slow, False
        return was_slow


def policies_of(text: str) -> list[Policy]:
    """Every policy of a text, in its order.

    Raises:
        ValueError: when Cedar cannot parse it; also for a template, which is no policy yet.
    """
    read = json.loads(cedarpy.policies_to_json_str(text))
    if read.get("templates") or read.get("templateLinks"):
        raise ValueError("it holds a template: write the value in its place")
    return [_policy(each) for _, each in sorted(read["staticPolicies"].items(), key=lambda item: int(item[0][6:]))]


def _policy(read: dict[str, Any]) -> Policy:
    said = read.pop("annotations", {})
    body = json.dumps(read, sort_keys=True)
    return Policy(said.get("id") or "", said.get("reason") or "", str(read["effect"]), body)


def without(text: str, policy: str) -> str:
    """The same policies but this one; for whoever wants to know whether anybody would miss it."""
    read = json.loads(cedarpy.policies_to_json_str(text))
    kept = {name: each for name, each in read["staticPolicies"].items() if each["annotations"].get("id") != policy}
    return cedarpy.policies_from_json_str(json.dumps({**read, "staticPolicies": kept}))


def misfits(policies: str, schema: str) -> list[str]:
    """What Cedar finds wrong between policies and schema, in its own words; nothing where they fit."""
    try:
        found = cedarpy.validate_policies(policies, schema)
    except ValueError as error:
        return [str(error)]
    return [] if found.validation_passed else [str(each.error) for each in found.errors] or ["they do not fit"]


@lru_cache(maxsize=8)
def judge_of(policies: str, schema: str, allowed_tags: tuple[str, ...]) -> Judge:
    """The judge of these policies, parsed once in a process."""
    bare = Bundle(
        format="dreamloom policy bundle 1", name="parsed", version=1, allowed_tags=allowed_tags,
        policies=policies, schema=schema, lawful={}, examples=(),
    )  # fmt: skip
    return Judge(bare)


def judge(bundle: Bundle) -> Judge:
    """The judge of a bundle, warm: its first answer is as quick as its thousandth."""
    found = judge_of(bundle.policies, bundle.schema, bundle.allowed_tags)
    found.decide(CueRequest())
    return found
