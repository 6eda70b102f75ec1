"""What does this bed ask a dreamer, and what was answered?"""

from dataclasses import replace

import numpy as np
from msgspec import structs

from dreamloom.dreamscape import reader
from dreamloom.eyes import answers, watch
from dreamloom.eyes.answers import Answer, Asked
from dreamloom.eyes.leads import leads
from dreamloom.eyes.saccades import Saccade
from dreamloom.eyes.strengths import Meter, heard
from dreamloom.eyes.sweeps import STRICT
from dreamloom.pod import talks
from dreamloom.pod.fold import evolve
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState, opening_state
from dreamloom.pod.talking import Heard, answered, asking, displaced, kept, metered
from dreamloom.pod.talks import Talk, Window
from dreamloom.record.events import (
    AnswerSeen,
    AnyEvent,
    ArousalSeen,
    AwakeningDue,
    AwakeningMade,
    CueDue,
    LetterSeen,
    Recovered,
)
from dreamloom.signals.blocks import Channel, StreamInfo
from dreamloom.testing.company import StageAt, ToldBed, always, signal, told_night
from dreamloom.testing.eye_storms import CHANNELS, eyes_of, glanced, seconds_of, signalled
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import Hertz, NightTime

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


def plan_and_state(talk: Talk, text: str = ASKING) -> tuple[Plan, PodState]:
    plan = Plan(dreamscape=reader.read(text, file="a.yaml"), dreamscape_sha256="0" * 64, cue_sha256={})
    state = opening_state(plan, None, None)
    state.talks[SUMS] = talk
    return plan, state


def test_the_eyes_of_the_window_are_read_when_it_is_over_and_judged_by_the_author() -> None:
    plan, state = plan_and_state(Talk(asked=1, window=Window(40.0, 60.0), due="p1.0.9", is_open=True))
    gaze = kept((), looks(2), state)
    assert answered(plan, state, NightTime(61.0), Heard(gaze, STRICT)) == []
    (answer,) = answered(plan, state, NightTime(62.0), Heard(gaze, STRICT))
    assert isinstance(answer, AnswerSeen)
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


WINDOW = Talk(asked=1, window=Window(40.0, 60.0), due="p1.0.9")
FACE = ASKING.replace("by: eyes, code: count", "by: [eyes, face], code: count")
YES_OR_NO = FACE.replace("code: count", "code: yes or no").replace('right: "2"', 'right: "yes"')
MORSE = ASKING.replace("code: count", "code: morse").replace('right: "2"', "right: K")
CHIN = StreamInfo("told", (*CHANNELS, Channel("EMG chin", "EMG")), Hertz(100.0), 100)


def meters(plan: Plan, *at_s: float) -> tuple[Meter, ...]:
    """A chin that is tensed for half a second at each of these moments."""
    rng, hz = stream(1, "chin"), 100
    tone_uv = 3.0 * rng.standard_normal(65 * hz)
    for onset_s in at_s:
        tone_uv[round(onset_s * hz) : round((onset_s + 0.5) * hz)] *= 8.0
    told = metered(plan, CHIN)
    samples_uv = np.stack([np.zeros(65 * hz)] * 3 + [tone_uv], axis=1)
    for second in seconds_of(samples_uv, hz):
        told = tuple(heard(each, second) for each in told)
    return told


def test_a_bed_listens_to_what_its_dialogues_name_and_its_channels_show() -> None:
    plan, _ = plan_and_state(WINDOW, FACE)
    (chin,) = metered(plan, CHIN)
    assert (chin.by, chin.place, chin.hz) == ("face", 3, 100)
    assert chin.keep_s >= 30 + 2 + 20 + 2
    assert metered(plan, replace(CHIN, channels=CHANNELS)) == ()
    assert metered(plan_and_state(WINDOW)[0], CHIN) == ()
    assert metered(plan_and_state(WINDOW, MORSE.replace("by: eyes", "by: [eyes, face]"))[0], CHIN) == ()


def test_two_tensions_of_the_face_are_two_and_what_the_eyes_say_otherwise_makes_it_unclear() -> None:
    plan, state = plan_and_state(WINDOW, FACE)
    (face,) = answered(plan, state, NightTime(62.0), Heard((), STRICT, meters(plan, 45.0, 46.2)))
    assert isinstance(face, AnswerSeen)
    assert (face.by, face.said, face.number, face.judged) == ("face", "answer", 2, "right")
    gaze = kept((), looks(3), state)
    (both,) = answered(plan, state, NightTime(62.0), Heard(gaze, STRICT, meters(plan, 45.0, 46.2)))
    assert (both.said, both.confidence, both.judged) == ("unclear", 0.0, "")


