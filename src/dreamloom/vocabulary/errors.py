"""What went wrong, in the one shape every person sees: what, why, what still works, what to do, code."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a text file, counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class DreamloomError(Exception):
    """An expected failure. Its message carries the value, the bound and the remedy; it never needs a traceback."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, code: str, what: str, *, why: str = "", still: str = "", do: str = "", where: Where | None = None
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.why = why
        self.still = still
        self.do = do
        self.where = where

    def __reduce__(self) -> tuple[object, ...]:
        """Crosses from a worker process to its parent with every word."""
        told = partial(type(self), why=self.why, still=self.still, do=self.do, where=self.where)
        return told, (self.code, self.what)

    def __str__(self) -> str:
        """One paragraph, as the command line prints it."""
        place = f"{self.where} " if self.where else ""
        return place + " ".join(part for part in (self.code, self.what, self.why, self.still, self.do) if part)

    def as_dict(self) -> dict[str, object]:
        """The same five parts for --json and the web."""
        place = str(self.where) if self.where else None
        return {
            "error": {
                "code": self.code,
                "what": self.what,
                "why": self.why,
                "still_works": self.still,
                "do": self.do,
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
