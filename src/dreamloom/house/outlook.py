"""What reaches a running night from outside? Several lookouts as one: what sources notice, what a script says."""

from collections.abc import Mapping, Sequence

from dreamloom.engine.loop import Outside, Watch
from dreamloom.ports import Noticing, SignalSource
from dreamloom.vocabulary.units import NightTime


def all_of(*lookouts: Watch) -> Watch:
    """Asks each in this order."""
    return lambda now_s: [news for look in lookouts for news in look(now_s)]


def noticed_by(sources: Mapping[str, SignalSource]) -> Watch:
    """Clocks, impostors, lateness: what those sources tell that notice more than samples."""
    noticing = {pod: source for pod, source in sources.items() if isinstance(source, Noticing)}
    return lambda now_s: [
        Outside(known_s=now_s, pod=pod, event=event) for pod, source in noticing.items() for event in source.told()
    ]


def scripted(script: Sequence[Outside]) -> Watch:
    """What was written beforehand, each when its time has come."""
    waiting = sorted(script, key=lambda news: news.known_s)

    def look(now_s: NightTime) -> Sequence[Outside]:
        told = []
        while waiting and waiting[0].known_s <= now_s:
            told.append(waiting.pop(0))
        return told

    return look
