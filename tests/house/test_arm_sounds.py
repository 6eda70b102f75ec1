"""Which sound leaves the speaker? The planned cue's own, or its arm's; never one that was not decided on."""

import csv
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.loop import Outside
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.jukebox.cues import Sound
from dreamloom.ports import PlayCommand
from dreamloom.record.events import CommandGiven, CueAudited, CueDue, CueFailed, CuePlayed, LeaseGranted
from dreamloom.record.sealing import open_sealed
from dreamloom.testing.nights import Classify, TinyBed, TinyNight, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.units import FloatArray, NightTime

TWO_PARTS = """
dreamscape: two_parts
version: 1
intent: Let a test hear two different cues in two stages.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
  tone: {kind: sound, class: sleep, make: tone, notes: [A4], duration: 500 ms, because: ours}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", because: ours}
    play: chord
    every: 4 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
  - for: each sleeper
    when: {stage: N2, confidence: ">= 0.8", because: ours}
    play: tone
    every: 4 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
"""
ARMS = """
arms:
  active: {cue: chord}
  other: {cue: tone}
  sham: {cue: silence}
"""


class Told(VirtualSpeaker):
    """A speaker that remembers what it was told to play."""

    def __init__(self, wav_path: Path | None = None) -> None:
        super().__init__(wav_path=wav_path)
        self.told: dict[str, PlayCommand] = {}

    def play(self, command: PlayCommand) -> None:
        self.told[command.cue_id] = command
        super().play(command)


def rem_then_n2(rem_windows: int = 8) -> Classify:
    """Sure of REM in the first windows and of N2 afterwards."""
    seen = 0

    def classify(features: FloatArray) -> FloatArray:
        nonlocal seen
        seen += 1
        row = np.full(5, 0.0125)
        row[4 if seen <= rem_windows else 2] = 0.95
        return np.tile(row, (len(features), 1))

    return classify


def night_of(
    text: str, *script: Outside, speaker: Told, arm: str = "active", sounds: Mapping[str, Sound] | None = None
) -> TinyNight:
    plan, _ = plan_of(text)
    bed = TinyBed(
        source=rem_source(seconds=120),
        classify=rem_then_n2(),
        grant=grant_for(plan, stages=("R", "N2")),
        speaker=speaker,
    )
    return run_tiny_night({"p1": bed}, script=script, text=text, arm=arm, sounds=sounds)


def accounts(night: TinyNight) -> dict[str, dict[str, Any]]:
    """What lies sealed beside each cue, by the CueDue's id."""
    key = MemoryVault(seed=1).subject_key("S-p1")
    found = {}
    for event in night.of(CueAudited):
        assert isinstance(event, CueAudited)
        ciphertext = night.ledger.payload(event.id)
        assert event.payload is not None
        assert ciphertext is not None
        plain = open_sealed(event.payload, ciphertext, subject_key=key, origin=night.ledger.origin, event_id=event.id)
        found[event.cause or ""] = msgspec.json.decode(plain)
    return found


def test_each_part_plays_its_own_cue_where_no_arm_says_otherwise(tmp_path: Path) -> None:
    speaker = Told(tmp_path / "p1.wav")
    night = night_of(TWO_PARTS, speaker=speaker)
    due = [event for event in night.of(CueDue) if isinstance(event, CueDue)]
    assert {event.cue for event in due} == {"chord", "tone"}
    told = accounts(night)
    for event in due:
        assert speaker.told[event.id].sound.sha256 == event.cue_sha256
        assert (told[event.id]["sound"], told[event.id]["sound_sha256"]) == (event.cue, event.cue_sha256)
    lengths = {event.id: {"chord": 48_000, "tone": 24_000}[event.cue] for event in due}
    heard = recorded(tmp_path / "p1.wav")
    assert {cue_id: len(frames) for cue_id, frames in heard.items()} == lengths
    for cue_id, frames in heard.items():
        assert np.corrcoef(frames, speaker.told[cue_id].sound.frames)[0, 1] > 0.99


