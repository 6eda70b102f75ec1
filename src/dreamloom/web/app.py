"""Which addresses are there, and who may ask for them? Everything else is refused."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Redirect
from litestar.static_files import create_static_files_router

from dreamloom.gallery.live_rows import NightNow
from dreamloom.house.layout import NightFolder
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import asking, headers, pages
from dreamloom.web.asking import AnyAsked, CueAsked, HeldAsked, Left, NoteAsked, StageAsked
from dreamloom.web.live import live
from dreamloom.web.sign_in import Role, Session, SignIn
from dreamloom.web.watching import Watched

COOKIE = "dreamloom"
STATIC = Path(__file__).parent / "static"
Asker = Request[Any, Any, State]
Reply = Response[Any]
MAY_WATCH: frozenset[Role] = frozenset({"orchestrator", "blinded", "researcher"})
MAY_ASK: frozenset[Role] = frozenset({"orchestrator", "blinded"})
"""Whoever runs the night asks for things; blinded or not."""
MOST_BODY = 65_536
STATUS = {2: 400, 3: 400, 4: 503, 5: 409}
"""By the exit code that the command line would have: wrong usage or words, something missing, refused."""


def make_app(folder: NightFolder, door: SignIn, *, hosts: Sequence[str]) -> Litestar:
    """The pages of one night."""
    policy = headers.content_policy(pages.IMPORT_MAP)
    return Litestar(
        route_handlers=[
            enter,
            leave_session,
            home,
            night_page,
            night_now,
            night_events,
            hold,
            stage,
            note,
            cue,
            live,
            tokens,
            create_static_files_router("/static", directories=[STATIC], include_in_schema=False),
        ],
        state=State({"watched": Watched(folder), "door": door, "hosts": frozenset(hosts)}),
        before_request=before,
        after_request=lambda response: headers.with_headers(response, policy=policy),
        exception_handlers={DreamloomError: told, HTTPException: refused},
        openapi_config=OpenAPIConfig(
            title="Dreamloom", version="1", path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
        request_max_body_size=MOST_BODY,
        debug=False,
    )


async def before(request: Asker) -> None:
    """A name that is not this machine's, and a page that is not ours, are answered with nothing."""
    if request.headers.get("host") not in request.app.state.hosts:
        raise PermissionDeniedException("This address is not served here.")
    headers.refuse_foreign(request)


def session_of(request: Asker) -> Session:
    """Who asks; raises NotAuthorizedException for nobody."""
    session: Session | None = request.app.state.door.session(request.cookies.get(COOKIE))
    if session is None:
        raise NotAuthorizedException("Open a fresh link: the one you came by is used up, or its time is over.")
    return session


def allowed(request: Asker, roles: frozenset[Role]) -> Session:
    """Who asks, if they may."""
    session = session_of(request)
    if session.role not in roles:
        raise PermissionDeniedException("This is not for your role.")
    return session


def _watched(request: Asker, night: str) -> Watched:
    watched: Watched = request.app.state.watched
    if night != watched.folder.name:
        raise NotFoundException(f"No night {night!r} is served here.")
    return watched


@get("/enter/{token:str}", include_in_schema=False, sync_to_thread=False)
def enter(request: Asker, token: str) -> Reply:
    """A one-time link becomes a session."""
    cookie = request.app.state.door.enter(token)
    if cookie is None:
        raise NotAuthorizedException("Open a fresh link: this one is used up, or its time is over.")
    answer: Reply = Redirect(path="/", status_code=303)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
    return answer


@post("/leave", include_in_schema=False, sync_to_thread=False)
def leave_session(request: Asker) -> Reply:
    """Ends the session."""
    request.app.state.door.leave(request.cookies.get(COOKIE) or "")
    answer: Reply = Response("You are signed out.", media_type=MediaType.TEXT)
    answer.delete_cookie(COOKIE)
    return answer


@get("/", include_in_schema=False, sync_to_thread=False)
def home(request: Asker) -> Redirect:
    """The one night that is served."""
    session_of(request)
    return Redirect(path=f"/nights/{request.app.state.watched.folder.name}", status_code=303)


@get("/nights/{night:str}", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def night_page(request: Asker, night: str) -> str:
    """The night as it stands; a view goes on from there by itself."""
    session, watched = allowed(request, MAY_WATCH), _watched(request, night)
    return pages.night_page(
        watched.folder.name, watched.now(session), role=watched.role_of(session), asks=session.role in MAY_ASK
    )


@get("/tokens.css", include_in_schema=False, media_type="text/css", sync_to_thread=False)
def tokens() -> str:
    """The colours of every theme, by name."""
    return pages.TOKENS


@get("/api/nights/{night:str}", sync_to_thread=True)
def night_now(request: Asker, night: str) -> NightNow:
    """Every bed's row, what needs somebody, and the newest lines of each lane."""
    return _watched(request, night).now(allowed(request, MAY_WATCH))


@get("/api/nights/{night:str}/events", sync_to_thread=True)
def night_events(request: Asker, night: str, after: int = 0) -> list[dict[str, Any]]:
    """Events of the record from this place on, as this role sees them; each with its place as `seq`."""
    session = allowed(request, MAY_WATCH)
    found = _watched(request, night).news(session, max(after, 0))
    return [{"seq": place, **event} for place, event in found.events[:1000]]


@post("/api/nights/{night:str}/beds/{pod:str}/held", status_code=202, sync_to_thread=True)
def hold(request: Asker, night: str, pod: str, data: HeldAsked) -> Left:
    """Softer, no cue, no sound, woken, or let go; `all` means every bed."""
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/stage", status_code=202, sync_to_thread=True)
def stage(request: Asker, night: str, pod: str, data: StageAsked) -> Left:
    """The stage that a person sees, for ten minutes."""
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/notes", status_code=202, sync_to_thread=True)
def note(request: Asker, night: str, pod: str, data: NoteAsked) -> Left:
    """Words at this moment, sealed under the sleeper's key."""
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/cues", status_code=202, sync_to_thread=True)
def cue(request: Asker, night: str, pod: str, data: CueAsked) -> Left:
    """One cue now or never, under every veto; silence by the same way where none is named."""
    return _left(request, night, pod, data)


def _left(request: Asker, night: str, pod: str, data: AnyAsked) -> Left:
    session, watched = allowed(request, MAY_ASK), _watched(request, night)
    return Left(beds=tuple(asking.leave(watched.folder, data, pod=pod, by=session.name)))


def told(_: Asker, error: DreamloomError) -> Reply:
    """Every failure that is expected, in the one shape that the command line has."""
    return Response(error.as_dict(), status_code=STATUS.get(error.exit_code, 500), media_type=MediaType.JSON)


def refused(request: Asker, error: HTTPException) -> Reply:
    """What is asked for wrongly, or by whom it is not for: a page for a person, the error shape for a program."""
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        shape = {"error": {"code": f"HTTP-{error.status_code}", "what": str(error.detail), "do": _remedy(error)}}
        return Response(json.dumps(shape), status_code=error.status_code, media_type=MediaType.JSON)
    page = pages.refusal(error.status_code, str(error.detail), _remedy(error))
    return Response(page, status_code=error.status_code, media_type=MediaType.HTML)


def _remedy(error: HTTPException) -> str:
    if error.status_code == 401:
        return "Ask whoever runs the night for a link: dreamloom serve NIGHT prints one."
    return ""
