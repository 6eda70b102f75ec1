"""What was told in this house, as every test and weave reads it: opened, by its night, with what its dreamer allows."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

import msgspec
from msgspec import Struct

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import SqliteReader, read_only
from dreamloom.guide.interview import Interview, interviews
from dreamloom.house.house_seals import opened
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import asked_beds, sleepers_of
from dreamloom.house.trial_verifying import is_blind
from dreamloom.record.events import AnyEvent, CueDue, GroupsTold
from dreamloom.record.morning_events import DreamReported, InterviewAnswered, ReportLocked, ReportShared
from dreamloom.vocabulary.errors import DreamloomError, RecordError
from dreamloom.weave.reports import BASELINE, Report

SEALED = "sealed"
"""The arm of everybody in a night whose arms nobody may know yet."""
UNKNOWN = "unknown"
"""The arm of everybody in a night of which nothing can be read any more: what sounded there is no baseline."""


class Guess(Struct, frozen=True, kw_only=True):
    """What somebody thought that their night had been about, before anybody said.

    Attributes:
        guess: one of those that were offered, or "unknown"; "" where nothing was offered.
        heard: whether they heard anything from outside.
    """

    guess: str = ""
    sure: int | None = None
    heard: str = ""


def reports(house: House) -> list[Report]:
    """Every locked report of this house that can still be opened, oldest first; of the erased nothing is left.

    Raises:
        RecordError: when the house's record or its keys cannot be read.
    """
    if not house.record.is_file():
        return []
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        events = list(record.events())
        leaves = {row.id: row.leaf.hex() for row in record.rows()}
        texts, heard = _texts(record, events, vault), _heard(record, events, vault)
    known = {name: each for name, each in interviews(events).items() if each.is_locked and name in texts}
    beds = _Beds(house)
    first = {event.report: event for event in reversed(events) if isinstance(event, DreamReported)}
    locks = {event.report: event for event in events if isinstance(event, ReportLocked)}
    consents = {event.report: leaves[event.id] for event in events if isinstance(event, ReportShared)}
    return [
        Report(
            dreamer=each.sleeper,
            night=each.night or first[name].dreamt_on,
            arm=beds.arm(each),
            text=texts[name],
            protocol=first[name].protocol,
            awakening=each.awakened_by,
            language=first[name].language,
            room=beds.room(each),
            order=order,
            heard=heard.get(name),
            is_late=each.came == "LATE",
            scopes=frozenset(each.shared or ()),
            consent=consents.get(name, ""),
            locked_sha256=locks[name].sha256,
        )
        for order, (name, each) in enumerate(known.items())
    ]


def text_of(house: House, report: str) -> str:
    """The words of one report, for its own dreamer; "" of one that cannot be opened any more."""
    if not house.record.is_file():
        return ""
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        told = [event for event in record.of_type("DreamReported") if _is_of(event, report)]
        return _texts(record, told, vault).get(report, "")


def locks(house: House, night: str) -> dict[str, str]:
    """By the hash it was locked with, the name of each report of this night."""
    if not house.record.is_file():
        return {}
    with read_only(house.record) as record:
        found = [event for event in record.of_type("ReportLocked") if isinstance(event, ReportLocked)]
    return {event.sha256: event.report for event in found if event.night == night}


def guesses(house: House, night: str) -> dict[str, Guess]:
    """By each sleeper of a night who answered, what they guessed."""
    if not house.record.is_file():
        return {}
    vault = FolderVault(house.keys, may_make_keys=False)
    with read_only(house.record) as record:
        answered = _answered(record, record.of_type("InterviewAnswered"), vault)
        return {event.sleeper: guess for event, guess in answered if event.night == night}


def _texts(record: SqliteReader, events: Iterable[AnyEvent], vault: FolderVault) -> dict[str, str]:
    """By report, its pieces in order; without those of which one cannot be opened."""
    pieces: dict[str, list[str]] = defaultdict(list)
    gone: set[str] = set()
    for event in events:
        if isinstance(event, DreamReported):
            plain = _opened(record, event, vault)
            if plain is None:
                gone.add(event.report)
            elif plain:
                pieces[event.report].append(plain.decode())
            else:
                pieces[event.report] += []
    return {name: "\n\n".join(found) for name, found in pieces.items() if name not in gone}


def _heard(record: SqliteReader, events: Iterable[AnyEvent], vault: FolderVault) -> dict[str, bool]:
    return {event.report: guess.heard == "yes" for event, guess in _answered(record, events, vault) if guess.heard}


def _answered(
    record: SqliteReader, events: Iterable[AnyEvent], vault: FolderVault
) -> list[tuple[InterviewAnswered, Guess]]:
    found = []
    for event in events:
        if isinstance(event, InterviewAnswered) and event.step == "guess":
            plain = _opened(record, event, vault)
            if plain is not None:
                with suppress(msgspec.DecodeError):
                    found.append((event, msgspec.json.decode(plain, type=Guess)))
    return found


def _opened(record: SqliteReader, event: DreamReported | InterviewAnswered, vault: FolderVault) -> bytes | None:
    """What one person told; None of what is gone or was changed, so that the pages of all others stay as they are."""
    sealed = event.text if isinstance(event, DreamReported) else event.answers
    ciphertext = record.payload(event.id)
    if sealed is None or ciphertext is None or not vault.has(event.sleeper):
        return None
    try:
        return opened(sealed, ciphertext, vault, event.id)
    except RecordError:
        return None


def _is_of(event: AnyEvent, report: str) -> bool:
    return isinstance(event, DreamReported) and event.report == report


class _Beds:
    """What each night had for each of its sleepers."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._arms: dict[str, dict[str, str] | None] = {}

    def arm(self, told: Interview) -> str:
        """BASELINE without any cue, else the cues that were due, with the groups of who lay there; or UNKNOWN."""
        if not told.night:
            return BASELINE
        if told.night not in self._arms:
            self._arms[told.night] = _arms_of(self._house.night(told.night))
        known = self._arms[told.night]
        return UNKNOWN if known is None else known.get(told.sleeper, BASELINE)

    def room(self, told: Interview) -> str:
        """The beds that hear each other, by the first of them."""
        folder = self._house.night(told.night)
        if not told.night or not folder.night_toml.is_file():
            return ""
        beds = asked_beds(folder)
        pod = next((pod for pod, asked in beds.items() if asked.get("sleeper") == told.sleeper), "")
        near = beds.get(pod, {}).get("shares_room_with", ())
        return min([pod, *map(str, near)]) if pod else ""


def _arms_of(folder: NightFolder) -> dict[str, str] | None:
    """By sleeper, for those who had one; None where it cannot be known any more."""
    if folder.root.is_dir() and not folder.record.exists():
        return {}  # it never ran: nothing sounded
    try:
        sleepers = sleepers_of(folder)
        with read_only(folder.record) as record:
            if is_blind(folder, list(record.events())):
                return dict.fromkeys(sleepers.values(), SEALED)
            due = [event for event in record.of_type("CueDue") if isinstance(event, CueDue)]
            groups = [event for event in record.of_type("GroupsTold") if isinstance(event, GroupsTold)]
    except DreamloomError:
        return None
    cues, inside = defaultdict(set), {event.pod: event.groups for event in groups}
    for event in due:
        if event.sound_class == "sleep":
            cues[event.pod].add(event.cue)
    return {
        sleepers[pod]: "+".join(sorted((*inside.get(pod, ()), *found)))
        for pod, found in cues.items()
        if pod is not None and pod in sleepers
    }
