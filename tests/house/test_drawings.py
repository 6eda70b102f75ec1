"""Is a drawing or photo kept with its report as words are: sealed, whole, told when changed, and gone when it must?"""

import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.engine.clocks import utc_now
from dreamloom.house import drawings, erasing, mornings, retention
from dreamloom.house.erasure_plan import foreseen
from dreamloom.house.export_mine import export_mine
from dreamloom.house.house_copies import _judge
from dreamloom.house.house_seals import opened
from dreamloom.house.layout import House
from dreamloom.house.left_behind import drawings_of
from dreamloom.house.mornings import Dreamer, Piece
from dreamloom.house.told_reports import locks, reports, text_of
from dreamloom.record.drawing_events import DrawingKept, DrawingTakenAway
from dreamloom.record.envelope import Sealed
from dreamloom.record.morning_events import ReportLocked
from dreamloom.testing.pictures import NO_PICTURES, WHERE, bomb, drawn, photo
from dreamloom.vocabulary.errors import RecordError, RefusedError, StreamError, UsageError

DREAM = Piece(number=0, recall="content", text="A staircase of water.")
PICTURE, OTHER = b"\xff\xd8 a staircase \xff\xd9", b"\xff\xd8 two of them \xff\xd9"
UNLINKED = "pathlib.Path.unlink"
"""The last thing that a telling does: what was there before goes."""


