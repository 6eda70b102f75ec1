"""Was every arm the one that was sealed? An opened schedule against what each night sealed of its arms and cues."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import SqliteReader, read_only
from dreamloom.house.arming import EACH_CUE
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.trials import Trial, find_trial, trials_of
from dreamloom.record.events import (
    AnyEvent,
    ArmsSealed,
    CueAudited,
    CueDue,
    CueFailed,
    CuePlayed,
    HostDescribed,
    NightOpened,
    Sealed,
    TrialNightBegun,
)
from dreamloom.record.sealing import open_sealed
from dreamloom.trial.commitment import Secret, fits
from dreamloom.trial.schedules import arm_of_cue, arm_of_night
from dreamloom.vocabulary.errors import ConfigError, DreamloomError


@dataclass(frozen=True, slots=True, kw_only=True)
class CueInArm:
    """One cue after the arms were opened: its arm, which it keeps whatever became of it.

    Attributes:
        sound: what sounded in its place; None where none could.
        outcome: played, cut (begun, and silenced by a bit such as an arousal), failed, or unknown.
    """

    sleeper: str
    night: int
    onset_s: float
    planned: str
    arm: str
    sound: str | None
    level_db: float | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NightOfTrial:
    """A night of an opened trial: its cues by arm, and the first thing that does not fit the schedule."""

    folder: NightFolder
    night: int
    cues: tuple[CueInArm, ...]
    first_bad: str | None = None
    why: str = ""

    @property
    def by_arm(self) -> dict[str, dict[str, int]]:
        """How many cues of each arm were due, and what became of them."""
        counts: dict[str, Counter[str]] = {}
        for cue in self.cues:
            counts.setdefault(cue.arm, Counter())[cue.outcome] += 1
        return {arm: {"due": count.total(), **dict(sorted(count.items()))} for arm, count in sorted(counts.items())}


def nights_of(house: House, trial: Trial) -> list[NightFolder]:
    """The folders of the nights begun in a trial, as far as they still lie in this house."""
    names = dict.fromkeys((night.cause or "").partition("@")[0] for night in trial.nights)
    places = ([house.night(name), NightFolder(house.root / name)] for name in names)
    return [found for each in places if (found := next((place for place in each if place.record.exists()), None))]


def opened_night(folder: NightFolder, secret: Secret) -> NightOfTrial:
    """Opens every sealed arm of this night and holds it against the schedule.

    Raises:
        RecordError: when a payload does not open.
    """
    with read_only(folder.record) as record:
        events = list(record.events())
        begun = next(event for event in events if isinstance(event, TrialNightBegun))
        opener = _Opener(folder, record)
        sleepers = {
            seat.pod: seat.sleeper for event in events if isinstance(event, NightOpened) for seat in event.roster
        }
        cues = tuple(_cues(events, begun.trial_night, sleepers, opener))
        first = next(_misfits(events, secret, begun, opener), ("", ""))
    return NightOfTrial(folder=folder, night=begun.trial_night, cues=cues, first_bad=first[0] or None, why=first[1])


def is_blind(folder: NightFolder, events: Sequence[AnyEvent]) -> bool:
    """Whether this is a night of a trial whose arms are not open: then nobody is shown what could tell them."""
    begun = next((event for event in events if isinstance(event, TrialNightBegun)), None)
    if begun is None:
        return False
    try:
        return find_trial(folder.house, begun.design.trial).opened is None
    except DreamloomError:  # a night away from its house stays as it was sealed
        return True


def trial_complaint(folder: NightFolder, events: Sequence[AnyEvent]) -> tuple[str, str] | None:
    """The first thing by which a night of a trial does not fit what the house sealed, and why; None where all fits.

    While the arms are sealed: that they were committed to, before the night. Once they are open: every arm, too.
    """
    begun = next((event for event in events if isinstance(event, TrialNightBegun)), None)
    if begun is None or not folder.house.record.is_file():
        return None
    name = f"TrialNightBegun {begun.id}"
    try:
        trial = find_trial(folder.house, begun.design.trial)
    except ConfigError:
        known = ", ".join(trial.name for trial in trials_of(folder.house)) or "none"
        return name, f"the house's own record holds no trial {begun.design.trial!r}; it holds {known}"
    if trial.sealed.commitment_sha256 != begun.commitment_sha256 or trial.sealed.design != begun.design:
        return name, "the house committed to another schedule"
    host = next((event for event in events if isinstance(event, HostDescribed)), None)
    if host is not None and datetime.fromisoformat(host.utc).timestamp() < trial.sealed.onset_s:
        return name, "the schedule was sealed after the night had begun"
    secret = trial.opened_secret
    if secret is None:
        return None
    if not fits(secret, begun.commitment_sha256):
        return f"ArmsOpened of {trial.name}", "the nonce that was opened is not the one that was committed to"
    try:
        found = opened_night(folder, secret)
    except DreamloomError as error:
        return name, error.what
    return None if found.first_bad is None else (found.first_bad, found.why)


class _Opener:
    """Opens the sealed payloads of one night."""

    def __init__(self, folder: NightFolder, record: SqliteReader) -> None:
        self._record = record
        self._vault = FolderVault(folder.house.keys, may_make_keys=False)
        self._origin = folder.origin

    def plain(self, event: AnyEvent, sealed: Sealed | None) -> dict[str, object]:
        """What the event sealed; empty where its sleeper's key was destroyed."""
        if sealed is None or self._vault.is_destroyed(sealed.subject):
            return {}
        plain = open_sealed(
            sealed,
            self._record.payload(event.id) or b"",
            subject_key=self._vault.subject_key(sealed.subject),
            origin=self._origin,
            event_id=event.id,
        )
        return msgspec.json.decode(plain, type=dict[str, object])


