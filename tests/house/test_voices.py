"""Who may be heard across the wall? Everybody in the room agreed, nobody took it back, the record tells of it first."""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.gallery.live_row import Row
from dreamloom.gallery.live_rows import NightNow
from dreamloom.house import by_hand, intercom, making, replaying, running, voices, withdrawing
from dreamloom.house.by_hand import Begin, End
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import AnyEvent
from dreamloom.record.room_events import VoiceBegan, VoiceEnded
from dreamloom.testing.nights import EAGER
from dreamloom.vocabulary.errors import RefusedError

AWAKE = NightNow(now_s=100.0, rows={name: Row(pod=name, stage="W", scored_s=90.0) for name in ("p1", "p2", "p3")})
USE = "0123456789abcdef"


def agreed(folder: Path) -> NightFolder:
    """Three beds: p1 and p2 in one room, all of whom agreed to voices; p3 alone, who did not."""
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    source = "sim:typical,start=3h,hours=0.02"
    beds = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source=source) for n in (1, 2, 3)]
    night = making.write_night(House(folder), "tonight", beds, str(folder / "eager.yaml"), seed=1)
    asked = night.night_toml.read_text(encoding="utf-8")
    asked = asked.replace('sleeper = "S01"\n', 'sleeper = "S01"\nshares_room_with = ["p2"]\n')
    asked = asked.replace('sleeper = "S02"\n', 'sleeper = "S02"\nshares_room_with = ["p1"]\n')
    night.night_toml.write_text(asked, encoding="utf-8")
    text = night.consent_toml.read_text(encoding="utf-8")
    night.consent_toml.write_text(text.replace('purposes = ["cue"', 'purposes = ["cue", "talk", "listen"', 2))
    return night


def lived(night: NightFolder, *words: by_hand.AnyWord) -> list[AnyEvent]:
    def leave(tick: int, *_: object) -> None:
        if tick == 20:
            for word in words:
                by_hand.leave(night, word)

    running.run_night(night, RunOptions(speed_x=None, listeners=[leave]))
    with read_only(night.record) as record:
        return list(record.events())


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NightFolder:
    """One that was lived, and counts as one that runs."""
    made = agreed(tmp_path)
    lived(made)
    monkeypatch.setattr(intercom, "is_running", lambda _: True)
    return made


def asked(night: NightFolder, pod: str, way: str, *, now: NightNow = AWAKE, **chosen: bool) -> voices.Use:
    chosen = {"although": False, "is_blinded": False, **chosen}
    return voices.ask(night, pod, way, by="anna", now=now, **chosen)  # type: ignore[arg-type]


def code_of(night: NightFolder, pod: str, way: str, *, now: NightNow = AWAKE, **chosen: bool) -> str:
    with pytest.raises(RefusedError) as told:
        asked(night, pod, way, now=now, **chosen)
    return told.value.code


def dozing(stage: str, *, pod: str = "p2") -> NightNow:
    return NightNow(now_s=100.0, rows={**AWAKE.rows, pod: Row(pod=pod, stage=stage, scored_s=90.0)})


def test_a_use_is_told_from_when_to_when_and_by_whom_and_changes_nothing_else(tmp_path: Path) -> None:
    night = agreed(tmp_path)
    began = Begin(pod="p1", by="anna", use=USE, way="listen", room=("p2",), doze="unknown", lasts_s=120.0)
    ended = End(pod="p1", by="anna", use=USE, way="listen", why="SLEEPER", lasted_s=12.5)
    events = lived(night, began, ended)
    told = [event for event in events if isinstance(event, VoiceBegan | VoiceEnded)]
    assert [(type(each).__name__, each.pod, each.by, each.use) for each in told] == [
        ("VoiceBegan", "p1", "anna", USE),
        ("VoiceEnded", "p1", "anna", USE),
    ]
    for bed in ("p1", "p2"):
        (found,) = voices.uses(night, bed)
        assert (found.by, found.way, found.lasted_s, found.why, found.doze) == (
            "anna",
            "listen",
            12.5,
            "SLEEPER",
            "unknown",
        )
    assert voices.uses(night, "p3") == []
    assert replaying.replay_night(night).first_difference is None


