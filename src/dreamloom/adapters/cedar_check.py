"""May a house go by this bundle? Every complaint about it, in words; none where it may."""

from collections.abc import Iterator

import msgspec

from dreamloom.adapters.cedar import Judge, misfits, policies_of
from dreamloom.dreamscape.tags import NEVER, TAGS
from dreamloom.governance.policy.bundle import Bundle, Policy, context_of
from dreamloom.governance.policy.request import Verdict, schema_text
from dreamloom.governance.policy.shipped import policies_text


def complaints(bundle: Bundle) -> list[str]:
    """What stands against this bundle, the most telling first.

    A house may tighten the shipped rules and never loosen them: every shipped policy stays word for word, and all it
    may add is forbids.
    """
    unfit = list(_of_the_text(bundle))
    if unfit:
        return unfit
    policies = policies_of(bundle.policies)
    return [*_of_the_tags(bundle), *_of_the_policies(policies), *_of_the_examples(bundle, policies)]


def _of_the_text(bundle: Bundle) -> Iterator[str]:
    if bundle.schema != schema_text():
        yield "Its schema is not the one this version of the product asks by; take it from the shipped bundle."
        return
    yield from (f"Cedar says: {each}" for each in misfits(bundle.policies, bundle.schema))
    try:
        policies_of(bundle.policies)
    except ValueError as error:
        yield f"Its policies cannot be read: {error}."


def _of_the_tags(bundle: Bundle) -> Iterator[str]:
    for tag in bundle.allowed_tags:
        if tag in NEVER:
            yield f'Its allowed tags name "{tag}": {NEVER[tag]} Nobody can allow that.'
        elif tag not in TAGS:
            yield f'Its allowed tags name "{tag}", which is not in our vocabulary.'


def _of_the_policies(policies: list[Policy]) -> Iterator[str]:
    ids = [each.id for each in policies]
    for number, each in enumerate(policies, 1):
        if not each.id:
            yield f"Policy {number} has no @id."
        elif ids.count(each.id) > 1:
            yield f"Policy {number} has the @id of another one: {each.id}."
        if not each.reason.strip():
            yield f"Policy {each.id or number} has no @reason, the plain words by which people are told."
    written = {(each.id, each.reason, each.body) for each in policies}
    kept = policies_of(policies_text())
    for each in kept:
        if (each.id, each.reason, each.body) not in written:
            yield f"{each.id} is missing or was changed: no house may take away what every house keeps."
    for each in policies:
        if each.effect == "permit" and each.id not in {one.id for one in kept}:
            yield f"{each.id} permits: a house may add what forbids, and nothing that loosens."


def _of_the_examples(bundle: Bundle, policies: list[Policy]) -> Iterator[str]:
    """Those of a policy that every house keeps are judged by these alone: what a house adds is no change to them."""
    effects, kept = {each.id: each.effect for each in policies}, {each.id for each in policies_of(policies_text())}
    whole, shipped = Judge(bundle), Judge(msgspec.structs.replace(bundle, policies=policies_text()))
    if not shipped.decide_on(context_of_lawful(bundle)).allowed:
        yield "Its lawful cue is not allowed, so that no example shows what is different."
    for number, example in enumerate(bundle.examples, 1):
        if example.policy not in effects:
            yield f"Example {number} is of {example.policy!r}, which is none of its policies."
            continue
        judge = shipped if example.policy in kept else whole
        said = judge.decide_on(context_of(example, bundle))
        if said != Verdict(example.says == "allow", tuple(sorted(example.by))):
            yield (
                f"Example {number}, of {example.policy}, says {example.says} by {_named(example.by)}; "
                f"these policies {'allow' if said.allowed else 'deny'} it by {_named(said.policies)}."
            )
        elif example.says == "deny" and example.policy not in example.by:
            yield f"Example {number} is denied without {example.policy}, so that it shows nothing of it."
    for each in policies:
        said_of = {example.says for example in bundle.examples if example.policy == each.id}
        for missing in sorted({"allow", "deny"} - said_of):
            yield f"{each.id or 'A policy'} has no {missing} example."


def context_of_lawful(bundle: Bundle) -> dict[str, object]:
    """The bundle's lawful cue as a question in full."""
    return {"tags_allowed": True, **bundle.lawful}


def _named(policies: tuple[str, ...]) -> str:
    return ", ".join(policies) or "none"
