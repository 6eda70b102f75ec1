"""What does a sleeper take home? Everything this house holds of them, opened, in files that any program reads."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import SqliteReader, read_only
from dreamloom.house import circles, drawings, erasure_plan, gathering, left_behind, mornings, told_dreams
from dreamloom.house.house_record import ORIGIN
from dreamloom.house.intaking import limits_of
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import DREAMS, REPORTS, WHOSE, NightLeft
from dreamloom.house.trial_verifying import is_blind
from dreamloom.record.belonging import HOUSE
from dreamloom.record.codec import canonical, sealed_values
from dreamloom.record.events import AnyEvent, ArmsSealed, CueAudited
from dreamloom.record.sealing import open_sealed
from dreamloom.vocabulary.errors import ConfigError, RefusedError

README = """These are your data, {sleeper}: everything that this house holds of you, on the day of this export.
Nothing here needs a network, an account or this program. Nothing of anybody else is in it.

  nights/NAME/events.jsonl    what was recorded and decided of you that night, one event a line, times in seconds
                              since the night opened (onset_s)
  nights/NAME/opened.jsonl    what lies sealed in the record, opened: notes about you, what each cue really was
  nights/NAME/dreams.jsonl    dreams that you told at your bed, as you told them
  nights/NAME/circle.jsonl    what you said to build a story together, and shared.jsonl what you shared in the morning
  nights/NAME/signals/        your signals as EDF+, and when each second of them had arrived
  nights/NAME/sounds/         what was played at your bed
  nights/NAME/...             what was measured or recorded of you in the evening
  house/events.jsonl          your consents and withdrawals across nights, and what you were asked before them
  house/opened.jsonl          what you answered, opened
  house/drawings/             what you drew or photographed of your dreams, by the day and the name of its report
  house/limits.json           what you keep out of your nights, by bed
  beds/                       the copies of your consent that lie at beds, your receipts, and your courses
  voice/                      what was recorded of your own voice

The names of the fields are explained in the program's own words by: dreamloom explain, and in its documentation.
{sealed}Morning pages hold others as well and are not copied; they can be made from these events.
To have all of it erased in the house: dreamloom erase {sleeper}
"""
STILL_SEALED = """In a trial that is not open yet, which arm a night or a cue was in stays sealed until its arms are
opened; these lines say so. Ask for them then.
"""
Opened = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was written, and where."""

    folder: Path
    nights: int
    events: int
    files: int
    still_sealed: int


def export_mine(house: House, sleeper: str, to: Path) -> Taken:
    """Writes everything of this sleeper into a new folder.

    Raises:
        ConfigError: when this house knows nobody of this name.
        RefusedError: when the folder is there already and holds something.
    """
    nights = erasure_plan.left(house, sleeper)
    if sleeper == HOUSE or (not nights and not (house.record.is_file() and _held_in_house(house, sleeper))):
        raise _nothing(house, sleeper)
    _refuse_taken(to)
    vault = FolderVault(house.keys, may_make_keys=False)
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    events = files = still_sealed = 0
    for left in nights:
        folder = to / "nights" / left.folder.name
        folder.mkdir(parents=True)
        told, sealed = _write_events(folder, left.folder, sleeper, vault)
        events, still_sealed, files = events + told, still_sealed + sealed, files + _copy(folder, left)
        _write_dreams(folder, left, vault, sleeper)
    events += _write_house(to / "house", house, sleeper, vault)
    files += _write_drawings(to / "house" / "drawings", house, sleeper)
    pods = frozenset(pod for each in nights for pod in each.pods)
    files += _copy_all(to / "beds", left_behind.at_the_beds(house, sleeper, pods), with_bed=True)
    if limits := limits_of(house, sleeper):
        (to / "house").mkdir(exist_ok=True)
        (to / "house" / "limits.json").write_bytes(msgspec.json.encode(limits))
    files += _copy_all(
        to / "voice", [cue for each in nights for cue in left_behind.own_cues(each.folder, sleeper, each.pods)]
    )
    (to / WHOSE).write_bytes(msgspec.json.encode({"sleepers": [sleeper]}))
    (to / "README.txt").write_text(
        README.format(sleeper=sleeper, sealed=STILL_SEALED if still_sealed else ""), encoding="utf-8"
    )
    return Taken(folder=to, nights=len(nights), events=events, files=files, still_sealed=still_sealed)


def _write_events(to: Path, night: NightFolder, sleeper: str, vault: FolderVault) -> tuple[int, int]:
    """Events and what they sealed; returns how many, and how many stay sealed."""
    if not night.record.exists():
        return 0, 0
    with read_only(night.record) as record:
        blind = is_blind(night, list(record.events()))
        own = list(_own(record, sleeper))
        opened = [line for event in own for line in _opened(event, record, night.origin, vault, blind=blind)]
    _write_lines(to / "events.jsonl", [canonical(event) for event in own])
    _write_lines(to / "opened.jsonl", [msgspec.json.encode(line) for line in opened])
    return len(own), sum("still_sealed" in line for line in opened)


