"""How does a night lie here without anybody's name? What was agreed to be kept of it, cut loose, in its own folder."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copyfile, rmtree

import msgspec

from dreamloom.adapters.edf_header import HEAD_BYTES, is_nameless
from dreamloom.adapters.folders import sync_folder, write_durably
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import SIGNALS, NightLeft, left_in, nights_of
from dreamloom.ports import Vault
from dreamloom.record.codec import decode
from dreamloom.record.events import AnyEvent, ConsentGiven
from dreamloom.seals.pseudonyms import night_pseudonym

KEEP_DERIVED, KEEP_RAW = "keep derived", "keep raw"
EVENTS, README = "events.jsonl", "README.txt"
NO_TIME_S = 0
"""When each of these files says that it was written: the moment of their making would tell who was anonymised then."""
KEPT: dict[str, tuple[str, ...]] = {
    "StageScored": ("stage", "confidence", "probabilities", "window_s", "quality"),
    "SleepOnsetSeen": (),
    "ArousalSeen": ("strength",),
    "OutOfBedSeen": (),
    "BackInBedSeen": (),
    "GapSeen": ("duration_s", "samples"),
    "SignalSpoilt": ("fault",),
    "SignalMended": ("fault",),
    "CuePlayed": (),
}
"""What is kept of which event: what sleep looked like, and that a cue sounded. No word, name, device or theme."""
SAYS = """One night of sleep of somebody who agreed to its being kept and is not known any more.

events.jsonl    what was found in it, a line each; seconds since the night began
signals*.edf    what was recorded, where keeping that was agreed to; no name, no date

The key that could tell whose night this is was destroyed. Do not try to find out.
"""


def take_back(house: House, sleeper: str, vault: Vault) -> None:
    """Takes away what an anonymising that broke off had put aside, while the key still tells which it is."""
    for folder in nights_of(house):
        path = house.anonymous / night_pseudonym(vault.subject_key(sleeper), folder.origin)
        for each in (path, _draft(path)):
            if each.is_dir():
                rmtree(each)


def nights_left(house: House, sleeper: str) -> list[NightLeft]:
    """The opened nights that still hold something of this sleeper."""
    found = (left_in(folder, sleeper) for folder in nights_of(house))
    return [left for left in found if left is not None and left.folder.record.exists()]


def keep_night(house: House, left: NightLeft, sleeper: str, vault: Vault) -> tuple[int, int]:
    """How many findings and recordings of this night stay; its folder is there whole or not at all."""
    purposes = agreed_to(left.folder, sleeper)
    lines = list(_lines(left.folder, sleeper)) if KEEP_DERIVED in purposes else []
    signals = [path for path in left.files[SIGNALS] if _is_nameless(path)] if KEEP_RAW in purposes else []
    target = house.anonymous / night_pseudonym(vault.subject_key(sleeper), left.folder.origin)
    if (lines or signals) and not target.exists():
        _write(target, lines, signals)
    return len(lines), len(signals)


def _write(target: Path, lines: list[bytes], signals: list[Path]) -> None:
    draft = _draft(target)
    if draft.exists():
        rmtree(draft)
    draft.mkdir(mode=0o700, parents=True)
    write_durably(draft / README, SAYS.encode())
    if lines:
        write_durably(draft / EVENTS, b"".join(line + b"\n" for line in lines))
    for number, path in zip(count(1), signals, strict=False):
        _copy(path, draft / ("signals.edf" if number == 1 else f"signals-{number}.edf"))
    for path in (*draft.iterdir(), draft):
        os.utime(path, (NO_TIME_S, NO_TIME_S))
    draft.rename(target)
    sync_folder(target.parent)


def _draft(target: Path) -> Path:
    return target.with_name(f".{target.name}")


def _copy(path: Path, to: Path) -> None:
    copyfile(path, to)
    handle = os.open(to, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_nameless(path: Path) -> bool:
    """A recording as this house writes them: its header tells nobody's name and no date."""
    if path.suffix != ".edf":
        return False
    with path.open("rb") as file:
        return is_nameless(file.read(HEAD_BYTES))


def agreed_to(folder: NightFolder, sleeper: str) -> frozenset[str]:
    """The purposes of this sleeper's last grant in a night; none where nobody can read it."""
    with read_only(folder.record) as record:
        given = [each for each in record.of_type(ConsentGiven.__name__, sleeper) if isinstance(each, ConsentGiven)]
    return frozenset(given[-1].purposes) if given else frozenset()


def _lines(folder: NightFolder, sleeper: str) -> Iterator[bytes]:
    with read_only(folder.record) as record:
        own = [decode(row.body) for row in record.rows() if row.subject == sleeper and row.body is not None]
    for event in sorted(own, key=lambda each: each.onset_s):
        if type(event).__name__ in KEPT:
            yield msgspec.json.encode(_cut_loose(event), order="sorted")


def _cut_loose(event: AnyEvent) -> dict[str, object]:
    """The whole second alone: the very moment would be found again in what others heard."""
    kind = type(event).__name__
    told = {name: getattr(event, name) for name in KEPT[kind]}
    return {"type": kind, "onset_s": int(event.onset_s), **told}
