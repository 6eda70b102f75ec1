"""How connected is what was told? The largest components of the graph of words that follow each other."""

from collections.abc import Sequence
from itertools import pairwise

import networkx as nx
import numpy as np
from msgspec import Struct

from dreamloom.weave.words import words_of

WINDOW = 30
"""Words at once, so that a long report is not more connected than a short one (Mota et al., PLoS ONE 7, 2012)."""


class Connectedness(Struct, frozen=True):
    """Means over all windows of 30 words, moved by one word.

    Attributes:
        lcc: words in the largest component, whatever the direction.
        lsc: words in the largest component of which each is reached from each.
        windows: how many there were; none in a report of fewer words.
    """

    lcc: float
    lsc: float
    windows: int


def connectedness(text: str) -> Connectedness | None:
    """Of one report; None where it is shorter than a window."""
    words = [word.text for word in words_of(text)]
    if len(words) < WINDOW:
        return None
    found = [_components(words[at : at + WINDOW]) for at in range(len(words) - WINDOW + 1)]
    lcc, lsc = np.mean(found, axis=0).tolist()
    return Connectedness(round(lcc, 3), round(lsc, 3), len(found))


def _components(words: Sequence[str]) -> tuple[int, int]:
    """A path is always one component, so that LCC counts its words; LSC is told by the words that come back.

    What lies between a word's first and last place in the window is reached from it and reaches it: overlapping
    stretches of such words are one component.
    """
    last = {word: place for place, word in enumerate(words)}
    first: dict[str, int] = {}
    for place, word in enumerate(words):
        first.setdefault(word, place)
    largest, place = 1, 0
    while place < len(words):
        end, step = last[words[place]], place
        while step <= end:
            end = max(end, last[words[step]])
            step += 1
        largest = max(largest, len(set(words[place : end + 1])))
        place = end + 1
    return len(first), largest


def by_graph(words: Sequence[str]) -> tuple[int, int]:
    """The same by the graph itself, slowly: what `_components` is held to."""
    graph = nx.DiGraph(pairwise(words))
    graph.add_nodes_from(words)
    return (
        max(map(len, nx.weakly_connected_components(graph))),
        max(map(len, nx.strongly_connected_components(graph))),
    )
