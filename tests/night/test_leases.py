"""Who keeps a lease? Granted ahead, renewed at a third of its life, lapsed with a reason, never after a withdrawal."""

import dataclasses
from itertools import pairwise

import pytest
from msgspec.structs import replace

from dreamloom.night.loop import LEASE_S, STRICT_LEASE_S, Offer, settle
from dreamloom.night.state import BedState, NightState
from dreamloom.pod.fold import evolve
from dreamloom.pod.looking import Senses
from dreamloom.pod.player import bits
from dreamloom.pod.state import opening_state
from dreamloom.record.events import (
    AnyEvent,
    ConsentWithdrawn,
    CueDue,
    Held,
    LeaseGranted,
    LeaseLapsed,
    PartStopped,
    PodClockBounded,
    Rearmed,
    Recovered,
    StreamFound,
    StreamLost,
)
from dreamloom.testing.nights import grant_for, plan_of
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import EFFECT_TICKS, Decibels, NightTime, Seconds

PLAN, _ = plan_of()
OFFER = Offer(
    scene="test",
    cues={"sleep": PLAN.cue_sha256},
    level_cap_db=Decibels(45.0),
    cues_per_night=5,
    dreamscape_sha256=PLAN.dreamscape_sha256,
    policy_sha256="0" * 64,
)


def house(*, grant_ends_s: float | None = None, **changes: object) -> NightState:
    ends = None if grant_ends_s is None else NightTime(grant_ends_s)
    bed = BedState(pod="p1", sleeper="S01", grant=grant_for(PLAN, **changes), grant_ends_s=ends)
    return NightState(beds={"p1": bed})


def turn(
    state: NightState, ticks: range, happens: dict[int, AnyEvent] | None = None, *, offer: Offer = OFFER
) -> tuple[NightState, list[AnyEvent]]:
    said: list[AnyEvent] = []
    for tick in ticks:
        event = (happens or {}).get(tick)
        state, words = settle(state, offer, tick, inputs=[], said_by_pods=[event] if event else [])
        said.extend(words)
    return state, said


def test_a_lease_is_renewed_at_a_third_of_its_life_without_a_gap() -> None:
    _, said = turn(house(), range(100))
    leases = [event for event in said if isinstance(event, LeaseGranted)]
    assert [event.onset_s for event in leases] == [1.0, 11.0, 21.0, 31.0, 41.0, 51.0, 61.0, 71.0, 81.0, 91.0]
    for lease in leases:
        assert lease.not_before_s == lease.onset_s + EFFECT_TICKS
        assert lease.not_after_s - lease.not_before_s <= LEASE_S
    assert len({lease.lease for lease in leases}) == len(leases)


@pytest.mark.parametrize("lease_s", [LEASE_S, STRICT_LEASE_S])
def test_a_bed_whose_house_died_is_silent_by_the_end_of_its_lease_and_a_strict_one_within_five_seconds(
    lease_s: Seconds,
) -> None:
    """The newest lease that a house can have granted before it died ends so soon after its last word took effect."""
    _, said = turn(house(), range(60), offer=dataclasses.replace(OFFER, lease_s=lease_s))
    leases = [event for event in said if isinstance(event, LeaseGranted)]
    gaps_s = [after.not_before_s - before.not_after_s for before, after in pairwise(leases)]
    assert max(gaps_s) < 0.0, "no renewal comes too late"
    bed = opening_state(PLAN, grant_for(PLAN), None)
    for lease in leases:
        bed = evolve(bed, lease, PLAN)
    last = leases[-1]
    assert last.not_after_s <= last.onset_s + EFFECT_TICKS + lease_s
    assert not bits(bed, NightTime(last.not_after_s - 0.1), senses=Senses())[Bit.LEASE_LAPSED]
    assert bits(bed, NightTime(last.not_after_s), senses=Senses())[Bit.LEASE_LAPSED]


def test_a_withdrawal_lapses_the_lease_and_none_follows() -> None:
    withdrawn = ConsentWithdrawn(onset_s=25.5, sleeper="S01", channel="test", pod="p1")
    _, said = turn(house(), range(60), {25: withdrawn})
    lapsed = [event for event in said if isinstance(event, LeaseLapsed)]
    assert [(event.onset_s, event.reason) for event in lapsed] == [(26.0, "withdrawn")]
    assert max(event.onset_s for event in said if isinstance(event, LeaseGranted)) < 26.0


def test_a_lost_stream_costs_the_lease_until_it_is_found() -> None:
    happens: dict[int, AnyEvent] = {
        25: StreamLost(onset_s=26.0, last_s=25.0, pod="p1"),
        30: StreamFound(onset_s=31.0, lost_s=5.0, pod="p1"),
    }
    _, said = turn(house(), range(60), happens)
    granted = [event.onset_s for event in said if isinstance(event, LeaseGranted)]
    assert not [onset_s for onset_s in granted if 26.0 <= onset_s < 31.0]
    assert 31.0 in granted


