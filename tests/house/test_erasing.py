"""Is somebody who asked to be erased gone from every file, and does everything of the others still stand?"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.house import cue_sounds, hearing, making, replaying, reporting, withdrawing
from dreamloom.house.erasing import erase
from dreamloom.house.erasure_plan import foreseen, unfinished
from dreamloom.house.export_mine import export_mine
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_files, verify_night
from dreamloom.jukebox.staircase import Threshold
from dreamloom.record.events import Erased, NoteMade, StageScored
from dreamloom.record.sealing import open_sealed, seal_for
from dreamloom.vocabulary.errors import ConfigError, RecordError, RefusedError
from dreamloom.vocabulary.units import Decibels

PODS = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source=f"sim:lucid,hours=0.0{n}") for n in (1, 2)]
WORDS = "I was on a tide-washed stair, and somebody called me from above the water."


class Killed(Exception):
    """Nothing after it is done."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with a night of two, a night of the first alone, notes on both, an own voice, a report and an export."""
    house = House(tmp_path_factory.mktemp("lived"))
    for name, pods in (("shared", PODS), ("alone", PODS[:1])):
        night = making.write_night(house, name, pods, "nightmare_rem_tmr", seed=1)
        cue_sounds.keep_words(night, pods[0], "words", f"RIFF own voice of {name}".encode() * 8)
        hearing.keep(night, pods[0], "usb", Threshold(Decibels(-50.0), Decibels(1.0), 20, 5, 0), volume_db=None)
        withdrawing.withdraw(house, night=name, pod="p1", sleeper="S01", channel="test")
        run_night(night, RunOptions(speed_x=None))
        for pod in pods:
            note(night, pod, f"{pod.sleeper}: {WORDS}")
        reporting.write_report(night)
    (house.exports / "mine").mkdir(parents=True)
    (house.exports / "mine" / "whose.json").write_text('{"sleepers": ["S01"]}')
    (house.exports / "mine" / "words.txt").write_text(f"S01: {WORDS}")
    (house.exports / "theirs").mkdir()
    (house.exports / "theirs" / "whose.json").write_text('{"sleepers": ["S02"]}')
    return house


def note(night: NightFolder, pod: PodAsked, words: str) -> None:
    """Somebody wrote down what they saw; sealed as a running night seals it."""
    vault = FolderVault(night.house.keys)
    with open_ledger(night.record, origin=night.origin, vault=vault, subject_of=lambda _: pod.sleeper) as ledger:
        identity = str(ledger.next_id(pod.id))
        sealed, ciphertext = seal_for(
            pod.sleeper,
            words.encode(),
            subject_key=vault.subject_key(pod.sleeper),
            origin=night.origin,
            event_id=identity,
        )
        event = NoteMade(
            id=identity, kind="input", tick=ledger.last_tick, onset_s=1.0, pod=pod.id, by="test", text=sealed
        )
        ledger.append([event], {identity: ciphertext})


@pytest.fixture
def house(lived: House, tmp_path: Path) -> House:
    shutil.copytree(lived.root, tmp_path / "house")
    return House(tmp_path / "house")


def texts_of(house: House, sleeper: str) -> Iterator[bytes]:
    """Every text of a sleeper: bodies as they lie there, notes as they are opened."""
    vault = FolderVault(house.keys, may_make_keys=False)
    for night in (house.night("shared"), house.night("alone")):
        with read_only(night.record) as record:
            for row in record.rows():
                if row.subject == sleeper and row.body is not None:
                    yield bytes(row.body)
            for event in record.events():
                if isinstance(event, NoteMade) and event.text is not None and event.text.subject == sleeper:
                    plain = open_sealed(
                        event.text,
                        record.payload(event.id) or b"",
                        subject_key=vault.subject_key(sleeper),
                        origin=night.origin,
                        event_id=event.id,
                    )
                    yield plain


