"""How does somebody tell their dream on a page? Step by step, by forms that need no script; their own morning alone."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qsl

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.guide import questions
from dreamloom.guide.interview import Interview, Step, step_of
from dreamloom.guide.questions import Question, answered
from dreamloom.house import mornings, pod_page, revealing, told_reports
from dreamloom.house.layout import NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.record.morning_events import InterviewStep, Recall, SharedFor
from dreamloom.vocabulary.errors import DreamloomError, UsageError
from dreamloom.web import pages, themes
from dreamloom.web.front_door import Asker, Reply
from dreamloom.web.pod_pages import bed_of, folder_of

MOST_FIELDS = 64
Form = Mapping[str, Sequence[str]]
ASKED: Mapping[Step, Question] = {
    "report": questions.REPORT,
    "more": questions.MORE,
    "probes": questions.PROBES,
    "outcome": questions.OUTCOME,
    "share": questions.SHARE,
}


@get("/morning", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def morning(request: Asker) -> Reply:
    """What comes next in this morning."""
    return _page(request)


@post("/morning/{step:str}", include_in_schema=False)
async def told(request: Asker, step: str) -> Reply:
    """Keeps what was answered, and goes on; or shows why not, with all that was written."""
    bed_of(request)
    form = await _form(request)
    keep = KEEPS.get(step)
    if keep is None:
        raise ClientException("This is no step of a morning.")
    return await sync_to_thread(_kept, request, form, keep)


class Morning:
    """Whose morning it is, and how far it has come."""

    def __init__(self, request: Asker) -> None:
        self.folder: NightFolder = folder_of(request)
        self.pod = bed_of(request)
        self.dreamer = Dreamer(
            sleeper=pod_page.sleeper_of(self.folder, self.pod), night=self.folder.name, channel="page"
        )
        self.state: Interview = mornings.morning_of(self.folder.house, self.dreamer.sleeper, self.folder.name)

    def step(self) -> Step:
        """What comes next; the theme is told as soon as it may be."""
        house = self.folder.house
        found = step_of(self.state, may_reveal=mornings.may_reveal(house, self.folder))
        if found == "reveal":
            mornings.reveal(house, self.folder, self.state.report)
            self.state = mornings.morning_of(house, self.dreamer.sleeper, self.folder.name)
            return step_of(self.state)
        return found


def _report(morning: Morning, form: Form) -> None:
    found = answered(questions.REPORT, form)
    recall, text = cast("Recall", found["recall"]), str(found.get("text", ""))
    if recall == "content" and not text:
        raise UsageError("DL-E626", "There is nothing in it yet.", do="Tell it, or choose what fits better.")
    piece = Piece(number=0, recall=recall, text=text)
    mornings.tell(morning.folder.house, morning.dreamer, _name(form), piece)


def _more(morning: Morning, form: Form) -> None:
    text = str(answered(questions.MORE, form).get("text", ""))
    house, state = morning.folder.house, morning.state
    number = int(next(iter(form.get("piece", ())), "0") or 0)
    if text and number == len(state.pieces):
        mornings.tell(house, morning.dreamer, state.report, Piece(number=number, recall=state.recall, text=text))
    if not text or "enough" in form:
        mornings.lock(house, state.report)


def _lock(morning: Morning, _: Form) -> None:
    mornings.lock(morning.folder.house, morning.state.report)


def _answers(step: InterviewStep) -> Callable[[Morning, Form], None]:
    def keep(morning: Morning, form: Form) -> None:
        asked = questions.guess(()) if step == "guess" else ASKED[step]
        mornings.answer(morning.folder.house, morning.state.report, step, answered(asked, form))

    return keep


def _share(morning: Morning, form: Form) -> None:
    scopes = cast("tuple[SharedFor, ...]", answered(questions.SHARE, form).get("scopes", ()))
    mornings.share(morning.folder.house, morning.state.report, scopes)


KEEPS: Mapping[str, Callable[[Morning, Form], None]] = {
    "report": _report,
    "more": _more,
    "lock": _lock,
    "probes": _answers("probes"),
    "guess": _answers("guess"),
    "outcome": _answers("outcome"),
    "share": _share,
}


def _kept(request: Asker, form: Form, keep: Callable[[Morning, Form], None]) -> Reply:
    try:
        keep(Morning(request), form)
    except DreamloomError as error:
        return _page(request, wrong=error, form=form)
    return Redirect(path="/morning", status_code=303)


def _page(request: Asker, *, wrong: DreamloomError | None = None, form: Form | None = None) -> Reply:
    found = Morning(request)
    step = found.step()
    if step == "lock":
        mornings.lock(found.folder.house, found.state.report)
        found = Morning(request)
        step = found.step()
    again = found.state.shared is not None and "change" in request.query_params
    shown: dict[str, Any] = {
        "step": "share" if again else step,
        "question": questions.guess(()) if step == "guess" else ASKED.get("share" if again else step),
        "enough": questions.ENOUGH,
        "pieces": len(found.state.pieces),
        "report": _name(form) if form else mornings.new_name(),
        "own": told_reports.text_of(found.folder.house, found.state.report) if found.state.is_revealed else "",
        "revealed": revealing.revealed(found.folder, found.pod) if found.state.is_revealed else None,
        "shared": found.state.shared,
        "by": _clock(mornings.told_by(found.folder)),
        "wrong": wrong,
        "given": _given(found, form),
        "theme": themes.chosen(request, otherwise="ember"),
    }
    answer = Response(pages.morning(shown), media_type=MediaType.HTML, status_code=400 if wrong else 200)
    answer.headers["Referrer-Policy"] = "same-origin"
    return themes.remembered(answer, request)


def _given(found: Morning, form: Form | None) -> dict[str, Sequence[str]]:
    if form:
        return dict(form)
    return {"scopes": found.state.shared or ()}


def _clock(at: datetime | None) -> str:
    return "" if at is None else at.astimezone().strftime("%H:%M")


def _name(form: Form) -> str:
    """The report's name as its form was given it; one of our own where it is none."""
    name = next(iter(form.get("report", ())), "")
    return name if len(name) == 32 and all(sign in "0123456789abcdef" for sign in name) else mornings.new_name()


async def _form(request: Asker) -> Form:
    try:
        body = (await request.body()).decode("utf-8")
        found: dict[str, list[str]] = defaultdict(list)
        for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"):
            found[name].append(value)
    except ValueError as error:
        raise ClientException("This is no form of ours.") from error
    return found


HANDLERS: tuple[ControllerRouterHandler, ...] = (morning, told)
