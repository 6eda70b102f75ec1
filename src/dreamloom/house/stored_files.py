"""Which files hold a night's signals, and what does its record say of them? Told when a file is whole and closed."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from dreamloom.adapters.arrivals import arrivals_beside, rows_of
from dreamloom.adapters.edf_writer import EdfStore
from dreamloom.house.verifying import sha256_of
from dreamloom.record.events import AnyEvent, SignalsStored
from dreamloom.vocabulary.units import to_microsecond


def closed_files(pod: str, store: EdfStore, tick: int) -> list[SignalsStored]:
    """The words on the two files of a store that was closed: samples and arrivals."""
    return _words(pod, store.path, tick, onset_file_s=store.onset_file_s, duration_s=float(store.seconds))


def mended_files(segments: dict[str, list[Path]], events: Iterable[AnyEvent], tick: int) -> list[SignalsStored]:
    """The words on the files of openings that broke off; mended to whole seconds, and told once."""
    told = {event.file for event in events if isinstance(event, SignalsStored)}
    return [
        word
        for pod, paths in sorted(segments.items())
        for path in paths
        if path.name not in told
        for word in _mended(pod, path, tick)
    ]


def _mended(pod: str, path: Path, tick: int) -> list[SignalsStored]:
    arrivals = arrivals_beside(path)
    rows = list(rows_of(arrivals)[1]) if arrivals.exists() else []
    onset_file_s = float(rows[0].second) if rows else float(tick)
    return _words(pod, path, tick, onset_file_s=onset_file_s, duration_s=float(len(rows)))


def _words(pod: str, path: Path, tick: int, *, onset_file_s: float, duration_s: float) -> list[SignalsStored]:
    files: Sequence[Path] = [file for file in (path, arrivals_beside(path)) if file.exists()]
    return [
        SignalsStored(
            onset_s=float(tick),
            pod=pod,
            file=file.name,
            sha256=sha256_of(file),
            onset_file_s=to_microsecond(onset_file_s),
            duration_s=duration_s,
        )
        for file in files
    ]
