"""Every word of the language in one night: read to values with units, and each word that nobody heeds yet told."""

from pathlib import Path

import msgspec
import pytest

from dreamloom.dreamscape import gate, obeyed, part
from dreamloom.dreamscape.model import possible_cues
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.reader import read
from dreamloom.pod.plan import Plan
from dreamloom.record.events import CueDue, LeaseGranted
from dreamloom.testing.nights import EAGER, TinyBed, rem_source, run_tiny_night

WHOLE = read(Path(__file__).with_name("whole.yaml").read_text(encoding="utf-8"), file="whole.yaml")


def test_channels_of_a_cue_arrive_in_their_units() -> None:
    cues = WHOLE.cues
    assert (cues["glow"].colour, cues["glow"].strength, cues["glow"].pulse_hz) == ("red", 0.2, 1.0)
    assert cues["chord"].with_ == ("glow",)
    assert (cues["bell"].file, cues["sum"].say, cues["tell"].voice) == (
        "bell.flac",
        "Eight minus six?",
        "own recording",
    )


def test_gates_phases_and_fallbacks_arrive() -> None:
    rem, slow = WHOLE.parts
    assert rem.when.cycle == gate.Cycles(from_=2, to=5)
    assert rem.when.local_time == gate.LocalTime(from_="23:30", until="06:30")
    assert [(other.pod, other.expected_hits) for other in rem.else_] == [("watch", 0.3), ("phone", 0.25)]
    assert slow.phase == part.PhaseTarget(because="ours", of="slow oscillation", at_deg=-20.0, trough_below_uv=-40.0)
    assert slow.repeat == part.Repeat(because="ours", times=2, apart_s=1.075)
    quorum = WHOLE.scenes["together"].parts[0].when.quorum
    assert quorum == gate.Quorum(at_least=3, of="all of circle", in_=(gate.Stage.R,), for_s=60.0)


def test_scenes_relays_dialogues_and_awakenings_arrive() -> None:
    assert [each.to for scene in WHOLE.scenes.values() for each in scene.next] == ["together", "apart"]
    assert WHOLE.relays[0].consent == ("sender", "receiver")
    assert (WHOLE.relays[0].sender, WHOLE.relays[0].receiver) == ("each of circle", "each other of circle")
    answer = WHOLE.dialogues["sums"].answer
    assert answer
    assert (answer.by, answer.window_s) == (("eyes", "sniff"), 20.0)
    probe, _, morning = WHOLE.awakenings
    assert probe.apart
    assert (probe.apart.at_least_s, probe.apart.at_most_s, probe.times) == (900.0, 1800.0, 8)
    assert (morning.latest, morning.prefer, morning.look_for_s) == ("07:30", (gate.Stage.R,), 1800.0)


def test_a_sleeper_is_asked_about_every_cue_a_night_could_ever_reach_them_by() -> None:
    assert set(possible_cues(WHOLE)) == {*WHOLE.cues, "silence"}


def test_every_word_that_is_not_heeded_is_told_once_with_its_place() -> None:
    told = not_yet(WHOLE)
    assert len(told) == len(set(told))
    assert all(found.where is not None and found.where.line > 1 for found in told)
    said = " ".join(found.text for found in told)
    for words in ("asked on paper",):
        assert words in said, words


def test_a_night_with_a_stop_rule_that_nobody_heeds_plays_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = EAGER.replace("stop:\n", "stop:\n  nightmare: {then: no more tonight}\n")
    assert obeyed.obeyed_parts(read(told, file="a")) == (0,)
    fewer = obeyed.HEEDED_IN_STOPS - {"nightmare"}
    for module in ("obeyed", "not_yet"):
        monkeypatch.setattr(f"dreamloom.dreamscape.{module}.HEEDED_IN_STOPS", fewer)
    assert obeyed.obeyed_parts(read(EAGER, file="a")) == (0,)
    assert obeyed.obeyed_parts(read(told, file="a")) == ()
    assert any("no part of this dreamscape plays at all" in found.text for found in not_yet(read(told, file="a")))


UNHEEDED = [
    ("for: each sleeper", "for: everyone\n    phase: {of: slow oscillation, at: 0 deg}"),
    ("every: 4 s", "every: 4 s\n    phase: {of: alpha, at: 0 deg}"),
    (
        "every: 4 s",
        "every: 4 s\n    phase: {of: slow oscillation, at: 0 deg}\n    repeat: {times: 2, apart: 0.9 s}",
    ),
    ("every: 4 s", "every: 4 s\n    blocks: {on: 2, off: 2}"),
]


@pytest.mark.parametrize(("was", "now"), UNHEEDED, ids=[now for _, now in UNHEEDED])
def test_a_part_with_a_word_that_no_bed_heeds_is_silent_leased_nothing_and_told(was: str, now: str) -> None:
    assert was in EAGER
    dreamscape = read(EAGER.replace(was, now, 1), file="a.yaml")
    plan = Plan(dreamscape=dreamscape, dreamscape_sha256="", cue_sha256={})
    assert plan.obeyed == ()
    assert plan.cues_by_class == {}
    assert obeyed.sounds_needed(dreamscape) == {}
    assert any("so this part never plays" in found.text for found in not_yet(dreamscape))


def test_a_word_that_is_added_to_parts_or_gates_silences_until_it_is_heeded() -> None:
    for kind, heeded in (
        (part.Part, obeyed.HEEDED_IN_PARTS),
        (gate.Gate, obeyed.HEEDED_IN_GATES),
    ):
        assert heeded <= {entry.name for entry in msgspec.structs.fields(kind)}


def test_an_arm_may_leave_every_part_its_own_cue() -> None:
    dreamscape = read(EAGER.replace("active: {cue: chord}", "active: {cue: own}"), file="a.yaml")
    assert obeyed.obeyed_parts(dreamscape) == (0,)
    assert list(obeyed.sounds_needed(dreamscape)) == ["chord", "silence"]


@pytest.mark.parametrize("now", ["every: 4 s", "every: 4 s\n    phase: {of: alpha, at: 0 deg}"])
def test_a_night_of_such_a_part_is_recorded_without_a_lease_or_a_cue(now: str) -> None:
    night = run_tiny_night({"a": TinyBed(source=rem_source(seconds=90))}, text=EAGER.replace("every: 4 s", now))
    silent = "phase" in now
    assert (not night.of(CueDue), not night.of(LeaseGranted)) == (silent, silent)
