"""What does the house remember across nights? Consent given and withdrawn, and trials, in the house's own record."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from queue import SimpleQueue
from typing import Literal

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import SqliteLedger, open_ledger
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.belonging import HOUSE
from dreamloom.record.course_events import CourseAnswered, CourseBegun, CueingHeld, OutcomesShared, OutcomeTold
from dreamloom.record.drawing_events import DrawingKept, DrawingTakenAway
from dreamloom.record.events import (
    AdverseReported,
    AnyEvent,
    ConsentChanged,
    ConsentGiven,
    ConsentWithdrawn,
    Erased,
    HostDescribed,
    IntakeAnswered,
    SlipIssued,
    TeachBackPassed,
    TrialNightBegun,
)
from dreamloom.record.guide_events import EveningTalkHeld, ModelChose, ReflectionKept
from dreamloom.record.machine_events import PassageWorded
from dreamloom.record.morning_events import (
    CircleRetracted,
    CircleSaid,
    DreamReported,
    InterviewAnswered,
    PassagesAgreed,
    ReportLocked,
    ReportShared,
    ThemeRevealed,
    ThreadRatified,
)
from dreamloom.record.people_events import PasskeyAdded, PersonInvited, PersonRemoved, SignedIn
from dreamloom.record.theme_events import ThemeSigned
from dreamloom.vocabulary.errors import DreamloomError, RecordError, RefusedError, UsageError
from dreamloom.vocabulary.ids import SAFE_NAME, EventId

ORIGIN = "dreamloom/house"
AGAIN_S = 0.1
"""Another night of this house may be writing; it holds the record for a moment only."""
CONSENTS = (ConsentGiven, ConsentWithdrawn)
OF_A_MORNING = (
    DreamReported,
    DrawingKept,
    DrawingTakenAway,
    ReportLocked,
    InterviewAnswered,
    ThemeRevealed,
    ReportShared,
    PassagesAgreed,
    ThreadRatified,
    CircleSaid,
    CircleRetracted,
    PassageWorded,
    ThemeSigned,
)
OF_COURSES = (OutcomeTold, CourseBegun, CueingHeld, CourseAnswered, OutcomesShared)
OF_A_SLEEPER = (
    *CONSENTS,
    ConsentChanged,
    IntakeAnswered,
    SlipIssued,
    TeachBackPassed,
    EveningTalkHeld,
    ReflectionKept,
    ModelChose,
    *OF_A_MORNING,
    *OF_COURSES,
)
"""What hangs on a sleeper's key in the house's record, and goes when they are erased."""
OF_A_PERSON = (PersonInvited, PasskeyAdded, SignedIn, PersonRemoved)
"""Who may look at pages: of a sleeper this goes with them, of anybody else it stays with the house."""
REMEMBERED = (*CONSENTS, TrialNightBegun)
"""What the house remembers of a night."""
FIRST_WORDS = 2
"""NightOpened and HostDescribed come before anything else."""
LAST_WORDS_S = 10.0
"""How long the end of a night waits for the house's record. Ours."""


def tell_house(house: House, events: Sequence[AnyEvent], *, wait_s: float = LAST_WORDS_S) -> int:
    """Copies a night's consents and withdrawals into the house record, each with the night's event as its cause.

    The events come by their names in the house, as `in_house` gives them. What is there already is not told again.
    There `onset_s` is seconds since 1970 (UTC): the house has no night of its own. Waits while another night writes.

    Returns:
        How many events were new to the house.

    Raises:
        RefusedError: when another process held the record for longer than wait_s.
        RecordError: when the house's record cannot be written.
    """
    told = [event for event in events if isinstance(event, REMEMBERED)]
    if not told:
        return 0
    return _patiently(lambda: _write(house, told), wait_s)


Seal = Callable[[AnyEvent, FolderVault], tuple[AnyEvent, bytes | None]]
"""An event that has its id, as the record keeps it, and what lies encrypted beside it."""


def append_to_house(
    house: House,
    event: AnyEvent,
    *,
    seal: Seal = lambda event, _: (event, None),
    wait_s: float = LAST_WORDS_S,
) -> None:
    """Tells the house something that happened in no night; waits while a night writes.

    Raises:
        RefusedError: when another process held the record for longer than wait_s.
        RecordError: when the house's record cannot be written.
    """
    _patiently(lambda: _append(house, event, seal), wait_s)


