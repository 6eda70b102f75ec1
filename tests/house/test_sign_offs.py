"""Does a name stand beside exactly the text it was given for?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dreamloom.house import sign_offs
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError

AT = datetime(2026, 11, 22, 2, 10, tzinfo=UTC)
OLD, NEW = "a" * 64, "b" * 64


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tide.yaml"


def test_a_name_agrees_to_one_text_and_an_older_one_is_told_as_older(file: Path) -> None:
    sign_offs.agree(file, name="anna", sha256=OLD, kept_sha256=OLD, at=AT)
    sign_offs.agree(file, name="bo", sha256=NEW, kept_sha256=NEW, at=AT)
    assert sign_offs.in_words(file, NEW) == [
        "Agreed to by bo: exactly this text.",
        "Agreed to as an older text, not this one: anna (2026-11-22 02:10 UTC).",
    ]
    sign_offs.agree(file, name="anna", sha256=NEW, kept_sha256=NEW, at=AT)
    assert sign_offs.in_words(file, NEW) == ["Agreed to by anna, bo: exactly this text."]
    assert [each.name for each in sign_offs.take_back(file, name="bo")] == ["anna"]


def test_nobody_agrees_to_a_text_that_does_not_lie_there(file: Path) -> None:
    with pytest.raises(RefusedError, match="another text"):
        sign_offs.agree(file, name="anna", sha256=NEW, kept_sha256=OLD, at=AT)
    with pytest.raises(UsageError):
        sign_offs.agree(file, name='x"\n[[agreed]]', sha256=NEW, kept_sha256=NEW, at=AT)
    assert not sign_offs.place(file).exists()
    assert sign_offs.in_words(file, NEW) == []


@pytest.mark.parametrize(
    "text",
    [
        "[[agreed]]",
        "[[agreed",
        "\ufffe",
        '[[agreed]]\nname = "anna"\nsha256 = "short"\nat = 2026-11-22T02:10:00Z\n',
        'agreed = "everybody"',
    ],
)
def test_a_file_that_says_something_else_is_told_and_stops_nothing(file: Path, text: str) -> None:
    sign_offs.place(file).write_text(text, encoding="utf-16" if "\ufffe" in text else "utf-8")
    with pytest.raises(ConfigError, match="cannot be read"):
        sign_offs.read(file)
    (told,) = sign_offs.in_words(file, NEW)
    assert "DL-E595" in told