def test_who_stirs_in_the_time_to_answer_has_not_answered_with_the_body() -> None:
    plan, state = plan_and_state(WINDOW, FACE)
    stirred = evolve(state, ArousalSeen(onset_s=50.0, strength=4.0, tick=49, id="p1.0.3"), plan)
    (face,) = answered(plan, stirred, NightTime(62.0), Heard((), STRICT, meters(plan, 45.0, 46.2)))
    assert face.said == "unclear"
    (eyes,) = answered(plan, stirred, NightTime(62.0), Heard(kept((), looks(2), state), STRICT, meters(plan)))
    assert eyes.said == "answer"


def test_twice_is_yes_three_times_is_no_and_anything_else_is_unclear() -> None:
    plan, state = plan_and_state(WINDOW, YES_OR_NO)
    told = {}
    for count in (2, 3, 4):
        tensed = meters(plan, *(43.0 + 1.2 * n for n in range(count)))
        (told[count],) = answered(plan, state, NightTime(62.0), Heard((), STRICT, tensed))
    assert [(told[count].said, told[count].judged) for count in (2, 3, 4)] == [
        ("answer", "right"),
        ("answer", "wrong"),
        ("unclear", ""),
    ]


def glances(signs: str, *, exchanged: bool = False) -> tuple[Saccade, ...]:
    rng, hz, chosen = stream(1, "letter"), 100, leads(CHANNELS)
    assert chosen is not None
    gaze_uv = np.concatenate([np.zeros(43 * hz), glanced(rng, hz, signs), np.zeros(15 * hz)])
    state, found = watch.start(chosen, hz, gated=False), []
    for second in seconds_of(eyes_of(-gaze_uv if exchanged else gaze_uv, hz, rng), hz):
        state, _, new = watch.step(state, second)
        found += new
    return tuple(found)


def test_a_letter_is_read_from_the_side_to_which_the_agreed_signal_began() -> None:
    plan, state = plan_and_state(WINDOW, MORSE)
    for exchanged, first, letter in ((False, "left", "K"), (True, "right", "K"), (True, "left", "R")):
        seen = evolve(state, structs.replace(signal(35.0), first=first), plan)
        (told,) = answered(plan, seen, NightTime(62.0), Heard(glances("-.-", exchanged=exchanged), STRICT))
        assert isinstance(told, LetterSeen)
        assert (told.said, told.letter, told.judged) == ("answer", letter, "right" if letter == "K" else "wrong")
    (unknown,) = answered(plan, state, NightTime(62.0), Heard(glances("-.-"), STRICT))
    assert isinstance(unknown, LetterSeen)
    assert (unknown.said, unknown.letter) == ("unclear", "")
    after = evolve(state, unknown, plan)
    assert (after.talks[SUMS].window, after.talks[SUMS].asked) == (None, 1)


def test_an_answer_that_is_not_sure_enough_is_unclear() -> None:
    asked = Asked(40.0, 60.0)
    for by, least in answers.LEAST_CONFIDENCE.items():
        weak = Answer(by, "answer", 2, least - 0.01, 50.0)
        assert answers.sure(weak, asked) == answers.unclear(by, asked)
        assert answers.sure(weak._replace(confidence=least), asked).said == "answer"


WAKING = ASKING.replace("then: let sleep", "then: wake for report").replace(
    'latest: "08:00", because', 'latest: "08:00", report: {ask: "What was there?", record_for: 30 s}, because'
)
BEHIND_SUMS = 1


ASLEEP = always(Stage.R)


def woken(
    text: str, *, facts: dict[int, list[AnyEvent]], stage_at: StageAt = ASLEEP, duration_s: int = 700
) -> list[AnyEvent]:
    bed = ToldBed(stage_at=stage_at, facts=facts, changes={"purposes": ("cue", "wake")})
    return told_night(text, [bed], duration_s=duration_s)[0]


