"""What was somebody's passkey asked to sign? Each challenge is asked once, answered once, and within five minutes."""

import secrets
from collections.abc import Callable
from typing import NamedTuple

from dreamloom.vocabulary.units import Seconds

GOOD_FOR_S = Seconds(300.0)
"""As long as a browser waits for a finger. Ours."""
MOST_OPEN = 256
"""Far more than people who sign in at once; above it the oldest is forgotten. Ours."""
BYTES = 32


class _Asked(NamedTuple):
    what: str
    challenge: bytes
    ends_s: float


class Ceremonies:
    """Challenges that were asked and not answered yet, in memory alone."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """With a clock that only goes on."""
        self._now_s = now_s
        self._asked: dict[str, _Asked] = {}

    def begin(self, what: str) -> tuple[str, bytes]:
        """A name for what is asked, and the challenge; `what` says what for, and an answer holds for that alone."""
        while len(self._asked) >= MOST_OPEN:
            self._asked.pop(next(iter(self._asked)), None)
        name, challenge = secrets.token_urlsafe(BYTES), secrets.token_bytes(BYTES)
        self._asked[name] = _Asked(what, challenge, self._now_s() + GOOD_FOR_S)
        return name, challenge

    def take(self, name: str, what: str) -> bytes | None:
        """The challenge of this name, once; None where it was answered, asked for something else, or too long ago."""
        asked = self._asked.pop(name, None)
        return asked.challenge if asked is not None and asked.what == what and self._now_s() < asked.ends_s else None
