"""Will the machine last, and stay awake? Its battery, and a lock that keeps it from sleeping while a night runs."""

import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")
LIDS = Path("/proc/acpi/button/lid")
HELD = b"held\n"
"""The keeper's word, said by what runs inside it: it is said only when the lock was given."""
INSIDE = ("sh", "-c", "echo held; exec cat >/dev/null")
PATIENCE_S = 5.0
"""A keeper that has said nothing by then holds nothing. Ours."""


@dataclass(frozen=True, slots=True)
class Battery:
    """The fullest view of what is left: percent of all batteries together, and whether it is going down."""

    percent: float
    is_draining: bool


def battery(supplies: Path = SUPPLIES) -> Battery | None:
    """The machine's own battery; None where it has none or does not say. Those of mice and headsets do not count."""
    cells = [folder for folder in _folders(supplies) if _read(folder / "type") == "Battery"]
    own = [folder for folder in cells if _read(folder / "scope") != "Device"]
    levels = [float(text) for folder in own if (text := _read(folder / "capacity")).isdecimal()]
    if not levels:
        return None
    return Battery(
        percent=min(100.0, sum(levels) / len(levels)),
        is_draining=any(_read(folder / "status") == "Discharging" for folder in own),
    )


def is_lid_closed(lids: Path = LIDS) -> bool:
    """Whether a lid of this machine is closed; False where it has none, or nobody says."""
    return any(_read(folder / "state").endswith("closed") for folder in _folders(lids))


def keeper() -> list[str] | None:
    """The command that holds off sleep while its own standard input is open; None where there is none."""
    if sys.platform == "darwin" and shutil.which("caffeinate"):
        return ["caffeinate", "-i", *INSIDE]
    if shutil.which("systemd-inhibit"):
        about = ["--who=Dreamloom", "--why=a night is running", "--what=sleep:idle:handle-lid-switch", "--mode=block"]
        return ["systemd-inhibit", *about, *INSIDE]
    return None


@contextmanager
def kept_awake() -> Iterator[bool]:
    """Holds off sleep until the block ends, or this process does; tells whether anything holds it off."""
    command = keeper()
    if command is None:
        yield False
        return
    try:
        lock = subprocess.Popen(  # noqa: S603 - a fixed command, no text from outside
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        yield False
        return
    try:
        yield _holds(lock)
    finally:
        lock.kill()
        lock.wait()
        for pipe in (lock.stdin, lock.stdout):
            if pipe is not None:
                pipe.close()


def _holds(lock: subprocess.Popen[bytes]) -> bool:
    """A lock that is refused, as in a container without a session, ends without a word."""
    said = lock.stdout
    assert said is not None
    is_heard, _, _ = select.select([said], [], [], PATIENCE_S)
    return bool(is_heard) and said.readline() == HELD


def _folders(supplies: Path) -> list[Path]:
    try:
        return sorted(supplies.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
