"""What would be erased with a person, and may it be now? Planned whole and written down before anything goes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import msgspec

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.one_writer import is_held
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import left_behind
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.left_behind import CONSENTS, DRAWINGS, EXPORTS, VOICES, NightLeft, left_in, nights_of
from dreamloom.record.belonging import HOUSE
from dreamloom.vocabulary.errors import ConfigError, RecordError, RefusedError


class NightIntent(msgspec.Struct, frozen=True):
    """One night of an erasure: in which beds, and how many files of each kind go."""

    pods: tuple[str, ...]
    files: dict[str, int]


class Intent(msgspec.Struct, frozen=True):
    """The words of house/erasing.json: whom, and all that cannot be found again once it has begun.

    Attributes:
        nights: by folder inside the house.
        cues: recordings of the own voice, as files inside the house.
        rows, payloads, files: how many there are in all.
        out_of_reach: recordings outside the house that a bed was read from.
    """

    sleeper: str
    begun_utc: str
    nights: dict[str, NightIntent]
    cues: tuple[str, ...]
    rows: int
    payloads: int
    files: dict[str, int]
    size_bytes: int
    out_of_reach: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.nights or self.cues or self.rows or self.files)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would go, and whether that was begun already."""

    intent: Intent
    is_begun: bool


def foreseen(house: House, sleeper: str) -> Foreseen:
    """What would go; nothing is written.

    Raises:
        ConfigError: when this house knows nobody of this name.
        RefusedError: while a night with this sleeper runs, or another erasure is not finished.
        RecordError: when there are no keys, or one of them would be lost.
    """
    if sleeper == HOUSE:
        _refuse_unknown(house, sleeper)
    begun = unfinished(house)
    if begun is not None and begun.sleeper != sleeper:
        raise _not_finished(begun.sleeper)
    nights = left(house, sleeper)
    vault = FolderVault(house.keys, may_make_keys=False)
    if begun is None and not nights and not vault.has(sleeper) and not vault.is_destroyed(sleeper):
        _refuse_unknown(house, sleeper)
    _refuse_running(sleeper, [*(each.folder for each in nights), *_begun_nights(house, begun)])
    _refuse_nameless(vault, house)
    return Foreseen(begun or _planned(house, sleeper, nights), is_begun=begun is not None)


def unfinished(house: House) -> Intent | None:
    """The erasure that was begun in this house and is not finished.

    Raises:
        RecordError: when its note cannot be read.
    """
    try:
        return msgspec.json.decode(house.erasing.read_bytes(), type=Intent)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise RecordError(
            "DL-E451",
            f"{house.erasing} cannot be read.",
            why=f"{error}. It says which erasure was begun and is not finished.",
            still="What is erased already stays so.",
            do="Remove it, and erase the same person again.",
        ) from error


def left(house: House, sleeper: str) -> list[NightLeft]:
    """What is left of a sleeper, night by night."""
    found = (left_in(folder, sleeper) for folder in nights_of(house))
    return [each for each in found if each is not None]


def files_of(nights: Iterable[NightLeft]) -> Iterator[Path]:
    """Every file of these nights that goes."""
    return (path for each in nights for paths in each.files.values() for path in paths)


def _planned(house: House, sleeper: str, nights: Sequence[NightLeft]) -> Intent:
    cues = sorted({path for each in nights for path in left_behind.own_cues(each.folder, sleeper, each.pods)})
    pods = frozenset(pod for each in nights for pod in each.pods)
    files = Counter[str]()
    for each in nights:
        files.update(each.counts)
    files[VOICES] += len(cues)
    files[CONSENTS] += len(left_behind.at_the_beds(house, sleeper, pods))
    drawings = left_behind.drawings_of(house, sleeper)
    files[DRAWINGS] += len(drawings)
    files[EXPORTS] += len(left_behind.exported(house, sleeper))
    rows, payloads = _held_in(house, sleeper)
    elsewhere = {str(path) for each in nights for path in left_behind.recordings_elsewhere(each.folder, sleeper)}
    return Intent(
        sleeper=sleeper,
        begun_utc=utc_now().isoformat(timespec="seconds"),
        nights={folder_in(house, each.folder): NightIntent(each.pods, each.counts) for each in nights},
        cues=tuple(str(path.relative_to(house.root.resolve())) for path in cues),
        rows=rows + sum(each.rows for each in nights),
        payloads=payloads + sum(each.payloads for each in nights),
        files={kind: count for kind, count in sorted(files.items()) if count},
        size_bytes=sum(path.stat().st_size for path in (*files_of(nights), *cues, *drawings) if path.is_file()),
        out_of_reach=tuple(sorted(elsewhere)),
    )


def folder_in(house: House, folder: NightFolder) -> str:
    """A night's folder as seen from its house."""
    return str(folder.root.resolve().relative_to(house.root.resolve()))


def _held_in(house: House, sleeper: str) -> tuple[int, int]:
    if not house.record.is_file():
        return 0, 0
    with read_only(house.record) as record:
        return record.held_of(sleeper)


def _begun_nights(house: House, begun: Intent | None) -> list[NightFolder]:
    return [] if begun is None else [NightFolder(house.root / root) for root in begun.nights]


def _refuse_running(sleeper: str, nights: Iterable[NightFolder]) -> None:
    for folder in nights:
        if is_held(folder.record):
            raise RefusedError(
                "DL-E552",
                f"{sleeper} sleeps in the night {folder.name!r}, which is running.",
                why="A running night writes what its sleeper does, so it cannot be erased meanwhile.",
                still="Nothing was erased. The night goes on.",
                do=f"Silence the bed at once with: dreamloom withdraw {folder.name} {sleeper}. End the night, then "
                f"erase: dreamloom erase {sleeper}",
            )


def _refuse_nameless(vault: FolderVault, house: House) -> None:
    if count := vault.nameless(names_needed(vault, house)):
        raise RecordError(
            "DL-E450",
            f"{count} keys in {house.keys} belong to nobody whom this house still knows.",
            why="An erasure changes the house key, and they would be lost: the nights of those sleepers are not here.",
            still="Nothing was erased.",
            do="Put those nights back into nights/, or remove these key files, and with them what they open.",
        )


def names_needed(vault: FolderVault, house: House) -> list[str]:
    """Every name this house knows, where there is a key that does not carry its own."""
    return left_behind.subjects_of(house) if vault.nameless(()) else []


def _refuse_unknown(house: House, sleeper: str) -> None:
    known = [name for name in left_behind.subjects_of(house) if name != HOUSE]
    near = get_close_matches(sleeper, known, 1)
    raise ConfigError(
        "DL-E323",
        f"Nobody called {sleeper!r} sleeps in {house.root}.",
        why=f"Known here: {', '.join(known) or 'nobody'}.",
        still="Nothing was erased.",
        do=f"Did you mean {near[0]!r}?"
        if near
        else "Name a sleeper by the pseudonym of night.toml, and the house with --house.",
    )


def _not_finished(sleeper: str) -> RefusedError:
    return RefusedError(
        "DL-E553",
        f"The erasure of {sleeper} was begun in this house and is not finished.",
        why="One erasure at a time: each changes the keys of all.",
        still="Nothing else was erased.",
        do=f"Finish it: dreamloom erase {sleeper}",
    )
