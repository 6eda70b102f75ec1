"""The pages of the built-in dreamscapes say what the files say today."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dreamscape_pages", ROOT / "tools" / "dreamscape_pages.py")
    assert spec
    assert spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_the_pages_are_what_the_tool_makes_of_the_files_today() -> None:
    pages = _tool().pages()
    folder = ROOT / "docs" / "dreamscapes"
    assert {path.name for path in folder.iterdir()} == set(pages)
    old = [name for name, text in pages.items() if (folder / name).read_text(encoding="utf-8") != text]
    assert old == [], "run: .venv/bin/python tools/dreamscape_pages.py"


def test_every_page_has_a_row_for_every_parameter_with_its_source() -> None:
    page = _tool().pages()["clas_in_phase.md"]
    assert "| `parts[0].phase.trough_below` | -80 µV | sourced: Ngo 2013, detection below -80 uV |" in page
    assert "| `parts[0].repeat.apart` | 1.075 s | sourced: Ngo 2013, the second click after 1.075 s |" in page
