"""Do beds remember a record that its keeper rewrites, and does verification believe them?"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite import read_only
from dreamloom.engine.loop import Outside
from dreamloom.house import making, witnessing
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.verifying import verify_night
from dreamloom.house.witnessing import Witness, kept_at_beds, read_note
from dreamloom.record.events import ConsentWithdrawn
from dreamloom.record.growing_tree import GrowingTree
from dreamloom.record.stored import Copy
from dreamloom.record.witness import Refused
from dreamloom.seals.cosignatures import read_witness_key, seen_at_s
from dreamloom.seals.notes import public_key
from dreamloom.testing.nights import EAGER
from dreamloom.testing.rewriting import REWRITINGS, rewrite_whole, try_rewritings
from dreamloom.testing.tampering import TRIGGERS, try_changes
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import RecordError, RefusedError
from dreamloom.vocabulary.units import NightTime

SOURCE = "sim:typical,start=3h,hours=0.02"


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    (tmp_path / "eager.yaml").write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id=pod, sleeper=f"S-{pod}", source=SOURCE) for pod in ("p1", "p2")]
    return making.write_night(House(tmp_path / "house"), "seen", pods, str(tmp_path / "eager.yaml"), seed=3)


def lived(night: NightFolder, **options: object) -> list[str]:
    warned: list[str] = []
    run_night(night, RunOptions(speed_x=None, warn=warned.append, **options))  # type: ignore[arg-type]
    return warned


def test_every_bed_signs_the_end_of_a_night_and_it_verifies(night: NightFolder) -> None:
    assert lived(night) == []
    kept = list(kept_at_beds(night))
    assert [copy.path.parents[2].name for copy in kept] == ["p1", "p2"]
    with read_only(night.record) as record:
        whole = record.size
    for copy in kept:
        key = read_witness_key(Witness(night.house.pod(copy.path.parents[2].name)).key)
        assert key is not None
        assert seen_at_s(copy.note, name=key[0], public=key[1]) is not None
        assert int(copy.note.splitlines()[1]) == whole
    assert verify_night(night).ok
    assert read_note(night.house.pod("p1").witnessed_house) is not None


def test_a_withdrawal_is_witnessed_at_once_by_every_bed(night: NightFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    look = witnessing.WitnessClerk._look

    def count(clerk: witnessing.WitnessClerk, witnesses: list[Witness]) -> None:
        looked.append(len(witnesses))
        look(clerk, witnesses)

    monkeypatch.setattr(witnessing.WitnessClerk, "_look", count)
    said = ConsentWithdrawn(onset_s=20.0, sleeper="S-p1", channel="test")
    lived(night, script=[Outside(known_s=NightTime(20.0), pod="p1", event=said)])
    assert looked == [2, 2]


def test_a_record_rewritten_with_the_houses_own_key_is_found_by_what_a_bed_kept(night: NightFolder) -> None:
    lived(night)
    notes = {copy.path: copy.note for copy in kept_at_beds(night)}
    rewrite_whole(night, stream(1, "a test"))
    verdict = verify_night(night)
    assert not verdict.ok
    assert "as the copy kept at" in verdict.why
    for path in notes:
        path.unlink()
    assert verify_night(night).first_bad is None or "copy" not in verify_night(night).why
    elsewhere = Copy(next(iter(notes.values())), "a printed page")
    found = verify_night(night, copies=[elsewhere])
    assert not found.ok
    assert "a printed page" in found.why


def test_a_record_cut_to_an_older_checkpoint_is_found_by_what_a_bed_kept(night: NightFolder) -> None:
    lived(night)
    with closing(sqlite3.connect(night.record)) as record:
        record.executescript("".join(f"DROP TRIGGER {name};" for name in TRIGGERS))
        (size,) = record.execute("SELECT size FROM checkpoints ORDER BY size LIMIT 1").fetchone()
        record.execute("DELETE FROM events WHERE seq >= ?", (size,))
        record.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
        record.commit()
    verdict = verify_night(night)
    assert not verdict.ok
    assert "missing" in verdict.why
    assert "copy kept at" in verdict.why
    with pytest.raises(RecordError, match=r"DL-E417 .*p1 vouched for"):
        lived(night)


def test_a_note_that_was_changed_vouches_for_nothing_and_is_named(night: NightFolder) -> None:
    lived(night)
    path = next(kept_at_beds(night)).path
    path.write_text(path.read_text().replace("\n", "\n9", 1))
    verdict = verify_night(night)
    assert not verdict.ok
    assert verdict.first_bad is not None
    assert str(path) in verdict.first_bad


def test_a_bed_refuses_another_history_and_keeps_the_first(night: NightFolder) -> None:
    lived(night)
    bed = Witness(night.house.pod("p1"))
    before = read_note(night.house.pod("p1").witnessed("seen"))
    rewrite_whole(night, stream(1, "a test"))
    public = public_key(FolderVault(night.house.keys).signing_key())
    tree = GrowingTree()
    with read_only(night.record) as record:
        tree.extend(row.leaf for row in record.rows())
        note = record.checkpoints()[-1].note
    path = night.house.pod("p1").witnessed("seen")
    refused = bed.see(path, note, tree, origin=night.origin, public=public)
    assert isinstance(refused, Refused)
    assert refused.forked
    assert read_note(path) == before


def test_a_night_made_anew_under_an_old_name_sets_the_old_memory_aside(night: NightFolder, tmp_path: Path) -> None:
    lived(night)
    for path in (night.record, night.signals, night.sound, night.report):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    warned = lived(night)
    assert any("vouched for before" in line for line in warned)
    assert verify_night(night).ok
    assert (tmp_path / "house" / "pods" / "p1" / "witness" / "nights" / "seen.1.note").exists()


def test_a_key_that_others_can_read_signs_nothing_and_the_night_goes_on(night: NightFolder) -> None:
    lived(night)
    key = night.house.pod("p1").key
    key.chmod(0o644)
    with pytest.raises(RefusedError, match="DL-E590"):
        Witness(night.house.pod("p1"))
    key.chmod(0o600)
    key.write_bytes(b"short")
    with pytest.raises(RecordError, match="DL-E690"):
        Witness(night.house.pod("p1"))


def test_events_are_all_that_a_note_tells(night: NightFolder) -> None:
    """A copy may lie anywhere: it names the night, a number and a hash, and no person."""
    lived(night)
    kept = next(kept_at_beds(night)).note
    assert "S-p1" not in kept


def test_what_is_rewritten_under_the_houses_own_key_is_found_by_its_beds_and_by_them_alone(night: NightFolder) -> None:
    lived(night)
    assert verify_night(night).ok
    assert [each.what for each in try_rewritings(night, 6, 1, is_witnessed=True) if each.first_bad is None] == []
    unseen = {each.what for each in try_rewritings(night, 6, 1, is_witnessed=False) if each.first_bad is None}
    assert unseen == {what for what, _ in REWRITINGS[1:]}
    assert verify_night(night).ok


def test_a_bed_mends_no_checkpoint_that_was_taken_away(night: NightFolder) -> None:
    lived(night)
    tried = try_changes(night, 19, 1)
    assert [each.what for each in tried if each.first_bad is None] == []
