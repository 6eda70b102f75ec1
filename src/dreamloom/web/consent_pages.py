"""Where does a sleeper read what they agreed to, and take it back without a script? On a page of their own bed."""

from litestar import MediaType, Response, get, post
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.house import pod_page
from dreamloom.web import pages, themes, wording
from dreamloom.web.front_door import Asker, Reply
from dreamloom.web.pod_pages import bed_of, folder_of


@get("/consent", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def consent(request: Asker) -> Reply:
    """What this sleeper agreed to tonight, in one sentence; it names no cue and no theme."""
    language = wording.chosen(request)
    found = pod_page.at_bed(folder_of(request), bed_of(request), words="", say=wording.say(language))
    page = pages.page("consent.html", theme=themes.chosen(request, otherwise="ember"), language=language, at_bed=found)
    answer = Response(page, media_type=MediaType.HTML)
    answer.headers["Referrer-Policy"] = "same-origin"
    return wording.remembered(themes.remembered(answer, request), request)


@post("/consent/withdraw", include_in_schema=False, sync_to_thread=True)
def withdraw(request: Asker) -> Reply:
    """A no for tonight: the bed is silent, and that is on the disk, before the page comes back."""
    pod_page.stop(folder_of(request), bed_of(request))
    return Redirect(path="/consent", status_code=303)


HANDLERS: tuple[ControllerRouterHandler, ...] = (consent, withdraw)
