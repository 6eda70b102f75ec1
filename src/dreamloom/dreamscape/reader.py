"""What did the author write? Text to a typed dreamscape; whatever cannot be meant is refused with its place."""

import hashlib

import msgspec
import yaml

from dreamloom.dreamscape.model import Dreamscape, Origin
from dreamloom.dreamscape.nodes import compose
from dreamloom.dreamscape.provenance import labels_of_lines, provenance
from dreamloom.dreamscape.shape import Notes, Tree, tree_of
from dreamloom.vocabulary.errors import ConfigError, Where

MAX_PROBLEMS = 20
"""So many problems are told at once; the rest can wait for the next try."""


def read(text: str, *, file: str) -> Dreamscape:
    """The dreamscape a text says; `file` is only used to name places.

    Raises:
        ConfigError: with file:line:column of the first problem, the value, the bound or nearest name, and what to do;
            further problems of the same text follow in `do`.
    """
    dreamscape, problems = read_as_far_as_it_goes(text, file=file)
    if dreamscape is None:
        raise _all_of(problems)
    return dreamscape


def read_as_far_as_it_goes(text: str, *, file: str) -> tuple[Dreamscape | None, list[ConfigError]]:
    """The dreamscape and no problem; or none and every problem by its place, in the order of the text."""
    notes = Notes(file)
    try:
        root = compose(text, file=file)
        tree = tree_of(root, notes)
        if not notes.problems:
            plain = _converted(tree, file)
            return msgspec.structs.replace(plain, origin=_origin(text, root, notes)), []
    except ConfigError as problem:
        notes.problems.append(problem)
    return None, sorted(notes.problems, key=_line_and_column)


def sha256(text: str) -> str:
    """Hash of the exact UTF-8 bytes.

    It equals the file's own hash when the file was read without newline translation (bytes, then decode).
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _converted(tree: Tree, file: str) -> Dreamscape:
    """The model's own constraints once more, so that a gap in the walk can never let a value through."""
    try:
        return msgspec.convert(tree, Dreamscape)
    except msgspec.ValidationError as error:
        raise ConfigError(
            "DL-E376",
            f"The dreamscape is not of the agreed form: {error}.",
            do="Compare it with a built-in dreamscape.",
            where=Where(file, 1, 1),
        ) from error


def _origin(text: str, root: yaml.MappingNode, notes: Notes) -> Origin:
    return Origin(
        file=notes.file,
        places={path: (spot.line, spot.column) for path, spot in notes.spots.items()},
        provenance=provenance(notes.spots, notes.reasons, labels_of_lines(text, root)),
    )


def _all_of(problems: list[ConfigError]) -> ConfigError:
    """The first problem; the others follow in its `do`, each with place and remedy."""
    first, others = problems[0], problems[1:MAX_PROBLEMS]
    more = [f"Also {problem.where}: {problem.what} {problem.do}" for problem in others]
    left = len(problems) - 1 - len(others)
    if left > 0:
        more.append(f"And {left} more.")
    return ConfigError(first.code, first.what, why=first.why, do=" ".join([first.do, *more]), where=first.where)


def _line_and_column(problem: ConfigError) -> tuple[int, int]:
    assert problem.where
    return problem.where.line, problem.where.column
