"""Dreamscapes that can be read and must not run, or should be thought over: what the checker says, word for word."""

# Messages stand here as people see them, in one line each.
# ruff: noqa: E501

from pathlib import Path

import pytest
from msgspec.structs import replace

from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.model import Comparison, Dreamscape, Gate, Origin
from dreamloom.dreamscape.reader import read
from dreamloom.vocabulary.stages import Stage

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")
PHONE = "    else: {pod: phone, when: {after_sleep_onset: 4.5 h, for: 90 min}, label: unstaged}\n"
NO_AWAKE_SOUND_BY_PHONE = '"chord" is an awake sound, and a phone cannot tell waking from sleep. Take else away, or use a cue of class: sleep.'
AWAKE = EXAMPLE.replace("class: sleep", "class: awake").replace("stage: R,", "stage: W,").replace(PHONE, "")

CASES = [
    (
        "cap: 45 dBA",
        "cap: 50 dBA",
        [
            "error 24:15 DL-E386 The cap of 50 dBA is over the 45 dBA that policy allows for sleep cues. Write cap: 45 dBA or less."
        ],
    ),
    (
        "play: chord",
        "play: cord",
        [
            'error 13:11 DL-E384 No cue is called "cord". Did you mean chord?',
            'error 13:11 DL-E399 No arm plays "cord", so it is never heard. Name it in one arm.',
        ],
    ),
    (
        "sham: {cue: silence}",
        "sham: {cue: silent}",
        ['error 22:15 DL-E384 No cue is called "silent". Did you mean silence?'],
    ),
    (
        "stable_for: 20 s",
        "stable_for: 2 h",
        ["error 12:11 DL-E390 No stage holds for 2 h without a break; the longest is about 1.5 h. Shorten stable_for."],
    ),
    (
        'confidence: ">= 0.8"',
        'confidence: "> 1"',
        ["error 12:11 DL-E390 No confidence is > 1; it ends at 1. Write a bound below 1."],
    ),
    (
        "per_hour: 200",
        "per_hour: 400",
        [
            "error 16:24 DL-E394 A budget of 400 cues an hour cannot be reached with one every 10 s. Write per_hour: 360 or less."
        ],
    ),
    (
        "per_night: 800",
        "per_night: 100",
        [
            "error 16:24 DL-E394 The hour's budget of 200 is more than the whole night's 100. Write per_hour: 100 or less."
        ],
    ),
    (
        "duration: 1 s",
        "duration: 20 s",
        ['error 14:12 DL-E395 "chord" lasts 20 s and comes every 10 s. Shorten the cue, or lengthen every.'],
    ),
    (
        "stage: R,",
        "stage: [R, W],",
        ['error 12:19 DL-E388 "chord" is a sleep cue and would play in W. Take W out, or use a cue of class: awake.'],
    ),
    (
        "class: sleep",
        "class: awake",
        [
            'error 12:19 DL-E389 "chord" is an awake sound and would play in R. Use a cue of class: sleep, or keep to stage: W.',
            f"error 17:11 DL-E389 {NO_AWAKE_SOUND_BY_PHONE}",
        ],
    ),
    (
        "intent: Help a sleeper rehearse a changed ending by replaying, in REM sleep, the chord that went with it while awake.\n",
        "",
        [
            "error 1:1 DL-E380 The intent is missing. A sleeper agrees to a purpose, not to a file. Add a line: intent: Help a sleeper …"
        ],
    ),
    (
        "tags: [therapy, music]\n",
        "",
        [
            "warning 1:1 DL-E381 It has no tags. Councils and sleepers find and limit dreamscapes by them. Add a line: tags: [therapy]"
        ],
    ),
    (
        "  arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}\n",
        "",
        [
            "error 26:3 DL-E382 No rule says what an arousal stops. A cue that wakes must end itself. Add stop: {arousal: {fade: 100 ms, pause: 2 min, lower: 3 dB}}"
        ],
    ),
    (
        "  cue_locked_awakenings: {more_than: 2, within: 30 min, then: no more tonight}\n",
        "",
        [
            "warning 26:3 DL-E383 No rule says how many awakenings end the night's cues. Add to stop: cue_locked_awakenings: {more_than: 2, within: 30 min, then: no more tonight}"
        ],
    ),
    (
        "stage: R, ",
        "",
        [
            "error 12:11 DL-E392 The gate asks for no stage. Add stage: R, for example, or mark the part label: unstaged.",
            "error 12:11 DL-E391 confidence and stable_for mean nothing without a stage. Add stage, or remove.",
        ],
    ),
    (
        "make: chord, ",
        "",
        ['error 8:10 DL-E387 The cue "chord" is a sound without a recipe. Add make: chord, tone or pink_burst.'],
    ),
    (
        "make: chord",
        "make: tone",
        ['error 8:10 DL-E387 The cue "chord" has 5 notes; make: tone takes one. Change notes.'],
    ),
    (
        "make: chord",
        "make: pink_burst",
        ['error 8:10 DL-E387 The cue "chord" has 5 notes; make: pink_burst takes none. Change notes.'],
    ),
    (
        "trained: false",
        "trained: true",
        [
            'error 21:12 DL-E398 The arms "active" and "control" are the same. Change the cue, or trained, of one of them.'
        ],
    ),
    (
        "active: {cue: chord}\n  control: {cue: chord, trained: false}",
        "active: {cue: silence}",
        [
            'error 13:11 DL-E399 No arm plays "chord", so it is never heard. Name it in one arm.',
            'error 21:9 DL-E398 The arms "active" and "sham" are the same. Change the cue, or trained, of one of them.',
        ],
    ),
    (
        'confidence: ">= 0.8", ',
        "",
        [
            'warning 12:11 DL-E393 The gate trusts every estimate, however unsure. Add confidence: ">= 0.8", for example.'
        ],
    ),
    (
        "    ramp: {from: silent, over: 2 min, to: calibrated, because: ours}\n",
        "",
        [
            "warning 11:5 DL-E396 The first cue comes at full level. Add ramp: {from: silent, over: 2 min, to: calibrated}"
        ],
    ),
    (
        "after_lights_off: 30 min",
        "for: 30 min",
        ["error 12:11 DL-E391 The window has a length but no beginning. Add after_lights_off or after_sleep_onset."],
    ),
    ("after_lights_off: 30 min", "after_lights_off: 30 min, for: 10 s", []),
    (
        "after_lights_off: 30 min",
        "after_lights_off: 14 h",
        ["error 12:11 DL-E390 It opens 14 h into the night; a night has 14 h."],
    ),
    (
        "after_sleep_onset: 4.5 h",
        "stage: R, after_sleep_onset: 4.5 h",
        ["error 17:38 DL-E390 A phone cannot tell stages, so this gate never opens. Use times only."],
    ),
    (
        "play: chord",
        "play: silence",
        ["error 13:11 DL-E384 A part that plays silence does nothing. Play a sound, and put silence in an arm."],
    ),
    (
        "when: {stage: R,",
        "label: unstaged\n    when: {stage: R,",
        ["error 12:12 DL-E392 The part asks for a stage and is labelled unstaged. Remove one of them."],
    ),
    (
        "cues:\n",
        "cues:\n  bell: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 1 s}\n",
        ['warning 8:9 DL-E385 The cue "bell" is never played. Play it in a part or an arm, or remove it.'],
    ),
    (
        "cues:\n",
        "cues:\n  silence: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 1 s}\n",
        ['error 8:12 DL-E387 The cue "silence" is a sound called silence. Give it another name.'],
    ),
    (
        "cues:\n",
        "cues:\n  quiet: {kind: silence, class: sleep, notes: [A4], duration: 1 s}\n",
        [
            'warning 8:10 DL-E385 The cue "quiet" is never played. Play it in a part or an arm, or remove it.',
            'error 8:10 DL-E387 The cue "quiet" is a silence with a sound\'s recipe. Remove make and notes.',
        ],
    ),
]


