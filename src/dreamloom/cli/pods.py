"""The verbs `pod …`."""

from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dreamloom.cli.output import give, say
from dreamloom.house import enrolment, layout, phone_graded, phone_rehearsal, pod_links, pod_page
from dreamloom.house.enrolment import BedKey
from dreamloom.house.house_rules import SAFE_BY
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.units import NightTime

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SAID = {
    "enrolled": "enrolled: it may be told what to sound",
    "UNENROLLED": "not enrolled: it records and stays silent, unless it enrols itself at its first start",
    "REVOKED": "revoked: it records and stays silent",
}


def show(pod: str, *, house: Path | None, as_json: bool) -> None:
    """A bed's words and what the house knows of it."""
    root = _house(house)
    enrolment.refuse_unknown(root, pod)
    _tell(enrolment.seen(root, pod), as_json=as_json)


def enrol(pod: str, *, words: str, by: str, house: Path | None, as_json: bool) -> None:
    """Lets a bed in."""
    _refuse_odd(by)
    _tell(enrolment.enrol(_house(house), pod, words=words, by=by), as_json=as_json)


def revoke(pod: str, *, by: str, house: Path | None, as_json: bool) -> None:
    """Keeps a bed out."""
    _refuse_odd(by)
    _tell(enrolment.revoke(_house(house), pod, by=by), as_json=as_json)


def link(night: str, who: str, *, at: str, as_json: bool) -> None:
    """A link that makes one browser the page of one bed."""
    folder = layout.find_night(night)
    where = urlsplit(at)
    if where.scheme not in {"http", "https"} or not where.hostname:
        raise UsageError("DL-E146", f"{at!r} is no address.", do="Give one such as https://night.example.org")
    token, pod = pod_links.make(folder, who)
    address = f"{where.scheme}://{where.netloc}/pod/join/{token}"
    say(f"Open this once, within an hour, in the browser that lies at {pod}:")
    say(f"  {address}")
    if where.hostname not in LOOPBACK:
        say(_as_picture(address))
    if where.scheme == "http" and where.hostname not in LOOPBACK:
        say("Phones play nothing over http: sounds cannot be checked there, and the screen locks. Serve it by https:")
        say("  dreamloom serve NIGHT --by NAME --public https://night.example.org --proxy-config caddy")
    say(f"The pages have to be served meanwhile: dreamloom serve {folder.name} --by NAME")
    if as_json:
        give({"link": address, "night": folder.name, "pod": pod})


def rehearse(night: str, who: str, *, as_json: bool) -> None:
    """Twenty minutes with the phone of one bed, and its grade."""
    folder = layout.find_night(night)
    bed = pod_page.bed_at(folder, who)
    say(f"Waiting for the page of {bed.id}: open it on the phone, and count its notes.")
    kept = phone_rehearsal.rehearse(folder, bed, tell=say)
    say(phone_graded.in_words(kept))
    if as_json:
        give({"pod": bed.id, "grade": phone_graded.event_of(kept, NightTime(0.0))})


def _as_picture(address: str) -> str:
    """What a phone's camera reads from a dark terminal."""
    import segno

    picture = StringIO()
    segno.make_qr(address, error="m").terminal(out=picture, compact=True)
    return picture.getvalue().rstrip("\n")


def _tell(found: BedKey, *, as_json: bool) -> None:
    say(f"{found.pod}  {found.words}\n{SAID[found.known]}")
    if as_json:
        give(
            {
                "pod": found.pod,
                "words": found.words,
                "key_sha256": found.sha256,
                "device": found.device,
                "standing": found.known.lower(),
            }
        )


def _refuse_odd(by: str) -> None:
    if SAFE_BY.fullmatch(by) is None:
        raise UsageError("DL-E163", f"{by!r} cannot stand in a record as a name.", do="Give 1 to 40 letters or digits.")


def _house(root: Path | None) -> House:
    return layout.default_house() if root is None else House(root)