Decide = Callable[[Sequence[AnyEvent]], AnyEvent | None]
"""What follows from all that the house remembers; None where there is nothing to be said any more."""


def tell_if(
    house: House,
    decide: Decide,
    *,
    seal: Seal = lambda event, _: (event, None),
    wait_s: float = LAST_WORDS_S,
) -> AnyEvent | None:
    """Tells the house what follows from its record as it stands at this moment, while nobody else writes.

    Returns:
        The event as the record keeps it; None where there was nothing to tell.

    Raises:
        RefusedError: when another process held the record for longer than wait_s.
        RecordError: when the house's record cannot be written.
    """
    told: list[AnyEvent] = []
    refused: list[RefusedError] = []

    def asked(events: Sequence[AnyEvent]) -> AnyEvent | None:
        try:
            return decide(events)
        except RefusedError as error:  # an answer, not a record that somebody else holds: asking again changes nothing
            refused.append(error)
            return None

    _patiently(lambda: _consider(house, asked, seal, told), wait_s)
    if refused:
        raise refused[-1]
    return told[0] if told else None


def erase_in_house(
    house: House, sleeper: str, *, why: Literal["asked", "retention"] = "asked", wait_s: float = LAST_WORDS_S
) -> int:
    """Takes every text of this sleeper out of the house's record, and logs it there in the same moment.

    Returns:
        How many texts there were.

    Raises:
        RefusedError: when another process held the record for longer than wait_s.
        RecordError: when the house's record cannot be written.
    """
    return _patiently(lambda: _erase(house, sleeper, why), wait_s) if house.record.is_file() else 0


def _patiently(write: Callable[[], int], wait_s: float) -> int:
    give_up_s = time.monotonic() + wait_s
    while True:
        try:
            return write()
        except RefusedError:
            if time.monotonic() >= give_up_s:
                raise
            time.sleep(AGAIN_S)


def subject_of(event: AnyEvent) -> str:
    """The sleeper a house event is about."""
    if isinstance(event, OF_A_PERSON):
        return event.name if event.role == "sleeper" else "house"
    return event.sleeper if isinstance(event, (*OF_A_SLEEPER, AdverseReported)) else "house"


class HouseClerk:
    """Tells the house what a night says about consent while the night runs; never holds a night up, never ends one.

    A mark stands beside the house's record until all was told: if this night breaks off, or the record was held for too
    long, the next night of the house makes it good.
    """

    def __init__(self, folder: NightFolder, *, warn: Callable[[str], None]) -> None:
        self._folder = folder
        self._warn = warn
        self._untold = folder.house.untold
        self._heard: SimpleQueue[Sequence[AnyEvent] | None] = SimpleQueue()
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name="house clerk", daemon=True)
        self._thread.start()

    def hear(self, events: Sequence[AnyEvent]) -> None:
        """Passes on what settled; returns at once."""
        told = [event for event in events if isinstance(event, REMEMBERED)]
        if told:
            self._heard.put(told)

    def close(self) -> None:
        """Waits a moment for the last words; what could not be told is told by the next night."""
        self._heard.put(None)
        self._thread.join(2 * LAST_WORDS_S)

    def _run(self) -> None:
        self._make_good()
        self._mark(self._folder.name)
        while (told := self._heard.get()) is not None:
            self._tell(self._folder, told)
        if not self._has_failed:
            self._unmark(self._folder.name)

    def _make_good(self) -> None:
        """Nights that broke off, this one among them if it did."""
        marks = sorted(self._untold.iterdir()) if self._untold.is_dir() else []
        for mark in marks:
            night = self._folder.house.night(mark.name)
            if self._tell(night, _words_of(night)) and mark.name != self._folder.name:
                self._unmark(mark.name)

    def _tell(self, night: NightFolder, told: Sequence[AnyEvent]) -> bool:
        try:
            tell_house(self._folder.house, in_house(night.name, first_host(night), told) if told else [])
        except (DreamloomError, OSError) as error:
            self._has_failed = True
            self._warn(f"The house's own record could not be written: {error} The next night makes it good.")
            return False
        return True

    def _mark(self, night: str) -> None:
        with suppress(OSError):
            self._untold.mkdir(parents=True, exist_ok=True)
            (self._untold / night).touch()

    def _unmark(self, night: str) -> None:
        with suppress(OSError):
            (self._untold / night).unlink(missing_ok=True)


