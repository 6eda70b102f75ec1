"""Writes docs/house-rules.md anew, from the table of rules and the shipped policies.

Use: .venv/bin/python tools/house_rules_page.py
"""

from pathlib import Path

from dreamloom.governance.policy.reasons import reasons_in
from dreamloom.governance.policy.shipped import policies_text
from dreamloom.governance.rules import page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "house-rules.md"

if __name__ == "__main__":
    PAGE.write_text(page(reasons_in(policies_text())), encoding="utf-8")
