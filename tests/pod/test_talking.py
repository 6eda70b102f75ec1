"""What does this bed ask a dreamer, and what was answered?"""

import numpy as np

from dreamloom.dreamscape import reader
from dreamloom.eyes import watch
from dreamloom.eyes.leads import leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.sweeps import STRICT
from dreamloom.pod import talks
from dreamloom.pod.fold import evolve
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState, opening_state
from dreamloom.pod.talking import answered, asking, kept
from dreamloom.pod.talks import Talk, Window
from dreamloom.record.events import AnswerSeen, AnyEvent, CueDue, Recovered
from dreamloom.testing.company import ToldBed, signal, told_night
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, seconds_of, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime

ASKING = """\
dreamscape: asking
version: 1
intent: Ask a dreamer two sums when they signal that they know they dream.
tags: [dialogue]
cues:
  one_and_one: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 2 s, because: "ours: a test"}
  two_and_one: {kind: sound, class: sleep, make: tone, notes: [A5], duration: 2 s, because: "ours: a test"}
  wake: {kind: sound, class: awake, make: chord, notes: [C4], duration: 2 s, because: "ours: a test"}
dialogues:
  sums:
    for: each sleeper
    when:                              # ours: a test
      stage: R
      confidence: ">= 0.8"
      eye_signal: {pattern: LRLR, times: 2, within: 30 s}
    questions: [{cue: one_and_one, right: "2"}, {cue: two_and_one, right: "3"}]
    every: 60 s                        # ours: a test
    answer: {by: eyes, code: count, window: 20 s, because: "ours: a test"}
    repeat: {times: 2, apart: 40 s, because: "ours: a test"}
    then: let sleep                    # ours: a test
    silent_after: 2                    # ours: a test
    budget: {per_hour: 20, per_night: 30, because: "ours: a test"}
awakenings:
  - {kind: morning, for: each sleeper, cue: wake, latest: "08:00", because: "ours: a test"}
arms: {active: {cue: own}, sham: {cue: silence}}
levels: {cap: 45 dBA, over_threshold: 10 dB, awake_cap: 60 dBA, because: "ours: a test"}
stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}, because: "ours: a test"}
"""
SUMS = -200


def night(*signals_s: int, duration_s: int = 700) -> list[AnyEvent]:
    facts = {second: [signal(second + 1.0)] for second in signals_s}
    return told_night(ASKING, [ToldBed(facts=facts)], duration_s=duration_s)[0]


def asked(events: list[AnyEvent]) -> list[tuple[str, float]]:
    return [(event.cue, event.onset_s) for event in events if isinstance(event, CueDue)]


def test_nothing_is_asked_before_the_agreed_signal() -> None:
    assert asked(night()) == []


def test_a_question_without_an_answer_is_asked_again_then_the_next_and_silence_ends_it() -> None:
    events = night(99, 399)
    assert asked(events) == [
        ("one_and_one", 100.0),
        ("one_and_one", 140.0),
        ("two_and_one", 200.0),
        ("two_and_one", 240.0),
    ]
    answers = [event for event in events if isinstance(event, AnswerSeen)]
    assert [(each.question, each.said, each.judged) for each in answers] == [(0, "none", "")] * 2 + [
        (1, "none", "")
    ] * 2
    assert [each.cause for each in answers] == [event.id for event in events if isinstance(event, CueDue)]


def looks(pairs: int) -> tuple[Saccade, ...]:
    """Eyes that rest for 43 s, look left and right so often, and rest again."""
    rng, hz, chosen = stream(1, "pairs"), 100, leads(CHANNELS)
    assert chosen is not None
    gaze_uv = np.concatenate([np.zeros(43 * hz), signalled(rng, hz, looks=2 * pairs), np.zeros(25 * hz)])
    state, found = watch.start(chosen, hz, gated=False), []
    for second in seconds_of(eyes_of(gaze_uv, hz, rng), hz):
        state, _, new = watch.step(state, second)
        found += new
    return tuple(found)


def plan_and_state(talk: Talk) -> tuple[Plan, PodState]:
    plan = Plan(dreamscape=reader.read(ASKING, file="a.yaml"), dreamscape_sha256="0" * 64, cue_sha256={})
    state = opening_state(plan, None, None)
    state.talks[SUMS] = talk
    return plan, state


def test_the_eyes_of_the_window_are_read_when_it_is_over_and_judged_by_the_author() -> None:
    plan, state = plan_and_state(Talk(asked=1, window=Window(40.0, 60.0), due="p1.0.9"))
    gaze = kept((), looks(2), state)
    assert answered(plan, state, NightTime(61.0), gaze=gaze, limits=STRICT) == []
    (answer,) = answered(plan, state, NightTime(62.0), gaze=gaze, limits=STRICT)
    assert (answer.said, answer.number, answer.judged, answer.cause) == ("answer", 2, "right", "p1.0.9")
    after = talks.answered(state.talks[SUMS], plan.dialogue(SUMS), answer)
    assert (after.question, after.silent, after.is_open, after.window) == (1, 0, True, None)


def test_nothing_is_kept_of_the_eyes_while_no_answer_is_waited_for() -> None:
    _, state = plan_and_state(Talk())
    assert kept((), looks(2), state) == ()


def test_the_last_question_closes_the_dialogue_and_silence_ends_it_for_the_night() -> None:
    plan, _ = plan_and_state(Talk())
    dialogue, silent = plan.dialogue(SUMS), Talk(question=1, asked=2, silent=1, is_open=True)
    none = AnswerSeen(
        onset_s=1.0, dialogue=0, question=1, by="eyes", said="none", number=0, confidence=0.0, judged="", at_s=1.0
    )
    ended = talks.answered(silent, dialogue, none)
    assert (ended.is_over, ended.is_open) == (True, False)


def test_after_a_break_the_question_is_asked_anew_behind_another_signal_and_no_silence_is_counted() -> None:
    before = Talk(question=1, asked=2, silent=1, window=Window(100.0, 120.0), due="p1.0.9", is_open=True)
    plan, state = plan_and_state(before)
    after = evolve(state, Recovered(onset_s=110.0, lost_from_s=105.0, lost_to_s=110.0, segment=1), plan)
    assert after.talks[SUMS] == Talk(question=1, asked=0, silent=1, window=None, due=None, is_open=False)
    assert asking(plan, after, SUMS).when.eye_signal is not None
