"""What had the other sleepers of a night to do with a cue? Quorums counted and relays followed again, from the record.

The house is believed in nothing: who was together is counted anew, and an offer stands only on a signal that was seen,
two consents that name each other, and neither of them ended.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dreamloom.dreamscape.company import is_meant
from dreamloom.dreamscape.gate import Quorum
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.obeyed import obeyed_relays
from dreamloom.dreamscape.quorums import quorums_of
from dreamloom.dreamscape.slots import index_in
from dreamloom.record.events import (
    AnyEvent,
    BackInBedSeen,
    ConsentGiven,
    ConsentWithdrawn,
    CueDue,
    CueWithheld,
    EyeSignalSeen,
    GroupsTold,
    GuardianStepped,
    OperatorStaged,
    OperatorStepped,
    OutOfBedSeen,
    Recovered,
    RelayEnded,
    RelayOffered,
    Restored,
    StageScored,
    StreamFound,
    StreamLost,
)
from dreamloom.record.staff_events import BackInBedTold, OutOfBedTold, Rejoined, SetApart
from dreamloom.testing.oracle_bed import BedTold, signalled, stage_told
from dreamloom.testing.oracle_moments import Moments

EFFECT_TICKS = 3
FRESH_S = 15.0
FOREVER = 10**9


@dataclass(slots=True)
class _Person:
    """One sleeper, as others have to do with them."""

    consent: ConsentGiven | None = None
    groups: tuple[str, ...] = ()
    withdrawn_tick: int = FOREVER
    ends_s: float | None = None
    stage: str = "UNSCORED"
    scored_s: float = 0.0
    called: OperatorStaged | None = None
    lost: bool = False
    out_of_bed: bool = False
    signals: list[tuple[int, str, float]] = field(default_factory=list)
    broke_ticks: list[int] = field(default_factory=list)
    guard: str = "NONE"
    by_hand: str = "NONE"
    private: bool = False
    apart: list[tuple[int, bool]] = field(default_factory=list)

    def agrees(self, tick: int) -> bool:
        """By the end of this second, to whatever was agreed."""
        ended = self.ends_s is not None and tick + 1.0 >= self.ends_s
        return self.consent is not None and tick < self.withdrawn_tick and not ended and not self.is_apart(tick)

    def is_apart(self, tick: int) -> bool:
        """Kept by itself by the guardian or a person at the end of this second."""
        known = [apart for since, apart in self.apart if since <= tick]
        return bool(known) and known[-1]

    def hear(self, event: AnyEvent) -> None:
        match event:
            case ConsentGiven():
                self.consent = event
            case ConsentWithdrawn():
                self.withdrawn_tick = min(self.withdrawn_tick, event.tick)
            case GroupsTold():
                self.groups = event.groups
            case StageScored():
                self.stage, self.scored_s = stage_told(self.called, event)[0], event.onset_s
            case OperatorStaged():
                self.called = event if event.stage else None
            case StreamLost() | StreamFound():
                self.lost = isinstance(event, StreamLost)
            case OutOfBedSeen() | BackInBedSeen() | OutOfBedTold() | BackInBedTold():
                self.out_of_bed = isinstance(event, OutOfBedSeen | OutOfBedTold)
            case EyeSignalSeen(status="confirmed"):
                self.signals.append((event.tick, event.id, event.began_s))
            case _:
                self._hear_more(event)

    def _hear_more(self, event: AnyEvent) -> None:
        if isinstance(event, GuardianStepped | Restored):
            self.guard = event.stands
        if isinstance(event, OperatorStepped):
            self.by_hand = event.rung
        if isinstance(event, SetApart | Rejoined):
            self.private = isinstance(event, SetApart)
        if isinstance(event, GuardianStepped | Restored | OperatorStepped | SetApart | Rejoined):
            self.apart.append((event.tick, self.private or "ISOLATE" in {self.guard, self.by_hand}))
        if isinstance(event, Recovered):
            self.broke_ticks.append(event.tick)
            self.lost = self.out_of_bed = False


class Company:
    """Everybody of a night, and what passed between them."""

    def __init__(
        self, own: Mapping[str, Sequence[AnyEvent]], dreamscape: Dreamscape, ends_s: Mapping[str, float | None]
    ) -> None:
        self._dreamscape = dreamscape
        self._quorums = quorums_of(dreamscape)
        self._people = {pod: _Person(ends_s=ends_s.get(pod)) for pod in own}
        self._offers = [event for events in own.values() for event in events if isinstance(event, RelayOffered)]
        self._ended = {
            event.cause: event.tick for events in own.values() for event in events if isinstance(event, RelayEnded)
        }
        self._met: dict[int, frozenset[tuple[int, str]]] = {}
        self._heeded_s: dict[tuple[int, str], float] = {}
        self._open: dict[str, RelayOffered] = {}
        self.moments = Moments(dreamscape)
        self.not_offered: list[tuple[str, int, float]] = []
        self._live(own)

    def number_of(self, quorum: Quorum | None) -> int | None:
        """Under which number a record tells of this quorum."""
        return self._quorums.index(quorum) if quorum in self._quorums else None

    def known(self, pod: str, tick: int) -> frozenset[int]:
        """Quorums that this bed knows to be met when it decides: as they stood when three seconds ago was settled."""
        met = self._met.get(tick - EFFECT_TICKS, frozenset())
        return frozenset(number for number, hearer in met if hearer == pod)

    def broken_relay(self, cue: CueDue, bed: BedTold) -> Iterator[str]:
        """What is wrong with a cue that came of another's signal."""
        offer = bed.offers.get(cue.cause or "")
        number = index_in(cue.part)
        if offer is None or offer.relay != number or number not in obeyed_relays(self._dreamscape):
            yield "RELAY"
            return
        relay = self._dreamscape.relays[number]
        in_time = offer.from_s <= cue.onset_s < min(offer.until_s, offer.from_s + relay.wait_s + 1e-6)
        ended = self._ended.get(offer.id, FOREVER)
        if not in_time or cue.cue != relay.cue or cue.tick >= ended + EFFECT_TICKS:
            yield "RELAY"
        if not self._agreed(offer, cue.tick - EFFECT_TICKS - 1):
            yield "RELAY_CONSENT"
        if not self._stands(offer):
            yield "RELAY_SIGNAL"

    def _agreed(self, offer: RelayOffered, tick: int) -> bool:
        """Both named each other, and both still agreed when the bed could last have heard otherwise."""
        pods = (offer.sender, offer.pod or "")
        consents = {each.consent.id for pod in pods if (each := self._people.get(pod)) and each.consent}
        return set(offer.consents) == consents and self._named(*pods, max(tick, offer.tick))

    def _stands(self, offer: RelayOffered) -> bool:
        """On signals that were verified, as many as asked, and not carried before."""
        relay, sender = self._dreamscape.relays[offer.relay], self._people[offer.sender]
        receiver = self._people[offer.pod or ""]
        if not is_meant(relay.sender, sender.groups) or not is_meant(relay.receiver, receiver.groups):
            return False
        before = [
            each.onset_s
            for each in self._offers
            if (each.relay, each.sender) == (offer.relay, offer.sender) and each.onset_s < offer.onset_s
        ]
        since = max((tick for tick in sender.broke_ticks if tick <= offer.tick), default=-1)
        fresh = [
            began_s
            for tick, _, began_s in sender.signals
            if since <= tick <= offer.tick and began_s > max(before, default=float("-inf"))
        ]
        is_now = any(tick == offer.tick and name == offer.cause for tick, name, _ in sender.signals)
        return is_now and signalled(relay.signal, fresh, offer.onset_s)

    def _live(self, own: Mapping[str, Sequence[AnyEvent]]) -> None:
        """Second by second, who is in which stage; and since when enough of them are together."""
        of_tick: dict[int, list[AnyEvent]] = defaultdict(list)
        for events in own.values():
            for event in events:
                of_tick[event.tick].append(event)
        unlived = {tick for each in of_tick.values() for tick in _lost(each)}
        since: dict[int, int] = {}
        for tick in range(max(of_tick, default=-1) + 1):
            for event in of_tick.get(tick, ()):
                self._people[event.pod or ""].hear(event)
            if any(isinstance(event, Recovered) for event in of_tick.get(tick, ())):
                since = {}
            if self._quorums:
                self._met[tick] = frozenset(self._count(tick, since))
            self._follow(tick, of_tick.get(tick, ()))
            if tick not in unlived:
                self.moments.follow(tick, of_tick.get(tick, ()), self._people)

    def _follow(self, tick: int, events: Sequence[AnyEvent]) -> None:
        """What one second's signals should have offered, beside what was offered; then what came of offers before."""
        made = {(each.relay, each.sender, each.pod) for each in events if isinstance(each, RelayOffered)}
        for event in events:
            if isinstance(event, CueDue | CueWithheld):
                self._open.pop(event.cause or "", None)
            if isinstance(event, Recovered):
                self._open = {name: each for name, each in self._open.items() if each.pod != event.pod}
        waiting = {(each.relay, each.sender, each.pod) for each in self._open.values() if tick + 1.0 < each.until_s}
        for number, pod, receiver in self._owed(tick) if self._dreamscape.relays else ():
            if (number, pod, receiver) not in made | waiting:
                self.not_offered.append((receiver, number, tick + 1.0))
        for event in events:
            if isinstance(event, RelayEnded):
                self._open.pop(event.cause or "", None)
            if isinstance(event, RelayOffered):
                self._open[event.id] = event
                self._heeded_s[event.relay, event.sender] = event.onset_s

    def _owed(self, tick: int) -> Iterator[tuple[int, str, str]]:
        """Relay, sender and receiver of every signal of this second that is to be carried."""
        signalling = [pod for pod, each in self._people.items() if each.signals and each.signals[-1][0] == tick]
        for number in obeyed_relays(self._dreamscape):
            relay = self._dreamscape.relays[number]
            for pod in signalling:
                if is_meant(relay.sender, self._people[pod].groups) and self._is_fresh(number, pod, tick):
                    yield from (
                        (number, pod, receiver)
                        for receiver, person in self._people.items()
                        if is_meant(relay.receiver, person.groups) and self._named(pod, receiver, tick)
                    )

    def _is_fresh(self, number: int, pod: str, tick: int) -> bool:
        """As many signals as asked, none of them carried before."""
        sender, heeded_s = self._people[pod], self._heeded_s.get((number, pod), float("-inf"))
        since = max(sender.broke_ticks, default=-1)
        fresh = [began_s for at, _, began_s in sender.signals if at >= since and began_s > heeded_s]
        return signalled(self._dreamscape.relays[number].signal, fresh, tick + 1.0)

    def _named(self, sender: str, receiver: str, tick: int) -> bool:
        """Both agree, and each to the other."""
        one, other = self._people.get(sender), self._people.get(receiver)
        if one is None or other is None or one is other or one.consent is None or other.consent is None:
            return False
        named = other.consent.sleeper in one.consent.relay_to and one.consent.sleeper in other.consent.relay_from
        return named and one.agrees(tick) and other.agrees(tick)

    def _count(self, tick: int, since: dict[int, int]) -> Iterator[tuple[int, str]]:
        members = {
            pod: each
            for pod, each in self._people.items()
            if each.agrees(tick) and each.consent is not None and "group" in each.consent.purposes
        }
        for number, quorum in enumerate(self._quorums):
            meant = {pod: each for pod, each in members.items() if is_meant(quorum.of, each.groups)}
            there = [each for each in meant.values() if _is_there(each, quorum, tick + 1.0)]
            if len(there) < quorum.at_least:
                since.pop(number, None)
            elif tick - since.setdefault(number, tick) >= quorum.for_s:
                yield from ((number, pod) for pod in meant)


def _is_there(person: _Person, quorum: Quorum, now_s: float) -> bool:
    present = not person.lost and not person.out_of_bed and now_s - person.scored_s <= FRESH_S
    return present and person.stage in {str(stage) for stage in quorum.in_}


def _lost(events: Sequence[AnyEvent]) -> Iterator[int]:
    """The seconds in which the night was broken: no house was there to call anybody."""
    for event in events:
        if isinstance(event, Recovered):
            yield from range(int(event.lost_from_s), int(event.lost_to_s))
