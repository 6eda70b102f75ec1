"""Who says so? Finds, for each written value, the nearest `because` or `# sourced: …` / `# ours` comment."""

import re
from typing import NamedTuple

import yaml

_COMMENT = re.compile(r"[\s,:\]\}]*(?<=\s)#\s*(?P<text>.*?)\s*")
_LABEL = re.compile(r"sourced:\s*\S.*|ours\b.*")
_LAST_STEP = re.compile(r"(\.[^.\[\]]+|\[[0-9]+\])$")


class Spot(NamedTuple):
    """Where a value is written: line and column from 1, its last line, and the line of its key (0: it has none)."""

    line: int
    column: int
    last_line: int
    key_line: int


def parent_of(path: str) -> str:
    """parts[0].when.stage → parts[0].when → parts[0] → parts → "" (the whole)."""
    shorter = _LAST_STEP.sub("", path)
    return shorter if shorter != path else ""


def labels_of_lines(text: str, root: yaml.Node) -> dict[int, str]:
    """Line (from 1) to its trailing comment, for comments that begin with "sourced:" or "ours"."""
    ends = _last_column_used(root)
    found = {}
    for line, content in enumerate(re.split("\r?\n", text), start=1):
        match = _COMMENT.fullmatch(content[ends[line] :]) if line in ends else None
        if match and _LABEL.fullmatch(match["text"]):
            found[line] = match["text"]
    return found


def _last_column_used(root: yaml.Node) -> dict[int, int]:
    """Line to the column behind its last value; lines inside a value of several lines are left out."""
    ends: dict[int, int] = {}
    inside: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        if isinstance(node, yaml.ScalarNode):
            inside.update(range(node.start_mark.line + 1, node.end_mark.line + 1))
        if isinstance(node, yaml.ScalarNode) or (isinstance(node, yaml.CollectionNode) and node.flow_style):
            line = node.end_mark.line + 1
            ends[line] = max(ends.get(line, 0), node.end_mark.column)
    return {line: column for line, column in ends.items() if line not in inside}


def provenance(spots: dict[str, Spot], reasons: dict[str, str], line_labels: dict[int, str]) -> dict[str, str]:
    """Path to the nearest reason: of the value's own line, its mapping, the line of that mapping's key, and so on up.

    In a mapping written on one line its `because` goes before the line's comment: it stands nearer.
    """
    found = {path: _nearest_reason(path, spots, reasons, line_labels) for path in spots}
    return {path: reason for path, reason in found.items() if reason}


def _nearest_reason(path: str, spots: dict[str, Spot], reasons: dict[str, str], line_labels: dict[int, str]) -> str:
    holder = parent_of(path)
    own_line = line_labels.get(spots[path].line, "") if _is_on_one_line(spots[path]) else ""
    if own_line and holder in reasons and holder in spots and _is_on_one_line(spots[holder]):
        return reasons[holder]
    if own_line:
        return own_line
    while holder:
        if holder in reasons:
            return reasons[holder]
        if holder in spots and 0 < spots[holder].key_line < spots[holder].line:
            label = line_labels.get(spots[holder].key_line, "")
            if label:
                return label
        holder = parent_of(holder)
    return ""


def _is_on_one_line(spot: Spot) -> bool:
    return spot.line == spot.last_line
