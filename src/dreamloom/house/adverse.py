"""What harm was told to this house, how grave is it, until when must a board know, and may the study go on?

An adverse event is anything unwanted that happened to somebody who took part, whatever it came of. It stands in
the house's record for good; what was written about it is sealed under that sleeper's own key.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import cast, get_args

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.house_record import append_to_house
from dreamloom.house.house_seals import opened, sealing
from dreamloom.house.layout import House
from dreamloom.record.events import AdverseReported, Relatedness, Severity
from dreamloom.vocabulary.errors import UsageError

DUE_DAYS: Mapping[str, int] = MappingProxyType(
    {"fatal": 7, "life-threatening": 7, "serious": 15, "severe": 15, "moderate": 365, "mild": 365}
)
"""Until a board must know: 7 days where a life was at stake, 15 for what else is serious (ICH E2A, section III.B);
the rest with the yearly report. What is severe but not serious is told as early as what is. Ours."""
RELATED = frozenset({"possible", "probable", "definite"})
AT_STAKE = frozenset({"fatal", "life-threatening"})
GRAVE = frozenset({"serious", "severe"})
GRAVE_STOPS_AT = 2
"""One may be chance; two of the kind stop a study until its board has looked. Ours."""
COLUMNS = (
    "number",
    "reported_utc",
    "happened_on",
    "sleeper",
    "night",
    "severity",
    "relatedness",
    "due_utc",
    "by",
    "text",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One adverse event as it may be shown; `text` is "" where it was not asked for, or its key is destroyed."""

    number: int
    event: AdverseReported
    text: str

    @property
    def due(self) -> datetime:
        return datetime.fromisoformat(self.event.due_utc)

    def row(self) -> dict[str, str]:
        """For a board: one line of its table."""
        event = self.event
        reported = datetime.fromtimestamp(event.onset_s, UTC).isoformat(timespec="seconds")
        shown = (reported, event.happened_on, event.sleeper, event.night, event.severity, event.relatedness)
        return dict(zip(COLUMNS, (str(self.number), *shown, event.due_utc, event.by, self.text), strict=True))


def report(  # noqa: PLR0913 - the form, field by field
    house: House,
    *,
    sleeper: str,
    severity: str,
    relatedness: str,
    text: str,
    night: str = "",
    happened_on: str = "",
    by: str = "",
) -> AdverseReported:
    """Writes one down in the house's record, with the date until which a board must know.

    Raises:
        UsageError: for a word that the form does not know, or a day that is none.
    """
    now = utc_now()
    event = AdverseReported(
        onset_s=0.0,
        sleeper=sleeper,
        night=night,
        severity=cast("Severity", _one_of(severity, get_args(Severity), "severity")),
        relatedness=cast("Relatedness", _one_of(relatedness, get_args(Relatedness), "relatedness")),
        happened_on=_day(happened_on or now.date().isoformat()),
        due_utc=(now + timedelta(days=DUE_DAYS[severity])).isoformat(timespec="seconds"),
        by=by or "somebody",
        text=None,
    )

    append_to_house(house, event, seal=sealing(sleeper, text.encode(), "text"))
    return event


def told(house: House, *, with_text: bool) -> list[Told]:
    """Every adverse event of this house, oldest first; of one who was erased nothing is left."""
    if not house.record.is_file():
        return []
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        events = [event for event in record.events() if isinstance(event, AdverseReported)]
        payloads = {event.id: record.payload(event.id) for event in events} if with_text else {}
    return [
        Told(number, event, _opened(event, payloads.get(event.id), vault)) for number, event in enumerate(events, 1)
    ]


def _opened(event: AdverseReported, ciphertext: bytes | None, vault: FolderVault) -> str:
    if ciphertext is None or event.text is None or not vault.has(event.sleeper):
        return ""
    return opened(event.text, ciphertext, vault, event.id).decode()


def must_stop(events: Sequence[AdverseReported]) -> str | None:
    """Why no further cued night of the study should begin before its board has looked; None: nothing says so."""
    related = [event for event in events if event.relatedness in RELATED]
    if any(event.severity in AT_STAKE for event in related):
        return "a life was at stake, and cues may have had to do with it"
    grave = sum(event.severity in GRAVE for event in related)
    return f"{grave} grave events that cues may have had to do with" if grave >= GRAVE_STOPS_AT else None


def as_csv(events: Sequence[Told]) -> str:
    """A table for a board, a line each."""
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: _plain(value) for name, value in each.row().items()} for each in events)
    return out.getvalue()


def _plain(value: str) -> str:
    """No spreadsheet takes what somebody wrote for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _one_of(word: str, known: Sequence[str], what: str) -> str:
    if word in known:
        return word
    raise UsageError(
        "DL-E192", f"{word!r} is no {what}.", why=f"The form knows: {', '.join(known)}.", do="Choose one of them."
    )


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError as error:
        raise UsageError(
            "DL-E193", f"{text!r} is no day.", why="A day is written as 2026-11-21.", do="Write the day so."
        ) from error
