"""Does anything of one sleeper reach another without the consent of both?"""

import pytest

from dreamloom.orchestra import relays
from dreamloom.testing.cross_talk import try_once


def test_whoever_shares_nothing_with_a_sleeper_is_told_the_same_however_that_one_sleeps() -> None:
    tries = [try_once(seed) for seed in range(4)]
    assert [each.differences for each in tries if each.differences] == []
    assert sum(each.unnamed for each in tries) == 0
    assert sum(each.held for each in tries) > 0
    assert sum(each.passed for each in tries) > 0


def test_a_signal_that_passed_without_consent_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "agreed", lambda sender, receiver: sender.pod != receiver.pod and bool(sender.consent))
    tries = [try_once(seed) for seed in range(3)]
    assert sum(each.unnamed for each in tries) > 0
