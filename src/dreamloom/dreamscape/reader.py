"""What did the author write? Text to a typed dreamscape; whatever cannot be meant is refused with its place."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import yaml
from msgspec import inspect

from dreamloom.dreamscape import scalars
from dreamloom.dreamscape.model import UNWRITTEN, Comparison, Dreamscape, Origin
from dreamloom.dreamscape.nodes import at, compose, refuse_control_characters
from dreamloom.dreamscape.provenance import Spot, labels_of_lines, provenance
from dreamloom.vocabulary.errors import ConfigError, Where
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage

MAX_PROBLEMS = 20
"""So many problems are told at once; the rest can wait for the next try."""


@dataclass(slots=True)
class _Notes:
    """What one reading collects on its way."""

    file: str
    problems: list[ConfigError] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def refuse(self, code: str, node: yaml.Node, what: str, why: str, do: str) -> None:
        self.problems.append(ConfigError(code, what, why=why, do=do, where=at(self.file, node.start_mark)))


def read(text: str, *, file: str) -> Dreamscape:
    """The dreamscape a text says; `file` is only used to name places.

    Raises:
        ConfigError: with file:line:column of the first problem, the value, the bound or nearest name, and what to do;
            further problems of the same text follow in `still`.
    """
    root = compose(text, file=file)
    notes = _Notes(file)
    tree = _struct(_DREAMSCAPE, root, "", notes)
    if notes.problems:
        raise _all_of(notes.problems)
    return _built(tree, text, root, notes)


def sha256(text: str) -> str:
    """Hash of the exact UTF-8 bytes; a file must be read without newline translation for it to match the file's own."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _built(tree: dict[str, object], text: str, root: yaml.MappingNode, notes: _Notes) -> Dreamscape:
    try:
        plain = msgspec.convert(tree, Dreamscape)
    except msgspec.ValidationError as error:
        raise ConfigError(
            "DL-E326",
            f"The dreamscape is not of the agreed form: {error}.",
            do="Compare it with a built-in dreamscape.",
            where=Where(notes.file, 1, 1),
        ) from error
    origin = Origin(
        file=notes.file,
        places={path: (spot.line, spot.column) for path, spot in notes.spots.items()},
        provenance=provenance(notes.spots, notes.reasons, labels_of_lines(text, root)),
    )
    return msgspec.structs.replace(plain, origin=origin)


def _all_of(problems: list[ConfigError]) -> ConfigError:
    """The first problem in the order of the text; the others, one each, in its `still`."""
    ordered = sorted(
        problems, key=lambda problem: (problem.where.line, problem.where.column) if problem.where else (0, 0)
    )
    first, others = ordered[0], ordered[1:MAX_PROBLEMS]
    more = " ".join(f"Also {problem.where}: {problem.what}" for problem in others)
    left = len(ordered) - 1 - len(others)
    still = f"{more} And {left} more." if left > 0 else more
    return ConfigError(first.code, first.what, why=first.why, still=still, do=first.do, where=first.where)


# --- by type -----------------------------------------------------------------------------------------------------


def _value(kind: inspect.Type, node: yaml.Node, path: str, notes: _Notes, extra: dict[str, object]) -> object:
    if isinstance(kind, inspect.Metadata):
        return _value(kind.type, node, path, notes, kind.extra or {})
    if isinstance(kind, inspect.UnionType):
        return _value(_without_none(kind), node, path, notes, extra)
    if isinstance(kind, inspect.StructType) and kind.cls is not Comparison:
        return _struct(kind, node, path, notes)
    if isinstance(kind, inspect.DictType):
        return _named(kind, node, path, notes)
    if isinstance(kind, inspect.VarTupleType):
        return _several(kind, node, path, notes)
    return _scalar(kind, node, path, notes, extra)


def _without_none(kind: inspect.UnionType) -> inspect.Type:
    return next(option for option in kind.types if not isinstance(option, inspect.NoneType))


def _struct(kind: inspect.StructType, node: yaml.Node, path: str, notes: _Notes) -> dict[str, object]:
    fields = {entry.encode_name: entry for entry in kind.fields if entry.encode_name not in UNWRITTEN}
    found: dict[str, object] = {}
    for key, value in _pairs(node, path, notes):
        if key.value in fields:
            below = f"{path}.{key.value}" if path else key.value
            notes.spots[below] = _spot(value, key)
            found[key.value] = _value(fields[key.value].type, value, below, notes, {})
        else:
            what = f"{scalars.shown(key.value)} is not known{_inside(path)}."
            notes.refuse("DL-E325", key, what, "", scalars.nearest(key.value, fields))
    if isinstance(node, yaml.MappingNode):
        _refuse_missing(fields, found, node, path, notes)
    because = found.get("because")
    if isinstance(because, str):
        notes.reasons[path] = because
    return found


