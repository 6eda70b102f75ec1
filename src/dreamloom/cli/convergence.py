"""The verb `convergence`: answers and refusals as data, and as plain sentences."""

from pathlib import Path
from typing import Any

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.cli.output import give, say
from dreamloom.gallery.convergence_page import LIMIT, NAMES, met
from dreamloom.gallery.markup import join, tag
from dreamloom.gallery.outcome_page import page
from dreamloom.house.dreams_met import Asked, findings
from dreamloom.weave.chance.findings import Findings
from dreamloom.weave.chance.verdicts import sentences

KEYS = ("id", "statistic", "p", "n", "k", "verdict", "registered")


def convergence(asked: Asked, *, out: Path | None, details: bool, as_json: bool) -> None:
    """Runs the tests and tells of them."""
    found = findings(asked)
    if out is not None:
        body = join(tag("p", f"Tested: {', '.join(found.nights) or 'no night'}."), met(found))
        write_durably(out, page("Did the dreams meet?", body, footer=LIMIT).encode())
    if as_json:
        give(in_detail(found) if details else as_data(found))
    _tell(found)


def as_data(found: Findings) -> dict[str, Any]:
    """What --json gives: the same few keys whichever tests were asked for."""
    return {
        "tests": [{key: getattr(each, key) for key in KEYS} for each in found.tests],
        "refused": [msgspec.to_builtins(each) for each in found.refused],
    }


def in_detail(found: Findings) -> dict[str, Any]:
    """What --json --details gives."""
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
