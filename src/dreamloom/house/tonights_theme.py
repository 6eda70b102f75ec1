"""Which words tell what a night is about? Those of its dreamscape, and those that were registered of it.

For whoever must not say them; nothing of it is shown to anybody.
"""

from collections.abc import Iterator
from functools import reduce
from operator import or_

from dreamloom.dreamscape import reader
from dreamloom.guide.lint import ThemeWords, theme_words
from dreamloom.guide.plain_words import ENGLISH, LANGUAGES
from dreamloom.house import registering
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import read_night
from dreamloom.house.texts import read_text


def words_of(folder: NightFolder, language: str) -> ThemeWords:
    """As somebody who speaks this language would meet them, and with the stems of the other ones.

    A dreamscape may be written in another language than its sleeper's.

    Raises:
        DreamloomError: where it cannot be known, and nothing may be said that could name it.
    """
    asked = read_night(read_text(folder.night_toml, what="the night"), file=str(folder.night_toml))
    text = read_text(folder.root / asked.dreamscape, what="the dreamscape")
    dreamscape = reader.read(text, file=asked.dreamscape)
    own = LANGUAGES[language if language in LANGUAGES else ENGLISH.code]
    spoken = [own, *(each for each in LANGUAGES.values() if each is not own)]
    chosen = tuple(_registered(folder))
    return reduce(or_, (theme_words(dreamscape, registered=chosen, language=each) for each in spoken))


def _registered(folder: NightFolder) -> Iterator[str]:
    chosen = registering.registered(folder)
    if chosen is not None:
        yield from (word for words in chosen.registration.themes.values() for word in words)
        yield chosen.theme
