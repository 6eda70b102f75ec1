"""Is a bed held back as far as a person says, from that second on, and let go only by a person?"""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.cli import by_hand as verbs
from dreamloom.cli import held_back, marking
from dreamloom.engine.loop import Outside
from dreamloom.house import by_hand, making, replaying, running
from dreamloom.house.by_hand import MARKS, Mark, Step
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import (
    AnyEvent,
    AwakeningDue,
    CueDue,
    CuePlayed,
    LeaseLapsed,
    LightsOff,
    OperatorStepped,
    Rung,
)
from dreamloom.testing.company import ToldBed, told_night
from dreamloom.testing.nights import EAGER, TinyBed, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.vocabulary.units import NightTime

WAKES = EAGER.replace(
    "parts:",
    """  bell: {kind: sound, class: awake, make: tone, notes: [A4], duration: 1 s, because: ours}
parts:""",
).replace(
    "arms:",
    """awakenings:
  - kind: probe
    for: each sleeper
    when: {asleep_for: 7 h}
    cue: bell
    ramp: {from: silent, over: 10 s, to: calibrated}
    apart: {at_least: 100 s, at_most: 140 s}
    times: 1
    report: {ask: "What was there?", record_for: 20 s}
arms:""",
)
"""As eager as EAGER; its one awakening never comes by itself here."""


AGREED = {"purposes": ("cue", "wake"), "stages": ("W", "N1", "N2", "N3", "R"), "awake_level_cap_db": 60.0}


def step(rung: Rung, at_s: float, pod: str = "p1") -> Outside:
    event = OperatorStepped(onset_s=at_s, by="anna", rung=rung)
    return Outside(known_s=NightTime(at_s), pod=pod, event=event)


def cues(events: Sequence[AnyEvent], pod: str = "p1") -> list[CueDue]:
    return [event for event in events if isinstance(event, CueDue) and event.pod == pod]


def lived(*script: Outside, text: str = EAGER, beds: int = 1, **changes: object) -> list[AnyEvent]:
    """Beds in REM all night."""
    return told_night(text, [ToldBed(changes=changes)] * beds, duration_s=300, script=script)[0]


@pytest.mark.parametrize("rung", ["HOLD", "FADE", "ISOLATE", "WAKE"])
def test_a_held_bed_is_cued_no_more_from_that_second_on_and_again_once_it_is_let_go(rung: Rung) -> None:
    events = lived(step(rung, 100.5), step("NONE", 200.5), beds=2)
    onsets_s = [cue.onset_s for cue in cues(events)]
    assert [at_s for at_s in onsets_s if at_s < 100.0]
    assert not [at_s for at_s in onsets_s if 101.0 <= at_s <= 201.0]
    assert [at_s for at_s in onsets_s if at_s > 205.0]
    assert [cue for cue in cues(events, "p2") if 101.0 <= cue.onset_s <= 201.0], "the other bed is another's"
    lapsed = [event.reason for event in events if isinstance(event, LeaseLapsed) and event.pod == "p1"]
    assert lapsed == ["kept apart by a person" if rung == "ISOLATE" else "held by a person"]


@pytest.mark.parametrize(("rung", "least_s", "most_s"), [("FADE", 9.0, 11.5), ("HOLD", 0.0, 2.0)])
def test_what_sounds_fades_for_ten_seconds_where_a_hold_cuts_it(rung: Rung, least_s: float, most_s: float) -> None:
    long = EAGER.replace("duration: 1 s", "duration: 40 s").replace("every: 4 s", "every: 60 s")
    events = lived(step(rung, 100.5), text=long)
    sounding = [event for event in events if isinstance(event, CuePlayed) and event.actual_s < 100.0][-1]
    assert sounding.cut_s is not None
    assert least_s <= sounding.actual_s + sounding.cut_s - 100.5 <= most_s
    assert not [cue for cue in cues(events) if cue.onset_s > 101.0]


def test_a_softened_bed_hears_every_cue_at_half_its_sound_pressure() -> None:
    plain, soft = lived(), lived(step("SOFTEN", 150.5))
    pairs = zip(cues(plain), cues(soft), strict=True)
    lower_db = {round(one.level_db - other.level_db, 3) for one, other in pairs if one.onset_s > 152.0}
    assert lower_db == {6.0}


def test_whoever_agreed_to_it_is_woken_at_once_and_once_for_each_word() -> None:
    words = (step("WAKE", 60.5), step("NONE", 200.5), step("WAKE", 230.5))
    due = [event for event in lived(*words, text=WAKES, beds=1, **AGREED) if isinstance(event, AwakeningDue)]
    assert [event.reason for event in due] == ["BY_HAND", "BY_HAND"]
    assert 60.0 <= due[0].onset_s <= 62.0
    assert 230.0 <= due[1].onset_s <= 232.0


