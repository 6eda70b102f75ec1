"""How are all nights of a house served at once? A page that lists them, and each under its own address as if alone."""

import asyncio
import re
from collections.abc import Sequence

from litestar import Litestar, MediaType, get
from litestar.response import Redirect, Response
from litestar.types import Receive, Scope, Send

from dreamloom.engine.clocks import boot_s
from dreamloom.house import nights_here
from dreamloom.house.layout import House
from dreamloom.house.nights_here import NightHere
from dreamloom.web import pages, themes, wording
from dreamloom.web.app import make_app
from dreamloom.web.front_door import Asker, Reply, allowed, guarded, session_of
from dreamloom.web.sign_in import MAY_COUNT, MAY_WATCH, SignIn

OF_A_NIGHT = re.compile(r"^/(?:nights|api/nights|live/nights)/(?P<night>[^/]+)")
OF_THE_LOBBY = re.compile(r"^/(?:$|nights/?$|api/nights/?$|enter/|leave$|static/|tokens\.css$|words\.js$)")
FRESH_S = 2.0
"""For so long a look at which night runs is good for whoever comes by a bed's own address. Ours."""


class HouseApp:
    """Sends each address to the night that it names; what names none belongs to the night that runs, or was last."""

    def __init__(self, house: House, door: SignIn, *, hosts: Sequence[str]) -> None:
        self._house, self._door, self._hosts = house, door, hosts
        self._lobby = guarded(
            [home, nights_page, nights_list],
            door=door,
            hosts=hosts,
            state={"house": house},
            fresh_link="dreamloom serve HOUSE",
        )
        self._nights: dict[str, Litestar] = {}
        self._making = asyncio.Lock()
        self._current: tuple[float, str | None] = (-FRESH_S, None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._lobby if str(scope["type"]) == "lifespan" else await self._app_of(scope["path"])
        await app(scope, receive, send)

    async def _app_of(self, path: str) -> Litestar:
        if OF_THE_LOBBY.match(path):
            return self._lobby
        named = OF_A_NIGHT.match(path)
        name = named["night"] if named else await self._current_night()
        return self._lobby if name is None else await self._night(name)

    async def _current_night(self) -> str | None:
        at_s, name = self._current
        if boot_s() - at_s >= FRESH_S:
            name = await asyncio.to_thread(nights_here.current, self._house)
            self._current = (boot_s(), name)
        return name

    async def _night(self, name: str) -> Litestar:
        """Its pages, made when somebody first asks; the lobby's refusal for a night that is not there."""
        async with self._making:
            if name not in self._nights:
                folder = self._house.night(name)
                if not nights_here.is_night(folder.root):
                    return self._lobby
                make = asyncio.to_thread(make_app, folder, self._door, hosts=self._hosts, of_house=True)
                self._nights[name] = await make
            return self._nights[name]


@get("/", include_in_schema=False, sync_to_thread=False)
def home(request: Asker) -> Redirect:
    """The list for whoever looks at nights, their own page for a sleeper and for a clinician."""
    session = session_of(request)
    own = {"sleeper": "/pod", "clinician": "/courses"}
    return Redirect(path=own.get(session.role, "/nights"), status_code=303)


@get("/nights", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def nights_page(request: Asker) -> Reply:
    """All nights of the house, each with where it opens; on a page without scripts."""
    session = allowed(request, MAY_COUNT)
    language = wording.chosen(request)
    theme = themes.chosen(request, otherwise="night")
    watches = session.role in MAY_WATCH
    page = pages.nights_page(_found(request), watches=watches, theme=theme, language=language)
    return wording.remembered(themes.remembered(Response(page, media_type=MediaType.HTML), request), request)


@get("/api/nights", sync_to_thread=True)
def nights_list(request: Asker) -> list[NightHere]:
    """The same for programs."""
    allowed(request, MAY_COUNT)
    return _found(request)


def _found(request: Asker) -> list[NightHere]:
    return nights_here.nights_of(request.app.state.house)
