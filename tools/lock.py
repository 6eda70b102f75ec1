"""Which version of everything, with which hash? Writes requirements.lock from pyproject.toml, through pip-compile.

Keeps what is pinned unless it no longer fits; further words go to pip-compile: python tools/lock.py --upgrade
"""

import re
import sys
import tempfile
from pathlib import Path

from pip._internal.models.link import Link
from piptools.repositories.pypi import PyPIRepository
from piptools.scripts.compile import cli

LOCK = Path("requirements.lock")
HEAD = "# Every dependency of Dreamloom and of its development, by version and hash. Written by: make lock\n"
EXTRAS = ("dev", "lsl", "brainflow", "audio")
"""Live sources and sound belong to every checkout: their tests run on real parts."""
WORDS = (
    *("pyproject.toml", "--quiet", "--generate-hashes", "--allow-unsafe", "--strip-extras"),
    *(word for extra in EXTRAS for word in ("--extra", extra)),
    *("--no-header", "--no-annotate", "--no-emit-options", "--no-emit-index-url", "--no-emit-trusted-host"),
    "--no-emit-find-links",
)
PIN = re.compile(r"[\w.-]+==[\w.!+-]+( ; .+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?")
"""All that may stand in the lock beside its head: no index, no host, no path."""

_download_and_hash = PyPIRepository._get_file_hash  # noqa: SLF001 - pip-tools has no option for this


def _hash_from_index(repository: PyPIRepository, link: Link) -> str:
    """The hash the index tells beside each file; without it every file for every platform would be downloaded."""
    if link.hash_name == "sha256":
        return f"sha256:{link.hash}"
    found: str = _download_and_hash(repository, link)
    return found


def main(more: list[str]) -> None:
    """Resolves, checks that nothing else stands in the result, and writes it."""
    PyPIRepository._get_file_hash = _hash_from_index  # noqa: SLF001 - as above
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "requirements.lock"
        if LOCK.is_file():
            new.write_text(LOCK.read_text())
        cli([*WORDS, "--output-file", str(new), *more], standalone_mode=False)
        lines = [line for line in new.read_text().splitlines() if line and not line.startswith("#")]
    stray = [line for line in lines if not PIN.fullmatch(line)]
    if stray:
        sys.exit(f"These lines do not belong into {LOCK}:\n" + "\n".join(stray))
    LOCK.write_text(HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
