"""Who looks? One-time links and passkeys open sessions, a session has a role; kept as hashes, in memory alone.

Whoever may start the server may hand out links. A link works once and for ten minutes; a session ends twelve hours
after it began, or with the server, or when the person who came by a passkey is removed from the house.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, get_args

from msgspec import Struct

from dreamloom.record.people_events import HouseRole
from dreamloom.vocabulary.units import Seconds

NightRole = Literal["sleeper", "orchestrator", "blinded", "researcher"]
"""As whom a record is read."""
Role = HouseRole | Literal["architect"]
"""Who writes dreamscapes sees no night by it."""
ROLES: tuple[Role, ...] = (*get_args(HouseRole), "architect")
MAY_WATCH: frozenset[Role] = frozenset({"orchestrator", "blinded", "researcher", "clinician"})
MAY_COUNT: frozenset[Role] = MAY_WATCH | {"council"}
"""Who decides on rules sees how much happened in a night, and of nobody in particular."""
READS_AS: Mapping[Role, NightRole] = MappingProxyType(
    {each: each for each in get_args(NightRole)} | {"clinician": "blinded", "council": "blinded"}
)
"""Who looks after people, and who decides on rules, must not learn who was cued either; an architect reads no night."""
MAY_ASK: frozenset[Role] = frozenset({"orchestrator", "blinded"})
"""Whoever runs the night asks for things; blinded or not."""
LINK_S = Seconds(600.0)
"""Time to copy a link from a terminal into a browser. Ours."""
SESSION_S = Seconds(12 * 3600.0)
"""A night and its morning. Ours."""
TOKEN_BYTES = 32
MOST_TRIES, TRIES_S = 20, Seconds(60.0)
"""Wrong links and passkeys in a minute, from one address, before all of it are refused for the rest. Ours; a token has
256 bits."""
MOST_ADDRESSES = 10_000
"""Whoever comes from more in a minute is told no whatever they bring. Ours."""


def cookie_of(port: int) -> str:
    """What a session is called in a browser, which tells cookies of one machine apart by name alone."""
    return f"dreamloom-{port}"


class Session(Struct, frozen=True, kw_only=True):
    """Somebody who came by a link or a passkey.

    Attributes:
        pod: whose bed a sleeper may see; None for everybody else.
        handle: who it is by the house's own list of people, whom it may strike off; "" for who came by a link.
        name: under which what they ask for stands in the record.
        ends_s: on the clock of the keeper.
    """

    role: Role
    name: str
    pod: str | None
    ends_s: float
    handle: str = ""


class _Link(Struct, frozen=True, kw_only=True):
    session: Session
    ends_s: float


class SignIn:
    """Hands out links and knows sessions."""

    def __init__(self, now_s: Callable[[], float], *, stands: Callable[[str], bool] = lambda _: True) -> None:
        """With a clock that only goes on, and whether a person by this handle is still known."""
        self._now_s = now_s
        self._stands = stands
        self._links: dict[str, _Link] = {}
        self._sessions: dict[str, Session] = {}
        self._wrong_s: dict[str, list[float]] = {}

    def known_by(self, stands: Callable[[str], bool]) -> None:
        """From now on this says who is still known."""
        self._stands = stands

    def link(self, role: Role, *, name: str, pod: str | None = None) -> str:
        """A token that opens one session of this role."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now_s = self._now_s()
        session = Session(role=role, name=name, pod=pod, ends_s=now_s + SESSION_S)
        self._links[_hash(token)] = _Link(session=session, ends_s=now_s + LINK_S)
        return token

    def enter(self, token: str, *, from_: str = "") -> str | None:
        """A cookie for whoever brings a good link, which is used up by it; None for any other."""
        if self.is_closed_to(from_):
            return None
        link = self._links.pop(_hash(token), None)
        if link is None or self._now_s() >= link.ends_s:
            self.was_wrong(from_)
            return None
        return self._begun(link.session)

    def begin(self, role: Role, *, name: str, pod: str | None, handle: str) -> str:
        """A cookie for somebody whose passkey was found to be theirs."""
        return self._begun(Session(role=role, name=name, pod=pod, ends_s=self._now_s() + SESSION_S, handle=handle))

    def is_closed_to(self, from_: str) -> bool:
        """True for an address from which too many came with nothing good within a minute."""
        now_s = self._now_s()
        kept = {at: [each for each in times if now_s - each < TRIES_S] for at, times in self._wrong_s.items()}
        self._wrong_s = {at: times for at, times in kept.items() if times}
        return len(self._wrong_s.get(from_, ())) >= MOST_TRIES or len(self._wrong_s) >= MOST_ADDRESSES

    def was_wrong(self, from_: str) -> None:
        """Somebody there brought nothing good."""
        self._wrong_s.setdefault(from_, []).append(self._now_s())

    def _begun(self, session: Session) -> str:
        cookie = secrets.token_urlsafe(TOKEN_BYTES)
        self._sessions[_hash(cookie)] = session
        return cookie

    def session(self, cookie: str | None) -> Session | None:
        """Whose cookie this is; None where it is nobody's any more."""
        if not cookie:
            return None
        found = self._sessions.get(_hash(cookie))
        if found is not None and (self._now_s() >= found.ends_s or not self._is_known(found)):
            self._sessions.pop(_hash(cookie), None)
            return None
        return found

    def _is_known(self, session: Session) -> bool:
        return not session.handle or self._stands(session.handle)

    def leave(self, cookie: str) -> None:
        """Ends this session."""
        self._sessions.pop(_hash(cookie), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
