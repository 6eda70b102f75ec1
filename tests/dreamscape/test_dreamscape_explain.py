"""A dreamscape said back in plain sentences."""

from pathlib import Path

from msgspec.structs import replace

from dreamloom.dreamscape.builtin import load, names
from dreamloom.dreamscape.explain import explain
from dreamloom.dreamscape.reader import read

EXAMPLE = Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")

SAID = """\
nightmare_rem_tmr, version 1: Help a sleeper rehearse a changed ending by replaying, in REM sleep, the chord that went with it while awake.
It follows Schwartz, Clerget, Perogamvros 2022, Current Biology 32:4808.
The cue "chord" is a chord of C5, E5, G5, A5 and D6, 1 s long, to be heard in sleep.
For each sleeper, "chord" plays every 10 s in REM sleep with a confidence of at least 0.8 that has held for 20 s and from 30 min after lights off on.
At most 200 cues an hour and 800 a night.
The level rises from silence to the calibrated level over 2 min.
A phone, which cannot tell stages, plays "chord" from 4.5 h after sleep onset on, for 1.5 h instead, and every cue is marked unstaged.
Each night is drawn, sealed, from 3 arms: active ("chord", trained while awake), control ("chord", never trained while awake) and sham (silence at the same moments).
No cue is louder than 45 dBA, nor more than 10 dB above what the sleeper can just hear.
When the sleeper stirs, sound fades within 100 ms, rests for 2 min, and returns 3 dB softer.
If cues wake the sleeper more than twice within 30 min, there are no more tonight."""  # noqa: E501  sentences


def test_the_example_is_said_back_word_for_word() -> None:
    assert explain(read(EXAMPLE, file="night.yaml")) == SAID.split("\n")


def test_a_mean_over_readings_is_said() -> None:
    said = " ".join(explain(load("nrem_tmr_home")[1]))
    assert "while the mean probability over 240 readings, one every 1 s, is at least 0.9" in said


def test_an_unstaged_part_says_so() -> None:
    assert "No stage is asked for, so every cue is marked unstaged." in " ".join(explain(load("tlr_phone")[1]))


def test_missing_intent_and_stop_rules_are_said_not_hidden() -> None:
    said = explain(replace(read(EXAMPLE, file="night.yaml"), intent=None, stop=None))
    assert said[0] == "nightmare_rem_tmr, version 1: It does not say what it is for."
    assert said[-1] == "It has no stop rules."


def test_every_built_in_is_said_in_whole_sentences() -> None:
    for name in names():
        assert all(sentence.endswith((".", "?")) and "  " not in sentence for sentence in explain(load(name)[1]))


WAKING = (
    "An awake sound plays only where the sleeper agreed to W and is awake; stirring does not fade it, "
    "the first sign of sleep ends it."
)


def test_what_ends_an_awake_sound_is_said_and_no_fade_is_promised_for_it() -> None:
    awake = EXAMPLE.replace("class: sleep", "class: awake").replace("stage: R,", "stage: W,")
    said = explain(read(awake, file="night.yaml"))
    assert WAKING in said
    assert "stirs" not in " ".join(said)
    bell = "cues:\n  bell: {kind: sound, class: awake, make: tone, notes: [A4], duration: 1 s}\n"
    both = explain(read(EXAMPLE.replace("cues:\n", bell, 1), file="night.yaml"))
    assert "When the sleeper stirs, a sleep cue fades within 100 ms, rests for 2 min, and returns 3 dB softer." in both
    assert WAKING in both


def test_several_parts_share_one_speaker_and_that_is_said() -> None:
    once = read(EXAMPLE, file="night.yaml")
    said = "A bed plays one sound at a time: a part that is due while another sounds comes after it."
    twice = explain(replace(once, parts=once.parts * 2))
    assert said in twice
    assert twice.count("At most 200 cues of this part an hour and 800 a night.") == 2
    assert said not in explain(once)


def test_a_step_for_all_says_that_it_waits_for_what_happened_to_each() -> None:
    text = (Path(__file__).with_name("whole.yaml")).read_text(encoding="utf-8")
    one = "{to: apart, for: each sleeper, on: arousal, after: 1 min, because: ours}"
    assert one in text
    alone, together = (
        " ".join(explain(read(each, file="whole.yaml")))
        for each in (text, text.replace("for: each sleeper, on: arousal", "for: everyone, on: arousal"))
    )
    assert "there is an arousal" in alone
    assert "there was an arousal since they came, those who can at one moment" in together
