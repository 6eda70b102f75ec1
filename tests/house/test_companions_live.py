"""Do marks, lights and the evening's measurements reach a night in real time, and come out of it whole?"""

import os

from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.loop import Outside
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.opening import read_asked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import AwakeSoundsAllowed, CommandGiven, CueDue, SoundDescribed

AWAKE = """
dreamscape: awake
version: 1
intent: Let a test hear and see a cue within seconds.
tags: [therapy]
cues:
  chord: {kind: sound, class: awake, make: chord, notes: [C5, E5], duration: 500 ms, with: [glow], because: ours}
  glow: {kind: light, class: awake, colour: amber, strength: 20 %, fade: 200 ms, duration: 500 ms, because: ours}
parts:
  - for: each sleeper
    when: {stage: W, because: ours}
    play: chord
    every: 2 s
    ramp: {from: silent, over: 1 s, to: calibrated, because: ours}
    budget: {per_hour: 500, per_night: 1000, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, awake_cap: 60 dBA, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
  cue_locked_awakenings: {more_than: 2, within: 30 min, then: no more tonight, because: ours}
"""


def prompt(night, at_s):
    """The person in charge prompts the sleeper, who has only just lain down."""
    asked = read_asked(night)
    event = CommandGiven(
        onset_s=at_s,
        by="the person in charge",
        cue="chord",
        cue_sha256=asked.plan.cue_sha256["chord"],
        sound_class="awake",
        level_cap_db=75.0,
        dreamscape_sha256=asked.dreamscape_sha256,
        policy_sha256=asked.policy_sha256,
        not_after_s=at_s + 2.0,
    )
    return Outside(known_s=at_s, pod="p1", event=event)


def test_a_live_night_marks_and_lights_what_it_plays_and_replays(tmp_path):
    (tmp_path / "a.yaml").write_text(AWAKE, encoding="utf-8")
    box, trigger = tmp_path / "box", tmp_path / "trigger"
    box.touch()
    os.mkfifo(trigger)
    listening = os.open(trigger, os.O_RDONLY | os.O_NONBLOCK)
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=1")]
    night = write_night(House(tmp_path / "house"), "tide", pods, str(tmp_path / "a.yaml"), seed=3)
    toml = night.night_toml.read_text().replace("\n[[pod]]", f'markers = ["serial:{trigger}"]\n\n[[pod]]')
    night.night_toml.write_text(f'{toml}actuator = "serial:{box}"\n')
    run_night(night, RunOptions(speed_x=1.0, until_s=7.0, script=[prompt(night, 2.0), prompt(night, 3.0)]))
    with read_only(night.record) as record:
        events = list(record.events())
    due = [event for event in events if isinstance(event, CueDue)]
    assert due
    assert {event.level_db for event in due} == {60.0}
    assert [event.level_cap_db for event in events if isinstance(event, AwakeSoundsAllowed)] == [60.0]
    (described,) = [event for event in events if isinstance(event, SoundDescribed)]
    assert (described.weighed_by, described.source) == ("A-weighted RMS", "made")
    assert box.read_text().count("L amber 0.20 0.00 0.20 0.50\n") <= len(due)  # fewer where the machine was too slow
    assert box.read_text().endswith("0\n")
    marks = os.read(listening, 1_000)
    os.close(listening)
    assert marks.count(b"\x01") == len(due)
    assert replay_night(night).first_difference is None
