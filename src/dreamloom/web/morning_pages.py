"""How does somebody tell their dream on a page? Step by step, by forms that need no script; their own morning alone."""

from datetime import datetime
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.guide import questions
from dreamloom.house import drawings, morning_steps, mornings, pod_links, pod_page, revealing, told_reports
from dreamloom.house.morning_steps import Form, Morning
from dreamloom.house.mornings import Dreamer
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import apart, pages, themes, uploads, wording
from dreamloom.web.front_door import Asker, Reply
from dreamloom.web.pod_pages import bed_of, folder_of
from dreamloom.web.uploads import Sent

JPEG = "image/jpeg"
OF_A_PICTURE = {
    "Cache-Control": "no-store",
    "Content-Disposition": 'inline; filename="picture.jpg"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
"""It lies in no cache, tells nothing by its name, and is nothing but a picture."""
REFUSED = "Picture-Refused"
"""The header of an answer that no later one will differ from: the device need not keep the picture."""


@get("/morning", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def morning(request: Asker) -> Reply:
    """What comes next in this morning."""
    return _page(request)


@post("/morning/{step:str}", include_in_schema=False, request_max_body_size=uploads.MOST_SENT)
async def told(request: Asker, step: str) -> Reply:
    """Keeps what was answered, and goes on; or shows why not, with all that was written."""
    bed = bed_of(request)
    sent = await uploads.sent_of(request)
    if sent.picture:
        return await apart.PICTURES.run(bed, _kept, request, sent, step)
    return await sync_to_thread(_kept, request, sent, step)


@get("/morning/drawing", include_in_schema=False, media_type=JPEG, sync_to_thread=True)
def drawing(request: Asker) -> Reply:
    """The drawing or photo of this morning's report, for whoever made it."""
    folder = folder_of(request)
    report = mornings.morning_of(folder.house, pod_page.sleeper_of(folder, bed_of(request)), folder.name).report
    try:
        found = drawings.shown(folder.house, report)
    except (DreamloomError, OSError) as error:
        raise NotFoundException("It was changed or lost since it was kept.") from error
    if found is None:
        raise NotFoundException("This report has no drawing or photo.")
    return Response(found, media_type=JPEG, headers=OF_A_PICTURE)


def _morning(request: Asker) -> Morning:
    folder, pod = folder_of(request), bed_of(request)
    who = pod_page.sleeper_of(folder, pod)
    return Morning(
        folder.house, Dreamer(sleeper=who, night=folder.name, channel="page", language=wording.chosen(request)), folder
    )


def _kept(request: Asker, sent: Sent, step: str) -> Reply:
    try:
        morning_steps.keep(_morning(request), step, sent.form, picture=sent.picture)
    except DreamloomError as error:
        answer = _page(request, wrong=error, form=sent.form)
        if sent.picture and error.code in drawings.REFUSED_FOR_GOOD:
            answer.headers[REFUSED] = error.code
        return answer
    if morning_steps.WITHOUT in sent.form:
        return _page(request, form=sent.form)
    return Redirect(path="/morning", status_code=303)


def _page(request: Asker, *, wrong: DreamloomError | None = None, form: Form | None = None) -> Reply:
    found = _morning(request)
    step, state = found.step(), found.state
    again = state.shared is not None and "change" in request.query_params
    shown: dict[str, Any] = {
        "step": "share" if again else step,
        "question": morning_steps.question(found, "share" if again else step),
        "enough": questions.ENOUGH,
        "pieces": len(state.pieces),
        "drawing": state.drawing[:16],
        "is_whole": bool(state.drawing) and drawings.is_whole(found.house, state.report),
        "report": morning_steps.name_of(form or {}),
        "own": told_reports.text_of(found.house, state.report) if state.is_revealed else "",
        "revealed": revealing.revealed(folder_of(request), bed_of(request)) if state.is_revealed else None,
        "shared": state.shared,
        "by": _clock(found.told_by()),
        "talk": "outcome" in state.answered and found.wants_to_talk(),
        "wrong": wrong,
        "given": form or {"scopes": state.shared or ()},
        "draft": f"{pod_links.tonight(folder_of(request))}-{bed_of(request)}",
    }
    theme = themes.chosen(request, otherwise="ember")
    body = pages.page("morning.html", theme=theme, language=wording.chosen(request), **shown)
    answer = Response(body, media_type=MediaType.HTML, status_code=400 if wrong else 200)
    answer.headers["Referrer-Policy"] = "same-origin"
    return wording.remembered(themes.remembered(answer, request), request)


def _clock(at: datetime | None) -> str:
    return "" if at is None else at.astimezone().strftime("%H:%M")


HANDLERS: tuple[ControllerRouterHandler, ...] = (morning, told, drawing)
