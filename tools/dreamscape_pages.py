"""Writes docs/dreamscapes anew: a page and a map for each built-in dreamscape, and their index.

Use: .venv/bin/python tools/dreamscape_pages.py
"""

from pathlib import Path

from dreamloom.dreamscape.builtin import load, names
from dreamloom.dreamscape.reader import sha256
from dreamloom.gallery.dreamscape_map import dreamscape_map
from dreamloom.gallery.dreamscape_page import dreamscape_page, index_page

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "dreamscapes"


def pages() -> dict[str, str]:
    """Every file of the folder, by its name."""
    loaded = {name: load(name) for name in names()}
    found = {"README.md": index_page({name: dreamscape for name, (_, dreamscape) in loaded.items()})}
    for name, (text, dreamscape) in loaded.items():
        found[f"{name}.md"] = dreamscape_page(dreamscape, sha256(text))
        found[f"{name}.svg"] = dreamscape_map(dreamscape) + "\n"
    return found


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