def _write_dreams(to: Path, left: NightLeft, vault: FolderVault, sleeper: str) -> None:
    """What was told at their bed and said in the circle, opened; sealed it lies beside."""
    found = [told_dreams.read(left.folder, path, vault) for path in left.files.get(DREAMS, ())]
    if said := [{"said": each.text} for each in circles.said(left.folder) if each.sleeper == sleeper]:
        _write_lines(to / "circle.jsonl", [msgspec.json.encode(line) for line in said])
    if shared := gathering.own_words(left.folder, sleeper):
        _write_lines(to / "shared.jsonl", [msgspec.json.encode({"shared": text}) for text in shared])
    lines = [{"told_utc": told.told_utc, "received_utc": told.received_utc, "dream": text} for told, text in found]
    if lines:
        _write_lines(to / "dreams.jsonl", [msgspec.json.encode(line) for line in lines])


def _own(record: SqliteReader, sleeper: str) -> Iterator[AnyEvent]:
    events = record.events()
    rows = (row for row in record.rows() if row.body is not None)
    return (event for row, event in zip(rows, events, strict=True) if row.subject == sleeper)


def _opened(event: AnyEvent, record: SqliteReader, origin: str, vault: FolderVault, *, blind: bool) -> Iterator[Opened]:
    for sealed in sealed_values(event):
        line: Opened = {"event": event.id, "type": type(event).__name__}
        if blind and isinstance(event, ArmsSealed | CueAudited):
            yield {**line, "still_sealed": "until the arms of the trial are opened"}
        elif (ciphertext := record.payload(event.id)) is not None and vault.has(sealed.subject):
            key = vault.subject_key(sealed.subject)
            plain = open_sealed(sealed, ciphertext, subject_key=key, origin=origin, event_id=event.id)
            yield {**line, "opened": _readable(plain)}


def _readable(plain: bytes) -> object:
    try:
        return msgspec.json.decode(plain, type=object)
    except msgspec.DecodeError:
        return plain.decode("utf-8", errors="replace")


def _write_house(to: Path, house: House, sleeper: str, vault: FolderVault) -> int:
    if not house.record.is_file():
        return 0
    with read_only(house.record) as record:
        if record.origin != ORIGIN:
            return 0
        own = list(_own(record, sleeper))
        opened = [line for event in own for line in _opened(event, record, ORIGIN, vault, blind=False)]
    to.mkdir()
    _write_lines(to / "events.jsonl", [canonical(event) for event in own])
    _write_lines(to / "opened.jsonl", [msgspec.json.encode(line) for line in opened])
    return len(own)


def _write_drawings(to: Path, house: House, sleeper: str) -> int:
    """Opened; one that was changed or lost is left out, and `house/events.jsonl` tells that there was one."""
    days = {name: each.dreamt_on for name, each in mornings.of_house(house).items()}
    found = {report: jpeg for report, jpeg in drawings.own(house, sleeper).items() if jpeg is not None}
    for report, jpeg in found.items():
        to.mkdir(parents=True, exist_ok=True)
        (to / f"{days[report]}.{report}.jpg").write_bytes(jpeg)
    return len(found)


def _write_lines(path: Path, lines: list[bytes]) -> None:
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def _copy(to: Path, left: NightLeft) -> int:
    return sum(_copy_all(to / kind, list(paths)) for kind, paths in left.files.items() if kind != REPORTS)


def _copy_all(to: Path, paths: list[Path], *, with_bed: bool = False) -> int:
    """Under their own names; where two would have one name, under that of the folder they lay in, too."""
    for path in paths:
        to.mkdir(parents=True, exist_ok=True)
        target = to / (f"{path.parent.name}.{path.name}" if with_bed or (to / path.name).exists() else path.name)
        shutil.copyfile(path, target)
    return len(paths)


def _held_in_house(house: House, sleeper: str) -> bool:
    with read_only(house.record) as record:
        return record.held_of(sleeper)[0] > 0


def _refuse_taken(to: Path) -> None:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise RefusedError(
            "DL-E519",
            f"{to} is there already.",
            why="It holds something, and nothing is ever written over.",
            still="It was left as it is.",
            do="Choose a folder that is empty or not there yet.",
        )


def _nothing(house: House, sleeper: str) -> ConfigError:
    known = ", ".join(name for name in left_behind.subjects_of(house) if name != HOUSE)
    return ConfigError(
        "DL-E323",
        f"This house holds nothing of {sleeper!r}.",
        why=f"{house.root} knows: {known or 'nobody'}.",
        do="Name a sleeper by the pseudonym of night.toml, and the house with --house.",
    )
