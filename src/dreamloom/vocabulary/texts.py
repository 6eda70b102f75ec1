"""In which language is something said? In English, as it stands in the code, unless another way of saying is given."""

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

NAMED = re.compile(r"\{(\w+)\}")


class Number(NamedTuple):
    """A number, and the form in which it is written; in another language its point may be another sign."""

    value: float
    form: str = "g"

    def __str__(self) -> str:
        """As English writes it."""
        return format(self.value, self.form)


class Filled(NamedTuple):
    """An English text and what stands for each {name} in it: whoever shows it can say it in another language."""

    text: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        """In English."""
        return in_english(self)


Text = str | Number | Filled


class Say(Protocol):
    """Says an English text, with what stands for each {name} in it, in the language of whoever reads."""

    def __call__(self, text: Text, /, **values: object) -> str:
        """The text in that language; as it is where there is none."""
        ...


def filled(text: str, /, **values: object) -> Filled:
    """The text with what stands for its names, for somebody else to say."""
    return Filled(text, values)


def put_in(text: str, values: Mapping[str, object], *, say: Say) -> str:
    """The text with each {name} that has a value; numbers and filled texts are said in their turn."""

    def part(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        return say(value) if isinstance(value, Number | Filled) else str(value)

    return NAMED.sub(part, text)


def in_english(text: Text, /, **values: object) -> str:
    """The text itself."""
    if isinstance(text, Number):
        return str(text)
    return put_in(text, values, say=in_english) if isinstance(text, str) else in_english(text.text, **text.values)
