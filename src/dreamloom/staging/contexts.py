"""What is remembered of each electrode? One context for all of them until one fails; then each goes on with its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from dreamloom.staging.context import Context, remember
from dreamloom.staging.features import NAMES, FeatureKind
from dreamloom.staging.population import population
from dreamloom.vocabulary.units import FloatArray


@dataclass(frozen=True, slots=True)
class Contexts:
    """What one phase of the epoch grid remembers: contexts, each with the places of the electrodes it is about.

    Those that were always read together share one, which costs a third; columns of a context know nothing of each
    other, so that taking it apart loses nothing.
    """

    groups: tuple[tuple[tuple[int, ...], Context], ...]

    @classmethod
    def empty(cls, kinds: Sequence[FeatureKind]) -> Self:
        """Of a montage whose electrodes, of these kinds, are all well."""
        return cls(((tuple(range(len(kinds))), Context.empty(sum(len(NAMES[kind]) for kind in kinds))),))

    def about(self, places: Sequence[int], kinds: Sequence[FeatureKind]) -> Self:
        """The same in groups that lie wholly inside or wholly outside these places; new ones begin with nothing.

        Args:
            places: the electrodes that are read now.
            kinds: of all that could be, by place.
        """
        if any(group == places for group, _ in self.groups):
            return self
        groups: list[tuple[tuple[int, ...], Context]] = []
        for group, context in self.groups:
            parts = tuple(p for p in group if p in places), tuple(p for p in group if p not in places)
            groups += [(part, context.of(_columns(group, part, kinds))) for part in parts if part]
        held = {place for group, _ in groups for place in group}
        groups += [((place,), Context.empty(len(NAMES[kinds[place]]))) for place in places if place not in held]
        return type(self)(tuple(groups))


def remember_each(
    contexts: Contexts,
    features: FloatArray,
    *,
    places: Sequence[int],
    kinds: Sequence[FeatureKind],
    epoch: int,
    with_population: bool,
) -> tuple[Contexts, FloatArray]:
    """`remember` for the electrodes read now, [feature] in the order of places; the others keep what they have."""
    split = contexts.about(places, kinds)
    table, groups = np.empty((3, features.size)), list[tuple[tuple[int, ...], Context]]()
    for group, before in split.groups:
        if group[0] not in places:
            groups.append((group, before))
            continue
        columns = _columns(places, group, kinds)
        at_large = population([kinds[place] for place in group]) if with_population else None
        after, table[:, columns] = remember(before, features[columns], epoch=epoch, at_large=at_large)
        groups.append((group, after))
    return Contexts(tuple(groups)), table


def _columns(of: Sequence[int], part: Sequence[int], kinds: Sequence[FeatureKind]) -> list[int]:
    """Columns of some places' features among those of all."""
    found, begins = list[int](), 0
    for place in of:
        ends = begins + len(NAMES[kinds[place]])
        found += range(begins, ends) if place in part else ()
        begins = ends
    return found
