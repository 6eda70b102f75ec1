"""A stream was lost: which of those announced is it, and who only looks like it?"""

from collections.abc import Sequence

from dreamloom.adapters.lsl.asked import LslAsked
from dreamloom.adapters.lsl.connection import Broken, Connection
from dreamloom.adapters.lsl.horizon import FORGET_AFTER_S, Seen
from dreamloom.adapters.lsl.identity import Announced, differences
from dreamloom.adapters.lsl.offset import Measured
from dreamloom.adapters.lsl.opened import Opened
from dreamloom.record.events import StreamDifference

SURELY_THERE_S = FORGET_AFTER_S + 0.5
"""A stream that ended is still announced for a while; one that stays longer than that is alive."""
OPEN_AGAIN_WITHIN_S = 1.0
"""How long one candidate may take; the next look tries again. Ours."""
Refused = list[tuple[str, tuple[StreamDifference, ...]]]
"""Who was left outside, by uid, and why."""
Again = tuple[Connection, Measured]


class Quarantine:
    """Who was seen in this stream's place: since when, who was told of, and who is known to be another device."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}
        self._told: set[str] = set()
        self._strangers: set[str] = set()

    def look(self, seen: Sequence[Seen], now_s: float) -> None:
        """Remembers since when each has been there without a pause."""
        here = {each.stream.uid for each in seen}
        self._since_s = {uid: self._since_s.get(uid, now_s) for uid in here}

    def is_there(self, uid: str, now_s: float) -> bool:
        """True for one that answers, not only in liblsl's memory of it."""
        return now_s - self._since_s.get(uid, now_s) >= SURELY_THERE_S

    def is_stranger(self, uid: str) -> bool:
        return uid in self._strangers

    def shut_out(self, uid: str) -> None:
        """Its description showed that it is another device."""
        self._strangers.add(uid)

    def is_news(self, uid: str) -> bool:
        """True the first time only."""
        is_new = uid not in self._told
        self._told.add(uid)
        return is_new


def looks_like(own: Announced, asked: LslAsked, other: Announced) -> bool:
    """True for another stream that answers to what was asked for, or bears the lost one's source_id."""
    return other.uid != own.uid and (asked.means(other) or bool(own.source_id and own.source_id == other.source_id))


def twins(own: Announced, asked: LslAsked, seen: Sequence[Seen]) -> Refused:
    """Streams that look like this one while it is there itself."""
    others = [each.stream for each in seen if looks_like(own, asked, each.stream)]
    return [(other.uid, (*differences(own, other), "twin")) for other in others]


def found_again(
    opened: Opened, own: Announced, quarantine: Quarantine, seen: Sequence[Seen], *, now_s: float
) -> tuple[Again | None, Refused]:
    """The lost device, listened to again, and who was refused.

    The very same sender goes before its restart. Of two restarts that look alike neither is taken.
    """
    others = [
        each
        for each in seen
        if looks_like(own, opened.asked, each.stream) and not quarantine.is_stranger(each.stream.uid)
    ]
    alike = [each for each in others if not differences(own, each.stream)]
    refused: Refused = [(each.stream.uid, differences(own, each.stream)) for each in others if each not in alike]
    same = [each for each in seen if each.stream.uid == own.uid]
    for each in same or (alike if len(alike) == 1 else []):
        again, differs = _opened(opened, each)
        if again is not None:
            return again, refused
        if differs:
            quarantine.shut_out(each.stream.uid)
            refused.append((each.stream.uid, differs))
    if len(alike) > 1:
        refused.extend((each.stream.uid, ("twin",)) for each in alike if quarantine.is_there(each.stream.uid, now_s))
    return None, refused


def _opened(opened: Opened, seen: Seen) -> tuple[Again | None, tuple[StreamDifference, ...]]:
    """Its description first: a stream with other channels is never listened to."""
    try:
        connection = Connection(opened.pylsl, seen, within_s=OPEN_AGAIN_WITHIN_S)
        if connection.described != opened.described:
            return None, ("labels",)
        connection.start(within_s=OPEN_AGAIN_WITHIN_S)
        return (connection, connection.measure(within_s=OPEN_AGAIN_WITHIN_S)), ()
    except Broken:
        return None, ()
