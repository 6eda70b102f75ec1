"""When do things happen? Samples in, pods advance on their own, a tick settles when all have passed it, it is written.

One loop for a live night, a fast one and a replay; only the clock and the adapters differ. No bed waits for another:
a tick that one bed still owes holds up the record, never a cue. The order of work never reaches the record either:
events are ordered by tick, pod id and index, whatever came first.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import msgspec

from dreamloom.engine.bedside import DISARMING, Bedside
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.gatekeeper import OrderDesk, Word
from dreamloom.engine.lateness import Lateness
from dreamloom.engine.supervise import each_in_turn
from dreamloom.guardian.ladder import WITHOUT_CUES, WITHOUT_SOUND
from dreamloom.night import loop as night_loop
from dreamloom.night.loop import Offer
from dreamloom.night.state import NightState, evolve
from dreamloom.pod.loop import Pod
from dreamloom.ports import Clock, Ledger
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    ConsentWithdrawn,
    NightClosed,
    OperatorStepped,
    ToBed,
)
from dreamloom.seals.orders import Envelope
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime, Seconds

POLL_S = Seconds(0.02)
"""How often a live bedside is looked at, in wall seconds."""
VIRTUAL_POLL_S = Seconds(0.25)
"""How far a virtual clock jumps while somebody is late, in night seconds."""
CHECKPOINT_EVERY_S = Seconds(10.0)
"""Wall time between signed checkpoints; also one at each withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Something that came from outside: for one bedside, or for the house where pod is None.

    A replay says in which tick the house heard of it; live, it is the next one to be settled.
    """

    known_s: NightTime
    pod: str | None
    event: AnyEvent
    tick: int | None = None


Watch = Callable[[NightTime], Sequence[Outside]]
"""Looks outside: withdrawals, the person in charge, a script. Called often; returns what is new."""
Seal = Callable[[AnyEvent], tuple[AnyEvent, bytes | None]]
"""Puts sealed payloads into events that carry one; returns the ciphertext to lie beside the chain."""
Listener = Callable[[int, Sequence[AnyEvent], Mapping[str, Pod]], None]
"""Told every settled tick, its events and every bedside; a view, a progress line. Never decides."""


class NightEngine:
    """Runs one opening of a night from first_tick until every bedside is finished, the end is reached, or stop()."""

    def __init__(  # noqa: PLR0913 - the parts of a night, each by name
        self,
        *,
        clock: Clock,
        bedsides: dict[str, Bedside],
        night: NightState,
        offer: Offer,
        ledger: Ledger,
        watch: Watch,
        seal: Seal,
        first_tick: int = 0,
        last_tick: int | None = None,
        speed_x: float | None = 1.0,
        listeners: Sequence[Listener] = (),
        desk: OrderDesk | None = None,
    ) -> None:
        """With a desk, whatever the house says to a bed is signed there; a bed with a gatekeeper obeys nothing else."""
        self.night = night
        self.counts: Counter[str] = Counter()
        self._clock = clock
        self._bedsides = dict(sorted(bedsides.items()))
        self._offer = offer
        self._ledger = ledger
        self._watch = watch
        self._seal = seal
        self._tick = first_tick
        self._last_tick = last_tick
        self._next = dict.fromkeys(self._bedsides, first_tick)
        self._said: dict[int, dict[str, list[AnyEvent]]] = defaultdict(dict)
        self._poll_s = VIRTUAL_POLL_S if speed_x is None else POLL_S * speed_x
        self._live = speed_x is not None
        self._sound_in_real_time = speed_x == 1.0
        self._listeners = listeners
        self._desk = desk
        self._leases: dict[int, dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))
        self._house_inbox: list[Outside] = []
        self._lateness = Lateness()
        self._stop: str | None = None
        self._checkpoint_s = boot_s()

    @property
    def tick(self) -> int:
        """The next tick to be settled."""
        return self._tick

    @property
    def stopped(self) -> str | None:
        """Why somebody ended the night early, if somebody did."""
        return self._stop

    @property
    def is_cut_short(self) -> bool:
        """True when the night ended at its last tick while a bed still had samples to come."""
        return bool(self._open_beds())

    def stop(self, reason: str) -> None:
        """Silences every bed now and ends the night with the running tick. May be called from a signal handler."""
        self._stop = reason
        for bed in self._bedsides.values():
            bed.silence()

    def open(self, inputs: Sequence[AnyEvent]) -> None:
        """The first words of this opening, before any tick; signed at once, so that no opening is ever unsigned."""
        self.night, said = night_loop.hear(self.night, self._tick, inputs)
        self._write(said)
        self._ledger.checkpoint()

    def run(self) -> None:
        """Advances beds and settles ticks until the night is over."""
        while not self._is_over():
            now_s = self._clock.now_s()
            self._look_outside(now_s)
            if self._sound_in_real_time:
                late = self._lateness.look(now_s, self._tick)
                self._house_inbox += [Outside(known_s=now_s, pod=None, event=event) for event in late]
            for name, bed in self._open_beds():
                bed.read(now_s)
                if self._sound_in_real_time:
                    bed.meet()
                while not bed.closed and self._may_advance(name, bed, now_s):
                    self._advance(name, bed)
                if self._sound_in_real_time and not bed.closed:
                    bed.look_after_speaker(now_s)
            self._settle_ready()
            self._wait(now_s)
        self._level()

    def close_bedsides(self) -> None:
        """Silences every bedside first, then ends each; one that fails keeps no other from either.

        Raises:
            The first failure, after everything was tried.
        """
        words: list[AnyEvent] = []
        beds = [bed for _, bed in self._open_beds()]
        each_in_turn(
            [
                *(bed.silence for bed in beds),
                lambda: self._look_outside(self._clock.now_s()),
                *(partial(_end, bed, self._tick, words) for bed in beds),
                lambda: self._say_last(words),
            ]
        )

    def _say_last(self, words: Sequence[AnyEvent]) -> None:
        said, payloads = self._sealed(words)
        for event in said:
            self.night = evolve(self.night, event)
        self._count(said)
        self._write(said, payloads)

    def close(
        self, *, status: Literal["complete", "interrupted", "failed"], reason: str, stored: Sequence[AnyEvent] = ()
    ) -> None:
        """Says NightClosed and seals the record; the bedsides are closed already, their files told in `stored`.

        The last words and the checkpoint over them reach the disk together: no closed night is without its seal.
        """
        self._look_outside(self._clock.now_s())
        heard = [*self._take_house_inbox(None), *stored]
        self._count(heard)
        closed = NightClosed(
            onset_s=float(self._tick), status=status, reason=reason, counts=dict(sorted(self.counts.items()))
        )
        self.night, words = night_loop.hear(self.night, self._tick, [*heard, closed])
        self._ledger.commit()
        self._ledger.append(words)
        self._ledger.checkpoint()

    def leave_open(self) -> None:
        """Silences and ends every bedside of a night that failed, and seals the ticks that were settled.

        Nothing more is said, as if it had been cut off: what became of its last cues counts as unknown, and the night
        goes on when it is opened again.

        Raises:
            The first failure, after everything was tried.
        """
        beds = [bed for _, bed in self._open_beds()]
        unsaid: list[AnyEvent] = []
        each_in_turn(
            [
                *(bed.silence for bed in beds),
                *(partial(_end, bed, self._tick, unsaid) for bed in beds),
                self._seal_settled,
            ]
        )

    def _seal_settled(self) -> None:
        self._ledger.checkpoint()

    def _open_beds(self) -> list[tuple[str, Bedside]]:
        return [(name, bed) for name, bed in self._bedsides.items() if not bed.closed]

    def _is_over(self) -> bool:
        past_end = self._last_tick is not None and self._tick > self._last_tick
        return self._stop is not None or past_end or not (self._open_beds() or self._said)

    def _may_advance(self, name: str, bed: Bedside, now_s: NightTime) -> bool:
        """True when the bed's next tick is over and its second is here, or overdue."""
        tick = self._next[name]
        if self._stop is not None or self._is_ahead(name) or now_s < tick + 1:
            return False
        return bed.is_ready(tick) or bed.is_overdue(tick, now_s)

    def _is_ahead(self, name: str) -> bool:
        """True when the leases of the bed's next tick are not settled yet, or the night ends before it."""
        tick = self._next[name]
        return tick >= self._tick + EFFECT_TICKS or (self._last_tick is not None and tick > self._last_tick)

    def _advance(self, name: str, bed: Bedside) -> None:
        tick = self._next[name]
        if bed.finished:
            self._said[tick][name] = bed.close(tick)
            return
        bed.meet()
        if not self._sound_in_real_time:
            bed.pass_time(NightTime(tick + 1.0))
        self._said[tick][name] = bed.advance(tick, self._leases[tick][name])
        self._next[name] = tick + 1

    def _settle_ready(self) -> None:
        """Every tick that no open bed owes any more."""
        while self._said and all(self._next[name] > self._tick for name, _ in self._open_beds()):
            self._settle_tick(self._tick)
            self._tick += 1

    def _level(self) -> None:
        """Brings all beds to the same tick, so that the record ends with a whole one."""
        end = max((self._next[name] for name, _ in self._open_beds()), default=self._tick)
        for name, bed in self._open_beds():
            while self._next[name] < end and not bed.closed:
                self._advance(name, bed)
        self._settle_ready()

    def _wait(self, now_s: NightTime) -> None:
        """Live, a moment; on a virtual clock, until something can happen."""
        if self._live:
            if not any(self._may_advance(name, bed, self._clock.now_s()) for name, bed in self._open_beds()):
                self._clock.wait_until(NightTime(now_s + self._poll_s))
            return
        whole_s = {name: self._next[name] + 1.0 + bed.intake.stream.delay_s for name, bed in self._open_beds()}
        moments_s = [
            whole_s[name] if now_s < whole_s[name] else now_s + self._poll_s
            for name, _ in self._open_beds()
            if not self._is_ahead(name)
        ]
        if moments_s:
            self._clock.wait_until(NightTime(min(moments_s)))

    def _settle_tick(self, tick: int) -> None:
        of_pods = self._said.pop(tick, {})
        said, payloads = self._sealed([event for name in sorted(of_pods) for event in of_pods[name]])
        self.night, words = night_loop.settle(
            self.night, self._offer, tick, inputs=self._take_house_inbox(tick), said_by_pods=said
        )
        for word in words:
            if isinstance(word, ToBed) and word.pod is not None:
                self._leases[tick + EFFECT_TICKS][word.pod].append(self._signed(word, word.pod, tick))
        settled = [*said, *words]
        self._count(settled)
        self._write(settled, payloads)
        self._leases.pop(tick, None)
        pods = {name: bed.pod for name, bed in self._bedsides.items()}
        for listener in self._listeners:
            listener(tick, settled, pods)

    def _look_outside(self, now_s: NightTime) -> None:
        for news in self._watch(now_s):
            if news.pod is None:
                self._house_inbox.append(news)
            elif self._bedsides[news.pod].closed:  # nobody is left at that bed to hear it; the house keeps it
                self._house_inbox.append(replace(news, event=msgspec.structs.replace(news.event, pod=news.pod)))
            else:
                self._bedsides[news.pod].post(news.known_s, self._as_order(news.event, news.pod))
                if self._sound_in_real_time and isinstance(news.event, ConsentWithdrawn):
                    self._bedsides[news.pod].hush()
                if self._sound_in_real_time and isinstance(news.event, OperatorStepped) and _takes_sound(news.event):
                    self._bedsides[news.pod].hold_back(news.event.rung)
                if isinstance(news.event, DISARMING):
                    self._bedsides[news.pod].disarm(now_s)

    def _signed(self, word: ToBed, pod: str, tick: int) -> Word:
        """To be opened at the end of the tick from which it holds."""
        return (
            word if self._desk is None else self._desk.lease(word, pod=pod, from_s=NightTime(tick + EFFECT_TICKS + 1.0))
        )

    def _as_order(self, event: AnyEvent, pod: str) -> AnyEvent | Envelope:
        return self._desk.command(event, pod=pod) if self._desk and isinstance(event, CommandGiven) else event

    def _take_house_inbox(self, tick: int | None) -> list[AnyEvent]:
        """What the house hears in this tick; with None, everything that is left."""
        taken = [news for news in self._house_inbox if tick is None or news.tick is None or news.tick == tick]
        self._house_inbox = [news for news in self._house_inbox if news not in taken]
        return [news.event for news in taken]

    def _count(self, events: Sequence[AnyEvent]) -> None:
        self.counts.update(type(event).__name__ for event in events)

    def _sealed(self, events: Sequence[AnyEvent]) -> tuple[list[AnyEvent], dict[str, bytes]]:
        pairs = [self._seal(event) for event in events]
        return [event for event, _ in pairs], {event.id: cipher for event, cipher in pairs if cipher is not None}

    def _write(self, events: Sequence[AnyEvent], payloads: dict[str, bytes] | None = None) -> None:
        self._ledger.append(events, payloads)
        urgent = any(isinstance(event, ConsentWithdrawn) for event in events)
        if urgent or boot_s() - self._checkpoint_s >= CHECKPOINT_EVERY_S:
            self._ledger.checkpoint()
            self._checkpoint_s = boot_s()
        elif self._live:
            self._ledger.commit()


def _takes_sound(event: OperatorStepped) -> bool:
    """What a person asks of a bed whose sound is to end from now on."""
    return event.rung in WITHOUT_CUES | WITHOUT_SOUND


def _end(bed: Bedside, tick: int, words: list[AnyEvent]) -> None:
    words.extend(bed.close(tick))
