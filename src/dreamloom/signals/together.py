"""Which sleepers can be worked on at once? Those who are alike in all that the work depends on."""

from collections.abc import Hashable, Sequence


def together(likeness: Sequence[Hashable]) -> list[list[int]]:
    """The places of equal values, group by group, each group and the groups in the order they came in."""
    groups: dict[Hashable, list[int]] = {}
    for place, value in enumerate(likeness):
        groups.setdefault(value, []).append(place)
    return list(groups.values())