def test_nothing_rings_for_whoever_did_not_agree_to_be_woken() -> None:
    events = lived(step("WAKE", 60.5), text=WAKES, **{**AGREED, "purposes": ("cue",)})
    assert not [event for event in events if isinstance(event, AwakeningDue)]


class Watched(VirtualSpeaker):
    """Remembers what its bits said."""

    def __init__(self) -> None:
        super().__init__()
        self.halted: list[bool] = []

    def set_bit(self, bit: Bit, *, on: bool) -> None:
        super().set_bit(bit, on=on)
        if bit is Bit.HALTED:
            self.halted.append(on)


def test_in_real_time_the_sound_stops_before_the_second_is_told_and_stays_stopped() -> None:
    plan, _ = plan_of()
    speaker = Watched()
    bed = TinyBed(source=rem_source(seconds=120), speaker=speaker, grant=grant_for(plan))
    night = run_tiny_night({"p1": bed}, speed_x=1.0, script=[step("HOLD", 60.0)])
    seen = [event for event in night.events if isinstance(event, CuePlayed) and event.onset_s > 61.0]
    assert seen == []
    first = speaker.halted.index(True)
    assert False in speaker.halted[:first]
    assert all(speaker.halted[first:])


def test_a_second_word_keeps_the_sound_away_when_the_first_is_told_before_it() -> None:
    plan, _ = plan_of()
    speaker = Watched()
    bed = TinyBed(source=rem_source(seconds=120), speaker=speaker, grant=grant_for(plan))
    words = [step("NONE", 60.9), step("ISOLATE", 61.02)]
    run_tiny_night({"p1": bed}, speed_x=1.0, script=words)
    assert all(speaker.halted[speaker.halted.index(True) :])


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source="sim:typical,start=3h,hours=0.03") for n in (1, 2)]
    return making.write_night(House(tmp_path), "tonight", beds, str(tmp_path / "eager.yaml"), seed=1)


def test_what_a_person_asked_for_stands_in_the_record_and_is_decided_again_the_same(night: NightFolder) -> None:
    def leave(tick: int, *_: object) -> None:
        if tick == 40:
            by_hand.leave(night, Step(pod="p1", by="anna", rung="HOLD"))
            for kind in MARKS:
                by_hand.leave(night, Mark(pod="p2", by="anna", mark=kind))

    running.run_night(night, RunOptions(speed_x=None, listeners=[leave]))
    with read_only(night.record) as record:
        events = list(record.events())
    (told,) = [event for event in events if isinstance(event, OperatorStepped)]
    marked = [event for event in events if isinstance(event, tuple(MARKS.values())) and event.by == "anna"]
    assert {(type(event), event.pod, event.kind) for event in marked} == {
        (kind, "p2", "input") for kind in MARKS.values()
    }
    assert (told.pod, told.by, told.rung, told.kind) == ("p1", "anna", "HOLD", "input")
    assert replaying.replay_night(night).first_difference is None


def test_all_beds_are_asked_and_one_that_does_not_hear_keeps_no_other_from_it(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def heard(folder: NightFolder, waiting: verbs.Waiting) -> AnyEvent:
        asked.append(len(list((folder.root / by_hand.FOLDER).glob("*.json"))))
        if waiting.word.pod == "p1":
            raise RefusedError("DL-E536", "p1 did not answer.", why="It hangs.")
        return OperatorStepped(onset_s=61.0, by=waiting.word.by, rung="HOLD", pod=waiting.word.pod)

    monkeypatch.setattr(held_back, "answered", heard)
    with pytest.raises(RefusedError, match="p1 did not answer"):
        held_back.step(str(night.root), "all", "HOLD", by="anna", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told == {"rung": "HOLD", "by": "anna", "beds": [{"pod": "p2", "onset_s": 61.0}]}
    assert asked == [2, 2], "every word lay there before anybody waited"


def test_lights_are_off_or_on_and_whatever_holds_at_a_bed_is_said_of_one_or_of_all(
    night: NightFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def heard(_: NightFolder, waiting: verbs.Waiting) -> AnyEvent:
        return LightsOff(onset_s=61.0, by=waiting.word.by, pod=waiting.word.pod)

    monkeypatch.setattr(marking, "answered", heard)
    marking.lights(str(night.root), "all", "off", by="anna", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "mark": "lights-off",
        "by": "anna",
        "beds": [{"pod": "p1", "onset_s": 61.0}, {"pod": "p2", "onset_s": 61.0}],
    }
    with pytest.raises(UsageError, match="DL-E780"):
        marking.lights(str(night.root), "p1", "dim", by="anna", as_json=False)


def test_a_night_that_does_not_run_refuses_to_be_held(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "ANSWER_WITHIN_S", 0.1)
    with pytest.raises(RefusedError, match="DL-E536"):
        held_back.step(str(night.root), "p1", "ISOLATE", by="anna", as_json=False)
    assert list((night.root / by_hand.FOLDER).glob("*")) == []
