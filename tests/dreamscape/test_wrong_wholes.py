"""Slips in the newer half of the language, each one away from a lawful night, and word for word what is told."""

# Messages stand here as people see them, in one line each.
# ruff: noqa: E501

from pathlib import Path

import pytest

from dreamloom.dreamscape.checker import check
from dreamloom.dreamscape.reader import read

WHOLE = Path(__file__).with_name("whole.yaml").read_text(encoding="utf-8")

CASES = [
    (
        "tags: [group,",
        "tags: [gruop,",
        ['error 5:8 DL-E303 The tag "gruop" is not in our vocabulary, so nobody can limit it. Did you mean group?'],
    ),
    (
        "tags: [group,",
        "tags: [brand,",
        [
            'error 5:8 DL-E334 "brand": It speaks for a brand. Nobody is won for anything in their sleep; no consent can allow it.'
        ],
    ),
    (
        "tags: [group,",
        "tags: [seaside,",
        [
            'error 5:8 DL-E303 The tag "seaside" is not in our vocabulary, so nobody can limit it. Known here: alcohol, art, awakenings, control, creativity, deep_sleep, dialogue, flashing, gambling, grief, group, home, incubation, lab, learning, light, lucid, memory, music, nap, nightmares, noise, own_voice, phase, phone, relay, rem, sex, shared_theme, sleep_onset, speech, therapy, tobacco, training, trauma, vibration.'
        ],
    ),
    (
        "for: each of circle\n    when:  ",
        "for: each of circel\n    when:  ",
        ['error 24:10 DL-E304 No group is called "circel". Did you mean circle?'],
    ),
    (
        "at_least: 4, at_most: 12",
        "at_least: 4, at_most: 3",
        ['error 8:64 DL-E305 "circle" has at least 4 and at most 3 sleepers. Raise at_most.'],
    ),
    (
        "at_least: 4, at_most: 12",
        "at_least: 1, at_most: 12",
        [
            'error 66:35 DL-E305 The quorum is 3, and "circle" may have only 1. Write at_least: 1 or less, or let the group be larger.',
            'error 77:9 DL-E305 "circle" may have only 1 sleeper, so there is nobody else to reach. Write at_least: 2 or more.',
        ],
    ),
    (
        "groups:\n",
        "groups:\n  guide: {at_least: 1, because: ours}\n",
        ['warning 8:10 DL-E304 Nothing is asked of the group "guide". Name it, or remove it.'],
    ),
    (
        "quorum: {at_least: 3,",
        "quorum: {at_least: 5,",
        [
            'error 66:35 DL-E305 The quorum is 5, and "circle" may have only 4. Write at_least: 4 or less, or let the group be larger.'
        ],
    ),
    (
        "in: R, for: 60 s}",
        "in: [], for: 60 s}",
        ["error 66:15 DL-E390 The quorum is in no stage. Write in: R, for example."],
    ),
    (
        "{to: together, for",
        "{to: togehter, for",
        [
            'error 62:14 DL-E306 No scene is called "togehter". Did you mean together?',
            'error 64:5 DL-E306 Nothing leads to the scene "together". Add a step to it under next of another scene, or remove it.',
        ],
    ),
    (
        "{to: apart, for: each sleeper, on: arousal, after: 1 min,",
        "{to: apart, for: each sleeper, when: {stage: R},",
        [
            "error 62:9 DL-E307 apart and together lead to each other at once, round and round. Add after: 1 min, or on: arousal, to one of the steps."
        ],
    ),
    (
        "{to: apart, for: each sleeper, on: arousal, after: 1 min,",
        "{to: together, for: each sleeper, when: {stage: R},",
        ['error 72:9 DL-E307 The scene "together" leads to itself at once. Remove the step, or add after: 1 min.'],
    ),
    (
        "{to: apart, for: each sleeper, on: arousal, after: 1 min,",
        "{to: apart, for: each sleeper,",
        ["error 72:9 DL-E306 Nothing says when this happens. Add when, on or after."],
    ),
    (
        "  together:\n",
        "  nowhere: {about: Lost.}\n  together:\n",
        [
            'warning 63:12 DL-E306 Nothing plays in the scene "nowhere" and nothing leads out of it. Add parts, or next.',
            'error 63:12 DL-E306 Nothing leads to the scene "nowhere". Add a step to it under next of another scene, or remove it.',
        ],
    ),
    (
        "    consent: [sender, receiver]        # ours\n",
        "",
        [
            "error 75:5 DL-E308 Without the consent of the sender and receiver nothing passes between two sleepers. Write consent: [sender, receiver]."
        ],
    ),
    (
        "consent: [sender, receiver]",
        "consent: sender",
        [
            "error 81:14 DL-E308 Without the consent of the receiver nothing passes between two sleepers. Write consent: [sender, receiver]."
        ],
    ),
    (
        "consent: [sender, receiver]",
        "consent: receiver",
        [
            "error 81:14 DL-E308 Without the consent of the sender nothing passes between two sleepers. Write consent: [sender, receiver]."
        ],
    ),
    (
        "signal: {pattern: LRLR, times: 2,",
        "signal: {pattern: LRLR, times: 1,",
        ["error 76:36 DL-E309 One signal alone is often an eye movement of REM sleep. Write times: 2 or more."],
    ),
    (
        "to: each other of circle",
        "to: each of circle",
        ["error 77:9 DL-E309 each of circle would hear their own signals. Write to: each other of circle."],
    ),
    (
        'to: each other of circle\n    when: {stage: R, confidence: ">= 0.8", stable_for: 20 s,',
        "to: each other of circle\n    when: {after_sleep_onset: 1 h,",
        ["error 78:11 DL-E309 The receiver's own gate asks for no stage. Add stage: R, for example."],
    ),
    (
        "cue: tap\n",
        "cue: wake\n",
        ['error 79:10 DL-E389 "wake" is an awake sound and would reach somebody asleep. Use a cue of class: sleep.'],
    ),
    (
        'right: "2"',
        "right: two",
        [
            'error 89:35 DL-E310 Nobody can answer "two" here: an answer is a number from 1 to 9 by eyes or sniff. Write such a one as right, or leave right out.'
        ],
    ),
    (
        'right: "2"}, {cue: dots}]\n    every: 60 s                        # ours\n    answer: {by: [eyes, sniff], code: count',
        'right: "1"}, {cue: dots}]\n    every: 60 s                        # ours\n    answer: {by: [face, sniff], code: count',
        [
            'error 89:35 DL-E310 Nobody can answer "1" here: an answer is a number from 2 to 9 by face or sniff. Write such a one as right, or leave right out.'
        ],
    ),
    (
        "code: count",
        "code: yes or no",
        [
            'error 89:35 DL-E310 Nobody can answer "2" here: an answer is yes or no. Write such a one as right, or leave right out.'
        ],
    ),
    (
        'right: "2"}, {cue: dots}]\n    every: 60 s                        # ours\n    answer: {by: [eyes, sniff], code: count',
        "right: SOS}, {cue: dots}]\n    every: 60 s                        # ours\n    answer: {by: [eyes, sniff], code: morse",
        [
            'error 89:35 DL-E310 Nobody can answer "SOS" here: an answer is one letter or digit, in Morse by the eyes. Write such a one as right, or leave right out.'
        ],
    ),
    (
        "answer: {by: [eyes, sniff], code: count, window: 20 s,",
        "answer: {by: [eyes, sniff], code: count,",
        ["error 91:13 DL-E310 No answer is waited for. Add answer: {by: eyes, code: count, window: 20 s}."],
    ),
    (
        "    answer: {by: [eyes, sniff], code: count, window: 20 s, because: ours}\n",
        "",
        ["error 87:5 DL-E310 No answer is waited for. Add answer: {by: eyes, code: count, window: 20 s}."],
    ),
    (
        "window: 20 s",
        "window: 50 s",
        [
            "error 91:54 DL-E310 The question takes 6 s and the answer 50 s, and the next comes after 40 s. Lengthen every and repeat.apart, or shorten the window."
        ],
    ),
    (
        "questions: [{cue: sum,",
        "questions: [{cue: summ,",
        [
            'warning 13:8 DL-E385 The cue "sum" is never played. Play it in a part or an arm, or remove it.',
            'error 89:23 DL-E384 No cue is called "summ". Did you mean sum?',
        ],
    ),
    (
        "questions: [{cue: sum,",
        "questions: [{cue: tell,",
        [
            'warning 13:8 DL-E385 The cue "sum" is never played. Play it in a part or an arm, or remove it.',
            'error 89:23 DL-E389 "tell" is an awake sound and would reach somebody asleep. Use a cue of class: sleep.',
        ],
    ),
    (
        "  - kind: morning\n",
        "  - kind: back to bed\n",
        [
            'error 98:3 DL-E327 People are woken in the night, and nothing says when and how each wakes for good. Add to awakenings: {kind: morning, for: each sleeper, cue: …, latest: "07:30", prefer: R, look_for: 30 min}',
            "error 113:5 DL-E328 kind: back to bed needs when and times and awake_for. Add them.",
        ],
    ),
    (
        '    latest: "07:30"                    # ours\n',
        "",
        ["error 113:5 DL-E328 kind: morning needs latest. Add it."],
    ),
    (
        "    look_for: 30 min                   # ours\n",
        "",
        ["error 113:5 DL-E328 kind: morning needs look_for. Add it."],
    ),
    ("    times: 8                           # ours\n", "", ["error 98:5 DL-E328 kind: probe needs times. Add it."]),
    (
        '    report: {ask: "What was the last thing?", prompt: tell, record_for: 2 min, because: ours}\n',
        "",
        ["error 98:5 DL-E328 kind: probe needs report. Add it."],
    ),
    (
        "apart: {at_least: 15 min, at_most: 30 min",
        "apart: {at_least: 30 min, at_most: 15 min",
        ["error 103:12 DL-E328 Awakenings are at least 30 min and at most 15 min apart. Raise at_most."],
    ),
    (
        "    cue: wake\n    ramp: {from: silent, over: 20 s,",
        "    cue: chord\n    ramp: {from: silent, over: 20 s,",
        ['error 101:10 DL-E328 "chord" is a sleep cue, which nobody is to wake from. Use a cue of class: awake.'],
    ),
    (
        "    awake_for: 30 min                  # ours\n",
        "",
        ["error 107:5 DL-E328 kind: back to bed needs awake_for. Add it."],
    ),
    (
        "pulse: 1 Hz",
        "pulse: 10 Hz",
        [
            'error 15:73 DL-E329 "glow" flashes 10 times a second; from 3 to 60 Hz light can set off a seizure. Write pulse: 1 Hz.'
        ],
    ),
    (
        "colour: red, ",
        "",
        [
            'error 15:9 DL-E387 The cue "glow" is a light without a colour. Add colour: red, amber, green, blue or white.'
        ],
    ),
    (
        "kind: light, class: sleep, colour: red, strength: 20 %,",
        "kind: light, class: sleep, colour: red,",
        ['error 15:9 DL-E387 The cue "glow" is light without a strength. Add strength: 20 %, for example.'],
    ),
    (
        'say: "Eight minus six?", ',
        "",
        ['error 13:8 DL-E387 The cue "sum" is speech that says nothing. Add say: and what is spoken.'],
    ),
    (
        "kind: vibration, class: sleep, strength: 30 %,",
        "kind: vibration, class: sleep, strength: 30 %, notes: [C4],",
        ['error 16:63 DL-E329 "tap" is of kind: vibration, which has no notes. Remove it, or change kind.'],
    ),
    (
        "file: bell.flac, sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "file: bell.flac",
        ['error 12:9 DL-E387 The cue "bell" is a file that anybody could change. Add sha256: and the file\'s SHA-256.'],
    ),
    (
        "file: bell.flac,",
        "file: bell.flac, make: tone,",
        ['error 12:9 DL-E387 The cue "bell" has a file and a recipe. Keep one of them.'],
    ),
    (
        "make: morse, say: S,",
        "make: morse,",
        ['error 14:9 DL-E387 The cue "dots" is Morse that says nothing. Add say: and its letters.'],
    ),
    (
        "with: [glow]",
        "with: [bell]",
        [
            'error 11:90 DL-E329 "chord" and "bell" share a channel. Write a cue of another kind under with.',
            'warning 21:31 DL-E346 "glow" is practised and never met again at night. Play it, or leave it out.',
        ],
    ),
    (
        "with: [glow]",
        "with: [glw]",
        [
            'error 11:90 DL-E384 No cue is called "glw". Did you mean glow?',
            'warning 21:31 DL-E346 "glow" is practised and never met again at night. Play it, or leave it out.',
        ],
    ),
    (
        "  tap: {kind",
        "  own: {kind: vibration, class: sleep, strength: 30 %, duration: 500 ms}\n  tap: {kind",
        [
            'error 16:8 DL-E387 The cue "own" is called own, which in an arm means the cue of each part. Give it another name.'
        ],
    ),
    (
        "cycle: {from: 2, to: 5}",
        "cycle: {from: 5, to: 2}",
        ["error 26:7 DL-E390 No cycle is from 5 to 2. Write to: 5 or more."],
    ),
    (
        'local_time: {from: "23:30", until: "06:30"}',
        'local_time: {from: "23:30", until: "23:30"}',
        ["error 26:7 DL-E390 No time lies between 23:30 and 23:30. Change one of them."],
    ),
    (
        "stage: [N2, N3], confidence",
        "stage: W, confidence",
        [
            "error 41:11 DL-E390 Nobody is asleep for a while and awake at once. Take W or asleep_for out.",
            'error 41:19 DL-E388 "tap" is a sleep cue and would play in W. Take W out, or use a cue of class: awake.',
            'error 41:19 DL-E388 "chord" is a sleep cue and would play in W. Take W out, or use a cue of class: awake.',
            'error 41:19 DL-E388 "bell" is a sleep cue and would play in W. Take W out, or use a cue of class: awake.',
        ],
    ),
    (
        "when: {after_lights_off: 1 h, because: ours}\n    cue",
        "when: {after_lights_off: 1 h, for: 1 h, cycle: {from: 4}, because: ours}\n    cue",
        [
            "error 100:11 DL-E390 Cycle 4 begins 2.5 h into the night at the earliest; the window ends at 2 h. Lengthen for."
        ],
    ),
    (
        "phase: {of: slow oscillation, at: -20 deg, trough_below: -40 µV",
        "phase: {of: spindle, at: -20 deg, trough_below: -40 µV",
        [
            "error 43:30 DL-E339 A spindle is met at its onset, not at -20 deg of its waves. Write at: 0 deg.",
            "error 43:53 DL-E339 No trough comes before a spindle: only a slow oscillation has one. Remove trough_below.",
        ],
    ),
    (
        "repeat: {times: 2, apart: 1.075 s",
        "repeat: {times: 4, apart: 1.075 s",
        ["error 45:13 DL-E335 4 cues, 1.075 s apart, do not fit into 2.5 s. Lengthen every, or repeat fewer."],
    ),
    (
        "repeat: {times: 2, apart: 1.075 s",
        "repeat: {times: 2, apart: 0.4 s",
        ['error 45:31 DL-E335 "tap" lasts longer than the 400 ms to its next. Lengthen apart.'],
    ),
    (
        "per_hour: 600, per_night: 2000",
        "per_hour: 3000, per_night: 4000",
        [
            "error 48:24 DL-E394 A budget of 3000 cues an hour cannot be reached with 2 every 2.5 s. Write per_hour: 2880 or less."
        ],
    ),
    (
        "per_hour: 6, per_night: 20",
        "per_hour: 60, per_night: 80",
        [
            "error 83:24 DL-E394 A budget of 60 cues an hour cannot be reached with one every 5 min. Write per_hour: 12 or less."
        ],
    ),
    (
        "per_hour: 20, per_night: 30",
        "per_hour: 200, per_night: 300",
        [
            "error 95:24 DL-E394 A budget of 200 cues an hour cannot be reached with one every 40 s. Write per_hour: 90 or less."
        ],
    ),
    (
        "jitter: 5 s ",
        "jitter: 4.5 s ",
        ["error 33:13 DL-E361 jitter is 4.5 s, and a bed decides once a second. Write 4 s."],
    ),
    (
        "pod: phone, when: {after_lights_off: 5 h",
        "pod: watch, when: {after_lights_off: 5 h",
        ["error 39:15 DL-E336 A watch has a fallback already, and the first one holds. Remove one of them."],
    ),
    (
        "pod: phone, when: {after_lights_off: 5 h",
        "pod: phone, when: {stage: R, after_lights_off: 5 h",
        ["error 39:36 DL-E390 A phone cannot tell stages, so this gate never opens. Use times only."],
    ),
    (
        "draw: {from: [chord, bell]",
        "draw: {from: [chord, bel]",
        ['error 57:30 DL-E384 No cue is called "bel". Did you mean bell?'],
    ),
    (
        "awake_cap: 60 dBA",
        "awake_cap: 40 dBA",
        [
            "error 131:14 DL-E345 Awake sounds would be held under 40 dBA while sleep cues reach 45 dBA. Write awake_cap: 45 dBA or more."
        ],
    ),
    (
        "cap: 45 dBA\n",
        "cap: 55 dBA\n",
        [
            "error 129:8 DL-E386 The cap of 55 dBA is over the 45 dBA that policy allows for sleep cues. Write cap: 45 dBA or less."
        ],
    ),
    (
        "then: pause, pause: 10 min",
        "then: pause",
        ["error 137:15 DL-E338 The pause has no length. Add pause: 10 min, for example."],
    ),
    (
        "  sham: {cue: silence}\n",
        "",
        [
            "error 123:3 DL-E330 A trial without a sham cannot tell the sound from the night. Add to arms: sham: {cue: silence}"
        ],
    ),
    (
        "  mixed: {cue: chord, each_draws: [chord, bell]}\n  sham: {cue: silence}\n",
        "",
        [
            "warning 123:3 DL-E397 There is nothing to compare with. Add arms: {active: {cue: …}, sham: {cue: silence}}",
            "error 124:8 DL-E330 A trial compares at least two arms. Add arms, or take trial out.",
        ],
    ),
    (
        "  active: {cue: own}\n",
        "  active: {cue: bell}\n",
        ['error 42:11 DL-E399 No arm plays "tap", so it is never heard. Name it in one arm.'],
    ),
    (
        "every: 1 min, over: 20 min",
        "every: 30 min, over: 20 min",
        ["error 21:90 DL-E346 A cue every 30 min does not fit into 20 min. Shorten every, or lengthen over."],
    ),
    (
        "- {for: each sleeper, cues: [chord",
        "- {for: all of friends, cues: [chord",
        ['error 21:11 DL-E304 No group is called "friends". Known here: circle.'],
    ),
]


def _said(text: str) -> list[str]:
    return [f"{found.severity} {found.where} {found.code} {found.text}" for found in check(read(text, file="w.yaml"))]


def test_the_whole_language_has_nothing_to_be_said_about_it() -> None:
    assert _said(WHOLE) == []


@pytest.mark.parametrize(("right", "wrong", "told"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_a_slip_is_told_with_its_place_its_value_and_the_way_out(right: str, wrong: str, told: list[str]) -> None:
    assert right in WHOLE
    assert _said(WHOLE.replace(right, wrong, 1)) == [line.replace(" ", " w.yaml:", 1) for line in told]


def test_at_least_forty_slips_stand_here() -> None:
    assert len(CASES) >= 40


def test_a_night_in_which_nothing_happens_is_refused() -> None:
    empty = """dreamscape: empty
version: 1
intent: Nothing at all.
tags: [art]
cues: {tone: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 1 s}}
levels: {cap: 45 dBA, over_threshold: 10 dB}
"""
    assert _said(empty)[0] == (
        "error w.yaml:1:1 DL-E302 Nothing ever happens in this night. "
        "Add parts, scenes, relays, dialogues or awakenings."
    )
