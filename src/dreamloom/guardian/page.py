"""How is every rule told on one page? The table of docs/guardian.md, from the rules themselves."""

from dreamloom.guardian.ladder import MEANS, RUNGS
from dreamloom.guardian.rules import RULES, is_personal

ABOUT = """\
# What the guardian watches for

Every rule of the guardian, in the order in which they are looked at: what raises it, what clears it again, how far
it goes by itself, and the sentence that the sleeper is told. A bed stands on the highest rung that any of its rules
asks for; isolated beats woken, for nobody is woken at a bed of which it is not certain who lies there. Each step
and each way back is an event with its cause in the record, and a replay decides the same.

What a rule says about how somebody slept (marked *personal*) is told to that sleeper alone; everybody else reads
that something was.

A record in a network folder or in one that is kept in step by another program raises no rule: such a night is
refused before it begins (DL-E502). So is one that begins on the last of a battery (DL-E532) or on a disk without
room (DL-E444). A bed's clock is bounded only where its pod runs on another machine; no pod does yet. Nothing asks
for cues under the name `guide` by itself yet.

How the rungs take effect is told in [how a night works](how-a-night-works.md); `dreamloom drill NAME` tries seven
of these things on simulated sleepers, `dreamloom incident NIGHT` accounts for a night.

This page is made from `guardian/rules.py` by `tools/guardian_page.py`.
"""


def page() -> str:
    """The page, as Markdown."""
    rungs = [f"| {rung.lower()} | {MEANS[rung]} |" for rung in RUNGS[1:]]
    rules = [
        f"| `{rule.id}` | {rule.raises} | {rule.clears} | {rule.rung.lower()}, {rule.affects} | "
        f"{rule.why}{' *personal*' if is_personal(rule.id) else ''} |"
        for rule in RULES
    ]
    ladder = ["## The ladder", "", "| rung | what it means at a bed |", "|---|---|", *rungs]
    table = ["## The rules", "", "| rule | raised by | cleared by | goes as far as | what the sleeper is told |"]
    return "\n".join([ABOUT, *ladder, "", *table, "|---|---|---|---|---|", *rules, ""])
