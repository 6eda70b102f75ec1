"""The record on disk: the ledger's contract, reopening, one writer, readers beside it, refusals."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import open_ledger, read_only
from dreamloom.adapters.sqlite_reader import PAGE_ROWS
from dreamloom.record.belonging import ByRule
from dreamloom.record.codec import canonical
from dreamloom.record.events import CueAudited
from dreamloom.record.sealing import seal_for
from dreamloom.record.verify import verify
from dreamloom.seals.notes import public_key
from dreamloom.testing.ledger_contract import ORIGIN, LedgerContract, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.errors import RecordError, RefusedError


def opened(path: Path, **kwargs):
    return open_ledger(path, **{"origin": ORIGIN, "vault": MemoryVault(1), "subject_of": by_pod, **kwargs})


def judged(path: Path, vault: MemoryVault | None = None):
    vault = vault or MemoryVault(1)
    with read_only(path) as reader:
        checkpoints = reader.checkpoints()
        return verify(
            reader.rows(),
            checkpoints,
            key_of=vault.subject_key,
            public_key=public_key(vault.signing_key()),
            origin=ORIGIN,
            belonging=ByRule(by_pod),
        )


@pytest.fixture
def folder(tmp_path):
    """In memory where there is such a file system: fsync costs nothing there and locks are the same."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as name:
        yield Path(name)


@pytest.fixture
def path(folder):
    return folder / "record.sqlite"


class TestSqliteLedger(LedgerContract):
    @pytest.fixture(autouse=True)
    def _path(self, path):
        self.path = path
        self.opened = []
        yield
        for ledger in self.opened:
            ledger.close()

    def make(self, vault):
        self.opened.append(opened(self.path, vault=vault))
        return self.opened[-1]

    def checkpoints(self, ledger):
        return ledger.checkpoints()


def test_a_record_goes_on_where_it_ended(path):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(3)])
        root = ledger.checkpoint()
    with opened(path) as ledger:
        assert ledger.size == ledger.durable_size == 3
        assert ledger.checkpoint() == root
        with pytest.raises(RecordError, match="comes after"):
            ledger.append([lights_off(2)])
        with pytest.raises(RecordError, match="its tick 1 comes after tick 2"):
            ledger.append([lights_off(3, tick=1)])
        ledger.append([lights_off(3)])
    verdict = judged(path)
    assert (verdict.ok, verdict.events, verdict.signed) == (True, 4, 4)


def test_a_checkpoint_reaches_the_disk_together_with_the_events_it_signs(path):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(3)])
        told: list[str] = []
        ledger._connection.set_trace_callback(told.append)
        ledger.checkpoint()
        ledger._connection.set_trace_callback(None)
    begun = [statement.split()[0] for statement in told]
    assert begun.count("COMMIT") == 1
    assert begun.index("COMMIT") > max(n for n, statement in enumerate(told) if "INTO checkpoints" in statement)


def test_an_append_late_after_the_oldest_waiting_one_commits_by_itself(path):
    now = [0.0]
    with opened(path, monotonic_s=lambda: now[0]) as ledger:
        for n, now_s in enumerate((5.0, 5.05, 5.1)):
            now[0] = now_s
            ledger.append([lights_off(n)])
            assert ledger.durable_size == 0
        now[0] = 5.11
        ledger.append([lights_off(3)])
        assert ledger.durable_size == 4
        ledger.append([lights_off(4)])
        assert ledger.durable_size == 4


def test_the_second_writer_is_refused_and_told_who_is_running(path):
    with opened(path) as ledger:
        ledger.append([lights_off(0)])
        with pytest.raises(RefusedError, match=rf"Night .* is already running \(process {os.getpid()}\)") as refusal:
            opened(path)
        assert (refusal.value.code, refusal.value.exit_code) == ("DL-E501", 5)
        ledger.append([lights_off(1)])
    opened(path).close()


