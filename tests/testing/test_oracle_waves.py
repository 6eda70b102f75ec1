"""Can the judge fail a night that waits for waves? One lawful record, and the same one with a rule broken in turn."""

from functools import cache

import msgspec
import pytest

from dreamloom.record.events import AnyEvent, ConsentGiven, CueDue, LeaseGranted, PhaseWindowOpened, StageScored
from dreamloom.testing import fuzzed_nights
from dreamloom.testing.fuzzed_nights import Fuzzed

SEED, NUMBER = 9, 39
"""A night whose part waits for waves, drawn where there is no signal, and met some."""


@cache
def lived() -> Fuzzed:
    return fuzzed_nights.night(SEED, NUMBER, most_s=1000)


def rules(events: list[AnyEvent]) -> set[str]:
    night = lived()
    told = Fuzzed(
        events=events,
        dreamscape=night.dreamscape,
        expires=night.expires,
        kinds=night.kinds,
        arrived_s=night.arrived_s,
    )
    return {wrong.rule for wrong in told.judged().unlawful}


def otherwise(kind: type[AnyEvent], **words: object) -> list[AnyEvent]:
    return [msgspec.structs.replace(each, **words) if isinstance(each, kind) else each for each in lived().events]


def moved(by_s: float) -> list[AnyEvent]:
    """Every cue of a wave, so much later than its window had it."""
    windows = {each.id for each in lived().events if isinstance(each, PhaseWindowOpened)}
    return [
        msgspec.structs.replace(each, play_at_s=each.play_at_s + by_s, expires_s=each.expires_s + by_s)
        if isinstance(each, CueDue) and each.cause in windows
        else each
        for each in lived().events
    ]


def test_windows_and_what_was_met_in_them_are_lawful() -> None:
    windows = {each.id for each in lived().events if isinstance(each, PhaseWindowOpened)}
    assert sum(isinstance(each, CueDue) and each.cause in windows for each in lived().events) > 1
    assert rules(list(lived().events)) == set()


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        (lambda: [each for each in lived().events if not isinstance(each, PhaseWindowOpened)], "WINDOW"),
        (lambda: moved(1.0), "TIMING"),
        (lambda: moved(-1.0), "TIMING"),
        (lambda: otherwise(PhaseWindowOpened, until_s=5000.0), "TIMING"),
        (lambda: otherwise(PhaseWindowOpened, level_db=44.9), "LEVEL"),
        (lambda: otherwise(PhaseWindowOpened, lease="none"), "LEASE"),
        (lambda: otherwise(StageScored, stage="W", probabilities={"W": 1.0}), "GATE"),
        (lambda: otherwise(ConsentGiven, purposes=("keep derived",)), "CONSENT"),
        (lambda: [each for each in lived().events if not isinstance(each, LeaseGranted)], "LEASE"),
    ],
)
def test_a_window_or_a_cue_outside_its_rules_is_named(events, rule: str) -> None:
    assert rule in rules(events())
