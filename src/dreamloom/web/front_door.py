"""What do all pages have in common? Who comes in and by what, what every answer says, and how a refusal is told."""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Redirect
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.texts import Say
from dreamloom.web import headers, pages, refusals, themes, wording
from dreamloom.web.sign_in import Role, Session, SignIn, cookie_of

STATIC = Path(__file__).parent / "static"
Asker = Request[Any, Any, State]
Reply = Response[Any]
MOST_BODY = 262_144
"""A form sends up to twelve bytes for one character, and a dream has twelve thousand in any script. Ours."""
STATUS = {2: 400, 3: 400, 4: 503, 5: 409}
"""By the exit code that the command line would have: wrong usage or words, something missing, refused."""


def guarded(
    handlers: Sequence[ControllerRouterHandler],
    *,
    door: SignIn,
    hosts: Sequence[str],
    state: Mapping[str, Any],
    fresh_link: str,
    most_body: int = MOST_BODY,
) -> Litestar:
    """These addresses behind the door, and nothing else.

    Args:
        handlers: what is served beside signing in and out, colours and static files.
        door: who looks.
        hosts: under which names, with their port, this machine is asked; its own first.
        state: what the handlers need.
        fresh_link: the command that prints a link.
        most_body: bytes that may be sent at once.
    """
    policy = headers.content_policy(pages.IMPORT_MAP)
    cookie = cookie_of(int(hosts[0].rpartition(":")[2]))
    common = {"door": door, "hosts": frozenset(hosts), "cookie": cookie, "fresh_link": fresh_link}
    static = create_static_files_router("/static", directories=[STATIC], include_in_schema=False)
    return Litestar(
        route_handlers=[enter, leave_session, tokens, words, static, *refusals.described(handlers)],
        state=State({**common, **state}),
        before_request=before,
        after_request=lambda response: headers.with_headers(response, policy=policy),
        exception_handlers={DreamloomError: told, HTTPException: refused, RecursionError: nested, 500: broken},
        openapi_config=OpenAPIConfig(
            title="Dreamloom", version="1", path="/schema", render_plugins=[JsonRenderPlugin()]
        ),
        request_max_body_size=most_body,
        logging_config=None,
        debug=False,
    )


async def before(request: Asker) -> None:
    """A name that is not this machine's, and a page that is not ours, are answered with nothing."""
    if request.headers.get("host") not in request.app.state.hosts:
        raise PermissionDeniedException("This address is not served here.")
    headers.refuse_foreign(request)


def session_of(request: Asker) -> Session:
    """Who asks; raises NotAuthorizedException for nobody."""
    session: Session | None = request.app.state.door.session(request.cookies.get(request.app.state.cookie))
    if session is None:
        raise NotAuthorizedException("Open a fresh link: the one you came by is used up, or its time is over.")
    return session


def allowed(request: Asker, roles: frozenset[Role]) -> Session:
    """Who asks, if they may."""
    session = session_of(request)
    if session.role not in roles:
        raise PermissionDeniedException("This is not for your role.")
    return session


@get("/enter/{token:str}", include_in_schema=False, sync_to_thread=False)
def enter(request: Asker, token: str) -> Reply:
    """A one-time link becomes a session."""
    cookie = request.app.state.door.enter(token, from_=request.client.host if request.client else "")
    if cookie is None:
        raise NotAuthorizedException("Open a fresh link: this one is used up, or its time is over.")
    answer: Reply = Redirect(path="/", status_code=303)
    is_secure = request.url.scheme == "https"
    answer.set_cookie(request.app.state.cookie, cookie, httponly=True, samesite="strict", path="/", secure=is_secure)
    return answer


@post("/leave", include_in_schema=False, sync_to_thread=False)
def leave_session(request: Asker) -> Reply:
    """Ends the session."""
    name = request.app.state.cookie
    request.app.state.door.leave(request.cookies.get(name) or "")
    answer: Reply = Response("You are signed out.", media_type=MediaType.TEXT)
    answer.delete_cookie(name)
    return answer


@get("/tokens.css", include_in_schema=False, media_type="text/css", sync_to_thread=False)
def tokens() -> str:
    """The colours of every theme, by name."""
    return themes.TOKENS


@get("/words.js", include_in_schema=False, media_type="text/javascript", sync_to_thread=False)
def words(request: Asker) -> Reply:
    """What pages say, in the language of whoever asks."""
    vary = {"Vary": "Cookie, Accept-Language", "Cache-Control": "no-cache"}
    return Response(wording.module(wording.chosen(request)), media_type="text/javascript", headers=vary)


def told(request: Asker, error: DreamloomError) -> Reply:
    """Every failure that is expected, in the one shape that the command line has and in the language that is read."""
    status, say = STATUS.get(error.exit_code, 500), wording.say(wording.chosen(request))
    if not _is_for_a_person(request):
        return Response(error.as_dict(say), status_code=status, media_type=MediaType.JSON)
    said = error.said(say)
    return _page(request, status, f"{said.what} {said.why}".strip(), f"{said.still} {said.do}".strip())


def refused(request: Asker, error: HTTPException) -> Reply:
    """What is asked for wrongly, or by whom it is not for: a page for a person, the error shape for a program."""
    say = wording.say(wording.chosen(request))
    what = say(error.detail, **(error.extra if isinstance(error.extra, dict) else {}))
    do = _remedy(request, error, say)
    if _is_for_a_person(request):
        return _page(request, error.status_code, what, do)
    shape = {"error": {"code": f"HTTP-{error.status_code}", "what": what, "do": do}}
    return Response(json.dumps(shape), status_code=error.status_code, media_type=MediaType.JSON)


def nested(request: Asker, _: RecursionError) -> Reply:
    """What lies in itself so often that it cannot be read."""
    return refused(request, ClientException("This is nested more deeply than anything that is meant."))


def broken(request: Asker, error: Exception) -> Reply:
    """A fault of ours: the terminal has its place, the page only that it was one."""
    logging.getLogger("uvicorn.error").error("%s %s broke", request.method, request.url.path, exc_info=error)
    return refused(request, HTTPException("Something broke here, and nothing was kept of this.", status_code=500))


def _page(request: Asker, status: int, what: str, do: str) -> Reply:
    theme, language = themes.chosen(request, otherwise="system"), wording.chosen(request)
    page = pages.refusal(status, what, do, theme=theme, language=language)
    return wording.remembered(Response(page, status_code=status, media_type=MediaType.HTML), request)


def _is_for_a_person(request: Asker) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _remedy(request: Asker, error: HTTPException, say: Say) -> str:
    if error.status_code != 401:
        return ""
    command = request.app.state.fresh_link
    link = say("Ask whoever started this page for a link: {command} prints one.", command=command)
    passkey = say("Sign in with your passkey at /sign-in.")
    return f"{passkey} {link}" if "ceremonies" in request.app.state else link
