"""What did the doctor find? One line: what was looked at, how it is, what to do about it."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "wrong"]
"""A note is something to know or to add; what is wrong keeps a night from running well."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, what was found, and what to do about it."""

    topic: str
    what: str
    state: State = "ok"
    remedy: str = ""
