"""How does a simulated sleeper look like a headband? Streams one on LSL in real time, for trying a house out."""

from collections.abc import Callable
from typing import NamedTuple

from dreamloom.adapters.lsl.asked import Scope
from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.vocabulary.units import NightTime, Seconds

CHUNK_S = Seconds(0.0625)
"""How much is sent at once, as many headbands do. Ours."""
OUTLET_KEEPS_S = 60


class Streamed(NamedTuple):
    """What has been sent so far."""

    night_s: float
    samples: int


class SleeperOutlet:
    """One simulated sleeper on LSL: same samples as `sim:` gives, stamped when they are due."""

    def __init__(self, preset: str, *, name: str, seed: int, scope: Scope = "machine") -> None:
        """Announces the stream.

        Raises:
            ConfigError: DL-E341, DL-E342 for a sleeper that cannot be read.
            StreamError: DL-E250 without pylsl.
        """
        self._source = SimulatedSource(preset, seed=seed, sleeper=name)
        self._pylsl = LIBRARY.load(scope)
        stream = self._source.stream
        info = self._pylsl.StreamInfo(
            name, "EEG", len(stream.channels), stream.sfreq_hz, "float32", f"dreamloom-sim-{name}-{seed}"
        )
        info.set_channel_labels([channel.label for channel in stream.channels])
        info.set_channel_types([channel.kind for channel in stream.channels])
        info.set_channel_units("microvolts")
        self._outlet = self._pylsl.StreamOutlet(info, 0, OUTLET_KEEPS_S)
        self._zero_s = self._pylsl.local_clock()
        self._sent = Streamed(0.0, 0)

    @property
    def is_heard(self) -> bool:
        """True while somebody listens."""
        return bool(self._outlet.have_consumers())

    def stream(self, wait: Callable[[float], object], told: Callable[[Streamed], object]) -> None:
        """Sends until the simulated night ends or `wait` raises; `told` hears of every chunk."""
        while not self._source.ended:
            wait(max(0.0, CHUNK_S - (self._now_s() - self._sent.night_s)))
            self._send_until(self._now_s())
            told(self._sent)

    def close(self) -> None:
        """Ends the announcement."""
        self._source.close()
        self._outlet = None

    def _now_s(self) -> NightTime:
        return NightTime(self._pylsl.local_clock() - self._zero_s)

    def _send_until(self, now_s: NightTime) -> None:
        """Whatever the sleeper's device would have sent by now, losses and lateness of the preset included."""
        samples = self._sent.samples
        for block in self._source.read(now_s):
            stamps_s = [self._zero_s + block.onset_s + n / block.sfreq_hz for n in range(len(block.samples))]
            self._outlet.push_chunk(block.samples, stamps_s)
            samples += len(block.samples)
        self._sent = Streamed(now_s, samples)
