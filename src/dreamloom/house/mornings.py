"""How is a morning kept? Told, locked, answered, revealed and allowed, step by step in the house's own record.

Every step is decided on the record as it stands while nobody else writes it: what came twice is there once, and nothing
is added behind a lock.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.adapters.one_writer import is_held
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.guide import interview
from dreamloom.guide.interview import MOST_PIECES, Interview, interviews
from dreamloom.guide.questions import PROTOCOL, Answers
from dreamloom.house.house_record import first_host, tell_if
from dreamloom.house.house_seals import sealing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.record.events import AnyEvent, ConsentWithdrawn, Erased
from dreamloom.record.morning_events import (
    AwakenedBy,
    Channel,
    DreamReported,
    InterviewAnswered,
    InterviewStep,
    Recall,
    ReportLocked,
    ReportShared,
    SharedFor,
    ThemeRevealed,
)
from dreamloom.vocabulary.errors import DreamloomError, RefusedError
from dreamloom.vocabulary.texts import filled

LOCKED = "DL-E623"
"""Refuses what comes behind the lock."""
REVEALED_AFTER = timedelta(hours=8)
"""Since the end of the night: time to sleep in, to wake slowly and to tell. Ours."""


class Dreamer(Struct, frozen=True, kw_only=True):
    """Who tells, of which night ("" for a morning behind no night of the house), and where."""

    sleeper: str
    night: str = ""
    channel: Channel = "terminal"
    language: str = "en"


class Piece(Struct, frozen=True, kw_only=True):
    """What is told at once: the report, or what is added to it.

    Attributes:
        number: from 0; the same one told twice is there once.
        told_utc: by the clock of whatever it was told to; "" for now.
        spoken: by what it was written down where it was spoken; "" where it was typed.
    """

    number: int
    recall: Recall
    text: str
    told_utc: str = ""
    awakened_by: AwakenedBy = "morning"
    spoken: str = ""


def new_name() -> str:
    """A name for a report that is about to be told."""
    return secrets.token_hex(16)


def of_house(house: House) -> dict[str, Interview]:
    """Every report that this house knows of, by its name."""
    return interviews(events_of(house))


def morning_of(house: House, sleeper: str, night: str) -> Interview:
    """How far this sleeper's morning behind this night has come; one not begun where there is none yet.

    Behind no night it is that of today: what was left open yesterday is not asked any more.
    """
    own = (each for each in of_house(house).values() if (each.sleeper, each.night) == (sleeper, night))
    told = [each for each in own if _is_morning(each) and (night or each.dreamt_on == _today())]
    return told[-1] if told else Interview(sleeper=sleeper, night=night)


def tell(house: House, dreamer: Dreamer, report: str, piece: Piece) -> None:
    """Keeps one piece, sealed; the last one of three, or that nothing is recalled, locks the report.

    Raises:
        RefusedError: DL-E623 for a report that is locked, or another person's.
        RecordError: when the house's record cannot be written.
    """

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        told = interviews(events)
        known = told.get(report)
        if known is None or len(known.pieces) == piece.number:
            refuse_locked(known, dreamer.sleeper)
            event = _reported(dreamer, report, piece)
            if known is None and piece.awakened_by == "morning":
                _refuse_second(told.values(), dreamer, event.dreamt_on)
            return event
        _refuse_anothers(known, dreamer.sleeper)
        return None

    tell_if(house, decide, seal=sealing(dreamer.sleeper, piece.text.encode(), "text"))
    if piece.recall != "content" or piece.number == MOST_PIECES - 1:
        lock(house, report)


def lock(house: House, report: str, *, whole_at: datetime | None = None) -> None:
    """From here on nothing is added; a report that is locked stays as it was locked.

    Args:
        house: whose record it is.
        report: its name.
        whole_at: when the house had all of it, where that was before now.
    """
    ends = house_nights(house)

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = interviews(events).get(report)
        if known is None or known.is_locked:
            return None
        return ReportLocked(
            onset_s=0.0,
            report=report,
            sleeper=known.sleeper,
            night=known.night,
            pieces=len(known.pieces),
            sha256=known.sha256,
            came="LATE" if _was_revealed(events, known.night, ends, whole_at or utc_now()) else "IN_TIME",
        )

    tell_if(house, decide)


def answer(house: House, report: str, step: InterviewStep, answers: Answers) -> None:
    """Keeps what was answered behind the lock, sealed; what was answered first stands.

    Raises:
        RefusedError: DL-E624 before the lock.
    """
    sleeper = sleeper_of(house, report)

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = _locked(interviews(events).get(report))
        if step in known.answered:
            return None
        return InterviewAnswered(
            onset_s=0.0, report=report, sleeper=known.sleeper, night=known.night, step=step, answers=None
        )

    tell_if(house, decide, seal=sealing(sleeper, msgspec.json.encode(answers), "answers"))


def reveal(house: House, folder: NightFolder, report: str) -> bool:
    """Notes that this sleeper is told what the night was about; False while it is too early."""
    ends = house_nights(house)

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = _locked(interviews(events).get(report))
        why = why_now(events, folder, ends)
        if known.is_revealed or why is None:
            return None
        return ThemeRevealed(onset_s=0.0, report=report, sleeper=known.sleeper, night=known.night, why=why)

    tell_if(house, decide)
    return of_house(house)[report].is_revealed


def share(house: House, report: str, scopes: Sequence[SharedFor]) -> None:
    """From here on this report may be used for these and nothing else.

    Raises:
        RefusedError: DL-E624 before the lock.
    """

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = _locked(interviews(events).get(report))
        allowed = tuple(sorted(set(scopes)))
        if known.shared == allowed:
            return None
        return ReportShared(onset_s=0.0, report=report, sleeper=known.sleeper, night=known.night, scopes=allowed)

    tell_if(house, decide)


Ends = Mapping[str, datetime]
"""When each night of a house was over, by name; a night that goes on has no end."""


def house_nights(house: House) -> Ends:
    """When each night that has reports was over."""
    nights = {each.night for each in of_house(house).values() if each.night}
    found = {name: _ended(house.night(name)) for name in nights}
    return {name: ended for name, ended in found.items() if ended is not None}


def why_now(events: Sequence[AnyEvent], folder: NightFolder, ends: Ends) -> Literal["ALL_LOCKED", "DEADLINE"] | None:
    """Why the sleepers of a night may be told what it was about; None while somebody's dream is still to be told."""
    ended = ends.get(folder.name)
    if ended is None:
        return None
    if utc_now() >= ended + REVEALED_AFTER:
        return "DEADLINE"
    told = (each for each in interviews(events).values() if each.night == folder.name and _is_morning(each))
    locked = {each.sleeper for each in told if each.is_locked}
    gone = {event.sleeper for event in events if isinstance(event, Erased)} | _withdrawn(events, folder.name)
    waited_for = {*sleepers_of(folder).values()} - {""} - gone
    return "ALL_LOCKED" if waited_for <= locked else None


