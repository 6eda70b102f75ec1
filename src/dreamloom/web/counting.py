"""What does the council see of a night? How much happened, never to whom."""

from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from dreamloom.gallery.night_counts import NightCounts, night_counts
from dreamloom.vocabulary.texts import Number
from dreamloom.web import pages, themes, wording
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.sign_in import MAY_COUNT
from dreamloom.web.watching import watched_night


@get("/nights/{night:str}/counts", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def counts_page(request: Asker, night: str) -> Reply:
    """A night in numbers, on a page without scripts."""
    found = _counted(request, night)
    theme, language = themes.chosen(request, otherwise="day"), wording.chosen(request)
    page = pages.page("counts.html", theme=theme, language=language, found=found, hours=Number(found.hours, ".1f"))
    return wording.remembered(themes.remembered(Response(page, media_type=MediaType.HTML), request), request)


@get("/api/nights/{night:str}/counts", sync_to_thread=True)
def counts(request: Asker, night: str) -> NightCounts:
    """A night in numbers; the same for everybody who may see them, whatever their role reads beside."""
    return _counted(request, night)


def _counted(request: Asker, night: str) -> NightCounts:
    allowed(request, MAY_COUNT)
    watched = watched_night(request, night)
    return night_counts(night, (event for _, event in watched.news_between("blinded", None, 0, 2**62)))


HANDLERS: tuple[ControllerRouterHandler, ...] = (counts_page, counts)
