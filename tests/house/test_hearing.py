"""Are levels counted from what a sleeper just hears, on which scale, and held when somebody turns the volume?"""

import io

import pytest

from dreamloom.adapters.speaker import volume
from dreamloom.adapters.sqlite import read_only
from dreamloom.cli import hearing as verb
from dreamloom.engine.loop import Outside
from dreamloom.house import hearing
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.volume_watch import VolumeWatch
from dreamloom.jukebox.staircase import Threshold
from dreamloom.record.events import CueDue, OutputVolumeMoved, OutputVolumeRestored, ThresholdMeasured
from dreamloom.testing import null_sinks
from dreamloom.testing.nights import EAGER, TinyBed, rem_source, run_tiny_night
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

BED = PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.02")
FOUND = Threshold(dbfs=-62.0, spread_db=1.5, trials=30, silent=6, false=0)


def awake(text):
    text = text.replace("class: sleep", "class: awake").replace("stage: R", "stage: W").replace(">= 0.8", ">= 0.5")
    return text[: text.index("arms:")] + text[text.index("levels:") :]


@pytest.fixture
def night(tmp_path):
    (tmp_path / "a.yaml").write_text(awake(EAGER).replace("over: 20 s", "over: 1 s"), encoding="utf-8")
    return write_night(House(tmp_path / "house"), "tide", [BED], str(tmp_path / "a.yaml"), seed=3)


def listener(threshold_dbfs):
    """Plays into an ear, and answers for it."""
    last = []
    return (lambda sound, dbfs: last.append((bool(sound.frames.any()), dbfs))), (
        lambda: last[-1][0] and last[-1][1] >= threshold_dbfs
    )


def test_the_staircase_finds_an_ear_through_what_it_plays():
    play, heard = listener(-66.0)
    found = hearing.staircase(play, heard, seed=4)
    assert found.dbfs == pytest.approx(-66.0, abs=2.0)
    assert found.false == 0


def test_an_ear_that_always_says_yes_is_refused_and_nothing_is_kept():
    with pytest.raises(RefusedError, match=r"^DL-E545 .*without any sound were heard"):
        hearing.staircase(lambda *_: None, lambda: True, seed=4)


def test_without_a_meter_levels_are_told_over_the_own_threshold(night):
    hearing.keep(night, BED, "sink", FOUND, volume_db=-3.0)
    told = hearing.measured(night, BED, "sink", 0.0)
    assert (told.threshold_db, told.scale, told.full_scale_db) == (30.0, "own threshold", 92.0)
    assert "rules in dB(A) cannot be checked; levels are dB over the sleeper's own threshold" in hearing.unchecked(
        "p1", "sink", night.house, told
    )
    assert "over a threshold nobody measured" in hearing.unchecked("p1", "sink", night.house, None)


def test_with_a_meter_the_threshold_is_in_db_a_and_nothing_stays_unchecked(night):
    hearing.keep(night, BED, "sink", FOUND, volume_db=None)
    kept = hearing.keep_level("sink", night.house, reading_dba=66.5, utc="2026-11-21T21:00:00+00:00", volume_db=0.0)
    assert kept.full_scale_db == 96.5
    told = hearing.measured(night, BED, "sink", 0.0)
    assert (told.threshold_db, told.scale, told.full_scale_db) == (34.5, "dB(A)", 96.5)
    assert hearing.unchecked("p1", "sink", night.house, told) == ""
    assert hearing.full_scale_db("sink", night.house, None) == 96.5
    assert hearing.full_scale_db("other", night.house, None) == 100.0


@pytest.mark.parametrize("reading_dba", [10.0, 120.0])
def test_a_reading_that_no_bedside_output_gives_is_refused(night, reading_dba):
    with pytest.raises(UsageError, match=r"^DL-E123 .*cannot be right"):
        hearing.keep_level("sink", night.house, reading_dba=reading_dba, utc="", volume_db=None)


def test_a_threshold_of_another_output_does_not_count_and_one_of_another_sleeper_is_refused(night):
    hearing.keep(night, BED, "sink", FOUND, volume_db=None)
    assert hearing.measured(night, BED, "other", 0.0) is None
    other = PodAsked(id="p1", sleeper="S02", source="lsl:x")
    with pytest.raises(ConfigError, match=r"^DL-E364 .*It is that of 'S01'"):
        hearing.measured(night, other, "sink", 0.0)


def test_a_night_counts_its_levels_from_the_record_and_replays_without_the_file(night):
    hearing.keep(night, BED, "silent", FOUND, volume_db=None)
    hearing.keep_level("silent", night.house, reading_dba=67.0, utc="", volume_db=None)
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        events = list(record.events())
    (told,) = [event for event in events if isinstance(event, ThresholdMeasured)]
    assert (told.threshold_db, told.pod) == (35.0, "p1")
    levels = {event.level_db for event in events if isinstance(event, CueDue)}
    assert max(levels) == 45.0  # 35 + 10
    night.hearing("p1").unlink()
    assert replay_night(night).first_difference is None


