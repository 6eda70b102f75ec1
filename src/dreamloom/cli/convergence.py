"""The verb `convergence`: answers and refusals as data, and as plain sentences."""

from typing import Any

import msgspec

from dreamloom.cli.output import give, say
from dreamloom.house.dreams_met import Asked, findings
from dreamloom.weave.chance.findings import Findings
from dreamloom.weave.chance.verdicts import sentences

NAMES = {
    "T1": "The theme, against their own mornings",
    "T2": "The cue, against the other group of the night",
    "T3": "Any likeness, with no theme in mind",
    "T4": "What is left without the words of the theme",
    "T5": "The sealed target",
}
LIMIT = "None of this says that anybody knew of another's dream."


def convergence(asked: Asked, *, as_json: bool) -> None:
    """Runs the tests and tells of them."""
    found = findings(asked)
    if as_json:
        give(as_data(found))
    _tell(found)


def as_data(found: Findings) -> dict[str, Any]:
    """What --json gives."""
    data: dict[str, Any] = msgspec.to_builtins(found)
    for each, answer in zip(data["tests"], found.tests, strict=True):
        each["says"] = sentences(answer, had_control=found.had_control)
    return data


def _tell(found: Findings) -> None:
    nights = ", ".join(found.nights) or "no night"
    say(f"Tested: {nights}." if found.tests else f"Nothing of {nights} can be tested yet.")
    for note in found.notes:
        say(note)
    for answer in found.tests:
        say(f"\n{answer.id}  {NAMES[answer.id]}")
        for sentence in sentences(answer, had_control=found.had_control):
            say(f"    {sentence}")
    if found.refused:
        say("\nNot tested:")
    for refused in found.refused:
        say(f"    {refused.id}  {refused.why} {refused.do}".rstrip())
    say(f"\n{LIMIT}")
