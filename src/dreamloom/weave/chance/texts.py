"""What of each report is compared? Its words without passages told alike, and (for the residual) without the theme."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dreamloom.statistics.within import Slots
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.shared_text import LEAST_DREAMERS, shared_words
from dreamloom.weave.languages import ENGLISH, Language
from dreamloom.weave.words import Lexicon, content_of, said_in


class Texts(NamedTuple):
    """Reports as words, each dreamer's behind each other, those of the tested nights first.

    Attributes:
        words: lower-case words of each report.
        slots: how many are whose, and how many of them are tested.
        nights: [slot] the number of the tested night.
        language: of all of them.
        told_alike: stems that three had in the passages that were taken out (two, where passages of four or five
            people were): they are no likeness.
    """

    words: list[list[str]]
    slots: Slots
    nights: tuple[int, ...]
    language: Language = ENGLISH
    told_alike: frozenset[str] = frozenset()

    @property
    def lengths(self) -> FloatArray:
        """[report] in words."""
        return np.array([len(each) for each in self.words], dtype=np.float64)

    @property
    def owners(self) -> list[int]:
        """[report] whose it is."""
        return np.repeat(np.arange(len(self.slots.sizes)), self.slots.sizes).tolist()


def texts_of(
    per_dreamer: Sequence[tuple[Sequence[str], Sequence[str]]], nights: Sequence[int], language: Language = ENGLISH
) -> Texts:
    """From each dreamer's texts of the tested nights and of the baseline.

    Args:
        per_dreamer: (tested, baseline) texts.
        nights: of each tested text, in the same order.
        language: of all texts.
    """
    words = [said_in(text) for tested, before in per_dreamer for text in (*tested, *before)]
    slots = Slots(
        tuple(len(tested) + len(before) for tested, before in per_dreamer),
        tuple(len(tested) for tested, _ in per_dreamer),
    )
    return Texts(words, slots, tuple(nights), language)


def without_shared(texts: Texts) -> tuple[Texts, int]:
    """The same without passages that three people or more told alike, and how many words of tested reports went."""
    told_alike = shared_words(texts.words, texts.owners, texts.slots.seen.tolist())
    kept, gone = [], []
    for words, shared in zip(texts.words, told_alike, strict=True):
        kept.append([word for word, is_shared in zip(words, shared.tolist(), strict=True) if not is_shared])
        gone.append([word for word, is_shared in zip(words, shared.tolist(), strict=True) if is_shared])
    tellers = {
        (owner, stem)
        for owner, at in zip(texts.slots.owners.tolist(), texts.slots.seen.tolist(), strict=True)
        for stem in content_of(gone[at], texts.language)
    }
    stems = Counter(stem for _, stem in tellers)
    least = min(LEAST_DREAMERS, max(2, len({owner for owner, _ in tellers}) // 2))
    alike = frozenset(stem for stem, many in stems.items() if many >= least)
    return texts._replace(words=kept, told_alike=alike), sum(len(gone[at]) for at in texts.slots.seen.tolist())


def without_theme(texts: Texts, lexicon: Lexicon) -> Texts:
    """The same with every word of the lexicon deleted (a substitute would be shared content itself)."""
    return texts._replace(words=[_deleted(words, lexicon, texts.language) for words in texts.words])


def _deleted(words: list[str], lexicon: Lexicon, language: Language) -> list[str]:
    places = set(lexicon.places(words, language))
    phrases = max((len(each) for each in lexicon.phrases), default=1)
    if phrases > 1:
        places |= {at + step for at in places for step in range(phrases)}
    return [word for at, word in enumerate(words) if at not in places]


def cut_to_common_length(texts: Texts) -> Texts:
    """Each dreamer's reports cut to one length: that of the tested one, or of the shorter quarter of the others.

    Baseline reports shorter than that are left out, as long as five stay; so no report has more room than another.
    """
    words: list[list[str]] = []
    sizes: list[int] = []
    for first, size, many in zip(texts.slots.firsts.tolist(), texts.slots.sizes, texts.slots.tested, strict=True):
        own = texts.words[first : first + size]
        before = sorted(len(each) for each in own[many:])
        quarter = min(len(before) // 4, max(0, len(before) - 5))
        length = min([*(len(each) for each in own[:many]), *before[quarter : quarter + 1]])
        kept = [each[:length] for at, each in enumerate(own) if at < many or len(each) >= length]
        words += kept
        sizes.append(len(kept))
    return texts._replace(words=words, slots=Slots(tuple(sizes), texts.slots.tested))
