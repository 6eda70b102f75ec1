"""Would these dreamers' own mornings let a shared dream be seen? Power, from the reports that a house has already."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from dreamloom.vocabulary.chance import stream
from dreamloom.weave.chance.incubation import incubated, rates
from dreamloom.weave.chance.texts import Texts, texts_of
from dreamloom.weave.languages import language_named
from dreamloom.weave.reports import Report
from dreamloom.weave.words import Lexicon, lexicon, words_of

NIGHTS = 200
DRAWS = 499
MENTIONS = 3
FEWEST_MORNINGS = 6


class Planned(Struct, frozen=True, kw_only=True):
    """What T1 would find.

    Attributes:
        dreamers: with enough mornings.
        usual: the share of mornings that have the theme by themselves; a theme below .05 is a good choice.
        share: of dreamers that are taken to dream of it.
        power: share of imagined nights that were found at .05.
        false_alarms: the same with nobody dreaming of it.
    """

    dreamers: int
    usual: float
    share: float
    power: float
    false_alarms: float


def planned(
    mornings: Sequence[Report], theme: Sequence[str], *, share: float, seed: int = 1, nights: int = NIGHTS
) -> Planned | None:
    """Imagines nights: of each dreamer one own morning is called tonight, and a share of them name the theme in it.

    Each who dreams of it says three of its words at places of their own morning, so that neither lengths nor words of
    anybody else are lent. None where fewer than four dreamers told of six mornings.
    """
    per_dreamer: dict[str, list[str]] = {}
    for each in mornings:
        if each.text.strip() and "statistics" in each.scopes:
            per_dreamer.setdefault(each.dreamer, []).append(each.text)
    usable = {name: told for name, told in sorted(per_dreamer.items()) if len(told) >= FEWEST_MORNINGS}
    if len(usable) < 4:
        return None
    language = language_named(next((each.language for each in mornings if each.language), ""))
    told = texts_of([(own[:1], own[1:]) for own in usable.values()], [0] * len(usable), language)
    wanted = lexicon(theme, language)
    names = [word.text for entry in theme for word in words_of(entry)]
    return Planned(
        dreamers=len(usable),
        usual=round(float((rates(told, wanted) > 0).mean()), 4),
        share=share,
        power=_found(told, wanted, names, share=share, seed=seed, nights=nights),
        false_alarms=_found(told, wanted, names, share=0.0, seed=seed, nights=nights),
    )


def _found(told: Texts, theme: Lexicon, names: Sequence[str], *, share: float, seed: int, nights: int) -> float:
    """The share of imagined nights at or below .05."""
    below = 0
    for night in range(nights):
        imagined = _imagined(told, names, share, stream(seed, "imagined", night, str(share)))
        below += incubated(rates(imagined, theme), imagined, seed=night, draws=DRAWS)[1] <= 0.05
    return round(below / nights, 3)


def _imagined(told: Texts, names: Sequence[str], share: float, chance: np.random.Generator) -> Texts:
    """One own morning of each dreamer becomes tonight; of a share of them it names the theme."""
    firsts, sizes = told.slots.firsts.tolist(), told.slots.sizes
    dreaming = set(chance.permutation(len(sizes))[: round(share * len(sizes))].tolist())
    words = []
    for dreamer, (first, size) in enumerate(zip(firsts, sizes, strict=True)):
        own = list(told.words[first : first + size])
        tonight = int(chance.integers(size))
        own[0], own[tonight] = own[tonight], own[0]
        if dreamer in dreaming:
            own[0] = list(own[0])
            for _ in range(MENTIONS):
                own[0][int(chance.integers(len(own[0])))] = names[int(chance.integers(len(names)))]
        words += own
    return told._replace(words=words)
