"""Was a volume knob turned since the sleeper's threshold was found? Then no level is what it says, and cues wait."""

import math
import threading
from collections.abc import Callable, Mapping, Sequence

from dreamloom.adapters.speaker.volume import volumes
from dreamloom.engine.loop import Outside
from dreamloom.record.events import OutputVolumeMoved, OutputVolumeRestored
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_four_places, to_microsecond

LOOK_EVERY_S = Seconds(3.0)
MOVED_DB = 0.5
"""Less is rounding of the sound system's own numbers. Ours."""

Volumes = Callable[[], Mapping[str, Decibels]]


class VolumeWatch:
    """Looks at the outputs of a live night now and then, in a thread of its own: a sound system may take its time.

    Args:
        outputs: each bed's output, by pod.
        known_db: the volume at which a bed's threshold was found; the first one that is seen for every other bed.
        look: the volumes now, by output; an output that is not told of is taken to be as it was.
        warn: told what a person has to do.
    """

    def __init__(
        self,
        outputs: Mapping[str, str],
        known_db: Mapping[str, float],
        *,
        warn: Callable[[str], None],
        look: Volumes = volumes,
        at_once: bool = False,
    ) -> None:
        self._outputs = dict(sorted(outputs.items()))
        self._known_db = dict(known_db)
        self._warn = warn
        self._look = look
        self._at_once = at_once
        self._seen: Mapping[str, Decibels] = {}
        self._looking: threading.Thread | None = None
        self._next_s = NightTime(-math.inf)
        self._moved: set[str] = set()

    def __call__(self, now_s: NightTime) -> Sequence[Outside]:
        """What changed since the last call."""
        if now_s >= self._next_s and self._outputs and not (self._looking and self._looking.is_alive()):
            self._next_s = NightTime(now_s + LOOK_EVERY_S)
            self._looking = threading.Thread(target=self._see, daemon=True)
            self._looking.start()
            if self._at_once:
                self._looking.join()
        told = [self._told(pod, device, now_s) for pod, device in self._outputs.items() if device in self._seen]
        return [each for each in told if each is not None]

    def _see(self) -> None:
        self._seen = self._look()

    def _told(self, pod: str, device: str, now_s: NightTime) -> Outside | None:
        is_db = self._seen[device]
        was_db = self._known_db.setdefault(pod, is_db)
        moved = abs(is_db - was_db) > MOVED_DB
        if moved == (pod in self._moved):
            return None
        onset_s = to_microsecond(now_s)
        if not moved:
            self._moved.discard(pod)
            return Outside(known_s=now_s, pod=pod, event=OutputVolumeRestored(onset_s=onset_s, device=device))
        self._moved.add(pod)
        self._warn(
            f"The volume of {device} is {is_db - was_db:+.1f} dB from where it was in the evening: the bed {pod} is "
            "held silent until it is turned back."
        )
        was, now = to_four_places(was_db), to_four_places(is_db)
        event = OutputVolumeMoved(onset_s=onset_s, device=device, was_db=was, now_db=now)
        return Outside(known_s=now_s, pod=pod, event=event)
