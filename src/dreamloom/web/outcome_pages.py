"""How does a sleeper see their own outcomes, and a clinician a course? Pages without scripts, for one person each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException, NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.gallery import log_sentences, outcome_page, outcome_sentences
from dreamloom.gallery.outcome_style import RULES
from dreamloom.house import (
    course_account,
    course_packs,
    courses,
    cueing_holds,
    outcome_answers,
    outcome_packs,
    outcome_sharing,
    own_outcomes,
    pod_links,
    pod_page,
)
from dreamloom.house.course_account import CourseTold
from dreamloom.house.layout import House
from dreamloom.outcomes.packs import Item, Pack
from dreamloom.record.course_events import Shown
from dreamloom.vocabulary.errors import DreamloomError, RefusedError
from dreamloom.vocabulary.texts import Say
from dreamloom.web import pages, themes, wording
from dreamloom.web.forms import Form, first, form_of, whole
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.pod_pages import folder_of

OWN_REFERRER = {"Referrer-Policy": "same-origin"}
"""Without it a browser does not say which page a form comes from."""
ASKED = {
    "evening": ("nightly", "evening"),
    "morning": ("nightly", "morning"),
    "before": ("closeness", "around"),
    "after": ("closeness", "around"),
    "rehearsal": ("rehearsal", "rehearsal"),
}
"""What may be told on the page: which pack, and which of its questions."""


@get("/outcomes.css", include_in_schema=False, media_type="text/css", sync_to_thread=False)
def style() -> str:
    """How these pages look."""
    return RULES


@get("/outcomes", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def own(request: Asker) -> Reply:
    """A sleeper's own evenings and mornings; nobody else's."""
    house, sleeper, say = _house(request), _sleeper(request), wording.say(wording.chosen(request))
    found = own_outcomes.own_outcomes(house, sleeper, today=outcome_answers.day(""), say=say)
    holds = [] if found.course is None else outcome_sentences.holds_of(found.course.holds)
    shown: dict[str, Any] = {
        "found": found,
        "figures": outcome_page.figures(found.account, holds, say=say),
        "said": _said(found.course, say) if found.course else None,
        "scores": log_sentences.scores_shown(found.course.scored, say=say) if found.course else "",
        "beside": _beside(request, sleeper),
        "wishes": outcome_sharing.wishes_of(house, sleeper),
        "own_words": outcome_page.own_words(own_outcomes.own_words(house, sleeper, say=say), say=say),
        "note": outcome_sentences.NOT_A_DEVICE,
    }
    return _shown(request, "outcomes.html", shown)


@get("/outcomes/tell/{moment:str}", include_in_schema=False, media_type=MediaType.HTML)
async def asked(request: Asker, moment: str) -> Reply:
    """The questions of this moment."""
    return await sync_to_thread(_questions, request, moment)


@post("/outcomes/tell/{moment:str}", include_in_schema=False)
async def told(request: Asker, moment: str) -> Reply:
    """Keeps what was answered, and shows what it came to; or asks again, with what was wrong."""
    form = await form_of(request)
    return await sync_to_thread(_keep, request, moment, form)


@post("/outcomes/share", include_in_schema=False)
async def share(request: Asker) -> Reply:
    """Says from now on what one named person sees."""
    form = await form_of(request)

    def keep() -> None:
        shown: list[Shown] = [what for what in ("figures", "flags") if what in form.get("shown", ())]
        outcome_sharing.share(_house(request), _sleeper(request), first(form, "person"), shown)

    await sync_to_thread(keep)
    return Redirect(path="/outcomes#sharing", status_code=303)


@get("/courses/{course:str}", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def of_course(request: Asker, course: str) -> Reply:
    """A course, for its clinician alone; what was answered only where the sleeper shares it."""
    return _course(request, course)


@post("/courses/{course:str}/answer", include_in_schema=False)
async def answer(request: Asker, course: str) -> Reply:
    """The clinician's answer to a hold."""
    form = await form_of(request)
    return await sync_to_thread(_answered, request, course, form)


def _keep(request: Asker, moment: str, form: Form) -> Reply:
    house, sleeper, pack = _house(request), _sleeper(request), _pack(request, moment)
    numbers = {name: number for name in form if (number := whole(first(form, name))) is not None}
    try:
        outcome_answers.keep(house, sleeper, pack, numbers, on="", moment=_kept_as(moment))
        cueing_holds.settle(house, sleeper)
    except DreamloomError as error:
        return _questions(request, moment, wrong=error, form=form)
    return Redirect(path="/outcomes", status_code=303)


def _questions(request: Asker, moment: str, *, wrong: DreamloomError | None = None, form: Form | None = None) -> Reply:
    house, sleeper, pack = _house(request), _sleeper(request), _pack(request, moment)
    shown = {
        "moment": moment,
        "pack": pack,
        "items": _items(pack, moment),
        "wrong": wrong,
        "given": form or {},
        "told": outcome_answers.told_before(house, sleeper, pack.id, _kept_as(moment)),
        "note": outcome_sentences.NOT_A_DEVICE,
    }
    return _shown(request, "outcomes_tell.html", shown, status=400 if wrong else 200)


