"""How does somebody tell their dream on a page? Step by step, by forms that need no script; their own morning alone."""

from datetime import datetime
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.guide import questions
from dreamloom.house import morning_steps, pod_links, pod_page, revealing, told_reports
from dreamloom.house.morning_steps import Form, Morning
from dreamloom.house.mornings import Dreamer
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import pages, themes, wording
from dreamloom.web.forms import form_of
from dreamloom.web.front_door import Asker, Reply
from dreamloom.web.pod_pages import bed_of, folder_of


@get("/morning", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def morning(request: Asker) -> Reply:
    """What comes next in this morning."""
    return _page(request)


@post("/morning/{step:str}", include_in_schema=False)
async def told(request: Asker, step: str) -> Reply:
    """Keeps what was answered, and goes on; or shows why not, with all that was written."""
    bed_of(request)
    form = await form_of(request)
    return await sync_to_thread(_kept, request, form, step)


def _morning(request: Asker) -> Morning:
    folder, pod = folder_of(request), bed_of(request)
    who = pod_page.sleeper_of(folder, pod)
    return Morning(
        folder.house, Dreamer(sleeper=who, night=folder.name, channel="page", language=wording.chosen(request)), folder
    )


def _kept(request: Asker, form: Form, step: str) -> Reply:
    try:
        morning_steps.keep(_morning(request), step, form)
    except DreamloomError as error:
        return _page(request, wrong=error, form=form)
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


HANDLERS: tuple[ControllerRouterHandler, ...] = (morning, told)
