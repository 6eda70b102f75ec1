"""How much memory does this process hold, and how much is left? Asked of the kernel, which may not say all."""

import os
import sys
from pathlib import Path

STATM = Path("/proc/self/statm")
MEMINFO = Path("/proc/meminfo")


def resident_mb(statm: Path | None = None) -> float | None:
    """Resident memory in MB of 2^20 bytes; None where nobody tells."""
    try:
        pages = int((statm or STATM).read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return _highest_mb()
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def free_mb(meminfo: Path = MEMINFO) -> float | None:
    """What new processes can have without anything being swapped out (proc(5)), in MB; None where nobody tells."""
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    told = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(told[0]) / 2**10 if told else None


def _highest_mb() -> float | None:
    """getrusage(2) says the highest ever, in KiB, on macOS in bytes."""
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
