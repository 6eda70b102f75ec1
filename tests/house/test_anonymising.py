"""Is what stays of a sleeper who wanted to be unknown really cut loose, and only what they agreed to keep?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.governance.intake import Answers
from dreamloom.house import cue_sounds, making, receipts, reporting
from dreamloom.house.anonymising import keep_anonymised
from dreamloom.house.anonymous_nights import EVENTS, KEPT
from dreamloom.house.erasing import erase
from dreamloom.house.intaking import answer_intake, keep_limits
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_files, verify_night
from dreamloom.record.events import NoteMade, StageScored
from dreamloom.record.sealing import open_sealed, seal_for
from dreamloom.seals.pseudonyms import night_pseudonym
from dreamloom.vocabulary.errors import ConfigError, RefusedError

PODS = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source=f"sim:lucid,hours=0.0{n}") for n in (1, 2)]
WORDS = "I was on a tide-washed stair, and somebody called me from above the water."
PURPOSES = {"whole": '"cue", "keep derived", "keep raw"', "found": '"cue", "keep derived"', "nothing": '"cue"'}
PROBE_BYTES = 64


class Killed(Exception):
    """Nothing after it is done."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Three nights of S01, of which all, what was found, and nothing may be kept; S02 sleeps in the first as well."""
    house = House(tmp_path_factory.mktemp("anonymous") / "house")
    for seed, (name, purposes) in enumerate(PURPOSES.items()):
        pods = PODS if name == "whole" else PODS[:1]
        night = making.write_night(house, name, pods, "nightmare_rem_tmr", seed=seed)
        text = night.consent_toml.read_text()
        night.consent_toml.write_text(text.replace('purposes = ["cue", "keep derived"]', f"purposes = [{purposes}]", 1))
        cue_sounds.keep_words(night, pods[0], "words", f"RIFF own voice of {name}".encode() * 8)
        run_night(night, RunOptions(speed_x=None))
        note(night, f"S01: {WORDS} ({name})")
        reporting.write_report(night)
    answer_intake(house, "S01", Answers(34, *[False] * 6, "nobody"))
    keep_limits(house, "p1", "S01", ["grief"])
    receipts.receipt_for(house, "S01", "intake")
    return house


def note(night: NightFolder, words: str) -> None:
    vault = FolderVault(night.house.keys)
    with open_ledger(night.record, origin=night.origin, vault=vault, subject_of=lambda _: "S01") as ledger:
        identity = str(ledger.next_id("p1"))
        key = vault.subject_key("S01")
        sealed, ciphertext = seal_for("S01", words.encode(), subject_key=key, origin=night.origin, event_id=identity)
        event = NoteMade(
            id=identity, kind="input", tick=ledger.last_tick, onset_s=1.0, pod="p1", by="test", text=sealed
        )
        ledger.append([event], {identity: ciphertext})


@pytest.fixture
def house(lived: House, tmp_path: Path) -> House:
    shutil.copytree(lived.root, tmp_path / "house")
    return House(tmp_path / "house")


def texts_of(house: House, sleeper: str) -> Iterator[bytes]:
    """Bodies as they lie there, notes as they are opened."""
    vault = FolderVault(house.keys, may_make_keys=False)
    for name in PURPOSES:
        night = house.night(name)
        with read_only(night.record) as record:
            yield from (bytes(row.body) for row in record.rows() if row.subject == sleeper and row.body is not None)
            for event in record.of_type("NoteMade", sleeper):
                assert isinstance(event, NoteMade)
                assert event.text is not None
                cipher, key = record.payload(event.id) or b"", vault.subject_key(sleeper)
                yield open_sealed(event.text, cipher, subject_key=key, origin=night.origin, event_id=event.id)


def signal_probes(house: House, name: str, bed: str) -> list[bytes]:
    data = [path.read_bytes() for path in house.night(name).signals.glob(f"{bed}*.edf")]
    return [each[-2048 : -2048 + PROBE_BYTES] for each in data]


def everything(house: House) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(house.root.rglob("*")) if path.is_file())


def kept(house: House) -> dict[str, Path]:
    """Folders of anonymous/ by what they hold."""
    return {" ".join(sorted(path.name for path in folder.iterdir())): folder for folder in house.anonymous.iterdir()}


