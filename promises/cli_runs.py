"""How does the command line do from outside? Runs it as its own process; measures wall time and peak memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_METER = Path(__file__).parent / "meter.py"


class CliFailed(Exception):
    """A run ended with another exit code than the promise counts on; holds the end of what it said."""


def run_cli(*words: str, exit_code: int = 0, timeout_s: float = 1800.0, cwd: Path | None = None) -> dict[str, Any]:
    """`dreamloom WORDS --json`.

    Returns:
        data: the JSON object on stdout; None if there was none. wall_s. peak_rss_mb: of the largest single process.
        cpu_s: of all processes. exit_code. said: what stood on stderr.

    Raises:
        CliFailed: when it ends otherwise than with exit_code.
        subprocess.TimeoutExpired: after timeout_s; the run is ended.
    """
    ran = run_measured(sys.executable, "-m", "dreamloom", *words, "--json", timeout_s=timeout_s, cwd=cwd)
    if ran["exit_code"] != exit_code:
        raise CliFailed(f"dreamloom {' '.join(words)} ended with {ran['exit_code']}: {ran['said'][-400:]}")
    return {"data": _last_object(ran.pop("stdout")), **ran}


def run_measured(*command: str, timeout_s: float = 600.0, cwd: Path | None = None) -> dict[str, Any]:
    """Any command: stdout, said (stderr), exit_code, wall_s, cpu_s, peak_rss_mb.

    A small process stands between: on Linux a child's peak memory counts from its parent's, and ours may be large.
    """
    meter = [sys.executable, "-S", str(_METER), str(timeout_s), *command]
    done = subprocess.run(meter, capture_output=True, text=True, cwd=cwd, check=True)  # noqa: S603 - our own words
    ran: dict[str, Any] = json.loads(done.stdout)
    if ran["exit_code"] is None:
        raise subprocess.TimeoutExpired(list(command), timeout_s)
    return ran


def _last_object(stdout: str) -> dict[str, Any] | None:
    lines = stdout.strip().splitlines()
    found = json.loads(lines[-1]) if lines else None
    return found if isinstance(found, dict) else None