def in_house(night: str, host: HostDescribed, events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """These events by their names in the house: night@moment/id.

    Event ids are unique in a night, and nights of one name are told apart by the moment of their first opening: one
    whose folder was taken away may be made anew.
    """
    return [msgspec.structs.replace(event, id=f"{night}@{host.utc}/{event.id}") for event in events]


def first_host(night: NightFolder) -> HostDescribed:
    """What the night's record says of its first opening; raises RecordError where it says nothing."""
    with read_only(night.record) as record:
        for event in islice(record.events(), FIRST_WORDS):
            if isinstance(event, HostDescribed):
                return event
    raise RecordError("DL-E415", f"The record of {night.name!r} does not say when that night was opened.")


def _words_of(night: NightFolder) -> list[AnyEvent]:
    """What a night's record holds on consent; nothing when it cannot be read, which others will say."""
    if not night.record.is_file():
        return []
    try:
        with read_only(night.record) as record:
            return [event for event in record.events() if isinstance(event, REMEMBERED)]
    except RecordError:
        return []


def _write(house: House, told: Sequence[AnyEvent]) -> int:
    with _writing(house) as (ledger, _):
        known = list(ledger.events())
        causes = {event.cause for event in known}
        new = [event for event in told if event.id not in causes]
        if new:
            boot, now_s = _boot(ledger), _now_s()
            ledger.append([_as_house(event, EventId("house", boot, n), now_s) for n, event in enumerate(new)])
            ledger.checkpoint()
        return len(new)


def _erase(house: House, sleeper: str, why: Literal["asked", "retention"]) -> int:
    with _writing(house) as (ledger, _):
        rows, payloads = ledger.held_of(sleeper)
        if rows or payloads:
            word = Erased(onset_s=0.0, sleeper=sleeper, why=why, rows=rows, payloads=payloads, files={})
            ledger.erase(sleeper, _as_house(word, EventId("house", _boot(ledger), 0), _now_s()))
        return rows


def _append(house: House, event: AnyEvent, seal: Seal) -> int:
    return _consider(house, lambda _: event, seal, [])


def _consider(house: House, decide: Decide, seal: Seal, told: list[AnyEvent]) -> int:
    with _writing(house) as (ledger, vault):
        event = decide(list(ledger.events()))
        if event is None:
            return 0
        _refuse_odd_name(event)
        identity = EventId("house", _boot(ledger), 0)
        kept, ciphertext = seal(_as_house(event, identity, _now_s()), vault)
        ledger.append([kept], {kept.id: ciphertext} if ciphertext else None)
        ledger.checkpoint()
        told.append(kept)
        return 1


def _refuse_odd_name(event: AnyEvent) -> None:
    """A word of a sleeper hangs on their own key: never on the house's, and on one that a name can be found by.

    Raises:
        UsageError: DL-E820.
    """
    if isinstance(event, ModelChose) or not isinstance(event, (*OF_A_SLEEPER, *OF_A_PERSON, AdverseReported)):
        return
    name = event.name if isinstance(event, OF_A_PERSON) else event.sleeper
    if name == HOUSE or not SAFE_NAME.fullmatch(name):
        raise UsageError(
            "DL-E820",
            f"Nobody can be called {name!r} here.",
            why="The house speaks for itself in the record under that name."
            if name == HOUSE
            else "A name in the record is short: a letter or digit, then letters, digits, - or _, at most 64.",
            still="Nothing was kept.",
            do="Give the pseudonym of night.toml, such as S01.",
        )


@contextmanager
def _writing(house: House) -> Iterator[tuple[SqliteLedger, FolderVault]]:
    house.record.parent.mkdir(parents=True, exist_ok=True)
    vault = FolderVault(house.keys)
    with closing(open_ledger(house.record, origin=ORIGIN, vault=vault, subject_of=subject_of)) as ledger:
        yield ledger, vault


def _boot(ledger: SqliteLedger) -> int:
    """Of what was erased the ids stay, and are counted."""
    return sum(1 for row in ledger.rows() if row.id.endswith(".0"))


def _now_s() -> float:
    return round(utc_now().timestamp(), 6)


def _as_house(event: AnyEvent, identity: EventId, now_s: float) -> AnyEvent:
    cause = event.id or None
    return msgspec.structs.replace(event, id=str(identity), kind="input", tick=0, onset_s=now_s, cause=cause)
