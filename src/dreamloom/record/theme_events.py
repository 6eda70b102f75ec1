"""What can happen when a thread is to become the theme of a next night? Each who speaks in it signs."""

from typing import Literal

from dreamloom.record.envelope import Event, Sha256Hex


class ThemeSigned(Event, frozen=True):
    """In the house's record: whether a thread may be a theme, as far as this sleeper is concerned; the newest holds.

    Attributes:
        thread_sha256: of the words of the thread, and for these alone.
        says: no takes a signature back.
    """

    night: str
    sleeper: str
    thread_sha256: Sha256Hex
    says: Literal["yes", "no"]
