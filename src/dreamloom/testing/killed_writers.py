"""What does a record lose when its writer is killed at any moment? Small writers, SIGKILL, and a look at what is left.

A whole night takes seconds to start; a writer forked from a process that has imported everything takes milliseconds.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.record.belonging import ByRule
from dreamloom.record.events import AnyEvent
from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.merkle import verify_consistency, verify_inclusion
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing.ledger_contract import ORIGIN, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import RecordError

KILLS_A_RECORD = 50
"""Then another record is begun, so that the last look takes no longer than the first."""
LONGEST_LIFE_S = 0.25
UNSAID_EVERY = 4
"""One writer in so many may be killed before its first word, while it opens the record; the others a while after it."""
COMMIT_EVERY, CHECKPOINT_EVERY = 3, 30


@dataclass(frozen=True, slots=True)
class KilledWriters:
    """What so many kills came to.

    Attributes:
        kills: writers that were killed.
        acknowledged: events that a writer had been told are durable, over all records.
        lost: of these, how many are not there, or are not what was written.
        broken: records that do not verify, proofs of inclusion or consistency that do not hold, and records that
            nobody could go on with.
        unsaid: writers that were killed before their first word.
    """

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken: int = 0
    unsaid: int = 0

    def __add__(self, more: "KilledWriters") -> "KilledWriters":
        return KilledWriters(**{name: value + getattr(more, name) for name, value in asdict(self).items()})


def run(kills: int, seed: int, folder: Path) -> KilledWriters:
    """Kills so many writers; the same seed asks for the same moments."""
    told = KilledWriters()
    for number, begun in enumerate(range(0, kills, KILLS_A_RECORD)):
        told += one_record(min(KILLS_A_RECORD, kills - begun), seed, number, folder / f"record-{number}.sqlite")
    return told


def one_record(kills: int, seed: int, number: int, path: Path) -> KilledWriters:
    """One record under so many writers, each killed at a random moment and followed by the next."""
    chance, told = stream(seed, f"writers {number}"), KilledWriters()
    acknowledged, kept = 0, Kept(0, b"")
    with writers() as process:
        for boot in range(kills):
            delay_s, speaks = float(chance.uniform(0.0, LONGEST_LIFE_S)), int(boot % UNSAID_EVERY != 0)
            said = killed_after(process, path, boot=boot, delay_s=delay_s, words=speaks)
            acknowledged = max([acknowledged, *said])
            lost, broken, kept = judged(path, acknowledged, kept, picked=float(chance.uniform(0.0, 1.0)))
            told += KilledWriters(kills=1, lost=lost, broken=broken, unsaid=int(not said))
    return told + KilledWriters(acknowledged=acknowledged, broken=int(not _goes_on(path, kills)))


@dataclass(frozen=True, slots=True)
class Kept:
    """The tree as it was at the last look, to be continued by the next."""

    size: int
    root: bytes


def judged(path: Path, acknowledged: int, before: Kept, *, picked: float) -> tuple[int, int, Kept]:
    """How many acknowledged events are lost, how much is broken, and the tree as it is now."""
    vault = MemoryVault(1)
    try:
        with read_only(path) as reader:
            rows, checkpoints, events = list(reader.rows()), reader.checkpoints(), list(reader.events())
    except RecordError:  # its writer was killed while it made the file: nothing was acknowledged yet
        return acknowledged, int(before.size > 0), before
    verdict = verify(
        rows, checkpoints, key_of=vault.subject_key, public_key=public_key(vault.signing_key()), origin=ORIGIN,
        belonging=ByRule(by_pod),
    )  # fmt: skip
    tree = GrowingTree()
    tree.extend(row.leaf for row in rows)
    lost = acknowledged - len(_as_written(events[:acknowledged]))
    broken = int(verdict.first_bad is not None) + _broken_proofs(tree, [row.leaf for row in rows], before, picked)
    return lost, broken, Kept(tree.size, tree.root(tree.size))


def _as_written(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Those that are what their writer wrote, which their own place tells: the boot-th writer's n-th event."""
    found: list[AnyEvent] = []
    for seq, event in enumerate(events):
        _, boot, n = event.id.split(".")
        if event == lights_off(int(n), boot=int(boot), tick=seq):
            found.append(event)
    return found


def _broken_proofs(tree: GrowingTree, leaves: Sequence[bytes], before: Kept, picked: float) -> int:
    """One event's inclusion, and that this tree goes on from the one before."""
    if tree.size == 0:
        return int(before.size > 0)
    index, root = int(picked * (tree.size - 1)), tree.root(tree.size)
    is_in = verify_inclusion(leaves[index], tree.inclusion_proof(index, tree.size), root, index=index, size=tree.size)
    goes_on = before.size == 0 or (
        before.size <= tree.size
        and verify_consistency(
            before.root, root, tree.consistency_proof(before.size, tree.size), old_size=before.size, new_size=tree.size
        )
    )
    return int(not is_in) + int(not goes_on)


def _goes_on(path: Path, boot: int) -> bool:
    """Whether the record is opened, written to and closed once more."""
    with open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod) as ledger:
        size = ledger.durable_size
        ledger.append([lights_off(0, boot=boot, tick=size)])
    with read_only(path) as reader:
        return reader.size == size + 1


@contextmanager
def writers() -> Iterator["subprocess.Popen[str]"]:
    """A process that has imported everything and forks one writer after the other."""
    command = [sys.executable, "-m", "dreamloom.testing.killed_writers"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        yield process
        assert process.stdin is not None
        process.stdin.close()


def killed_after(
    process: "subprocess.Popen[str]", path: Path, *, boot: int, delay_s: float, words: int = 0
) -> list[int]:
    """Sizes acknowledged by a writer that was killed this long after it was born and had said so many of them."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{boot} {path}\n")
    process.stdin.flush()
    sizes, writer = list[int](), 0
    while not writer or len(sizes) < words:
        said = process.stdout.readline()
        if said.startswith("writer"):
            writer = int(said.split()[1])
        else:
            sizes.append(int(said))
    time.sleep(delay_s)
    os.kill(writer, signal.SIGKILL)
    while (said := process.stdout.readline()) != "killed\n":
        sizes.append(int(said))
    return sizes


def _write(path: Path, boot: int) -> None:
    """Until it is killed; says after each commit how many events are durable."""
    ledger = open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod)
    tick = ledger.durable_size
    for n in range(1_000_000):
        ledger.append([lights_off(n, boot=boot, tick=tick + n)])
        if n % COMMIT_EVERY == COMMIT_EVERY - 1:
            if n % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
                ledger.checkpoint()
            else:
                ledger.commit()
            sys.stdout.write(f"{ledger.durable_size}\n")
            sys.stdout.flush()


def _serve() -> None:
    for line in sys.stdin:
        boot, path = line.strip().split(" ", 1)
        if (writer := os.fork()) == 0:
            _write(Path(path), int(boot))
        sys.stdout.write(f"writer {writer}\n")
        sys.stdout.flush()
        os.waitpid(writer, 0)
        sys.stdout.write("killed\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
