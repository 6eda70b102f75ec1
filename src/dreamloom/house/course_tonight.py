"""What is due in a course tonight, and how does its night come to be? Made from the course's own night, by the book.

It makes the folder and nothing else: whoever runs it, runs it as any other night, under every veto there is.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from dreamloom.adapters.folders import sync_folder, write_durably
from dreamloom.governance.consent import read_grants
from dreamloom.house.courses import Begun, find_begun, night_folder, template_of
from dreamloom.house.cueing_holds import settle_course
from dreamloom.house.cutting import cut_grants
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import asked_beds
from dreamloom.house.making import quoted
from dreamloom.house.night_file import NOBODY, read_night
from dreamloom.house.texts import read_text
from dreamloom.outcomes.courses import WITH_CUES, Due, night_of, schedule
from dreamloom.vocabulary.errors import DreamloomError, UsageError

CARRIED = ("cues", "voices", "hearing", "eyes")
"""What of the course's own night each of its nights has as well; an output is tried anew every evening."""
NOBODY_CUED = "# Nobody is cued in this night of the course.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tonight:
    """One night of a course, made or found; `said` is why nobody is cued where the course would have it.

    Attributes:
        folder: None where nothing is recorded: what is slept at home is told alone.
        is_new: it was made just now.
    """

    due: Due
    folder: NightFolder | None
    is_new: bool = False
    said: str = ""


def tonight(house: House, name: str, evening: date) -> Tonight:
    """The night that is due, its folder made where it was not there yet.

    Raises:
        UsageError: DL-E668 on an evening on which nothing is due.
    """
    found = find_begun(house, name)
    due = night_of(found.course, evening)
    if due is None:
        raise _nothing_due(found, evening)
    if due.at_home:
        return Tonight(due=due, folder=None)
    folder = night_folder(house, found.course, due.number)
    why = _why_silent(house, found, due)
    if folder.root.exists():
        if why and not folder.record.exists():
            cut_grants(folder.consent_toml, found.course.sleeper)
        return Tonight(due=due, folder=folder, said=why)
    _make(folder, template_of(house, found.course), found, due, is_silent=bool(why))
    return Tonight(due=due, folder=folder, is_new=True, said=why)


def _why_silent(house: House, found: Begun, due: Due) -> str:
    """Why the sleeper is not cued in a night that the course would cue; "" where nothing says so."""
    if due.kind not in WITH_CUES:
        return ""
    for now in settle_course(house, found.begun):
        return f"Cues are held since {now.on}; {found.begun.clinician} has to answer."
    return _consent_for_once(house, found)


def _consent_for_once(house: House, found: Begun) -> str:
    """What was agreed to for one night is not carried into the next, except where nobody lies."""
    template, sleeper = template_of(house, found.course), found.course.sleeper
    sources = [str(pod.get("source", "")) for pod in asked_beds(template).values() if pod.get("sleeper") == sleeper]
    if any(source.startswith(NOBODY) for source in sources):
        return ""
    try:
        text = read_text(template.consent_toml, what="who agreed to what")
        grant = read_grants(text, file=str(template.consent_toml)).get(sleeper)
    except DreamloomError:
        grant = None
    if grant is not None:
        with suppress(ValueError):
            if datetime.fromisoformat(grant.expires).tzinfo is not None:
                return ""
    ask = f"dreamloom consent give {template.root} {sleeper} --days 14"
    return f"{sleeper} agreed to no more than one night, so this one stays silent. Ask: {ask}"


def _make(folder: NightFolder, template: NightFolder, found: Begun, due: Due, *, is_silent: bool) -> None:
    """All of it or nothing: a night that was half made would hold consents that are not for it."""
    folder.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".making-", dir=folder.house.root) as place:
        made = NightFolder(Path(place) / "nights" / folder.name)
        _write(made, template, found, due, named=folder)
        if due.kind not in WITH_CUES:
            made.consent_toml.write_text(NOBODY_CUED, encoding="utf-8")
        elif is_silent:
            cut_grants(made.consent_toml, found.course.sleeper)
        try:
            made.root.rename(folder.root)
        except OSError:
            if not folder.root.exists():  # else another process made this night meanwhile, by the same book
                raise
    sync_folder(folder.root.parent)


def _write(made: NightFolder, template: NightFolder, found: Begun, due: Due, *, named: NightFolder) -> None:
    made.root.mkdir(mode=0o700, parents=True)
    text = template.night_toml.read_text(encoding="utf-8")
    if due.trial_night:
        text = text.rstrip("\n") + f"\n\n[trial]\nname = {quoted(found.course.trial)}\nnight = {due.trial_night}\n"
    asked = read_night(text, file=str(named.night_toml))
    for each in (asked.dreamscape, *CARRIED):
        _copy(template.root / each, made.root / each)
    if template.consent_toml.is_file():
        _copy(template.consent_toml, made.consent_toml)
    write_durably(made.night_toml, text.encode())


def _copy(path: Path, to: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, to)
    elif path.is_file():
        shutil.copyfile(path, to)


def _nothing_due(found: Begun, evening: date) -> UsageError:
    later = [due for due in schedule(found.course) if due.evening > evening]
    when = f"The next night is number {later[0].number}, on {later[0].evening}." if later else "Its nights are over."
    return UsageError(
        "DL-E668",
        f"Nothing is due in the course {found.course.course!r} on {evening}.",
        why=when,
        do=f"See: dreamloom course show {found.course.course}",
    )
