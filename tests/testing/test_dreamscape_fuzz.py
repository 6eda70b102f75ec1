"""Bent dreamscapes are read or refused with a place; nothing else ever comes of them."""

import pytest

from dreamloom.testing import dreamscape_fuzz


def test_three_hundred_bent_dreamscapes_are_read_or_refused() -> None:
    counts = dreamscape_fuzz.run(300, seed=7)
    assert counts["first_uncaught"] == ""
    assert counts["uncaught"] == 0
    assert (counts["read"], counts["refused"]) != (0, 300)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_bent_dreamscapes_are_read_or_refused() -> None:
    counts = dreamscape_fuzz.run(10_000, seed=20261120)
    assert counts["first_uncaught"] == ""
    assert counts["uncaught"] == 0
    assert counts["cases"] == 10_000


def test_a_case_depends_on_its_number_and_the_seed_alone() -> None:
    assert dreamscape_fuzz.bent(41, seed=7) == dreamscape_fuzz.bent(41, seed=7)
    assert dreamscape_fuzz.bent(41, seed=7) != dreamscape_fuzz.bent(41, seed=8)


def test_an_error_nobody_named_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_text: str, *, file: str) -> None:
        raise KeyError(file)

    monkeypatch.setattr(dreamscape_fuzz, "read", broken)
    counts = dreamscape_fuzz.run(3, seed=7)
    assert (counts["uncaught"], counts["first_uncaught"]) == (3, "case 0: KeyError('bent.yaml')")
