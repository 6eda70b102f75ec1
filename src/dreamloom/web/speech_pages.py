"""May what was spoken at a bed's page be written down, and what was said? Read, answered and forgotten."""

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from dreamloom.house import speech
from dreamloom.house.layout import House
from dreamloom.web import apart, wording
from dreamloom.web.front_door import Asker
from dreamloom.web.pod_pages import bed_of, folder_of


class Writes(Struct, frozen=True):
    """Whether this house writes down what is spoken to it, in the language of this page or in English."""

    writes_down: bool


class Said(Struct, frozen=True, kw_only=True):
    """The words as they were understood, for whoever spoke to correct; in which language."""

    text: str
    language: str


@get("/api/pod/speech")
async def writes(request: Asker) -> Writes:
    """Whether it can be asked for here."""
    bed_of(request)
    return Writes(await sync_to_thread(_language, request, folder_of(request).house) is not None)


@post("/api/pod/speech", status_code=200, request_max_body_size=speech.MOST_BYTES)
async def written(request: Asker) -> Said:
    """What was said in a WAV file; nothing of it is kept here."""
    bed = bed_of(request)
    sound = await request.body()
    return await apart.SPEECH.run(bed, _written, request, sound)


def _written(request: Asker, sound: bytes) -> Said:
    house = folder_of(request).house
    language = _language(request, house) or wording.ENGLISH
    return Said(text=speech.written_down(house, language, sound).text, language=language)


def _language(request: Asker, house: House) -> str | None:
    chosen = wording.chosen(request)
    return next((each for each in (chosen, wording.ENGLISH) if speech.can(house, each)), None)


HANDLERS: tuple[ControllerRouterHandler, ...] = (writes, written)
