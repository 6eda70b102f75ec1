"""What if a disk says EIO to a sync? Told and never tried again as if nothing was lost; silence does not hang on it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.pod_keys import pod_seed
from dreamloom.adapters.speaker.bits_file import BitsFile
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.house import consenting, making, withdrawing
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.record.belonging import ByRule
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing import failing_syncs
from dreamloom.testing.failing_disk import broken_night
from dreamloom.testing.ledger_contract import ORIGIN, by_pod
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import RecordError

REAL = pytest.mark.skipif(not failing_syncs.is_possible(), reason="Linux alone lets a test fail the syncs of a process")
WRITER = """
import sys
from pathlib import Path
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.testing.failing_syncs import fail_syncs, those
from dreamloom.testing.ledger_contract import ORIGIN, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.errors import RecordError

ledger = open_ledger(Path(sys.argv[1]), origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod)
fail_syncs(those(sys.argv[2]))
codes = []
for n in range(30):
    try:
        ledger.append([lights_off(n)])
        ledger.commit()
    except RecordError as error:
        codes.append(error.code)
try:
    ledger.close()
except RecordError as error:
    codes.append(error.code)
print(ledger.durable_size, *codes)
"""


@REAL
@pytest.mark.parametrize("which", ["record.sqlite-wal:7", "record.sqlite-wal:7-"], ids=["once", "for good"])
def test_a_record_takes_nothing_more_once_its_disk_failed_to_sync(tmp_path: Path, which: str) -> None:
    path = tmp_path / "record.sqlite"
    words = [sys.executable, "-c", WRITER, str(path), which]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    acknowledged, *codes = done.stdout.split()
    assert failing_syncs.FAILED in done.stderr
    assert 0 < int(acknowledged) < 30
    assert codes == ["DL-E413"] * (30 - int(acknowledged) + 1)
    vault = MemoryVault(1)
    with read_only(path) as reader:
        assert reader.size >= int(acknowledged)
        verdict = verify(
            reader.rows(), reader.checkpoints(), belonging=ByRule(by_pod), key_of=vault.subject_key,
            public_key=public_key(vault.signing_key()), origin=ORIGIN,
        )  # fmt: skip
    assert verdict.first_bad is None
    open_ledger(path, origin=ORIGIN, vault=vault, subject_of=by_pod).close()


@REAL
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("which", ["record.sqlite-wal:60", "p1.edf:3-"])
def test_a_night_whose_disk_fails_to_sync_ends_silent_and_whole_and_goes_on(tmp_path: Path, which: str) -> None:
    night = broken_night(tmp_path, which)
    assert night.run.has_failed_sync
    assert (night.run.exit_code, night.run.is_traceback) == (6, False)
    assert night.run.code in {"DL-E413", "DL-E443"}
    assert night.held >= night.safe
    assert night.verifies
    assert night.replays
    assert night.goes_on


def refuse(_: int) -> None:
    raise OSError(5, "Input/output error")


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    for pod in ("p1", "p2"):
        house.pod(pod).root.mkdir(parents=True)
        bits = BitsFile(house.pod(pod).bits)
        bits.clear(Bit.REVOKED)
        bits.close()
    return house


def is_revoked(house: House, pod: str) -> bool:
    bits = BitsFile(house.pod(pod).bits)
    try:
        return Bit.REVOKED in bits.silencing()
    finally:
        bits.close()


def test_a_withdrawal_that_is_not_on_the_disk_silences_and_says_that_it_is_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RecordError, match="not on the disk") as told:
        withdrawing.withdraw(house, night="tide", pod="p1", sleeper="S01", channel="test")
    assert (told.value.code, told.value.exit_code) == ("DL-E448", 6)
    assert "dreamloom withdraw tide S01" in told.value.do
    assert is_revoked(house, "p1")
    said = withdrawing.withdrawn_tonight(house.pod("p1"), "tide", "S01")
    assert said is not None, "a night that runs is told all the same"
    monkeypatch.undo()
    assert withdrawing.withdraw(house, night="tide", pod="p1", sleeper="S01", channel="test") == said


def test_bits_that_cannot_be_set_do_not_keep_a_withdrawal_off_the_disk(house: House) -> None:
    house.pod("p1").bits.write_bytes(b"spoilt")
    with pytest.raises(Exception, match="bits"):
        withdrawing.withdraw(house, night="tide", pod="p1", sleeper="S01", channel="test")
    assert withdrawing.withdrawn_tonight(house.pod("p1"), "tide", "S01") is not None


def test_a_disk_that_refuses_at_one_bed_leaves_no_other_bed_of_the_sleeper_sounding(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for night, pod in (("ebb", "p1"), ("tide", "p2")):
        beds = [PodAsked(id=pod, sleeper="S01", source="sim:lucid,start=4h,hours=0.02")]
        making.write_night(house, night, beds, "nightmare_rem_tmr", seed=1)
    writes: list[Callable[[Path, bytes], None]] = [refuse_file, write_durably]

    def write(path: Path, content: bytes) -> None:
        writes.pop(0)(path, content)

    monkeypatch.setattr(withdrawing, "write_durably", write)
    with pytest.raises(RecordError, match="not on the disk"):
        consenting.withdraw_everywhere(house, "S01", channel="test")
    assert is_revoked(house, "p1")
    assert is_revoked(house, "p2")
    assert writes == []


def refuse_file(path: Path, content: bytes) -> None:
    refuse(len(content) + len(path.parts))


def test_a_beds_key_that_is_not_on_the_disk_is_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        pod_seed(tmp_path / "pod.key")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert pod_seed(tmp_path / "pod.key") == pod_seed(tmp_path / "pod.key")
