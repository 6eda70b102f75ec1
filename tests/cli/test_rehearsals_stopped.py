"""Does Ctrl-C end a rehearsal, with every process of it and one error?"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.real_time


@pytest.mark.parametrize("started_s", [0.0, 4.0])
def test_ctrl_c_ends_a_rehearsal_at_once_with_every_process_of_it_and_one_error(
    tmp_path: Path, started_s: float
) -> None:
    words = ("rehearse", "nightmare_rem_tmr", "--signals", "--sleepers", "3", "--hours", "8")
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "dreamloom", *words],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        rest = interrupted(process, started_s)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert "Traceback" not in rest
    assert "DL-E130" in rest
    assert list((tmp_path / "tmp").iterdir()) == []


def interrupted(process: subprocess.Popen[str], started_s: float) -> str:
    assert process.stderr is not None
    said = [process.stderr.readline()]
    while "Rehearsing" not in said[-1]:
        assert said[-1], said
        said.append(process.stderr.readline())
    time.sleep(started_s)
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells every process of it
    return process.communicate(timeout=60)[1]  # which ends with the last process that could say a word
