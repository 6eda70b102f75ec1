"""In which language is a page? As asked for, as chosen before, as the browser prefers, or English.

English stands in the code; `words/LANGUAGE.json` has a text for each of those that pages say.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.response import Response

from dreamloom.vocabulary.texts import Filled, Number, Say, Text, in_english, put_in

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
ENGLISH: Language = "en"
NAMES: tuple[tuple[Language, str], ...] = (("en", "English"), ("de", "Deutsch"))
"""Each by its own name."""
COOKIE = "dreamloom-lang"
YEAR_S = 365 * 24 * 3600
WORDS = Path(__file__).parent / "words"
LONGEST_HEADER = 200


@cache
def texts(language: Language) -> Mapping[str, str]:
    """What each English text is in this language; nothing for English itself."""
    path = WORDS / f"{language}.json"
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}


WRITTEN = str.maketrans({".": ",", ",": ".", "%": "\u00a0%"})
"""How German writes what stands in an English number."""


def say(language: Language) -> Say:
    """Says an English text in this language, with what stands for each {name} in it."""
    if language == ENGLISH:
        return in_english
    table = texts(language)

    def t(text: Text, /, **values: object) -> str:
        if isinstance(text, Number):
            return str(text).translate(WRITTEN)
        if isinstance(text, Filled):
            return t(text.text, **text.values)
        return put_in(table.get(text, text), values, say=t)

    return t


SHAPES = (
    "held: {why}",
    "silent for tonight: {why}",
    "{who} wrote a note",
    "{who} asked for {what}",
    "armed again ({who})",
    "{who} sees {what}",
    "{who}: {what}",
    "a signal of {who} waits for the gate here",
    "{what} heard",
    "{what} to {then}",
    "{who} hears this room",
    "{who} may be heard here",
    "{who} hears it no more",
    "{who} is heard no more",
    "{who} wrote to them",
)
"""How lines of the house are built, as static/told.js reads them."""


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((shape, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(shape)))) for shape in SHAPES)


def tell(language: Language) -> Callable[[str], str]:
    """Says a line of the house, which comes from the record in English, in this language."""
    t = say(language)

    def told(text: str) -> str:
        whole = t(text)
        for shape, reads in _shapes() if whole == text else ():
            found = reads.fullmatch(text)
            if found is not None:
                return t(shape, **{name: t(part) for name, part in found.groupdict().items()})
        return whole

    return told


def known(name: str) -> Language:
    """The language of this name, or English where pages do not speak it."""
    return next((each for each in LANGUAGES if each == name), ENGLISH)


def chosen(request: Request[Any, Any, State]) -> Language:
    """What `?lang=` names, what was chosen before, what the browser prefers, or English."""
    asked = (request.query_params.get("lang"), request.cookies.get(COOKIE), *_preferred(request))
    return next((known for name in asked for known in LANGUAGES if name == known), ENGLISH)


def remembered(response: Response[Any], request: Request[Any, Any, State]) -> Response[Any]:
    """The response, which keeps what `?lang=` names for the next pages."""
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(COOKIE, request.query_params["lang"], samesite="strict", path="/", max_age=YEAR_S)
    return response


def module(language: Language) -> str:
    """The texts as scripts read them."""
    told = msgspec.json.encode(texts(language)).decode()
    return f"export const language = {msgspec.json.encode(language).decode()};\nexport const texts = {told};\n"


def _preferred(request: Request[Any, Any, State]) -> Iterator[str]:
    """Languages without their regions, the most preferred first."""
    weighed = []
    for place, each in enumerate(request.headers.get("accept-language", "")[:LONGEST_HEADER].split(",")):
        name, _, weight = each.partition(";q=")
        weighed.append((-_number(weight), place, name.strip().partition("-")[0].lower()))
    return (name for _, _, name in sorted(weighed))


def _number(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
