"""Does another house vouch for what continues, and for nothing else; and does that outlast whoever holds our keys?"""

from pathlib import Path

import pytest

from dreamloom.adapters.sqlite import read_only
from dreamloom.cli import records, witnesses
from dreamloom.house import making, second_house
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.seals import witness_requests
from dreamloom.seals.cosignatures import read_witness_key, seen_at_s
from dreamloom.testing.nights import EAGER
from dreamloom.testing.rewriting import cut_to_an_older_checkpoint
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import RefusedError, UsageError


def night_in(folder: Path, *, seed: int = 3) -> NightFolder:
    (folder / "eager.yaml").write_text(EAGER, encoding="utf-8")
    pods = [PodAsked(id="p1", sleeper="S01", source="sim:typical,start=3h,hours=0.01")]
    night = making.write_night(House(folder / "house"), "seen", pods, str(folder / "eager.yaml"), seed=seed)
    run_night(night, RunOptions(speed_x=None))
    return night


@pytest.fixture
def night(tmp_path: Path) -> NightFolder:
    return night_in(tmp_path)


def key_of(night: NightFolder, capsys: pytest.CaptureFixture[str]) -> str:
    witnesses.show(str(night.root), as_json=False)
    return next(line for line in capsys.readouterr().err.splitlines() if line.startswith("dreamloom/"))


def test_a_second_house_signs_a_night_and_a_record_written_anew_is_found_by_its_copy(
    night: NightFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = second_house.house_public_key(key_of(night, capsys))
    theirs = House(tmp_path / "theirs")
    vouched = second_house.vouch(theirs, second_house.request_for(night, since=0), key=key)
    read = read_witness_key(second_house.own_key(theirs))
    assert read is not None
    assert seen_at_s(vouched.note, name=read[0], public=read[1]) is not None
    with read_only(night.record) as record:
        assert vouched.size == record.size
    copy = tmp_path / "copy.txt"
    copy.write_text(vouched.note.replace("\n", "\r\n") + "\r\n")
    records.verify(str(night.root), copies=[copy], as_json=False)
    for path in [*night.house.pods.rglob("*.note"), night.record]:
        path.unlink()
    run_night(night, RunOptions(speed_x=None, until_s=20.0))
    with pytest.raises(SystemExit) as ended:
        records.verify(str(night.root), copies=[copy], as_json=False)
    assert ended.value.code == 6
    assert f"copy kept at {copy}" in capsys.readouterr().err


def test_a_record_cut_to_an_older_checkpoint_is_found_by_one_that_was_printed(
    night: NightFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = tmp_path / "checkpoint.txt"
    printed.write_text(second_house.newest_checkpoint(night))
    for path in night.house.pods.rglob("*.note"):
        path.unlink()
    cut_to_an_older_checkpoint(night, stream(1, "cut"))
    with pytest.raises(SystemExit) as ended:
        records.verify(str(night.root), copies=[printed], as_json=False)
    assert ended.value.code == 6
    assert f"copy kept at {printed}" in capsys.readouterr().err


def test_what_continues_is_signed_and_another_history_is_refused_and_kept_as_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = night_in(tmp_path)
    key = second_house.house_public_key(key_of(night, capsys))
    theirs = House(tmp_path / "theirs")
    first = second_house.vouch(theirs, second_house.request_for(night, since=0), key=key)
    again = second_house.vouch(theirs, second_house.request_for(night, since=first.size), key=key)
    assert again.size == first.size
    night.record.unlink()
    run_night(night, RunOptions(speed_x=None, until_s=25.0))
    with pytest.raises(RefusedError, match=r"DL-E592 .*were vouched for.*two histories"):
        second_house.vouch(theirs, second_house.request_for(night, since=0), key=key)
    assert first.path.exists()


def test_nothing_is_signed_for_another_key_or_another_text(
    night: NightFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = House(tmp_path / "theirs")
    with pytest.raises(RefusedError, match="DL-E592"):
        second_house.vouch(theirs, second_house.request_for(night, since=0), key=bytes(32))
    key = second_house.house_public_key(key_of(night, capsys))
    for text in ("", "old 0\n\nno note", "old -1\n\n" + second_house.newest_checkpoint(night), "old 0"):
        with pytest.raises(UsageError, match="DL-E171"):
            second_house.vouch(theirs, text, key=key)
    with pytest.raises(UsageError, match="DL-E172"):
        second_house.house_public_key("dreamloom/x+00000000+AAAA")
    with pytest.raises(UsageError, match="DL-E170"):
        second_house.request_for(night, since=10**6)


def test_a_request_reads_back_as_it_was_written(night: NightFolder) -> None:
    text = second_house.request_for(night, since=5)
    request = witness_requests.read(text)
    assert request is not None
    assert request.old_size == 5
    assert witness_requests.written(*request) == text
    assert witness_requests.read(text.replace("old 5", "old 05")) is None
