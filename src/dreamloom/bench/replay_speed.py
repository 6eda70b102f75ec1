"""How fast is a recording decided on, and where does the time go? Ratios within one run, on this machine."""

import resource
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dreamloom.engine.clocks import boot_s
from dreamloom.house import making, recordings, running, scoring
from dreamloom.house.layout import House
from dreamloom.house.run_options import RunOptions

DREAMSCAPE = "nightmare_rem_tmr"
MEGABYTE_KB = 1024.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the work: its wall time, and its share of the whole replay."""

    name: str
    wall_s: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySpeed:
    """A replay measured on this machine; speed_x is recording time over wall time."""

    recording_s: float
    wall_s: float
    speed_x: float
    memory_growth_mb: float
    cues_played: int
    record_root: str
    parts: tuple[Part, ...]


def measure(recording: Path) -> ReplaySpeed:
    """Replays the recording twice with the built-in nightmare dreamscape; the second one counts.

    Raises:
        StreamError: when it cannot be read or staged.
    """
    folder = Path(tempfile.mkdtemp(prefix="dreamloom-bench-"))
    try:
        return _measured(recording, House(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(recording: Path, house: House) -> ReplaySpeed:
    _replay(recording, house)
    before_kb, began_s = _peak_kb(), boot_s()
    result = _replay(recording, house)
    wall_s = boot_s() - began_s
    growth_mb = (_peak_kb() - before_kb) / MEGABYTE_KB
    began_s = boot_s()
    scoring.score_live(recording)
    staging_s = boot_s() - began_s
    recording_s = recordings.length_s(recording)
    rest_s = max(wall_s - staging_s, 0.0)
    return ReplaySpeed(
        recording_s=recording_s,
        wall_s=round(wall_s, 3),
        speed_x=round(recording_s / wall_s, 1),
        memory_growth_mb=round(growth_mb, 1),
        cues_played=result.cues_played,
        record_root=result.record_root,
        parts=(
            Part("reading and staging", round(staging_s, 3), round(staging_s / wall_s, 3)),
            Part("arousals, gates, vetoes, sound, record", round(rest_s, 3), round(rest_s / wall_s, 3)),
        ),
    )


def _replay(recording: Path, house: House) -> running.NightResult:
    folder = making.night_of_recording(house, recording, DREAMSCAPE, seed=0)
    return running.run_night(folder, RunOptions(speed_x=None))


def _peak_kb() -> float:
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