def _said(text: str) -> list[str]:
    findings = check(read(text, file="night.yaml"))
    return [f"{found.severity} {found.where} {found.code} {found.text}" for found in findings]


@pytest.mark.parametrize(("right", "wrong", "told"), CASES, ids=[wrong.split("\n")[0][:40] for _, wrong, _ in CASES])
def test_the_checker_says_what_cannot_or_may_not_happen_and_where(right: str, wrong: str, told: list[str]) -> None:
    assert right in EXAMPLE
    assert _said(EXAMPLE.replace(right, wrong, 1)) == [line.replace(" ", " night.yaml:", 1) for line in told]


def test_the_example_has_nothing_to_be_said_about_it() -> None:
    assert check(read(EXAMPLE, file="night.yaml")) == []


def test_an_awake_sound_in_waking_is_lawful() -> None:
    assert check(read(AWAKE, file="night.yaml")) == []


def test_an_awake_sound_by_the_clock_alone_is_refused() -> None:
    gate = 'when: {stage: W, confidence: ">= 0.8", stable_for: 20 s, after_lights_off: 30 min}'
    assert gate in AWAKE
    text = AWAKE.replace(gate, "when: {after_lights_off: 15 min}\n    label: unstaged")
    assert _said(text) == [
        'error night.yaml:12:11 DL-E389 "chord" is an awake sound, and nothing ties this part to waking. Write stage: W under when and take the label away, or use a cue of class: sleep.'
    ]


