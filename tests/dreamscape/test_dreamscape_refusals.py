"""Wrong dreamscapes, each one slip away from the example, and word for word what their author is told."""

# Messages stand here as people see them, in one line each.
# ruff: noqa: E501

from pathlib import Path

import pytest

from dreamloom.dreamscape.reader import read
from dreamloom.vocabulary.errors import ConfigError

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")

WRONG = [
    (
        'confidence: ">= 0.8"',
        "confidence: >= 0.8",
        "12:34 DL-E370 This is not YAML. The reader says: while scanning for the next token: found character '>' that cannot start any token. Put the bound in quotes: \">= 0.8\".",
    ),
    (
        'when: {stage: R, confidence: ">= 0.8", stable_for: 20 s, after_lights_off: 30 min}',
        "when:\n      stage: R\n      confidence: >= 0.8",
        "14:20 DL-E370 This is not YAML. The reader says: while scanning a block scalar: expected chomping or indentation indicators, but found '='. Put the bound in quotes: \">= 0.8\".",
    ),
    (
        "tags: [therapy, music]",
        "tags: [therapy, music?, home]",
        "5:22 DL-E370 This is not YAML. The reader says: while parsing a flow sequence: expected ',' or ']', but got '?'. Put the question in quotes: \"What did you dream?\".",
    ),
    (
        "stable_for: 20 s",
        "stabel_for: 20 s",
        "12:44 DL-E375 'stabel_for' is not known in parts[0].when. Did you mean stable_for?",
    ),
    (
        "stable_for: 20 s",
        "stable_for: 20",
        "12:56 DL-E376 parts[0].when.stable_for: '20' has no unit. A duration is a number with ms, s, min or h. Write 20 s, if that is the unit you mean.",
    ),
    (
        "stable_for: 20 s",
        "stable_for: 20 sec",
        "12:56 DL-E376 parts[0].when.stable_for: '20 sec' has the unit 'sec'. A duration is a number with ms, s, min or h. Write 20 s, if that is the unit you mean.",
    ),
    (
        "stable_for: 20 s",
        "stable_for: 03:00",
        "12:56 DL-E376 parts[0].when.stable_for: '03:00' is a time of day. A duration is a number with ms, s, min or h. Write 20 s, for example.",
    ),
    (
        "stable_for: 20 s",
        "stable_for: .inf",
        "12:56 DL-E376 parts[0].when.stable_for: '.inf' is no number. A duration is a number with ms, s, min or h, and finite. Write 20 s, for example.",
    ),
    (
        "stable_for: 20 s",
        "stable_for: soon",
        "12:56 DL-E376 parts[0].when.stable_for: 'soon' cannot be read. A duration is a number with ms, s, min or h. Write 20 s, for example.",
    ),
    (
        "stable_for: 20 s",
        "stable_for: -5 s",
        "12:56 DL-E378 parts[0].when.stable_for: '-5 s' is out of range. It must be more than 0 s and at most 50400 s. Write more than 0 s.",
    ),
    (
        "stable_for: 20 s",
        "stable_for: 1e999 s",
        "12:56 DL-E376 parts[0].when.stable_for: '1e999 s' is too large. A number must be finite. Write a smaller number.",
    ),
    (
        'confidence: ">= 0.8"',
        "confidence: 0.8",
        "12:34 DL-E376 parts[0].when.confidence: '0.8' has no >= or >. A gate opens above a bound: >= or >, then a share. Write \">= 0.8\" in quotes.",
    ),
    (
        'confidence: ">= 0.8"',
        'confidence: ">= 1.2"',
        "12:34 DL-E378 parts[0].when.confidence: '>= 1.2' is out of range. A confidence is a share: at least 0 and at most 1. Write \">= 0.8\", for example.",
    ),
    (
        'confidence: ">= 0.8"',
        'confidence: "<= 0.8"',
        "12:34 DL-E376 parts[0].when.confidence: '<= 0.8' uses <=. A gate opens above a bound: >= or >, then a share. Write \">= 0.8\" in quotes.",
    ),
    (
        'confidence: ">= 0.8"',
        'confidence: ">= 0,8"',
        "12:34 DL-E376 parts[0].when.confidence: '0,8' cannot be read. A share is a number from 0 to 1, or with %. Write 0.8, for example.",
    ),
    (
        "stage: R,",
        "stage: REM,",
        "12:19 DL-E376 parts[0].when.stage[0]: 'REM' cannot stand here. Possible: W, N1, N2, N3, R. Did you mean R?",
    ),
    (
        "stage: R,",
        "stage: UNSCORED,",
        "12:19 DL-E376 parts[0].when.stage[0]: 'UNSCORED' cannot stand here. Possible: W, N1, N2, N3, R. Write W, N1, N2, N3 or R.",
    ),
    (
        "stage: R,",
        "stage: [R, N4],",
        "12:23 DL-E376 parts[0].when.stage[1]: 'N4' cannot stand here. Possible: W, N1, N2, N3, R. Did you mean N3?",
    ),
    (
        "class: sleep",
        "class: asleep",
        "8:31 DL-E376 cues.chord.class: 'asleep' cannot stand here. Possible: awake, sleep. Did you mean sleep?",
    ),
    (
        "make: chord",
        "make: cord",
        "8:44 DL-E376 cues.chord.make: 'cord' cannot stand here. Possible: chime, chord, morse, noise_bed, pink_burst, tone. Did you mean chord?",
    ),
    (
        "notes: [C5, E5",
        "notes: [H5, E5",
        "8:59 DL-E376 cues.chord.notes[0]: 'H5' cannot stand here. Meant is a note such as C5, F#4 or Bb3. Change it to that form.",
    ),
    (
        "duration: 1 s",
        "duration: 2 min",
        "8:90 DL-E378 cues.chord.duration: '2 min' is out of range. It must be at least 0.02 s and at most 60 s. Write 60 s or less.",
    ),
    (
        "version: 1",
        "version: one",
        "2:10 DL-E376 version: 'one' is no whole number. A count is a whole number without a unit. Write digits only.",
    ),
    (
        "version: 1",
        "version: 0",
        "2:10 DL-E378 version: '0' is out of range. It must be at least 1 and at most 1000000. Write 1.",
    ),
    (
        "version: 1\n",
        "version: 1\nversion: 2\n",
        "3:1 DL-E374 'version' stands twice. It already stands at 2:1. Keep one of them.",
    ),
    (
        "version: 1\n",
        "",
        "1:1 DL-E377 The dreamscape lacks version. What the night depends on is never assumed. Add it.",
    ),
    (
        "per_hour: 200",
        "per_hour: 200/h",
        "16:24 DL-E376 parts[0].budget.per_hour: '200/h' is no whole number. A count is a whole number without a unit. Write digits only.",
    ),
    (
        "per_night: 800",
        "per_nite: 800",
        "16:29 DL-E375 'per_nite' is not known in parts[0].budget. Did you mean per_night?",
    ),
    (
        "trained: false",
        "trained: no",
        "21:34 DL-E376 arms.control.trained: 'no' is neither true nor false. Only these two words count. Write true or false.",
    ),
    (
        "because: ours}\n\nparts",
        "because: trust me}\n\nparts",
        "8:104 DL-E376 cues.chord.because: 'trust me' cannot stand here. Meant is ours, or \"sourced: author year\" in quotes. Change it to that form.",
    ),
    (
        "cap: 45 dBA",
        "cap: 45 dB",
        "24:15 DL-E376 levels.cap: '45 dB' has the unit 'dB'. A level is a number with dBA. Write 45 dBA, if that is the unit you mean.",
    ),
    (
        "cap: 45 dBA",
        "cap: 120 dBA",
        "24:15 DL-E378 levels.cap: '120 dBA' is out of range. It must be more than 0 dBA and at most 85 dBA. Write 85 dBA or less.",
    ),
    (
        "lower: 3 dB",
        "lower: 3 dBA",
        "26:48 DL-E376 stop.arousal.lower: '3 dBA' has the unit 'dBA'. A difference in level is a number with dB. Write 3 dB, if that is the unit you mean.",
    ),
    (
        "levels: {cap: 45 dBA, over_threshold: 10 dB}",
        "levels: loud",
        "24:9 DL-E376 levels is 'loud'. Names and values are meant here. Write lines of name: value, or {name: value}.",
    ),
    (
        "levels: {cap: 45 dBA, over_threshold: 10 dB}",
        "levels: &a {cap: 45 dBA}",
        "24:9 DL-E373 The anchor &a cannot be used here. Anchors let a line mean something that stands elsewhere. Remove it.",
    ),
    (
        "levels: {cap: 45 dBA, over_threshold: 10 dB}",
        "levels: *a",
        "24:9 DL-E373 The alias *a cannot be used here. Aliases let a line mean something that stands elsewhere. Write the value out.",
    ),
    (
        "levels: {cap: 45 dBA, over_threshold: 10 dB}",
        "levels: !!map {cap: 45 dBA}",
        "24:9 DL-E373 The tag tag:yaml.org,2002:map cannot be used here. Tags let a line mean something that stands elsewhere. Remove it.",
    ),
    (
        "levels: {cap: 45 dBA, over_threshold: 10 dB}",
        "levels:",
        "24:8 DL-E376 levels is empty. Names and values are meant here. Write lines of name: value, or {name: value}.",
    ),
    (
        "play: chord",
        "play: [chord]",
        "13:11 DL-E376 parts[0].play is a list. One value is meant here. Write one value.",
    ),
    (
        "play: chord",
        "pl\x07ay: chord",
        "13:7 DL-E372 The character U+0007 stands in the text. Control characters hide what a line really says. Delete it, or retype the line.",
    ),
    (
        "play: chord",
        'play: "cho\\x07rd"',
        "13:11 DL-E372 The character U+0007 stands in the text. Control characters hide what a line really says. Delete it, or retype the line.",
    ),
    (
        "play: chord",
        "play: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "13:28 DL-E371 This is nested deeper than 20 levels. No dreamscape needs more than ten. Flatten it.",
    ),
    (
        "tags: [therapy, music]",
        "tags: [therapy, music",
        "7:5 DL-E370 This is not YAML. The reader says: while parsing a flow sequence: expected ',' or ']', but got ':'. Check indentation, brackets and quotes on this line and the one above.",
    ),
    (
        "tags: [therapy, music]",
        "tags: {a: b}",
        "5:7 DL-E376 tags is a mapping. A list is meant here. Write [one, two].",
    ),
    (
        "dreamscape: nightmare_rem_tmr",
        "dreamscape: my night",
        "1:13 DL-E376 dreamscape: 'my night' cannot stand here. Meant is a letter, then letters, digits, - or _, at most 64. Change it to that form.",
    ),
    (
        "then: no more tonight",
        "then: sleep on",
        "27:63 DL-E376 stop.cue_locked_awakenings.then: 'sleep on' cannot stand here. Possible: no more tonight. Write no more tonight.",
    ),
    (
        "pod: phone",
        "pod: fone",
        "17:17 DL-E376 parts[0].else[0].pod: 'fone' cannot stand here. Possible: headband, phone, speaker, watch. Did you mean phone?",
    ),
    (
        "for: each sleeper",
        "for: every sleeper",
        "11:10 DL-E376 parts[0].for: 'every sleeper' cannot stand here. Meant is each sleeper, everyone, or a group: each of circle, each other of circle, all of circle. Change it to that form.",
    ),
    ("  chord: {kind", "  ? [a]\n  : {kind", "8:5 DL-E376 A name in cues is a list. A name is one word. Use a word."),
    (
        "parts:\n",
        "parts: []\nparty:\n",
        "10:8 DL-E378 parts has no entries. At least one is needed. Add one. Also night.yaml:11:1: 'party' is not known. Did you mean parts?",
    ),
    (
        "play: chord",
        "play: !x chord",
        "13:11 DL-E373 The tag !x cannot be used here. Tags let a line mean something that stands elsewhere. Remove it.",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG, ids=[wrong.split("\n")[0][:40] for _, wrong, _ in WRONG])
def test_a_wrong_line_is_refused_with_its_place_its_value_and_the_remedy(right: str, wrong: str, told: str) -> None:
    assert right in EXAMPLE
    with pytest.raises(ConfigError) as refusal:
        read(EXAMPLE.replace(right, wrong, 1), file="night.yaml")
    assert str(refusal.value) == f"night.yaml:{told}"
    assert refusal.value.exit_code == 3
