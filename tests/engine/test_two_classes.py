"""Sleep cues and awake sounds in one night: each under its own lease, each silenced by its own bits."""

import numpy as np
import pytest

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.engine.loop import Outside
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.ports import PlayCommand
from dreamloom.record.events import CommandGiven, CueDue, CueFailed, CuePlayed, CueWithheld, LeaseGranted, StageScored
from dreamloom.testing.nights import Classify, TinyBed, TinyNight, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vetoes.bits import EVERY_BIT, OF_WAKING, Bit
from dreamloom.vocabulary.units import FloatArray, NightTime

CLASSES = """
dreamscape: two_classes
version: 1
intent: Let a test hear a cue in REM sleep and a prompt while awake.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 6 s, because: ours}
  bell: {kind: sound, class: awake, make: tone, notes: [A4], duration: 1 s, because: ours}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", because: ours}
    play: chord
    every: 8 s
    budget: {per_hour: 400, per_night: 1000, because: ours}
  - for: each sleeper
    when: {stage: W, confidence: ">= 0.8", because: ours}
    play: bell
    every: 4 s
    budget: {per_hour: 500, per_night: 1000, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 250 ms, pause: 20 s, lower: 3 dB, because: ours}
"""
W, N2, R = 0, 2, 4
PLAN, _ = plan_of(CLASSES)