def test_a_phone_that_cannot_tell_waking_from_sleep_plays_no_awake_sound() -> None:
    text = AWAKE.replace("arms:\n", f"{PHONE}arms:\n", 1)
    assert _said(text) == [f"error night.yaml:18:11 DL-E389 {NO_AWAKE_SOUND_BY_PHONE}"]


def test_a_sleep_cue_that_only_an_arm_plays_is_still_refused_in_waking() -> None:
    bell = "cues:\n  bell: {kind: sound, class: awake, make: tone, notes: [A4], duration: 1 s}\n"
    text = (
        EXAMPLE.replace("cues:\n", bell)
        .replace("play: chord", "play: bell")
        .replace("active: {cue: chord}", "active: {cue: bell}")
    )
    findings = check(read(text.replace("stage: R,", "stage: W,").replace(PHONE, ""), file="night.yaml"))
    assert [found.code for found in findings] == ["DL-E388"]


def test_a_louder_cap_is_lawful_where_nobody_sleeps() -> None:
    assert check(read(AWAKE.replace("45 dBA", "60 dBA"), file="night.yaml")) == []


def test_a_mean_over_more_readings_than_its_window_holds_can_never_open() -> None:
    mean = "mean_confidence: {at_least: 0.9, over_readings: 240, reading_every: 1 s}, for: 4 min, after_lights_off: 0 s"
    findings = check(read(EXAMPLE.replace("after_lights_off: 30 min", mean), file="night.yaml"))
    assert [found.code for found in findings] == ["DL-E390"]
    longer = mean.replace("4 min", "5 min")
    assert check(read(EXAMPLE.replace("after_lights_off: 30 min", longer), file="night.yaml")) == []


def _with_gate(gate: Gate) -> Dreamscape:
    dreamscape = read(EXAMPLE, file="night.yaml")
    return replace(dreamscape, parts=(replace(dreamscape.parts[0], when=gate),))


def test_a_model_made_in_code_is_checked_as_strictly_as_a_text() -> None:
    unsure = _with_gate(Gate(stage=(Stage.R,), confidence=Comparison(">=", 1.5)))
    unknown = _with_gate(Gate(stage=(Stage.UNSCORED,), confidence=Comparison(">=", 0.8)))
    assert [found.code for found in check(unsure)] == ["DL-E390"]
    assert [found.code for found in check(unknown)] == ["DL-E390"]


def test_a_model_without_a_text_is_checked_without_places() -> None:
    bare = replace(read(EXAMPLE, file="night.yaml"), origin=Origin(), intent=None)
    assert [(found.code, found.where) for found in check(bare)] == [("DL-E380", None)]


def test_a_gate_that_would_close_above_where_it_opens_is_refused() -> None:
    sure = Comparison(">=", 0.8)
    above = _with_gate(Gate(stage=(Stage.R,), confidence=sure, close_below=0.9))
    never = _with_gate(Gate(stage=(Stage.R,), confidence=sure, close_below=0.0))
    unbound = _with_gate(Gate(stage=(Stage.R,), close_below=0.5))
    fair = _with_gate(Gate(stage=(Stage.R,), confidence=sure, close_below=0.8))
    assert [any(f.code == "DL-E391" for f in check(one)) for one in (above, never, unbound, fair)] == [
        *[True, True, True],
        False,
    ]