def probes(house: House, sleeper: str, pod: str) -> list[bytes]:
    """64 bytes each of every text that nobody else has alike, and of every signal and sound."""
    others = b"\0".join(text for other in {"S01", "S02"} - {sleeper} for text in texts_of(house, other))
    found = {text[len(text) // 3 :][:64] for text in texts_of(house, sleeper) if len(text) > 96}
    found = {probe for probe in found if probe not in others}
    for path in house.root.rglob(f"{pod}.*"):
        if path.suffix in {".edf", ".wav"} and len(data := path.read_bytes()) > 4096 and any(data[-2048:-1984]):
            found.add(data[-2048:-1984])
    return sorted(found)


def everything(house: House) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(house.root.rglob("*")) if path.is_file())


def shown(house: House, wanted: list[bytes]) -> int:
    data = everything(house)
    return sum(probe in data for probe in wanted)


def test_nothing_of_who_was_erased_is_left_in_any_file(house: House, tmp_path: Path) -> None:
    theirs, others = probes(house, "S01", "p1"), probes(house, "S02", "p2")
    open_words = [words for words in texts_of(house, "S01") if WORDS.encode() in words]
    assert len(open_words) == 2
    assert len(theirs) > 12
    plain = [probe for probe in theirs if WORDS.encode()[:20] not in probe and probe not in b"".join(open_words)]
    assert shown(house, plain) == len(plain)
    before_s02 = list(texts_of(house, "S02"))
    shutil.copytree(house.keys, tmp_path / "backup of keys")
    plan = foreseen(house, "S01").intent
    assert plan.files == {
        "calibrations": 2,
        "consents": 3,
        "exports": 1,
        "reports": 4,
        "signals": 4,
        "sounds": 4,
        "voices": 4,
    }
    erase(house, "S01")
    assert shown(house, theirs) == 0
    assert b"own voice" not in everything(house)
    assert WORDS.encode() not in everything(house)
    assert shown(house, [probe for probe in others if WORDS.encode()[:8] not in probe]) > 0
    assert list(texts_of(house, "S02")) == before_s02
    assert not (house.exports / "mine").exists()
    assert (house.exports / "theirs").exists()
    for night in (house.night("shared"), house.night("alone")):
        verdict, files = verify_night(night), verify_files(night)
        assert (verdict.ok, files.first_bad) == (True, None)
        assert "of S01 were erased, because they asked for it" in verdict.why
    assert unfinished(house) is None
    vault = FolderVault(house.keys)
    assert vault.is_destroyed("S01")
    assert vault.has("S02")


def test_the_word_on_an_erasure_says_how_much_went_and_nothing_of_what_it_was(house: House) -> None:
    with read_only(house.night("alone").record) as record:
        rows, payloads = record.held_of("S01")
    erase(house, "S01")
    with read_only(house.night("alone").record) as record:
        (word,) = [event for event in record.events() if isinstance(event, Erased)]
    assert (word.sleeper, word.why, word.rows, word.payloads) == ("S01", "asked", rows, payloads)
    assert word.files["signals"] >= 2
    with read_only(house.record) as record:
        whole = [event for event in record.events() if isinstance(event, Erased)][-1]
    assert whole.files["nights"] == 2


def test_a_report_of_several_is_rebuilt_without_who_was_erased(house: House) -> None:
    erase(house, "S01")
    assert not house.night("alone").report.exists()
    numbers = msgspec.json.decode((house.night("shared").report / "report.json").read_bytes())
    assert [bed["sleeper"] for bed in numbers["pods"]] == ["S02"]
    written = house.night("shared").night_toml.read_text() + house.night("shared").consent_toml.read_text()
    assert "S01" not in written
    assert "S02" in written


def test_a_night_of_which_something_was_erased_says_so_instead_of_being_decided_again(house: House) -> None:
    erase(house, "S01")
    with pytest.raises(RecordError, match="what was recorded of S01 was erased") as refused:
        replaying.replay_night(house.night("shared"))
    assert refused.value.code == "DL-E452"


@pytest.mark.parametrize("step", range(6))
def test_an_erasure_killed_at_any_step_is_not_called_done_and_goes_on(house: House, step: int) -> None:
    theirs = probes(house, "S01", "p1")

    def kill(done: int, _: int) -> None:
        if done == step:
            raise Killed

    with pytest.raises(Killed):
        erase(house, "S01", told=kill)
    begun = unfinished(house)
    assert begun is not None
    assert begun.sleeper == "S01"
    with pytest.raises(RefusedError, match="not finished"):
        erase(house, "S02")
    assert erase(house, "S01") == begun
    assert shown(house, theirs) == 0
    assert all(verify_night(night).ok for night in (house.night("shared"), house.night("alone")))
    assert unfinished(house) is None


def test_files_that_an_unfinished_erasure_left_are_named_by_verification(house: House) -> None:
    night = house.night("shared")
    kept = (night.signals / "p1.edf").read_bytes()
    erase(house, "S01")
    (night.signals / "p1.edf").write_bytes(kept)
    files = verify_files(night)
    assert files.first_bad == "signals/p1.edf"
    assert "that erasure is not finished: dreamloom erase S01" in files.why


@pytest.mark.parametrize("subject", ["S02", "house"])
def test_a_text_that_goes_without_a_word_is_found_beside_an_erasure(house: House, subject: str) -> None:
    erase(house, "S01")
    night = house.night("shared")
    with closing(sqlite3.connect(night.record, isolation_level=None)) as connection:
        (seq,) = connection.execute("SELECT max(seq) FROM events WHERE subject = ?", (subject,)).fetchone()
        connection.execute("UPDATE events SET body = NULL WHERE seq = ?", (seq,))
    verdict = verify_night(night)
    assert (verdict.ok, verdict.first_bad) == (False, f"seq {seq}" if subject == "S02" else verdict.first_bad)


def test_a_row_of_somebody_else_cannot_be_slipped_under_an_erasure(house: House) -> None:
    erase(house, "S01")
    night = house.night("shared")
    with closing(sqlite3.connect(night.record, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER leaves_stay")
        (seq,) = connection.execute("SELECT max(seq) FROM events WHERE subject = 'S02'").fetchone()
        connection.execute("UPDATE events SET body = NULL, subject = 'S01' WHERE seq = ?", (seq,))
    verdict = verify_night(night)
    assert not verdict.ok
    assert "texts are gone, and" in verdict.why or "no erasure is recorded" in verdict.why


def test_a_missing_signal_file_of_somebody_else_is_found_beside_an_erasure(house: House) -> None:
    erase(house, "S01")
    (house.night("shared").signals / "p2.edf").unlink()
    assert verify_files(house.night("shared")).first_bad == "signals/p2.edf"


def test_nobody_is_erased_while_they_sleep(house: House) -> None:
    night = house.night("shared")
    with (
        open_ledger(night.record, origin=night.origin, vault=FolderVault(house.keys), subject_of=lambda _: "house"),
        pytest.raises(RefusedError, match="'shared', which is running") as refused,
    ):
        erase(house, "S01")
    assert refused.value.code == "DL-E552"
    assert "dreamloom withdraw shared S01" in refused.value.do
    assert FolderVault(house.keys).has("S01")


def test_erasing_again_changes_nothing(house: House) -> None:
    erase(house, "S01")
    before = everything(house)
    assert erase(house, "S01").is_empty
    assert everything(house) == before


def test_who_is_not_known_here_is_named_beside_who_is(house: House) -> None:
    with pytest.raises(ConfigError, match="Nobody called 'S03'") as refused:
        erase(house, "S03")
    assert "S01, S02" in refused.value.why


def test_the_house_is_no_sleeper_and_is_neither_erased_nor_taken_home(house: House, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Nobody called 'house'"):
        erase(house, "house")
    with pytest.raises(ConfigError, match="nothing of 'house'"):
        export_mine(house, "house", tmp_path / "mine")
    with pytest.raises(RecordError, match="DL-E821"):
        FolderVault(house.keys).destroy("house")
    assert verify_night(house.night("shared")).ok


def test_the_house_goes_on_after_an_erasure(house: House) -> None:
    erase(house, "S01")
    night = making.write_night(house, "after", PODS[1:], "nightmare_rem_tmr", seed=2)
    run_night(night, RunOptions(speed_x=None))
    with read_only(night.record) as record:
        assert any(isinstance(event, StageScored) for event in record.events())
    assert all(verify_night(house.night(name)).ok for name in ("shared", "alone", "after"))
    again = making.write_night(house, "again", PODS[:1], "nightmare_rem_tmr", seed=2)
    with pytest.raises(RecordError, match="key of S01 was destroyed"):
        run_night(again, RunOptions(speed_x=None))


def test_a_sleeper_takes_home_everything_of_theirs_and_nothing_of_others(house: House, tmp_path: Path) -> None:
    with read_only(house.night("shared").record) as record:
        own = [bytes(row.body) for row in record.rows() if row.subject == "S01" and row.body is not None]
    taken = export_mine(house, "S01", tmp_path / "mine")
    assert taken.nights == 2
    home = tmp_path / "mine"
    assert (home / "nights" / "shared" / "events.jsonl").read_bytes().splitlines() == own
    assert f"S01: {WORDS}" in (home / "nights" / "shared" / "opened.jsonl").read_text()
    night = house.night("shared")
    for name in ("p1.edf", "p1.arrivals"):
        assert (home / "nights" / "shared" / "signals" / name).read_bytes() == (night.signals / name).read_bytes()
    assert len(list((home / "voice").iterdir())) == 2
    assert b"ConsentWithdrawn" in (home / "house" / "events.jsonl").read_bytes()
    assert "Nothing of anybody else" in (home / "README.txt").read_text()
    everybody = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert f"S02: {WORDS}".encode() not in everybody
    assert (night.signals / "p2.edf").read_bytes()[-2048:] not in everybody
    with pytest.raises(RefusedError, match="there already"):
        export_mine(house, "S01", home)
    with pytest.raises(ConfigError, match="holds nothing of 'S07'"):
        export_mine(house, "S07", tmp_path / "other")


def test_words_that_were_recorded_anew_go_as_well(house: House) -> None:
    night = house.night("alone")
    cue_sounds.keep_words(night, PODS[0], "words", b"RIFF said again " * 8)
    assert b"own voice of alone" in everything(house)
    erase(house, "S01")
    assert b"own voice of alone" not in everything(house)
    assert b"said again" not in everything(house)


def test_who_asks_is_erased_from_a_record_that_somebody_spoilt_as_well(house: House) -> None:
    night = house.night("alone")
    with closing(sqlite3.connect(night.record, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER leaves_stay")
        connection.execute("UPDATE events SET leaf = zeroblob(32) WHERE seq = 3")
    assert not verify_night(night).ok
    theirs = probes(house, "S01", "p1")
    erase(house, "S01")
    assert shown(house, theirs) == 0
    with read_only(night.record) as record:
        assert record.held_of("S01") == (0, 0)
    assert not verify_night(night).ok
    assert verify_night(house.night("shared")).ok