def test_a_refused_opening_lets_the_next_one_in(path):
    opened(path).close()
    with pytest.raises(RecordError, match="not of other/night"):
        opened(path, origin="other/night")
    opened(path).close()


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "a\nb"])
def test_a_name_that_no_checkpoint_could_carry_is_refused_at_once(path, origin):
    with pytest.raises(RecordError, match="cannot name a record"):
        opened(path, origin=origin)


def test_a_reader_sees_what_is_durable_while_the_night_runs(path):
    with opened(path) as ledger, read_only(path) as reader:
        ledger.append([lights_off(n) for n in range(2)])
        assert (reader.size, list(reader.events())) == (0, [])
        ledger.commit()
        assert list(reader.events()) == [lights_off(0), lights_off(1)]
        rows = reader.rows()
        next(rows)
        ledger.append([lights_off(2)])
        ledger.checkpoint()
        assert reader.checkpoints() == ledger.checkpoints()
        assert reader.size == 3
        assert reader.origin == ORIGIN
    assert judged(path).ok


def test_a_reader_changes_nothing_and_cannot(path):
    opened(path).close()
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with read_only(path) as reader:
        assert reader.size == 0
        with pytest.raises(RecordError, match="readonly"):
            reader._query("DELETE FROM meta")
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_closed_record_is_one_plain_file_beside_its_lock(path):
    with opened(path) as ledger:
        ledger.append([lights_off(0)])
    assert {file.name for file in path.parent.iterdir()} == {"record.sqlite", "record.sqlite.lock"}


def test_a_record_can_be_read_from_a_folder_nobody_may_write(path):
    with opened(path) as ledger:
        ledger.append([lights_off(0)])
    path.parent.chmod(0o500)
    try:
        assert judged(path).ok
    finally:
        path.parent.chmod(0o700)


def test_a_record_whose_writer_died_in_the_middle_of_a_change_reads_as_before_it(path):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(3)])
    broken = path.parent / "broken" / path.name
    broken.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO payloads VALUES (?, zeroblob(5000))", [(n,) for n in range(50)])
        for file in path.parent.glob("record.sqlite*"):
            (broken.parent / file.name).write_bytes(file.read_bytes())
        connection.execute("ROLLBACK")
    before = {file.name: file.read_bytes() for file in broken.parent.iterdir()}
    assert len(before["record.sqlite-journal"]) > 0
    verdict = judged(broken)
    assert (verdict.ok, verdict.events) == (True, 3)
    with read_only(broken) as reader:
        assert reader.payload("p1.0.0") is None
        with pytest.raises(RecordError, match="readonly"):
            reader._query("DELETE FROM meta")
    assert {file.name: file.read_bytes() for file in broken.parent.iterdir()} == before
    opened(broken).close()
    assert judged(broken).ok


def test_a_record_is_for_its_owner_alone(path):
    with opened(path) as ledger:
        ledger.append([lights_off(0)])
        ledger.commit()
        assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}


@pytest.mark.parametrize("content", [None, b"no database, but long enough to be looked at" * 40])
def test_what_is_no_record_is_not_read_and_not_made(path, content):
    if content:
        path.write_bytes(content)
    with pytest.raises(RecordError) as refusal:
        read_only(path)
    assert refusal.value.code == "DL-E412"
    assert path.exists() is bool(content)


def test_what_is_no_record_is_not_written_to(path):
    path.write_bytes(b"no database, but long enough to be looked at" * 40)
    with pytest.raises(RecordError, match="not a database"):
        opened(path)
    assert path.read_bytes().startswith(b"no database")


def test_a_record_in_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RecordError, match="No such file"):
        opened(tmp_path / "nowhere" / "record.sqlite")


def test_a_record_of_a_newer_layout_is_left_alone(path):
    opened(path).close()
    tamper(path, "UPDATE meta SET value = '2' WHERE key = 'schema_version'")
    for opening in (opened, read_only):
        with pytest.raises(RecordError, match="layout") as refusal:
            opening(path)
        assert refusal.value.code == "DL-E408"


# --- a disk that refuses ------------------------------------------------------------------------------------------


