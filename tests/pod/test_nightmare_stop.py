"""A start out of a nightmare ends the cues for tonight where the author says so, and calls whoever is in charge."""

import dataclasses
from typing import Literal

import msgspec
import pytest

from dreamloom.cli.happened import in_words
from dreamloom.dreamscape.limits import NightmareStop, Stop
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.dreamscape.reader import read
from dreamloom.gallery.happenings import happenings_of
from dreamloom.gallery.pod_night import pod_night
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.plan import Plan
from dreamloom.pod.player import bits, decide
from dreamloom.pod.state import PodState, opening_state
from dreamloom.record.events import ArousalSeen, NightmareArousalSeen, PartStopped, Recovered
from dreamloom.testing.nights import EAGER, grant_for, plan_of
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime

PLAN, _ = plan_of()
STARTED = NightmareArousalSeen(
    onset_s=100.0,
    pod="p1",
    heart_per_min=88.0,
    usual_heart_per_min=60.0,
    breath_per_min=20.0,
    usual_breath_per_min=14.0,
)


def stopped_by(call: Literal["person in charge"] | None = None) -> Plan:
    stop = Stop(nightmare=NightmareStop(then="no more tonight", call=call))
    return dataclasses.replace(PLAN, dreamscape=msgspec.structs.replace(PLAN.dreamscape, stop=stop))


def opened(plan: Plan) -> PodState:
    return msgspec.structs.replace(opening_state(plan, grant_for(plan), None), lights_off_s=NightTime(0.0))


def stops(state: PodState, plan: Plan, now_s: float = 101.0) -> list[PartStopped]:
    _, said = decide(state, plan, NightTime(now_s), senses=Senses(), episodes={})
    return [event for event in said if isinstance(event, PartStopped)]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (None, "stirred as out of a nightmare"),
        ("person in charge", "stirred as out of a nightmare: call the person in charge"),
    ],
)
def test_a_start_out_of_a_nightmare_ends_the_cues_once_and_for_tonight(
    call: Literal["person in charge"] | None, reason: str
) -> None:
    plan = stopped_by(call)
    state = evolve(opened(plan), STARTED, plan)
    (ended,) = stops(state, plan)
    assert ended.reason == reason
    state = evolve(state, ended, plan)
    assert bits(state, NightTime(20_000.0), senses=Senses())[Bit.HALTED]
    assert not stops(state, plan, 20_000.0)
    assert reason in in_words(ended)
    told = msgspec.structs.replace(ended, pod="p1")
    assert reason in happenings_of([told], pod_night([told], "p1"))[0].words


def test_where_the_author_says_nothing_it_only_pauses_and_any_other_arousal_never_ends_the_cues() -> None:
    state = evolve(opened(PLAN), STARTED, PLAN)
    assert not stops(state, PLAN)
    assert state.paused_until_s == 100.0 + PLAN.arousal_pause_s
    plan = stopped_by()
    assert not stops(evolve(opened(plan), ArousalSeen(onset_s=100.0, strength=9.0), plan), plan)


def test_a_crash_between_the_start_and_the_stop_forgets_neither() -> None:
    plan = stopped_by()
    state = evolve(opened(plan), STARTED, plan)
    state = evolve(state, Recovered(onset_s=130.0, lost_from_s=101.0, lost_to_s=130.0, segment=1), plan)
    assert stops(state, plan, 131.0)


def test_a_dreamscape_that_stops_after_nightmares_is_played() -> None:
    dreamscape = read(EAGER.replace("stop:\n", "stop:\n  nightmare: {then: no more tonight}\n"), file="a.yaml")
    assert obeyed_parts(dreamscape) == (0,)
    assert not [each for each in not_yet(dreamscape) if "stop rule" in each.text]
