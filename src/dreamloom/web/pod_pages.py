"""What does a bed's page ask for? Its own bed alone, by a one-time link; and files that work without a network."""

import msgspec
from litestar import MediaType, Response, get, post
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from dreamloom.house import pod_hearing, pod_links, pod_page, told_dreams
from dreamloom.house.layout import NightFolder
from dreamloom.house.pod_hearing import Answers, Moment
from dreamloom.house.pod_page import AtBed
from dreamloom.house.told_dreams import Receipt
from dreamloom.vocabulary.texts import Say
from dreamloom.web import pod_files, wording
from dreamloom.web.front_door import Asker, Reply

ASK_AGAIN = "Ask for a fresh link: this one is used up, or its time is over."


class Stopped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A no, under a name of its own; when it was said, by the phone's clock, and in which night."""

    id: str
    told_utc: str
    tonight: str = ""


class Dream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dream as it was told, under a name of its own, and in which night."""

    id: str
    told_utc: str
    text: str
    tonight: str = ""


class Silent(msgspec.Struct, frozen=True):
    """The bed is silent for tonight, and that is on the disk."""

    id: str
    withdrawn: bool


class Sounds(msgspec.Struct, frozen=True):
    """What may be made ready, each by its SHA-256."""

    sounds: list[str]


def folder_of(asker: Asker) -> NightFolder:
    """The one night that is served."""
    folder: NightFolder = asker.app.state.watched.folder
    return folder


def bed_of(asker: Asker) -> str:
    """Whose page it is; raises NotAuthorizedException for nobody's."""
    pod = pod_links.bed_for(folder_of(asker), asker.cookies)
    if pod is None:
        raise NotAuthorizedException(ASK_AGAIN)
    return pod


@get("/pod/join/{token:str}", include_in_schema=False, sync_to_thread=True)
def join(request: Asker, token: str) -> Reply:
    """A one-time link makes this browser the page of one bed; a used one changes nothing, as the page says."""
    folder = folder_of(request)
    cookie = pod_links.enter(folder, token)
    answer: Reply = Redirect(path="/pod", status_code=303)
    if cookie is None:
        return answer
    lasts_s = int(pod_links.PAGE_FOR.total_seconds())
    is_secure = request.url.scheme == "https"
    answer.set_cookie(
        pod_links.cookie_of(folder),
        cookie,
        httponly=True,
        samesite="strict",
        path="/",
        max_age=lasts_s,
        secure=is_secure,
    )
    return answer


@get("/pod", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=False)
def page(request: Asker) -> Reply:
    """The page without anything of anybody: what it shows it asks for."""
    found = pod_files.page(wording.chosen(request))
    return wording.remembered(Response(found, media_type=MediaType.HTML), request)


@get("/pod/manifest.webmanifest", include_in_schema=False, media_type="application/manifest+json", sync_to_thread=False)
def manifest() -> bytes:
    """What it is called on a home screen."""
    return pod_files.manifest()


@get("/pod/worker.js", include_in_schema=False, media_type="text/javascript", sync_to_thread=True)
def worker() -> Reply:
    """What keeps the page working without a network."""
    return Response(pod_files.worker(), headers={"Service-Worker-Allowed": "/pod", "Cache-Control": "no-cache"})


@get("/api/pod", sync_to_thread=True)
def at_bed(request: Asker) -> AtBed:
    """This bed: to what its sleeper agreed, in one sentence, and whether they took it back."""
    folder, pod = folder_of(request), bed_of(request)
    words = pod_links.words_of(pod_links.brought(folder, request.cookies) or "")
    return pod_page.at_bed(folder, pod, words=words, say=_say(request))


@get("/api/pod/sounds", sync_to_thread=True)
def sounds(request: Asker) -> Sounds:
    """What may be made ready in the evening."""
    return Sounds(pod_page.sounds(folder_of(request), bed_of(request)))


@get("/api/pod/sounds/{sha256:str}", media_type="application/octet-stream", sync_to_thread=True)
def sound(request: Asker, sha256: str) -> Reply:
    """The frames of one sound: 32-bit floats at 48 kHz."""
    found = pod_page.sound(folder_of(request), bed_of(request), sha256) or pod_hearing.frames(sha256)
    if found is None:
        raise NotFoundException("No such sound lies at this bed.")
    return Response(found, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


@post("/api/pod/stop", status_code=200, sync_to_thread=True)
def stop(request: Asker, data: Stopped) -> Silent:
    """A no: it holds for tonight, from whichever moment it comes."""
    folder, pod = folder_of(request), bed_of(request)
    pod_links.refuse_other_night(folder, data.tonight)
    pod_page.stop(folder, pod)
    return Silent(id=data.id, withdrawn=True)


@post("/api/pod/heard", status_code=204, sync_to_thread=True)
def heard(request: Asker) -> None:
    """The notes of the sound check were counted right: this page is at this ear."""
    pod_page.heard(folder_of(request), bed_of(request))


@post("/api/pod/hearing", status_code=200, sync_to_thread=True)
def hearing(request: Asker) -> Moment:
    """The first moment of a staircase at what this sleeper just hears here."""
    folder = folder_of(request)
    return _said(request, pod_hearing.begin(folder, pod_page.bed_at(folder, bed_of(request))))


@post("/api/pod/hearing/answers", status_code=200, sync_to_thread=True)
def answers(request: Asker, data: Answers) -> Moment:
    """The moment after these answers; the last one keeps what was found."""
    folder = folder_of(request)
    return _said(request, pod_hearing.after(folder, pod_page.bed_at(folder, bed_of(request)), data))


@post("/api/pod/reports", status_code=200, sync_to_thread=True)
def report(request: Asker, data: Dream) -> Receipt:
    """A dream, sealed and on the disk before the receipt; told twice, it is there once."""
    folder, pod = folder_of(request), bed_of(request)
    pod_links.refuse_other_night(folder, data.tonight)
    who = pod_page.sleeper_of(folder, pod)
    return told_dreams.keep(folder, pod=pod, sleeper=who, report=data.id, text=data.text, told_utc=data.told_utc)


def _say(request: Asker) -> Say:
    return wording.say(wording.chosen(request))


def _said(request: Asker, moment: Moment) -> Moment:
    return msgspec.structs.replace(moment, told=_say(request)(moment.told))


HANDLERS: list[ControllerRouterHandler] = [
    *(join, page, manifest, worker, at_bed, sounds, sound),
    *(stop, heard, hearing, answers, report),
]
