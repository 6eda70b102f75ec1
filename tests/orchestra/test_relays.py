"""Whose signal may become whose cue?"""

import msgspec
import pytest

from dreamloom.engine.loop import Outside
from dreamloom.house.texts import find_dreamscape
from dreamloom.record.events import (
    AnyEvent,
    ConsentWithdrawn,
    CueDue,
    CuePlayed,
    CueWithheld,
    RelayEnded,
    RelayOffered,
)
from dreamloom.record.staff_events import Rejoined, SetApart
from dreamloom.testing.company import ToldBed, always, signal, told_night
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

RELAY, _ = find_dreamscape("relay")
SIGNALS = ToldBed(facts={199: [signal(200.0)]})


def night(*beds: ToldBed, duration_s: int = 300, script: tuple[Outside, ...] = ()) -> list[AnyEvent]:
    return told_night(RELAY, beds, duration_s=duration_s, script=script)[0]


def withdrawal(pod: str, at_s: float) -> Outside:
    said = ConsentWithdrawn(onset_s=at_s, sleeper=pod.replace("p", "S0"), channel="test")
    return Outside(known_s=NightTime(at_s), pod=pod, event=said)


def cued(events: list[AnyEvent]) -> list[tuple[str | None, float]]:
    return [(event.pod, event.onset_s) for event in events if isinstance(event, CueDue)]


def test_a_signal_becomes_one_cue_for_everyone_both_of_whom_agreed_and_none_for_its_sender() -> None:
    events = night(SIGNALS, ToldBed(), ToldBed())
    offers = [event for event in events if isinstance(event, RelayOffered)]
    assert [(offer.sender, offer.pod, offer.onset_s) for offer in offers] == [("p1", "p2", 200.0), ("p1", "p3", 200.0)]
    assert cued(events) == [("p2", 203.0), ("p3", 203.0)]
    by_id = {event.id: event for event in events}
    for due in (event for event in events if isinstance(event, CueDue)):
        offer = by_id[due.cause or ""]
        assert isinstance(offer, RelayOffered)
        assert [by_id[consent].pod for consent in offer.consents] == ["p1", due.pod]
        assert type(by_id[offer.cause or ""]).__name__ == "EyeSignalSeen"
    assert sum(isinstance(event, CuePlayed) for event in events) == 2


@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ({"relay_to": ()}, {}),
        ({}, {"relay_from": ()}),
        ({"relay_to": ("S03",)}, {"relay_from": ("S03",)}),
        ({}, {"cues": ("silence",)}),
        ({}, {"stages": ("N2",)}),
        ({}, {"purposes": ("keep derived",)}),
    ],
)
def test_without_the_consent_of_both_nothing_is_heard(sender: dict[str, object], receiver: dict[str, object]) -> None:
    assert cued(night(changed(SIGNALS, sender), ToldBed(changes=receiver))) == []


def said(event: AnyEvent, pod: str) -> Outside:
    return Outside(known_s=NightTime(event.onset_s), pod=pod, event=event)


def test_a_private_bed_is_offered_nothing_and_offers_nothing_until_it_is_among_others_again() -> None:
    apart = said(SetApart(onset_s=150.0, by="anna"), "p2")
    assert cued(night(SIGNALS, ToldBed(), ToldBed(), script=(apart,))) == [("p3", 203.0)]
    sender = said(SetApart(onset_s=150.0, by="anna"), "p1")
    assert cued(night(SIGNALS, ToldBed(), script=(sender,))) == []
    again = said(Rejoined(onset_s=180.0, by="anna"), "p2")
    assert cued(night(SIGNALS, ToldBed(), script=(apart, again))) == [("p2", 203.0)]


def changed(bed: ToldBed, changes: dict[str, object]) -> ToldBed:
    return ToldBed(stage_at=bed.stage_at, facts=bed.facts, changes=changes)


def test_an_offer_waits_for_the_receivers_own_gate() -> None:
    late = ToldBed(stage_at=lambda second: Stage.R if second >= 240 else Stage.N2)
    events = night(SIGNALS, late, duration_s=400)
    assert [at_s for _, at_s in cued(events)] == [305.0]  # a minute of REM after it began


def test_an_offer_that_waited_in_vain_is_told_and_forgotten() -> None:
    events = night(SIGNALS, ToldBed(stage_at=always(Stage.N2)), duration_s=1500)
    withheld = [event for event in events if isinstance(event, CueWithheld)]
    assert cued(events) == []
    assert [(event.reason, event.until_s) for event in withheld if event.reason == "EXPIRED"] == [("EXPIRED", 1403.0)]
    assert {event.part for event in withheld} == {-100}


@pytest.mark.parametrize(
    ("who", "why"), [("p1", "the sender agrees no longer"), ("p2", "the receiver agrees no longer")]
)
def test_who_withdraws_takes_back_what_still_waits(who: str, why: str) -> None:
    late = ToldBed(stage_at=lambda second: Stage.R if second >= 240 else Stage.N2)
    events = night(SIGNALS, late, duration_s=400, script=(withdrawal(who, 250.0),))
    assert cued(events) == []
    assert [event.reason for event in events if isinstance(event, RelayEnded)] == [why]


def test_the_same_signal_is_carried_once_and_the_next_one_after_the_rest_of_the_receiver() -> None:
    facts = {199: [signal(200.0)], 219: [signal(220.0)], 699: [signal(700.0)]}
    events = night(ToldBed(facts=facts), ToldBed(), duration_s=900)
    assert [at_s for _, at_s in cued(events)] == [203.0, 503.0, 803.0]  # five minutes apart, none of them lost


def test_a_bed_outside_the_group_hears_nothing_and_carries_nothing() -> None:
    assert cued(night(SIGNALS, ToldBed(groups=()))) == []
    assert cued(night(ToldBed(facts=SIGNALS.facts, groups=()), ToldBed())) == []


def test_a_night_of_relays_is_the_same_whoever_is_asked_first() -> None:
    once, again = night(SIGNALS, ToldBed()), night(SIGNALS, ToldBed())
    assert [msgspec.json.encode(event) for event in once] == [msgspec.json.encode(event) for event in again]
