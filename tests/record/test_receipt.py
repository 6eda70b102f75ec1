"""Does a receipt prove what was said, and does none that was altered anywhere?"""

from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import read_only
from dreamloom.house import receipts
from dreamloom.house.house_record import ORIGIN
from dreamloom.house.layout import House
from dreamloom.record.receipt import judge
from dreamloom.seals.notes import public_key
from dreamloom.vocabulary.errors import ConfigError


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def data(house: House) -> bytes:
    for change in ("given", "withdrawn", "given"):
        path = receipts.receipt_for(house, "S01", change, about="tide", sheet="home 1 en")  # type: ignore[arg-type] - words
    return path.read_bytes()


def test_a_receipt_is_judged_by_itself_and_by_its_house(house: House, data: bytes) -> None:
    alone = judge(data, origin=ORIGIN)
    assert (alone.why, alone.content["change"], alone.content["sleeper"]) == ("", "given", "S01")
    receipts.receipt_for(house, "S02", "limits")
    assert receipts.judge_receipt(data, house).why == ""


def test_every_altered_byte_is_found(house: House, data: bytes) -> None:
    public = public_key(FolderVault(house.keys).signing_key())
    for at in range(0, len(data), 7):
        altered = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert not judge(altered, origin=ORIGIN, trusted=public).ok, at
    assert not judge(data + b"\n", origin=ORIGIN, trusted=public).ok
    assert not judge(data[:-1], origin=ORIGIN, trusted=public).ok


@pytest.mark.usefixtures("data")
def test_another_house_signs_no_receipt_of_this_one(house: House, tmp_path: Path) -> None:
    forged = receipts.receipt_for(House(tmp_path), "S01", "given").read_bytes()
    assert judge(forged, origin=ORIGIN).ok
    assert receipts.judge_receipt(forged, house).why == "it was signed by another house"


def test_a_house_whose_record_was_begun_anew_is_found_by_a_receipt(tmp_path: Path) -> None:
    house = House(tmp_path)
    data = receipts.receipt_for(house, "S01", "given").read_bytes()
    house.record.unlink()
    receipts.receipt_for(house, "S01", "given")
    assert "does not hold" in receipts.judge_receipt(data, house).why


def test_a_house_whose_record_was_cut_to_an_older_checkpoint_is_found_by_a_receipt_kept_elsewhere(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "house")
    early = receipts.receipt_for(house, "S01", "given").read_bytes()
    before = house.record.read_bytes()
    with read_only(house.record) as record:
        size = record.checkpoints()[-1].size
    late = receipts.receipt_for(house, "S01", "withdrawn").read_bytes()
    house.record.write_bytes(before)  # signed, whole, and of a time before the withdrawal
    assert receipts.judge_receipt(early, house).ok
    found = receipts.judge_receipt(late, house)
    assert found.checkpoint is not None
    assert found.checkpoint.size > size
    assert "does not hold" in found.why


def test_a_slip_is_known_by_its_hash_alone(tmp_path: Path) -> None:
    house = House(tmp_path)
    with pytest.raises(ConfigError):
        receipts.sleeper_of_slip(house, "AAAA")
    code = receipts.new_slip(house, "S01")
    assert receipts.sleeper_of_slip(house, code.lower().replace("-", " ")) == "S01"
    assert code.encode() not in house.record.read_bytes()
    with pytest.raises(ConfigError):
        receipts.sleeper_of_slip(house, code[:-1] + ("A" if code[-1] != "A" else "B"))
