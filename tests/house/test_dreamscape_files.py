"""Is a dreamscape's file replaced whole, with its own line ends, never over a text that nobody saw?"""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamloom.dreamscape.nodes import MAX_BYTES
from dreamloom.dreamscape.reader import sha256
from dreamloom.engine.clocks import boot_s
from dreamloom.house.beginning_to_write import begin
from dreamloom.house.dreamscape_files import DreamscapeFile, OtherText, ended_like
from dreamloom.house.layout import NightFolder
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

TEXT = "dreamscape: tide\nversion: 1\n"


@pytest.fixture
def file(tmp_path: Path) -> DreamscapeFile:
    path = tmp_path / "tide.yaml"
    path.write_bytes(TEXT.encode())
    return DreamscapeFile(path)


def names(file: DreamscapeFile) -> list[str]:
    return sorted(path.name for path in file.path.parent.iterdir())


def test_a_save_writes_exactly_the_text_and_keeps_what_lay_there(file: DreamscapeFile) -> None:
    kept = file.save("dreamscape: sea\n\n  # ü", seen_sha256=sha256(TEXT))
    assert file.path.read_bytes() == "dreamscape: sea\n\n  # ü".encode()
    assert kept.sha256 == sha256("dreamscape: sea\n\n  # ü")
    assert file.before.read_bytes() == TEXT.encode()
    assert names(file) == ["tide.yaml", "tide.yaml.before"]


def test_a_file_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    file = DreamscapeFile(tmp_path / "new.yml")
    file.save(TEXT, seen_sha256="")
    assert file.path.read_bytes() == TEXT.encode()
    assert not file.may_undo()


def test_a_save_over_what_nobody_saw_is_refused_and_writes_nothing(file: DreamscapeFile) -> None:
    file.path.write_bytes(b"theirs\n")
    with pytest.raises(OtherText) as told:
        file.save("mine\n", seen_sha256=sha256(TEXT))
    assert told.value.theirs == ("theirs\n", sha256("theirs\n"))
    assert file.path.read_bytes() == b"theirs\n"
    assert names(file) == ["tide.yaml"]
    file.save("mine\n", seen_sha256=told.value.theirs.sha256)
    assert file.path.read_bytes() == b"mine\n"


def test_a_file_that_was_removed_meanwhile_is_told_and_not_made_again_by_itself(file: DreamscapeFile) -> None:
    file.path.unlink()
    with pytest.raises(OtherText, match="removed") as told:
        file.save("mine\n", seen_sha256=sha256(TEXT))
    assert told.value.theirs.text is None
    file.save("mine\n", seen_sha256="")
    assert file.path.read_bytes() == b"mine\n"


def test_the_last_save_is_undone_and_done_again(file: DreamscapeFile) -> None:
    file.save("second\n", seen_sha256=sha256(TEXT))
    assert file.undo(seen_sha256=sha256("second\n")).text == TEXT
    assert file.path.read_bytes() == TEXT.encode()
    assert file.undo(seen_sha256=sha256(TEXT)).text == "second\n"
    with pytest.raises(OtherText):
        file.undo(seen_sha256=sha256(TEXT))


def test_nothing_is_put_back_where_nothing_was_saved(file: DreamscapeFile) -> None:
    with pytest.raises(UsageError, match="nothing to put back"):
        file.undo(seen_sha256=sha256(TEXT))


def test_a_disk_that_refuses_leaves_the_file_as_it_was(file: DreamscapeFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        file.save("mine\n", seen_sha256=sha256(TEXT))
    assert file.path.read_bytes() == TEXT.encode()
    assert names(file) == ["tide.yaml"]


def test_who_may_read_it_stays_and_a_link_stays_a_link(file: DreamscapeFile, tmp_path: Path) -> None:
    file.path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file.path)
    DreamscapeFile(link).save("mine\n", seen_sha256=sha256(TEXT))
    assert link.is_symlink()
    assert file.path.read_bytes() == b"mine\n"
    assert {path.stat().st_mode & 0o777 for path in (file.path, file.before)} == {0o640}


@pytest.mark.parametrize("name", ["tide.txt", "tide", ".", "none/tide.yaml", "folder.yaml"])
def test_what_cannot_be_a_dreamscapes_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(UsageError):
        DreamscapeFile(tmp_path / name)


def test_more_than_a_dreamscape_may_have_is_not_written(file: DreamscapeFile) -> None:
    with pytest.raises(ConfigError, match=f"at most {MAX_BYTES}"):
        file.save("#" * (MAX_BYTES + 1), seen_sha256=sha256(TEXT))
    with pytest.raises(ConfigError, match="half of one"):
        file.save("\ud800", seen_sha256=sha256(TEXT))
    assert file.path.read_bytes() == TEXT.encode()


def test_the_text_that_a_night_was_recorded_by_is_left_as_it_is(tmp_path: Path) -> None:
    night, path = NightFolder(tmp_path / "tide"), tmp_path / "tide" / "dreamscape.yaml"
    night.root.mkdir()
    path.write_bytes(TEXT.encode())
    file, _ = begin(str(path))
    file.save("second\n", seen_sha256=sha256(TEXT))
    night.record.write_bytes(b"")
    with pytest.raises(RefusedError, match="recorded night"):
        begin(str(path))
    with pytest.raises(RefusedError, match="recorded night"):
        file.save("third\n", seen_sha256=sha256("second\n"))
    with pytest.raises(RefusedError, match="recorded night"):
        file.undo(seen_sha256=sha256("second\n"))
    assert path.read_bytes() == b"second\n"
    assert begin(str(tmp_path / "copy.yaml"), like=str(path))[1] == "second\n"


LINES = st.lists(
    st.tuples(st.sampled_from(["a: 1", "b: 2", "", "  c"]), st.sampled_from(["\n", "\r\n", "\r"])), max_size=9
)


@given(LINES, st.sampled_from(["", "last"]))
def test_a_text_that_an_editor_only_showed_keeps_every_line_end(lines, tail: str) -> None:
    text = "".join(line + end for line, end in lines) + tail
    shown = text.replace("\r\n", "\n").replace("\r", "\n")
    assert ended_like(shown, text) == text
    assert ended_like(shown.replace("\n", "\r\n"), text) == text


def test_new_lines_end_as_most_of_the_others_do() -> None:
    assert ended_like("a\nnew\nb\n", "a\r\nb\r\n") == "a\r\nnew\r\nb\r\n"
    assert ended_like("a\nb\nnew\nc\n", "a\r\nb\nc\r\n") == "a\r\nb\nnew\r\nc\r\n"
    assert ended_like("a\r\nb", None) == "a\nb"


def test_a_text_of_very_many_lines_is_compared_no_longer_than_a_person_waits() -> None:
    theirs = "\n" * 20_000 + "\r\n" * 20_001
    began_s = boot_s()
    assert ended_like("\n" * 40_000, theirs) == "\r\n" * 40_000
    assert boot_s() - began_s < 5.0


def test_a_draft_that_was_left_behind_is_in_nobodys_way(file: DreamscapeFile) -> None:
    file.path.with_name(f".tide.yaml.{os.getpid()}.draft").write_text("left behind, and longer than what comes")
    file.save("mine\n", seen_sha256=sha256(TEXT))
    assert file.path.read_bytes() == b"mine\n"
    assert names(file) == ["tide.yaml", "tide.yaml.before"]
