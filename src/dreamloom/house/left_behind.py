"""What did somebody leave in this house? Their rows, and every file that holds something of them, by kind."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.events import NightOpened, SoundDescribed
from dreamloom.vocabulary.errors import RecordError

SIGNALS, SOUNDS, VOICES, CALIBRATIONS = "signals", "sounds", "voices", "calibrations"
TRAININGS, REPORTS, RECORDINGS, CONSENTS, EXPORTS = "trainings", "reports", "recordings", "consents", "exports"
DREAMS, CIRCLES, DRAWINGS = "dreams", "circles", "drawings"
WHOSE = "whose.json"
"""Beside what was exported: of whom it is."""


@dataclass(frozen=True, slots=True)
class NightLeft:
    """What a sleeper left in one night.

    Attributes:
        pods: the beds they lay in.
        rows, payloads: in its record, texts that are still there.
        files: by kind, those that go.
        is_shared: others slept in it, too.
    """

    folder: NightFolder
    pods: tuple[str, ...]
    rows: int
    payloads: int
    files: Mapping[str, tuple[Path, ...]]
    is_shared: bool

    @property
    def counts(self) -> dict[str, int]:
        """Files by kind, without those there are none of."""
        return {kind: len(paths) for kind, paths in sorted(self.files.items()) if paths}


def nights_of(house: House) -> list[NightFolder]:
    """Every night of a house, also those that lie in it without a nights/ above them."""
    roots = {*(house.root / "nights").glob("*"), *house.root.glob("*")} - {house.record.parent}
    return [night for root in sorted(roots) if _is_night(night := NightFolder(root))]


def _is_night(folder: NightFolder) -> bool:
    return folder.root.is_dir() and (folder.night_toml.exists() or folder.record.exists())


def asked_beds(folder: NightFolder) -> dict[str, dict[str, Any]]:
    """What night.toml says of each bed, as far as it can be read: a slip of the pen holds no erasure up."""
    try:
        found = tomllib.loads(folder.night_toml.read_text(encoding="utf-8")).get("pod", [])
    except (OSError, ValueError):
        return {}
    pods = [pod for pod in found if isinstance(pod, dict)] if isinstance(found, list) else []
    return {str(pod.get("id", "")): pod for pod in pods}


def sleepers_of(folder: NightFolder) -> dict[str, str]:
    """Who lies in which bed: as the record of an opened night says, else as was asked for."""
    if folder.record.exists():
        try:
            with read_only(folder.record) as record:
                opened = next(record.events(), None)
        except RecordError:
            opened = None
        if isinstance(opened, NightOpened):
            return {seat.pod: seat.sleeper for seat in opened.roster}
    return {pod: str(asked.get("sleeper", "")) for pod, asked in asked_beds(folder).items()}


def subjects_of(house: House) -> list[str]:
    """Everybody this house knows by name: in records, night.toml and the copies at the beds."""
    found = {"house"}
    for path in (house.record, *(night.record for night in nights_of(house))):
        if path.exists():
            try:
                with read_only(path) as record:
                    found |= {*record.subjects()}
            except RecordError:
                continue
    for night in nights_of(house):
        found |= {*sleepers_of(night).values(), *(str(pod.get("sleeper", "")) for pod in asked_beds(night).values())}
    found |= {name for path in (*house.pods.glob("*/*"), *house.receipts.glob("*")) if (name := _sleeper_in(path))}
    return sorted(found - {""})


def left_in(folder: NightFolder, sleeper: str) -> NightLeft | None:
    """What this sleeper left in one night; None where nothing tells of them."""
    beds = sleepers_of(folder)
    pods = tuple(sorted(pod for pod, name in beds.items() if name == sleeper))
    rows, payloads = _held(folder, sleeper)
    kept = {kind: tuple(paths) for kind, paths in _kept_by_bed(folder, sleeper, pods).items()}
    files = {
        SIGNALS: _of_beds(folder.signals, pods),
        SOUNDS: (*_of_beds(folder.sound, pods), *_of_beds(folder.house.sealed_sound(folder.name), pods)),
        RECORDINGS: tuple(_recordings(folder, sleeper)),
        REPORTS: tuple(_reports(folder, sleeper, is_whole=rows > 0)) if pods else (),
        **kept,
    }
    if not rows and not payloads and not any(files.values()) and not is_written_of(folder, sleeper):
        return None
    return NightLeft(folder, pods, rows, payloads, files, is_shared={*beds.values()} != {sleeper})


def is_written_of(folder: NightFolder, sleeper: str) -> bool:
    """Whether the files that people wrote for this night still give this sleeper a bed or a grant."""
    try:
        grants = tomllib.loads(folder.consent_toml.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        grants = {}
    return sleeper in grants or any(pod.get("sleeper") == sleeper for pod in asked_beds(folder).values())


def _reports(folder: NightFolder, sleeper: str, *, is_whole: bool) -> list[Path]:
    """Every file of a report that tells of this sleeper; one that was rebuilt without them stays."""
    try:
        numbers = msgspec.json.decode((folder.report / "report.json").read_bytes())
        beds = numbers["pods"]
        is_theirs = is_whole or any(bed["sleeper"] == sleeper for bed in beds)
    except (OSError, msgspec.DecodeError, LookupError, TypeError):
        is_theirs = True
    return sorted(path for path in folder.report.glob("*") if path.is_file()) if is_theirs else []


def own_cues(folder: NightFolder, sleeper: str, pods: tuple[str, ...]) -> list[Path]:
    """What was recorded of a sleeper's own voice for these beds, and the frames made of it."""
    if not any(folder.house.pod(pod).cues.is_dir() for pod in pods):
        return []
    names = {(pod, sha256) for pod in pods for sha256 in _recorded(folder.voices(pod))}
    if folder.record.exists():
        with read_only(folder.record) as record:
            own = record.of_type(SoundDescribed.__name__, sleeper)
            names |= {(event.pod or "", event.cue_sha256) for event in own if isinstance(event, SoundDescribed)}
    paths = (folder.house.pod(pod).cues / sha256 for pod, sha256 in sorted(names))
    return [path for path in paths if path.is_file()]


