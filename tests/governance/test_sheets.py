"""Is every sheet there in every language, printable, with a line to sign, a slip and three questions?"""

import pytest

from dreamloom.governance.sheets import as_html, as_text, find, is_understood, named, newest, read_sheet, shipped
from dreamloom.vocabulary.errors import ConfigError, UsageError

TEXT = """sheet = "lab"
version = 2
language = "en"
title = "T"
section = [{ heading = "H", text = "<b>" }]
words = { version = "v", name = "n", place_and_date = "d", signature = "s", asked_by = "a", slip = "l", slip_how = "h" }
"""
QUESTION = '[[question]]\nask = "?"\nanswers = ["x", "y"]\nright = 2\n'


def test_the_shipped_sheet_says_the_same_in_every_language() -> None:
    english, german = (find(shipped(), "home", language) for language in ("en", "de"))
    assert english.version == german.version
    assert [each.right for each in english.question] == [each.right for each in german.question]
    assert len(english.section) == len(german.section)


def test_a_sheet_prints_with_a_line_to_sign_and_a_slip() -> None:
    sheet = find(shipped(), "home", "de")
    for page in (as_text(sheet, code="ABCD-EFGH"), as_html(sheet, code="ABCD-EFGH")):
        assert "Unterschrift" in page
        assert "dreamloom withdraw --slip ABCD-EFGH" in page
        assert "home 1 de" in page
    assert "withdraw" not in as_text(sheet)


def test_a_page_holds_nothing_that_is_loaded_or_run() -> None:
    page = as_html(read_sheet(TEXT + QUESTION * 3, file="lab.en.toml"))
    assert "&lt;b&gt;" in page
    assert not any(word in page for word in ("<script", "http", "src="))


def test_only_three_right_answers_are_enough() -> None:
    sheet = read_sheet(TEXT + QUESTION * 3, file="lab.en.toml")
    assert is_understood(sheet, (2, 2, 2))
    for wrong in ((2, 2, 1), (2, 2), (2, 2, 2, 2), ()):
        assert not is_understood(sheet, wrong)


@pytest.mark.parametrize("text", [TEXT + QUESTION * 2, TEXT + QUESTION * 2 + QUESTION.replace("2", "3"), "sheet = 3"])
def test_a_sheet_without_three_questions_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_sheet(text, file="lab.en.toml")
    assert caught.value.where is not None


def test_an_older_translation_is_no_translation() -> None:
    older = read_sheet((TEXT + QUESTION * 3).replace("version = 2", "version = 1").replace('"en"', '"de"'), file="")
    sheets = (older, read_sheet(TEXT + QUESTION * 3, file=""))
    assert newest(sheets, "lab") == 2
    with pytest.raises(UsageError):
        find(sheets, "lab", "de")


@pytest.mark.parametrize("paper", ["v3", "information sheet v1, en", "none: a recording", "home"])
def test_somebodys_own_paper_is_none_of_the_houses(paper: str) -> None:
    assert named(paper) is None
