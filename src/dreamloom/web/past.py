"""What may be asked of a night, beside how it stands? How it stood at a moment, a bed from close by, what is played."""

from pathlib import Path

from litestar import Response, get
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from dreamloom.gallery.closer import Closer, closer
from dreamloom.gallery.live_rows import NightNow
from dreamloom.gallery.score_lines import Score, score
from dreamloom.house import opening, stored_spans
from dreamloom.house.stored_spans import Spectrogram
from dreamloom.vocabulary.units import Seconds
from dreamloom.web.front_door import Asker, allowed
from dreamloom.web.looking_back import LookBack
from dreamloom.web.shown_beds import frame
from dreamloom.web.sign_in import MAY_WATCH, Session
from dreamloom.web.watching import Watched, watched_night

LONGEST_S = 100_000.0
"""More than a day: no night is longer."""
SHOWN_S = Seconds(30.0)
Moment = Parameter(ge=0.0, le=LONGEST_S, description="Seconds of the night.")


@get("/api/nights/{night:str}/then", sync_to_thread=True)
def night_then(request: Asker, night: str, at_s: float = Moment) -> NightNow:
    """Every bed's row as it stood then, with the newest lines of each lane before that."""
    session, _ = allowed(request, MAY_WATCH), watched_night(request, night)
    looking_back: LookBack = request.app.state.looking_back
    return looking_back.at(session, Seconds(at_s))


@get("/api/nights/{night:str}/score", sync_to_thread=True)
def night_score(request: Asker, night: str) -> Score:
    """The dreamscape as it was written, and in which line each thing stands that may fire; not for the blinded."""
    session, watched = allowed(request, MAY_WATCH), watched_night(request, night)
    if watched.role_of(session) == "blinded":
        raise PermissionDeniedException("What is played is not shown while arms are sealed.")
    dreamscape = opening.read_asked(watched.folder).dreamscape
    return score(dreamscape, Path(dreamscape.origin.file).read_text(encoding="utf-8"))


@get("/api/nights/{night:str}/beds/{pod:str}/closer", sync_to_thread=True)
def bed_closer(request: Asker, night: str, pod: str, until_s: float = Moment) -> Closer:
    """How sure each stage was, and how well waves were met, up to then."""
    session, watched = allowed(request, MAY_WATCH), watched_night(request, night)
    _known(watched, session, pod)
    return closer(pod, (event for _, event in watched.seen_from(session, 0, until_s=Seconds(until_s))))


@get("/api/nights/{night:str}/beds/{pod:str}/spectrogram", sync_to_thread=True)
def bed_spectrogram(request: Asker, night: str, pod: str, until_s: float = Moment) -> Spectrogram:
    """The power of the bed's first signal in each epoch up to then."""
    session, watched = allowed(request, MAY_WATCH), watched_night(request, night)
    _known(watched, session, pod)
    return stored_spans.spectrogram(watched.folder, pod, until_s=Seconds(until_s))


@get("/api/nights/{night:str}/beds/{pod:str}/samples", sync_to_thread=True, media_type="application/octet-stream")
def bed_samples(request: Asker, night: str, pod: str, until_s: float = Moment) -> Response[bytes]:
    """The 30 s before then, as a frame of the live socket; empty where nothing is stored."""
    session, watched = allowed(request, MAY_WATCH), watched_night(request, night)
    _known(watched, session, pod)
    span = stored_spans.stored_span(watched.folder, pod, until_s=Seconds(until_s), span_s=SHOWN_S)
    return Response(b"" if span is None else frame(0, span), media_type="application/octet-stream")


def _known(watched: Watched, session: Session, pod: str) -> None:
    """Raises NotFoundException for a bed that this night does not have."""
    if pod not in watched.now(session).rows:
        raise NotFoundException("This night has no bed {pod}.", extra={"pod": repr(pod)})


HANDLERS: tuple[ControllerRouterHandler, ...] = (
    night_then,
    night_score,
    bed_closer,
    bed_spectrogram,
    bed_samples,
)
