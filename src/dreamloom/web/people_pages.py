"""How does somebody come in by a passkey? By an invitation they make one, and sign in with it from then on."""

from typing import Any

from litestar import MediaType, Response, get, post
from litestar.exceptions import NotAuthorizedException, NotFoundException, TooManyRequestsException
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from dreamloom.adapters import passkeys
from dreamloom.adapters.passkeys import NotProvenError, Party
from dreamloom.engine.clocks import utc_now
from dreamloom.house import people, withdrawing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.people import Invite, Person
from dreamloom.vocabulary.errors import DreamloomError, RefusedError
from dreamloom.web import pages, themes, wording
from dreamloom.web.ceremonies import Ceremonies
from dreamloom.web.front_door import Asker, Reply
from dreamloom.web.sign_in import Session, SignIn

OWN_REFERRER = {"Referrer-Policy": "same-origin"}
"""Without it a browser does not say which page a form comes from."""
SIGN_IN = "sign in"
NOT_HERE = "This passkey opens nothing here."
TOO_LATE = "This was answered already, or too late. Begin again."
USED_UP = "This invitation is used up, or its time is over."


class Asked(Struct, frozen=True):
    """What the browser is to have signed, as WebAuthn puts it, and under which name the answer comes back."""

    ceremony: str
    publicKey: dict[str, Any]  # noqa: N815 - the browser's own word


class Answered(Struct, frozen=True, forbid_unknown_fields=True):
    """What a passkey answered, as WebAuthn puts it."""

    ceremony: str
    credential: dict[str, Any]


class CameIn(Struct, frozen=True):
    """Who somebody is here, and where they go on."""

    name: str
    role: str
    next: str


