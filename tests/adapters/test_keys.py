"""The keys folder: the vault's contract, nothing in it tells or opens anything to others, no key comes twice."""

import pytest

from dreamloom.adapters.key_files import write_once
from dreamloom.adapters.keys import FolderVault, known_keys
from dreamloom.seals.keys import DESTROYED
from dreamloom.testing.ledger_contract import VaultContract
from dreamloom.vocabulary.errors import RecordError, RefusedError


class TestFolderVault(VaultContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path / "house" / "keys"

    def make(self):
        return FolderVault(self.folder)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def subject_files(folder):
    return sorted(folder.glob("?" * 32 + ".key"))


def test_keys_are_the_same_after_a_restart(folder):
    first = FolderVault(folder)
    again, second = (first.subject_key("S01"), first.signing_key()), FolderVault(folder)
    assert (second.subject_key("S01"), second.signing_key()) == again


def test_two_houses_share_no_key(tmp_path):
    one, two = FolderVault(tmp_path / "one"), FolderVault(tmp_path / "two")
    assert one.subject_key("S01") != two.subject_key("S01")
    assert one.signing_key() != two.signing_key()
    assert subject_files(tmp_path / "one")[0].name != subject_files(tmp_path / "two")[0].name


def test_only_the_house_can_read_its_keys(folder):
    FolderVault(folder).subject_key("S01")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("name", [".", "house.key", "signing.key"])
def test_keys_that_others_can_read_are_refused(folder, name):
    FolderVault(folder)
    (folder / name).chmod(0o755)
    with pytest.raises(RefusedError, match="chmod 07?" if name == "." else "chmod 0600") as refusal:
        FolderVault(folder)
    assert (refusal.value.code, refusal.value.exit_code) == ("DL-E503", 5)


def test_no_name_and_no_key_stands_in_the_folder(folder):
    key = FolderVault(folder).subject_key("S01-somebody")
    for file in folder.iterdir():
        assert "S01" not in file.name
        assert key not in file.read_bytes()
        assert b"S01-somebody" not in file.read_bytes()


def test_a_destroyed_key_is_gone_from_the_disk_and_stays_gone(folder):
    vault = FolderVault(folder)
    vault.subject_key("S01")
    (file,) = subject_files(folder)
    vault.destroy("S01")
    assert not file.exists()
    for opened in (vault, FolderVault(folder)):
        assert not opened.has("S01")
        with pytest.raises(RecordError, match="destroyed") as refusal:
            opened.subject_key("S01")
        assert refusal.value.code == "DL-E406"


def test_a_destroyed_key_is_overwritten_before_its_name_goes(folder):
    vault = FolderVault(folder)
    vault.subject_key("S01")
    (file,) = subject_files(folder)
    wrapped = file.read_bytes()
    (folder.parent / "second_name").hardlink_to(file)
    vault.destroy("S01")
    left = (folder.parent / "second_name").read_bytes()
    assert len(left) == len(wrapped)
    assert not any(wrapped[k : k + 8] in left for k in range(len(wrapped) - 8))


def test_another_process_learns_of_a_destroyed_key_at_once(folder):
    running, erasing = FolderVault(folder), FolderVault(folder)
    running.subject_key("S01")
    erasing.destroy("S01")
    with pytest.raises(RecordError, match="destroyed"):
        running.subject_key("S01")


def test_a_destruction_that_was_broken_off_is_finished_at_the_next_opening(folder):
    FolderVault(folder).subject_key("S01")
    (file,) = subject_files(folder)
    file.with_suffix(".gone").touch(mode=0o600)
    assert not FolderVault(folder).has("S01")
    assert not file.exists()


def test_a_file_that_only_looks_like_a_tombstone_makes_no_erasure(folder):
    vault = FolderVault(folder)
    vault.subject_key("S01")
    vault.subject_key("S02")
    vault.destroy("S02")
    (file,) = subject_files(folder)
    (tombstone,) = folder.glob("*.gone")
    for feigned in (b"", tombstone.read_bytes()):
        file.with_suffix(".gone").write_bytes(feigned)
        assert [vault.is_destroyed(subject) for subject in ("S01", "S02")] == [False, True]


def test_two_processes_that_make_one_key_agree_on_it(folder):
    one, two = FolderVault(folder), FolderVault(folder)
    assert one.subject_key("S01") == two.subject_key("S01")
    assert not list(folder.glob("*.draft"))


def test_whoever_comes_second_keeps_the_firsts_key(folder):
    folder.mkdir()
    for content in (b"first", b"second"):
        write_once(folder / "a.key", content)
    assert (folder / "a.key").read_bytes() == b"first"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"short", bytes(60)])
def test_a_damaged_key_is_said_to_be_damaged_and_never_replaced(folder, content):
    FolderVault(folder).subject_key("S01")
    (file,) = subject_files(folder)
    file.write_bytes(content)
    with pytest.raises(RecordError, match="damaged") as refusal:
        FolderVault(folder).subject_key("S01")
    assert refusal.value.code == "DL-E407"
    assert file.read_bytes() == content


def test_a_damaged_house_key_is_never_replaced(folder):
    FolderVault(folder)
    (folder / "house.key").write_bytes(b"short")
    with pytest.raises(RecordError, match="5 bytes, not 32"):
        FolderVault(folder)


def test_a_key_given_to_another_subject_does_not_open(folder):
    vault = FolderVault(folder)
    vault.subject_key("S01")
    (first,) = subject_files(folder)
    content = first.read_bytes()
    vault.subject_key("S02")
    (second,) = set(subject_files(folder)) - {first}
    second.write_bytes(content)
    with pytest.raises(RecordError, match="damaged"):
        FolderVault(folder).subject_key("S02")


def test_verification_asks_for_keys_without_making_any(folder):
    vault = FolderVault(folder)
    key = vault.subject_key("S01")
    ask = known_keys(vault)
    vault.subject_key("S02")
    vault.destroy("S02")
    assert (ask("S01"), ask("S02"), ask("S03")) == (key, DESTROYED, None)
    assert len(subject_files(folder)) == 1
