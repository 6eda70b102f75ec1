"""How does one person go out of a file that people wrote? Their tables are cut; every other word stays as it was."""

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dreamloom.adapters.folders import write_durably

_HEAD = re.compile(r"\s*\[")
CUT = "# A table that stood here was erased, and this file with it: it could not be cut apart.\n"

Table = dict[str, Any]


def cut_grants(path: Path, sleeper: str) -> bool:
    """Takes this sleeper's table out of a consent.toml; True where there was one."""
    return _cut(path, sleeper, lambda table: sleeper in table, lambda table: _without(table, sleeper))


def cut_beds(path: Path, sleeper: str) -> bool:
    """Takes the beds in which this sleeper lies out of a night.toml; True where there was one."""
    return _cut(path, sleeper, lambda table: sleeper in _lie_in(table), lambda table: _without_beds(table, sleeper))


def _cut(path: Path, sleeper: str, is_theirs: Callable[[Table], bool], wanted: Callable[[Table], Table]) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    whole = _read(text)
    if whole is not None and not is_theirs(whole) and not _mentions(text, sleeper):
        return False
    left = "".join(block for block in _blocks(text) if not is_theirs(_read(block) or {}))
    left = "".join(line for line in left.splitlines(keepends=True) if not _is_remark(line, sleeper))
    fits = whole is not None and _read(left) == wanted(whole)
    if whole is None and sleeper not in text:
        return False
    write_durably(path, (left if fits else CUT).encode())
    return True


def _blocks(text: str) -> Iterator[str]:
    """What comes before the first table, then each table with the tables inside it."""
    block: list[str] = []
    for line in text.splitlines(keepends=True):
        if _HEAD.match(line) and not line.lstrip().startswith("[pod."):
            yield "".join(block)
            block = []
        block.append(line)
    yield "".join(block)


def _read(text: str) -> Table | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _lie_in(table: Table) -> list[str]:
    pods = table.get("pod", [])
    return [str(pod.get("sleeper")) for pod in pods if isinstance(pod, dict)] if isinstance(pods, list) else []


def _without(table: Table, sleeper: str) -> Table:
    return {name: value for name, value in table.items() if name != sleeper}


def _without_beds(table: Table, sleeper: str) -> Table:
    pods = [pod for pod in table.get("pod", []) if not isinstance(pod, dict) or pod.get("sleeper") != sleeper]
    return {**_without(table, "pod"), **({"pod": pods} if pods else {})}


def _mentions(text: str, sleeper: str) -> bool:
    return any(_is_remark(line, sleeper) for line in text.splitlines())


def _is_remark(line: str, sleeper: str) -> bool:
    """A comment that names this sleeper, such as a grant that was never given."""
    return line.lstrip().startswith("#") and re.search(rf"(?<![\w-]){re.escape(sleeper)}(?![\w-])", line) is not None
