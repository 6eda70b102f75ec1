"""May this sleeper be cued tonight? More nightmares than was agreed on hold cues until the named clinician answers.

What holds is looked up in the record each time a night opens, and counted anew from the mornings themselves, so that it
does not hang on anybody's having written it down.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Literal, NamedTuple

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house.asked import Asked
from dreamloom.house.courses import begun_in
from dreamloom.house.house_record import append_to_house, tell_if
from dreamloom.house.house_seals import sealing
from dreamloom.house.layout import House
from dreamloom.house.outcome_answers import NIGHTLY, Given, tellings
from dreamloom.outcomes.courses import Hold
from dreamloom.outcomes.holds import first_over
from dreamloom.record.course_events import CourseAnswered, CourseBegun, CueingHeld
from dreamloom.record.events import AnyEvent
from dreamloom.vocabulary.errors import RefusedError, UsageError

COUNTED = "nightmares"


class HeldNow(NamedTuple):
    """Cues of this course's sleeper are held since that morning; `id` is "" while nobody has written it down."""

    begun: CourseBegun
    on: date
    id: str = ""


def held(house: House, sleeper: str) -> HeldNow | None:
    """What holds cues of this sleeper now, in whichever of their courses; None where nothing does."""
    return next((found for begun in begun_in(house, sleeper) if (found := held_in(house, begun)) is not None), None)


def held_in(house: House, begun: CourseBegun) -> HeldNow | None:
    """What holds cues in this course now."""
    holds, answers = _told(house, begun)
    let_go = {answer.held: answer for answer in answers if answer.answer == "go on"}
    standing = [hold for hold in holds if hold.id not in let_go]
    if standing:
        return HeldNow(begun, date.fromisoformat(standing[0].on), standing[0].id)
    since_s = max([begun.onset_s, *(answer.onset_s for answer in let_go.values())])
    told = [each for each in tellings(house, begun.sleeper) if each.pack_id == NIGHTLY and each.moment == "morning"]
    stood = {each.on: each.answers[COUNTED] for each in told if COUNTED in each.answers and each.told_s <= since_s}
    since = [each for each in told if each.told_s > since_s and (not let_go or _is_news(each, stood))]
    over = _first_over(since, begun)
    return None if over is None else HeldNow(begun, over)


def _first_over(told: Sequence[Given], begun: CourseBegun) -> date | None:
    """The morning that went over the threshold as it stood after any telling; correcting it later lets nothing go on.

    Each telling is looked at as if somebody had looked just then, so that it does not matter whether anybody did.
    """
    hold, counted = Hold(begun.nightmares, begun.nights), dict[date, int]()
    for each in told:
        if COUNTED in each.answers:
            counted[each.on] = each.answers[COUNTED]
            if (over := first_over(list(counted.items()), hold)) is not None:
                return over
    return None


def _is_news(each: Given, stood: Mapping[date, int]) -> bool:
    """A morning told again just as it stood when its clinician let cues go on holds nothing anew."""
    return COUNTED not in each.answers or stood.get(each.on) != each.answers[COUNTED]


def settle(house: House, sleeper: str) -> list[HeldNow]:
    """Writes down what holds and was not written down yet; returns all that holds now."""
    found = [now for begun in begun_in(house, sleeper) if (now := held_in(house, begun)) is not None]
    for now in found:
        if not now.id:
            tell_if(
                house, partial(_once, CueingHeld(onset_s=0.0, sleeper=sleeper, course=now.begun.course, on=str(now.on)))
            )
    return [again for now in found if (again := held_in(house, now.begun)) is not None]


def _once(word: CueingHeld, events: Sequence[AnyEvent]) -> CueingHeld | None:
    """One hold at a time: of two that count the same mornings at once, the clinician answers one."""
    own = [each for each in events if isinstance(each, CueingHeld | CourseAnswered) and each.course == word.course]
    let_go = {each.held for each in own if isinstance(each, CourseAnswered) and each.answer == "go on"}
    stands = any(isinstance(each, CueingHeld) and each.id not in let_go for each in own)
    return None if stands else word


def answer(house: House, course: str, *, by: str, because: str, goes_on: bool) -> CourseAnswered:
    """The clinician's answer: cues go on, or they stay held. It stands in the record; why is sealed for the sleeper.

    Raises:
        RefusedError: DL-E665 for anybody but the clinician with whom the course was begun.
        UsageError: DL-E666 where nothing is held, or no reason is given.
    """
    begun = next((each for each in begun_in(house) if each.course == course), None)
    now = None if begun is None else next(iter(settle_course(house, begun)), None)
    if begun is None or now is None or not because.strip():
        raise UsageError(
            "DL-E666",
            f"There is nothing to answer in the course {course!r}.",
            why="No cue is held in it." if now is None else "An answer has a reason, in the clinician's own words.",
            do=f"See: dreamloom course show {course}. A reason is given with --because TEXT.",
        )
    if by.strip() != begun.clinician:
        raise RefusedError(
            "DL-E665",
            f"{by.strip() or 'Nobody'} cannot let cues go on in the course {course!r}.",
            why=f"It was agreed that {begun.clinician} alone answers.",
            still="Cues stay held. Nights are recorded, and mornings told, as before.",
            do=f"Ask {begun.clinician}.",
        )
    said: Literal["go on", "stay held"] = "go on" if goes_on else "stay held"
    event = CourseAnswered(
        onset_s=0.0, sleeper=begun.sleeper, course=course, by=by.strip(), answer=said, held=now.id, because=None
    )
    append_to_house(house, event, seal=sealing(begun.sleeper, because.strip().encode(), "because"))
    return event


def settle_course(house: House, begun: CourseBegun) -> list[HeldNow]:
    """What holds in this course, written down."""
    return [now for now in settle(house, begun.sleeper) if now.begun.course == begun.course]


def refuse_held_cueing(asked: Asked) -> None:
    """Returns when nobody who agreed to cues tonight is held.

    Raises:
        RefusedError: DL-E667, naming whose answer is waited for; why somebody is held is said to nobody else.
    """
    for pod in asked.night.pod:
        grant = asked.grant_of(pod)
        if grant is None or "cue" not in grant.purposes:
            continue
        now = held(asked.folder.house, pod.sleeper)
        if now is not None:
            course = now.begun.course
            raise RefusedError(
                "DL-E667",
                f"Cues of {pod.sleeper} are held since {now.on}, so this night does not begin with them.",
                why=f"What was agreed on in the course {course!r} was gone over; {now.begun.clinician} has to answer.",
                still="Nothing was recorded or played. The night can be recorded without their cues.",
                do=f'dreamloom course answer {course} --by "{now.begun.clinician}" --because TEXT --go-on; or take '
                f"[{pod.sleeper}] out of {asked.folder.consent_toml.name} and run it in silence.",
            )


def _told(house: House, begun: CourseBegun) -> tuple[list[CueingHeld], list[CourseAnswered]]:
    if not house.record.is_file():
        return [], []
    with read_only(house.record) as record:
        holds = record.of_type("CueingHeld", begun.sleeper)
        answers = record.of_type("CourseAnswered", begun.sleeper)
    return (
        [each for each in holds if isinstance(each, CueingHeld) and each.course == begun.course],
        [each for each in answers if isinstance(each, CourseAnswered) and each.course == begun.course],
    )
