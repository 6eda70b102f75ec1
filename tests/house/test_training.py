"""Is a training held as it is written, kept, told in the night, and the same to everybody in every arm?"""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.adapters.sqlite import read_only
from dreamloom.cli import practice as verb
from dreamloom.engine.clocks import VirtualClock
from dreamloom.gallery.happenings import happenings_of
from dreamloom.gallery.pod_night import pod_night
from dreamloom.house import opening, training, withdrawing
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked, SpeakerAsked
from dreamloom.house.replaying import replay_night
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.jukebox.cues import SoundOutcome
from dreamloom.record.events import TrainingHeld
from dreamloom.record.projections import project
from dreamloom.testing import null_sinks
from dreamloom.testing.trial_nights import PRACTISED, night_in_trial, seal_with_arm
from dreamloom.vocabulary.errors import ConfigError, RefusedError, StreamError, UsageError

SIMULATED = PodAsked(id="p1", sleeper="S01", source="sim:typical,hours=0.02")
SOMEBODY = PodAsked(id="p1", sleeper="S01", source="lsl:band", speaker=SpeakerAsked(device="sink"))
UTC_NOW = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


def night_with(tmp_path, bed, text=PRACTISED):
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    return write_night(House(tmp_path / "house"), "tide", [bed], str(tmp_path / "a.yaml"), seed=3)


def in_arm(tmp_path, arm):
    """A night of a trial in which somebody lies at an output, drawn into this arm."""
    night = night_in_trial(tmp_path / arm, source="lsl:band", text=PRACTISED)
    seal_with_arm(night, arm)
    return night


def practised(night, bed=SOMEBODY):
    """Its trainings, and what a speaker was given in the first of them."""
    (one,) = training.practices(opening.read_asked(night), bed, threshold_db=30.0, utc=UTC_NOW)
    clock, played = VirtualClock(), []
    for turns in training.hold(one, lambda sound, level_db: played.append((clock.now_s(), sound, level_db)), clock):
        training.keep(night, bed, training.so_far(one, turns, held_s=clock.now_s(), utc=UTC_NOW))
    return one, played


@pytest.fixture
def speaker(monkeypatch):
    """The verb's own output and clock, in this process; returns what was played, and may be told how it goes."""
    said = {"played": [], "status": "played", "stop_at": 99}

    def played(_, sound, level_db):
        said["played"].append((sound, level_db))
        if len(said["played"]) == said["stop_at"]:
            raise KeyboardInterrupt
        return SoundOutcome("a", said["status"], 0.0, sound.duration_s, cut=False, bits=(), verified="none")

    @contextmanager
    def opened(_):
        yield None

    sink = DeviceAsked("sink", "null", 1, (1,), latency_s=0.0)
    monkeypatch.setattr("dreamloom.cli.practice.outputs_of", lambda beds, _: {bed.id: sink for bed in beds})
    monkeypatch.setattr("dreamloom.house.trying_outputs.opened", opened)
    monkeypatch.setattr("dreamloom.house.trying_outputs.played", played)
    monkeypatch.setattr("dreamloom.cli.practice.RealClock", VirtualClock)
    return said


def test_each_cue_comes_in_its_turn_under_the_caps_of_dreamscape_and_consent(tmp_path):
    one, played = practised(night_with(tmp_path, SOMEBODY))
    assert [(at_s, sound.name) for at_s, sound, _ in played] == [
        (60.0 * n, name) for n, name in enumerate(("bell", "knock", "bell", "knock", "bell"))
    ]
    assert {level_db for *_, level_db in played} == {one.level_db} == {40.0}


def test_awake_sounds_are_as_loud_as_was_agreed_for_them(tmp_path):
    night = night_with(tmp_path, SOMEBODY, PRACTISED.replace("cap: 45 dBA,", "cap: 45 dBA, awake_cap: 60 dBA,"))
    assert practised(night)[0].level_db == 60.0
    agreed = night.consent_toml.read_text("utf-8")
    night.consent_toml.write_text(agreed.replace("awake_level_cap_db = 60", "awake_level_cap_db = 52"), "utf-8")
    assert practised(night)[0].level_db == 52.0


def test_what_was_held_is_told_once_when_the_night_opens_and_replays_without_the_file(tmp_path):
    night = night_with(tmp_path, SIMULATED)
    practised(night, SIMULATED)
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        events = list(record.events())
    (told,) = [event for event in events if isinstance(event, TrainingHeld)]
    assert (told.pod, told.training, told.cues, told.presented) == ("p1", 0, ("bell", "knock"), 5)
    assert (told.held_s, told.began_utc) == (240.0, "2026-11-21T22:00:00+00:00")
    assert project(told, "blinded") is None
    told_of = happenings_of(events, pod_night(events, "p1"))
    assert "A training was held before the night: 5 turns within 4 min." in [one.words for one in told_of]
    night.trained("p1").unlink()
    assert replay_night(night).first_difference is None
    with pytest.raises(RefusedError, match=r"^DL-E548 .*has begun"):
        practised(night)


@pytest.mark.slow
@pytest.mark.skipif(not null_sinks.is_available(), reason="no PulseAudio on this machine")
def test_on_a_real_output_every_cue_sounds_however_long_the_one_before_is_past(tmp_path):
    text = PRACTISED.replace("every: 60 s, over: 5 min", "every: 3 s, over: 6 s")
    night = night_with(tmp_path, SOMEBODY, text)
    with null_sinks.null_sinks({"sink": 1}):
        verb.train(str(night.root), "p1", as_json=False)
    (told,) = training.held(night, SOMEBODY, 0.0)
    assert (told.presented, told.cues) == (2, ("bell", "knock"))
    assert told.held_s > 3.0


