"""What becomes of a night whose disk fills up, and does it go on when there is room again?"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dreamloom.house import making
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.testing.nights import EAGER
from promises.cli_runs import run_cli
from promises.kept import Load, exported, of_type, scratch
from promises.registry import Measured, promise

DISK_MB, ROOM_MB = 24, 96
SLEEPER = "sim:lucid,start=21760s,hours=2.75"
SEED = 1
LEAST_RECORDED_S = 600.0
"""Between the last cue and the end there is room for more than this; half an hour where a bed writes what it may."""


@promise(
    f"a night on a {DISK_MB} MB disk",
    "cues stop before recording, it verifies and says what to free, and with room it goes on and replays the same",
)
def small_disk() -> Measured:
    """A simulated bed that is cued in REM, on a real file system of that size, as fast as it goes until it is full."""
    load = Load()
    with small_file_system(scratch("disk") / "disk", size_mb=DISK_MB) as disk:
        if disk is None:
            return Measured("not measured", None, "Only root on Linux may mount a file system of a given size.")
        night = night_on(disk)
        full = run_cli("run", str(night), "--speed", "max", exit_code=6)
        before = exported(night)
        left_mb = shutil.disk_usage(disk).free / 2**20
        verified = run_cli("verify", str(night))
        _mount("remount", disk, size_mb=ROOM_MB)
        went_on = run_cli("run", str(night), "--speed", "max")
        judgements = [verified, *(run_cli(verb, str(night)) for verb in ("verify", "replay"))]
        after = exported(night)
    seen = {
        "do": full["data"]["error"]["do"].replace(str(night), "NIGHT"),
        "before": before,
        "after": after,
        "left_mb": left_mb,
        "is_whole": all(each["exit_code"] == 0 for each in judgements),
    }
    return judged(seen, said=f"Filled in {full['wall_s']:.0f} s, went on for {went_on['wall_s']:.0f} s, {load}.")


def judged(seen: dict[str, Any], *, said: str = "") -> Measured:
    """The order of silence and end, what a person was told, and whether the night was closed in the end.

    Args:
        seen: do: what `run` said is to be done when the disk was full; before, after: the record then, and when the
            night was over; left_mb: room on the disk then; is_whole: verified when the disk was full, verified and
            replayed the same when the night was over.
        said: more, in words.
    """
    before, after, do = seen["before"], seen["after"], seen["do"]
    cues = of_type(before, "CueDue")
    held = [event["onset_s"] for event in of_type(before, "Held")]
    ended_s = of_type(before, "StageScored")[-1]["onset_s"]
    silent_s = ended_s - held[0] if held else 0.0
    is_in_order = bool(cues) and bool(held) and cues[-1]["onset_s"] <= held[0] and silent_s >= LEAST_RECORDED_S
    is_told = re.search(r"Free at least \d+ MB", do) is not None and "dreamloom run NIGHT" in do
    was_open = not of_type(before, "NightClosed")
    closed = of_type(after, "NightClosed")
    is_over = was_open and bool(of_type(after, "Recovered")) and [each["status"] for each in closed] == ["complete"]
    return Measured(
        f"recorded for {silent_s / 60:.0f} min after the last cue could sound",
        is_in_order and is_told and is_over and seen["is_whole"],
        f"Silent from {held[0] if held else 0.0:.0f} s on, {len(cues)} cues before; ended at {ended_s:.0f} s with "
        f"{seen['left_mb']:.1f} MB left, saying: {do}. Verified there, and verified and replayed "
        f"after it went on to {of_type(after, 'StageScored')[-1]['onset_s']:.0f} s: "
        f"{'yes' if seen['is_whole'] else 'no'}. "
        f"{said}".strip(),
    )


def night_on(disk: Path) -> Path:
    """A night of one bed in a house on that disk."""
    text = disk / "eager.yaml"
    text.write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source=SLEEPER)]
    return making.write_night(House(disk / "house"), "small", pods, str(text), seed=SEED).root


@contextmanager
def small_file_system(folder: Path, *, size_mb: int) -> Iterator[Path | None]:
    """A file system in memory, mounted there until the block ends; None where this process may not mount one."""
    folder.mkdir(parents=True)
    if not sys.platform.startswith("linux") or not _mount("", folder, size_mb=size_mb):
        yield None
        return
    try:
        yield folder
    finally:
        _ran(["umount", "--lazy", str(folder)])


def _mount(how: str, folder: Path, *, size_mb: int) -> bool:
    options = ",".join(filter(None, (how, f"size={size_mb}m", "mode=0700")))
    return _ran(["mount", "-t", "tmpfs", "-o", options, "dreamloom", str(folder)])


def _ran(command: Sequence[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - fixed words and our own folder
