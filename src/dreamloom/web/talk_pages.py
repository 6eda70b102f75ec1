"""How do a bed and whoever is awake write to each other? A page for the staff, and what the bed's own page asks."""

from asyncio import to_thread
from typing import Literal

from litestar import MediaType, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from dreamloom.house import intercom, pod_page, voices
from dreamloom.house.intercom import Written
from dreamloom.house.voices import Heard
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.web import pages, themes, wording
from dreamloom.web.forms import first, form_of
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.pace import Pace
from dreamloom.web.people_pages import OWN_REFERRER
from dreamloom.web.pod_pages import bed_of, folder_of
from dreamloom.web.sign_in import MAY_ASK, Session
from dreamloom.web.watching import Watched, watched_night

MOST_SHOWN = 60


class Typed(Struct, frozen=True, forbid_unknown_fields=True):
    """Words for the other side."""

    text: str


class LeftThere(Struct, frozen=True):
    """They lie beside the night, which takes them up within a second or never."""

    toward: Literal["bed", "house"]


class AtBedWritten(Struct, frozen=True, kw_only=True):
    """What may be read at a bed now; `waiting` counts what is shown once its sleeper is awake.

    Attributes:
        heard: who was heard here, or heard this room.
    """

    lines: list[Written]
    waiting: int
    heard: list[Heard]


@get("/nights/{night:str}/beds/{pod:str}/talk", include_in_schema=False, media_type=MediaType.HTML)
async def talk_page(request: Asker, night: str, pod: str) -> Reply:
    """What was written at this bed and to it, and a line to write on; it works without scripts."""
    return await to_thread(_page, request, night, pod)


@post("/nights/{night:str}/beds/{pod:str}/talk", include_in_schema=False)
async def talk_form(request: Asker, night: str, pod: str) -> Reply:
    """Leaves the line that a form sends."""
    session, watched = allowed(request, MAY_ASK), watched_night(request, night)
    text = first(await form_of(request), "text")
    try:
        await to_thread(_to_bed, watched, session, pod, text)
    except DreamloomError as error:
        said = error.said(wording.say(wording.chosen(request)))
        why = f"{said.what} {said.do}".strip()
        return await to_thread(_page, request, night, pod, wrong=why, text=text)
    return Redirect(path=f"/nights/{night}/beds/{pod}/talk?left=1", status_code=303)


@get("/api/nights/{night:str}/beds/{pod:str}/talk", sync_to_thread=True)
def talk(request: Asker, night: str, pod: str) -> list[Written]:
    """What was written at this bed and to it."""
    allowed(request, MAY_ASK)
    watched = watched_night(request, night)
    _known(watched, pod)
    return intercom.written(watched.folder, pod)[-MOST_SHOWN:]


@get("/api/nights/{night:str}/beds/{pod:str}/heard", sync_to_thread=True)
def heard(request: Asker, night: str, pod: str) -> list[Heard]:
    """Who was heard at this bed by voice, or heard its room, and for how long; what was said is kept nowhere."""
    allowed(request, MAY_ASK)
    watched = watched_night(request, night)
    _known(watched, pod)
    return voices.uses(watched.folder, pod)[-MOST_SHOWN:]


@post("/api/nights/{night:str}/beds/{pod:str}/talk", status_code=202, sync_to_thread=True)
def say(request: Asker, night: str, pod: str, data: Typed) -> LeftThere:
    """Words for this bed; shown there once its sleeper is awake, and never sounded."""
    session, watched = allowed(request, MAY_ASK), watched_night(request, night)
    _to_bed(watched, session, pod, data.text)
    return LeftThere("bed")


@get("/api/pod/talk", sync_to_thread=True)
def at_bed(request: Asker) -> AtBedWritten:
    """What may be read at this bed now."""
    pod, watched = bed_of(request), _watched(request)
    lines = intercom.written(watched.folder, pod)[-MOST_SHOWN:]
    heard = voices.uses(watched.folder, pod)[-MOST_SHOWN:]
    if _may_read(watched, pod, lines):
        return AtBedWritten(lines=lines, waiting=0, heard=heard)
    own = [line.toward == "house" for line in lines]
    seen = len(own) - own[::-1].index(True) if any(own) else 0
    return AtBedWritten(lines=lines[:seen], waiting=len(lines) - seen, heard=heard)


@post("/api/pod/talk", status_code=202, sync_to_thread=True)
def from_bed(request: Asker, data: Typed) -> LeftThere:
    """Words for whoever is awake; no more lines in a minute than anybody reads."""
    folder, pod = folder_of(request), bed_of(request)
    pace: Pace = request.app.state.pace_of_lines
    pace.take(pod)
    intercom.write(folder, data.text, pod=pod, by=pod_page.sleeper_of(folder, pod), toward="house")
    return LeftThere("house")


def _to_bed(watched: Watched, session: Session, pod: str, text: str) -> None:
    _known(watched, pod)
    intercom.write(watched.folder, text, pod=pod, by=session.name, toward="bed")


def _may_read(watched: Watched, pod: str, lines: list[Written]) -> bool:
    now = watched.now_as("blinded")
    row = now.rows.get(pod)
    wrote_s = max((line.at_s for line in lines if line.toward == "house"), default=None)
    if row is None:
        return True
    return intercom.may_be_read(
        row.stage, scored_s=row.scored_s, now_s=now.now_s, wrote_s=wrote_s, out_of_bed=row.out_of_bed
    )


def _known(watched: Watched, pod: str) -> None:
    if pod not in watched.now_as("blinded").rows:
        raise NotFoundException("This night has no bed {pod}.", extra={"pod": repr(pod)})


def _watched(request: Asker) -> Watched:
    found: Watched = request.app.state.watched
    return found


def _page(request: Asker, night: str, pod: str, *, wrong: str = "", text: str = "") -> Reply:
    allowed(request, MAY_ASK)
    watched = watched_night(request, night)
    _known(watched, pod)
    page = pages.talk(
        language=wording.chosen(request),
        theme=themes.chosen(request, otherwise="night"),
        night=night,
        pod=pod,
        lines=intercom.written(watched.folder, pod)[-MOST_SHOWN:],
        heard=voices.uses(watched.folder, pod)[-MOST_SHOWN:],
        wrong=wrong,
        text=text,
        left=bool(request.query_params.get("left")),
    )
    answer = Response(page, media_type=MediaType.HTML, status_code=409 if wrong else 200, headers=OWN_REFERRER)
    return wording.remembered(themes.remembered(answer, request), request)


HANDLERS: tuple[ControllerRouterHandler, ...] = (talk_page, talk_form, talk, say, heard, at_bed, from_bed)
