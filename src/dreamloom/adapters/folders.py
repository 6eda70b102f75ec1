"""May a record lie in this folder, and is it on the disk? No network, no synchronised folder; fsync."""

import os
import shutil
from fcntl import LOCK_EX, flock
from pathlib import Path

from dreamloom.vocabulary.errors import RefusedError

# fmt: off
NETWORK_FILE_SYSTEMS = frozenset((
    "9p", "afs", "afpfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4",
    "ocfs2", "prl_fs", "smb", "smb2", "smb3", "smbfs", "vboxsf", "vmhgfs", "fuse.davfs2", "fuse.glusterfs",
    "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse",
))
"""Where locks and fsync are another machine's promise (https://www.sqlite.org/howtocorrupt.html, 2.1)."""

SYNCHRONISED_FOLDERS = frozenset((
    "com~apple~clouddocs", "dropbox", "google drive", "googledrive", "icloud", "icloud drive", "iclouddrive",
    "megasync", "my drive", "nextcloud", "onedrive", "owncloud", "pcloud drive", "pclouddrive", "syncthing",
))
# fmt: on
"""Folder names whose contents another program copies away and puts back."""


def mounted_file_systems() -> str:
    """The kernel's table of mounts; empty where there is none to read."""
    try:
        return Path("/proc/self/mounts").read_text(errors="surrogateescape")
    except OSError:
        return ""


def refuse_shared_folder(folder: Path, mounts: str) -> None:
    """Returns when a record may be written in this folder.

    Args:
        folder: exists or will be made.
        mounts: lines of device, mount point, type, ... as in /proc/self/mounts.

    Raises:
        RefusedError: naming the file system or the synchronised folder.
    """
    place = folder.resolve()
    if kind := _network_kind(place, mounts):
        raise _refusal(place, f"It lies on a network file system ({kind}), where locks and fsync are not kept.")
    if name := _synchronised(place):
        raise _refusal(place, f"{name!r} is kept in step by another program, which would tear a growing record.")


def _network_kind(place: Path, mounts: str) -> str | None:
    kind, best = "", Path()
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        if place.is_relative_to(point) and len(point.parts) >= len(best.parts):
            kind, best = fields[2], point
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def _unescaped(text: str) -> str:
    for code, sign in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        text = text.replace(code, sign)
    return text


def _synchronised(place: Path) -> str | None:
    """The first part of the path that names such a folder, also as "Dropbox (Lab)" or "OneDrive - University"."""
    for part in place.parts:
        stem = part.lower().split(" (")[0].split(" - ")[0]
        if stem in SYNCHRONISED_FOLDERS:
            return part
    return None


def _refusal(place: Path, why: str) -> RefusedError:
    return RefusedError(
        "DL-E502",
        f"A record cannot be kept in {place}.",
        why=why,
        still="Nothing was written; the folder can hold finished copies.",
        do="Choose a folder on a disk of this machine, and copy the night after it closed.",
    )


def sync_folder(folder: Path) -> None:
    """Returns when names made or removed in this folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_mb(folder: Path) -> float | None:
    """Room that this user may still fill where the folder lies or will lie, in units of 2^20 bytes; None: unknown."""
    place = folder.resolve()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        return shutil.disk_usage(place).free / 2**20
    except OSError:
        return None


def write_durably(path: Path, content: bytes) -> None:
    """A whole file that survives a power cut, or the one that was there before; of two at once each is whole."""
    draft = path.with_name(path.name + ".draft")
    is_written = False
    while not is_written:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o666), "wb") as file:
            flock(file, LOCK_EX)
            if _lies_at(file.fileno(), draft):  # else whoever was first has put it in its place meanwhile
                file.truncate(0)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                draft.replace(path)
                is_written = True
    sync_folder(path.parent)


def _lies_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
