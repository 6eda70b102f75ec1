"""How does a page begin? As text that reads without a script, with the night as it stands; scripts go on from there."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dreamloom.gallery.live_rows import NightNow
from dreamloom.house.evening import Evening
from dreamloom.house.nights_here import NightHere
from dreamloom.house.people import Invite
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import wording
from dreamloom.web.sign_in import NightRole, Session
from dreamloom.web.themes import Colours
from dreamloom.web.wording import Language

VENDOR = "/static/vendor"
IMPORT_MAP = json.dumps(
    {
        "imports": {
            "lit": f"{VENDOR}/lit.js",
            "lit-html": f"{VENDOR}/lit-html.js",
            "lit-html/is-server.js": f"{VENDOR}/is-server.js",
            "lit-element/lit-element.js": f"{VENDOR}/lit-element.js",
            "@lit/reactive-element": f"{VENDOR}/reactive-element.js",
        }
    }
)
"""Where bare names of modules lie; the one inline script of a page, named by its hash in the content policy."""


@cache
def templates() -> Environment:
    """Every page's frame; text that is filled in is escaped."""
    folder = Path(__file__).parent / "templates"
    found = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    found.filters["clock"] = _clock
    found.filters["allowed"] = _allowed
    found.globals["import_map"] = IMPORT_MAP
    found.globals["t"] = wording.say(wording.ENGLISH)
    return found


def _said_in(language: Language) -> Mapping[str, Any]:
    """What a page needs that is there in several languages."""
    return {
        "lang": language,
        "languages": wording.NAMES,
        "t": wording.say(language),
        "tell": wording.tell(language),
    }


def night_page(  # noqa: PLR0913 - what the page is made of, by name
    name: str,
    now: NightNow,
    *,
    role: NightRole,
    asks: bool,
    theme: Colours,
    language: Language,
    is_demo: bool = False,
    of_house: bool = False,
) -> str:
    """The night view as HTML: rows, what needs somebody, the newest lines."""
    rows = [row for _, row in sorted(now.rows.items())]
    needs = sorted(
        ((need, row) for row in rows for need in row.needs),
        key=lambda pair: (("high", "medium", "low", "info").index(pair[0].priority), pair[0].since_s),
    )
    start = msgspec.json.encode(
        {"night": name, "role": role, "asks": asks, "demo": is_demo, "ofHouse": of_house}
    ).decode()
    shown = {
        "name": name,
        "now": now,
        "rows": rows,
        "needs": needs,
        "role": role,
        "asks": asks,
        "start": start,
        "of_house": of_house,
    }
    return (
        templates().get_template("night.html").render(**shown, **_said_in(language), theme=theme, import_map=IMPORT_MAP)
    )


NIGHT_GROUPS = (
    ("Running", ("running",)),
    ("To come", ("planned",)),
    ("Over", ("over", "broken off", "cannot be read")),
)
"""In which order nights of a house are listed, under which head."""


def nights_page(found: Sequence[NightHere], *, watches: bool, theme: Colours, language: Language) -> str:
    """All nights of a house; whoever may not watch them sees how many beds and what each was in numbers."""
    shown = {"nights": found, "watches": watches, "groups": NIGHT_GROUPS}
    return templates().get_template("nights.html").render(**shown, **_said_in(language), theme=theme)


def evening_page(found: Evening, *, theme: Colours) -> str:
    """Every bed before the night; it prints, with room to sign for each."""
    ready = sum(bed.is_ready for bed in found.beds)
    return templates().get_template("evening.html").render(evening=found, ready=ready, theme=theme)


def page(template: str, *, theme: Colours, language: Language | None = None, **shown: Any) -> str:
    """A page that shows these, and has no script that asks for more; one without a language is there in English.

    What went wrong, where something did, is said in its language as well.
    """
    said_in = {} if language is None else _said_in(language)
    if isinstance(wrong := shown.get("wrong"), DreamloomError):
        shown["wrong"] = wrong.said(wording.say(language or wording.ENGLISH))
    return templates().get_template(template).render(**shown, **said_in, theme=theme)


def talk(*, theme: Colours, language: Language, **shown: Any) -> str:
    """What was written at a bed and to it, and who was heard."""
    template = templates().get_template("talk.html")
    return template.render(**shown, **_said_in(language), theme=theme, import_map=IMPORT_MAP)


def sign_in_page(session: Session | None, *, at_localhost: str, theme: Colours, language: Language) -> str:
    """Asks for a passkey; says who is signed in where somebody is."""
    shown = {"session": session, "invite": None, "token": "", "at_localhost": at_localhost, "theme": theme}
    return templates().get_template("passkey.html").render(**shown, **_said_in(language))


def join_page(invite: Invite, *, token: str, at_localhost: str, theme: Colours, language: Language) -> str:
    """Asks an invited person to make a passkey."""
    shown = {"session": None, "invite": invite, "token": token, "at_localhost": at_localhost, "theme": theme}
    return templates().get_template("passkey.html").render(**shown, **_said_in(language))


def refusal(status: int, what: str, do: str, *, theme: Colours, language: Language) -> str:
    """A page for somebody who may not see what they asked for."""
    template = templates().get_template("refusal.html")
    shown = {"status": status, "what": what, "do": do}
    return template.render(**shown, **_said_in(language), theme=theme, import_map=IMPORT_MAP)


def shell(template: str, language: Language) -> str:
    """A page that is the same for everybody of one language; its script asks for the rest."""
    return templates().get_template(template).render(import_map=IMPORT_MAP, **_said_in(language))


def _clock(at_s: float) -> str:
    whole = int(at_s)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _allowed(words: Mapping[str, str], scopes: Sequence[str], joined_by: str) -> str:
    *before, last = [words[scope] for scope in words if scope in scopes]
    return f"{', '.join(before)} {joined_by} {last}" if before else last
