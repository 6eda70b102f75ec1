"""Writes docs/guardian.md anew, from the rules of the guardian.

Use: .venv/bin/python tools/guardian_page.py
"""

from pathlib import Path

from dreamloom.guardian.page import page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guardian.md"

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