def may_reveal(house: House, folder: NightFolder) -> bool:
    """Whether a sleeper of this night who has locked theirs may be told."""
    return why_now(events_of(house), folder, house_nights(house)) is not None


def told_by(folder: NightFolder) -> datetime | None:
    """When it is told at the latest; None while the night goes on."""
    ended = _ended(folder)
    return None if ended is None else ended + REVEALED_AFTER


def _withdrawn(events: Sequence[AnyEvent], night: str) -> set[str]:
    """Nobody waits for the dream of somebody who said no in that night; told, it is kept all the same."""
    noes = (event for event in events if isinstance(event, ConsentWithdrawn))
    return {event.sleeper for event in noes if (event.cause or "").startswith(f"{night}@")}


def _was_revealed(events: Sequence[AnyEvent], night: str, ends: Ends, at: datetime) -> bool:
    """Whether anybody of this night had been told, or could have been, at that moment."""
    if not night:
        return False
    told = (event for event in events if isinstance(event, ThemeRevealed) and event.night == night)
    is_time = night in ends and at >= ends[night] + REVEALED_AFTER
    return is_time or any(event.onset_s <= at.timestamp() for event in told)


def _is_morning(told: Interview) -> bool:
    """What was told in the night at the bed is a report; whoever told it has still to wake."""
    return told.awakened_by == "morning"


