"""A stream that stumbles is lost and found at the same ticks when its night is decided again."""

from pathlib import Path

import edfio
import numpy as np
import pytest

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


def interrupted(path: Path, *, after_s: int, missing_s: float) -> Path:
    """An EDF+D of a minute that breaks off on a whole second and goes on later."""
    onset_s = np.arange(60 * 100) / 100
    labels = ("EEG C3-A2", "EOG LOC")
    wave_uv = 40 * np.sin(6 * np.pi * onset_s)
    signals = [edfio.EdfSignal(wave_uv, 100, label=label, physical_dimension="uV") for label in labels]
    edfio.Edf(signals, data_record_duration=1, annotations=[edfio.EdfAnnotation(2.5, 1, "lights off")]).write(path)
    data = path.read_bytes().replace(b"EDF+C", b"EDF+D")
    for second in reversed(range(after_s, 60)):
        plain, late = b"+%d\x14\x14\x00" % second, b"+%g\x14\x14\x00" % (second + missing_s)
        place = data.index(plain, 768)
        data = data[:place] + late + data[place + len(late) :]
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("missing_s", [3.0, 2.0, 3.5])
def test_a_recording_with_a_gap_is_lost_and_found_at_the_same_ticks_in_the_replay(
    tmp_path: Path, missing_s: float
) -> None:
    source = interrupted(tmp_path / "gap.edf", after_s=20, missing_s=missing_s)
    pod = PodAsked(id="p1", sleeper="S01", source=f"edf:{source}")
    folder = write_night(House(tmp_path / "house"), "gap", [pod], "nightmare_rem_tmr", seed=3)
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        told = [type(event).__name__ for event in record.events() if isinstance(event, StreamLost | StreamFound)]
    assert told == ["StreamLost", "StreamFound"]
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
