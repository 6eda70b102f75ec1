"""Who looks? One-time links open sessions, a session has a role; both are kept as hashes, in memory alone.

Whoever may start the server may hand out links. A link works once and for ten minutes; a session ends twelve hours
after it began, or with the server.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Literal, get_args

from msgspec import Struct

from dreamloom.vocabulary.units import Seconds

NightRole = Literal["sleeper", "orchestrator", "blinded", "researcher"]
Role = NightRole | Literal["architect"]
"""Who writes dreamscapes sees no night by it."""
ROLES: tuple[Role, ...] = (*get_args(NightRole), "architect")
MAY_WATCH: frozenset[Role] = frozenset({"orchestrator", "blinded", "researcher"})
MAY_ASK: frozenset[Role] = frozenset({"orchestrator", "blinded"})
"""Whoever runs the night asks for things; blinded or not."""
LINK_S = Seconds(600.0)
"""Time to copy a link from a terminal into a browser. Ours."""
SESSION_S = Seconds(12 * 3600.0)
"""A night and its morning. Ours."""
TOKEN_BYTES = 32
MOST_TRIES, TRIES_S = 20, Seconds(60.0)
"""Wrong links in a minute, from anywhere, before all are refused for the rest of it. Ours; a token has 256 bits."""


def cookie_of(port: int) -> str:
    """What a session is called in a browser, which tells cookies of one machine apart by name alone."""
    return f"dreamloom-{port}"


class Session(Struct, frozen=True, kw_only=True):
    """Somebody who came by a link.

    Attributes:
        pod: whose bed a sleeper may see; None for everybody else.
        name: under which what they ask for stands in the record.
        ends_s: on the clock of the keeper.
    """

    role: Role
    name: str
    pod: str | None
    ends_s: float


class _Link(Struct, frozen=True, kw_only=True):
    session: Session
    ends_s: float


class SignIn:
    """Hands out links and knows sessions."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        """With a clock that only goes on."""
        self._now_s = now_s
        self._links: dict[str, _Link] = {}
        self._sessions: dict[str, Session] = {}
        self._wrong_s: list[float] = []

    def link(self, role: Role, *, name: str, pod: str | None = None) -> str:
        """A token that opens one session of this role."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now_s = self._now_s()
        session = Session(role=role, name=name, pod=pod, ends_s=now_s + SESSION_S)
        self._links[_hash(token)] = _Link(session=session, ends_s=now_s + LINK_S)
        return token

    def enter(self, token: str) -> str | None:
        """A cookie for whoever brings a good link, which is used up by it; None for any other."""
        now_s = self._now_s()
        self._wrong_s = [at_s for at_s in self._wrong_s if now_s - at_s < TRIES_S]
        if len(self._wrong_s) >= MOST_TRIES:
            return None
        link = self._links.pop(_hash(token), None)
        if link is None or now_s >= link.ends_s:
            self._wrong_s.append(now_s)
            return None
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        self._sessions[_hash(cookie)] = link.session
        return cookie

    def session(self, cookie: str | None) -> Session | None:
        """Whose cookie this is; None where it is nobody's any more."""
        if not cookie:
            return None
        found = self._sessions.get(_hash(cookie))
        if found is not None and self._now_s() >= found.ends_s:
            del self._sessions[_hash(cookie)]
            return None
        return found

    def leave(self, cookie: str) -> None:
        """Ends this session."""
        self._sessions.pop(_hash(cookie), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
