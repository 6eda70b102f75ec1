"""Ten ways to have a bed sound something without right; the full count is a promise."""

import pytest

from dreamloom.testing.forged_orders import AT_OPEN_BEDS, KINDS, try_forgeries

TOLD = {
    "unsigned": {"ORDER_UNSIGNED", "ORDER_FORGED"},
    "replayed": {"ORDER_REPLAYED"},
    "stale": {"ORDER_STALE"},
    "expired lease": {"LEASE"},
    "wrong pod": {"ORDER_WRONG_POD"},
    "old policy": {"ORDER_OLD_POLICY", "POLICY"},
    "altered file": {"SOUND_CHANGED", "SOUND"},
    "wrong stage": {"STAGE"},
    "wrong tag": {"POLICY"},
    "revoked": {"ORDER_REVOKED", "ORDER_UNENROLLED", "REVOKED"},
}
"""By which reasons the record tells each; all of them appear."""


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_has_a_right_to_is_silent_and_what_is_lawful_between_it_is_played(kind: str) -> None:
    lawful = 8 if kind in AT_OPEN_BEDS else 0
    tried = try_forgeries(kind, 500 if kind == "revoked" else 80, seed=3, lawful=lawful)
    assert (tried.played, tried.lawful, tried.lawful_played) == (0, lawful, lawful)
    assert TOLD[kind] <= set(tried.reasons)