def test_what_was_agreed_to_stays_and_nothing_tells_whose_it_is(house: House, tmp_path: Path) -> None:
    texts = [text[len(text) // 3 :][:PROBE_BYTES] for text in texts_of(house, "S01") if len(text) > 96]
    s02 = list(texts_of(house, "S02"))
    others = b"\0".join(s02)
    notes = [text for text in texts_of(house, "S01") if WORDS.encode() in text]
    texts = [probe for probe in texts if probe not in others and probe not in b"".join(notes)]
    raw = {name: signal_probes(house, name, "p1") for name in PURPOSES}
    assert sum(probe in everything(house) for probe in texts) == len(texts) > 12
    assert len(notes) == 3
    assert all(probe in everything(house) for probes in raw.values() for probe in probes)
    names = [night_pseudonym(FolderVault(house.keys).subject_key("S01"), house.night(name).origin) for name in PURPOSES]
    done = keep_anonymised(house, "S01", tmp_path / "mine.json")
    left = everything(house)
    assert sum(probe in left for probe in texts) == 0
    assert WORDS.encode() not in left
    assert b"own voice" not in left
    assert all(probe in left for probe in raw["whole"])
    assert not any(probe in left for name in ("found", "nothing") for probe in raw[name])
    assert (done.nights, done.signals) == (2, 1)
    assert sorted(folder.name for folder in house.anonymous.iterdir()) == sorted(names[:2])
    assert set(kept(house)) == {"README.txt events.jsonl signals.edf", "README.txt events.jsonl"}
    assert FolderVault(house.keys).is_destroyed("S01")
    assert list(texts_of(house, "S02")) == s02


def test_no_name_bed_night_theme_or_moment_is_left_in_what_stays(house: House, tmp_path: Path) -> None:
    with read_only(house.night("whole").record) as record:
        scored = [event for event in record.of_type("StageScored", "S01") if isinstance(event, StageScored)]
    keep_anonymised(house, "S01", tmp_path / "mine.json")
    folder = kept(house)["README.txt events.jsonl signals.edf"]
    lines = [msgspec.json.decode(line) for line in (folder / EVENTS).read_bytes().splitlines()]
    assert {line["type"] for line in lines} <= set(KEPT)
    assert all(set(line) == {"type", "onset_s", *KEPT[line["type"]]} for line in lines)
    assert [line["stage"] for line in lines if line["type"] == "StageScored"] == [event.stage for event in scored]
    assert all(isinstance(line["onset_s"], int) for line in lines)
    text = (folder / EVENTS).read_bytes() + (folder / "README.txt").read_bytes()
    assert not [word for word in (b"S01", b"p1", b"whole", b"nightmare", b"2026", b"sim", b"utc") if word in text]
    head = (folder / "signals.edf").read_bytes()[:256]
    assert head[8:88].strip() == b"X X X X"
    assert b"01.01.85" in head
    assert {path.stat().st_mtime for each in house.anonymous.iterdir() for path in (each, *each.iterdir())} == {0.0}


def test_every_record_verifies_and_the_receipt_does_so_offline(house: House, tmp_path: Path) -> None:
    keep_anonymised(house, "S01", tmp_path / "mine.json")
    for name in PURPOSES:
        verdict, files = verify_night(house.night(name)), verify_files(house.night(name))
        assert (verdict.ok, files.first_bad) == (True, None)
        assert "of S01 were erased, because they asked for it" in verdict.why
    data = (tmp_path / "mine.json").read_bytes()
    for where in (None, house):
        judged = receipts.judge_receipt(data, where)
        assert judged.ok, judged.why
        assert (judged.content["sleeper"], judged.content["change"]) == ("S01", "kept anonymised")
    assert not receipts.judge_receipt(data.replace(b"kept anonymised", b"kept anonymized"), None).ok
    assert b"S01" not in b"".join(path.read_bytes() for path in house.receipts.glob("*"))


STEPS = (
    "dreamloom.house.anonymising.withdraw_everywhere",
    "dreamloom.house.anonymous_nights.sync_folder",
    "dreamloom.house.anonymising.receipt_for",
    "dreamloom.house.anonymising.erase",
    "dreamloom.house.erasing._erase_night",
)


def killed(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_goes_on_and_nothing_is_there_twice(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(step, killed)
    with pytest.raises(Killed):
        keep_anonymised(house, "S01", tmp_path / "mine.json")
    monkeypatch.undo()
    keep_anonymised(house, "S01", tmp_path / "again.json")
    assert set(kept(house)) == {"README.txt events.jsonl signals.edf", "README.txt events.jsonl"}
    assert len(list(house.anonymous.iterdir())) == 2
    assert FolderVault(house.keys).is_destroyed("S01")
    assert all(verify_night(house.night(name)).ok for name in PURPOSES)


def test_who_asks_to_be_erased_after_all_is_erased_from_there_as_well(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dreamloom.house.anonymising.erase", killed)
    with pytest.raises(Killed):
        keep_anonymised(house, "S01", tmp_path / "mine.json")
    monkeypatch.undo()
    assert len(list(house.anonymous.iterdir())) == 2
    erase(house, "S01")
    assert list(house.anonymous.iterdir()) == []


def test_nothing_is_written_over_and_nobody_unknown_is_anonymised(house: House, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("kept")
    with pytest.raises(RefusedError, match="DL-E578"):
        keep_anonymised(house, "S01", tmp_path / "mine.json")
    with pytest.raises(ConfigError):
        keep_anonymised(house, "S09", tmp_path / "other.json")
    assert not house.anonymous.exists()
    assert list(house.pods.glob("*/WITHDRAWN.*")) == []