def test_a_stream_lost_for_long_costs_the_lease_until_the_guardian_lets_the_bed_back() -> None:
    happens: dict[int, AnyEvent] = {
        25: StreamLost(onset_s=26.0, last_s=25.0, pod="p1"),
        40: StreamFound(onset_s=41.0, lost_s=15.0, pod="p1"),
    }
    _, said = turn(house(), range(90), happens)
    granted = [event.onset_s for event in said if isinstance(event, LeaseGranted)]
    assert not [onset_s for onset_s in granted if 26.0 <= onset_s < 71.0]
    assert 71.0 in granted


def test_a_lease_never_outlives_the_consent() -> None:
    _, said = turn(house(grant_ends_s=50.0), range(100))
    leases = [event for event in said if isinstance(event, LeaseGranted)]
    assert leases
    assert max(event.not_after_s for event in leases) <= 50.0


def test_a_broken_bed_gets_no_lease_until_it_is_armed_again() -> None:
    happens: dict[int, AnyEvent] = {
        5: Recovered(onset_s=5.0, lost_from_s=0.0, lost_to_s=5.0, segment=1, pod="p1"),
        30: Rearmed(onset_s=30.0, by="test", pod="p1"),
    }
    _, said = turn(house(), range(40), happens)
    granted = [event.onset_s for event in said if isinstance(event, LeaseGranted)]
    assert not [onset_s for onset_s in granted if 6.0 <= onset_s < 31.0]
    assert 31.0 in granted


def test_no_consent_for_this_text_is_no_lease() -> None:
    _, said = turn(house(dreamscape_sha256="a" * 64), range(30))
    assert said == []
    _, said = turn(house(purposes=("keep derived",)), range(30))
    assert said == []


def test_a_spent_budget_and_a_stop_rule_end_the_leases() -> None:
    cue = CueDue(
        onset_s=1.0, cue="chord", cue_sha256="0" * 64, part=0, sound_class="sleep", level_db=1.0, play_at_s=1.0,
        expires_s=2.0, lease="p1-0", pod="p1",
    )  # fmt: skip
    _, said = turn(house(), range(40), dict.fromkeys(range(10, 15), cue))
    assert [event.reason for event in said if isinstance(event, LeaseLapsed)] == ["budget spent"]
    _, said = turn(house(), range(40), {10: PartStopped(onset_s=11.0, reason="test", pod="p1")})
    assert [event.reason for event in said if isinstance(event, LeaseLapsed)] == ["stopped for tonight"]


def test_a_bed_that_is_held_has_no_lease_until_the_night_is_opened_again() -> None:
    again = {20: Recovered(onset_s=21.0, lost_from_s=20.0, lost_to_s=21.0, segment=1, pod="p1"),
             21: Rearmed(onset_s=22.0, by="test", pod="p1")}  # fmt: skip
    _, said = turn(house(), range(40), {10: Held(onset_s=11.0, reason="DISK_LOW", pod="p1"), **again})
    assert [event.reason for event in said if isinstance(event, LeaseLapsed)] == ["held by the house"]
    assert [event.onset_s for event in said if isinstance(event, LeaseGranted) and 11 <= event.onset_s < 23] == [22.0]


def test_a_lease_names_only_cues_the_sleeper_agreed_to() -> None:
    _, said = turn(house(cues=("silence",), level_cap_db=33.0), range(2))
    lease = next(event for event in said if isinstance(event, LeaseGranted))
    assert set(lease.cues) == {"silence"}
    assert lease.level_cap_db == 33.0


def test_a_pod_on_another_machine_gets_no_lease_until_its_clock_is_bounded():
    here = house()
    away = replace(here, beds={"p1": replace(here.beds["p1"], remote_clock=True)})
    happens: dict[int, AnyEvent] = {
        20: PodClockBounded(onset_s=21.0, bound_s=0.004, pod="p1", kind="input"),
        40: PodClockBounded(onset_s=41.0, bound_s=None, pod="p1", kind="input"),
        60: PodClockBounded(onset_s=61.0, bound_s=0.051, pod="p1", kind="input"),
    }
    _, said = turn(away, range(90), happens)
    granted = [event.onset_s for event in said if isinstance(event, LeaseGranted)]
    assert granted == [21.0, 31.0]
    assert [event.reason for event in said if isinstance(event, LeaseLapsed)] == ["no clock bound"]


def test_after_a_crash_a_remote_clock_is_bounded_anew():
    here = house()
    away = replace(here, beds={"p1": replace(here.beds["p1"], remote_clock=True, clock_bound_s=0.001)})
    happens: dict[int, AnyEvent] = {
        20: Recovered(onset_s=21.0, lost_from_s=20.0, lost_to_s=21.0, segment=1, pod="p1"),
        25: Rearmed(onset_s=26.0, by="test", pod="p1"),
    }
    _, said = turn(away, range(60), happens)
    assert max(event.onset_s for event in said if isinstance(event, LeaseGranted)) < 21.0
