"""Changing the house key: every other key stays, what was copied before opens no more, no kill costs a key."""

import os
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dreamloom.adapters import key_rotation, keys
from dreamloom.adapters.key_files import NAMELESS_BYTES, file_name, unwrap
from dreamloom.adapters.keys import FolderVault
from dreamloom.vocabulary.errors import RecordError

SUBJECTS = ("house", "S01", "S02")


class KilledError(Exception):
    """Stands for SIGKILL: nothing after it is done."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def filled(folder: Path) -> dict[str, bytes]:
    vault = FolderVault(folder)
    found = {subject: vault.subject_key(subject) for subject in SUBJECTS}
    vault.subject_key("S09")
    vault.destroy("S09")
    return found


def opened_by(house_key: bytes, folder: Path) -> list[str]:
    found = (unwrap(house_key, path.read_bytes()) for path in folder.rglob("*.key") if path.stat().st_size > 32)
    return [named.subject for named in found if named is not None]


def test_a_new_house_key_opens_every_key_and_none_that_was_copied_before(folder: Path, tmp_path: Path) -> None:
    before = filled(folder)
    old = (folder / "house.key").read_bytes()
    shutil.copytree(folder, tmp_path / "backup")
    FolderVault(folder).change_house_key(())
    vault = FolderVault(folder, may_make_keys=False)
    assert {subject: vault.subject_key(subject) for subject in SUBJECTS} == before
    assert vault.is_destroyed("S09")
    new = (folder / "house.key").read_bytes()
    assert opened_by(new, tmp_path / "backup") == []
    assert opened_by(old, folder) == []
    assert all(old not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == []


def test_whoever_holds_the_folder_open_asks_under_the_new_key(folder: Path) -> None:
    before = filled(folder)
    running, fresh = FolderVault(folder), FolderVault(folder)
    assert running.subject_key("S01") == before["S01"]
    FolderVault(folder).change_house_key(())
    assert (running.subject_key("S01"), fresh.subject_key("S02")) == (before["S01"], before["S02"])
    made = running.subject_key("S03")
    assert FolderVault(folder).subject_key("S03") == made
    FolderVault(folder).destroy("S01")
    with pytest.raises(RecordError, match="destroyed"):
        running.subject_key("S01")


def test_keys_from_before_names_were_kept_with_them_are_carried_over_by_name(folder: Path) -> None:
    FolderVault(folder)
    house_key, nonce = (folder / "house.key").read_bytes(), os.urandom(12)
    stored = nonce + AESGCM(house_key).encrypt(nonce, b"k" * 32, b"S01")
    path = folder / f"{file_name(house_key, 'S01')}.key"
    path.write_bytes(stored)
    path.chmod(0o600)
    assert len(stored) == NAMELESS_BYTES
    vault = FolderVault(folder)
    assert vault.subject_key("S01") == b"k" * 32
    assert (vault.nameless(()), vault.nameless(("S01",))) == (1, 0)
    with pytest.raises(RecordError, match="belong to nobody") as refused:
        vault.change_house_key(("S02",))
    assert refused.value.code == "DL-E450"
    assert vault.subject_key("S01") == b"k" * 32
    vault.change_house_key(("S02", "S01"))
    assert FolderVault(folder).subject_key("S01") == b"k" * 32


def test_a_change_that_was_killed_at_any_step_loses_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, steps = filled(tmp_path / "whole"), 0
    old = (tmp_path / "whole" / "house.key").read_bytes()
    while True:
        folder = tmp_path / f"killed {steps}"
        shutil.copytree(tmp_path / "whole", folder)
        try:
            with monkeypatch.context() as patch:
                kill_at(steps, patch)
                FolderVault(folder).change_house_key(())
        except KilledError:
            judge = FolderVault(folder, may_make_keys=False)
            assert {subject: judge.subject_key(subject) for subject in SUBJECTS} == before
            assert judge.is_destroyed("S09")
            vault = FolderVault(folder)
            assert {subject: vault.subject_key(subject) for subject in SUBJECTS} == before
            assert vault.is_destroyed("S09")
            vault.change_house_key(())
            assert opened_by(old, folder) == []
        else:
            break
        steps += 1
    assert steps > 12


def kill_at(step: int, patch: pytest.MonkeyPatch) -> None:
    """Whatever touches the disk in a rotation counts one step; the one with this number never happens."""
    taken = iter(range(1000))

    def counted(real):
        def call(*args, **options):
            if next(taken) == step:
                raise KilledError
            return real(*args, **options)

        return call

    for name in ("write_once", "overwrite", "shred"):
        patch.setattr(key_rotation, name, counted(getattr(key_rotation, name)))
    for name in ("rename", "hardlink_to"):
        patch.setattr(Path, name, counted(getattr(Path, name)))
    patch.setattr(key_rotation.shutil, "rmtree", counted(shutil.rmtree))


def test_nobody_is_given_a_second_key_while_the_house_key_changes(folder: Path) -> None:
    filled(folder)
    one = FolderVault(folder)
    keys.FolderVault(folder).change_house_key(())
    other = FolderVault(folder)
    assert one.subject_key("S05") == other.subject_key("S05")
