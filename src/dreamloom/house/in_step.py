"""How do beds that reach each other live one night on several cores? Three seconds at a time, then the house decides.

What the house says takes effect EFFECT_TICKS later, so for as many seconds no bed needs to know what another one does.
The night is the same as on one core.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import msgspec

from dreamloom.adapters.simulated_spec import read_spec
from dreamloom.house.rehearsed_night import TogetherAsked, asked_together, bedside, night_before
from dreamloom.house.spawning import interrupts_held_back, leave_interrupts_to_parent
from dreamloom.night import loop as night_loop
from dreamloom.record.events import AnyEvent, NightClosed, ToBed
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime

Words = list[dict[str, list[ToBed]]]
"""For each of the next ticks, what the house said to which bed."""
Said = list[dict[str, list[AnyEvent]]]
"""For each of those ticks, what each bed said."""
_words, _said = msgspec.msgpack.Decoder(Words), msgspec.msgpack.Decoder(Said)


class Beds:
    """Some of a night's beds, in one process."""

    def __init__(self, wanted: TogetherAsked, pods: Sequence[str]) -> None:
        asked = asked_together(wanted)
        self._tick = 0
        self._beds = {bed.pod.id: bedside(wanted, bed, asked) for bed in wanted.beds if bed.pod.id in pods}
        for news in wanted.script:
            if news.pod in self._beds:
                self._beds[news.pod].post(news.known_s, news.event)

    def live(self, words: Words) -> Said:
        """The next ticks, as many as there are words for; a bed whose night is over says nothing any more."""
        return [self._live(to_beds) for to_beds in words]

    def _live(self, to_beds: Mapping[str, list[ToBed]]) -> dict[str, list[AnyEvent]]:
        said: dict[str, list[AnyEvent]] = {}
        tick, self._tick = self._tick, self._tick + 1
        for pod, bed in self._beds.items():
            if bed.closed:
                continue
            bed.read(NightTime(tick + 1.0 + bed.intake.stream.delay_s))
            if bed.finished:
                said[pod] = bed.close(tick)
                continue
            bed.meet()
            bed.pass_time(NightTime(tick + 1.0))
            said[pod] = bed.advance(tick, to_beds.get(pod, []))
        return said


def live_in_step(wanted: TogetherAsked, *, cores: int, tell: Callable[[int], None] = lambda _: None) -> list[AnyEvent]:
    """The events of the night, as `night_on_beliefs` gives them.

    Args:
        wanted: who sleeps by which text. Nothing in its script is the house's own.
        cores: how many processes share the beds.
        tell: told after every few ticks how many were lived.

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
    to_beds: dict[int, dict[str, list[ToBed]]] = defaultdict(lambda: defaultdict(list))
    with _in_processes(wanted, [pods[first::cores] for first in range(min(cores, len(pods)))]) as ask:
        for first in range(0, wanted.duration_s + 1, EFFECT_TICKS):
            ticks = range(first, min(first + EFFECT_TICKS, wanted.duration_s + 1))
            for tick, said in zip(ticks, ask([dict(to_beds.pop(tick, {})) for tick in ticks]), strict=True):
                of_pods = [event for pod in sorted(said) for event in said[pod]]
                night, words = night_loop.settle(night, offer, tick, inputs=[], said_by_pods=of_pods)
                for word in words:
                    if isinstance(word, ToBed) and word.pod is not None:
                        to_beds[tick + EFFECT_TICKS][word.pod].append(word)
                told += [*of_pods, *words]
            tell(ticks.stop)
    closed = NightClosed(
        onset_s=float(wanted.duration_s + 1),
        status="complete",
        reason="rehearsed",
        counts=dict(sorted(Counter(type(event).__name__ for event in told).items())),
    )
    return [*told, *night_loop.hear(night, wanted.duration_s + 1, [closed])[1]]


Ask = Callable[[Words], Said]


@contextmanager
def _in_processes(wanted: TogetherAsked, shares: Sequence[Sequence[str]]) -> Iterator[Ask]:
    """Beds shared out; one share lives here, without another process."""
    if len(shares) == 1:
        yield Beds(wanted, shares[0]).live
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
        yield lambda words: _ask_all(links, shares, words)
    except (EOFError, ConnectionError) as error:
        raise _ended(shares) from error
    finally:
        for worker in workers:
            worker.kill()
            worker.join()


def _ask_all(links: Sequence[Connection], shares: Sequence[Sequence[str]], words: Words) -> Said:
    for link, share in zip(links, shares, strict=True):
        own = [{pod: to_beds[pod] for pod in share if pod in to_beds} for to_beds in words]
        link.send_bytes(msgspec.msgpack.encode(own))
    answers = [_said.decode(link.recv_bytes()) for link in links]
    return [{pod: said for answer in answers for pod, said in answer[later].items()} for later in range(len(words))]


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
    beds = Beds(wanted, pods)
    while True:
        link.send_bytes(msgspec.msgpack.encode(beds.live(_words.decode(link.recv_bytes()))))
