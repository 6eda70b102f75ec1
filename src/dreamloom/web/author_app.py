"""Which addresses does an author's page have? One file's text, what is said of it, saving, rehearsing, agreeing."""

from asyncio import sleep, to_thread
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec
from litestar import Litestar, MediaType, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage
from msgspec import Struct

from dreamloom.gallery import rehearsal_page
from dreamloom.house import rehearsal_told
from dreamloom.house.authoring import Looked
from dreamloom.house.dreamscape_files import OtherText
from dreamloom.house.rehearsing import RehearsalAsked
from dreamloom.vocabulary.errors import DreamloomError, UsageError
from dreamloom.web import author_pages, themes
from dreamloom.web.desk import Desk, Far, Opened, differences
from dreamloom.web.forms import pairs_of
from dreamloom.web.front_door import Asker, Reply, allowed, guarded
from dreamloom.web.sign_in import Role, SignIn

MAY_WRITE: frozenset[Role] = frozenset({"architect"})
MOST_BODY = 2 * 1024 * 1024
"""A text that is too large by far is told so in the checker's words; only what is larger than this, in none."""
MOST_SLEEPERS, MOST_HOURS = 12, 12.0
LOOKS_EVERY_S, BEATS, RETRY_MS = 0.3, 50, 1000
"""How often a rehearsal is looked at, after how many looks it is told all the same, and when a lost page tries again.
Ours."""
OWN_REFERRER = {"Referrer-Policy": "same-origin"}
"""Without it a browser does not say which page a form comes from."""


class TextAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A text as it stands in the editor."""

    text: str


class SaveAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A text, and the SHA-256 of what the file held when it was seen last."""

    text: str
    seen: str


class UndoAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of what the file held when it was seen last."""

    seen: str


class AgreeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A name, and the SHA-256 of the text it agrees to."""

    name: str
    sha256: str


class TakenBack(Struct, frozen=True, forbid_unknown_fields=True):
    """A name that agrees no more."""

    name: str


class RehearseAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A text, and who is to sleep by it for how long."""

    text: str
    sleepers: int = 2
    hours: float = 8.0
    seed: int = 7


def make_author_app(desk: Desk, door: SignIn, *, hosts: Sequence[str]) -> Litestar:
    """The page of one dreamscape's file."""
    return guarded(
        [
            *(home, charts, picture, check_form, save_form, undo_form, agree_form),
            *(opened, look, save, undo, agree, take_back, rehearse, far, rehearsal_told_on, stop_rehearsal),
        ],
        door=door,
        hosts=hosts,
        state={"desk": desk},
        fresh_link="dreamloom write FILE",
        most_body=MOST_BODY,
    )


def _desk(request: Asker) -> Desk:
    allowed(request, MAY_WRITE)
    desk: Desk = request.app.state.desk
    return desk


# --- pages and forms -----------------------------------------------------------------------------------------------