def test_an_untrained_arm_holds_the_same_session_in_silence_and_nothing_that_is_kept_tells_it(tmp_path):
    trained, untrained = in_arm(tmp_path, "active"), in_arm(tmp_path, "sham")
    (one, heard), (other, silent) = practised(trained), practised(untrained)
    assert all(sound.frames.any() for _, sound, _ in heard)
    assert not any(sound.frames.any() for _, sound, _ in silent)
    assert [(at_s, len(sound.frames), db) for at_s, sound, db in heard] == [
        (at_s, len(sound.frames), db) for at_s, sound, db in silent
    ]
    assert (one.moments, one.asked) == (other.moments, other.asked)
    assert trained.trained("p1").read_bytes() == untrained.trained("p1").read_bytes()
    assert not list(untrained.root.rglob("*.wav"))


def test_the_verb_says_the_same_in_both_arms(tmp_path, speaker, capsys, monkeypatch):
    monkeypatch.setattr("dreamloom.cli.practice.utc_now", lambda: UTC_NOW)
    said = []
    for arm in ("active", "sham"):
        night = in_arm(tmp_path, arm)
        verb.train(str(night.root), "p1", as_json=True)
        shown = capsys.readouterr()
        said.append((shown.out, shown.err.replace(str(tmp_path / arm), "")))
    assert said[0] == said[1]
    assert "Practise: Look at your hands." in said[0][1]
    assert "In some arms of this dreamscape silence" in said[0][1]
    assert "bell" not in said[0][1]
    assert [bool(sound.frames.any()) for sound, _ in speaker["played"]] == [True] * 5 + [False] * 5


def test_what_was_held_before_somebody_ended_it_counts(tmp_path, speaker, capsys):
    night = night_with(tmp_path, SOMEBODY)
    speaker["stop_at"] = 3
    verb.train(str(night.root), "p1", as_json=True)
    shown = capsys.readouterr()
    assert '"presented":2' in shown.out
    assert "2 of 5" in shown.err
    assert "Held: 2 cues in 1 min" in shown.err
    assert [one.presented for one in training.held(night, SOMEBODY, 0.0)] == [2]
    assert training.not_held(opening.read_asked(night)) == []


def test_a_cue_that_did_not_sound_ends_the_training_and_does_not_count(tmp_path, speaker):
    night = night_with(tmp_path, SOMEBODY)
    speaker["status"] = "failed"
    with pytest.raises(StreamError, match="did not sound"):
        verb.train(str(night.root), "p1", as_json=False)
    assert training.held(night, SOMEBODY, 0.0) == []


def test_a_withdrawal_in_the_middle_is_heard_before_the_next_cue(tmp_path, speaker, monkeypatch, capsys):
    night = night_with(tmp_path, SOMEBODY)
    monkeypatch.setattr("dreamloom.house.training.is_withdrawn", lambda *_: len(speaker["played"]) == 2)
    verb.train(str(night.root), "p1", as_json=False)
    assert len(speaker["played"]) == 2
    assert "S01 has withdrawn; nothing more is played." in capsys.readouterr().err


def test_where_nobody_lies_nothing_is_played_or_kept(tmp_path, speaker, capsys):
    night = night_with(tmp_path, SIMULATED)
    verb.train(str(night.root), "p1", as_json=True)
    shown = capsys.readouterr()
    assert "Nobody lies at p1" in shown.err
    assert '"held":[]' in shown.out
    assert speaker["played"] == []
    assert not night.trained("p1").exists()
    assert training.not_held(opening.read_asked(night)) == []


def test_what_cannot_be_practised_is_refused_with_its_reason(tmp_path, speaker, monkeypatch):
    night = night_with(tmp_path, SOMEBODY)
    asked = opening.read_asked(night)
    (told,) = training.not_held(asked)
    assert told == (
        "S01 has not held the training of this dreamscape. Before the night: dreamloom calibrate training tide p1"
    )
    agreed = night.consent_toml.read_text("utf-8")
    night.consent_toml.write_text(agreed.replace("[S01]", "[S09]").replace('["S01"]', '["S09"]'), "utf-8")
    with pytest.raises(RefusedError, match=r"^DL-E549 .*did not agree to bell, knock"):
        verb.train(str(night.root), "p1", as_json=False)
    night.consent_toml.write_text(agreed.replace('"end of night"', '"2020-01-01T00:00:00Z"'), "utf-8")
    with pytest.raises(RefusedError, match=r"DL-E517"):
        verb.train(str(night.root), "p1", as_json=False)
    night.consent_toml.write_text(agreed, "utf-8")
    withdrawing.withdraw(night.house, night="tide", pod="p1", sleeper="S01", channel="test")
    with pytest.raises(RefusedError, match=r"^DL-E550"):
        verb.train(str(night.root), "p1", as_json=False)
    monkeypatch.setattr("dreamloom.cli.practice.outputs_of", lambda *_: {})
    with pytest.raises(UsageError, match=r"^DL-E126"):
        verb.train(str(night.root), "p1", as_json=False)
    assert speaker["played"] == []


@pytest.mark.usefixtures("speaker")
def test_a_dreamscape_without_training_asks_for_none_and_a_broken_file_is_told(tmp_path):
    text = PRACTISED[: PRACTISED.index("training:")] + PRACTISED[PRACTISED.index("parts:") :]
    night = night_with(tmp_path, SOMEBODY, text)
    with pytest.raises(UsageError, match=r"^DL-E127 .*It has none"):
        verb.train(str(night.root), "p1", as_json=False)
    night.trained("p1").parent.mkdir()
    night.trained("p1").write_text("no json", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^DL-E368"):
        training.held(night, SOMEBODY, 0.0)
