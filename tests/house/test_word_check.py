"""Is a bed armed only when its sleeper said back what was played on its own output?"""

import msgspec
import pytest

from dreamloom.adapters import speech
from dreamloom.engine.loop import Outside
from dreamloom.house import word_check
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.opening_events import consent_given
from dreamloom.house.resuming import Past
from dreamloom.record.events import CueDue, LeaseGranted, OutputConfirmed, OutputUnconfirmed, Rearmed
from dreamloom.testing.nights import TinyBed, grant_for, plan_of, rem_source, run_tiny_night
from dreamloom.vocabulary.errors import ConfigError, RefusedError

BED = PodAsked(id="p1", sleeper="S01", source="lsl:Muse")


@pytest.fixture
def night(tmp_path):
    folder = House(tmp_path).night("tide")
    folder.root.mkdir(parents=True)
    return folder


def test_words_are_many_and_unlike():
    assert len(set(word_check.WORDS)) == len(word_check.WORDS) > 60


def test_without_a_voice_notes_are_counted_and_a_right_count_confirms(monkeypatch):
    monkeypatch.setattr(speech, "_wav", lambda _: None)
    played, asked = [], []

    def said(what):
        asked.append(what)
        return f" {len(played[-1])}\n"

    assert word_check.check(lambda below: below - 1, played.append, said) == "notes"
    assert asked == ["number of notes"]
    assert len(played[0]) == 7


def test_a_spoken_word_has_to_be_said_back(monkeypatch):
    monkeypatch.setattr(word_check, "spoken", lambda word: word)
    played = []
    assert word_check.check(lambda _: 3, played.append, lambda _: " Candle \n") == "word"
    assert played == [["candle"]]


def test_after_three_wrong_answers_the_bed_stays_unarmed(monkeypatch):
    monkeypatch.setattr(word_check, "spoken", lambda word: word)
    played = []
    with pytest.raises(RefusedError, match=r"^DL-E546 .*stays unarmed"):
        word_check.check(lambda _: 3, played.append, lambda _: "apple")
    assert len(played) == 3


def test_what_was_confirmed_holds_for_this_sleeper_and_this_output(night):
    assert isinstance(word_check.told(night, BED, "sink", 0.0), OutputUnconfirmed)
    word_check.keep(night, BED, "sink", "word")
    assert word_check.told(night, BED, "sink", 0.0) == OutputConfirmed(onset_s=0.0, device="sink", how="word")
    assert isinstance(word_check.told(night, BED, "other", 0.0), OutputUnconfirmed)
    other = PodAsked(id="p1", sleeper="S02", source="lsl:Muse")
    assert isinstance(word_check.told(night, other, "sink", 0.0), OutputUnconfirmed)


def test_a_silent_bed_and_one_where_nobody_lies_need_no_word(night):
    assert word_check.told(night, BED, None, 0.0) is None
    assert word_check.told(night, PodAsked(id="p1", sleeper="S01", source="sim:typical"), "sink", 0.0) is None


def test_a_broken_file_is_named(night):
    night.confirmed("p1").parent.mkdir()
    night.confirmed("p1").write_text("{")
    with pytest.raises(ConfigError, match="DL-E367"):
        word_check.told(night, BED, "sink", 0.0)


def test_an_unconfirmed_bed_is_recorded_and_silent_until_a_person_arms_it():
    unheard = Outside(known_s=0.0, pod="a", event=OutputUnconfirmed(onset_s=0.0, device="sink"))
    armed = Outside(known_s=70.0, pod="a", event=Rearmed(onset_s=70.0, by="the person in charge"))
    night = run_tiny_night({"a": TinyBed(source=rem_source(seconds=110))}, script=[unheard, armed])
    due = [event.onset_s for event in night.of(CueDue)]
    assert due
    assert min(due) > 70.0
    assert all(event.onset_s >= 70.0 for event in night.of(LeaseGranted))


def test_an_unconfirmed_bed_never_arms_itself_after_a_crash():
    grant = grant_for(plan_of()[0], rearm_after_crash="once")
    given = msgspec.structs.replace(consent_given(grant, "S01", 0.0), pod="p1")
    unheard = OutputUnconfirmed(onset_s=0.0, device="sink", pod="p1")
    assert Past(events=(given,), boot=1).rearm_at_s("p1", 10.0) is not None
    assert Past(events=(given, unheard), boot=1).rearm_at_s("p1", 10.0) is None
