"""Who may look at this house's pages, as whom, and by which passkeys? A file a person, mode 0600, and the record.

An invitation is a link: it works once and for two days. What a passkey stands for is read from here each time, so a
person who was removed is out at once, in whatever browser they sit.
"""

import hashlib
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.key_rotation import changing
from dreamloom.adapters.passkeys import Passkey
from dreamloom.engine.clocks import utc_now
from dreamloom.house import by_hand
from dreamloom.house.house_record import append_to_house
from dreamloom.house.layout import House
from dreamloom.record.people_events import HouseRole, PasskeyAdded, PersonInvited, PersonRemoved, SignedIn
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

ROLES: tuple[HouseRole, ...] = get_args(HouseRole)
INVITED_FOR = timedelta(days=2)
"""Time for somebody to come by and make their passkey. Ours."""
TOKEN_BYTES, HANDLE_BYTES = 32, 16
INVITES = "invites"


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of people/HANDLE.json.

    Attributes:
        handle: by what a passkey names this person; drawn, and tells nobody who it is.
        sleeper: the name once more where it is a sleeper's, whom it goes with; else "".
    """

    handle: str
    name: str
    role: HouseRole
    sleeper: str
    passkeys: tuple[Passkey, ...] = ()


class Invite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of people/invites/SHA-256.json: who may make a passkey, as whom, until when."""

    name: str
    role: HouseRole
    sleeper: str
    handle: str
    until_utc: datetime


def invite(house: House, name: str, role: str, *, by: str) -> str:
    """A token by which this person may make one passkey; somebody who has one already makes another.

    Raises:
        UsageError: DL-E129 for names that cannot stand in a record, DL-E611 for a role that there is not.
        RefusedError: DL-E613 where somebody is known by this name in another role.
        RecordError: when the house's record cannot be written.
    """
    by_hand.refuse_name(name)
    by_hand.refuse_name(by)
    wanted = next((known for known in ROLES if known == role), None)
    if wanted is None:
        raise UsageError("DL-E611", f"Nobody is a {role!r} here.", why=f"Roles: {', '.join(ROLES)}.", do="Name one.")
    for folder in (house.people, house.people / INVITES):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with changing(house.people):
        found = _invitation(house, name, wanted, by=by)
        until_utc = found.until_utc.isoformat(timespec="seconds")
        append_to_house(house, PersonInvited(onset_s=0.0, name=name, role=wanted, by=by, until_utc=until_utc))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        _write(_invite_place(house, token), msgspec.json.encode(found))
    return token


def _invitation(house: House, name: str, role: HouseRole, *, by: str) -> Invite:
    """For whoever is known by this name, or was invited by it before: two links of one name are of one person."""
    known = find(house, name) or next((each for each in waiting(house) if each.name == name), None)
    if known is not None and known.role != role:
        is_there = isinstance(known, Person)
        raise RefusedError(
            "DL-E613",
            f"{name} is {'a' if is_there else 'invited as a'} {known.role} here.",
            why="One name has one role, so that what was asked for under it means one thing.",
            still="Nothing was changed.",
            do=f"Invite them by another name, or first: dreamloom house remove {name} --by {by}",
        )
    return Invite(
        name=name,
        role=role,
        sleeper=name if role == "sleeper" else "",
        handle=known.handle if known else secrets.token_hex(HANDLE_BYTES),
        until_utc=utc_now() + INVITED_FOR,
    )


def invited(house: House, token: str) -> Invite | None:
    """Who comes by this link; None for one that is used up, too old, or never was."""
    found = _read_invite(_invite_place(house, token))
    return found if found is not None and found.until_utc.astimezone(UTC) > utc_now() else None


def admit(house: House, token: str, passkey: Passkey) -> Person:
    """Keeps the passkey that an invited person made; the link is used up by it, also where two come at once.

    Raises:
        RefusedError: DL-E587 for a link that is used up or too old.
    """
    if not house.people.is_dir():
        raise _used_up()
    with changing(house.people):
        found = invited(house, token)
        if found is None:
            raise _used_up()
        event = PasskeyAdded(
            onset_s=0.0, name=found.name, role=found.role, passkey_sha256=passkey.sha256, rp_id=passkey.rp_id
        )
        append_to_house(house, event)
        _invite_place(house, token).unlink()
        fresh = Person(handle=found.handle, name=found.name, role=found.role, sleeper=found.sleeper)
        known = person(house, found.handle) or fresh
        kept = msgspec.structs.replace(known, passkeys=(*known.passkeys, passkey))
        _keep(house, kept)
    return kept