def _today() -> str:
    return utc_now().astimezone().date().isoformat()


def _ended(folder: NightFolder) -> datetime | None:
    """When a night was over; one that broke off, and that nobody went on with, at the last that is known of it."""
    if not folder.record.is_file():
        return None
    try:
        with read_only(folder.record) as record:
            closed = record.of_type("NightClosed")
            last = closed or (list(record.events(record.size - 1)) if not is_held(folder.record) else [])
        opened = datetime.fromisoformat(first_host(folder).utc)
    except DreamloomError:
        return None
    return opened + timedelta(seconds=last[-1].onset_s) if last else None


def _reported(dreamer: Dreamer, report: str, piece: Piece) -> DreamReported:
    now = utc_now()
    return DreamReported(
        onset_s=0.0,
        report=report,
        piece=piece.number,
        sleeper=dreamer.sleeper,
        night=dreamer.night,
        dreamt_on=_day(piece.told_utc or now.isoformat()),
        channel=dreamer.channel,
        awakened_by=piece.awakened_by,
        recall=piece.recall,
        protocol=f"{PROTOCOL}, spoken, {piece.spoken}" if piece.spoken else PROTOCOL,
        language=dreamer.language,
        told_utc=piece.told_utc or now.isoformat(timespec="seconds"),
        words=len(piece.text.split()),
        text=None,
    )


def _day(told_utc: str) -> str:
    """The day of the morning where it was told, in this machine's zone; a phone may send it days later.

    Today for what is no moment: no clock of a phone keeps a dream out.
    """
    try:
        return datetime.fromisoformat(told_utc).astimezone().date().isoformat()
    except ValueError:
        return _today()


def events_of(house: House) -> list[AnyEvent]:
    """Everything that the house's record holds and can be read."""
    if not house.record.is_file():
        return []
    with read_only(house.record) as record:
        return list(record.events())


def sleeper_of(house: House, report: str) -> str:
    """Whose report it is; raises RefusedError DL-E624 where it is not locked."""
    return _locked(of_house(house).get(report)).sleeper


def locked_in(events: Sequence[AnyEvent], report: str) -> Interview:
    """The locked report of this name; raises RefusedError DL-E624 where it is not."""
    return _locked(interviews(events).get(report))


def _locked(known: Interview | None) -> Interview:
    if known is None or not known.is_locked:
        raise RefusedError(
            "DL-E624",
            "This comes behind the report, and the report is not locked yet.",
            why="What is asked later could change what is told first.",
            still="What was told so far is kept.",
            do="Finish the report first.",
        )
    return known


def refuse_locked(known: interview.Interview | None, sleeper: str) -> None:
    """Raises RefusedError DL-E623 for a report that is locked, DL-E625 for another person's."""
    if known is None:
        return
    _refuse_anothers(known, sleeper)
    if known.is_locked:
        raise RefusedError(
            "DL-E623",
            "This report is locked.",
            why="It was finished before anything named a theme, and stays as it was told.",
            still="What was told before is kept.",
            do="Keep what came back to you since for yourself, or for the circle.",
        )


def _refuse_second(told: Iterable[Interview], dreamer: Dreamer, day: str) -> None:
    """One report of a morning, of a night or of a day: two of one person would count as two dreams that are alike."""
    own = (each for each in told if (each.sleeper, each.night) == (dreamer.sleeper, dreamer.night))
    if any(_is_morning(each) and (dreamer.night or each.dreamt_on == day) for each in own):
        raise RefusedError(
            "DL-E618",
            filled("{who} has told this morning already.", who=dreamer.sleeper),
            why="There is one report of a morning; what comes back later is added until it is locked.",
            still="What was told first is kept as it is.",
            do=filled(
                "Go on where it stands: {command}",
                command=f"dreamloom tell {dreamer.night} {dreamer.sleeper}".replace("  ", " "),
            ),
        )


def _refuse_anothers(known: interview.Interview, sleeper: str) -> None:
    if known.sleeper != sleeper:
        raise RefusedError("DL-E625", "Another person's report has this name.", do="Begin a new one.")
