"""Whose browser is a bed's page tonight? One-time links and what they open, kept beside the night as hashes alone.

A link is used once and within an hour; what it opens lasts a night and its morning, also when the process that serves
pages is started again. Whoever may write into the night's folder may make one.
"""

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.engine.clocks import utc_now
from dreamloom.house import withdrawing
from dreamloom.house.glance import glance
from dreamloom.house.layout import NightFolder
from dreamloom.house.left_behind import sleepers_of
from dreamloom.seals.fingerprints import spoken
from dreamloom.vocabulary.errors import RefusedError

LINK_FOR = timedelta(hours=1)
"""Time to walk to the bed with it. Ours."""
PAGE_FOR = timedelta(hours=20)
"""An evening, its night and its morning. Ours."""
TOKEN_BYTES = 32
WORDS = 3
"""48 bits of a page's hash, to be compared by two people within an evening. Ours."""
LINKS, PAGES = "links", "pages"
COOKIE = "dreamloom_pod"
"""How a page's cookie was called before each night had one of its own."""


class Pass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For which bed, and until when."""

    pod: str
    ends_utc: datetime


def make(folder: NightFolder, who: str) -> tuple[str, str]:
    """A fresh link's token for the bed of this pod or sleeper, and the bed's name; in the morning as well.

    Raises:
        ConfigError: for somebody who does not sleep here tonight.
    """
    beds = sleepers_of(folder) if glance(folder).is_over else withdrawing.who_sleeps_where(folder)
    pod, _ = withdrawing.find_pod(beds, who)
    return _keep(folder, LINKS, pod, LINK_FOR), pod


def enter(folder: NightFolder, token: str) -> str | None:
    """The cookie of a bed's page, for a link that is good and is used up by this; None for any other."""
    path = _place(folder, LINKS, token)
    found = _read(path)
    try:
        path.unlink()
    except OSError:
        return None
    return None if found is None else _keep(folder, PAGES, found.pod, PAGE_FOR)


def bed_of(folder: NightFolder, cookie: str | None) -> str | None:
    """Whose page it is that brings this cookie; None where it is nobody's any more, or the bed was revoked."""
    found = _read(_place(folder, PAGES, cookie)) if cookie else None
    if found is None or folder.house.pod(found.pod).revoked.exists():
        return None
    return found.pod


def cookie_of(folder: NightFolder) -> str:
    """What tonight's page is called in a browser, which tells cookies of one machine apart by name alone.

    By night, not by port: it stays what it is when the process that serves pages is started again at another one.
    """
    return f"{COOKIE}-{tonight(folder)}"


def brought(folder: NightFolder, cookies: Mapping[str, str]) -> str | None:
    """The good cookie of this night among those that a browser brings; the one under its plain name as well."""
    for name in (cookie_of(folder), COOKIE):
        if bed_of(folder, cookies.get(name)) is not None:
            return cookies[name]
    return None


def bed_for(folder: NightFolder, cookies: Mapping[str, str]) -> str | None:
    """Whose page it is that brings these cookies; None where it is nobody's."""
    return bed_of(folder, brought(folder, cookies))


def words_of(cookie: str) -> str:
    """What the page that brings this cookie shows, and the house beside it: is it the phone that lies there?"""
    return _words(hashlib.sha256(cookie.encode()).hexdigest())


def pages(folder: NightFolder) -> dict[str, tuple[str, ...]]:
    """By bed, the words of each page that was opened for it and is still good; the newest last."""
    found: dict[str, list[str]] = {}
    kept = list((folder.root / "browsers" / PAGES).glob("*.json"))
    for path in sorted(kept, key=lambda path: path.stat().st_mtime_ns):
        opened = _read(path)
        if opened is not None:
            found.setdefault(opened.pod, []).append(_words(path.stem))
    return {pod: tuple(each) for pod, each in found.items()}


def tonight(folder: NightFolder) -> str:
    """A name of this night that tells nothing: what a phone kept for one night is not sent to the next."""
    path = folder.root / "browsers" / "tonight"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        whole = path.with_name(f"tonight.{secrets.token_hex(8)}")
        write_durably(whole, secrets.token_hex(8).encode())
        with suppress(FileExistsError):
            path.hardlink_to(whole)
        whole.unlink()
    return path.read_text()


def refuse_other_night(folder: NightFolder, told: str) -> None:
    """Raises RefusedError DL-E584 for what a phone kept for another night; "" says of none."""
    if told and told != tonight(folder):
        raise RefusedError(
            "DL-E584",
            "That was told in another night.",
            why="A phone keeps what it was told until that night's house has it.",
            still="It stays on the phone.",
            do="Serve that night, and open its page there by a fresh link.",
        )


def _keep(folder: NightFolder, kind: str, pod: str, lasts: timedelta) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    path = _place(folder, kind, token)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(path, msgspec.json.encode(Pass(pod=pod, ends_utc=utc_now() + lasts)))
    for old in path.parent.glob("*.json"):
        if _read(old) is None:
            with suppress(OSError):
                old.unlink()
    return token


def _words(hashed: str) -> str:
    return " ".join(spoken(hashed).split()[:WORDS])


def _place(folder: NightFolder, kind: str, token: str) -> Path:
    return folder.root / "browsers" / kind / f"{hashlib.sha256(token.encode()).hexdigest()}.json"


def _read(path: Path) -> Pass | None:
    """None for one that is not there, cannot be read or is over."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Pass)
    except (OSError, msgspec.DecodeError):
        return None
    return found if found.ends_utc.astimezone(UTC) > utc_now() else None