class Killed(Exception):
    """Nothing after it is done."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


def told(house: House, sleeper: str = "S01", report: str = "") -> str:
    report = report or mornings.new_name()
    mornings.tell(house, Dreamer(sleeper=sleeper), report, DREAM)
    return report


def lock_of(house: House, report: str) -> ReportLocked:
    events = mornings.events_of(house)
    return next(each for each in events if isinstance(each, ReportLocked) and each.report == report)


def test_a_picture_is_sealed_and_comes_back_to_its_dreamer(house: House) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)
    assert drawings.shown(house, report) == PICTURE
    (path,) = house.drawings.iterdir()
    assert path.name == f"S01.{mornings.of_house(house)[report].drawing}"
    assert b"staircase" not in path.read_bytes()
    assert all(b"staircase" not in each.read_bytes() for each in house.record.parent.rglob("*") if each.is_file())


def test_the_same_picture_sent_twice_is_there_once_and_another_takes_its_place(house: House) -> None:
    report = told(house)
    for each in (PICTURE, PICTURE, OTHER):
        drawings.keep(house, "S01", report, each)
    assert drawings.shown(house, report) == OTHER
    assert len([*house.drawings.iterdir()]) == 1
    assert sum(isinstance(each, DrawingKept) for each in mornings.events_of(house)) == 2


def test_what_is_taken_away_before_the_lock_is_gone_and_the_words_stay(house: House) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)
    for _ in range(2):
        drawings.take_away(house, "S01", report)
    assert drawings.shown(house, report) is None
    assert [*house.drawings.iterdir()] == []
    assert sum(isinstance(each, DrawingTakenAway) for each in mornings.events_of(house)) == 1
    assert text_of(house, report) == DREAM.text


def test_behind_the_lock_it_stays_as_words_do(house: House) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)
    mornings.lock(house, report)
    with pytest.raises(RefusedError, match="locked"):
        drawings.keep(house, "S01", report, OTHER)
    with pytest.raises(RefusedError, match="locked"):
        drawings.take_away(house, "S01", report)
    assert drawings.shown(house, report) == PICTURE


def test_words_come_first_and_nobody_draws_for_another(house: House) -> None:
    with pytest.raises(RefusedError, match="no dream"):
        drawings.keep(house, "S01", "a" * 32, PICTURE)
    report = told(house)
    for act in (lambda: drawings.keep(house, "S02", report, PICTURE), lambda: drawings.take_away(house, "S02", report)):
        with pytest.raises(RefusedError, match="Another person"):
            act()
    assert not house.drawings.exists()


def test_a_lock_is_over_the_words_and_the_picture_and_without_one_over_the_words_as_ever(house: House) -> None:
    import hashlib

    plain, shown, taken = (told(house, sleeper) for sleeper in ("S01", "S02", "S03"))
    for report, sleeper in ((shown, "S02"), (taken, "S03")):
        drawings.keep(house, sleeper, report, PICTURE)
    drawings.take_away(house, "S03", taken)
    for report in (plain, shown, taken):
        mornings.lock(house, report)
        state = mornings.of_house(house)[report]
        parts = [*state.pieces, state.drawing]
        assert lock_of(house, report).sha256 == hashlib.sha256("".join(parts).encode()).hexdigest()
        assert bool(state.drawing) == (report == shown)
    assert locks(house, "")[lock_of(house, shown).sha256] == shown
    assert {each.text for each in reports(house)} == {DREAM.text}


def test_a_picture_that_was_changed_or_is_lost_is_told(house: House) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)
    mornings.lock(house, report)
    (path,) = house.drawings.iterdir()
    *kept, last = path.read_bytes()
    path.write_bytes(bytes([*kept, last ^ 1]))
    with pytest.raises(RecordError, match="not the one the event named"):
        drawings.shown(house, report)
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        drawings.shown(house, report)
    assert drawings.own(house, "S01") == {report: None}


@pytest.mark.parametrize("data", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(UsageError) as refused:
        drawings.plain(data)
    assert refused.value.code == "DL-E830"
    assert refused.value.still == "What was told in words is kept as it is."
    assert refused.value.do


def test_too_many_bytes_are_refused_unread_and_too_many_pixels_undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError) as refused:
        drawings.plain(bomb())
    assert refused.value.code == "DL-E831"
    monkeypatch.setattr(drawings.pictures, "as_jpeg", lambda _: pytest.fail("it was read"))
    with pytest.raises(UsageError) as refused:
        drawings.plain(photo() + bytes(drawings.MOST_BYTES))
    assert refused.value.code == "DL-E831"


def test_a_machine_that_cannot_read_one_now_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> bytes:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(drawings.pictures, "as_jpeg", broken)
    with pytest.raises(Exception, match="just now: Cannot allocate memory"):
        drawings.plain(photo())


def test_a_reader_that_was_ended_is_the_machines_matter_and_not_the_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings.pictures, "MOST_S", 0.001)
    with pytest.raises(StreamError, match="just now: reading it took too long") as refused:
        drawings.plain(photo())
    assert refused.value.code == "DL-E833"
    assert refused.value.code not in drawings.REFUSED_FOR_GOOD


@pytest.mark.parametrize("at", ["dreamloom.adapters.sqlite.SqliteLedger.append", UNLINKED])
def test_a_taking_away_killed_at_any_step_leaves_the_picture_whole_or_none(
    house: House, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(at, killed)
        with pytest.raises(Killed):
            drawings.take_away(house, "S01", report)
    assert drawings.shown(house, report) == (None if at == UNLINKED else PICTURE)
    drawings.take_away(house, "S01", report)
    assert [*house.drawings.iterdir()] == []


def test_a_disk_that_refuses_keeps_what_was_there_before(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drawings, "write_durably", full)
    with pytest.raises(RecordError, match="not on the disk"):
        drawings.keep(house, "S01", report, OTHER)
    assert drawings.shown(house, report) == PICTURE


@pytest.mark.parametrize(
    "at",
    [
        "dreamloom.house.drawings.write_durably",
        "dreamloom.house.drawings.sync_folder",
        "dreamloom.adapters.sqlite.SqliteLedger.append",
        UNLINKED,
    ],
)
def test_a_telling_killed_at_any_step_leaves_the_old_picture_or_the_new_whole(
    house: House, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(at, killed)
        with pytest.raises(Killed):
            drawings.keep(house, "S01", report, OTHER)
    assert drawings.shown(house, report) == (OTHER if at == UNLINKED else PICTURE)
    (house.drawings / f"S01.{'0' * 64}.draft").write_bytes(b"torn")
    drawings.keep(house, "S01", report, b"a third one")
    assert drawings.shown(house, report) == b"a third one"
    assert len([*house.drawings.iterdir()]) == 1, "what no report names is swept"


KEEPING = """
import sys
from pathlib import Path
from dreamloom.house import drawings
from dreamloom.house.layout import House

