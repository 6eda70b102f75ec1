"""What do six dreamers who are not there tell in the morning of a demo? Invented reports, and a story woven of them.

They are told by the same doors as everybody's: kept, locked, answered, shared, agreed to, ratified. In a house in which
anybody else ever slept or told anything, nothing is told: an invented dream has no place among people's.
"""

from datetime import timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from dreamloom.engine.clocks import utc_now
from dreamloom.house import mornings, people, weaving
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.weaving import Agreed
from dreamloom.record.morning_events import InterviewStep, SharedFor
from dreamloom.weave.words import sentences_of

DREAMS = Path(__file__).parent / "demo_dreams.json"
DEMO = "demo"
"""What nights of a demo are called, with a number behind."""
SCOPES: tuple[SharedFor, ...] = ("statistics", "weave")
STEPS: tuple[tuple[InterviewStep, dict[str, str]], ...] = (("probes", {}), ("guess", {"heard": "no"}), ("outcome", {}))


class Invented(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One dreamer who is not there: under which name they stand in a story, and what they tell."""

    name: str
    tonight: str
    before: tuple[str, ...]


def invented() -> dict[str, Invented]:
    """By sleeper."""
    return msgspec.json.decode(DREAMS.read_bytes(), type=dict[str, Invented])


def is_only_demos(house: House) -> bool:
    """Whether nobody but demos ever slept, was let in or told anything in this house."""
    nights = {path.name for path in house.night("x").root.parent.iterdir() if path.is_dir()}
    told = {each.night for each in mornings.of_house(house).values()} - {""}
    known = people.people(house) or people.waiting(house)
    return not known and all(name.split("-")[0] == DEMO for name in nights | told)


def tell(folder: NightFolder) -> bool:
    """The morning of this demo, and once some mornings before it; False where nothing may be told.

    Raises:
        RecordError: when the house's record cannot be written.
    """
    house = folder.house
    if not is_only_demos(house):
        return False
    dreamers = invented()
    _tell_before(house, dreamers)
    reports = {
        who: _told(house, Dreamer(sleeper=who, night=folder.name), each.tonight) for who, each in dreamers.items()
    }
    for who, each in dreamers.items():
        spans = tuple(sentences_of(each.tonight))
        weaving.agree(house, reports[who], Agreed(hidden=(), passages=spans, name=each.name))
    for who in dreamers:
        for sha256 in weaving.standing(folder).threads.values():
            weaving.ratify(folder, who, sha256, "yes")
    return True


def _tell_before(house: House, dreamers: dict[str, Invented]) -> None:
    """What is usual for each of them, a morning a day."""
    if any(not each.night for each in mornings.of_house(house).values()):
        return
    for who, each in dreamers.items():
        for days, text in enumerate(each.before, 1):
            told_utc = (utc_now() - timedelta(days=days)).isoformat(timespec="seconds")
            _told(house, Dreamer(sleeper=who, night=""), text, told_utc=told_utc)


def _told(house: House, dreamer: Dreamer, text: str, *, told_utc: str = "") -> str:
    report = mornings.new_name()
    mornings.tell(house, dreamer, report, Piece(number=0, recall="content", text=text, told_utc=told_utc))
    mornings.lock(house, report)
    for step, answers in STEPS if dreamer.night else ():
        mornings.answer(house, report, step, answers)
    mornings.share(house, report, SCOPES)
    return report