def test_everybody_in_the_room_agreed_or_nobody_is_heard(night: NightFolder) -> None:
    assert asked(night, "p1", "listen").room == ("p2",)
    assert code_of(night, "p3", "listen") == "DL-E770"
    copy = night.house.pod("p2").consent
    kept = copy.read_bytes()
    copy.write_bytes(kept.replace(b"talk", b"walk", 1))
    assert code_of(night, "p1", "listen") == "DL-E770", "a copy that nobody signed is no consent"
    copy.unlink()
    assert code_of(night, "p1", "listen") == "DL-E770"


def test_a_no_of_anybody_in_the_room_ends_it(night: NightFolder) -> None:
    use = asked(night, "p1", "listen")
    assert voices.ends(night, use, AWAKE) is None
    withdrawing.withdraw(night.house, night=night.name, pod="p2", sleeper="S02", channel="terminal")
    assert voices.ends(night, use, AWAKE) == "WITHDRAWN"
    assert code_of(night, "p1", "listen") == "DL-E771"


def test_a_night_that_ended_ends_it(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    use = asked(night, "p1", "listen")
    monkeypatch.setattr(intercom, "is_running", lambda _: False)
    assert voices.ends(night, use, AWAKE) == "NIGHT_OVER"
    assert code_of(night, "p1", "listen") == "DL-E507"


@pytest.mark.parametrize("stage", ["R", "N2", "?"])
def test_nobody_talks_where_somebody_may_sleep_unless_a_person_chose_it(night, monkeypatch, stage) -> None:
    monkeypatch.setattr(voices, "_loudest", lambda *_: 0.5)
    assert code_of(night, "p1", "talk", now=dozing(stage)) == "DL-E772"
    use = asked(night, "p1", "talk")
    assert (use.doze, voices.ends(night, use, AWAKE)) == ("awake", None)
    assert voices.ends(night, use, dozing(stage)) == "ASLEEP"
    chosen = asked(night, "p1", "talk", now=dozing(stage), although=True)
    assert chosen.doze == ("unknown" if stage == "?" else "asleep")
    assert voices.ends(night, chosen, dozing(stage)) is None
    assert voices.ends(night, asked(night, "p1", "listen"), dozing(stage)) is None, "who listens wakes nobody"


def test_what_is_older_than_a_minute_says_nothing_of_now() -> None:
    stale = NightNow(now_s=200.0, rows=AWAKE.rows)
    assert voices.doze_of(AWAKE, ["p1", "p2"]) == "awake"
    assert voices.doze_of(stale, ["p1"]) == "unknown"
    assert voices.doze_of(AWAKE, ["p1", "p9"]) == "unknown"


def test_a_bed_without_any_sound_is_not_talked_to(night, monkeypatch) -> None:
    monkeypatch.setattr(voices, "_loudest", lambda *_: 0.5)
    alone = NightNow(now_s=100.0, rows={**AWAKE.rows, "p1": Row(pod="p1", stage="W", scored_s=90.0, by_hand="ISOLATE")})
    assert voices.ends(night, asked(night, "p1", "talk"), alone) == "NO_SOUND"


def test_a_bed_whose_sound_is_no_page_is_not_talked_to(night: NightFolder) -> None:
    assert code_of(night, "p1", "talk") == "DL-E773"


def test_who_is_blinded_does_not_listen_where_cues_can_be_heard(night: NightFolder) -> None:
    assert code_of(night, "p1", "listen", is_blinded=True) == "DL-E776"


def test_nothing_is_heard_that_does_not_stand_in_the_record(night: NightFolder, monkeypatch) -> None:
    monkeypatch.setattr(voices, "NOTED_WITHIN_S", 0.3)
    with pytest.raises(RefusedError, match="DL-E774"):
        voices.begin(night, asked(night, "p1", "listen"))
    assert list((night.root / by_hand.FOLDER).glob("*.json")) == [], "a word that came to nothing is taken back"


def test_a_loud_voice_stays_below_the_cap_of_awake_sounds(night: NightFolder) -> None:
    text = night.night_toml.read_text(encoding="utf-8")
    night.night_toml.write_text(text.replace('id = "p1"\n', 'id = "p1"\nspeaker = { device = "browser" }\n'))
    use = asked(night, "p1", "talk")
    assert 0.0 < use.loudest < 10 ** ((75.0 - 100.0) / 20.0)
