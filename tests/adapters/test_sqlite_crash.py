"""kill -9 at any moment: nothing that was acknowledged is lost, and what is left verifies and goes on."""

import pytest

from dreamloom.adapters.sqlite import open_ledger
from dreamloom.testing.killed_writers import killed_after, run, writers
from dreamloom.testing.ledger_contract import ORIGIN, by_pod
from dreamloom.testing.vaults import MemoryVault


def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path):
    told = run(10, 1, tmp_path)
    assert (told.kills, told.lost, told.broken) == (10, 0, 0)
    assert told.acknowledged > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path):
    told = run(200, 2, tmp_path)
    assert (told.kills, told.lost, told.broken) == (200, 0, 0)
    assert told.acknowledged > 200


def test_a_writer_killed_while_it_made_the_record_leaves_no_lock_and_no_half_record(tmp_path):
    with writers() as process:
        for delay_ms in (0, 1, 2, 4, 8):
            path = tmp_path / str(delay_ms) / "record.sqlite"
            path.parent.mkdir()
            killed_after(process, path, boot=0, delay_s=delay_ms / 1000)
            open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod).close()
