"""How do dreamers read, ratify and repair the story of their night? On a page of forms that needs no script."""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.gallery import convergence_page
from dreamloom.house import circles, machine_wordings, mornings, next_theme, pod_page, story, told_dreams, weaving
from dreamloom.house.layout import NightFolder
from dreamloom.house.story import Story
from dreamloom.house.weaving import Agreed
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import pages, themes, wording
from dreamloom.web.forms import Form, first, form_of, whole
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.pod_pages import bed_of, folder_of
from dreamloom.web.sign_in import MAY_WATCH
from dreamloom.web.watching import watched_night

MOST_NAME = 40


@get("/story", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def own_story(request: Asker) -> Reply:
    """The story of the night for one of its dreamers, once they were told what it was about."""
    folder, sleeper = _whose(request)
    if not _is_told(folder, sleeper):
        return Redirect(path="/morning", status_code=303)
    return _page(request, folder, sleeper)


@get("/nights/{night:str}/story", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def night_story(request: Asker, night: str) -> Reply:
    """The same for whoever looks after the night: nothing tells whose a passage is."""
    allowed(request, MAY_WATCH)
    return _page(request, watched_night(request, night).folder, "")


@post("/story/{step:str}", include_in_schema=False)
async def decide(request: Asker, step: str) -> Reply:
    """One decision of one dreamer; or why not."""
    bed_of(request)
    form = await form_of(request)
    act = ACTS.get(step)
    if act is None:
        raise ClientException("Nothing of this kind is decided here.")
    return await sync_to_thread(_decided, request, form, act)


def _whose(request: Asker) -> tuple[NightFolder, str]:
    folder = folder_of(request)
    return folder, pod_page.sleeper_of(folder, bed_of(request))


def _is_told(folder: NightFolder, sleeper: str) -> bool:
    """A story read before the guess would be what is guessed."""
    return mornings.morning_of(folder.house, sleeper, folder.name).is_revealed


def _ratify(folder: NightFolder, sleeper: str, form: Form) -> None:
    weaving.ratify(folder, sleeper, first(form, "thread"), first(form, "says"))


def _agree(folder: NightFolder, sleeper: str, form: Form) -> None:
    report = mornings.morning_of(folder.house, sleeper, folder.name).report
    numbers = [number for each in form.get("hidden", ()) if (number := whole(each)) is not None]
    passages = tuple(
        (start, end)
        for start, end in (map(whole, each.partition("-")[::2]) for each in form.get("passage", ()))
        if start is not None and end is not None
    )
    name = first(form, "name").strip()[:MOST_NAME]
    hidden = story.proposed(folder, report, numbers)
    weaving.agree(folder.house, report, Agreed(hidden=hidden, passages=passages, name=name))


def _say(folder: NightFolder, sleeper: str, form: Form) -> None:
    entry = first(form, "entry")
    circles.say(
        folder,
        sleeper,
        entry=entry if told_dreams.ID.fullmatch(entry) else mornings.new_name(),
        manner=first(form, "manner"),
        after=first(form, "after"),
        text=first(form, "text"),
    )


def _retract(folder: NightFolder, sleeper: str, form: Form) -> None:
    circles.retract(folder, sleeper, first(form, "entry"))


def _sign(folder: NightFolder, sleeper: str, form: Form) -> None:
    next_theme.sign(folder, sleeper, first(form, "thread"), first(form, "says"))


def _without_machine(folder: NightFolder, sleeper: str, _: Form) -> None:
    machine_wordings.remove(folder, sleeper)


def _leave(folder: NightFolder, sleeper: str, _: Form) -> None:
    circles.leave(folder, sleeper)
    for name, each in mornings.of_house(folder.house).items():
        if (each.sleeper, each.night) == (sleeper, folder.name) and each.shared:
            kept = tuple(scope for scope in each.shared if scope == "statistics")
            mornings.share(folder.house, name, kept)


ACTS: Mapping[str, Callable[[NightFolder, str, Form], None]] = {
    "ratify": _ratify,
    "agree": _agree,
    "say": _say,
    "retract": _retract,
    "sign": _sign,
    "without-machine": _without_machine,
    "leave": _leave,
}


def _decided(request: Asker, form: Form, act: Callable[[NightFolder, str, Form], None]) -> Reply:
    folder, sleeper = _whose(request)
    if not _is_told(folder, sleeper) and act is not _leave:
        return Redirect(path="/morning", status_code=303)
    try:
        act(folder, sleeper, form)
    except DreamloomError as error:
        return _page(request, folder, sleeper, wrong=error)
    return Redirect(path="/story", status_code=303)


def _page(request: Asker, folder: NightFolder, sleeper: str, *, wrong: DreamloomError | None = None) -> Reply:
    language = wording.chosen(request)
    say = wording.say(language)
    found: Story = story.story(folder, sleeper, is_tested="met" in request.query_params, say=say)
    theme = themes.chosen(request, otherwise="day")
    shown: dict[str, Any] = {"story": found, "sleeper": sleeper, "new_name": mornings.new_name, "wrong": wrong}
    figures = convergence_page.met(found.met.findings, say=say) if found.met and found.met.findings else ""
    page = pages.page("story.html", theme=theme, language=language, figures=figures, **shown)
    answer = Response(page, media_type=MediaType.HTML, status_code=400 if wrong else 200)
    answer.headers["Referrer-Policy"] = "same-origin"
    return wording.remembered(themes.remembered(answer, request), request)


HANDLERS: tuple[ControllerRouterHandler, ...] = (own_story, night_story, decide)
