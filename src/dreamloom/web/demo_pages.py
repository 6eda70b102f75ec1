"""What else do the pages of a demo have? Its pace, drills to be tried, what became of them, the morning page.

No other night has these addresses.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

import msgspec
from litestar import MediaType, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Response, ServerSentEvent, ServerSentEventMessage
from litestar.types import ControllerRouterHandler

from dreamloom.house import demo_desk
from dreamloom.house.demo_desk import Break, Pace, Told
from dreamloom.house.layout import NightFolder
from dreamloom.house.reporting import PAGE
from dreamloom.web.forms import whole
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.sign_in import MAY_ASK, MAY_WATCH
from dreamloom.web.watching import watched_night

LOOKS_EVERY_S = 0.3
BEATS = 10
"""After so many looks without news a word is sent all the same, so that a lost page is noticed."""
A = TypeVar("A", Pace, Break)


def handlers(folder: NightFolder) -> list[ControllerRouterHandler]:
    """These addresses for a demo; none for any other night."""
    return [demo_now, demo_told, pace, try_drill, morning] if demo_desk.told_of(folder) is not None else []


@get("/api/nights/{night:str}/demo", sync_to_thread=True)
def demo_now(request: Asker, night: str) -> Told:
    """The demo as it stands."""
    allowed(request, MAY_WATCH)
    return _told(watched_night(request, night).folder)


@get("/api/nights/{night:str}/demo/told", include_in_schema=False, sync_to_thread=False)
def demo_told(request: Asker, night: str) -> ServerSentEvent:
    """The same whenever it changes; a page that comes back is told what it has not heard yet."""
    allowed(request, MAY_WATCH)
    heard = whole(request.headers.get("last-event-id", "")) or 0
    return ServerSentEvent(_news(request, watched_night(request, night).folder, heard))


@post("/api/nights/{night:str}/demo/pace", status_code=202, sync_to_thread=True)
def pace(request: Asker, night: str, data: Pace) -> Pace:
    """Slower, faster, or still."""
    return _asked(request, night, data)


@post("/api/nights/{night:str}/demo/drills", status_code=202, sync_to_thread=True)
def try_drill(request: Asker, night: str, data: Break) -> Break:
    """Something goes wrong, on purpose."""
    return _asked(request, night, data)


@get("/nights/{night:str}/morning", include_in_schema=False, sync_to_thread=True)
def morning(request: Asker, night: str) -> Reply:
    """The morning page of the whole demo, by its own policy: it loads nothing at all."""
    allowed(request, MAY_WATCH)
    folder = watched_night(request, night).folder
    try:
        page = (folder.report / PAGE).read_bytes()
    except FileNotFoundError as error:
        raise NotFoundException("The morning page is written when the night is over.") from error
    return Response(page, media_type=MediaType.HTML, headers={"Content-Security-Policy": "frame-ancestors 'none'"})


def _asked(request: Asker, night: str, asked: A) -> A:
    allowed(request, MAY_ASK)
    demo_desk.ask(watched_night(request, night).folder, asked)
    return asked


def _told(folder: NightFolder) -> Told:
    demo_desk.look(folder)
    return demo_desk.told_of(folder) or Told(is_over=True)


async def _news(request: Asker, folder: NightFolder, heard: int) -> AsyncIterator[ServerSentEventMessage]:
    quiet = 0
    while request.app.state.door.session(request.cookies.get(request.app.state.cookie)) is not None:
        told = await asyncio.to_thread(_told, folder)
        quiet += 1
        if told.version > heard or quiet >= BEATS:
            heard, quiet = told.version, 0
            yield ServerSentEventMessage(data=msgspec.json.encode(told).decode(), id=heard)
        await asyncio.sleep(LOOKS_EVERY_S)
