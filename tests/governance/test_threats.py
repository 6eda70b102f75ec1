"""The page of threats: each says what is done and left, and names tests that are there, or that it is not met."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d+)\. [^\n]+\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
TESTS = sorted(set(re.findall(r"^- test: `([^`]+)`$", PAGE, re.MULTILINE)))
NOT_MET = {"5", "6"}
"""Those that no test shows anything of."""


def test_there_are_thirty_four_and_each_says_what_is_done_and_what_is_left() -> None:
    assert list(SECTIONS) == [str(number) for number in range(1, 35)]
    assert [number for number, text in SECTIONS.items() if "\nDone: " not in text or "\nLeft: " not in text] == []


def test_each_is_shown_by_a_test_or_says_that_it_is_not_met() -> None:
    untested = {number for number, text in SECTIONS.items() if "\n- test: " not in text}
    assert untested == NOT_MET
    assert all("\n- not met: " in SECTIONS[number] for number in untested)


def test_every_other_line_is_a_test_or_what_is_not_met() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("- ")]
    assert [line for line in lines if not re.fullmatch(r"- test: `[^`]+`|- not met: .+\.", line)] == []


@pytest.mark.parametrize("test", TESTS)
def test_every_test_that_a_threat_names_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    assert re.search(rf"^\s*def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_the_readme_leads_to_the_page() -> None:
    assert "docs/threats.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "threats.md" in (ROOT / "docs" / "who-vouches.md").read_text(encoding="utf-8")
