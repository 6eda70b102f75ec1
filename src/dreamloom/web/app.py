"""Which addresses are there, and who may ask for them? Everything else is refused."""

from collections.abc import Sequence
from time import monotonic
from typing import Annotated, Any

from litestar import Litestar, MediaType, get, post
from litestar.params import Parameter
from litestar.response import Redirect, Response

from dreamloom.gallery.live_rows import NightNow
from dreamloom.house import people
from dreamloom.house.layout import NightFolder
from dreamloom.web import (
    asking,
    consent_pages,
    counting,
    demo_pages,
    evening_pages,
    gathering_pages,
    guide_pages,
    handing_over,
    looked_after_pages,
    morning_pages,
    outcome_pages,
    pages,
    past,
    people_pages,
    pod_pages,
    speech_pages,
    story_pages,
    talk_pages,
    themes,
    voice_live,
    wording,
)
from dreamloom.web.asking import AnyAsked, CueAsked, HeldAsked, Left, MarkAsked, NoteAsked, StageAsked
from dreamloom.web.ceremonies import Ceremonies
from dreamloom.web.front_door import Asker, Reply, allowed, guarded, session_of
from dreamloom.web.live import Live, live
from dreamloom.web.looking_back import LookBack
from dreamloom.web.pace import Pace
from dreamloom.web.pod_live import pod_live
from dreamloom.web.shown_beds import ShownBeds
from dreamloom.web.sign_in import MAY_ASK, MAY_WATCH, SignIn
from dreamloom.web.told_rows import ToldRows
from dreamloom.web.voice_desk import VoiceDesk
from dreamloom.web.watching import Watched, watched_night

MOST_EVENTS = 1000
OTHERS = (
    consent_pages,
    counting,
    evening_pages,
    gathering_pages,
    guide_pages,
    handing_over,
    looked_after_pages,
    morning_pages,
    outcome_pages,
    past,
    people_pages,
    pod_pages,
    speech_pages,
    story_pages,
    talk_pages,
)
"""What else there is beside the night itself, a file each."""
Place = Annotated[int, Parameter(ge=0, le=2**53 - 1, description="A place of the record; JSON holds no larger number.")]


def make_app(folder: NightFolder, door: SignIn, *, hosts: Sequence[str], of_house: bool = False) -> Litestar:
    """The pages of one night, by itself or among those of its house."""
    watched, others = Watched(folder), [handler for each in OTHERS for handler in each.HANDLERS]
    door.known_by(lambda handle: people.stands(folder.house, handle))
    return guarded(
        [
            home,
            night_page,
            night_now,
            night_events,
            hold,
            stage,
            mark,
            note,
            cue,
            live,
            pod_live,
            voice_live.across,
            voice_live.at_bed,
            *demo_pages.handlers(folder),
            *others,
        ],
        door=door,
        hosts=hosts,
        state={
            "watched": watched,
            "of_house": of_house,
            "looking_back": LookBack(watched),
            "voices": VoiceDesk(),
            "pace_of_lines": Pace(monotonic),
            "ceremonies": Ceremonies(monotonic),
            "live": Live(ToldRows(watched), ShownBeds(watched.shown_by)),
        },
        fresh_link="dreamloom serve NIGHT",
    )


@get("/", include_in_schema=False, sync_to_thread=False)
def home(request: Asker) -> Redirect:
    """Where this role goes on from in the one night that is served."""
    session, night = session_of(request), request.app.state.watched.folder.name
    places = {"sleeper": "/pod", "council": f"/nights/{night}/counts", "clinician": "/courses"}
    return Redirect(path=places.get(session.role, f"/nights/{night}"), status_code=303)


@get("/nights/{night:str}", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def night_page(request: Asker, night: str) -> Reply:
    """The night as it stands; a view goes on from there by itself."""
    session, watched = allowed(request, MAY_WATCH), watched_night(request, night)
    page = pages.night_page(
        watched.folder.name,
        watched.now(session),
        role=watched.role_of(session),
        asks=session.role in MAY_ASK,
        is_demo=bool(demo_pages.handlers(watched.folder)),
        of_house=request.app.state.of_house,
        theme=themes.chosen(request, otherwise="night"),
        language=wording.chosen(request),
    )
    return wording.remembered(themes.remembered(Response(page, media_type=MediaType.HTML), request), request)


@get("/api/nights/{night:str}", sync_to_thread=True)
def night_now(request: Asker, night: str) -> NightNow:
    """Every bed's row, what needs somebody, and the newest lines of each lane."""
    return watched_night(request, night).now(allowed(request, MAY_WATCH))


@get("/api/nights/{night:str}/events", sync_to_thread=True)
def night_events(request: Asker, night: str, after: Place = 0) -> list[dict[str, Any]]:
    """Events of the record from this place on, as this role sees them; each with its place as `seq`.

    At most 1,000 at once: whoever wants the next ones asks again from behind the last place.
    """
    session = allowed(request, MAY_WATCH)
    found = watched_night(request, night).news(session, after)
    return [{"seq": place, **event} for place, event in found.events[:MOST_EVENTS]]


@post("/api/nights/{night:str}/beds/{pod:str}/held", status_code=202, sync_to_thread=True)
def hold(request: Asker, night: str, pod: str, data: HeldAsked) -> Left:
    """Softer, no cue, no sound, woken, or let go; `all` means every bed."""
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/stage", status_code=202, sync_to_thread=True)
def stage(request: Asker, night: str, pod: str, data: StageAsked) -> Left:
    """The stage that a person sees, for ten minutes."""
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/marks", status_code=202, sync_to_thread=True)
def mark(request: Asker, night: str, pod: str, data: MarkAsked) -> Left:
    """Private or among others again, lights off or on, out of bed or back.

    While lights are on or somebody is up, the bed's alarms call nobody, for twenty minutes at most.
    """
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/notes", status_code=202, sync_to_thread=True)
def note(request: Asker, night: str, pod: str, data: NoteAsked) -> Left:
    """Words at this moment, sealed under the sleeper's key."""
    return _left(request, night, pod, data)


@post("/api/nights/{night:str}/beds/{pod:str}/cues", status_code=202, sync_to_thread=True)
def cue(request: Asker, night: str, pod: str, data: CueAsked) -> Left:
    """One cue now or never, under every veto; silence by the same way where none is named."""
    return _left(request, night, pod, data)


def _left(request: Asker, night: str, pod: str, data: AnyAsked) -> Left:
    session, watched = allowed(request, MAY_ASK), watched_night(request, night)
    return Left(beds=tuple(asking.leave(watched.folder, data, pod=pod, by=session.name)))
