"""Does every error code mean one thing? Whoever looks one up must not find two answers."""

import re
from collections import defaultdict
from pathlib import Path

import dreamloom

SOURCE = Path(dreamloom.__file__).parent
CODE = re.compile(r'"(DL-E\d{3})"')
MANY_PLACES = {
    "DL-E109": "what was asked of a bench or a score cannot be done",
    "DL-E123": "no reading of a sound level meter",
    "DL-E126": "a bed without an output",
    "DL-E130": "stopped by a person",
    "DL-E201": "no such recording",
    "DL-E214": "no such channel of an output",
    "DL-E232": "too slow to stage",
    "DL-E237": "too short to compare",
    "DL-E246": "no channel shows the eyes",
    "DL-E323": "nobody of that name",
    "DL-E328": "two numbers of a dreamscape contradict each other",
    "DL-E376": "YAML that cannot be read",
    "DL-E378": "a value of another kind",
    "DL-E401": "a record does not verify",
    "DL-E404": "an event out of its order (an erasure goes on all the same)",
    "DL-E406": "a key was destroyed",
    "DL-E409": "a payload does not open",
    "DL-E410": "a record that does not fit its checkpoint (an erasure goes on all the same)",
    "DL-E411": "a record is closed",
    "DL-E412": "a record that cannot be read (a test waits for it)",
    "DL-E450": "keys that belong to nobody",
    "DL-E490": "a night of a test did not come so far",
    "DL-E519": "a folder that is there already",
    "DL-E553": "one erasure at a time",
}
"""Codes raised in more than one module, each for one and the same reason."""


def test_a_code_is_raised_in_one_module_or_for_one_reason() -> None:
    raised: dict[str, set[str]] = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            raised[code].add(str(path.relative_to(SOURCE)))
    twice = {code: sorted(places) for code, places in raised.items() if len(places) > 1 and code not in MANY_PLACES}
    assert twice == {}
