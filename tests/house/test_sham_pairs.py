"""An active night and a sham night of one recording are the same for the blinded, and are not the same."""

from pathlib import Path

import pytest

from dreamloom.testing.sham_pairs import Seen, _difference, pair


@pytest.mark.parametrize("number", [0, pytest.param(2, marks=pytest.mark.slow)], ids=["across nights", "within night"])
def test_a_pair_is_alike_for_the_blinded_and_truly_differs(tmp_path: Path, number: int) -> None:
    found = pair(tmp_path, number, until_s=160.0)
    assert found.difference == ""
    assert found.texts > 20
    assert found.truly_differs
    if number == 0:
        assert (all(found.arms[0]), any(found.arms[1])) == (True, False)


def test_one_byte_one_size_or_one_file_more_would_be_seen() -> None:
    one = Seen(said={"report": "a"}, sizes={"a": 1}, contents={"a": b"x"})
    assert _difference(one, one) == ""
    assert "said report" in _difference(one, Seen(said={"report": "b"}, sizes={"a": 1}, contents={"a": b"x"}))
    assert "size of a: 1 and 2" in _difference(one, Seen(said={"report": "a"}, sizes={"a": 2}, contents={"a": b"x"}))
    assert "content of a" in _difference(one, Seen(said={"report": "a"}, sizes={"a": 1}, contents={"a": b"y"}))
    assert "is there once" in _difference(one, Seen(said={"report": "a"}, sizes={"b": 1}, contents={"a": b"x"}))
