"""Why does a policy forbid something? Its own plain words, found by its id in the text it stands in."""

import re
from collections.abc import Iterable

from dreamloom.governance.policy.shipped import policies_text

_NAMED = re.compile(r'@id\("(?P<id>[^"\\]+)"\)\s*@reason\("(?P<reason>[^"\\]+)"\)')
UNREADABLE = "Nobody could say whether it was allowed, which counts as no."


def reasons_in(text: str) -> dict[str, str]:
    """Reason by id, of every policy that says both, one behind the other."""
    return {found["id"]: found["reason"] for found in _NAMED.finditer(text)}


def in_words(policies: Iterable[str], text: str | None = None) -> str:
    """Why these policies said no, in one line; ids that no text explains stand as they are."""
    known = {"undecided": UNREADABLE, **reasons_in(policies_text()), **reasons_in(text or "")}
    return " ".join(f"{known[each]} ({each})" if each in known else f"({each})" for each in policies)
