"""Which texts may be missing from a record? As many as a word on an erasure covers, before it, and no others."""

import pytest

from dreamloom.record.erasures import Erasures
from dreamloom.record.events import Erased


def word(sleeper: str, rows: int) -> Erased:
    return Erased(onset_s=0.0, sleeper=sleeper, why="retention", rows=rows, payloads=0, files={})


def complaint(*rows: str | Erased) -> tuple[str, str] | None:
    """Rows by seq: a subject whose text is gone, a word, or "" for a text that is there."""
    erasures = Erasures()
    for seq, row in enumerate(rows):
        if isinstance(row, str) and row:
            erasures.see(seq, row)
        elif isinstance(row, Erased):
            erasures.hear(seq, row)
    return erasures.complaint()


@pytest.mark.parametrize(
    "rows",
    [
        ("",),
        ("S01", "S01", word("S01", 2)),
        ("S01", word("S02", 0), "S01", word("S01", 2)),
        ("S01", word("S01", 0), word("S01", 1), word("S01", 0)),
        ("S01", word("S01", 1), "S01", word("S01", 1)),
        ("S01", "S02", word("S02", 1), word("S01", 1)),
    ],
)
def test_as_many_texts_as_were_erased_may_be_gone(rows: tuple[str | Erased, ...]) -> None:
    assert complaint(*rows) is None


@pytest.mark.parametrize(
    ("rows", "first_bad"),
    [
        (("", "S01"), "seq 1"),
        (("S01", word("S02", 1)), "seq 0"),
        (("S01", word("S01", 1), "S01"), "seq 2"),
        (("S01", "S01", word("S01", 1)), "what is left of S01 before seq 2"),
        (("S01", word("S01", 2)), "what is left of S01 before seq 1"),
        (("", word("S01", 1), "S01", word("S01", 0)), "seq 2"),
        (("S01", word("S01", 2), "S01", "S01", word("S01", 1)), "what is left of S01 after seq 1"),
        (("house", word("house", 1)), "seq 0"),
    ],
)
def test_one_text_more_or_one_too_late_is_found(rows: tuple[str | Erased, ...], first_bad: str) -> None:
    found = complaint(*rows)
    assert found is not None
    assert found[0] == first_bad
