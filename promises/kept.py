"""Where do measurements leave their nights, and what stands in one? Temporary houses; records read from outside."""

import atexit
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from promises.cli_runs import CliFailed, run_measured

RECORDING = "prerau_segment"
"""The real sleep that comes with the product, by its name on the command line."""


def scratch(name: str) -> Path:
    """A new folder that is gone when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"dreamloom-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def exported(night: str | Path) -> list[str]:
    """`dreamloom export events`, line by line."""
    ran = run_measured(sys.executable, "-m", "dreamloom", "export", "events", str(night))
    if ran["exit_code"] != 0:
        raise CliFailed(f"export events ended with {ran['exit_code']}: {ran['said'][-300:]}")
    return str(ran["stdout"]).splitlines()


def without_host(lines: Iterable[str]) -> list[str]:
    """All but what two honest runs of one night may differ in: wall time, versions, the night's own name."""
    return [line for line in lines if '"type":"HostDescribed"' not in line]


def of_type(lines: Iterable[str], *types: str) -> list[dict[str, Any]]:
    """The events of these types, in order."""
    wanted = [f'"type":"{name}"' for name in types]
    return [json.loads(line) for line in lines if any(name in line for name in wanted)]


@cache
def one_core() -> tuple[str, ...]:
    """The words before a command that keep it on one core; none where that cannot be asked for."""
    if shutil.which("taskset") is None or not hasattr(os, "sched_getaffinity"):
        return ()
    return ("taskset", "-c", str(min(os.sched_getaffinity(0))))


def apt_installed(package: str) -> bool:
    """Installs a Debian package that measurements need; False where apt is not there or may not be used."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    words = ["apt-get", "install", "-y", "-q", package]
    return bool(run_measured(*words, timeout_s=120.0)["exit_code"] == 0)


def told_by(module: str, *words: object, timeout_s: float = 900.0, hash_seed: int | None = None) -> Any:
    """What a measurement of dreamloom.testing tells, run in a process of its own; its sets are ordered by hash_seed."""
    seeded = () if hash_seed is None else ("env", f"PYTHONHASHSEED={hash_seed}")
    found = run_measured(*seeded, sys.executable, "-m", module, *map(str, words), timeout_s=timeout_s)
    if found["exit_code"] != 0:
        raise RuntimeError(f"{module} ended with {found['exit_code']}: {found['said'][-300:]}")
    return json.loads(found["stdout"])


def ran(module: str, folder: Path, *words: str, timeout_s: float = 900.0) -> dict[str, Any]:
    """The same, of one that works in a folder."""
    told: dict[str, Any] = told_by(module, folder, *words, timeout_s=timeout_s)
    return told


class Load:
    """The load average, which belongs beside every figure of time on a shared machine; made before the measurement."""

    def __init__(self) -> None:
        self._before = self._now()

    def __str__(self) -> str:
        """From when this was made until now."""
        return f"load {self._before} at its start, {self._now()} at its end, on {os.cpu_count()} cores"

    @staticmethod
    def _now() -> str:
        return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