@get("/sign-in", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def sign_in_page(request: Asker) -> Reply:
    """Asks for a passkey, or says who is signed in."""
    session: Session | None = _door(request).session(request.cookies.get(request.app.state.cookie))
    page = pages.sign_in_page(
        session, at_localhost=_elsewhere(request), theme=_theme(request), language=wording.chosen(request)
    )
    answer: Reply = Response(page, media_type=MediaType.HTML, headers=OWN_REFERRER)
    return wording.remembered(themes.remembered(answer, request), request)


@get("/join/{token:str}", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def join_page(request: Asker, token: str) -> Reply:
    """Who is invited as what, and a button that makes the passkey; looking at it uses nothing up."""
    found = _invited(request, token)
    page = pages.join_page(
        found,
        token=token,
        at_localhost=_elsewhere(request),
        theme=_theme(request),
        language=wording.chosen(request),
    )
    return wording.remembered(Response(page, media_type=MediaType.HTML), request)


@post("/api/join/{token:str}/options", status_code=200, sync_to_thread=True)
def join_options(request: Asker, token: str) -> Asked:
    """What a new passkey is made for."""
    found, party = _invited(request, token), _party(request)
    known = people.person(_house(request), found.handle)
    name, challenge = _ceremonies(request).begin(f"join {token}")
    options = passkeys.asked_to_make(
        party, handle=found.handle, name=found.name, challenge=challenge, has=known.passkeys if known else ()
    )
    return Asked(name, options)


@post("/api/join/{token:str}", status_code=200, sync_to_thread=True)
def join(request: Asker, token: str, data: Answered) -> Response[CameIn]:
    """Keeps the passkey that was made; it signs in at once, and the invitation is used up."""
    _invited(request, token)
    party, challenge = _party(request), _challenge(request, data.ceremony, f"join {token}")
    now_utc = utc_now().isoformat(timespec="seconds")
    try:
        passkey = passkeys.made(party, data.credential, challenge=challenge, now_utc=now_utc)
    except NotProvenError as error:
        raise _wrong(request) from error
    who = people.admit(_house(request), token, passkey)
    people.signed_in(_house(request), who, passkey)
    return _came_in(request, who)


@post("/api/sign-in/options", status_code=200, sync_to_thread=True)
def sign_in_options(request: Asker) -> Asked:
    """What a passkey of this house is to sign; who is known here is told to nobody."""
    _refuse_many(request)
    party = _party(request)
    name, challenge = _ceremonies(request).begin(SIGN_IN)
    return Asked(name, passkeys.asked_to_sign(party, challenge=challenge))


@post("/api/sign-in", status_code=200, sync_to_thread=True)
def sign_in(request: Asker, data: Answered) -> Response[CameIn]:
    """Opens a session for whoever's passkey signed what was asked."""
    _refuse_many(request)
    party, challenge = _party(request), _challenge(request, data.ceremony, SIGN_IN)
    try:
        named, handle = passkeys.named_in(data.credential)
        who = people.person(_house(request), handle)
        known = {(each.id, each.rp_id): each for each in who.passkeys} if who else {}
        if who is None or (named, party.rp_id) not in known:
            raise NotProvenError
        passkey = passkeys.signed(party, data.credential, known[named, party.rp_id], challenge=challenge)
    except NotProvenError as error:
        raise _wrong(request) from error
    people.signed_in(_house(request), who, passkey)
    return _came_in(request, who)


def _came_in(request: Asker, who: Person) -> Response[CameIn]:
    pod = _bed_of(request.app.state.watched.folder, who)
    cookie = _door(request).begin(who.role, name=who.name, pod=pod, handle=who.handle)
    answer = Response(CameIn(name=who.name, role=who.role, next="/"), status_code=200)
    is_secure = request.url.scheme == "https"
    answer.set_cookie(request.app.state.cookie, cookie, httponly=True, samesite="strict", path="/", secure=is_secure)
    return answer


def _bed_of(folder: NightFolder, who: Person) -> str | None:
    """Where a sleeper of this house lies tonight; None where they do not, or the night is over."""
    if who.role != "sleeper":
        return None
    try:
        return withdrawing.find_pod(withdrawing.who_sleeps_where(folder), who.name)[0]
    except DreamloomError:
        return None


def _invited(request: Asker, token: str) -> Invite:
    _refuse_many(request)
    found = people.invited(_house(request), token)
    if found is None:
        _door(request).was_wrong(_address(request))
        raise NotFoundException(USED_UP)
    return found


def _challenge(request: Asker, ceremony: str, what: str) -> bytes:
    found = _ceremonies(request).take(ceremony, what)
    if found is None:
        raise _wrong(request, TOO_LATE)
    return found


def _party(request: Asker) -> Party:
    """At which name of the house the browser is; raises RefusedError DL-E506 where it makes no passkeys."""
    found = passkeys.party_of(request.headers.get("host", ""))
    if found is None:
        raise RefusedError(
            "DL-E506",
            "Browsers make and use passkeys at a name, and this address is a number.",
            still="One-time links work here as ever.",
            do=f"Open the same page at {_elsewhere(request)}.",
        )
    return found


def _elsewhere(request: Asker) -> str:
    """The same page at a name; "" where this is one."""
    host = request.headers.get("host", "")
    if passkeys.party_of(host) is not None:
        return ""
    return f"http://{passkeys.LOCAL}:{host.rpartition(':')[2]}{request.url.path}"


def _wrong(request: Asker, told: str = NOT_HERE) -> NotAuthorizedException:
    _door(request).was_wrong(_address(request))
    return NotAuthorizedException(told)


def _refuse_many(request: Asker) -> None:
    if _door(request).is_closed_to(_address(request)):
        raise TooManyRequestsException("Too many tries from there. Wait a minute.")


def _address(request: Asker) -> str:
    return request.client.host if request.client else ""


def _door(request: Asker) -> SignIn:
    door: SignIn = request.app.state.door
    return door


def _ceremonies(request: Asker) -> Ceremonies:
    found: Ceremonies = request.app.state.ceremonies
    return found


def _house(request: Asker) -> House:
    folder: NightFolder = request.app.state.watched.folder
    return folder.house


def _theme(request: Asker) -> themes.Colours:
    return themes.chosen(request, otherwise="system")


HANDLERS: tuple[ControllerRouterHandler, ...] = (
    *(sign_in_page, join_page),
    *(join_options, join, sign_in_options, sign_in),
)