class Heard(VirtualSpeaker):
    """A speaker that remembers what it was told, which bits were on then, and what became of it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, PlayCommand] = {}
        self.became: dict[str, SoundOutcome] = {}
        self.on: dict[str, frozenset[Bit]] = {}
        self._on = frozenset(Bit)

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        self._on = self._on | {bit} if on else self._on - {bit}
        super().set_bit(bit, on=on)

    def play(self, command: PlayCommand) -> None:
        self.told[command.cue_id] = command
        self.on[command.cue_id] = self._on
        super().play(command)

    def outcomes(self) -> list[SoundOutcome]:
        found = super().outcomes()
        self.became.update({outcome.cue_id: outcome for outcome in found})
        return found


def stages(*course: tuple[int, int]) -> Classify:
    """Sure of each stage for so many windows, and of the last one from then on."""
    order = [stage for stage, windows in course for _ in range(windows)]
    seen = 0

    def classify(features: FloatArray) -> FloatArray:
        nonlocal seen
        row = np.full(5, 0.0125)
        row[order[min(seen, len(order) - 1)]] = 0.95
        seen += 1
        return np.tile(row, (len(features), 1))

    return classify


def night_of(
    speaker: Heard,
    classify: Classify,
    *script: Outside,
    seconds: float = 120,
    text: str = CLASSES,
    stages: tuple[str, ...] = ("R", "W"),
) -> TinyNight:
    grant = grant_for(plan_of(text)[0], stages=stages)
    bed = TinyBed(source=rem_source(seconds=seconds), classify=classify, grant=grant, speaker=speaker)
    return run_tiny_night({"p1": bed}, script=script, text=text)


def command(cue: str, sound_class: str, at_s: float) -> Outside:
    event = CommandGiven(
        onset_s=at_s,
        by="the person in charge",
        cue=cue,
        cue_sha256=PLAN.cue_sha256[cue],
        sound_class=sound_class,  # type: ignore[arg-type]
        level_cap_db=45.0,
        dreamscape_sha256=PLAN.dreamscape_sha256,
        policy_sha256="0" * 64,
        not_after_s=at_s + 2.0,
    )
    return Outside(known_s=NightTime(at_s), pod="p1", event=event)


def test_each_class_has_its_lease_and_both_sound_in_their_stages() -> None:
    speaker = Heard()
    night = night_of(speaker, stages((W, 8), (R, 1)))
    leases = [event for event in night.of(LeaseGranted) if isinstance(event, LeaseGranted)]
    assert {(lease.sound_class, tuple(lease.cues)) for lease in leases} == {("sleep", ("chord",)), ("awake", ("bell",))}
    assert len({lease.lease for lease in leases}) == len(leases)
    due = [event for event in night.of(CueDue) if isinstance(event, CueDue)]
    of_lease = {lease.lease: lease.sound_class for lease in leases}
    assert {(event.cue, event.sound_class, of_lease[event.lease]) for event in due} == {
        ("chord", "sleep", "sleep"),
        ("bell", "awake", "awake"),
    }
    assert night.of(CueFailed) == []
    assert {event.cue for event in night.of(CuePlayed)} == {"chord", "bell"}  # type: ignore[attr-defined]


def test_an_awake_sound_is_deaf_to_what_ends_a_sleep_cue_and_a_sleep_cue_to_what_ends_an_awake_sound() -> None:
    speaker = Heard()
    night_of(speaker, stages((W, 8), (R, 1)))
    bells = [cue for cue, command in speaker.told.items() if command.sound.name == "bell"]
    chords = [command for command in speaker.told.values() if command.sound.name == "chord"]
    assert bells
    assert chords
    assert all(speaker.on[cue] == {Bit.STAGE} for cue in bells)
    assert all(Bit.NOT_AWAKE in speaker.on[cue] for cue in speaker.told if cue not in bells)
    assert {command.silenced_by for command in chords} == {EVERY_BIT - sum(1 << bit for bit in OF_WAKING)}
    assert {command.arousal_fade_s for command in speaker.told.values()} == {0.25}


@pytest.mark.parametrize(("cue", "sound_class", "course", "at_s"), [("bell", "awake", ((W, 1),), 1.2)])
def test_a_command_is_its_own_permit_where_no_lease_is_live(
    cue: str, sound_class: str, course: tuple[tuple[int, int], ...], at_s: float
) -> None:
    speaker = Heard()
    night = night_of(speaker, stages(*course), command(cue, sound_class, at_s), seconds=20)
    (due,) = [event for event in night.of(CueDue) if event.part == -1]  # type: ignore[attr-defined]
    assert Bit.LEASE_LAPSED in speaker.on[due.id]
    assert speaker.became[due.id].status == "played"


def test_nobody_makes_a_sleep_cue_an_awake_sound_by_calling_it_one() -> None:
    night = night_of(Heard(), stages((W, 1)), command("chord", "awake", 40.2), seconds=60)
    refused = [event for event in night.of(CueWithheld) if event.part == -1]  # type: ignore[attr-defined]
    assert [event.reason for event in refused] == ["STAGE"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("left_for", [N2, W])
def test_a_sounding_sleep_cue_ends_when_the_sleeper_leaves_the_agreed_stage(left_for: int) -> None:
    speaker = Heard()
    night = night_of(speaker, stages((R, 7), (left_for, 1)), seconds=90)
    left_s = next(event.onset_s for event in night.of(StageScored) if event.stage in {"N2", "W"})  # type: ignore[attr-defined]
    last = [outcome for cue, outcome in speaker.became.items() if speaker.told[cue].sound.name == "chord"][-1]
    assert last.actual_s is not None
    assert last.actual_s < left_s < last.actual_s + 6.0
    assert (last.cut, last.bits) == (True, ("STAGE",))
    assert last.actual_s + last.heard_s - left_s <= 0.020


LONG_BELL_S = 7.0
LONG_BELL = CLASSES.replace("duration: 1 s", f"duration: {LONG_BELL_S:g} s")
BY_TIME = CLASSES.replace(
    '{stage: W, confidence: ">= 0.8", because: ours}', "{after_lights_off: 0 s, because: ours}\n    label: unstaged"
)


@pytest.mark.parametrize("asleep", [N2, R])
def test_a_sounding_awake_sound_ends_when_sleep_begins(asleep: int) -> None:
    speaker = Heard()
    night = night_of(speaker, stages((W, 6), (asleep, 1)), seconds=90, text=LONG_BELL)
    asleep_s = next(event.onset_s for event in night.of(StageScored) if event.stage in {"N2", "R"})  # type: ignore[attr-defined]
    last = [outcome for cue, outcome in speaker.became.items() if speaker.told[cue].sound.name == "bell"][-1]
    assert last.actual_s is not None
    assert last.actual_s < asleep_s < last.actual_s + LONG_BELL_S
    assert (last.cut, last.bits) == (True, ("NOT_AWAKE",))
    assert last.actual_s + last.heard_s - asleep_s <= 0.020


@pytest.mark.parametrize("granted", [("R",), ("R", "W"), ("N2", "R", "W")])
def test_no_awake_sound_is_planned_in_sleep_even_where_its_part_goes_by_the_clock(granted: tuple[str, ...]) -> None:
    night = night_of(Heard(), stages((N2, 1)), text=BY_TIME, stages=granted)
    bells = [event for event in night.of(CueDue) if event.sound_class == "awake"]  # type: ignore[attr-defined]
    assert [event for event in bells if event.onset_s > 30.0 or "W" not in granted] == []  # type: ignore[attr-defined]


def test_an_awake_sound_is_silent_where_the_grant_does_not_name_waking() -> None:
    night = night_of(Heard(), stages((W, 1)), stages=("R",))
    assert night.of(CueDue) == []
    assert "STAGE" in {event.reason for event in night.of(CueWithheld) if event.part == 1}  # type: ignore[attr-defined]


def test_a_command_to_wake_is_refused_in_sleep_like_every_awake_sound() -> None:
    night = night_of(Heard(), stages((N2, 1)), command("bell", "awake", 40.2), seconds=60)
    refused = [event for event in night.of(CueWithheld) if event.part == -1]  # type: ignore[attr-defined]
    assert [event.reason for event in refused] == ["STAGE"]  # type: ignore[attr-defined]
