"""The verbs `pod …`."""

from pathlib import Path

from dreamloom.cli.output import give, say
from dreamloom.house import enrolment, layout
from dreamloom.house.enrolment import BedKey
from dreamloom.house.house_rules import SAFE_BY
from dreamloom.house.layout import House
from dreamloom.vocabulary.errors import UsageError

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
