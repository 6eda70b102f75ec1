"""The verb `verify --receipt`: is this what the house signed, and does its record still go on from there?"""

from pathlib import Path

from dreamloom.cli.output import end_with, give, say
from dreamloom.house import layout, receipts
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import RecordError


def verify(path: Path, *, house: Path | None, as_json: bool) -> None:
    """Judges a receipt; exit code 6 when it does not verify."""
    where = House(house) if house else layout.default_house()
    at_hand = where if where.keys.is_dir() else None
    data = read_text(path, what="a receipt").encode()
    judged = receipts.judge_receipt(data, at_hand)
    told: dict[str, object] = {
        "ok": judged.ok,
        "why": judged.why,
        "sleeper": judged.content.get("sleeper"),
        "change": judged.content.get("change"),
        "about": judged.content.get("about"),
        "at": judged.content.get("at"),
        "key": judged.key,
        "size": judged.checkpoint.size if judged.checkpoint else None,
        "by_house": at_hand is not None,
    }
    if not judged.ok:
        end_with(_unfit(path, judged.why), told, as_json=as_json)
    say(f"The receipt verifies: {told['sleeper']}, {told['change']}, {told['about']}, {told['at']}.")
    if at_hand is None:
        say(f"No house is at hand to compare; it was signed with {judged.key}")
    if as_json:
        give(told)


def _unfit(path: Path, why: str) -> RecordError:
    return RecordError(
        "DL-E429",
        f"The receipt {path} does not verify.",
        why=f"{why}.".capitalize(),
        still="It was left as it is.",
        do="Compare it with another copy; one that was never altered verifies without any network.",
    )
