"""What is a sleeper to be reminded of now? A line for whoever passes it on; it names no theme, no arm and nobody."""

import shlex
import subprocess
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dreamloom.house.courses import find_begun
from dreamloom.house.layout import House
from dreamloom.house.outcome_answers import given
from dreamloom.outcomes.courses import Course, Due, night_of, night_told, schedule
from dreamloom.vocabulary.errors import ConfigError

LASTS = timedelta(hours=3)
"""A reminder is due from its time on for so long; what calls this every quarter of an hour misses none. Ours."""
PATIENCE_S = 30.0


class Reminder(NamedTuple):
    """One line, which of its course's nights it is about, and whether it is of an evening or a morning."""

    when: str
    number: int
    line: str


def due_now(house: House, name: str, now: datetime) -> list[Reminder]:
    """What is to be said at this moment: at most one of the evening and one of the morning.

    Whatever the night is for, the line is the same, so that nobody reads in it what is played.
    """
    course = find_begun(house, name).course
    local = now.astimezone(ZoneInfo(course.timezone))
    told = {each.on for each in given(house, course.sleeper) if each.moment == "morning"}
    found = []
    evening = night_of(course, local.date())
    if evening is not None and _is_due(course.remind.evening, local):
        found.append(Reminder("evening", evening.number, _evening(course, evening)))
    morning = night_told(course, local.date())
    if morning is not None and local.date() not in told and _is_due(course.remind.morning, local):
        found.append(Reminder("morning", morning.number, _morning(course, morning)))
    return found


def pass_on(command: str, reminders: Sequence[Reminder]) -> int:
    """Gives each line to a command of the house's own, on its standard input; returns how many it took.

    Raises:
        ConfigError: DL-E669 when there is no such command.
    """
    words = shlex.split(command)
    try:
        ran = [
            subprocess.run(words, input=each.line + "\n", text=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - the house's own words
            for each in reminders
        ]
    except (OSError, subprocess.TimeoutExpired, IndexError) as error:
        raise ConfigError(
            "DL-E669",
            "The reminder could not be passed on.",
            why=f"{command!r} does not run: {error}.",
            still="Nothing else hangs on it.",
            do="Name a command that reads a line: --hook 'COMMAND ARGUMENTS'",
        ) from None
    return sum(each.returncode == 0 for each in ran)


def _evening(course: Course, due: Due) -> str:
    if due.at_home:
        return f"Night {due.number} of {len(schedule(course))}: sleep wherever you are; tomorrow you are asked again."
    return f"Night {due.number} of {len(schedule(course))} is tonight. Come to your bed in time, and take your time."


def _morning(course: Course, due: Due) -> str:
    return (
        f"Morning after night {due.number} of {len(schedule(course))}: tell your dream first if you have one, then "
        "answer a few questions. Not telling is all right, too."
    )


def _is_due(at: str, local: datetime) -> bool:
    if not at:
        return False
    begins = datetime.combine(local.date(), time.fromisoformat(at), tzinfo=local.tzinfo)
    return begins <= local < begins + LASTS