def at_the_beds(house: House, sleeper: str, pods: frozenset[str]) -> list[Path]:
    """Copies of consents and withdrawals at beds, what is kept out there, drafts, receipts, passkeys, courses."""
    found = [*house.pods.glob("*/consent.json*"), *house.pods.glob("*/WITHDRAWN.*"), *house.pods.glob("*/limits.json*")]
    found += [*house.receipts.glob("*"), *house.people.glob("*.json*"), *house.people.glob("invites/*.json*")]
    own = (
        path
        for path in found
        if _sleeper_in(path) == sleeper or (path.name.endswith(".draft") and path.parent.name in pods)
    )
    return sorted([*own, *courses_of(house, sleeper)])


def exported(house: House, sleeper: str) -> list[Path]:
    """What lies in exports/ and is of this sleeper, or of nobody knows whom."""
    return [path for path in sorted(house.exports.glob("*")) if _may_hold(path, sleeper)]


def drawings_of(house: House, sleeper: str) -> list[Path]:
    """The sealed drawings and photos of this sleeper, whether the record names them or not."""
    return sorted(path for path in house.drawings.glob("*") if path.name.split(".")[0] == sleeper)


def courses_of(house: House, sleeper: str) -> list[Path]:
    """The files of this sleeper's courses."""
    return [path for path in sorted(house.courses.glob("*.toml")) if _course_sleeper(path) == sleeper]


def _course_sleeper(path: Path) -> str:
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8")).get("sleeper", ""))
    except (OSError, ValueError):
        return ""


def _may_hold(path: Path, sleeper: str) -> bool:
    try:
        note = msgspec.json.decode((path / WHOSE).read_bytes(), type=dict[str, list[str]])
    except (OSError, msgspec.DecodeError):
        return True
    return sleeper in note.get("sleepers", [sleeper])


def _held(folder: NightFolder, sleeper: str) -> tuple[int, int]:
    if not folder.record.exists():
        return 0, 0
    with read_only(folder.record) as record:
        return record.held_of(sleeper)


def _of_beds(folder: Path, pods: tuple[str, ...]) -> tuple[Path, ...]:
    """Files named POD.*; a pod's id holds no dot."""
    return tuple(sorted(path for path in folder.glob("*") if path.is_file() and path.name.split(".")[0] in pods))


def _kept_by_bed(folder: NightFolder, sleeper: str, pods: tuple[str, ...]) -> dict[str, list[Path]]:
    """What was found out in the evening or told at night: of whoever the file names, else of who lies there."""
    kinds = dict.fromkeys(("confirmed", "eyes", "graded", "hearing", "joined"), CALIBRATIONS)
    kinds |= {"told": DREAMS, "circle": CIRCLES, "gathering": CIRCLES, "trained": TRAININGS, "voices": VOICES}
    found: dict[str, list[Path]] = {}
    for name, kind in sorted(kinds.items()):
        for path in sorted((folder.root / name).glob("*.json*")):
            whose = _sleeper_in(path)
            if whose == sleeper or (whose is None and path.name.split(".")[0] in pods):
                found.setdefault(kind, []).append(path)
    return found


def _recordings(folder: NightFolder, sleeper: str) -> Iterator[Path]:
    """Recordings inside this house that this sleeper's bed alone was read from."""
    beds = asked_beds(folder)
    others = {_recording(folder, pod) for pod in beds.values() if pod.get("sleeper") != sleeper}
    for pod in beds.values():
        path = _recording(folder, pod)
        inside = path is not None and path.is_file() and path.is_relative_to(folder.house.root.resolve())
        if path is not None and pod.get("sleeper") == sleeper and inside and path not in others:
            yield path


def recordings_elsewhere(folder: NightFolder, sleeper: str) -> list[Path]:
    """Recordings that a bed of this sleeper was read from and that no erasure of this house reaches."""
    own = (_recording(folder, pod) for pod in asked_beds(folder).values() if pod.get("sleeper") == sleeper)
    root = folder.house.root.resolve()
    return [path for path in own if path is not None and path.is_file() and not path.is_relative_to(root)]


def _recording(folder: NightFolder, pod: Mapping[str, Any]) -> Path | None:
    kind, _, detail = str(pod.get("source", "")).partition(":")
    return (folder.root / Path(detail).expanduser()).resolve() if kind == "edf" and detail else None


def _recorded(path: Path) -> list[str]:
    try:
        kept = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return []
    if not isinstance(kept, dict):
        return []
    return [str(sha256) for sha256 in (*dict(kept.get("cues", {})).values(), *list(kept.get("replaced", [])))]


def _sleeper_in(path: Path) -> str | None:
    """Whom a small JSON file, or the signed note in it, is about; None where it does not say."""
    try:
        data = msgspec.json.decode(path.read_bytes())
        if isinstance(data, dict) and isinstance(data.get("note"), str):
            data = msgspec.json.decode(data["note"].partition("\n\n")[0])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    name = data.get("sleeper") if isinstance(data, dict) else None
    return name if isinstance(name, str) else None
