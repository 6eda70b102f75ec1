"""Does every bad input end with a message that helps, and never with a traceback?"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from promises.bad_inputs import BadInput, table
from promises.cli_runs import run_measured
from promises.kept import scratch
from promises.registry import Measured, promise

LEAST_CASES = 40


@promise("bad input on the command line", "every one refused by its code, 0 tracebacks", slice="full")
def bad_input_is_refused() -> Measured:
    """Bent recordings, dreamscapes, nights and words; beside them the same commands with good ones."""
    rows = table(scratch("bad"))
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(_run, rows))
    wrong = [f"{row.name}: {told}" for row, ran in zip(rows, runs, strict=True) if (told := complaint(row, ran))]
    good = sum(row.exit_code == 0 for row in rows)
    right = len(rows) - len(wrong)
    return Measured(
        f"{right} of {len(rows)}",
        not wrong and good >= 3 and len(rows) >= LEAST_CASES,
        f"{len(rows) - good} bad and {good} good inputs. {'; '.join(wrong)}".strip(),
    )


def complaint(row: BadInput, ran: dict[str, Any]) -> str:
    """What is wrong with how a row ended; "" if nothing."""
    said = ran["stdout"] + ran["said"]
    if "Traceback" in said:
        return "a traceback"
    if ran["exit_code"] != row.exit_code:
        return f"exit code {ran['exit_code']}, not {row.exit_code} ({' '.join(codes_in(said))})"
    if row.error and row.error not in codes_in(said):
        return f"says {' '.join(codes_in(said)) or 'no code'}, not {row.error}"
    return ""


def codes_in(said: str) -> list[str]:
    """Every error code in a text, each once."""
    return sorted(set(re.findall(r"DL-E\d{3}", said)))


def _run(row: BadInput) -> dict[str, Any]:
    return run_measured(sys.executable, "-m", "dreamloom", *row.words, "--json", timeout_s=120.0)