def _refuse_missing(
    fields: dict[str, inspect.Field], found: dict[str, object], node: yaml.Node, path: str, notes: _Notes
) -> None:
    written = {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
    missing = [name for name, entry in fields.items() if entry.required and name not in written]
    if missing:
        what = f"{_called(path)} lacks {', '.join(missing)}."
        notes.refuse("DL-E327", node, what, "It decides how the night goes, so nothing is assumed.", "Add it.")


def _named(kind: inspect.DictType, node: yaml.Node, path: str, notes: _Notes) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in _pairs(node, path, notes):
        _value(kind.key_type, key, f"a name in {path}", notes, {})
        below = f"{path}.{key.value}"
        notes.spots[below] = _spot(value, key)
        found[key.value] = _value(kind.value_type, value, below, notes, {})
    if isinstance(node, yaml.MappingNode):
        _refuse_length(kind.min_length, kind.max_length, len(node.value), node, path, notes)
    return found


def _several(kind: inspect.VarTupleType, node: yaml.Node, path: str, notes: _Notes) -> list[object]:
    """A list; one value alone counts as a list of one, so that `stage: R` reads as it is said."""
    if isinstance(node, yaml.MappingNode):
        notes.refuse("DL-E326", node, f"{path} holds words and values.", "A list is meant here.", "Begin items with -.")
        return []
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    _refuse_length(kind.min_length, kind.max_length, len(items), node, path, notes)
    found = []
    for index, item in enumerate(items[: kind.max_length]):
        below = f"{path}[{index}]"
        notes.spots[below] = _spot(item, None)
        found.append(_value(kind.item_type, item, below, notes, {}))
    return found


def _refuse_length(least: int | None, most: int | None, count: int, node: yaml.Node, path: str, notes: _Notes) -> None:
    if most is not None and count > most:
        notes.refuse("DL-E328", node, f"{path} has {count} entries.", f"At most {most} are allowed.", "Remove some.")
    if least is not None and count < least:
        notes.refuse("DL-E328", node, f"{path} has no entries.", f"At least {least} is needed.", "Add one.")


def _pairs(node: yaml.Node, path: str, notes: _Notes) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """The mapping's keys and values; a key that is no word or stands twice is refused and left out."""
    if not isinstance(node, yaml.MappingNode):
        what = f"{_called(path)} is {_said(node)}."
        notes.refuse(
            "DL-E326", node, what, "Words and values are meant here.", "Write name: value lines, or {name: value}."
        )
        return []
    kept: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            notes.refuse("DL-E326", key, "A list or mapping stands as a name.", "A name is one word.", "Use one word.")
        elif key.value in kept:
            line = kept[key.value][0].start_mark.line + 1
            what = f"{scalars.shown(key.value)} stands twice{_inside(path)}."
            notes.refuse("DL-E324", key, what, f"It is already on line {line}.", "Keep one of them.")
        else:
            kept[key.value] = (key, value)
    return list(kept.values())


# --- one value ---------------------------------------------------------------------------------------------------


def _scalar(kind: inspect.Type, node: yaml.Node, path: str, notes: _Notes, extra: dict[str, object]) -> object:
    if not isinstance(node, yaml.ScalarNode):
        notes.refuse("DL-E326", node, f"{path} is {_said(node)}.", "One value is meant here.", "Write one value.")
        return None
    try:
        refuse_control_characters(node.value, "", at(notes.file, node.start_mark))
        return _READERS[type(kind)](kind, node, extra)
    except scalars.ScalarRefused as problem:
        code = "DL-E328" if problem.out_of_range else "DL-E326"
        notes.refuse(code, node, f"{path}: {problem.what}.", problem.why, problem.do)
    except ConfigError as problem:
        notes.problems.append(problem)
    return None


def _number(kind: inspect.Type, node: yaml.ScalarNode, extra: dict[str, object]) -> float:
    unit = str(extra["unit"])
    value = scalars.read_quantity(node.value, unit)
    _refuse_outside(kind, value, node, "" if unit == "share" else f" {unit}")
    return value


def _count(kind: inspect.Type, node: yaml.ScalarNode, _extra: dict[str, object]) -> int:
    value = scalars.read_count(node.value)
    _refuse_outside(kind, value, node, "")
    return value


def _refuse_outside(kind: inspect.Type, value: float, node: yaml.ScalarNode, unit: str) -> None:
    assert isinstance(kind, inspect.FloatType | inspect.IntType)
    above = kind.gt if kind.gt is not None else kind.ge
    least = "more than" if kind.gt is not None else "at least"
    too_low = above is not None and (value < above or (kind.gt is not None and value <= above))
    too_high = kind.le is not None and value > kind.le
    if too_low or too_high:
        raise scalars.ScalarRefused(
            f"{scalars.shown(node.value)} is {value:.6g}{unit}"
            if unit
            else f"{scalars.shown(node.value)} is out of range",
            f"It must be {least} {above:g}{unit} and at most {kind.le:g}{unit}.",
            f"Write a value of {'at most' if too_high else least} {kind.le if too_high else above:g}{unit}.",
            out_of_range=True,
        )


def _word(kind: inspect.Type, node: yaml.ScalarNode, _extra: dict[str, object]) -> str:
    assert isinstance(kind, inspect.LiteralType)
    return _one_of(node, [str(value) for value in kind.values])


def _stage(kind: inspect.Type, node: yaml.ScalarNode, _extra: dict[str, object]) -> str:
    assert isinstance(kind, inspect.EnumType)
    assert kind.cls is Stage
    return _one_of(node, [stage.value for stage in SCORED_STAGES])


def _one_of(node: yaml.ScalarNode, allowed: list[str]) -> str:
    if node.value in allowed:
        return node.value
    raise scalars.ScalarRefused(
        f"{scalars.shown(node.value)} cannot be meant here" if node.value else "no value stands here",
        f"Possible: {', '.join(allowed)}.",
        scalars.nearest(node.value, allowed) if len(allowed) > 1 and node.value else f"Write {allowed[0]}.",
    )


def _text(kind: inspect.Type, node: yaml.ScalarNode, extra: dict[str, object]) -> str:
    assert isinstance(kind, inspect.StrType)
    too_long = kind.max_length is not None and len(node.value) > kind.max_length
    too_short = kind.min_length is not None and len(node.value) < kind.min_length
    unlike = kind.pattern is not None and re.search(kind.pattern.replace("$", r"\Z"), node.value) is None
    if too_long or too_short or unlike:
        raise scalars.ScalarRefused(
            f"{scalars.shown(node.value)} cannot stand here" if node.value else "no value stands here",
            f"Meant is {extra.get('meant', 'text')}.",
            "Change it to that form.",
        )
    return node.value


def _comparison(_kind: inspect.Type, node: yaml.ScalarNode, _extra: dict[str, object]) -> dict[str, object]:
    operator, share = scalars.read_comparison(node.value)
    if not 0.0 <= share <= 1.0:
        raise scalars.ScalarRefused(
            f"{scalars.shown(node.value)} is out of range",
            "A confidence is a share: at least 0 and at most 1.",
            'Write ">= 0.8", for example.',
            out_of_range=True,
        )
    return {"operator": operator, "value": share}


def _yes_or_no(_kind: inspect.Type, node: yaml.ScalarNode, _extra: dict[str, object]) -> bool:
    return scalars.read_yes_or_no(node.value)


_READERS: dict[type[inspect.Type], Callable[[inspect.Type, yaml.ScalarNode, dict[str, object]], object]] = {
    inspect.FloatType: _number,
    inspect.IntType: _count,
    inspect.BoolType: _yes_or_no,
    inspect.LiteralType: _word,
    inspect.EnumType: _stage,
    inspect.StrType: _text,
    inspect.StructType: _comparison,
}


# --- words of the messages ---------------------------------------------------------------------------------------


def _called(path: str) -> str:
    return path or "The dreamscape"


def _inside(path: str) -> str:
    return f" in {path}" if path else ""


def _said(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return scalars.shown(node.value) if node.value else "empty"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def _spot(node: yaml.Node, key: yaml.Node | None) -> Spot:
    start, end = node.start_mark, node.end_mark
    return Spot(start.line + 1, start.column + 1, end.line + 1, key.start_mark.line + 1 if key else 0)


def _dreamscape_type() -> inspect.StructType:
    kind = inspect.type_info(Dreamscape)
    assert isinstance(kind, inspect.StructType)
    return kind


_DREAMSCAPE = _dreamscape_type()
