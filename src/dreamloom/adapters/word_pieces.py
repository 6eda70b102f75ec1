"""In which pieces does a sentence model of the BERT family read a text? The numbers of its vocabulary, uncased.

WordPiece as published (Devlin et al. 2019): no accents, no capitals, a sign of punctuation is a word, a word is the
longest known beginning and what follows it. What stands in a text is text: `[SEP]` in it is three pieces.
"""

import string
import unicodedata
from collections.abc import Iterator, Mapping

LONGEST_WORD = 100
UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
GOES_ON = "##"
IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
"""Each is a word by itself."""


def vocabulary(text: str) -> dict[str, int]:
    """A piece a line; its number is the line's."""
    return {piece: number for number, piece in enumerate(text.removesuffix("\n").split("\n"))}


def numbers(text: str, known: Mapping[str, int], *, most: int) -> list[int]:
    """The pieces of a text between those that begin and end it, so many altogether at most."""
    found: list[int] = []
    for word in words_of(text):
        found += [known[piece] for piece in _pieces(word, known)]
        if len(found) >= most - 2:
            break
    return [known[BEGIN], *found[: most - 2], known[END]]


def words_of(text: str) -> Iterator[str]:
    """Its words and its signs of punctuation, folded."""
    plain = unicodedata.normalize("NFD", "".join(_clean(text)))
    kept = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn").lower()
    for word in kept.split():
        yield from _apart(word)


def _clean(text: str) -> Iterator[str]:
    for letter in text:
        if letter.isspace():
            yield " "
        elif letter == "\ufffd" or unicodedata.category(letter)[0] == "C":
            continue
        elif any(first <= ord(letter) <= last for first, last in IDEOGRAPHS):
            yield f" {letter} "
        else:
            yield letter


def _apart(word: str) -> Iterator[str]:
    run = ""
    for letter in word:
        if letter in string.punctuation or unicodedata.category(letter)[0] == "P":
            if run:
                yield run
            yield letter
            run = ""
        else:
            run += letter
    if run:
        yield run


def _pieces(word: str, known: Mapping[str, int]) -> list[str]:
    if len(word) > LONGEST_WORD:
        return [UNKNOWN]
    found: list[str] = []
    start = 0
    while start < len(word):
        before = GOES_ON if start else ""
        ends = range(len(word), start, -1)
        end = next((end for end in ends if before + word[start:end] in known), None)
        if end is None:
            return [UNKNOWN]
        found.append(before + word[start:end])
        start = end
    return found