def _misfits(
    events: Sequence[AnyEvent], secret: Secret, begun: TrialNightBegun, opener: _Opener
) -> Iterator[tuple[str, str]]:
    """Every sealed arm that is not the schedule's."""
    design, nonce = secret
    sleepers = {seat.pod: seat.sleeper for event in events if isinstance(event, NightOpened) for seat in event.roster}
    for event in events:
        sleeper = sleepers.get(event.pod or "")
        if sleeper is None or not isinstance(event, ArmsSealed | CueAudited):
            continue
        tonight = arm_of_night(design, nonce, sleeper=sleeper, night=begun.trial_night)
        plain = opener.plain(event, event.arm if isinstance(event, ArmsSealed) else event.payload)
        if not plain or plain["arm"] is None:
            continue
        occasion = plain.get("occasion")
        of_cue = (
            arm_of_cue(design, nonce, sleeper=sleeper, night=begun.trial_night, occasion=occasion)
            if isinstance(occasion, int)
            else EACH_CUE
        )
        expected = tonight or of_cue
        if plain["arm"] != expected:
            yield (
                f"{type(event).__name__} {event.id}",
                f"it sealed the arm {plain['arm']!r}, the schedule says {expected!r}",
            )


def _cues(events: Sequence[AnyEvent], night: int, sleepers: dict[str, str], opener: _Opener) -> Iterator[CueInArm]:
    due = {event.id: event for event in events if isinstance(event, CueDue)}
    outcome = {event.cause: _outcome(event) for event in events if isinstance(event, CuePlayed | CueFailed)}
    for event in events:
        cue = due.get(event.cause or "")
        if not isinstance(event, CueAudited) or cue is None:
            continue
        plain = opener.plain(event, event.payload)
        if not plain or plain["arm"] is None:
            continue
        sound, level_db = plain["sound"], plain["level_db"]
        yield CueInArm(
            sleeper=sleepers[cue.pod or ""],
            night=night,
            onset_s=cue.play_at_s,
            planned=cue.cue,
            arm=str(plain["arm"]),
            sound=sound if isinstance(sound, str) else None,
            level_db=level_db if isinstance(level_db, float | int) else None,
            outcome=outcome.get(cue.id, "unknown"),
        )


def _outcome(event: CuePlayed | CueFailed) -> str:
    if isinstance(event, CueFailed):
        return "failed"
    return "played" if event.cut_s is None else "cut"
