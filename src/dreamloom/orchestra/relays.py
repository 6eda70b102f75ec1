"""Whose signal may become whose cue? Pairs who both named the other, and what a signal that was seen offers to whom.

Nothing of one sleeper reaches another except through a RelayOffered, which names the consents of both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dreamloom.dreamscape.company import Relay, is_meant
from dreamloom.dreamscape.signalled import is_seen
from dreamloom.record.events import RelayEnded, RelayOffered
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One sleeper as relays see them.

    Attributes:
        consent: id of the ConsentGiven in the record; None where nobody was asked, and nothing passes then.
        agrees: it holds at this moment: neither withdrawn nor ended.
        relay_to, relay_from: sleepers whom it names: who may be cued by this one's signals, and whose may cue this one.
        signalled_s: beginnings of the newest signals that were given twice, oldest first.
    """

    pod: str
    sleeper: str
    consent: str | None
    agrees: bool
    relay_to: Collection[str] = ()
    relay_from: Collection[str] = ()
    groups: Collection[str] = ()
    signalled_s: Sequence[NightTime] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A relay that a night carries, and its number in the dreamscape."""

    number: int
    relay: Relay


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaying:
    """What was offered so far.

    Attributes:
        open: offers by id, of which nobody has told what became of them.
        heeded_s: of each relay and sender, until when the signals led to an offer already.
    """

    open: Mapping[str, RelayOffered] = field(default_factory=dict)
    heeded_s: Mapping[tuple[int, str], NightTime] = field(default_factory=dict)


def agreed(sender: Person, receiver: Person) -> bool:
    """True where each has named the other, both consents are in the record, and both hold now."""
    if sender.pod == receiver.pod:
        return False
    if not (sender.agrees and receiver.agrees and sender.consent and receiver.consent):
        return False
    return receiver.sleeper in sender.relay_to and sender.sleeper in receiver.relay_from


def offers(
    state: Relaying,
    carried: Iterable[Carried],
    people: Mapping[str, Person],
    *,
    signals: Mapping[str, str],
    at_s: NightTime,
) -> list[RelayOffered]:
    """What the signals of this tick offer, to whom.

    Args:
        state: what was offered before.
        carried: the relays of this night.
        people: by pod.
        signals: the newest verified signal of each pod that gave one in this tick: the event's id, by pod.
        at_s: the end of the tick.

    Returns:
        One for each receiver, in the order of relays, senders and receivers; none to whom one is open already.
    """
    said: list[RelayOffered] = []
    for each in carried:
        for pod in sorted(signals):
            sender = people[pod]
            if is_meant(each.relay.sender, sender.groups) and _is_given(state, each, sender, at_s):
                said.extend(_to_all(state, each, sender, people, signals[pod], at_s))
    return said


def _is_given(state: Relaying, each: Carried, sender: Person, at_s: NightTime) -> bool:
    """As often as the author asks, counted anew after each offer: what was carried once is not carried again."""
    heeded_s = state.heeded_s.get((each.number, sender.pod), float("-inf"))
    fresh = [time_s for time_s in sender.signalled_s if time_s > heeded_s]
    return is_seen(each.relay.signal, fresh, at_s)


def _to_all(  # noqa: PLR0917 - private, in the order of the sentence
    state: Relaying, each: Carried, sender: Person, people: Mapping[str, Person], signal: str, at_s: NightTime
) -> list[RelayOffered]:
    waiting = {(offer.relay, offer.sender, offer.pod) for offer in state.open.values() if at_s < offer.until_s}
    receivers = [
        person
        for _, person in sorted(people.items())
        if is_meant(each.relay.receiver, person.groups)
        and agreed(sender, person)
        and (each.number, sender.pod, person.pod) not in waiting
    ]
    return [_offered(each, sender, receiver, signal, at_s) for receiver in receivers]


def _offered(each: Carried, sender: Person, receiver: Person, signal: str, at_s: NightTime) -> RelayOffered:  # noqa: PLR0917 - private, in the order of the sentence
    assert sender.consent is not None
    assert receiver.consent is not None
    from_s = at_s + EFFECT_TICKS
    return RelayOffered(
        onset_s=at_s,
        pod=receiver.pod,
        cause=signal,
        relay=each.number,
        sender=sender.pod,
        cue=each.relay.cue,
        consents=(sender.consent, receiver.consent),
        from_s=from_s,
        until_s=from_s + each.relay.wait_s,
    )


def ended(state: Relaying, people: Mapping[str, Person], at_s: NightTime) -> list[RelayEnded]:
    """Offers that one of the two no longer agrees to; those that only waited too long end by themselves."""
    said: list[RelayEnded] = []
    for name, offer in state.open.items():
        sender, receiver = people.get(offer.sender), people.get(offer.pod or "")
        if sender is None or receiver is None or agreed(sender, receiver):
            continue
        who = "sender" if not sender.agrees else "receiver"
        said.append(
            RelayEnded(onset_s=at_s, pod=offer.pod, cause=name, relay=offer.relay, reason=f"the {who} agrees no longer")
        )
    return said


def noted(state: Relaying, offer: RelayOffered) -> Relaying:
    """The state after an offer was made."""
    return Relaying(
        open={**state.open, offer.id: offer},
        heeded_s={**state.heeded_s, (offer.relay, offer.sender): NightTime(offer.onset_s)},
    )


def settled(state: Relaying, offer: str | None) -> Relaying:
    """The state after somebody told what became of an offer."""
    if offer not in state.open:
        return state
    left = {name: each for name, each in state.open.items() if name != offer}
    return Relaying(open=left, heeded_s=state.heeded_s)


def forgotten(state: Relaying, pod: str) -> Relaying:
    """The state after a bed began anew: what was offered to it before is gone."""
    left = {name: each for name, each in state.open.items() if each.pod != pod}
    return Relaying(open=left, heeded_s=state.heeded_s)
