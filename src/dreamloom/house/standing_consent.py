"""Does a consent still hold on the evening a night opens? Its end, its sheet, and what was said since it was given."""

from datetime import datetime

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.dreamscape.signalled import most_asked
from dreamloom.governance.consent import LONGEST, Grant, key_place
from dreamloom.governance.local_times import LONGEST_NIGHT
from dreamloom.governance.sheets import named, newest
from dreamloom.house.asked import Asked
from dreamloom.house.intaking import sheets_of
from dreamloom.house.layout import House
from dreamloom.house.night_file import NOBODY
from dreamloom.house.texts import read_text
from dreamloom.record.events import ConsentChanged
from dreamloom.vocabulary.errors import RecordError, RefusedError, Where

STILL = "Nothing was recorded or played."
TOLD_WITHIN_S = 60.0
"""From the writing of a yes to the house's being told of it; another night may hold the house's record for a while."""


def refuse_ended_grants(asked: Asked, utc: datetime) -> None:
    """Returns when every grant still holds at this moment; for a night that opens, not for one that goes on.

    Raises:
        RefusedError: naming the sleeper, the line and what to do: the consent ended, would hold longer than thirty
            days, was given after reading an older sheet, or before everything was withdrawn, or calls a no what its
            dreamscape asks a dreamer for.
    """
    for pod in asked.night.pod:
        grant = asked.grant_of(pod)
        if grant is not None:
            _refuse_over(asked, pod.sleeper, grant, utc)
            _refuse_withdrawn(asked, pod.sleeper, grant)
            _refuse_dreamers_signal(asked, pod.sleeper, grant)
        if grant is not None and not pod.source.startswith(NOBODY):
            _refuse_older_sheet(asked, pod.sleeper, grant)


def _refuse_over(asked: Asked, sleeper: str, grant: Grant, utc: datetime) -> None:
    ends = grant.resolved_at(utc, asked.zone_of(sleeper)).ends_at()
    if ends is None:
        return
    if ends <= utc or (grant.local_end is not None and ends - utc > LONGEST_NIGHT):
        raise RefusedError(
            "DL-E517",
            f"{sleeper}'s consent ended at {grant.expires}.",
            why=f"It is {utc.astimezone(ends.tzinfo).isoformat(timespec='seconds')} now.",
            still=STILL,
            do=f"Ask {sleeper} again, then write the new `expires` into consent.toml.",
            where=_place(asked, sleeper, "expires"),
        )
    if ends - utc > LONGEST:
        raise RefusedError(
            "DL-E571",
            f"{sleeper}'s consent would hold until {grant.expires}.",
            why=f"That is more than {LONGEST.days} days from now; a standing consent is asked for again by then.",
            still=STILL,
            do="Write an earlier `expires` into consent.toml.",
            where=_place(asked, sleeper, "expires"),
        )


def _refuse_older_sheet(asked: Asked, sleeper: str, grant: Grant) -> None:
    found = named(grant.sheet)
    wanted = newest(sheets_of(asked.folder.house), found.name) if found else None
    if found is None or wanted == found.version:
        return
    said = "is none of this house's" if wanted is None else f"was amended: its version is {wanted} now"
    raise RefusedError(
        "DL-E572",
        f"{sleeper} agreed after reading {grant.sheet!r}, and that sheet {said}.",
        why="Whoever read another sheet agreed to something else, so they are asked again.",
        still=STILL,
        do=f"Read the sheet together, then: dreamloom consent give {asked.folder.root} {sleeper}",
        where=_place(asked, sleeper, "sheet"),
    )


def _refuse_withdrawn(asked: Asked, sleeper: str, grant: Grant) -> None:
    if not is_taken_back(asked.folder.house, sleeper, grant.given_at):
        return
    raise RefusedError(
        "DL-E574",
        f"{sleeper} has withdrawn everything since this consent was given.",
        why="A no holds for every night until the same person, awake, agrees anew.",
        still=STILL,
        do=f"If {sleeper} wishes it: dreamloom consent give {asked.folder.root} {sleeper}",
        where=_place(asked, sleeper, "given"),
    )


def _refuse_dreamers_signal(asked: Asked, sleeper: str, grant: Grant) -> None:
    most = most_asked(asked.dreamscape)
    if not grant.withdraw_by_eyes or grant.withdraw_by_eyes > most:
        return
    raise RefusedError(
        "DL-E576",
        f"{sleeper} says no with {grant.withdraw_by_eyes} eye signals in a row, and the dreamscape asks for {most}.",
        why="Who does what the dreamscape asks would withdraw by it.",
        still=STILL,
        do=f"Agree on {most + 1} or more, or on none, and write it as withdraw_by_eyes.",
        where=_place(asked, sleeper, "withdraw_by_eyes"),
    )


def is_taken_back(house: House, sleeper: str, given: datetime | None) -> bool:
    """Whether this sleeper took back all they ever agreed to, and said no yes since that is this one.

    Judged by the order in which the house was told, never by its clock, which may have been moved in between. Where the
    house's record cannot be read the opening of any night says so itself.
    """
    told = _told_of(house, sleeper)
    refused = [place for place, each in enumerate(told) if each.change == "withdrawn" and not each.about]
    if not refused:
        return False
    return given is None or not any(_is_that_yes(each, given) for each in told[refused[-1] + 1 :])


def _is_that_yes(told: ConsentChanged, given: datetime) -> bool:
    return told.change == "given" and 0.0 <= told.onset_s - given.timestamp() <= TOLD_WITHIN_S


def _told_of(house: House, sleeper: str) -> list[ConsentChanged]:
    if not house.record.is_file():
        return []
    try:
        with read_only(house.record) as record:
            return [each for each in record.of_type("ConsentChanged", sleeper) if isinstance(each, ConsentChanged)]
    except RecordError:
        return []


def _place(asked: Asked, sleeper: str, key: str) -> Where:
    path = asked.folder.consent_toml
    text = read_text(path, what="who agreed to what, a table for each sleeper")
    return key_place(text, file=str(path), sleeper=sleeper, key=key)
