"""What does a TOML file that a person wrote say? A checked value; what cannot be meant is refused with its place."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from dreamloom.vocabulary.errors import ConfigError, Where

Path = tuple[str | int, ...]
"""The way to a value: ("pod", 1, "sleeper")."""
Told = TypeVar("Told", bound=Struct)

_IN_WORDS = {
    "str": "a text in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in brackets",
    "object": "a table",
    "datetime": "a time",
}
_HEADER = re.compile(r"\s*\[(\[)?\s*(?P<name>[^\[\]]+?)\s*\]")
_KEY = r"(?<![\w\"'-])[\"']?{}[\"']?\s*="


class Codes(NamedTuple):
    """Under which codes a kind of file tells that it is no TOML, has an unknown key, has a wrong value."""

    toml: str
    key: str
    value: str


class TomlFile:
    """A text with the name of its file, so that whatever is wrong can be shown where it stands.

    Raises:
        ConfigError: when it is not TOML.
    """

    def __init__(self, text: str, *, file: str, codes: Codes) -> None:
        self._lines = text.removeprefix("\ufeff").splitlines()
        self._file = file
        self._codes = codes
        try:
            self.table: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(
                codes.toml, f"This is not valid TOML: {error}.", where=self._where_of(error), do="Mend that line."
            ) from None

    def read(self, kind: type[Told], path: Path = ()) -> Told:
        """The table at this path as a value of this kind.

        Raises:
            ConfigError: for an unknown key, naming the nearest; for a value that is missing or of another kind.
        """
        table: Any = self.table
        for step in path:
            table = table[step]
        self._refuse_unknown(table, kind, path)
        try:
            return msgspec.convert(table, kind)
        except msgspec.ValidationError as error:
            raise self._misfit(str(error), kind, path) from None

    def wrong(self, path: Path, what: str, *, do: str, why: str = "") -> ConfigError:
        """The error that this value makes, to be raised."""
        return ConfigError(self._codes.value, what, why=why, do=do, where=self.place(path))

    def place(self, path: Path) -> Where:
        """Where a key stands; the head of its table where the key is missing; the file's beginning at last."""
        tables = [(line, head) for line, head in self._heads() if head == path[: len(head)]]
        first, head = max(tables, key=lambda found: len(found[1]))
        keys = [step for step in path[len(head) :] if isinstance(step, str)]
        found = self._key_after(first, keys[-1:]) or self._key_after(first, keys[:1])
        return found or Where(self._file, max(first, 1), 1)

    def _key_after(self, first: int, keys: list[str]) -> Where | None:
        """The place of a key between this line (counted from 1; a head itself) and the next head."""
        for number, line in enumerate(self._lines[first:], first + 1):
            if not keys or _HEADER.match(line):
                return None
            found = re.search(_KEY.format(re.escape(keys[0])), line.split("#")[0])
            if found:
                return Where(self._file, number, found.start() + 1)
        return None

    def _heads(self) -> Iterator[tuple[int, Path]]:
        """Each table's line, counted from 1, and path; line 0 for what stands before all."""
        counts: dict[str, int] = {}
        yield 0, ()
        for number, line in enumerate(self._lines, 1):
            if found := _HEADER.match(line):
                name = tuple(part.strip(" \"'") for part in found["name"].split("."))
                if found[1]:
                    counts[name[0]] = counts.get(name[0], -1) + 1
                    yield number, (name[0], counts[name[0]])
                else:
                    yield number, name

    def _refuse_unknown(self, table: object, kind: type[Struct], path: Path) -> None:
        if not isinstance(table, Mapping):
            return
        hints = get_type_hints(kind)
        for key, value in table.items():
            if key not in hints:
                near = get_close_matches(key, hints, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(hints)}."
                place = self.place((*path, key))
                raise ConfigError(self._codes.key, f"Unknown key {key!r}{_within(path)}.", where=place, do=hint)
            for inner_path, inner in [((*path, key), value), *_entries(value, (*path, key))]:
                if (struct := _struct_in(hints[key])) is not None:
                    self._refuse_unknown(inner, struct, inner_path)

    def _misfit(self, said: str, kind: type[Struct], path: Path) -> ConfigError:
        """What msgspec said, in words."""
        at = re.search(r"`\$([^`]*)`", said)
        here = (*path, *_steps(at[1] if at else ""))
        if missing := re.search(r"missing required field `(\w+)`", said):
            return self.wrong(here, f"{missing[1]!r} is missing{_within(here)}.", do="Add a line with it.")
        name = ".".join(str(step) for step in here if isinstance(step, str))
        if chosen := re.search(r"Invalid enum value (.*?) - at", said):
            options = ", ".join(repr(option) for option in _options(kind, here[len(path) :]))
            return self.wrong(here, f"{name} = {chosen[1]} is not among the choices.", do=f"Choose from: {options}.")
        wanted = re.search(r"Expected `([\w |]+)`, got `(\w+)`", said)
        if wanted is None:
            return self.wrong(here, f"{name}: {said}.", do="Mend that value.")
        right, given = (_IN_WORDS.get(word, word) for word in wanted.groups())
        return self.wrong(here, f"{name or 'This'} should be {right}, and is {given}.", do="Mend that value.")

    def _where_of(self, error: tomllib.TOMLDecodeError) -> Where:
        found = re.search(r"line (\d+), column (\d+)", str(error))
        last = len(self._lines) or 1
        return Where(self._file, int(found[1]), int(found[2])) if found else Where(self._file, last, 1)


def _entries(value: object, path: Path) -> list[tuple[Path, object]]:
    return [((*path, n), entry) for n, entry in enumerate(value)] if isinstance(value, list) else []


def _within(path: Path) -> str:
    names = [str(step) for step in path if isinstance(step, str)]
    return f" in [{'.'.join(names)}]" if names else ""


def _struct_in(hint: object) -> type[Struct] | None:
    """The struct a field holds, alone or in a tuple."""
    if get_origin(hint) is None and isinstance(hint, type):
        return hint if issubclass(hint, Struct) else None
    return next((found for inner in get_args(hint) if (found := _struct_in(inner))), None)


def _options(kind: type[Struct], path: Path) -> tuple[object, ...]:
    """The values a Literal field allows."""
    hint: object = kind
    for step in path:
        if isinstance(step, str) and (struct := _struct_in(hint)):
            hint = get_type_hints(struct)[step]
    return get_args(hint) if get_origin(hint) is Literal else ()


def _steps(text: str) -> Path:
    return tuple(int(number) if number else name for name, number in re.findall(r"\.(\w+)|\[(\d+)\]", text))
