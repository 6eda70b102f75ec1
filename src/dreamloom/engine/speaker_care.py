"""Does a bed's speaker render, and what if not? Beaten in real time, started again, and told of."""

import math
from collections.abc import Callable
from contextlib import suppress

from dreamloom.ports import Speaker
from dreamloom.record.events import AnyEvent, GlitchSeen, OutputFound, OutputLost, SpeakerReopened
from dreamloom.vocabulary.units import NightTime, Seconds, to_microsecond

STALLED_S = Seconds(0.5)
"""A speaker that has not rendered for longer is reopened, silent."""
REOPEN_EVERY_S = Seconds(10.0)
"""No speaker is reopened more often: a machine that cannot keep up is not helped by more processes. Ours."""
STEADY_S = Seconds(11.0)
"""A speaker started again that renders for so long is back: longer than one may take to begin, and than the next
attempt is away. Ours."""
GAPS_TOLD_EVERY_S = Seconds(1.0)


class SpeakerCare:
    """Looks after one bed's speaker, and has its bed disarmed whenever sound may have been lost."""

    def __init__(
        self,
        *,
        output: str,
        post: Callable[[NightTime, AnyEvent], None],
        disarm: Callable[[NightTime], None],
        delay_rearming: Callable[[NightTime], None],
    ) -> None:
        """`output`: the id of what the bed plays on; `post` tells, `disarm` and `delay_rearming` act on the bed."""
        self._output = output
        self._post = post
        self._disarm = disarm
        self._delay_rearming = delay_rearming
        self._reopened_s = NightTime(-math.inf)
        self._lost_s: NightTime | None = None
        self._gaps_told = 0
        self._gap_s = NightTime(-math.inf)

    def look(self, speaker: Speaker, now_s: NightTime, fresh_s: NightTime, *, is_armed: bool) -> None:
        """Beats as far as the samples reach, and reopens a speaker that no longer renders.

        `fresh_s`: until when the bed's samples are in hand; `is_armed`: whether the bed is.
        """
        fresh_s = min(now_s, fresh_s)
        if math.isfinite(fresh_s):
            speaker.beat(NightTime(fresh_s))
        self._tell_gaps(speaker, now_s)
        age_s = speaker.heartbeat_age_s()
        if age_s <= STALLED_S:
            self._find_output(now_s)
            return
        if now_s - self._reopened_s < STEADY_S:
            self._lose_output(now_s)
        if now_s - self._reopened_s >= REOPEN_EVERY_S:
            self._reopen(speaker, now_s, age_s, is_armed=is_armed)

    def _tell_gaps(self, speaker: Speaker, now_s: NightTime) -> None:
        """That its output went without frames, at most once a second: how often is for whoever looks at the output."""
        gaps = speaker.stalls
        if gaps > self._gaps_told and now_s - self._gap_s >= GAPS_TOLD_EVERY_S:
            self._gap_s = now_s
            self._post(now_s, GlitchSeen(onset_s=to_microsecond(now_s), glitch="SOUND_GAP"))
            self._gaps_told = gaps
        elif gaps < self._gaps_told:  # another process, which counts anew
            self._gaps_told = gaps

    def _reopen(self, speaker: Speaker, now_s: NightTime, age_s: Seconds, *, is_armed: bool) -> None:
        """Silent and disarmed from now on, told at the tick; armed again once, where the sleeper allowed that.

        Once an output is told to be lost, further attempts are nothing to tell, unless somebody armed the bed between.
        """
        self._reopened_s = now_s
        is_told = self._lost_s is not None and not is_armed
        if is_told:
            self._delay_rearming(now_s)
        else:
            self._disarm(now_s)
        with suppress(OSError):  # a machine that can start no process: the bed stays silent, and is tried again
            speaker.reopen()
        if not is_told:
            self._post(now_s, SpeakerReopened(onset_s=to_microsecond(now_s), age_s=to_microsecond(age_s)))

    def _lose_output(self, now_s: NightTime) -> None:
        """The speaker that was started again does not render either."""
        if self._lost_s is None:
            self._lost_s = now_s
            self._post(now_s, OutputLost(onset_s=to_microsecond(now_s), device=self._output))

    def _find_output(self, now_s: NightTime) -> None:
        """Back only after a while: a speaker that is being started looks the same as one that renders."""
        if self._lost_s is not None and now_s - self._reopened_s >= STEADY_S:
            lost_s = to_microsecond(now_s - self._lost_s)
            self._lost_s = None
            self._post(now_s, OutputFound(onset_s=to_microsecond(now_s), device=self._output, lost_s=lost_s))
