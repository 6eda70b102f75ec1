"""The verb `erase`: says what will go, has it confirmed in words, and tells what went."""

import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from dreamloom.cli.output import Progress, give, say
from dreamloom.house import erasing, layout
from dreamloom.house.erasure_plan import Intent, foreseen
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import RefusedError

MEGABYTE = 1e6


def erase(sleeper: str, *, house: Path | None, is_sure: bool, only_look: bool, as_json: bool) -> None:
    """Takes everything of one sleeper out of the house."""
    where = House(house) if house else layout.default_house()
    plan = foreseen(where, sleeper)
    for line in _in_words(plan.intent, is_begun=plan.is_begun):
        say(line)
    if only_look:
        if as_json:
            give(_data(plan.intent, is_erased=False))
        return
    if not is_sure:
        _have_confirmed(sleeper)
    began_s = monotonic()
    progress = Progress(f"Erasing {sleeper}", 1.0, quiet=as_json)
    try:
        gone = erasing.erase(where, sleeper, told=lambda done, of: progress.at(done / of))
    finally:
        progress.done()
    took_s = monotonic() - began_s
    say(
        f"Erased, in {took_s:.1f} s: nothing of {sleeper} is left in {where.root}, and a copy of old keys opens "
        "nothing with the new house key. The records of everybody else verify as before."
    )
    if as_json:
        give({**_data(gone, is_erased=True), "seconds": round(took_s, 3)})


def _in_words(plan: Intent, *, is_begun: bool) -> list[str]:
    files = ", ".join(f"{count} of {kind}" for kind, count in plan.files.items()) or "none"
    records = f"the records of {len(plan.nights)} nights and of the house"
    lines = [
        f"This erasure was begun at {plan.begun_utc} and is not finished; it goes on." if is_begun else "",
        f"Of {plan.sleeper} will go: {plan.rows} texts and {plan.payloads} sealed payloads in {records}; their key.",
        f"Files: {files}; {plan.size_bytes / MEGABYTE:.1f} MB.",
        "Reports of nights shared with others are rebuilt without them. The pseudonym stays in who slept where.",
        "What others hold cannot be called back: backups, copies and exports elsewhere, what was published.",
    ]
    if plan.out_of_reach:
        lines.append(f"Not in this house, so left where it is: {', '.join(plan.out_of_reach)}.")
    return [line for line in lines if line]


def _have_confirmed(sleeper: str) -> None:
    """Returns once the name was typed again; nothing is erased by a slip."""
    say(f"This cannot be undone. Type {sleeper} to erase it, or anything else to leave it:")
    if sys.stdin.readline().strip() == sleeper:
        return
    raise RefusedError(
        "DL-E554",
        f"{sleeper} was not erased.",
        why="The name was not typed again.",
        still="Everything is as it was.",
        do=f"Type it when asked, or say so at once: dreamloom erase {sleeper} --yes",
    )


def _data(plan: Intent, *, is_erased: bool) -> Mapping[str, object]:
    return {
        "sleeper": plan.sleeper,
        "erased": is_erased,
        "nights": len(plan.nights),
        "rows": plan.rows,
        "payloads": plan.payloads,
        "files": plan.files,
        "bytes": plan.size_bytes,
        "out_of_reach": plan.out_of_reach,
    }
