"""kill -9 at any moment: nothing that was acknowledged is lost, and what is left verifies and goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.record.belonging import ByRule
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing.ledger_contract import ORIGIN, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault

WRITERS = """
import os, sys
from pathlib import Path
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.testing.ledger_contract import ORIGIN, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault

def write(path, boot):
    ledger = open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod)
    print(ledger.durable_size, flush=True)
    tick = ledger.durable_size
    for n in range(1_000_000):
        ledger.append([lights_off(n, boot=boot, tick=tick + n)])
        if n % 3 == 2:
            ledger.checkpoint() if n % 30 == 29 else ledger.commit()
            print(ledger.durable_size, flush=True)

for line in sys.stdin:
    boot, path = line.strip().split(" ", 1)
    if (writer := os.fork()) == 0:
        write(Path(path), int(boot))
    print("writer", writer, flush=True)
    os.waitpid(writer, 0)
    print("killed", flush=True)
"""


@contextmanager
def writers():
    """A process that has imported everything and forks one writer after the other."""
    command = [sys.executable, "-c", WRITERS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def killed_after(process: subprocess.Popen, path: Path, *, boot: int, delay_s: float) -> int:
    """The last size acknowledged by a writer that was killed this long after it was born; 0 if it said nothing."""
    process.stdin.write(f"{boot} {path}\n")
    process.stdin.flush()
    sizes = [0]
    while not (said := process.stdout.readline()).startswith("writer"):
        sizes.append(int(said))
    time.sleep(delay_s)
    os.kill(int(said.split()[1]), signal.SIGKILL)
    while (said := process.stdout.readline()) != "killed\n":
        sizes.append(int(said))
    return sizes[-1]


def judged(path: Path, at_least: int):
    vault = MemoryVault(1)
    with read_only(path) as reader:
        assert reader.size >= at_least
        checkpoints = reader.checkpoints()
        asked = {"key_of": vault.subject_key, "public_key": public_key(vault.signing_key()), "origin": ORIGIN}
        return verify(reader.rows(), checkpoints, belonging=ByRule(by_pod), **asked)


def survives_kills(path: Path, kills: int, seed: int) -> int:
    dice, acknowledged = random.Random(seed), 0
    open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod).close()
    with writers() as process:
        for boot in range(kills):
            acknowledged = max(acknowledged, killed_after(process, path, boot=boot, delay_s=dice.uniform(0.0, 0.25)))
            before = path.read_bytes()
            verdict = judged(path, at_least=acknowledged)
            assert verdict.first_bad is None
            assert verdict.standing == ("verified" if verdict.signed else "not signed yet")
            assert path.read_bytes() == before
    return acknowledged


def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path):
    path = tmp_path / "record.sqlite"
    acknowledged = survives_kills(path, kills=10, seed=1)
    assert acknowledged > 0
    with open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod) as ledger:
        assert ledger.durable_size >= acknowledged
        ledger.append([lights_off(0, boot=99, tick=10**6)])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sixty_kills_lose_nothing_that_was_acknowledged(tmp_path):
    assert survives_kills(tmp_path / "record.sqlite", kills=60, seed=2) > 0


def test_a_writer_killed_while_it_made_the_record_leaves_no_lock_and_no_half_record(tmp_path):
    with writers() as process:
        for delay_ms in (0, 1, 2, 4, 8):
            path = tmp_path / str(delay_ms) / "record.sqlite"
            path.parent.mkdir()
            killed_after(process, path, boot=0, delay_s=delay_ms / 1000)
            open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod).close()