def _course(request: Asker, name: str, *, wrong: DreamloomError | None = None) -> Reply:
    house, today = _house(request), outcome_answers.day("")
    found, say = _told_to(request, name, today), wording.say(wording.chosen(request))
    sleeper, clinician = found.begun.course.sleeper, found.begun.begun.clinician
    try:
        outcome_sharing.refuse_unshared(house, sleeper, clinician)
        is_shared = True
    except RefusedError:
        is_shared = False
    holds = outcome_sentences.holds_of(found.holds)
    shown: dict[str, Any] = {
        "found": found,
        "is_shared": is_shared,
        "said": _said(found, say) if is_shared else None,
        "figures": outcome_page.figures(found.account, holds, say=say) if is_shared else None,
        "scores": log_sentences.scores_shown(found.scored, say=say) if is_shared else "",
        "holds": [outcome_sentences.of_hold(hold, say=say) for hold in holds],
        "adherence": outcome_sentences.of_adherence(found.account.adherence, say=say),
        "nights": outcome_page.nights(found.account, say=say),
        "flags": [
            f"{each.on}: {say(flag.says)}"
            for who, each, flag in outcome_sharing.flags_for(house, clinician)
            if who == sleeper
        ],
        "wrong": wrong,
        "note": outcome_sentences.NOT_A_DEVICE,
    }
    return _shown(request, "course.html", shown, status=400 if wrong else 200)


def _answered(request: Asker, name: str, form: Form) -> Reply:
    found = _told_to(request, name, outcome_answers.day(""))
    said, because = first(form, "answer"), first(form, "because")
    if said not in {"go on", "stay held"}:
        raise ClientException("An answer is: cues go on, or cues stay held.")
    by = found.begun.begun.clinician
    try:
        cueing_holds.answer(_house(request), name, by=by, because=because, goes_on=said == "go on")
    except DreamloomError as error:
        return _course(request, name, wrong=error)
    return Redirect(path=f"/courses/{name}", status_code=303)


def _told_to(request: Asker, name: str, today: date) -> CourseTold:
    """A course for whoever is signed in as the clinician it was begun with; there is none for anybody else."""
    session = allowed(request, frozenset({"clinician"}))
    try:
        found = course_account.course_told(_house(request), name, today=today, say=wording.say(wording.chosen(request)))
    except DreamloomError:
        raise NotFoundException("There is no course of yours by this name.") from None
    clinician = found.begun.begun.clinician
    if session.name not in {clinician, courses.signs_in_as(clinician)}:
        raise NotFoundException("There is no course of yours by this name.")
    return found


def _said(found: CourseTold, say: Say) -> str:
    holds = outcome_sentences.holds_of(found.holds)
    logged = log_sentences.of_logs(found.rehearsed, found.begun.course.protocol, found.scored, say=say)
    lines = outcome_sentences.of_course(found.account, holds, found.compared, found.gains, logged=logged, say=say)
    return outcome_page.said(lines, is_sealed=found.is_sealed, say=say)


def _house(request: Asker) -> House:
    return folder_of(request).house


def _sleeper(request: Asker) -> str:
    """Whose page it is: that of the bed whose cookie this browser has, or of the sleeper who signed in."""
    folder = folder_of(request)
    pod = pod_links.bed_for(folder, request.cookies)
    if pod is not None:
        return pod_page.sleeper_of(folder, pod)
    session = request.app.state.door.session(request.cookies.get(request.app.state.cookie))
    if session is None:
        raise NotAuthorizedException("Open a fresh link of your bed, or sign in.")
    if session.role != "sleeper":
        raise PermissionDeniedException("These pages are for sleepers, each for their own.")
    return pod_page.sleeper_of(folder, session.pod) if session.pod else str(session.name)


def _pack(request: Asker, moment: str) -> Pack:
    if moment in ASKED:
        packs = outcome_packs.packs_of(_house(request))
        return outcome_packs.find_pack(packs, ASKED[moment][0], language=wording.chosen(request))
    for pack in _beside(request, _sleeper(request)):
        if pack.id == moment:
            return pack
    raise ClientException("Nothing is asked at that moment here.")


def _beside(request: Asker, sleeper: str) -> list[Pack]:
    """The instruments that this sleeper's newest course asks as well, each at a time of their choosing."""
    house = _house(request)
    begun = courses.begun_in(house, sleeper)
    try:
        course = courses.find_begun(house, begun[-1].course).course if begun else None
    except DreamloomError:
        course = None
    return [] if course is None else course_packs.beside(house, course, language=wording.chosen(request))


def _kept_as(moment: str) -> str:
    """At which moment an answer stands in the record; an instrument by its own name is asked at none."""
    return moment if moment in ASKED else "once"


def _items(pack: Pack, moment: str) -> list[Item]:
    """What is asked of it now; of one that may not be shown, nothing: its numbers are brought in elsewhere."""
    return [item for item in pack.item if item.ask and (moment not in ASKED or item.when == ASKED[moment][1])]


def _shown(request: Asker, template: str, shown: Mapping[str, Any], *, status: int = 200) -> Reply:
    theme, language = themes.chosen(request, otherwise="day"), wording.chosen(request)
    page = pages.page(template, theme=theme, language=language, **shown)
    answer = Response(page, media_type=MediaType.HTML, status_code=status, headers=OWN_REFERRER)
    return wording.remembered(themes.remembered(answer, request), request)


HANDLERS: tuple[ControllerRouterHandler, ...] = (style, own, asked, told, share, of_course, answer)
