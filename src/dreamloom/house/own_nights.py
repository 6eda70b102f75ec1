"""How restless are this sleeper's other nights? Read off the records of this house, for their own bed alone."""

from collections.abc import Iterator
from pathlib import Path

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.guardian import rest
from dreamloom.house.layout import NightFolder
from dreamloom.record.events import OwnNightsTold, StageScored
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.units import EPOCH_S, NightTime

MOST_NIGHTS = 14
"""The newest: sleep changes with season and age, and reading a night takes a tenth of a second. Ours."""


def told(folder: NightFolder, sleeper: str, onset_s: NightTime) -> list[OwnNightsTold]:
    """What the guardian compares tonight with; nothing where there is no other night of theirs to be read."""
    found: list[float] = []
    for record in _newest_first(folder):
        bits = rest.freest_bits(_epochs(record, sleeper))
        if bits is not None:
            found.append(bits)
        if len(found) == MOST_NIGHTS:
            break
    return [OwnNightsTold(onset_s=onset_s, entropies_bits=tuple(reversed(found)))] if found else []


def _newest_first(folder: NightFolder) -> Iterator[Path]:
    nights = folder.house.night("").root
    records = nights.glob(f"*/{folder.record.relative_to(folder.root)}")
    aged = sorted((path.stat().st_mtime, path) for path in records if path != folder.record)
    return (path for _, path in reversed(aged))


def _epochs(record: Path, sleeper: str) -> list[str]:
    """Stages at the ends of epochs; none of a record that cannot be read, which hinders no other night."""
    try:
        with read_only(record) as reader:
            scored = [event for event in reader.of_type("StageScored", sleeper) if isinstance(event, StageScored)]
    except (DreamloomError, OSError):
        return []
    return [event.stage for event in scored if event.onset_s % EPOCH_S == 0.0]
