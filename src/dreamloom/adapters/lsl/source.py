"""What came from this bed's LSL stream, when, and is it still the same device? One small thread listens and watches.

The thread stamps arrivals and hands over under a lock, so whatever is stamped before a read is in that read. Nothing
liblsl says of being connected is believed: only samples count.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Literal

import numpy as np

from dreamloom.adapters.live_blocks import LiveBlocks
from dreamloom.adapters.lsl import offset as offsets
from dreamloom.adapters.lsl import stamps
from dreamloom.adapters.lsl.connection import Broken, Connection, Pulled
from dreamloom.adapters.lsl.identity import recorded
from dreamloom.adapters.lsl.offset import Measured
from dreamloom.adapters.lsl.opened import Opened
from dreamloom.adapters.lsl.seeking import Quarantine, Refused, found_again, twins
from dreamloom.record.events import (
    AnyEvent,
    ClockOffsetSeen,
    GlitchSeen,
    StreamDifference,
    StreamIdentified,
    StreamRecognised,
)
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.vocabulary.units import FloatArray, Hertz, NightTime, Seconds, to_microsecond

PULL_WAIT_S = 0.1
"""How long the thread sleeps in liblsl when nothing comes. Ours."""
LATE_S = 0.5
"""The newest sample is this old: something is wrong. Told once an episode."""
LOST_S = 2.0
"""The newest sample is this old: the stream is gone, whatever liblsl says. As pod/loop.py."""
CALM_S = 10.0
"""An episode of lateness is over when the stream was in time for so long. Ours."""
OFFSET_EVERY_S = 5.0
"""How often the sender's clock is compared with the night's. Ours."""
LOOK_OUT_EVERY_S = 1.0
"""How often a stream in good order looks for others of its name. Ours."""
HALF_DEAD_S = 10.0
"""Announced, and nothing came for so long: the connection is let go and the device sought. Ours."""
OLDEST_START_S = 60.0
"""A first stamp older than this is not on the LSL clock: nothing is kept for so long. Ours."""


class LslSource(LiveBlocks):
    """One bed's samples from an LSL stream; implements SignalSource. What it noticed waits in `told`."""

    def __init__(self, opened: Opened, *, now_s: Callable[[], NightTime]) -> None:
        super().__init__()
        self._opened = opened
        self._now_s = now_s
        self._pylsl = opened.pylsl
        self._horizon = opened.horizon
        self._identity = opened.identity
        self._connection = opened.connection
        self._track: stamps.Track | None = None
        self._offset = offsets.begin(self._on_night(opened.measured or Measured(0.0, 0.0)), now_s())
        self._told: deque[AnyEvent] = deque()
        self._quarantine = Quarantine()
        self._last_onset_s = self._last_arrived_s = float("-inf")
        self._newest_s = float(now_s())
        self._measured_s = float(now_s())
        self._late_until_s = self._looked_s = self._recognised_s = float("-inf")
        self._connected_s = float(now_s())
        if opened.layout.assumed_unit:
            self._tell_glitch("UNIT_ASSUMED")
        if opened.connection is not None:
            self._tell_offset(now_s(), self._offset.measured.uncertainty_s)
        for pulled in opened.first:
            self._keep(pulled)
        self._thread = threading.Thread(target=self._listen, name=f"lsl {self._identity.name}", daemon=True)
        self._thread.start()

    @property
    def stream(self) -> StreamInfo:
        """Channels and nominal rate, as they were when the stream was opened; nothing else is ever let in."""
        rate_hz = self._identity.sfreq_hz
        return StreamInfo(
            source=f"lsl:{self._opened.asked.text}",
            channels=self._opened.layout.channels,
            sfreq_hz=Hertz(rate_hz),
            grid_hz=round(rate_hz),
        )

    def identified(self, onset_s: NightTime) -> StreamIdentified:
        """The device this bed is held to tonight, whether it is there now or not."""
        described = self._opened.described
        return recorded(self._opened.identity, (described.labels, described.types, described.units), onset_s)

    def told(self) -> list[AnyEvent]:
        """What was noticed since the last call: offsets, glitches, returns; inputs of the night, oldest first."""
        told: list[AnyEvent] = []
        while self._told:
            told.append(self._told.popleft())
        return told

    def age_s(self) -> Seconds:
        """How old the newest sample is: the one measure of being connected."""
        return Seconds(self._now_s() - self._newest_s)

    def close(self) -> None:
        """Ends the thread and the inlet; what was not read is dropped."""
        if self._end(self._thread):
            self._horizon.leave()

    def _listen(self) -> None:
        """The thread: samples first, then the clock, then the others on the horizon."""
        while not self._closing.is_set():
            try:
                if self._connection is None:
                    self._seek()
                    self._closing.wait(PULL_WAIT_S)
                else:
                    self._hear(self._connection)
            except Broken:
                self._drop()
            self._watch()
        self._drop()

    def _hear(self, connection: Connection) -> None:
        pulled = connection.pull(PULL_WAIT_S)
        if len(pulled.stamps_s):
            with self._lock:
                self._keep(pulled)
        now_s = self._now_s()
        if now_s - self._measured_s >= OFFSET_EVERY_S:
            self._compare_clocks(connection.measure(within_s=PULL_WAIT_S), now_s)
        if now_s - self._looked_s >= LOOK_OUT_EVERY_S:
            self._looked_s = now_s
            self._look_out(now_s)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._track = None, None

    # --- samples -------------------------------------------------------------------------------------------------

    def _keep(self, pulled: Pulled) -> None:
        """Gives samples their night time and lays them out for the next read."""
        now_s = self._now_s()
        self._offset = offsets.slewed(self._offset, now_s)
        if self._track is None:
            self._track = self._begun(float(pulled.stamps_s[0]), now_s)
        self._track, runs, steps = stamps.follow(self._track, pulled.stamps_s, now_s - self._offset.used_s)
        for step in steps:
            self._tell_glitch("CLOCK_STEP", step_s=step.step_s)
        samples_uv = self._opened.layout.microvolts(pulled.samples)
        for run in runs:
            self._lay_out(run, samples_uv[run.first : run.first + run.samples], now_s)

    def _begun(self, stamp_s: float, now_s: float) -> stamps.Track:
        """A connection whose stamps are on another clock than LSL's is taken as punctual, and that is told."""
        age_s = now_s - self._offset.used_s - stamp_s
        shift_s = 0.0 if -stamps.AHEAD_S <= age_s <= OLDEST_START_S else age_s
        if shift_s:
            self._tell_glitch("CLOCK_STEP", step_s=-shift_s)
        return stamps.begin(self._identity.sfreq_hz, stamp_s, shift_s)

    def _lay_out(self, run: stamps.Run, samples_uv: FloatArray, now_s: float) -> None:
        """As a block behind the last one: samples that would lie before it are a repetition, and are dropped."""
        onset_s = run.onset_s + self._offset.used_s
        behind = self._last_onset_s + 0.5 * run.period_s - onset_s
        skip = max(0, int(np.floor(behind / run.period_s)) + 1) if np.isfinite(behind) else 0
        if skip >= run.samples:
            return
        onsets_s = onset_s + np.arange(skip, run.samples) * run.period_s
        arrived_s = np.maximum(np.maximum(onsets_s, now_s), self._last_arrived_s)
        first_s = NightTime(float(onsets_s[0]))
        self._blocks.append(Block(first_s, samples_uv[skip:], Hertz(1.0 / run.period_s), arrived_s))
        self._last_onset_s, self._last_arrived_s = float(onsets_s[-1]), float(arrived_s[-1])
        self._newest_s = max(self._newest_s, self._last_onset_s)

    # --- clocks --------------------------------------------------------------------------------------------------

    def _on_night(self, measured: Measured) -> Measured:
        """Sender to this machine's LSL clock, and on to the night's."""
        before_s = self._pylsl.local_clock()
        night_s = self._now_s()
        after_s = self._pylsl.local_clock()
        offset_s = measured.offset_s + night_s - (before_s + after_s) / 2
        return Measured(offset_s, measured.uncertainty_s + (after_s - before_s) / 2)

    def _compare_clocks(self, measured: Measured, now_s: NightTime) -> None:
        self._measured_s = now_s
        self._offset, step_s = offsets.seen(self._offset, self._on_night(measured), now_s)
        if step_s:
            self._tell_glitch("CLOCK_STEP", step_s=step_s)
        self._tell_offset(now_s, self._offset.measured.uncertainty_s)

    def _tell_offset(self, now_s: NightTime, uncertainty_s: float) -> None:
        self._tell(
            ClockOffsetSeen(
                onset_s=to_microsecond(now_s),
                offset_s=to_microsecond(self._offset.measured.offset_s),
                used_s=to_microsecond(self._offset.used_s),
                uncertainty_s=to_microsecond(uncertainty_s),
            )
        )

    # --- watch ---------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Late is told once an episode; lost is the engine's to say, from the same samples."""
        now_s = self._now_s()
        if now_s - self._newest_s < LATE_S:
            return
        if now_s >= self._late_until_s:
            self._tell_glitch("LATE")
        self._late_until_s = now_s + CALM_S

    def _look_out(self, now_s: NightTime) -> None:
        """In good order: is there another of this name? Silent and announced no more: has it come back elsewhere?"""
        seen = self._horizon.streams()
        self._quarantine.look(seen, now_s)
        if now_s - self._newest_s < LATE_S:
            self._refuse(twins(self._identity, self._opened.asked, seen), now_s)
        elif now_s - self._newest_s >= LOST_S and all(each.stream.uid != self._identity.uid for each in seen):
            self._seek()
        elif now_s - max(self._last_arrived_s, self._connected_s) >= HALF_DEAD_S:
            self._drop()

    def _seek(self) -> None:
        """Looks once for the device that was lost; whoever else answers in its place is told and left outside."""
        now_s, seen = self._now_s(), self._horizon.streams()
        self._quarantine.look(seen, now_s)
        again, refused = found_again(self._opened, self._identity, self._quarantine, seen, now_s=now_s)
        self._refuse(refused, now_s)
        if again is not None:
            self._drop()
            self._go_on_with(*again)

    def _go_on_with(self, connection: Connection, measured: Measured) -> None:
        now_s = self._now_s()
        is_same = connection.stream.uid == self._identity.uid
        self._connection, self._identity = connection, connection.stream
        self._offset = offsets.begin(self._on_night(measured), now_s)
        self._measured_s = self._connected_s = now_s
        if not is_same or self._newest_s > self._recognised_s:  # one that answers and sends nothing is told once
            self._tell(StreamRecognised(onset_s=to_microsecond(now_s), sender="same" if is_same else "restarted"))
        self._recognised_s = now_s
        self._tell_offset(now_s, self._offset.measured.uncertainty_s)

    def _refuse(self, others: Refused, now_s: float) -> None:
        """Tells of each once, and of none that may only be an announcement of a stream just ended."""
        for uid, differs in others:
            if ("twin" not in differs or self._quarantine.is_there(uid, now_s)) and self._quarantine.is_news(uid):
                self._tell_glitch("RENAMED" if differs == ("name",) else "IMPOSTOR", differs=differs)

    def _tell_glitch(
        self,
        glitch: Literal["LATE", "IMPOSTOR", "RENAMED", "CLOCK_STEP", "UNIT_ASSUMED"],
        *,
        differs: tuple[StreamDifference, ...] = (),
        step_s: float = 0.0,
    ) -> None:
        onset_s = to_microsecond(self._now_s())
        self._tell(GlitchSeen(onset_s=onset_s, glitch=glitch, differs=differs, step_s=to_microsecond(step_s)))

    def _tell(self, event: AnyEvent) -> None:
        self._told.append(event)
