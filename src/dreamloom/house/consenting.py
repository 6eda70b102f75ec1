"""How is consent given for a night, and taken back everywhere? The table in consent.toml, the record, the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from dreamloom.adapters.folders import write_durably
from dreamloom.dreamscape import reader
from dreamloom.engine.clocks import utc_now
from dreamloom.governance.consent import END_OF_NIGHT, LONGEST, read_grants
from dreamloom.governance.sheets import Sheet
from dreamloom.house import withdrawing
from dreamloom.house.cutting import cut_grants
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import nights_of
from dreamloom.house.making import grant_toml, quoted, quoted_list
from dreamloom.house.night_file import read_night
from dreamloom.house.opening import read_checked
from dreamloom.house.receipts import receipt_for
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError, DreamloomError, RecordError, RefusedError, UsageError

NO_SHEET = '"none: a recording or a simulated sleeper"'
NOT_RECALLED = (
    "What others already hold cannot be recalled: copies and exports elsewhere, backups, published works, what was "
    "heard or counted in a result."
)
OFFERS = (
    "What was recorded so far stays as it was agreed if you say nothing (stop).",
    "Or it stays without anything that tells it is yours: dreamloom consent anonymise {sleeper}",
    "Or it goes, all of it: dreamloom erase {sleeper}",
    NOT_RECALLED,
)
CHOICES = {"stop": "", "keep anonymised": "dreamloom consent anonymise", "erase": "dreamloom erase"}


@dataclass(frozen=True, slots=True)
class Silenced:
    """Where a sleeper was silenced: night and bed; and where their receipt lies, None where it could not be written."""

    sleeper: str
    beds: tuple[tuple[str, str], ...]
    receipt: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a sleeper agrees to beside the dreamscape itself.

    Attributes:
        days: for how long; 0 for the one night.
        heard: the cues they heard awake.
        purposes: beside "cue" and "keep derived".
        by_eyes: how many eye signals in a row, each given twice, mean no; 0: none do.
    """

    days: int = 0
    heard: Sequence[str] = ()
    purposes: Sequence[str] = ()
    by_eyes: int = 0


def give(folder: NightFolder, sleeper: str, sheet: Sheet, wanted: Wanted) -> Path:
    """Writes this sleeper's table into consent.toml, for the text as it is now; returns the receipt.

    Args:
        folder: of a night that has not opened.
        sleeper: who agreed, awake.
        sheet: what they read.
        wanted: what they agree to.

    Raises:
        ConfigError, RefusedError, UsageError: before anything was written.
    """
    if not 0 <= wanted.days <= LONGEST.days:
        raise UsageError(
            "DL-E187",
            f"{wanted.days} days is outside 0 to {LONGEST.days}.",
            do="Write 0 for this night alone, up to 30.",
        )
    if folder.record.exists():
        raise RefusedError(
            "DL-E575",
            f"The night {folder.name!r} was opened already.",
            why="Consent is asked for before the night, and awake; what is agreed to in it counts for the next.",
            still="Nothing was changed.",
            do="Make another night: dreamloom new",
        )
    table = _table(folder, sleeper, sheet, wanted)
    path = folder.consent_toml
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    read_grants(table, file=str(path))
    cut_grants(path, sleeper)
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    try:
        write_durably(path, (kept.rstrip("\n") + "\n\n" + table).lstrip("\n").encode())
        return receipt_for(
            folder.house, sleeper, "given", about=folder.name, sheet=sheet.reference, more={"grant": table}
        )
    except (DreamloomError, OSError):
        write_durably(path, before.encode())
        raise


def _table(folder: NightFolder, sleeper: str, sheet: Sheet, wanted: Wanted) -> str:
    night = read_night(read_text(folder.night_toml, what="what was asked for tonight"), file=str(folder.night_toml))
    sleepers = [pod.sleeper for pod in night.pod]
    if sleeper not in sleepers:
        raise ConfigError(
            "DL-E323", f"Nobody called {sleeper!r} sleeps in this night.", do=f"Its sleepers: {', '.join(sleepers)}."
        )
    path = folder.root / night.dreamscape
    text = read_text(path, what="the dreamscape that night.toml names")
    others = [other for other in sleepers if other != sleeper]
    filled = grant_toml(sleeper, read_checked(text, file=str(path)), reader.sha256(text), others=others)
    now = utc_now()
    ends = (now + timedelta(days=wanted.days)).isoformat(timespec="seconds") if wanted.days else END_OF_NIGHT
    asked = [
        "cue",
        *dict.fromkeys(each for each in wanted.purposes if each not in {"cue", "keep derived"}),
        "keep derived",
    ]
    kept = [line for line in filled.strip().split("\n") if not line.startswith(("expires", "purposes"))]
    more = [
        f"purposes = {quoted_list(asked)}",
        f"expires = {quoted(ends)}",
        f"given = {quoted(now.isoformat(timespec='microseconds'))}",
        f"heard = {quoted_list(wanted.heard)}",
        *([f"withdraw_by_eyes = {wanted.by_eyes}"] if wanted.by_eyes else []),
    ]
    return "\n".join([*kept, *more]).replace(NO_SHEET, quoted(sheet.reference)) + "\n"


def withdraw_everywhere(house: House, sleeper: str, *, channel: str) -> Silenced:
    """Silences every bed of this sleeper in every night that is not over; first that, then record and receipt.

    Grants given before it open no night any more.

    Raises:
        RecordError: when the disk refuses a bed's file; every bed is silent all the same while its night runs.
    """
    beds, refusals = [], list[RecordError]()
    for folder in nights_of(house):
        try:
            sleeper_of = withdrawing.who_sleeps_where(folder)
        except DreamloomError:
            continue  # it is over, or says of nobody where they sleep
        for pod in (pod for pod, name in sleeper_of.items() if name == sleeper):
            try:
                withdrawing.withdraw(house, night=folder.name, pod=pod, sleeper=sleeper, channel=channel)
            except RecordError as error:
                refusals.append(error)
            beds.append((folder.name, pod))
    receipt = noted(house, sleeper, about="", channel=channel)
    if refusals:
        raise refusals[0]
    return Silenced(sleeper, tuple(beds), receipt)


def noted(house: House, sleeper: str, *, about: str, channel: str) -> Path | None:
    """The receipt of a withdrawal; None where it cannot be written: the silence does not hang on it."""
    more = {"channel": channel, "choices": CHOICES, "not recalled": NOT_RECALLED}
    try:
        return receipt_for(house, sleeper, "withdrawn", about=about, more=more)
    except (DreamloomError, OSError):
        return None


def told(house: House, sleeper: str) -> list[str]:
    """What a sleeper agreed to in nights that have not opened, a line each; consents of others are not shown."""
    lines = []
    for folder in nights_of(house):
        try:
            text = read_text(folder.consent_toml, what="who agreed to what")
            grant = read_grants(text, file=str(folder.consent_toml)).get(sleeper)
        except DreamloomError:
            continue
        if grant is not None:
            agreed = f"{', '.join(grant.purposes)}; {', '.join(grant.stages)}; {len(grant.cues)} cues"
            most = f"up to {grant.level_cap_db:g} dB and {grant.cues_per_hour} an hour"
            most += f"; {grant.withdraw_by_eyes} eye signals in a row mean no" if grant.withdraw_by_eyes else ""
            lines.append(f"{folder.name}: {agreed}, {most}, until {grant.expires}; read {grant.sheet!r}")
    return lines
