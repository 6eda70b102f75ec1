"""A stream that stumbles is lost and found at the same ticks when its night is decided again."""

from pathlib import Path

from dreamloom.adapters.sqlite import read_only
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.record.events import CueDue, CuePlayed, CueWithheld, StreamFound, StreamLost

STUMBLES = ("late=20.1+1.5", "late=27.7+1.1", "late=33.95+1.9", "late=41.5+2.9", "drop=50.2+1.4", "drop=56.9+2.4")


def test_silences_of_one_to_three_seconds_are_lost_and_found_again_in_the_replay(tmp_path: Path) -> None:
    pod = PodAsked(id="p1", sleeper="S01", source=",".join(("sim:typical", "hours=0.02", *STUMBLES)))
    folder = write_night(House(tmp_path / "house"), "stumbling", [pod], "nightmare_rem_tmr", seed=3)
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        told = [event for event in record.events() if isinstance(event, StreamLost | StreamFound)]
    assert len(told) >= 2 * 3
    assert replay_night(folder).first_difference is None


PROMPTS = """
dreamscape: prompts
version: 1
intent: Let a test hear a prompt while awake.
tags: [therapy]
cues:
  bell: {kind: sound, class: awake, make: tone, notes: [A4], duration: 500 ms, because: ours}
parts:
  - for: each sleeper
    when: {stage: W, confidence: ">= 0.3", because: ours}
    play: bell
    every: 1 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
"""


def test_seconds_that_came_too_late_for_a_cue_withhold_it_again_in_the_replay(tmp_path: Path) -> None:
    text = tmp_path / "prompts.yaml"
    text.write_text(PROMPTS)
    late = ("late=45.1+1.7", "late=60.2+1.6", "late=75.3+1.5")
    pod = PodAsked(id="p1", sleeper="S01", source=",".join(("sim:typical", "hours=0.025", *late)))
    folder = write_night(House(tmp_path / "house"), "late", [pod], str(text), seed=3)
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        events = list(record.events())
    stale = [event.onset_s for event in events if isinstance(event, CueWithheld) and event.reason == "STALE"]
    assert {46.0, 61.0, 76.0} <= set(stale)
    assert not {45, 60, 75} & {event.tick for event in events if isinstance(event, CueDue)}
    assert any(isinstance(event, CuePlayed) for event in events)
    assert replay_night(folder).first_difference is None


def test_a_stream_that_never_came_back_is_lost_again_in_the_replay(tmp_path: Path) -> None:
    pod = PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.1,drop=40.4+300")
    folder = write_night(House(tmp_path / "house"), "gone", [pod], "nightmare_rem_tmr", seed=3)
    run_night(folder, RunOptions(speed_x=None, until_s=60.0))
    assert replay_night(folder).first_difference is None
