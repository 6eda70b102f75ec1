"""How long does a command run, and how much memory does it take? A small process that runs it and says so as JSON.

Run by file, with the time it may take in seconds and the command; imports as little as it can, to stay small.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from typing import IO

RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
"""In which unit ru_maxrss is told (getrusage(2))."""


def main(timeout_s: float, command: list[str]) -> None:
    """Runs the command to its end or for timeout_s; exit_code is None if it took longer."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        started_s = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=said, start_new_session=True)  # noqa: S603 - as asked
        try:
            exit_code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            exit_code = None
        wall_s = time.perf_counter() - started_s
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = used.ru_maxrss * RSS_UNIT_BYTES
        ran = {"exit_code": exit_code, "wall_s": round(wall_s, 4), "peak_rss_mb": round(peak / 1e6, 1)}
        ran["cpu_s"] = round(used.ru_utime + used.ru_stime, 2)
        json.dump({**ran, "stdout": _text(out), "said": _text(said)}, sys.stdout)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
