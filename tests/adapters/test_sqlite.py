"""The record on disk: the ledger's contract, reopening, one writer, readers beside it, refusals."""

import sqlite3
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing.ledger_contract import ORIGIN, LedgerContract, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.errors import RecordError, RefusedError


def opened(path: Path, **kwargs):
    return open_ledger(path, **{"origin": ORIGIN, "vault": MemoryVault(1), "subject_of": by_pod, **kwargs})


def judged(path: Path, vault: MemoryVault | None = None):
    vault = vault or MemoryVault(1)
    with read_only(path) as reader:
        checkpoints = reader.checkpoints()
        return verify(
            reader.rows(),
            checkpoints,
            key_of=vault.subject_key,
            public_key=public_key(vault.signing_key()),
            origin=ORIGIN,
        )


class TestSqliteLedger(LedgerContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.path = tmp_path / "record.sqlite"
        self.opened = []
        yield
        for ledger in self.opened:
            ledger.close()

    def make(self, vault):
        self.opened.append(opened(self.path, vault=vault))
        return self.opened[-1]

    def checkpoints(self, ledger):
        return ledger.checkpoints()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "record.sqlite"


def test_a_record_goes_on_where_it_ended(path):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(3)])
        root = ledger.checkpoint()
    with opened(path) as ledger:
        assert ledger.size == ledger.durable_size == 3
        assert ledger.checkpoint() == root
        with pytest.raises(RecordError, match="comes after"):
            ledger.append([lights_off(2)])
        with pytest.raises(RecordError, match="its tick 1 comes after tick 2"):
            ledger.append([lights_off(3, tick=1)])
        ledger.append([lights_off(3)])
    verdict = judged(path)
    assert (verdict.ok, verdict.events, verdict.signed) == (True, 4, 4)
