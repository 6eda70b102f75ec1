"""Who may be cued tonight? What the house was told before the night, without a reason; a silent house means no."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from dreamloom.adapters.sqlite_reader import SqliteReader, read_only
from dreamloom.governance.policy.request import EXCLUDED, NOBODY_THERE, UNASKED, UNTAUGHT, Eligibility
from dreamloom.governance.sheets import named
from dreamloom.house.asked import Asked
from dreamloom.house.intaking import is_excluded
from dreamloom.house.layout import House
from dreamloom.house.night_file import NOBODY, PodAsked
from dreamloom.record.events import AnyEvent, ArmsSealed, EligibilityTold, IntakeAnswered, TeachBackPassed
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.units import NightTime

CARE = "named clinician"


class Told(NamedTuple):
    """What the house's record holds of one sleeper: their newest intake, and the sheets they were asked about."""

    intake: IntakeAnswered | None
    sheets: frozenset[str]


def eligible(asked: Asked, past: Sequence[AnyEvent] = ()) -> dict[str, Eligibility]:
    """Each bed's, as the night's record holds it where it goes on, else as the house knows it now.

    A bed that spoke and says nothing of it is of a night from before it was asked: whoever wrote the consent vouched.
    """
    kept = {event.pod: as_asked(event) for event in past if isinstance(event, EligibilityTold)}
    spoke = {event.pod for event in past if isinstance(event, ArmsSealed)}
    return {
        pod.id: kept[pod.id] if pod.id in kept else _of(asked, pod)
        for pod in asked.night.pod
        if pod.id in kept or pod.id not in spoke
    }


def _of(asked: Asked, pod: PodAsked) -> Eligibility:
    house = asked.folder.house
    if is_excluded(house, pod.sleeper, asked.dreamscape.tags):
        return EXCLUDED
    if pod.source.startswith(NOBODY):
        return NOBODY_THERE
    grant = asked.grant_of(pod)
    return weighed(told_of(house, pod.sleeper), sheet=grant.sheet if grant else "")


def weighed(told: Told, *, sheet: str) -> Eligibility:
    """What follows for somebody who lies there, and agreed after reading this sheet."""
    if told.intake is None or told.intake.care == "unanswered":
        return UNASKED
    if not _was_asked(told.sheets, sheet):
        return UNTAUGHT
    care = (CARE,) if told.intake.care == CARE else ()
    return Eligibility("answered", care, bool(told.intake.clinician), told.intake.protocol)


def _was_asked(passed: frozenset[str], sheet: str) -> bool:
    """About this version of a sheet of the house; about any, where somebody brought a paper of their own."""
    found = named(sheet)
    return bool(passed) if found is None else f"{found.name} {found.version}" in passed


def told_of(house: House, sleeper: str) -> Told:
    """What the house's record holds; nothing where it cannot be read, and then nobody is cued."""
    if not house.record.is_file():
        return Told(None, frozenset())
    try:
        with read_only(house.record) as record:
            return _told(record, sleeper)
    except RecordError:
        return Told(None, frozenset())


def _told(record: SqliteReader, sleeper: str) -> Told:
    intakes = [each for each in record.of_type("IntakeAnswered", sleeper) if isinstance(each, IntakeAnswered)]
    passed = [each for each in record.of_type("TeachBackPassed", sleeper) if isinstance(each, TeachBackPassed)]
    return Told(intakes[-1] if intakes else None, frozenset(each.sheet for each in passed))


def as_asked(event: EligibilityTold) -> Eligibility:
    """As policies are asked, from what a night's record holds."""
    care = () if event.care == "none" else (event.care,)
    return Eligibility(event.intake, care, event.clinician == "named", event.protocol)


def words(pod: PodAsked, found: Mapping[str, Eligibility], now_s: NightTime) -> list[EligibilityTold]:
    """What a bed is told of its sleeper; nothing where nobody lies there."""
    each = found.get(pod.id, NOBODY_THERE)
    if each == NOBODY_THERE:
        return []
    cared: Literal["none", "named clinician"] = "named clinician" if each.care else "none"
    return [
        EligibilityTold(
            onset_s=now_s,
            sleeper=pod.sleeper,
            intake=each.intake,
            care="unknown" if each.care == UNASKED.care else cared,
            clinician="named" if each.clinician else "none",
            protocol=each.protocol,
        )
    ]


def unasked(asked: Asked, found: Mapping[str, Eligibility]) -> list[str]:
    """What a person should know: who hears nothing tonight, and what is to be done; of limits only that there are."""
    why = {
        "unanswered": "the questions before a first night are open: dreamloom consent intake {0}",
        "untaught": "the three questions on the sheet are open: dreamloom consent questions {0}",
        "excluded": "excluded: yes",
    }
    return [
        f"{pod.sleeper} hears no cue tonight; {why[each.intake].format(pod.sleeper)}"
        for pod in asked.night.pod
        if (each := found.get(pod.id)) is not None and each.intake in why and asked.grant_of(pod) is not None
    ]
