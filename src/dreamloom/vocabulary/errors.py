"""What went wrong, in the one shape every person sees: what, why, what still works, what to do, code."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar, NamedTuple

from dreamloom.vocabulary.texts import Filled, Say, in_english


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a text file, counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class ErrorSaid(NamedTuple):
    """An error in the language of whoever reads it."""

    code: str
    what: str
    why: str
    still: str
    do: str


class DreamloomError(Exception):
    """An expected failure. Its message carries the value, the bound and the remedy; it never needs a traceback."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        code: str,
        what: str | Filled,
        *,
        why: str | Filled = "",
        still: str | Filled = "",
        do: str | Filled = "",
        where: Where | None = None,
    ) -> None:
        super().__init__(str(what))
        self.code = code
        self.what = str(what)
        self.why = str(why)
        self.still = str(still)
        self.do = str(do)
        self.where = where
        self._given = (what, why, still, do)

    def __reduce__(self) -> tuple[object, ...]:
        """Crosses from a worker process to its parent with every word."""
        what, why, still, do = self._given
        return partial(type(self), why=why, still=still, do=do, where=self.where), (self.code, what)

    def __str__(self) -> str:
        """One paragraph, as the command line prints it."""
        place = f"{self.where} " if self.where else ""
        return place + " ".join(part for part in (self.code, self.what, self.why, self.still, self.do) if part)

    def said(self, say: Say) -> ErrorSaid:
        """What, why, what still works and what to do, in the language of whoever reads."""
        return ErrorSaid(self.code, *(say(each) for each in self._given))

    def as_dict(self, say: Say = in_english) -> dict[str, object]:
        """The same five parts for --json and the web, where they are in the language of whoever asks."""
        told = self.said(say)
        place = str(self.where) if self.where else None
        return {
            "error": {
                "code": self.code,
                "what": told.what,
                "why": told.why,
                "still_works": told.still,
                "do": told.do,
                "where": place,
                "exit_code": self.exit_code,
            }
        }


class UsageError(DreamloomError):
    """The command line cannot mean what was typed."""

    exit_code = 2


class ConfigError(DreamloomError):
    """A file that a person wrote is wrong, or not there."""

    exit_code = 3


class StreamError(DreamloomError):
    """A stream, recording or device is missing or unreadable."""

    exit_code = 4


class RefusedError(DreamloomError):
    """Policy, consent or a safety rule says no."""

    exit_code = 5


class RecordError(DreamloomError):
    """The record does not verify, or cannot be written."""

    exit_code = 6


class Interrupted(DreamloomError):
    """A person stopped the night; the sound was faded first."""

    exit_code = 130