@get("/", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def home(request: Asker) -> Reply:
    """The file's text, with what is said of it."""
    desk = _desk(request)
    return themes.remembered(_page(request, desk.opened().text), request)


@get("/charts.css", include_in_schema=False, media_type="text/css", sync_to_thread=False)
def charts() -> str:
    """How pictures of a night are drawn."""
    return author_pages.CHARTS


@get("/rehearsal", include_in_schema=False, sync_to_thread=True)
def picture(request: Asker) -> Reply:
    """The last rehearsal as a page of its own, to keep."""
    found = _desk(request).rehearsal.found
    if found is None:
        raise NotFoundException("Nothing was rehearsed yet.")
    policy = {"Content-Security-Policy": rehearsal_page.content_policy() + "; frame-ancestors 'none'"}
    return Response(rehearsal_told.page(found), media_type=MediaType.HTML, headers=policy)


@post("/check", include_in_schema=False, status_code=200)
async def check_form(request: Asker) -> Reply:
    """The same text again, with what is said of it."""
    form = await _form(request)
    return await to_thread(_page, request, form.get("text", ""))


@post("/save", include_in_schema=False)
async def save_form(request: Asker) -> Reply:
    """Writes it, or shows why not, with the text as it was sent."""
    form, desk = await _form(request), _desk(request)
    text = form.get("text", "")
    return await to_thread(_or_why_not, request, text, lambda: desk.save(text, seen=form.get("seen", "")))


@post("/undo", include_in_schema=False)
async def undo_form(request: Asker) -> Reply:
    """Puts back what lay there before the last save."""
    form, desk = await _form(request), _desk(request)
    return await to_thread(_or_why_not, request, form.get("text", ""), lambda: desk.undo(seen=form.get("seen", "")))


@post("/agree", include_in_schema=False)
async def agree_form(request: Asker) -> Reply:
    """Writes down a name for the text that is saved."""
    form, desk = await _form(request), _desk(request)
    name, sha256 = form.get("name", ""), form.get("sha256", "")
    return await to_thread(_or_why_not, request, desk.opened().text, lambda: desk.agree(name, sha256=sha256))


async def _form(request: Asker) -> dict[str, str]:
    """The fields of a form; whoever may not write does not get so far."""
    allowed(request, MAY_WRITE)
    return dict(await pairs_of(request))


def _or_why_not(request: Asker, text: str, act: Callable[[], Opened]) -> Reply:
    try:
        act()
    except OtherText as error:
        return _page(request, text, wrong=error)
    except DreamloomError as error:
        return _page(request, text, wrong=error)
    return Redirect(path="/", status_code=303)


def _page(request: Asker, text: str, *, wrong: DreamloomError | None = None) -> Reply:
    desk, session = _desk(request), allowed(request, MAY_WRITE)
    page = author_pages.author_page(
        desk.opened(),
        desk.look(text),
        text=text,
        name=session.name,
        theme=themes.chosen(request, otherwise="day"),
        wrong=str(wrong or ""),
        theirs=wrong.theirs if isinstance(wrong, OtherText) else None,
    )
    status = 200 if wrong is None else 409
    return Response(page, status_code=status, media_type=MediaType.HTML, headers=OWN_REFERRER)


# --- for scripts and programs --------------------------------------------------------------------------------------


@get("/api/text", sync_to_thread=True)
def opened(request: Asker) -> Opened:
    """What lies in the file, and who agreed to which text of it."""
    return _desk(request).opened()


@post("/api/look", status_code=200, sync_to_thread=True)
def look(request: Asker, data: TextAsked) -> Looked:
    """Findings with their places, sentences and map of this text; nothing is written."""
    return _desk(request).look(data.text)


@post("/api/save", status_code=200, sync_to_thread=True)
def save(request: Asker, data: SaveAsked) -> Response[Any]:
    """Replaces the file by this text, unless it holds something else than was seen: then what it holds."""
    desk = _desk(request)
    return _unless_other(data.text, lambda: desk.save(data.text, seen=data.seen))


@post("/api/undo", status_code=200, sync_to_thread=True)
def undo(request: Asker, data: UndoAsked) -> Response[Any]:
    """Puts back what lay there before the last save."""
    desk = _desk(request)
    return _unless_other("", lambda: desk.undo(seen=data.seen))


def _unless_other(mine: str, act: Callable[[], Opened]) -> Response[Any]:
    try:
        return Response(act(), status_code=200)
    except OtherText as error:
        theirs = {"text": error.theirs.text, "sha256": error.theirs.sha256}
        found = {"theirs": theirs, "differences": differences(mine, error.theirs)}
        return Response({**error.as_dict(), **found}, status_code=409)


@post("/api/agree", status_code=200, sync_to_thread=True)
def agree(request: Asker, data: AgreeAsked) -> Opened:
    """Writes down that this name agrees to exactly the text that is saved."""
    return _desk(request).agree(data.name, sha256=data.sha256)


@post("/api/take-back", status_code=200, sync_to_thread=True)
def take_back(request: Asker, data: TakenBack) -> Opened:
    """This name agrees no more."""
    return _desk(request).take_back(data.name)


@post("/api/rehearsal", status_code=202, sync_to_thread=True)
def rehearse(request: Asker, data: RehearseAsked) -> Far:
    """Begins a rehearsal on simulated sleepers; one at a time."""
    desk = _desk(request)
    if not (1 <= data.sleepers <= MOST_SLEEPERS and 0.1 <= data.hours <= MOST_HOURS and 0 <= data.seed < 2**31):
        raise UsageError(
            "DL-E141",
            f"{data.sleepers} sleepers, {data.hours:g} h and the seed {data.seed} are not rehearsed from a page.",
            why=f"1 to {MOST_SLEEPERS} sleepers, 0.1 to {MOST_HOURS:g} h and a seed of 0 or more are.",
            do="For more: dreamloom rehearse FILE",
        )
    desk.rehearse(RehearsalAsked(text=data.text, file="", sleepers=data.sleepers, hours=data.hours, seed=data.seed))
    return desk.far()


@get("/api/rehearsal", sync_to_thread=True)
def far(request: Asker) -> Far:
    """How far the last rehearsal is, and what it found."""
    return _desk(request).far()


@get("/api/rehearsal/told", include_in_schema=False, sync_to_thread=False)
def rehearsal_told_on(request: Asker) -> ServerSentEvent:
    """The same whenever it changes, until it is over; a page that comes back is told how it stands by then."""
    return ServerSentEvent(_progress(request, _desk(request)), retry_duration=RETRY_MS)


async def _progress(request: Asker, desk: Desk) -> AsyncIterator[ServerSentEventMessage]:
    """Each message is the whole of it, so that none is missed; the last one is called over, and nothing follows it."""
    before, quiet, number = None, 0, 0
    while request.app.state.door.session(request.cookies.get(request.app.state.cookie)) is not None:
        found = await to_thread(desk.far)
        is_over, quiet = found.state != "running", quiet + 1
        if found != before or quiet >= BEATS or is_over:
            before, quiet, number = found, 0, number + 1
            name = "over" if is_over else None
            yield ServerSentEventMessage(data=msgspec.json.encode(found).decode(), event=name, id=number)
        if is_over:
            return
        await sleep(LOOKS_EVERY_S)


@post("/api/rehearsal/stop", status_code=202, sync_to_thread=True)
def stop_rehearsal(request: Asker) -> Far:
    """Asks it to end."""
    desk = _desk(request)
    desk.rehearsal.stop()
    return desk.far()
