"""What did a sleeper answer, evening and morning? Sealed under their key in the house's record; opened for them."""

import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple, cast, get_args
from zoneinfo import ZoneInfo

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.courses import is_guided
from dreamloom.house.house_record import append_to_house
from dreamloom.house.house_seals import opened, sealing
from dreamloom.house.layout import House
from dreamloom.outcomes.packs import Pack, checked
from dreamloom.record.course_events import OutcomeMoment, OutcomeTold
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.vocabulary.texts import filled

EVENING_LASTS = timedelta(hours=6)
"""Past midnight: whoever tells of an evening then means the one that has just gone by. Ours."""
AHEAD = timedelta(hours=14)
"""It is tomorrow already in the earliest time zone there is."""
NIGHTLY = "nightly"
"""The pack of every evening and morning."""
OF_EVENINGS = frozenset({"evening", "before"})


class Given(NamedTuple):
    """What was answered once; `told_s` is when the house was told, in seconds since 1970."""

    pack: str
    on: date
    moment: OutcomeMoment
    night: str
    answers: dict[str, int]
    told_s: float

    @property
    def pack_id(self) -> str:
        """Its pack, whatever version or language."""
        return self.pack.partition(" ")[0]


def keep(  # noqa: PLR0913 - the form, field by field
    house: House,
    sleeper: str,
    pack: Pack,
    answers: Mapping[str, object],
    *,
    on: str,
    moment: str,
    night: str = "",
) -> dict[str, int]:
    """Seals the answers and tells the house of them; told again, they add to or correct those before.

    Raises:
        UsageError: for a day or moment that is none, or an answer that the pack does not know; nothing is kept then.
        RefusedError: DL-E655 for a rehearsal outside any course under a clinician's protocol.
    """
    event = OutcomeTold(
        onset_s=0.0,
        sleeper=sleeper,
        pack=pack.reference,
        on=(day(on) if on else today(house, sleeper, evening=moment in OF_EVENINGS)).isoformat(),
        moment=_moment(moment),
        night=night,
        answers=None,
    )
    kept = checked(pack, answers)
    if pack.under_protocol:
        _refuse_unguided(house, sleeper, date.fromisoformat(event.on))
    append_to_house(house, event, seal=sealing(sleeper, msgspec.json.encode(kept, order="sorted"), "answers"))
    return kept


def given(house: House, sleeper: str) -> list[Given]:
    """Everything this sleeper answered, by day: one for each day, pack, moment and night. Nothing if erased.

    Told again, what is answered anew counts, and what is left out then stays as it was told before.
    """
    found: dict[tuple[str, date, str, str], Given] = {}
    for each in tellings(house, sleeper):
        key = (each.pack_id, each.on, each.moment, each.night)
        found[key] = _upon(found.get(key), each)
    return sorted(found.values(), key=lambda each: (each.on, each.told_s))


def tellings(house: House, sleeper: str) -> list[Given]:
    """Every telling of this sleeper as it was kept, in the order in which the house was told. Nothing if erased."""
    if not house.record.is_file():
        return []
    vault = FolderVault(house.keys, may_make_keys=False)
    if not vault.has(sleeper):
        return []
    found = []
    with read_only(house.record) as record:
        for event in record.of_type("OutcomeTold", sleeper):
            if not isinstance(event, OutcomeTold) or event.answers is None:
                continue
            ciphertext = record.payload(event.id)
            if ciphertext is None:
                continue
            plain = opened(event.answers, ciphertext, vault, event.id)
            answers = msgspec.json.decode(plain, type=dict[str, int])
            day = date.fromisoformat(event.on)
            found.append(Given(event.pack, day, event.moment, event.night, answers, event.onset_s))
    return found


def by_day(told: Iterable[Given], pack_id: str, moment: OutcomeMoment) -> dict[date, Given]:
    """What stands of each day after these tellings, whether a day was told beside a night or apart from any."""
    found = dict[date, Given]()
    for each in told:
        if each.pack_id == pack_id and each.moment == moment:
            found[each.on] = _upon(found.get(each.on), each)
    return found


def told_before(house: House, sleeper: str, pack_id: str, moment: str) -> dict[str, int]:
    """What stands of this evening, or of this morning, by the clock that `keep` goes by where no day is named."""
    on = today(house, sleeper, evening=moment in OF_EVENINGS)
    found = by_day(tellings(house, sleeper), pack_id, _moment(moment)).get(on)
    return {} if found is None else found.answers


def _upon(before: Given | None, each: Given) -> Given:
    """Answers to two versions of an instrument are not put together; nightly items mean the same in each of theirs."""
    if before is None or (before.pack != each.pack and each.pack_id != NIGHTLY):
        return each
    return each._replace(answers=before.answers | each.answers)


def today(house: House, sleeper: str, *, evening: bool = False, at: datetime | None = None) -> date:
    """The day it is for this sleeper, by the clock of their newest course, else by this machine's.

    Args:
        house: where they are known.
        sleeper: whose day.
        evening: of their evening, which lasts past midnight.
        at: which moment; now if left out.
    """
    found = (at or utc_now()).astimezone(zone_of(house, sleeper))
    return (found - EVENING_LASTS if evening else found).date()


def zone_of(house: House, sleeper: str) -> tzinfo | None:
    """Where this sleeper's course says they are; None for this machine's zone."""
    zones = {}
    for path in house.courses.glob("*.toml"):
        with suppress(OSError, ValueError, KeyError):
            asked = tomllib.loads(path.read_text(encoding="utf-8"))
            if asked.get("sleeper") == sleeper:
                zones[str(asked.get("first", ""))] = ZoneInfo(str(asked.get("timezone", "UTC")))
    return zones[max(zones)] if zones else None


def day(text: str) -> date:
    """A day as it is written; today in this machine's zone for "".

    Raises:
        UsageError: for what is no day, or one that has not begun anywhere.
    """
    now = utc_now()
    if not text:
        return now.astimezone().date()
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        found = None
    if found is None or found > (now + AHEAD).date():
        raise UsageError(
            "DL-E645",
            filled("{given} is no day that can be told of.", given=repr(text)),
            why="A day is written as 2026-11-21, and it has begun.",
            do="Write the day of that evening or morning.",
        )
    return found


def _moment(word: str) -> OutcomeMoment:
    if word in get_args(OutcomeMoment):
        return cast("OutcomeMoment", word)
    known = ", ".join(get_args(OutcomeMoment))
    raise UsageError(
        "DL-E646",
        filled("Nothing is asked at the moment {moment}.", moment=repr(word)),
        why=filled("There are: {these}.", these=known),
        do="Name one.",
    )


def _refuse_unguided(house: House, sleeper: str, on: date) -> None:
    if not is_guided(house, sleeper, on):
        raise RefusedError(
            "DL-E655",
            filled("{who} is in no course under a clinician's protocol.", who=sleeper),
            why="Imagery rehearsal can make things worse where nobody looks after it.",
            still="Nothing was kept; evenings and mornings can be told as before.",
            do="Ask a clinician to begin a course under a protocol of theirs: dreamloom course new --help",
        )