def test_when_silence_has_ended_a_dialogue_the_sleeper_is_woken_asked_and_let_sleep() -> None:
    def stage_at(second: int) -> Stage:
        return Stage.W if 280 <= second < 330 else Stage.R

    events = woken(WAKING, facts={99: [signal(100.0)]}, stage_at=stage_at)
    silent_s = [event.onset_s for event in events if isinstance(event, AnswerSeen)][-1]
    (due,) = [event for event in events if isinstance(event, AwakeningDue)]
    assert (due.awakening, due.manner, due.reason) == (BEHIND_SUMS, "probe", "DIALOGUE")
    assert 0.0 <= due.onset_s - silent_s <= 1.0
    (made,) = [event for event in events if isinstance(event, AwakeningMade)]
    assert (made.awakening, made.how, made.report_s) == (BEHIND_SUMS, "STAGE", 30.0)
    rung = [event for event in events if isinstance(event, CueDue) and event.part == -300 - BEHIND_SUMS]
    assert rung
    assert {(event.cue, event.sound_class) for event in rung} == {("wake", "awake")}
    assert not [event for event in events if isinstance(event, CueDue) and event.onset_s > made.onset_s]


def test_the_last_answer_of_a_round_wakes_and_every_round_wakes_once() -> None:
    plan, state = plan_and_state(Talk(question=1, asked=1, window=Window(40.0, 60.0), is_open=True), WAKING)
    told = AnswerSeen(
        onset_s=62.0,
        dialogue=0,
        question=1,
        by="eyes",
        said="answer",
        number=3,
        confidence=0.9,
        judged="right",
        at_s=50.0,
    )
    after = evolve(state, told, plan)
    assert (after.talks[SUMS].ended_s, after.talks[SUMS].is_over) == (62.0, False)
    first = talks.answered(Talk(asked=1, window=Window(40.0, 60.0), is_open=True), plan.dialogue(SUMS), told)
    assert (first.ended_s, first.is_open) == (None, True)


def test_nobody_is_woken_behind_a_dialogue_who_did_not_agree_or_whose_author_lets_sleep() -> None:
    refused = told_night(
        WAKING, [ToldBed(facts={99: [signal(100.0)]}, changes={"purposes": ("cue",)})], duration_s=500
    )[0]
    for events in (refused, woken(ASKING, facts={99: [signal(100.0)]}, duration_s=500)):
        assert [event for event in events if isinstance(event, AnswerSeen)]
        assert not [event for event in events if isinstance(event, AwakeningDue)]


def by_hand(plan: Plan, state: PodState, cue: str) -> PodState:
    due = CueDue(
        onset_s=38.0, id="p1.0.9", cue=cue, cue_sha256="0" * 64, part=-1, sound_class="sleep", level_db=30.0,
        play_at_s=38.25, expires_s=38.75, lease="p1.0.8",
    )  # fmt: skip
    return evolve(state, due, plan)


def test_a_question_asked_by_hand_is_answered_once_and_opens_no_dialogue() -> None:
    plan, state = plan_and_state(Talk(silent=1))
    after = by_hand(plan, state, "two_and_one")
    assert after.talks[SUMS] == Talk(
        question=1, asked=2, window=Window(40.25, 60.25), due="p1.0.9", silent=1, is_open=False
    )
    (told,) = answered(plan, after, NightTime(63.0), Heard(kept((), looks(3), after), STRICT))
    assert isinstance(told, AnswerSeen)
    assert (told.question, told.said, told.number, told.judged, told.cause) == (1, "answer", 3, "right", "p1.0.9")
    done = evolve(after, told, plan).talks[SUMS]
    assert (done.is_open, done.silent, done.ended_s, done.question) == (False, 0, None, 2)


def test_a_question_by_hand_tells_first_that_the_one_before_went_without_an_answer_and_counts_no_silence() -> None:
    waiting = Talk(asked=1, window=Window(40.0, 60.0), due="p1.0.7", silent=1, is_open=True)
    due = CueDue(
        onset_s=50.0, cue="two_and_one", cue_sha256="0" * 64, part=-1, sound_class="sleep", level_db=30.0,
        play_at_s=50.25, expires_s=50.75, lease="p1.0.8",
    )  # fmt: skip
    for text, kind in ((ASKING, AnswerSeen), (MORSE, LetterSeen)):
        plan, state = plan_and_state(waiting, text)
        (told,) = displaced(plan, state, NightTime(50.0), [due])
        assert isinstance(told, kind)
        assert (told.said, told.cause, told.question, told.at_s) == ("none", "p1.0.7", 0, 50.0)
        after = evolve(state, told, plan).talks[SUMS]
        assert (after.window, after.silent, after.question, after.is_open) == (None, 1, 0, True)
        assert displaced(plan, evolve(state, told, plan), NightTime(50.0), [due]) == []
        assert displaced(plan, state, NightTime(50.0), [structs.replace(due, cue="wake")]) == []


def test_a_cue_by_hand_that_is_no_question_opens_no_window() -> None:
    plan, state = plan_and_state(Talk())
    assert by_hand(plan, state, "wake").talks == state.talks
