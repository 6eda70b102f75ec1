"""What do the verbs on courses do?"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dreamloom.adapters.folders import write_durably
from dreamloom.cli.outcomes import house_at
from dreamloom.cli.output import give, say, table
from dreamloom.engine.clocks import utc_now
from dreamloom.gallery import log_sentences, outcome_page, outcome_sentences
from dreamloom.gallery.markup import join, tag
from dreamloom.house import course_account, course_tonight, courses, cueing_holds, new_night, reminding
from dreamloom.house.outcome_answers import day, today
from dreamloom.house.outcome_sharing import refuse_unshared
from dreamloom.outcomes.account import Account, NightTold
from dreamloom.vocabulary.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a new course is asked for."""

    name: str
    sleeper: str
    clinician: str
    first: str
    night: str
    protocol: str


def new(asked: Wanted, *, house: Path | None, as_json: bool) -> None:
    """Writes the file."""
    try:
        first = datetime.strptime(asked.first, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise UsageError("DL-E670", f"{asked.first!r} is no day.", do="Write it as 2026-11-21.") from error
    text = courses.new_text(
        asked.name, sleeper=asked.sleeper, clinician=asked.clinician, first=first.isoformat(), night=asked.night,
        protocol=asked.protocol, timezone=new_night.local_zone(),
    )  # fmt: skip
    path = courses.write_course(house_at(house), text, name=asked.name)
    say(f"{path}\nEdit it with {asked.clinician}, then: dreamloom course begin {asked.name} --by NAME")
    if as_json:
        give({"course": asked.name, "file": str(path)})


def begin(name: str, *, by: str, house: Path | None, as_json: bool) -> None:
    """Settles it."""
    event = courses.begin(house_at(house), name, by=by)
    say(
        f"Begun with {event.clinician}. More than {event.nightmares} nightmares in {event.nights} reported nights hold "
        f"cues until {event.clinician} has answered. {outcome_sentences.NOT_A_DEVICE}"
    )
    seen_as = courses.signs_in_as(event.clinician)
    say(f"To see it in a browser: dreamloom house invite {seen_as} --role clinician --by NAME")
    if as_json:
        give({"course": name, "course_sha256": event.course_sha256, "clinician": event.clinician})


def show(name: str, *, on: str, house: Path | None, as_json: bool) -> None:
    """Night by night, without what was answered."""
    where = house_at(house)
    told = course_account.course_told(where, name, today=day(on))
    rows = [
        [str(n.due.number), n.due.evening, n.due.kind, n.slept or "–", outcome_sentences.of_telling(n)]
        for n in told.account.nights
    ]
    rows += [[str(due.number), due.evening, due.kind, "", ""] for due in told.account.ahead]
    say(table(["night", "evening", "kind", "run", "told"], rows))
    say(outcome_sentences.of_adherence(told.account.adherence))
    if told.held is not None:
        say(f"HELD since {told.held.on}: no cue plays until {told.begun.course.clinician} has answered.")
    if as_json:
        give(
            {
                "course": name,
                "nights": [_night(night) for night in told.account.nights],
                "ahead": len(told.account.ahead),
                "adherence": told.account.adherence._asdict(),
                "held_since": None if told.held is None else str(told.held.on),
            }
        )


def remind(name: str, *, at: str, hook: str, house: Path | None, as_json: bool) -> None:
    """Prints the lines, and passes them on."""
    try:
        now = datetime.fromisoformat(at) if at else utc_now()
    except ValueError as error:
        raise UsageError(
            "DL-E671", f"{at!r} is no moment.", do="Write it with its zone, as 2026-11-21T21:30+01:00."
        ) from error
    found = reminding.due_now(house_at(house), name, now)
    for each in found:
        say(each.line)
    passed = reminding.pass_on(hook, found) if hook else 0
    if as_json:
        give({"reminders": [each._asdict() for each in found], "passed_on": passed})


def tonight(name: str, *, on: str, run: bool, speed: str, house: Path | None, as_json: bool) -> None:
    """Makes the night, and runs it where that is asked for."""
    where = house_at(house)
    asked = courses.read_course(where, name)
    found = course_tonight.tonight(where, name, day(on) if on else today(where, asked.sleeper, evening=True))
    due = found.due
    place = "told at home, nothing is recorded" if found.folder is None else str(found.folder.root)
    say(f"Night {due.number}, {due.evening}, {due.kind}: {place}.")
    if found.said:
        say(f"No cue of this sleeper plays tonight. {found.said}")
    if run and found.folder is not None:
        from dreamloom.cli.nights import run as run_night

        run_night(str(found.folder.root), speed=speed, hours=None, rearm=False, page="", as_json=as_json)
    elif as_json:
        folder = None if found.folder is None else str(found.folder.root)
        give({"number": due.number, "kind": due.kind, "folder": folder, "is_new": found.is_new, "silent": found.said})


def answer(name: str, *, by: str, because: str, goes_on: bool, house: Path | None, as_json: bool) -> None:
    """Keeps the clinician's answer."""
    event = cueing_holds.answer(house_at(house), name, by=by, because=because, goes_on=goes_on)
    then = "Cues go on from the next night." if goes_on else "Cues stay held; nights are recorded as before."
    say(f"{event.by} answered: {event.answer}. {then} Mornings are counted anew.")
    if as_json:
        give({"course": name, "by": event.by, "answer": event.answer})


def summary(name: str, *, out: Path | None, to: str, on: str, house: Path | None, as_json: bool) -> None:
    """The course in sentences, and as a page."""
    where = house_at(house)
    told = course_account.course_told(where, name, today=day(on))
    if to:
        refuse_unshared(where, told.begun.course.sleeper, to)
    holds = outcome_sentences.holds_of(told.holds)
    logged = log_sentences.of_logs(told.rehearsed, told.begun.course.protocol, told.scored)
    lines = outcome_sentences.of_course(told.account, holds, told.compared, told.gains, logged=logged)
    for line in lines:
        say(line)
    if out is not None:
        said = outcome_page.said(lines, is_sealed=told.is_sealed)
        body = join(said, tag("h2", "Night by night"), outcome_page.figures(told.account, holds))
        write_durably(out, outcome_page.page(f"{name}, {told.today}", body).encode())
        say(f"{out}")
    if as_json:
        give(
            {
                "course": name,
                "sentences": lines,
                **_data(told.account),
                "compared": told.compared,
                "gains": told.gains,
                "rehearsed": [{"on": str(on), **answers} for on, answers in told.rehearsed],
                "scores": [{**each._asdict(), "on": str(each.on)} for each in told.scored],
            }
        )


def _data(account: Account) -> dict[str, object]:
    measures = {
        each.name: {
            "before": each.before,
            "since": each.since,
            "follow_up": each.later,
            "change": each.change,
            "weeks": [week._asdict() for week in each.weeks],
        }
        for each in account.measures
    }
    nights = [{**_night(night), "answers": night.answers} for night in account.nights]
    return {"adherence": account.adherence._asdict(), "nights": nights, "measures": measures}


def _night(night: NightTold) -> dict[str, object]:
    due = night.due
    return {
        "number": due.number,
        "evening": str(due.evening),
        "kind": due.kind,
        "run": night.slept,
        "told": outcome_sentences.of_telling(night),
    }
