"""Who agrees to exactly this text? Names in a small file beside a dreamscape's own, each with the hash it was said of.

A name here is a word given, no signature: whoever may write the dreamscape may write this file. What a sleeper agrees
to is another thing, and stands in consent.toml.
"""

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from re import fullmatch

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.house.by_hand import refuse_name
from dreamloom.house.making import quoted
from dreamloom.vocabulary.errors import ConfigError, RefusedError

HEAD = "# Who agrees to exactly which text of this dreamscape, named by its SHA-256. Names, no signatures.\n"
HASH = r"[0-9a-f]{64}"


class Agreed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One name, the text it was given for, and when."""

    name: str
    sha256: str
    at: datetime


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    agreed: tuple[Agreed, ...] = ()


def place(dreamscape: Path) -> Path:
    """Where the names lie."""
    return dreamscape.with_suffix(".agreed.toml")


def read(dreamscape: Path) -> tuple[Agreed, ...]:
    """Every name with what it agreed to last, by name.

    Raises:
        ConfigError: DL-E595 for a file that says something else.
    """
    path = place(dreamscape)
    if not path.exists():
        return ()
    try:
        found = msgspec.convert(tomllib.loads(path.read_bytes().decode("utf-8")), _File).agreed
    except (OSError, ValueError) as error:  # msgspec's and tomllib's errors are ValueErrors, as is bad UTF-8
        raise _unreadable(path, error) from error
    if any(not fullmatch(HASH, each.sha256) for each in found):
        raise _unreadable(path, ValueError("a hash has 64 hexadecimal digits"))
    return tuple(sorted(found, key=lambda each: each.name))


def agree(dreamscape: Path, *, name: str, sha256: str, kept_sha256: str, at: datetime) -> tuple[Agreed, ...]:
    """Writes down that this name agrees to the text that lies in the file; an older word of it is replaced.

    Raises:
        UsageError: DL-E129 for a name that cannot stand there.
        RefusedError: DL-E596 when another text is meant than lies there.
    """
    refuse_name(name)
    if sha256 != kept_sha256:
        raise RefusedError(
            "DL-E596",
            "You agree to another text than the file holds.",
            why="It was changed and not saved yet, or saved by somebody else meanwhile.",
            still="Nothing was written.",
            do="Save it, read it once more, and agree then.",
        )
    others = [each for each in read(dreamscape) if each.name != name]
    return _write(dreamscape, [*others, Agreed(name=name, sha256=sha256, at=at.astimezone(UTC).replace(microsecond=0))])


def take_back(dreamscape: Path, *, name: str) -> tuple[Agreed, ...]:
    """This name agrees to nothing any more."""
    return _write(dreamscape, [each for each in read(dreamscape) if each.name != name])


def in_words(dreamscape: Path, sha256: str) -> list[str]:
    """Who agreed to this text, and who to an older one; for `check` and `explain`, which a broken file never stops."""
    try:
        found = read(dreamscape)
    except ConfigError as error:
        return [f"{error.code} {error.what}"]
    same = [each.name for each in found if each.sha256 == sha256]
    other = [f"{each.name} ({each.at:%Y-%m-%d %H:%M} UTC)" for each in found if each.sha256 != sha256]
    said = [f"Agreed to by {', '.join(same)}: exactly this text."] if same else []
    return [*said, *([f"Agreed to as an older text, not this one: {', '.join(other)}."] if other else [])]


def _write(dreamscape: Path, agreed: Sequence[Agreed]) -> tuple[Agreed, ...]:
    ordered = sorted(agreed, key=lambda each: each.name)
    tables = [
        f"\n[[agreed]]\nname = {quoted(each.name)}\nsha256 = {quoted(each.sha256)}\nat = {each.at.isoformat()}\n"
        for each in ordered
    ]
    try:
        write_durably(place(dreamscape), (HEAD + "".join(tables)).encode("utf-8"))
    except OSError as error:
        raise ConfigError(
            "DL-E597",
            f"{place(dreamscape).name} cannot be written: {error.strerror or error}.",
            still="The dreamscape itself is as it was.",
            do="Make room, or give yourself the right to write there.",
        ) from error
    return tuple(ordered)


def _unreadable(path: Path, error: Exception) -> ConfigError:
    return ConfigError(
        "DL-E595",
        f"{path.name} cannot be read: {str(error)[:200]}.",
        why="It holds who agreed to which text, and was changed by hand.",
        still="The dreamscape itself is as it was.",
        do="Mend it, or remove it and let everybody agree again.",
    )
