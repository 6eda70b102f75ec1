"""Does the text have the model's shape? Walks nodes and types side by side; collects problems, places and reasons."""

from dataclasses import dataclass, field
from typing import NamedTuple

import yaml
from msgspec import inspect

from dreamloom.dreamscape.model import UNWRITTEN, Comparison, Dreamscape
from dreamloom.dreamscape.nodes import at, refuse_control_characters
from dreamloom.dreamscape.provenance import Spot
from dreamloom.dreamscape.scalars import Refused, closest, nearest, shown
from dreamloom.dreamscape.values import unwrapped, value_of
from dreamloom.vocabulary.errors import ConfigError

Tree = dict[str, object]


@dataclass(slots=True)
class Notes:
    """What one reading collects on its way."""

    file: str
    problems: list[ConfigError] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def refuse(self, node: yaml.Node, problem: Refused) -> None:
        place = at(self.file, node.start_mark)
        self.problems.append(ConfigError(problem.code, f"{problem.what}.", why=problem.why, do=problem.do, where=place))

    def remember(self, path: str, node: yaml.Node, key: yaml.Node | None = None) -> None:
        key_line = key.start_mark.line + 1 if key and key.start_mark else 0
        assert node.start_mark
        assert node.end_mark
        self.spots[path] = Spot(node.start_mark.line + 1, node.start_mark.column + 1, node.end_mark.line + 1, key_line)


class _Item(NamedTuple):
    """One node, the path that leads to it, and the notes of this reading."""

    node: yaml.Node
    path: str
    notes: Notes

    @property
    def called(self) -> str:
        return self.path or "The dreamscape"

    @property
    def inside(self) -> str:
        return f" in {self.path}" if self.path else ""

    def refuse(self, problem: Refused) -> None:
        self.notes.refuse(self.node, problem)

    def below(self, name: str, value: yaml.Node) -> "_Item":
        return _Item(value, f"{self.path}.{name}" if self.path else name, self.notes)


def tree_of(root: yaml.MappingNode, notes: Notes) -> Tree:
    """Plain values by the author's words, for msgspec.convert; only whole when `notes` has no problems afterwards."""
    kind = inspect.type_info(Dreamscape)
    assert isinstance(kind, inspect.StructType)
    return _struct(kind, _Item(root, "", notes))


def _value(kind: inspect.Type, item: _Item) -> object:
    bare, _ = unwrapped(kind)
    if isinstance(bare, inspect.StructType) and bare.cls is not Comparison:
        return _struct(bare, item)
    if isinstance(bare, inspect.DictType):
        return _named(bare, item)
    if isinstance(bare, inspect.VarTupleType):
        return _several(bare, item)
    return _scalar(kind, item)


def _struct(kind: inspect.StructType, item: _Item) -> Tree:
    fields = {entry.encode_name: entry for entry in kind.fields if entry.encode_name not in UNWRITTEN}
    found: Tree = {}
    misspelt: set[str] = set()
    for key, value in _pairs(item):
        if key.value in fields:
            below = item.below(key.value, value)
            item.notes.remember(below.path, value, key)
            found[key.value] = _value(fields[key.value].type, below)
        else:
            what = f"{shown(key.value)} is not known{item.inside}"
            item.notes.refuse(key, Refused(what, "", nearest(key.value, fields), code="DL-E375"))
            misspelt.add(closest(key.value, fields))
    _refuse_missing({name for name, entry in fields.items() if entry.required} - misspelt, item)
    because = found.get("because")
    if isinstance(because, str):
        item.notes.reasons[item.path] = because
    return found


def _refuse_missing(required: set[str], item: _Item) -> None:
    if not isinstance(item.node, yaml.MappingNode):
        return
    written = {key.value for key, _ in item.node.value if isinstance(key, yaml.ScalarNode)}
    missing = sorted(required - written)
    if missing:
        why = "What the night depends on is never assumed."
        item.refuse(Refused(f"{item.called} lacks {', '.join(missing)}", why, "Add it.", code="DL-E377"))


def _named(kind: inspect.DictType, item: _Item) -> Tree:
    found: Tree = {}
    for key, value in _pairs(item):
        _scalar(kind.key_type, _Item(key, f"A name in {item.path}", item.notes))
        below = item.below(key.value, value)
        item.notes.remember(below.path, value, key)
        found[key.value] = _value(kind.value_type, below)
    if isinstance(item.node, yaml.MappingNode):
        _refuse_length(kind, len(item.node.value), item)
    return found


def _several(kind: inspect.VarTupleType, item: _Item) -> list[object]:
    """A list; one value alone counts as a list of one, so that `stage: R` reads as it is said."""
    if isinstance(item.node, yaml.MappingNode) and not isinstance(unwrapped(kind.item_type)[0], inspect.StructType):
        item.refuse(Refused(f"{item.path} is a mapping", "A list is meant here.", "Write [one, two]."))
        return []
    nodes = item.node.value if isinstance(item.node, yaml.SequenceNode) else [item.node]
    _refuse_length(kind, len(nodes), item)
    found = []
    for index, node in enumerate(nodes[: kind.max_length]):
        below = _Item(node, f"{item.path}[{index}]", item.notes)
        item.notes.remember(below.path, node)
        found.append(_value(kind.item_type, below))
    return found


def _refuse_length(kind: inspect.DictType | inspect.VarTupleType, count: int, item: _Item) -> None:
    if kind.max_length is not None and count > kind.max_length:
        why = f"At most {kind.max_length} are allowed."
        item.refuse(Refused(f"{item.path} has {count} entries", why, "Remove some.", code="DL-E378"))
    if kind.min_length is not None and count < kind.min_length:
        item.refuse(Refused(f"{item.path} has no entries", "At least one is needed.", "Add one.", code="DL-E378"))


def _pairs(item: _Item) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """The mapping's keys and values; a key that is no word or stands twice is refused and left out."""
    if not isinstance(item.node, yaml.MappingNode):
        do = "Write lines of name: value, or {name: value}."
        item.refuse(Refused(f"{item.called} is {_said(item.node)}", "Names and values are meant here.", do))
        return []
    kept: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
    for key, value in item.node.value:
        if not isinstance(key, yaml.ScalarNode):
            item.notes.refuse(
                key, Refused(f"A name{item.inside} is {_said(key)}", "A name is one word.", "Use a word.")
            )
        elif key.value in kept:
            item.notes.refuse(key, _twice(key, kept[key.value][0], item))
        else:
            kept[key.value] = (key, value)
    return list(kept.values())


def _twice(key: yaml.ScalarNode, first: yaml.ScalarNode, item: _Item) -> Refused:
    place = at("", first.start_mark)
    why = f"It already stands at {place.line}:{place.column}."
    return Refused(f"{shown(key.value)} stands twice{item.inside}", why, "Keep one of them.", code="DL-E374")


def _scalar(kind: inspect.Type, item: _Item) -> object:
    node = item.node
    if not isinstance(node, yaml.ScalarNode):
        item.refuse(Refused(f"{item.path} is {_said(node)}", "One value is meant here.", "Write one value."))
        return None
    try:
        refuse_control_characters(node.value, at(item.notes.file, node.start_mark))
        return value_of(kind, node.value)
    except Refused as problem:
        item.refuse(Refused(f"{item.path}: {problem.what}", problem.why, problem.do, code=problem.code))
    except ConfigError as problem:
        item.notes.problems.append(problem)
    return None


def _said(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return shown(node.value) if node.value else "empty"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