def test_after_a_full_disk_nothing_is_ever_acknowledged_again(path):
    ledger = opened(path)
    ledger.append([lights_off(0)])
    ledger.commit()
    pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
    ledger.append([lights_off(n) for n in range(1, 500)])
    for attempt in (ledger.commit, ledger.commit, ledger.checkpoint, lambda: ledger.append([lights_off(500)])):
        with pytest.raises(RecordError, match="full") as refusal:
            attempt()
        assert (refusal.value.code, refusal.value.exit_code) == ("DL-E413", 6)
        assert "first 1 events are safe" in refusal.value.still
    assert ledger.durable_size == 1
    with pytest.raises(RecordError, match="full"):
        ledger.close()
    verdict = judged(path)
    assert (verdict.standing, verdict.events) == ("not signed yet", 1)
    opened(path).close()


def test_a_disk_error_inside_a_with_block_is_not_hidden_by_the_closing(path):
    def fill(ledger):
        with ledger:
            ledger._connection.execute("PRAGMA max_page_count = 1")
            ledger.append([lights_off(n) for n in range(500)])
            ledger.commit()

    with pytest.raises(RecordError, match="full"):
        fill(opened(path))
    opened(path).close()


WRITES_MORE_THAN_IT_MAY = """
import resource, sys
from pathlib import Path
from dreamloom.adapters.sqlite import open_ledger
from dreamloom.testing.ledger_contract import ORIGIN, by_pod, lights_off
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vocabulary.errors import RecordError, RefusedError
ledger = open_ledger(Path(sys.argv[1]), origin=ORIGIN, vault=MemoryVault(1), subject_of=by_pod)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    for n in range(100_000):
        ledger.append([lights_off(n)])
        ledger.commit()
        print(ledger.durable_size, flush=True)
except RecordError as error:
    print(error.code, flush=True)
"""


