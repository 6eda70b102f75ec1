"""Is this text plain, bounded YAML? Composes nodes with their places; refuses everything a dreamscape never needs."""

import re
from typing import Protocol

import yaml

from dreamloom.vocabulary.errors import ConfigError, Where

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 5_000
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]|\r(?!\n)"
)
"""Control characters, line breaks YAML alone believes in, text that reorders itself on screen, half characters."""


class BoundedLoader(yaml.SafeLoader):
    """PyYAML's composer with a floor under it: no anchors, aliases or tags; not too deep, not too many."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text)
        self.file = file
        self.depth = 0
        self.nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node, one level deeper than its parent.

        Raises:
            ConfigError: it is an alias, carries an anchor or a tag, or lies too deep.
        """
        self._refuse_what_is_never_needed(self.peek_event())  # type: ignore[no-untyped-call]  # the stub leaves it out
        self.depth += 1
        self.nodes += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse_what_is_never_needed(self, event: yaml.Event) -> None:
        place = at(self.file, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _not_plain(place, f"The alias *{event.anchor}", "Aliases", "Write the value out.")
        if getattr(event, "anchor", None) is not None:
            raise _not_plain(place, f"The anchor &{getattr(event, 'anchor', '')}", "Anchors", "Remove it.")
        if getattr(event, "tag", None) is not None:
            raise _not_plain(place, f"The tag {getattr(event, 'tag', '')}", "Tags", "Remove it.")
        if self.depth >= MAX_DEPTH:
            raise ConfigError(
                "DL-E371",
                f"This is nested deeper than {MAX_DEPTH} levels.",
                why="No dreamscape needs more than ten.",
                do="Flatten it.",
                where=place,
            )
        if self.nodes >= MAX_NODES:
            raise ConfigError(
                "DL-E371",
                f"There are more than {MAX_NODES} names and values.",
                why="The largest published protocol needs fewer than 200.",
                do="Split it into several dreamscapes.",
                where=place,
            )


class _Mark(Protocol):
    """PyYAML's marks, of either of its parsers."""

    line: int
    column: int


def at(file: str, mark: _Mark | None) -> Where:
    """A PyYAML mark as a place counted from 1; the beginning where PyYAML left none."""
    if mark is None:
        return Where(file, 1, 1)
    return Where(file, mark.line + 1, mark.column + 1)


def compose(text: str, *, file: str) -> yaml.MappingNode:
    """The text's one document as a mapping node.

    Raises:
        ConfigError: too large, control characters, not YAML, anchors, aliases, tags, too deep, empty, or no mapping.
    """
    _refuse_too_large(text, file)
    _refuse_control_characters_in_lines(text, file)
    try:
        node = BoundedLoader(text, file).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(text, file, error) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise _unreadable(file, error) from error
    if not isinstance(node, yaml.MappingNode):
        raise _no_mapping(file, node)
    return node


def refuse_control_characters(text: str, start: Where) -> None:
    """Raises ConfigError when a character has no business in a dreamscape; `start` is where the text begins."""
    match = _FORBIDDEN.search(text)
    if match:
        raise ConfigError(
            "DL-E372",
            f"The character U+{ord(match[0]):04X} stands in the text.",
            why="Control characters hide what a line really says.",
            do="Delete it, or retype the line.",
            where=start,
        )


def _refuse_control_characters_in_lines(text: str, file: str) -> None:
    match = _FORBIDDEN.search(text)
    if match:
        before = text[: match.start()]
        column = match.start() - (before.rfind("\n") + 1) + 1
        refuse_control_characters(match[0], Where(file, before.count("\n") + 1, column))


def _refuse_too_large(text: str, file: str) -> None:
    size = len(text.encode("utf-8", errors="surrogatepass"))
    if size > MAX_BYTES:
        raise ConfigError(
            "DL-E371",
            f"The text has {size} bytes; a dreamscape has at most {MAX_BYTES}.",
            do="Split it into several dreamscapes.",
            where=Where(file, 1, 1),
        )


def _not_plain(place: Where, what: str, plural: str, do: str) -> ConfigError:
    return ConfigError(
        "DL-E373",
        f"{what} cannot be used here."[:200],
        why=f"{plural} let a line mean something that stands elsewhere.",
        do=do,
        where=place,
    )


def _how_to_mend(text: str, line: int) -> str:
    """A bare > begins a block of text in YAML, so an unquoted bound is the likeliest slip of all."""
    lines = text.split("\n")
    if line <= len(lines) and re.search(r":\s*>=?\s*[0-9.]", lines[line - 1]):
        return 'Put the bound in quotes: ">= 0.8".'
    if line <= len(lines) and re.search(r"[^\"]\?\s*[,}\]]", lines[line - 1]):
        return 'Put the question in quotes: "What did you dream?".'
    return "Check indentation, brackets and quotes on this line and the one above."


def _not_yaml(text: str, file: str, error: yaml.MarkedYAMLError) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    reason = ": ".join(part for part in (error.context, error.problem) if part)
    return ConfigError(
        "DL-E370",
        "This is not YAML.",
        why=f"The reader says: {reason[:200]}.",
        do=_how_to_mend(text, at(file, mark).line),
        where=at(file, mark),
    )


def _unreadable(file: str, error: Exception) -> ConfigError:
    return ConfigError(
        "DL-E370",
        "This is not YAML.",
        why=f"The reader says: {str(error)[:200]}.",
        do="Look for \\U or \\x escapes and % lines, and write the characters themselves.",
        where=Where(file, 1, 1),
    )


def _no_mapping(file: str, node: yaml.Node | None) -> ConfigError:
    return ConfigError(
        "DL-E370",
        "The text is empty." if node is None else "The text does not begin with words and values.",
        why='A dreamscape begins with a line such as "dreamscape: my_first_night".',
        do="Start from a built-in dreamscape.",
        where=Where(file, 1, 1) if node is None else at(file, node.start_mark),
    )
