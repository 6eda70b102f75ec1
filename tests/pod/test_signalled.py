"""Gates and stop rules on eye signals: only what was given twice opens, pauses or ends anything."""

import dataclasses

import msgspec
import pytest

from dreamloom.adapters.simulated_beliefs import BelievedIntake
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.gate import EyeSignal, Gate
from dreamloom.dreamscape.limits import SignalStop, Stop
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.dreamscape.signalled import is_seen
from dreamloom.pod.fold import evolve
from dreamloom.pod.gates import shut_by
from dreamloom.pod.looking import Senses
from dreamloom.pod.plan import Plan
from dreamloom.pod.player import bits, decide
from dreamloom.pod.state import PodState, opening_state
from dreamloom.record.events import CueWithheld, EyeSignalSeen, PartStopped, Recovered
from dreamloom.testing.nights import EAGER, grant_for, plan_of
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime

PLAN, _ = plan_of()
TWICE = EyeSignal(pattern="LRLR", times=2, within_s=30.0)


def seen(onset_s: float, status: str = "confirmed") -> EyeSignalSeen:
    return EyeSignalSeen(
        onset_s=onset_s, status=status, confidence=0.8, began_s=onset_s - 7.0, ended_s=onset_s - 1.0,
        size_uv=400.0, sweep_s=0.5, first="left",
    )  # type: ignore[arg-type]  # fmt: skip


def after(*events: EyeSignalSeen, plan: Plan = PLAN) -> PodState:
    state = msgspec.structs.replace(opening_state(plan, grant_for(plan), None), lights_off_s=NightTime(0.0))
    for event in events:
        state = evolve(state, event, plan)
    return state


def stopped_by(**rule: object) -> Plan:
    stop = msgspec.convert({"seen": {"pattern": "LRLR", "times": 2}, **rule}, SignalStop)
    return dataclasses.replace(PLAN, dreamscape=msgspec.structs.replace(PLAN.dreamscape, stop=Stop(eye_signal=stop)))


def test_a_gate_waits_for_a_signal_given_twice_and_shuts_when_it_is_old() -> None:
    gate = Gate(eye_signal=TWICE)
    assert shut_by(gate, after(), NightTime(100.0), part=0) == "EYE_SIGNAL"
    assert shut_by(gate, after(seen(100.0, "candidate")), NightTime(100.0), part=0) == "EYE_SIGNAL"
    state = after(seen(100.0))
    assert shut_by(gate, state, NightTime(100.0), part=0) is None
    assert shut_by(gate, state, NightTime(123.0), part=0) is None
    assert shut_by(gate, state, NightTime(124.0), part=0) == "EYE_SIGNAL"


@pytest.mark.parametrize(("times", "needed"), [(1, 1), (2, 1), (3, 2), (4, 2), (10, 5)])
def test_twice_is_the_least_and_an_odd_number_asks_for_one_more(times: int, needed: int) -> None:
    asked = EyeSignal(pattern="LRLR", times=times)
    signals_s = [NightTime(100.0 * n) for n in range(1, needed + 1)]
    assert is_seen(asked, signals_s, NightTime(20_000.0))
    assert not is_seen(asked, signals_s[1:], NightTime(20_000.0))


def test_all_of_them_must_lie_within_the_time() -> None:
    asked = EyeSignal(pattern="LRLR", times=4, within_s=60.0)
    assert is_seen(asked, [NightTime(0.0), NightTime(950.0), NightTime(990.0)], NightTime(1000.0))
    assert not is_seen(asked, [NightTime(930.0), NightTime(990.0)], NightTime(1000.0))


def test_a_signal_ends_the_cues_for_tonight_where_the_author_says_so() -> None:
    plan = stopped_by(then="no more tonight")
    now_s = NightTime(101.0)
    _, said = decide(after(seen(100.0), plan=plan), plan, now_s, senses=Senses(), episodes={})
    (ended,) = [event for event in said if isinstance(event, PartStopped)]
    assert ended.reason == "left-right-left-right seen twice"
    _, said = decide(after(seen(100.0, "candidate"), plan=plan), plan, now_s, senses=Senses(), episodes={})
    assert not [event for event in said if isinstance(event, PartStopped)]


def test_a_signal_keeps_the_bed_quiet_for_as_long_as_the_author_says_and_at_once() -> None:
    plan = stopped_by(then="pause", pause=600)
    state = after(seen(100.0), plan=plan)
    assert bits(state, NightTime(101.0), senses=Senses())[Bit.AROUSAL]
    assert not bits(state, NightTime(701.0), senses=Senses())[Bit.AROUSAL]
    assert state.quiet_until_s == 700.0
    _, said = decide(state, plan, NightTime(101.0), senses=Senses(), episodes={})
    assert not [event for event in said if isinstance(event, PartStopped | CueWithheld)]


def test_after_a_crash_it_must_be_given_again() -> None:
    state = evolve(after(seen(100.0)), Recovered(onset_s=130.0, lost_from_s=110.0, lost_to_s=130.0, segment=1), PLAN)
    assert shut_by(Gate(eye_signal=TWICE), state, NightTime(131.0), part=0) == "EYE_SIGNAL"


def test_a_dreamscape_that_waits_for_eye_signals_is_played() -> None:
    text = EAGER.replace("stable_for: 10 s", "stable_for: 10 s, eye_signal: {pattern: LRLR, times: 2, within: 2 min}")
    dreamscape = reader.read(text, file="a.yaml")
    assert dreamscape.parts[0].when.eye_signal is not None
    assert obeyed_parts(dreamscape) == (0,)
    assert not [each for each in not_yet(dreamscape) if "eye signal" in each.text]


def test_a_rehearsed_sleeper_who_signals_twice_is_believed_and_who_does_not_is_a_candidate() -> None:
    def told(spec: str) -> set[str]:
        intake = BelievedIntake(spec, seed=1, sleeper="S01", duration_s=5_000)
        seconds, _ = intake.read(NightTime(5_001.0))
        return {f.status for s in seconds for f in s.facts if isinstance(f, EyeSignalSeen)}

    assert told("lucid,start=6h,signals=20,repeats=1") == {"candidate", "confirmed"}
    assert told("lucid,start=6h,signals=6") == {"candidate"}