def test_a_file_that_may_not_grow_ends_the_record_with_an_error_not_a_loss(path):
    command = [sys.executable, "-c", WRITES_MORE_THAN_IT_MAY, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.split()
    assert said[-1] == "DL-E413"
    verdict = judged(path)
    assert (verdict.standing, verdict.events) == ("not signed yet", int(said[-2]))


# --- slips and tampering ------------------------------------------------------------------------------------------


def tamper(path: Path, *statements: str) -> None:
    """What somebody with the file, and a little SQL, would do."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "slip",
    [
        "DELETE FROM events WHERE seq = 1",
        "UPDATE events SET leaf = x'00' WHERE seq = 1",
        "UPDATE events SET subject = 'p9' WHERE seq = 1",
        "UPDATE events SET body = x'7b7d' WHERE seq = 1",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET note = ''",
    ],
)
def test_the_file_itself_refuses_slips(path, slip):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(3)])
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(slip)


@pytest.mark.parametrize(
    ("statements", "first_bad"),
    [
        (
            ["UPDATE events SET body = CAST(replace(CAST(body AS TEXT), 'sleeper', 'x') AS BLOB) WHERE seq = 3"],
            "seq 3 ",
        ),
        (
            [
                "CREATE TEMP TABLE kept AS SELECT seq, body FROM events WHERE seq IN (2, 5)",
                "UPDATE events SET body = (SELECT body FROM kept WHERE seq = 5) WHERE seq = 2",
                "UPDATE events SET body = (SELECT body FROM kept WHERE seq = 2) WHERE seq = 5",
            ],
            "seq 2 ",
        ),
        (["DELETE FROM events WHERE seq = 4"], "event 4"),
        (["UPDATE events SET leaf = zeroblob(32) WHERE seq = 6"], "seq 6 "),
        (["DELETE FROM events WHERE seq > 6"], "events 7-8"),
        (["DELETE FROM events WHERE seq > 6", "DELETE FROM checkpoints WHERE size = 9"], None),
        (["UPDATE events SET body = NULL WHERE seq = 3"], "seq 3"),
        (["UPDATE checkpoints SET note = replace(note, '9', '8') WHERE size = 9"], "checkpoint over 9 events"),
    ],
)
def test_tampering_is_found_and_named(path, statements, first_bad):
    with opened(path) as ledger:
        for n in range(9):
            ledger.append([lights_off(n)])
            if n in {4, 8}:
                ledger.checkpoint()
    tamper(path, *statements)
    verdict = judged(path)
    assert verdict.ok is (first_bad is None)
    assert first_bad is None or verdict.first_bad.startswith(first_bad)
    if first_bad is None:
        assert "last 2 events are under no checkpoint" in verdict.why


@pytest.mark.parametrize("loss", ["DELETE FROM events WHERE seq > 6", "DELETE FROM events WHERE seq = 1"])
def test_nothing_is_added_to_a_record_that_lost_events(path, loss):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(9)])
    tamper(path, loss)
    with pytest.raises(RecordError) as refusal:
        opened(path)
    assert refusal.value.code in {"DL-E404", "DL-E410"}


def test_a_house_with_another_signing_key_does_not_go_on_with_the_record(path):
    with opened(path) as ledger:
        ledger.append([lights_off(0)])
    with pytest.raises(RecordError, match="newest checkpoint"):
        opened(path, vault=MemoryVault(2))


def test_lawful_erasure_leaves_every_other_leaf_and_no_trace_of_the_text(path):
    vault = MemoryVault(1)
    with opened(path, vault=vault) as ledger:
        ledger.append([lights_off(0, tick=1), lights_off(0, origin="p2", tick=1), lights_off(1, tick=1)])
    probe = canonical(lights_off(0, origin="p2", tick=1))[:64]
    assert probe in path.read_bytes()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("UPDATE events SET body = NULL WHERE subject = 'p2'")
    assert probe not in path.read_bytes()
    with opened(path, vault=vault) as ledger:
        assert [row.body is None for row in ledger.rows()] == [False, True, False]
        assert [event.id for event in ledger.events()] == ["p1.0.0", "p1.0.1"]
        ledger.append([lights_off(1, origin="p2", tick=1)])


def test_a_payload_is_kept_and_found_by_its_event(path):
    vault = MemoryVault(1)
    sealed, ciphertext = seal_for("p1", b"arm B", subject_key=vault.subject_key("p1"), origin=ORIGIN, event_id="p1.0.0")
    with opened(path, vault=vault) as ledger:
        ledger.append([CueAudited(id="p1.0.0", tick=0, onset_s=0.0, pod="p1", payload=sealed)], {"p1.0.0": ciphertext})
        assert ledger.payload("p1.0.0") == ciphertext
        ledger.commit()
        assert ledger.payload("p1.0.0") == ciphertext
        assert ledger.payload("p1.0.1") is None
    with read_only(path) as reader:
        assert reader.payload("p1.0.0") == ciphertext


def test_a_long_record_is_read_whole_across_its_pages(path):
    with opened(path) as ledger:
        ledger.append([lights_off(n) for n in range(2 * PAGE_ROWS + 1)])
        ledger.commit()
        assert [row.seq for row in ledger.rows()] == list(range(2 * PAGE_ROWS + 1))
        assert [row.seq for row in ledger.rows(PAGE_ROWS - 1)] == list(range(PAGE_ROWS - 1, 2 * PAGE_ROWS + 1))


def test_the_file_is_written_with_the_settings_that_durability_and_erasure_rest_on(path):
    with opened(path) as ledger:
        asked = ("journal_mode", "synchronous", "secure_delete")
        found = [ledger._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
    assert found == ["wal", 2, 1]


def test_nothing_is_added_where_an_unsigned_row_is_missing_that_no_count_misses(path):
    with opened(path) as ledger:
        ledger.append([lights_off(0, tick=1), lights_off(0, origin="p2", tick=1), lights_off(1, tick=1)])
    tamper(path, "DELETE FROM events WHERE seq = 1", "DELETE FROM checkpoints")
    with pytest.raises(RecordError, match="does not fit"):
        opened(path)