@pytest.mark.parametrize(("arm", "sound"), [("active", "chord"), ("other", "tone"), ("sham", "silence")])
def test_an_arm_puts_its_cue_in_the_place_of_every_played_one(arm: str, sound: str) -> None:
    speaker = Told()
    night = night_of(TWO_PARTS + ARMS, speaker=speaker, arm=arm)
    assert {event.cue for event in night.of(CueDue)} == {"chord", "tone"}  # type: ignore[attr-defined]
    assert {command.sound.name for command in speaker.told.values()} == {sound}
    assert {account["sound"] for account in accounts(night).values()} == {sound}


@pytest.mark.parametrize(("text", "sound"), [(TWO_PARTS, "tone"), (TWO_PARTS + ARMS, "silence")])
def test_a_commanded_sleep_cue_is_its_own_or_its_arms(text: str, sound: str) -> None:
    speaker = Told()
    night = night_of(text, tone_now(text, 42.2), speaker=speaker, arm="sham")
    (due,) = [event for event in night.of(CueDue) if event.part == -1]  # type: ignore[attr-defined]
    assert speaker.told[due.id].sound.name == sound
    assert accounts(night)[due.id]["sound"] == sound


def test_a_sound_that_was_not_decided_on_stays_silent_and_is_told_as_a_failure() -> None:
    _, sounds = plan_of(TWO_PARTS)
    other = Sound("tone", sounds["chord"].sha256, sounds["chord"].frames)
    speaker = Told()
    night = night_of(TWO_PARTS, speaker=speaker, sounds={**sounds, "tone": other})
    assert {command.sound.name for command in speaker.told.values()} == {"chord"}
    wrong = [event for event in night.of(CueDue) if event.cue == "tone"]  # type: ignore[attr-defined]
    failed = [event for event in night.of(CueFailed) if isinstance(event, CueFailed)]
    assert wrong
    assert [(event.cause, event.reason) for event in failed] == [(event.id, "SPEAKER") for event in wrong]
    assert {event.cue for event in night.of(CuePlayed)} == {"chord"}  # type: ignore[attr-defined]
    told = accounts(night)
    assert all(told[event.id]["sound"] is None for event in wrong)


def tone_now(text: str, at_s: float) -> Outside:
    plan, _ = plan_of(text)
    event = CommandGiven(
        onset_s=at_s,
        by="the person in charge",
        cue="tone",
        cue_sha256=plan.cue_sha256["tone"],
        sound_class="sleep",
        level_cap_db=45.0,
        dreamscape_sha256=plan.dreamscape_sha256,
        policy_sha256="0" * 64,
        not_after_s=at_s + 2.0,
    )
    return Outside(known_s=NightTime(at_s), pod="p1", event=event)


def recorded(wav: Path) -> dict[str, FloatArray]:
    """The frames of each cue in the recording, by cue id."""
    with wave.open(str(wav)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)
    with wav.with_suffix(".cues.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    return {row["cue_id"]: frames[int(row["first_frame"]) :][: int(row["frames"])] for row in rows}


AWAKE_AND_ASLEEP = """
dreamscape: awake_and_asleep
version: 1
intent: Let a test hear a prompt while awake and a cue in sleep.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
  bell: {kind: sound, class: awake, make: tone, notes: [A4], duration: 500 ms, because: ours}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", because: ours}
    play: chord
    every: 4 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
  - for: each sleeper
    when: {stage: W, confidence: ">= 0.5", because: ours}
    play: bell
    every: 4 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
"""


def test_a_stored_night_of_both_classes_plays_the_second_parts_awake_sound_and_replays(tmp_path: Path) -> None:
    text = tmp_path / "awake_and_asleep.yaml"
    text.write_text(AWAKE_AND_ASLEEP)
    pod = PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.03")
    folder = write_night(House(tmp_path / "house"), "both", [pod], str(text), seed=3)
    run_night(folder, RunOptions(speed_x=None))
    with read_only(folder.record) as record:
        events = list(record.events())
    leases = [event for event in events if isinstance(event, LeaseGranted)]
    assert {(lease.sound_class, *lease.cues) for lease in leases} == {("sleep", "chord"), ("awake", "bell")}
    played = [event for event in events if isinstance(event, CuePlayed)]
    assert played
    assert {event.cue for event in played} == {"bell"}
    assert {len(frames) for frames in recorded(folder.sound / "p1.wav").values()} == {24_000}
    assert replay_night(folder).first_difference is None
