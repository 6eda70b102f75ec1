"""The verb `convergence`: answers and refusals as data, and as plain sentences."""

from pathlib import Path
from typing import Any

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.cli.output import Progress, give, say
from dreamloom.gallery.convergence_page import LIMIT, NAMES, met
from dreamloom.gallery.markup import join, tag
from dreamloom.gallery.outcome_page import page
from dreamloom.gallery.words import counted
from dreamloom.house import blind_sheets
from dreamloom.house.dreams_met import Asked, findings
from dreamloom.weave.chance.findings import Findings
from dreamloom.weave.chance.verdicts import sentences

KEYS = ("id", "statistic", "p", "n", "k", "verdict", "registered")


def convergence(asked: Asked, *, out: Path | None, details: bool, as_json: bool) -> None:
    """Runs the tests and tells of them."""
    found = _found(asked, quiet=as_json)
    if out is not None:
        body = join(tag("p", f"Tested: {', '.join(found.nights) or 'no night'}."), met(found))
        write_durably(out, page("Did the dreams meet?", body, footer=LIMIT).encode())
    if as_json:
        give(in_detail(found) if details else as_data(found))
    _tell(found)


def blind_sheet(asked: Asked, out: Path, *, as_json: bool) -> None:
    """Writes what judges get, and says what is to be done with it; nothing is tested, and nothing of a result said."""
    made = blind_sheets.write(asked, out)
    say(f"{made.page}\n{made.table}")
    for draw in made.draws:
        say(f"Draw {draw.id}: {counted(len(draw.reports), 'dream')} and four targets, in an order that tells nothing.")
    if made.left_out:
        say(f"{counted(made.left_out, 'dreamer')} left out: they did not say that judges may read them.")
    if made.to_look_at:
        looks = "looks" if made.to_look_at == 1 else "look"
        say(f"{counted(made.to_look_at, 'place')} {looks} like a name, an address or a day: read it first.")
    say("Give both to people who know nothing of the night; each writes a name and an order into the table. Then:")
    say(f"  dreamloom convergence {asked.source} … --rankings {made.table}   (once for each judge's table)")
    if as_json:
        draws = [
            {"id": each.id, "dreams": len(each.reports), "targets": [one.id for one in each.targets]}
            for each in made.draws
        ]
        give({"page": str(made.page), "table": str(made.table), "draws": draws, "left_out": made.left_out})


def _found(asked: Asked, *, quiet: bool) -> Findings:
    """A bar appears where a model has to read first."""
    bars: list[Progress] = []

    def far(done: int, of: int) -> None:
        if not bars:
            bars.append(Progress("Reading reports by their meaning", 1.0, quiet=quiet))
        bars[0].at(done / of)

    found = findings(asked, far=far)
    for bar in bars:
        bar.done()
    return found


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
