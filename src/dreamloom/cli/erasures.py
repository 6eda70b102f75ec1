"""Verbs on what is somebody's own: `erase` it, `export mine` to take it home, `retention` for what is past its time."""

import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from dreamloom.cli.output import Progress, give, say
from dreamloom.engine.clocks import utc_now
from dreamloom.house import erasing, layout
from dreamloom.house.erasure_plan import Intent, foreseen
from dreamloom.house.export_mine import export_mine as export_mine_to
from dreamloom.house.layout import House
from dreamloom.house.retention import due_consents, due_exports, due_nights, keep_to_times
from dreamloom.house.retention_times import keep_days
from dreamloom.record.erasures import IN_WORDS
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
        have_confirmed(sleeper, verb="erase", done="erased")
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


def retention(*, house: Path | None, only_look: bool, as_json: bool) -> None:
    """Says what is past its time, and takes it away unless it is only looked at."""
    where = House(house) if house else layout.default_house()
    now, days = utc_now(), keep_days(where)
    kept = ", ".join(f"{name} {getattr(days, name)}" for name in days.__struct_fields__ if name != "morning_h")
    say(f"Kept, in days: {kept}; samples nobody agreed to keep: {days.morning_h} h after their night.")
    due, exports, consents = due_nights(where, now), due_exports(where, now), due_consents(where, now)
    for each in due:
        files = ", ".join(f"{count} of {kind}" for kind, count in each.counts.items())
        texts = f"{each.rows} texts" if each.rows else ""
        say(f"{each.folder.name}, {each.sleeper}: {' and '.join(filter(None, (texts, files)))}, {IN_WORDS[each.why]}.")
    for path in exports:
        say(f"{path}: handed out long ago.")
    for sleeper in consents:
        say(f"What the house remembers of the consents of {sleeper}.")
    if not (due or exports or consents):
        say("Nothing is past its time.")
    elif only_look:
        say("Nothing was taken away; it goes at the next opening of a night, or with: dreamloom retention")
    if not only_look:
        keep_to_times(where)
    if as_json:
        nights = [
            {
                "night": each.folder.name,
                "sleeper": each.sleeper,
                "why": each.why,
                "rows": each.rows,
                "files": each.counts,
            }
            for each in due
        ]
        give({"taken": not only_look, "nights": nights, "exports": len(exports), "consents": len(consents)})


def export_mine(sleeper: str, to: Path, *, house: Path | None, as_json: bool) -> None:
    """Writes everything of one sleeper into a new folder, opened and readable."""
    where = House(house) if house else layout.default_house()
    say(f"Writing what {where.root} holds of {sleeper} to {to}.")
    taken = export_mine_to(where, sleeper, to)
    say(f"{taken.nights} nights, {taken.events} events, {taken.files} files.")
    say(f"What is what: {taken.folder / 'README.txt'}")
    if taken.still_sealed:
        say(f"{taken.still_sealed} arms stay sealed until their trial is opened.")
    if as_json:
        give(
            {
                "folder": str(taken.folder),
                "nights": taken.nights,
                "events": taken.events,
                "files": taken.files,
                "still_sealed": taken.still_sealed,
            }
        )


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


def have_confirmed(sleeper: str, *, verb: str, done: str) -> None:
    """Returns once the name was typed again; nothing goes by a slip."""
    say(f"This cannot be undone. Type {sleeper} to go on, or anything else to leave it:")
    if _typed() == sleeper:
        return
    raise RefusedError(
        "DL-E555",
        f"{sleeper} was not {done}.",
        why="The name was not typed again.",
        still="Everything is as it was.",
        do=f"Type it when asked, or say so at once: dreamloom {verb} {sleeper} --yes",
    )


def _typed() -> str:
    return sys.stdin.readline().strip()


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
