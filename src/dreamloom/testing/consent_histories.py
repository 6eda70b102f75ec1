"""What becomes of consent over many nights? Random yes and no, sheets, intakes, limits, moved clocks, older files.

Acts go through the house as people do them, on the disk, with receipts; nights are lived by the real engine at a bed
that believes itself in REM. `consent_oracle` judges what was exported.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.engine.loop import Outside
from dreamloom.governance.intake import Answers
from dreamloom.governance.sheets import find
from dreamloom.house import consenting, house_record, intaking, making, opening, receipts, withdrawing
from dreamloom.house.asked import Asked
from dreamloom.house.consenting import Wanted
from dreamloom.house.eligible import eligible
from dreamloom.house.house_record import in_house, tell_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.opening import read_checked
from dreamloom.house.standing_consent import refuse_ended_grants
from dreamloom.ports import Speaker
from dreamloom.record.events import (
    AnyEvent,
    ConsentChanged,
    ConsentWithdrawn,
    HostDescribed,
    Rearmed,
)
from dreamloom.testing import consent_oracle
from dreamloom.testing.company import ToldIntake, always
from dreamloom.testing.consent_oracle import Judged, Opening
from dreamloom.testing.fuzzed_intake import FuzzedIntake, Trouble
from dreamloom.testing.fuzzed_nights import FuzzedBed, Lived
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

SLEEPER = "S01"
POD = PodAsked(id="p1", sleeper=SLEEPER, source="lsl:a-headband")
BEGAN = datetime(2026, 1, 15, 20, tzinfo=UTC)
LEAST_S, MOST_S = 45, 160
HEARD_BY_S = 40.0
"""By then the first cue of a lawful night has sounded, unless somebody said no before."""
MOST_NIGHTS = 4
ACTS_AN_EVENING = (0, 0, 1, 2, 3)
RIGHT = (3, 2, 1)
WELL = Answers(
    age_years=34,
    seizures=False,
    psychosis_or_dissociation=False,
    ptsd=False,
    pregnancy=False,
    untreated_apnoea=False,
    hearing_loss=False,
    shares_room="nobody",
)
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
"""Where a disk costs no time; what is judged here is no disk."""
Chance = np.random.Generator


class History(NamedTuple):
    """What came of one history: every evening judged, and of how many changes the receipts verify."""

    nights: tuple[Judged, ...]
    missed: int
    changes: int
    receipts: int


@dataclass(slots=True)
class _House:
    """One house on the disk, its clock, and what only its sleeper knows."""

    house: House
    chance: Chance
    yaml: Path
    utc: datetime = BEGAN
    sheet: int = 1
    kept_out: bool = False
    older: list[str] = field(default_factory=list)
    night: NightFolder | None = None
    silenced: bool = False
    lived: list[Opening] = field(default_factory=list)

    def tells(self) -> datetime:
        """The clock on the wall; it goes on a little whenever it is looked at."""
        self.utc += timedelta(milliseconds=20)
        return self.utc


def histories(seed: int, first: int, count: int) -> list[History]:
    """So many histories from this number on; the same numbers give the same ones."""
    return [history(seed, number) for number in range(first, first + count)]


def history(seed: int, number: int) -> History:
    """Lives one in a folder of its own, and has it judged."""
    with tempfile.TemporaryDirectory(prefix="consent-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        root = Path(folder)
        (root / "eager.yaml").write_text(EAGER, encoding="utf-8")
        lived = _House(House(root / "house"), stream(seed, "consent history", number), root / "eager.yaml")
        with _clock_of(lived):
            for night in range(1, int(lived.chance.integers(2, MOST_NIGHTS + 1)) + 1):
                _evening(lived, f"n{night}", is_first=night == 1)
        return _judged(lived)


def _evening(lived: _House, name: str, *, is_first: bool) -> None:
    lived.night = making.write_night(lived.house, name, [POD], str(lived.yaml), seed=1)
    lived.night.consent_toml.write_text("", encoding="utf-8")
    lived.silenced = False
    usual = [_intake, _questions, _give] if is_first else [_give]
    for act in usual:
        if lived.chance.random() < (0.9 if is_first else 0.75):
            act(lived)
    for _ in range(int(lived.chance.choice(ACTS_AN_EVENING))):
        ACTS[int(lived.chance.integers(len(ACTS)))](lived)
    lived.lived.append(_lived_through(lived, lived.night))
    lived.utc += timedelta(hours=float(lived.chance.uniform(1.0, 300.0)))


def _lived_through(lived: _House, night: NightFolder) -> Opening:
    house = lived.house
    told = partial(Opening, night.name, _size(house), lived.utc, lived.sheet, lived.kept_out, lived.silenced)
    try:
        asked = opening.read_asked(night)
        refuse_ended_grants(asked, lived.utc)
    except DreamloomError:
        return told(())
    asked = replace(asked, eligible=eligible(asked)).resolved_at(lived.utc)
    duration_s = int(lived.chance.integers(LEAST_S, MOST_S))
    bed = FuzzedBed(POD, "headband", Trouble(frozenset(), {}, {}))
    crashes = [int(lived.chance.integers(62, MOST_S))] if lived.chance.random() < 0.4 else []
    events = _InRem(asked, bed, lived.utc, duration_s).through(list(_script(lived, duration_s)), crashes, lived.chance)
    host = next(event for event in events if isinstance(event, HostDescribed))
    tell_house(house, in_house(night.name, host, events))
    return told(events)


class _InRem(Lived):
    """A bed in which somebody lies who is in REM all the time."""

    def __init__(self, asked: Asked, bed: FuzzedBed, opened: datetime, duration_s: int) -> None:
        super().__init__(asked, [bed], opened, duration_s, seed=0)

    def at(self, bed: FuzzedBed, from_s: int) -> tuple[FuzzedIntake, Speaker]:
        told = ToldIntake(always(Stage.R), {}, self._duration_s)
        intake = FuzzedIntake(told, bed.trouble, from_s=from_s, arrived_s=self.arrived_s[bed.pod.id])
        return intake, VirtualSpeaker(start_s=NightTime(float(from_s)))


def _script(lived: _House, duration_s: int) -> Iterator[Outside]:
    chance = lived.chance
    if lived.silenced:
        yield _outside(ConsentWithdrawn(onset_s=0.0, sleeper=SLEEPER, channel="before the night"))
    if chance.random() < 0.4:
        at_s = round(float(chance.uniform(0.0, duration_s)), 3)
        yield _outside(ConsentWithdrawn(onset_s=at_s, sleeper=SLEEPER, channel="stop key"))
    for _ in range(int(chance.integers(0, 3))):
        at_s = round(float(chance.uniform(0.0, duration_s)), 3)
        yield _outside(Rearmed(onset_s=at_s, by="a person"))


def _outside(event: AnyEvent) -> Outside:
    return Outside(known_s=NightTime(event.onset_s), pod=POD.id, event=event)


def _give(lived: _House) -> None:
    night, chance = lived.night, lived.chance
    if night is None:
        return
    heard = ["chord", "silence"] if chance.random() < 0.9 else ["silence"]
    days = int(chance.choice([0, 0, 1, 30]))
    sheet = find(intaking.sheets_of(lived.house), "home", "en")
    consenting.give(night, SLEEPER, sheet, Wanted(days=days, heard=heard))
    lived.older.append(night.consent_toml.read_text(encoding="utf-8"))


def _put_back(lived: _House) -> None:
    """Somebody puts an older consent.toml there, from another night or a copy."""
    if lived.older and lived.night is not None and not _has_stood_for(lived):
        older = lived.older[int(lived.chance.integers(len(lived.older)))]
        lived.night.consent_toml.write_text(older, encoding="utf-8")


def _has_stood_for(lived: _House) -> bool:
    """True while a standing yes may be copied to another night rightly: then a copy says nothing wrong."""
    with read_only(lived.house.record) as record:
        told = [each for each in record.of_type("ConsentChanged", SLEEPER) if isinstance(each, ConsentChanged)]
    changes = [
        each.change for each in told if each.change == "given" or (each.change == "withdrawn" and not each.about)
    ]
    return not changes or changes[-1] != "withdrawn"


def _intake(lived: _House) -> None:
    chance = lived.chance
    seizures = bool(chance.random() < 0.2)
    answers = msgspec.structs.replace(WELL, seizures=None if chance.random() < 0.15 else seizures)
    clinician, protocol = ("Dr Lee", "P-7") if chance.random() < 0.7 else ("", "")
    intaking.answer_intake(lived.house, SLEEPER, answers, clinician=clinician, protocol=protocol)
    receipts.receipt_for(lived.house, SLEEPER, "intake")


def _questions(lived: _House) -> None:
    sheet = find(intaking.sheets_of(lived.house), "home", "en")
    intaking.pass_questions(lived.house, SLEEPER, sheet, RIGHT)
    receipts.receipt_for(lived.house, SLEEPER, "questions", sheet=sheet.reference)


def _amend(lived: _House) -> None:
    """The house writes its sheet anew: who read the older one is asked again."""
    lived.sheet += 1
    text = (resources.files("dreamloom.governance.sheets") / "home.en.toml").read_text(encoding="utf-8")
    lived.house.sheets.mkdir(parents=True, exist_ok=True)
    amended = text.replace("version = 1\n", f"version = {lived.sheet}\n", 1)
    (lived.house.sheets / "home.en.toml").write_text(amended, encoding="utf-8")


def _limits(lived: _House) -> None:
    lived.kept_out = bool(lived.chance.random() < 0.5)
    intaking.keep_limits(lived.house, POD.id, SLEEPER, ["therapy"] if lived.kept_out else [])
    receipts.receipt_for(lived.house, SLEEPER, "limits")


def _withdraw_all(lived: _House) -> None:
    consenting.withdraw_everywhere(lived.house, SLEEPER, channel="command line")
    lived.silenced = True


def _withdraw_by_slip(lived: _House) -> None:
    code = receipts.new_slip(lived.house, SLEEPER)
    consenting.withdraw_everywhere(lived.house, receipts.sleeper_of_slip(lived.house, code), channel="slip")
    lived.silenced = True


def _withdraw_tonight(lived: _House) -> None:
    if lived.night is not None:
        name = lived.night.name
        withdrawing.withdraw(lived.house, night=name, pod=POD.id, sleeper=SLEEPER, channel="stop key")
        consenting.noted(lived.house, SLEEPER, about=name, channel="stop key")
        lived.silenced = True


def _no_from_an_earlier_night(lived: _House) -> None:
    """A no to everything while this night was not planned yet: its own bed has no file of it."""
    consenting.noted(lived.house, SLEEPER, about="", channel="command line")


def _move_clock(lived: _House) -> None:
    lived.utc += timedelta(hours=float(lived.chance.uniform(-30.0, 30.0)))


ACTS = (
    _give, _give, _put_back, _put_back, _intake, _questions, _questions, _amend, _limits, _withdraw_all,
    _withdraw_by_slip, _withdraw_tonight, _no_from_an_earlier_night, _no_from_an_earlier_night, _move_clock,
    _move_clock,
)  # fmt: skip


def _judged(lived: _House) -> History:
    held = [path.read_bytes() for path in sorted(lived.house.receipts.glob("*.json"))]
    told = _told(lived.house)
    agreed = consent_oracle.agreed_in(held)
    nights = [consent_oracle.judged(each, told, agreed, sleeper=SLEEPER) for each in lived.lived]
    return History(
        nights=tuple(nights),
        missed=sum(_is_missed(each, found) for each, found in zip(lived.lived, nights, strict=True)),
        changes=sum(isinstance(event, ConsentChanged) for event in told),
        receipts=sum(receipts.judge_receipt(data, None).ok for data in held),
    )


def _is_missed(opening_: Opening, found: Judged) -> bool:
    """Cues were agreed to, nobody said no early, and none sounded."""
    no_s = min((each.onset_s for each in opening_.events if isinstance(each, ConsentWithdrawn)), default=HEARD_BY_S)
    return found.lawful and not found.played and no_s >= HEARD_BY_S


def _told(house: House) -> list[AnyEvent]:
    if not house.record.is_file():
        return []
    with read_only(house.record) as record:
        return list(record.events())


def _size(house: House) -> int:
    return len(_told(house))


@contextmanager
def _clock_of(lived: _House) -> Iterator[None]:
    """Whatever asks for the time on the wall while this lasts is told that of this house; texts are read once each."""
    told = [(module, "utc_now", lived.tells) for module in (consenting, house_record, receipts)]
    read = [(module, "read_checked", _read_once) for module in (consenting, making, opening)]
    before = [(module, name, getattr(module, name)) for module, name, _ in (*told, *read)]
    for module, name, ours in (*told, *read):
        setattr(module, name, ours)
    try:
        yield
    finally:
        for module, name, real in before:
            setattr(module, name, real)


@cache
def _read_of(text: str) -> Dreamscape:
    return read_checked(text, file="eager.yaml")


def _read_once(text: str, *, file: str) -> Dreamscape:  # noqa: ARG001 - in the place of read_checked
    return _read_of(text)
