"""How does one person hand a night over to the next? A page and the same for programs; and who looks after a need."""

from litestar import MediaType, Response, get, post
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from dreamloom.gallery.handover import Handover, handover
from dreamloom.house import by_hand
from dreamloom.house.by_hand import Seen
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.web import pages, themes, wording
from dreamloom.web.asking import Left, beds_meant
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.sign_in import MAY_ASK, MAY_WATCH
from dreamloom.web.watching import watched_night


class SeenAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which need of the bed, by its key."""

    need: str


@get("/nights/{night:str}/handover", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def handover_page(request: Asker, night: str) -> Reply:
    """What happened, what is held, who is where, what needs somebody; on a page that prints."""
    language = wording.chosen(request)
    found = _found(request, night, say=wording.say(language))
    page = pages.page("handover.html", theme=themes.chosen(request, otherwise="night"), language=language, found=found)
    return wording.remembered(themes.remembered(Response(page, media_type=MediaType.HTML), request), request)


@get("/api/nights/{night:str}/handover", sync_to_thread=True)
def night_handover(request: Asker, night: str) -> Handover:
    """The same for programs."""
    return _found(request, night)


@post("/api/nights/{night:str}/beds/{pod:str}/seen", status_code=202, sync_to_thread=True)
def seen(request: Asker, night: str, pod: str, data: SeenAsked) -> Left:
    """Whoever asks looks after this need; nobody else is called for it."""
    session, watched = allowed(request, MAY_ASK), watched_night(request, night)
    by_hand.refuse_need(data.need)
    beds = beds_meant(watched.folder, pod)
    for bed in beds:
        by_hand.leave(watched.folder, Seen(pod=bed, by=session.name, need=data.need))
    return Left(beds=tuple(beds))


def _found(request: Asker, night: str, *, say: Say = in_english) -> Handover:
    session, watched = allowed(request, MAY_WATCH), watched_night(request, night)
    return handover(night, watched.now(session), say=say)


HANDLERS: tuple[ControllerRouterHandler, ...] = (handover_page, night_handover, seen)