def _used_up() -> RefusedError:
    return RefusedError(
        "DL-E587",
        "This invitation is used up, or its time is over.",
        why="It makes one passkey, within two days.",
        do="Ask for a fresh one: dreamloom house invite NAME --role ROLE --by NAME",
    )


def person(house: House, handle: str) -> Person | None:
    """Whom a passkey names by this handle; None for nobody any more."""
    if len(handle) != 2 * HANDLE_BYTES or not set(handle) <= set("0123456789abcdef"):
        return None
    return _read(house.people / f"{handle}.json")


def stands(house: House, handle: str) -> bool:
    """Whether somebody who came in by a passkey is still known here."""
    return person(house, handle) is not None


def signed_in(house: House, who: Person, passkey: Passkey) -> None:
    """A passkey of this person opened the pages; it stands in the record before they are shown."""
    append_to_house(house, SignedIn(onset_s=0.0, name=who.name, role=who.role, passkey_sha256=passkey.sha256))
    with changing(house.people):
        if (known := person(house, who.handle)) is not None:  # removed meanwhile, they stay so
            others = (each for each in known.passkeys if each.id != passkey.id)
            _keep(house, msgspec.structs.replace(known, passkeys=(*others, passkey)))


def people(house: House) -> list[Person]:
    """Everybody who has a passkey here, by name."""
    found = [each for path in house.people.glob("*.json") if (each := _read(path)) is not None]
    return sorted(found, key=lambda each: each.name)


def waiting(house: House) -> list[Invite]:
    """Invitations that nobody has taken up yet and still may."""
    read = (_read_invite(path) for path in (house.people / INVITES).glob("*.json"))
    now = utc_now()
    found = [each for each in read if each is not None and each.until_utc.astimezone(UTC) > now]
    return sorted(found, key=lambda each: each.name)


def find(house: House, name: str) -> Person | None:
    """Who is known by this name."""
    return next((each for each in people(house) if each.name == name), None)


def remove(house: House, name: str, *, by: str) -> HouseRole:
    """Nothing of this person's opens a page any more: passkeys, open pages and invitations end at once.

    Raises:
        ConfigError: DL-E664 for a name that is not known here.
    """
    by_hand.refuse_name(by)
    if not house.people.is_dir():
        raise _nobody(house, name)
    with changing(house.people):
        there = {house.people / f"{each.handle}.json": each.role for each in people(house) if each.name == name}
        asked = {
            path: each.role
            for path in (house.people / INVITES).glob("*.json")
            if (each := _read_invite(path)) is not None and each.name == name
        }
        if not there and not asked:
            raise _nobody(house, name)
        for path in (*asked, *there):
            path.unlink(missing_ok=True)
    role = next(iter({**there, **asked}.values()))
    append_to_house(house, PersonRemoved(onset_s=0.0, name=name, role=role, by=by))
    return role


def _nobody(house: House, name: str) -> ConfigError:
    names = sorted({each.name for each in people(house)} | {each.name for each in waiting(house)})
    return ConfigError(
        "DL-E664",
        f"Nobody called {name!r} may look at this house's pages.",
        why=f"Known here: {', '.join(names) or 'nobody yet'}.",
        do="Name one of these.",
    )


def _keep(house: House, who: Person) -> None:
    _write(house.people / f"{who.handle}.json", msgspec.json.encode(who))


def _write(path: Path, content: bytes) -> None:
    write_durably(path, content)
    path.chmod(0o600)


def _invite_place(house: House, token: str) -> Path:
    return house.people / INVITES / f"{hashlib.sha256(token.encode()).hexdigest()}.json"


def _read(path: Path) -> Person | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=Person)
    return None


def _read_invite(path: Path) -> Invite | None:
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(path.read_bytes(), type=Invite)
    return None
