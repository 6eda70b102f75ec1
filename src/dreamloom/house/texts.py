"""Which text is meant? Reads the UTF-8 files that people write, and finds a dreamscape by its name or its file."""

import hashlib
from pathlib import Path

from dreamloom.vocabulary.errors import ConfigError, Where


def read_text(path: Path, *, what: str) -> str:
    """A UTF-8 text file; raises ConfigError when it is missing or is no text."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(
            "DL-E321",
            f"{path} cannot be read: {error.strerror or error}.",
            why=f"It should hold {what}.",
            do="Put the file there, or name the right folder.",
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            "DL-E322",
            f"{path} is not UTF-8 text.",
            why=f"Byte {error.start} (0x{error.object[error.start]:02x}) is part of no letter.",
            where=_place_of_byte(path, error),
            do="Save it as UTF-8.",
        ) from None


def _place_of_byte(path: Path, error: UnicodeDecodeError) -> Where:
    before = error.object[: error.start].decode("utf-8")
    return Where(str(path), before.count("\n") + 1, len(before) - before.rfind("\n"))


def find_dreamscape(name_or_file: str) -> tuple[str, str]:
    """The text of a dreamscape and the name of its file: a file of this name, else the built-in one.

    Raises:
        ConfigError: when there is neither, naming the nearest built-in.
    """
    from dreamloom.dreamscape import builtin

    path = Path(name_or_file)
    if path.suffix in {".yaml", ".yml"} or path.exists():
        return read_text(path, what="a dreamscape"), str(path)
    return builtin.load(name_or_file)[0], f"{name_or_file}.yaml"


def text_sha256(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