number = 0
while True:
    drawings.keep(House(Path(sys.argv[1])), "S01", sys.argv[2], b"picture %d" % number + bytes(200_000))
    print(number, flush=True)
    number += 1
"""


def test_what_was_acknowledged_is_there_when_the_house_is_killed(house: House) -> None:
    report, chance = told(house), random.Random(8)
    for _ in range(3):
        words = [sys.executable, "-c", KEEPING, str(house.root), report]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.3))
            process.send_signal(signal.SIGKILL)
            acknowledged = int([first, *process.stdout][-1])
        found = drawings.shown(house, report)
        assert found is not None
        assert int(found.rstrip(b"\0").split()[1]) in {acknowledged, acknowledged + 1}
        with read_only(house.record) as record:
            assert _judge(record, FolderVault(house.keys)).ok


def test_who_takes_their_data_home_has_their_pictures_and_nobody_elses(house: House, tmp_path: Path) -> None:
    mine, theirs = told(house), told(house, "S02")
    drawings.keep(house, "S01", mine, drawings.plain(photo()))
    drawings.keep(house, "S02", theirs, OTHER)
    export_mine(house, "S01", tmp_path / "taken")
    (found,) = (tmp_path / "taken" / "house" / "drawings").iterdir()
    day = mornings.of_house(house)[mine].dreamt_on
    assert found.name == f"{day}.{mine}.jpg"
    assert found.read_bytes() == drawings.shown(house, mine)
    assert WHERE not in found.read_bytes()
    assert "drawings/" in (tmp_path / "taken" / "README.txt").read_text()


def test_an_erasure_takes_the_picture_and_what_would_open_a_copy_of_it(house: House, tmp_path: Path) -> None:
    report, others = told(house), told(house, "S02")
    drawings.keep(house, "S01", report, drawings.plain(drawn()))
    drawings.keep(house, "S02", others, OTHER)
    (house.drawings / f"S01.{'0' * 64}").write_bytes(b"named by no report")
    shutil.copytree(house.drawings, tmp_path / "copies")
    (kept,) = (each for each in mornings.events_of(house) if isinstance(each, DrawingKept) and each.report == report)
    assert foreseen(house, "S01").intent.files["drawings"] == 2
    erasing.erase(house, "S01")
    assert drawings_of(house, "S01") == []
    assert drawings.shown(house, report) is None
    copy = (tmp_path / "copies" / f"S01.{kept.ciphertext_sha256}").read_bytes()
    sealed = Sealed(subject="S01", ciphertext_sha256=kept.ciphertext_sha256)
    with pytest.raises(RecordError):
        opened(sealed, copy, FolderVault(house.keys), kept.id)
    assert drawings.shown(house, others) == OTHER


def test_what_is_past_its_time_goes_with_its_picture(house: House) -> None:
    report = told(house)
    drawings.keep(house, "S01", report, PICTURE)
    retention.keep_to_times(house)
    assert drawings.shown(house, report) == PICTURE
    retention.keep_to_times(house, utc=utc_now() + timedelta(days=20_000))
    assert drawings_of(house, "S01") == []


def test_staff_see_nothing_of_it() -> None:
    from dreamloom.record.projections import project

    kept = DrawingKept(onset_s=0.0, report="a" * 32, sleeper="S01", night="tide", ciphertext_sha256="b" * 64)
    gone = DrawingTakenAway(onset_s=0.0, report="a" * 32, sleeper="S01", night="tide")
    for event in (kept, gone):
        for role in ("orchestrator", "blinded", "researcher"):
            assert project(event, role) is None
    assert msgspec.json.decode(msgspec.json.encode(kept))["type"] == "DrawingKept"