def test_the_verb_asks_after_every_moment_and_keeps_what_was_found(night, monkeypatch, capsys):
    monkeypatch.setenv("DREAMLOOM_HOUSE", str(night.house.root))
    monkeypatch.setattr("secrets.randbits", lambda _: 4)
    state, answers = hearing.Staircase(seed=4), []
    while not state.is_over:
        heard = not state.is_silent and state.level_dbfs >= -66.0
        answers.append("y\n" if heard else "n\n")
        state = hearing.answered(state, heard=heard)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(answers)))
    verb.hear("tide", "p1", as_json=True)
    assert '"scale":"own threshold"' in capsys.readouterr().out
    assert hearing.kept_for(night, BED, "silent").dbfs == pytest.approx(-66.0, abs=2.0)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(UsageError, match="DL-E125"):
        verb.hear("tide", "p1", as_json=False)


SINKS = """Sink #1
	Name: bedroom
	Mute: no
	Volume: front-left: 65536 / 100% / 0.00 dB,   front-right: 39322 /  60% / -13.31 dB
	Base Volume: 65536 / 100% / 0.00 dB
Sink #2
	Name: hall
	Mute: yes
	Volume: mono: 32768 /  50% / -18.06 dB
Sink #3
	Name: attic
	Mute: no
	Volume: mono: 0 /   0% / -inf dB
"""


def test_the_volume_of_every_output_is_read_from_the_sound_system():
    assert volume.read(SINKS) == {"bedroom": 0.0, "hall": -120.0, "attic": -120.0}
    assert volume.read("nothing of the kind") == {}


def test_without_a_sound_system_no_volume_is_told(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert volume.volumes() == {}


def test_a_volume_that_was_turned_is_told_once_until_it_is_turned_back():
    now_db, said = {"sink": -6.0}, []
    watch = VolumeWatch({"p1": "sink"}, {"p1": -6.0}, warn=said.append, look=lambda: now_db, at_once=True)
    assert watch(0.0) == []
    now_db = {"sink": 0.0}
    (moved,) = watch(3.0)
    assert isinstance(moved.event, OutputVolumeMoved)
    assert (moved.pod, moved.event.was_db, moved.event.now_db) == ("p1", -6.0, 0.0)
    assert watch(6.0) == []
    assert "+6.0 dB from where it was" in said[0]
    now_db = {"sink": -6.2}
    (back,) = watch(9.0)
    assert isinstance(back.event, OutputVolumeRestored)


def test_a_volume_turned_between_the_evening_and_the_night_is_told_at_the_first_look():
    watch = VolumeWatch({"p1": "sink"}, {"p1": -6.0}, warn=lambda _: None, look=lambda: {"sink": 0.0}, at_once=True)
    assert len(watch(0.0)) == 1


def test_without_an_evening_the_first_look_counts_and_an_output_nobody_tells_of_moves_nothing():
    now_db = {}
    watch = VolumeWatch({"p1": "sink"}, {}, warn=lambda _: None, look=lambda: now_db, at_once=True)
    assert watch(0.0) == []
    now_db = {"sink": -9.0}
    assert watch(3.0) == []
    now_db = {}
    assert watch(6.0) == []
    now_db = {"sink": -20.0}
    assert len(watch(9.0)) == 1


def test_no_cue_is_due_while_the_volume_is_another_one():
    moved = OutputVolumeMoved(onset_s=60.0, device="sink", was_db=-6.0, now_db=0.0)
    back = OutputVolumeRestored(onset_s=80.0, device="sink")
    script = [Outside(known_s=60.0, pod="a", event=moved), Outside(known_s=80.0, pod="a", event=back)]
    night = run_tiny_night({"a": TinyBed(source=rem_source(seconds=110))}, script=script)
    times_s = [event.onset_s for event in night.of(CueDue)]
    assert any(time_s < 60.0 for time_s in times_s)
    assert any(time_s > 80.0 for time_s in times_s)
    assert not any(61.0 < time_s < 80.0 for time_s in times_s)


@pytest.mark.skipif(not null_sinks.is_available(), reason="no PulseAudio on this machine")
def test_a_real_sound_server_tells_when_its_volume_is_turned():
    with null_sinks.null_sinks({"bedroom": 2}) as server:
        assert volume.volumes()["bedroom"] == 0.0
        server._control("set-sink-volume", "bedroom", "50%")
        assert volume.volumes()["bedroom"] == pytest.approx(-18.06, abs=0.1)
        server._control("set-sink-mute", "bedroom", "1")
        assert volume.volumes()["bedroom"] == volume.MUTED_DB
