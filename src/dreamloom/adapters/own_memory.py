"""How much memory does this process hold? Asked of the kernel; where that does not say, its highest so far."""

import os
import sys
from pathlib import Path

STATM = Path("/proc/self/statm")


def resident_mb(statm: Path = STATM) -> float | None:
    """Resident memory in MB of 2^20 bytes; None where nobody tells."""
    try:
        pages = int(statm.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return _highest_mb()
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _highest_mb() -> float | None:
    """getrusage(2) says the highest ever, in KiB, on macOS in bytes."""
    if sys.platform == "win32":
        return None
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
