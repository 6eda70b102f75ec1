"""How do people come together on a page, before a shared night and after it? By forms that need no script.

Whoever comes by a bed's link speaks for that bed; whoever runs the night speaks for a bed that has no page.
"""

from asyncio import to_thread
from typing import NamedTuple

from litestar import MediaType, Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.house import gathering, pod_links
from dreamloom.house.gathering import Which
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import pages, themes, wording
from dreamloom.web.forms import first, form_of
from dreamloom.web.front_door import Asker, Reply, session_of
from dreamloom.web.people_pages import OWN_REFERRER
from dreamloom.web.pod_pages import folder_of
from dreamloom.web.sign_in import MAY_ASK


class Guest(NamedTuple):
    """Who looks: the bed they speak for, "" for none of their own; and whether they may speak for any."""

    pod: str
    is_host: bool


def guest_of(request: Asker) -> Guest:
    """By a bed's own link, else by a session; a sleeper speaks for their bed, who runs the night for all."""
    pod = pod_links.bed_for(folder_of(request), request.cookies)
    if pod is not None:
        return Guest(pod, is_host=False)
    session = session_of(request)
    if session.role == "sleeper" and session.pod:
        return Guest(session.pod, is_host=False)
    if session.role in MAY_ASK:
        return Guest("", is_host=True)
    raise PermissionDeniedException("A circle is for those who sleep here, and for who runs the night.")


@get("/circle/evening", include_in_schema=False, media_type=MediaType.HTML)
async def evening(request: Asker) -> Reply:
    """Who is here, what will happen, what was agreed; silence until all are ready."""
    return await to_thread(_page, request, "evening")


@get("/circle/morning", include_in_schema=False, media_type=MediaType.HTML)
async def morning(request: Asker) -> Reply:
    """Who is back, and what each wants to share; closed when all have said it."""
    return await to_thread(_page, request, "morning")


@post("/circle/evening", include_in_schema=False)
async def say_evening(request: Asker) -> Reply:
    """Ready, or away."""
    return await _said(request, "evening")


@post("/circle/morning", include_in_schema=False)
async def say_morning(request: Asker) -> Reply:
    """Back, a few words, or away."""
    return await _said(request, "morning")


async def _said(request: Asker, which: Which) -> Reply:
    guest = await to_thread(guest_of, request)
    form = await form_of(request)
    pod = first(form, "bed") if guest.is_host else guest.pod
    word, text = first(form, "word"), first(form, "text")
    try:
        await to_thread(gathering.say, folder_of(request), which, pod, word, text=text)
    except DreamloomError as error:
        said = error.said(wording.say(wording.chosen(request)))
        wrong = f"{said.what} {said.do}".strip()
        return await to_thread(_page, request, which, wrong=wrong, text=text)
    return Redirect(path=f"/circle/{which}", status_code=303)


def _page(request: Asker, which: Which, *, wrong: str = "", text: str = "") -> Reply:
    guest, folder = guest_of(request), folder_of(request)
    found = gathering.circle(folder, which)
    own = next((seat for seat in found.seats if seat.pod == guest.pod), None)
    language = wording.chosen(request)
    say = wording.say(language)
    page = pages.page(
        "gathering.html",
        language=language,
        theme=themes.chosen(request, otherwise="ember" if which == "evening" else "day"),
        which=which,
        found=found,
        guest=guest,
        own=own,
        tonight=gathering.tonight(folder, say=say) if which == "evening" else [],
        agreements=gathering.AGREEMENTS,
        agreed=gathering.own_agreement(folder, guest.pod, say=say) if own and which == "evening" else "",
        wrong=wrong,
        text=text,
    )
    answer = Response(page, media_type=MediaType.HTML, status_code=400 if wrong else 200, headers=OWN_REFERRER)
    return wording.remembered(themes.remembered(answer, request), request)


HANDLERS: tuple[ControllerRouterHandler, ...] = (evening, morning, say_evening, say_morning)
