"""Do pages that are served beside another verb end with it, also where it is killed and has no time for anything?"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dreamloom.testing.browsers import night_that_waits

PATIENCE_S = 60.0
BEGUN = """
import sys, time
from dreamloom.cli.pages_beside import PagesBeside
from dreamloom.house.layout import find_night
with PagesBeside(find_night(sys.argv[1]), by="demo") as pages:
    print(pages._served.pid, pages.link, flush=True)
    time.sleep(600)
"""


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_pages_end_with_a_verb_that_is_killed(tmp_path: Path) -> None:
    night = night_that_waits(tmp_path / "house", beds=1)
    words = [sys.executable, "-c", BEGUN, str(night.root)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as verb:
        assert verb.stdout is not None
        pid, _, link = verb.stdout.readline().strip().partition(" ")
        assert link.startswith("http://127.0.0.1:")
        assert is_there(int(pid))
        verb.send_signal(signal.SIGKILL)
    gone_by_s = time.monotonic() + PATIENCE_S
    while is_there(int(pid)) and time.monotonic() < gone_by_s:
        time.sleep(0.1)
    left = is_there(int(pid))
    if left:
        os.kill(int(pid), signal.SIGKILL)
    assert not left
