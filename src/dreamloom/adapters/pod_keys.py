"""What does a bed sign with? An Ed25519 seed of its own, made at its first start and never told to anybody."""

import os
from pathlib import Path

from dreamloom.adapters.key_files import write_once
from dreamloom.seals.keys import KEY_BYTES
from dreamloom.vocabulary.errors import RecordError, RefusedError


def pod_seed(path: Path) -> bytes:
    """The 32-byte seed in this file, made with fresh entropy where there is none yet; on the disk when this returns.

    Raises:
        RefusedError: DL-E590 when others on this machine may read it.
        RecordError: DL-E690 when it is damaged.
    """
    if not path.exists():
        write_once(path, os.urandom(KEY_BYTES))
    return _read(path)


def fresh_id(key_sha256: str) -> str:
    """What a bed is called that is being enrolled: nobody can guess it, and it tells which key is meant."""
    return f"{os.urandom(4).hex()}-{key_sha256[:8]}"


def _read(path: Path) -> bytes:
    if (mode := path.stat().st_mode & 0o777) & 0o077:
        raise RefusedError(
            "DL-E590",
            f"The key of a bed in {path} can be read by others on this machine.",
            why=f"Its mode is {mode:04o}; only this user may read it (0600).",
            still="Nothing was signed with it.",
            do=f"Run `chmod 0600 {path}`; if anyone may have copied it, remove it, and the bed makes another.",
        )
    seed = path.read_bytes()
    if len(seed) != KEY_BYTES:
        raise RecordError(
            "DL-E690",
            f"The key of a bed in {path} is damaged.",
            why=f"It holds {len(seed)} bytes, not {KEY_BYTES}.",
            still="The bed records and plays as before; it vouches for nothing.",
            do="Put it back from a backup; or remove it, and the bed makes another at its next start.",
        )
    return seed
