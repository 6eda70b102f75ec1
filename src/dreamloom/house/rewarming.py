"""With which signal state does a bed go on behind a break? Fresh tracks, fed the last minutes; nothing is told."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.eyes import strengths
from dreamloom.eyes.strengths import Meter
from dreamloom.house.resuming import Past
from dreamloom.pod import by_the_clock, tracking, waves
from dreamloom.pod.by_the_clock import Unstaged
from dreamloom.pod.tracking import Tracking
from dreamloom.pod.waves import Watched
from dreamloom.signals.blocks import GridSecond


def tracks_rewarmed(tracks: Tracking | Unstaged, past: Past, pod: str) -> Tracking | Unstaged:
    """Feeds the last stored minutes to fresh tracks, over as many breaks as they span; they are not told again."""
    for second in _last_seconds(past.segments.get(pod, []), int(tracking.CONTEXT_S)):
        tracks = (
            by_the_clock.seen(tracks, second)[0]
            if isinstance(tracks, Unstaged)
            else tracking.seen(tracks, second, asleep=True)[0]
        )
    return tracks


def waves_rewarmed(fresh: tuple[Watched, ...], past: Past, pod: str) -> tuple[Watched, ...]:
    """The same for what parts wait for; moments of that time are not asked for again."""
    if not fresh:
        return ()
    for second in _last_seconds(past.segments.get(pod, []), int(tracking.CONTEXT_S)):
        fresh = tuple(waves.heard(replace(each, wanted=True), second).watched for each in fresh)
    return tuple(map(waves.warmed, fresh))


def meters_rewarmed(fresh: tuple[Meter, ...], past: Past, pod: str) -> tuple[Meter, ...]:
    """The same for muscle and breath, so far back as an answer is judged by them."""
    if fresh:
        for second in _last_seconds(past.segments.get(pod, []), max(each.keep_s for each in fresh)):
            fresh = tuple(strengths.heard(each, second) for each in fresh)
    return fresh


def _last_seconds(paths: Sequence[Path], count: int) -> Iterator[GridSecond]:
    """The newest `count` stored seconds, oldest first, the segments before the last one included."""
    if not paths or count <= 0:
        return
    newest = StoredSeconds(paths[-1])
    yield from _last_seconds(paths[:-1], count - len(newest))
    yield from newest.last(count)
