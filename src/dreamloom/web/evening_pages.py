"""How do pages tell whether every bed is ready for tonight? One that prints, and the same for programs."""

from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from dreamloom.house.evening import Evening, evening
from dreamloom.web import pages, themes
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.sign_in import MAY_WATCH
from dreamloom.web.watching import watched_night


@get("/nights/{night:str}/evening", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def evening_page(request: Asker, night: str) -> Reply:
    """Every bed before the night, on a page that prints."""
    allowed(request, MAY_WATCH)
    found = evening(watched_night(request, night).folder)
    page = pages.evening_page(found, theme=themes.chosen(request, otherwise="day"))
    return themes.remembered(Response(page, media_type=MediaType.HTML), request)


@get("/api/nights/{night:str}/evening", sync_to_thread=True)
def night_evening(request: Asker, night: str) -> Evening:
    """What was agreed, asked, heard and practised at every bed, and what is still to be done."""
    allowed(request, MAY_WATCH)
    return evening(watched_night(request, night).folder)


HANDLERS: tuple[ControllerRouterHandler, ...] = (evening_page, night_evening)
