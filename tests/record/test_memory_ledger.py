"""The record in memory keeps the ledger's contract."""

from dreamloom.testing.ledger_contract import ORIGIN, LedgerContract, VaultContract, by_pod
from dreamloom.testing.ledgers import MemoryLedger
from dreamloom.testing.vaults import MemoryVault


class TestMemoryLedger(LedgerContract):
    def make(self, vault):
        return MemoryLedger(origin=ORIGIN, vault=vault, subject_of=by_pod)

    def checkpoints(self, ledger):
        return ledger.checkpoints()


class TestMemoryVault(VaultContract):
    def make(self):
        return MemoryVault(3)
