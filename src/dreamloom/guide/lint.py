"""Does this utterance name what a night is about? Theme words of a dreamscape, and which of them are said.

Whoever tells a dream must not have been told what to dream of. The lint errs towards finding: it knows endings,
compounds, letters said apart, and no synonyms; those are registered with the theme (`registered`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec
from msgspec import Struct

from dreamloom.dreamscape.model import Dreamscape
from dreamloom.guide.plain_words import ENGLISH, LANGUAGES, PlainWords

WORD = re.compile(r"[^\W_]+")
LEAST_LETTERS = 4
"""A theme word is looked for at the ends of longer words from so many letters on: `tree` in `treehouse`. Ours."""
MOST_APART = 24
"""So many letters said apart are put together at most."""
EVERY_EMPTY = frozenset(word for language in LANGUAGES.values() for word in language.empty)
"""A dreamscape may be written in another language than its sleeper speaks."""
UNSAID = frozenset({"origin", "version", "groups", "scenes", "arms"})
"""Fields whose keys are names of a file, and what is not the author's text."""


class ThemeWords(Struct, frozen=True):
    """The stems of the words that tell what a night is about.

    Attributes:
        named: of its name, its cues, what they say, and what was registered with the theme.
        around: of everything else that its author wrote: intent, tags, sources, reasons, names of scenes and groups.
        plain: registered words that every night uses; they are found as they stand, whatever their stem.
        language: of all of them.
    """

    named: frozenset[str] = frozenset()
    around: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    language: str = ENGLISH.code

    def __or__(self, other: "ThemeWords") -> "ThemeWords":
        """Those of both, as where several dreamscapes are played in one house."""
        return ThemeWords(self.named | other.named, self.around | other.around, self.plain | other.plain, self.language)


def theme_words(
    dreamscape: Dreamscape, *, registered: Iterable[str] = (), language: PlainWords = ENGLISH
) -> ThemeWords:
    """The words of this dreamscape that tell its theme; registered ones count even where they are plain."""
    given = frozenset(word for text in registered for word in words_of(text))
    plain = given & language.empty
    named = _content(" ".join(_named(dreamscape)), language) | {stem(word, language) for word in given - plain}
    return ThemeWords(named, _content(" ".join(_texts(dreamscape)), language) - named, plain, language.code)


def found(utterance: str, theme: ThemeWords) -> tuple[str, ...]:
    """The words of this utterance that name the theme, in order; an utterance without any may be said before the lock.

    Titles, addresses, file names and what is spoken are utterances as well.
    """
    return _found(utterance, msgspec.structs.replace(theme, named=theme.named | theme.around))


def found_in_fixed(text: str, theme: ThemeWords) -> tuple[str, ...]:
    """The same for a text that is said every night, whatever its theme: it tells nothing by a word of an intent."""
    return _found(text, theme)


def stem(word: str, language: PlainWords = ENGLISH) -> str:
    """A folded word without its ending; `flew` and `flights` are `fly`."""
    plain = _cut(word, language)
    return _cut(language.other_forms.get(word, language.other_forms.get(plain, word)), language)


def words_of(text: str) -> list[str]:
    """Its words in lower case without accents, signs that cannot be seen, and ligatures."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return WORD.findall("".join(letter for letter in folded if unicodedata.category(letter) not in {"Mn", "Cf"}))


def _cut(word: str, language: PlainWords) -> str:
    for ending in language.endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word.removesuffix(ending)
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] else cut
    return word


def _content(text: str, language: PlainWords) -> frozenset[str]:
    words = (word for word in words_of(text) if len(word) > 2 and not word[0].isdigit())
    return frozenset(stem(word, language) for word in words if word not in EVERY_EMPTY)


def _found(utterance: str, theme: ThemeWords) -> tuple[str, ...]:
    words, language = words_of(utterance), LANGUAGES[theme.language]
    said = [word for word in words if _names(word, theme, language)]
    apart = [each for each in _joined(words) if stem(each, language) in theme.named]
    return tuple(dict.fromkeys([*said, *apart]))


def _names(word: str, theme: ThemeWords, language: PlainWords) -> bool:
    if word in language.empty:
        return word in theme.plain
    own = stem(word, language)
    if own in theme.named:
        return True
    long = (each for each in theme.named if LEAST_LETTERS <= len(each) < len(own))
    return any(own.startswith(each) or word.endswith(each) for each in long)


def _joined(words: list[str]) -> Iterator[str]:
    """Each two neighbours as one word, and letters that are said one by one: `light house`, `t r e e`."""
    yield from (first + second for first, second in pairwise(words))
    for run in "".join(word if len(word) == 1 else " " for word in words).split():
        starts = range(max(0, len(run) - 2))
        yield from (run[at:end] for at in starts for end in range(at + 3, min(len(run), at + MOST_APART) + 1))


def _named(dreamscape: Dreamscape) -> Iterator[str]:
    yield dreamscape.name
    for name, cue in dreamscape.cues.items():
        yield name
        yield cue.say or ""
        yield cue.file or ""


def _texts(dreamscape: Dreamscape) -> Iterator[str]:
    """Every text an author chose: reasons, comments, names of scenes, groups and arms, what is practised."""
    origin = dreamscape.origin
    yield from origin.provenance.values()
    yield from (dreamscape.intent or "", dreamscape.source or "", *dreamscape.tags)
    yield from (*dreamscape.groups, *dreamscape.scenes, *dreamscape.dialogues, *dreamscape.arms)
    yield from (group.about or "" for group in dreamscape.groups.values())
    yield from (scene.about or "" for scene in dreamscape.scenes.values())
    yield from (training.practise for training in dreamscape.training)
    yield from (one.right or "" for each in dreamscape.dialogues.values() for one in each.questions)
    yield from _reasons(msgspec.to_builtins(dreamscape))


def _reasons(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        yield from (str(value) for key, value in tree.items() if key == "because" and value)
        yield from (text for key, value in tree.items() if key not in UNSAID for text in _reasons(value))
    elif isinstance(tree, list | tuple):
        yield from (text for value in tree for text in _reasons(value))
