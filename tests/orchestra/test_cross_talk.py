"""Does anything of one sleeper reach another without the consent of both?"""

from typing import Any

import msgspec
import pytest

from dreamloom.night import loop
from dreamloom.orchestra import moments, relays
from dreamloom.pod import together
from dreamloom.record.events import MomentCalled
from dreamloom.testing.cross_talk import try_once

OF_SEVERAL = 0
"""A random night in which two agreed to be counted together, and others did not."""


def test_whoever_shares_nothing_with_a_sleeper_is_told_the_same_however_that_one_sleeps() -> None:
    tries = [try_once(seed) for seed in range(4)]
    assert [each.differences for each in tries if each.differences] == []
    assert sum(each.unnamed for each in tries) == 0
    assert sum(each.held for each in tries) > 0
    assert sum(each.passed for each in tries) > 0
    assert sum(each.called for each in tries) > 0


def test_a_signal_that_passed_without_consent_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "agreed", lambda sender, receiver: sender.pod != receiver.pod and bool(sender.consent))
    tries = [try_once(seed) for seed in range(3)]
    assert sum(each.unnamed for each in tries) > 0


def test_a_moment_that_leaves_out_a_consent_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = moments.calls

    def short(*args: Any, **more: Any) -> list[MomentCalled]:
        said = whole(*args, **more)
        return [msgspec.structs.replace(each, consents=each.consents[:-1]) for each in said]

    monkeypatch.setattr(moments, "calls", short)
    assert try_once(OF_SEVERAL).unnamed > 0


def test_somebody_called_who_did_not_agree_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "PURPOSE", "cue")
    monkeypatch.setattr(together, "PURPOSE", "cue")
    found = try_once(OF_SEVERAL)
    assert found.unnamed > 0
    assert found.differences != ()
