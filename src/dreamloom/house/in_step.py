"""How do beds that reach each other live one night on several cores? Each a few seconds ahead of the house.

What the house says takes effect EFFECT_TICKS later, so for as many seconds no bed needs to know what another one does,
nor to wait until the house has decided. The night is the same as on one core.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Protocol

import msgspec

from dreamloom.adapters.simulated_spec import read_spec
from dreamloom.engine.stepping_over import SteppedOver
from dreamloom.house.asked import Asked
from dreamloom.house.rehearsed_night import TogetherAsked, asked_together, believing_bedside, night_before
from dreamloom.house.spawning import interrupts_held_back, leave_interrupts_to_parent
from dreamloom.night import loop as night_loop
from dreamloom.night.still import still_until
from dreamloom.record.events import AnyEvent, NightClosed, ToBed
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime

TELL_EVERY_S = 60
"""Of night time, between two words on how far it is. Ours."""
Words = dict[str, list[ToBed]]
"""For one tick, what the house said to which bed."""
Said = dict[str, list[AnyEvent]]
"""Of one tick, what each bed said."""
_words, _said = msgspec.msgpack.Decoder(Words), msgspec.msgpack.Decoder(Said)


class Beds:
    """Some of a night's beds, in one process."""

    def __init__(self, wanted: TogetherAsked, pods: Sequence[str], asked: Asked) -> None:
        self._tick = 0
        self._beds: dict[str, SteppedOver] = {}
        for wanted_bed in wanted.beds:
            if wanted_bed.pod.id not in pods:
                continue
            bed, intake = believing_bedside(wanted, wanted_bed, asked)
            self._beds[wanted_bed.pod.id] = SteppedOver(bed, intake)
            for news in wanted.script:
                if news.pod == wanted_bed.pod.id:
                    bed.post(news.known_s, news.event)

    def live(self, words: Words) -> Said:
        """The next tick; a bed that has nothing to say, or whose night is over, is not among them."""
        tick, self._tick = self._tick, self._tick + 1
        told = ((pod, bed.live(tick, words.get(pod, ()))) for pod, bed in self._beds.items() if not bed.closed)
        return {pod: said for pod, said in told if said}


def live_in_step(wanted: TogetherAsked, *, cores: int, tell: Callable[[int], None] = lambda _: None) -> list[AnyEvent]:
    """The events of the night, as `night_on_beliefs` gives them.

    Args:
        wanted: who sleeps by which text. Nothing in its script is the house's own.
        cores: how many processes share the beds.
        tell: told every minute of the night how many ticks were lived.

    Raises:
        ConfigError: for a simulated sleeper that is not known.
        DreamloomError: DL-E160 when one of the processes ends before its night.
    """
    for bed in wanted.beds:  # here, since a process that cannot begin says no more than that it ended
        read_spec(bed.preset)
    pods = sorted(bed.pod.id for bed in wanted.beds)
    asked = asked_together(wanted)
    offer, night = asked.offer, night_before(asked)
    told: list[AnyEvent] = []
    still_until_s = NightTime(0.0)
    with _in_processes(wanted, [pods[first::cores] for first in range(min(cores, len(pods)))], asked) as shares:
        for _ in range(EFFECT_TICKS):
            shares.begin_tick({})
        for tick in range(wanted.duration_s + 1):
            said = shares.end_tick()
            of_pods = [event for pod in sorted(said) for event in said[pod]]
            words: list[AnyEvent] = []
            if of_pods or tick + 1 >= still_until_s:
                night, words = night_loop.settle(night, offer, tick, inputs=[], said_by_pods=of_pods)
                still_until_s = still_until(night, offer, NightTime(tick + 1.0))
            shares.begin_tick(_by_bed(words))
            told += [*of_pods, *words]
            if tick % TELL_EVERY_S == 0 or tick == wanted.duration_s:
                tell(tick + 1)
    closed = NightClosed(
        onset_s=float(wanted.duration_s + 1),
        status="complete",
        reason="rehearsed",
        counts=dict(sorted(Counter(type(event).__name__ for event in told).items())),
    )
    return [*told, *night_loop.hear(night, wanted.duration_s + 1, [closed])[1]]


def _by_bed(words: Sequence[AnyEvent]) -> Words:
    found: Words = defaultdict(list)
    for word in words:
        if isinstance(word, ToBed) and word.pod is not None:
            found[word.pod].append(word)
    return found


class Shares(Protocol):
    """All beds, wherever they live. Ticks end in the order in which they were begun; up to EFFECT_TICKS are open."""

    def begin_tick(self, words: Words) -> None: ...

    def end_tick(self) -> Said: ...


class _Here:
    """All of them in this process."""

    def __init__(self, beds: Beds) -> None:
        self._beds = beds
        self._begun: deque[Words] = deque()

    def begin_tick(self, words: Words) -> None:
        self._begun.append(words)

    def end_tick(self) -> Said:
        return self._beds.live(self._begun.popleft())


class _Elsewhere:
    """Some of them behind each link."""

    def __init__(self, links: Sequence[Connection], shares: Sequence[Sequence[str]]) -> None:
        self._links, self._shares = links, shares

    def begin_tick(self, words: Words) -> None:
        for link, share in zip(self._links, self._shares, strict=True):
            link.send_bytes(msgspec.msgpack.encode({pod: words[pod] for pod in share if pod in words}))

    def end_tick(self) -> Said:
        said: Said = {}
        for link in self._links:
            said |= _said.decode(link.recv_bytes())
        return said


@contextmanager
def _in_processes(wanted: TogetherAsked, shares: Sequence[Sequence[str]], asked: Asked) -> Iterator[Shares]:
    """Beds shared out; one share lives here, without another process."""
    if len(shares) == 1:
        yield _Here(Beds(wanted, shares[0], asked))
        return
    context = get_context("spawn")
    links: list[Connection] = []
    workers: list[SpawnProcess] = []
    try:
        for share in shares:
            ours, theirs = context.Pipe()
            worker = context.Process(target=_live_there, args=(theirs, wanted, list(share)), daemon=True)
            with interrupts_held_back():
                worker.start()
            theirs.close()
            links.append(ours)
            workers.append(worker)
        yield _Elsewhere(links, shares)
    except (EOFError, ConnectionError) as error:
        raise _ended(shares) from error
    finally:
        for worker in workers:
            worker.kill()
            worker.join()


def _ended(shares: Sequence[Sequence[str]]) -> DreamloomError:
    return DreamloomError(
        "DL-E160",
        f"One of the {len(shares)} processes of this rehearsal ended before its night did.",
        why="Most often the system ends a process for want of memory.",
        still="Nothing was kept of the rehearsal, and nothing else was touched.",
        do="Close what needs much memory, or ask for fewer sleepers, and rehearse again.",
    )


def _live_there(link: Connection, wanted: TogetherAsked, pods: Sequence[str]) -> None:
    leave_interrupts_to_parent()
    beds = Beds(wanted, pods, asked_together(wanted))
    while True:
        link.send_bytes(msgspec.msgpack.encode(beds.live(_words.decode(link.recv_bytes()))))
