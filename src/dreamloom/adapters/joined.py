"""What came from a device that joined a bed over the network, and when? Lines behind a door, laid on an even pace.

A sample's onset is the sender's own, on the house's clock as it knows it; `arrived_s` is when its line was read here.
"""

import math
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dreamloom.adapters.live_blocks import LiveBlocks
from dreamloom.adapters.sample_wire import DOOR, Samples, samples_in
from dreamloom.adapters.speaker import wire
from dreamloom.adapters.speaker.page_wire import Threshold
from dreamloom.signals import pacing
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.signals.pacing import BREAK_S, Pace
from dreamloom.vocabulary.units import NightTime, Seconds

LOOK_S = 0.02
OLDEST_S = Seconds(60.0)
"""A stamp further back than this is no stamp of this night: the line is taken as punctual. Ours."""


class JoinedSource(LiveBlocks):
    """One bed's samples from a page or from `dreamloom pod join`; implements SignalSource."""

    def __init__(self, stream: StreamInfo, at_bed: Path, *, now_s: Callable[[], NightTime]) -> None:
        """Opens the door of samples beside the bed; whoever came before is let go when somebody new stands inside."""
        super().__init__()
        self.stream = stream
        self._now_s = now_s
        at_bed.mkdir(parents=True, exist_ok=True)
        self._threshold = Threshold(at_bed / DOOR)
        self._pace = Pace(stream.sfreq_hz)
        self._last_arrived_s = -math.inf
        self._thread = threading.Thread(target=self._listen, name=f"joined {at_bed.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Shuts the door; what was not read is dropped."""
        self._end(self._thread)

    def _listen(self) -> None:
        try:
            while not self._closing.wait(LOOK_S):
                lines, _ = self._threshold.look()
                for line in lines:
                    samples = samples_in(line)
                    if samples is not None:
                        self._keep(samples)
        finally:
            self._threshold.close()

    def _keep(self, samples: Samples) -> None:
        """Rows of another width than the stream's are none of it."""
        channels, rate_hz = len(self.stream.channels), self.stream.sfreq_hz
        if any(len(row) != channels for row in samples.tenths):
            return
        rows = np.array([[np.nan if each is None else each / 10 for each in row] for row in samples.tenths])
        now_s = self._now_s()
        first_s = now_s + (samples.at_s - wire.boot_ns() / 1e9)
        newest_s = first_s + (len(rows) - 1) / rate_hz
        if not now_s - OLDEST_S <= newest_s <= now_s:
            newest_s = now_s
        with self._lock:
            self._lay_out(rows, NightTime(newest_s), now_s)

    def _lay_out(
        self, rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", newest_s: NightTime, now_s: float
    ) -> None:
        rate_hz = self.stream.sfreq_hz
        by_stamp_s = newest_s - (len(rows) - 1) / rate_hz
        is_apart = abs(by_stamp_s - self._pace.next_onset_s) > BREAK_S
        self._pace, onset_s = pacing.place(self._pace, len(rows), newest_s, after_silence=is_apart)
        taken_s = onset_s + np.arange(len(rows)) / rate_hz
        arrived_s = np.maximum(np.maximum(taken_s, now_s), self._last_arrived_s)
        self._last_arrived_s = float(arrived_s[-1])
        self._blocks.append(Block(onset_s, rows, rate_hz, arrived_s))
