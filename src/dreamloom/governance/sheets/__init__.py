"""What does a person read before they agree? Information sheets by version and language, three questions on each."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from typing import NamedTuple

from msgspec import Struct

from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.vocabulary.errors import UsageError

CODES = Codes(toml="DL-E632", key="DL-E633", value="DL-E633")
QUESTIONS = 3
_NAMED = re.compile(r"(?P<name>[a-z][a-z0-9-]*) (?P<version>[1-9]\d*)( (?P<language>[a-z]{2}))?")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """One heading and what stands beneath it."""

    heading: str
    text: str


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """One question that shows whether the sheet was understood. `right` counts the answers from 1."""

    ask: str
    answers: tuple[str, ...]
    right: int


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The few words around a sheet, in its language."""

    version: str
    name: str
    place_and_date: str
    signature: str
    asked_by: str
    slip: str
    slip_how: str


class Sheet(Struct, frozen=True, forbid_unknown_fields=True):
    """One information sheet in one language. A change of what it says is a new version, in every language."""

    sheet: str
    version: int
    language: str
    title: str
    section: tuple[Section, ...]
    question: tuple[Question, ...]
    words: Words

    @property
    def reference(self) -> str:
        """As a grant names it."""
        return f"{self.sheet} {self.version} {self.language}"


class Named(NamedTuple):
    """What a grant says of the sheet: which one, and which version of it."""

    name: str
    version: int


def named(reference: str) -> Named | None:
    """Which sheet of a house these words name; None for a paper of somebody's own."""
    found = _NAMED.fullmatch(reference.strip())
    return Named(found["name"], int(found["version"])) if found else None


def shipped() -> tuple[Sheet, ...]:
    """The sheets that come with the product, in every language they are in."""
    folder = resources.files("dreamloom.governance.sheets")
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(read_sheet(each.read_text(encoding="utf-8"), file=each.name) for each in files)


def read_sheet(text: str, *, file: str) -> Sheet:
    """A sheet from its TOML.

    Raises:
        ConfigError: naming file:line:column.
    """
    toml = TomlFile(text, file=file, codes=CODES)
    sheet = toml.read(Sheet)
    if named(sheet.reference) is None:
        raise toml.wrong(("sheet",), f"A sheet cannot be called {sheet.reference!r}.", do='Write, say, "home" and 2.')
    if len(sheet.question) != QUESTIONS:
        raise toml.wrong(
            ("question",),
            f"There are {len(sheet.question)} questions.",
            do=f"Ask {QUESTIONS}, each as a [[question]] with its answers and which is right.",
        )
    for number, question in enumerate(sheet.question):
        if not 1 <= question.right <= len(question.answers) or len(question.answers) < 2:
            raise toml.wrong(
                ("question", number, "right"),
                f"right = {question.right} is none of the {len(question.answers)} answers.",
                do="Count the answers from 1; give two at least.",
            )
    return sheet


def newest(sheets: Iterable[Sheet], name: str) -> int | None:
    """The version of this sheet that is asked for now; None where there is none of the name."""
    return max((sheet.version for sheet in sheets if sheet.sheet == name), default=None)


def find(sheets: Sequence[Sheet], name: str, language: str) -> Sheet:
    """The newest version of a sheet in this language.

    Raises:
        UsageError: naming those there are.
    """
    version = newest(sheets, name)
    for sheet in sheets:
        if (sheet.sheet, sheet.version, sheet.language) == (name, version, language):
            return sheet
    known = ", ".join(sorted({f"{sheet.sheet} in {sheet.language}" for sheet in sheets}))
    raise UsageError(
        "DL-E185",
        f"There is no newest sheet {name!r} in the language {language!r}.",
        why=f"There are: {known}. An older version counts for nothing once a newer one is there in any language.",
        do="Name one of them, or put a translation into house/sheets/ first.",
    )


def is_understood(sheet: Sheet, answers: Sequence[int]) -> bool:
    """True when every question was answered rightly; answers count from 1."""
    return tuple(answers) == tuple(question.right for question in sheet.question)


def as_text(sheet: Sheet, *, code: str = "") -> str:
    """The sheet as plain text, to read out or print."""
    lines = [sheet.title, "=" * len(sheet.title), f"{sheet.words.version}: {sheet.reference}", ""]
    for section in sheet.section:
        lines += [section.heading, "-" * len(section.heading), section.text.strip(), ""]
    rule = "_" * 34
    lines += [f"{each}: {rule}" for each in _signed(sheet.words)]
    if code:
        lines += [
            "",
            "- " * 30,
            sheet.words.slip,
            "",
            f"    dreamloom withdraw --slip {code}",
            "",
            sheet.words.slip_how,
        ]
    return "\n".join(lines) + "\n"


def as_html(sheet: Sheet, *, code: str = "") -> str:
    """The sheet as one page to print; it loads nothing from anywhere."""
    body = "".join(f"<h2>{escape(each.heading)}</h2><p>{escape(each.text.strip())}</p>" for each in sheet.section)
    lines = "".join(f'<p class="line">{escape(each)}</p>' for each in _signed(sheet.words))
    slip = (
        f'<div class="slip"><h2>{escape(sheet.words.slip)}</h2><code>dreamloom withdraw --slip {escape(code)}</code>'
        f"<p>{escape(sheet.words.slip_how)}</p></div>"
        if code
        else ""
    )
    return (
        f'<!doctype html><html lang="{escape(sheet.language)}"><meta charset="utf-8">'
        f"<title>{escape(sheet.title)}</title><style>{_STYLE}</style><h1>{escape(sheet.title)}</h1>"
        f"<p>{escape(sheet.words.version)}: {escape(sheet.reference)}</p>{body}{lines}{slip}</html>\n"
    )


def _signed(words: Words) -> tuple[str, ...]:
    return words.name, words.place_and_date, words.signature, words.asked_by


_STYLE = (
    "body{font:12pt/1.45 serif;max-width:40em;margin:2em auto;color:#111;background:#fff}h1{font-size:1.5em}"
    "h2{font-size:1.1em;margin-bottom:.2em}p{margin-top:.2em;white-space:pre-line}"
    ".line{border-bottom:1px solid #111;padding-top:1.6em;width:70%}"
    ".slip{border-top:1px dashed #111;margin-top:3em;padding-top:1em;break-inside:avoid}code{font-size:1.2em}"
)
