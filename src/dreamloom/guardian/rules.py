"""What does the guardian watch for? Rules as data: what raises each, what clears it again, how far it goes, and why.

Every rule has two thresholds, so that nothing flickers: it is raised at one and cleared only once its reading has kept
to the other for a while. Where a watch of the house already acts (disk, battery, memory), the rule refers to its word.
"""

from dreamloom.guardian.bedside_rules import BEDSIDE
from dreamloom.guardian.machine_rules import MACHINE
from dreamloom.guardian.rule import SIGNS, Rule

RULES: tuple[Rule, ...] = (*BEDSIDE, *MACHINE)
"""In this order they are looked at, and told."""

BY_ID = {rule.id: rule for rule in RULES}
BY_SIGN: dict[str, tuple[Rule, ...]] = {sign: tuple(rule for rule in RULES if rule.sign == sign) for sign in SIGNS}
PERSONAL = frozenset({"nightmares", "awakenings by cues", "restless", "jumps", "level", "dose"})
"""Signs that tell of a sleeper rather than of wires and machines: nobody else is told what they were."""


def is_personal(rule: str) -> bool:
    """True for a rule that says something about how somebody slept; also for one that is not known here."""
    return rule not in BY_ID or BY_ID[rule].sign in PERSONAL


PRIVATE = "Something about how this sleeper slept; what it was, and when, is told to them alone."
