"""Where a record may lie: on a disk of this machine, in a folder that nobody else keeps in step."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dreamloom.adapters.folders import mounted_file_systems, refuse_shared_folder, write_durably
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.testing.ledger_contract import ORIGIN, by_pod
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.errors import RefusedError

MOUNTS = r"""
/dev/vda / ext4 rw 0 0
server:/nights /mnt/lab nfs4 rw 0 0
/dev/vdb /mnt/lab/local ext4 rw 0 0
//nas/share /mnt/our\040nas cifs rw 0 0
me@host:/ /mnt/host fuse.sshfs rw 0 0
share /mnt/c 9p rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/mnt/lab/night-1", "nfs4"),
        ("/mnt/lab", "nfs4"),
        ("/mnt/our nas/night-1", "cifs"),
        ("/mnt/host/x/y", "fuse.sshfs"),
        ("/mnt/c/Users", "9p"),
    ],
)
def test_a_network_folder_is_refused_by_name_of_its_file_system(folder, kind):
    for lines in (MOUNTS.splitlines(), MOUNTS.splitlines()[::-1]):
        with pytest.raises(RefusedError, match=kind) as refusal:
            refuse_shared_folder(Path(folder), "\n".join(lines))
    assert (refusal.value.code, refusal.value.exit_code) == ("DL-E502", 5)


@pytest.mark.parametrize("folder", ["/home/x/nights", "/mnt/lab/local/night-1", "/mnt/laboratory", "/mnt/our", "/"])
def test_a_folder_on_a_disk_of_this_machine_is_fine(folder):
    for lines in (MOUNTS.splitlines(), MOUNTS.splitlines()[::-1]):
        refuse_shared_folder(Path(folder), "\n".join(lines))


@pytest.mark.parametrize(
    "name",
    [
        "Dropbox",
        "Dropbox (Sleep Lab)",
        "OneDrive",
        "OneDrive - University",
        "Google Drive",
        "GoogleDrive",
        "iCloud Drive",
        "com~apple~CloudDocs",
        "Nextcloud",
        "ownCloud",
    ],
)
def test_a_synchronised_folder_is_refused_wherever_it_stands_in_the_path(name):
    with pytest.raises(RefusedError, match="kept in step"):
        refuse_shared_folder(Path("/home/x") / name / "nights" / "n1", MOUNTS)


@pytest.mark.parametrize("name", ["dropboxes", "my nextcloud notes", "drive", "cloud"])
def test_a_folder_that_only_sounds_like_one_is_fine(name):
    refuse_shared_folder(Path("/home/x") / name, MOUNTS)


def test_a_link_into_a_synchronised_folder_is_followed(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "nights").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(RefusedError, match="Dropbox"):
        refuse_shared_folder(tmp_path / "nights", "")


def test_a_record_is_not_made_in_a_refused_folder(tmp_path):
    path = tmp_path / "record.sqlite"
    mounts = f"server:/x {str(tmp_path).replace(' ', chr(92) + '040')} nfs rw 0 0\n"
    with pytest.raises(RefusedError, match="nfs"):
        open_ledger(path, origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod, mounts=lambda: mounts)
    assert list(tmp_path.iterdir()) == []


def test_this_machines_table_of_mounts_can_be_read():
    assert isinstance(mounted_file_systems(), str)


def test_of_two_who_write_one_file_at_once_each_writes_it_whole(tmp_path):
    path = tmp_path / "told.json"
    texts = [bytes([ord("a") + n]) * (2000 + 700 * n) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for each in [pool.submit(write_durably, path, text) for text in texts * 25]:
            each.result()
    assert path.read_bytes() in texts
    assert list(tmp_path.iterdir()) == [path]
