"""Does a night keep its epochs when the device's clock is off and samples get lost? One sleeper's 8 h, staged live."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from json import dumps

import numpy as np

from dreamloom.adapters.simulated import SimulatedSource
from dreamloom.adapters.trees import TreeStager
from dreamloom.engine.intake import LiveIntake
from dreamloom.signals.blocks import Block, GridSecond, StreamInfo
from dreamloom.staging import track
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S, BoolArray, FloatArray, NightTime

READ_S = 60
DELAY_S = 0.05
WATCHED_S = 20
"""So many seconds at the end are laid beside the device's own samples, to see whether the clock has drifted."""
LAGS = range(-10, 11)


@dataclass(frozen=True, slots=True)
class OddNight:
    """What came of one night, lossless beside lossy.

    Attributes:
        true_hz: the rate at which samples were really taken.
        grid_hz: the rate the device is sold as.
        lost_share: share of samples that never came in the lossy night.
        epochs: 30-s epochs that were judged, lossless and lossy the same.
        scored: lossy epochs with a stage.
        agreeing: lossy epochs with the lossless night's label.
        samples_off: the largest difference of any epoch's samples on the grid from 30 x grid_hz.
        onsets_off: epochs that do not end at a multiple of 30 s, in order.
        drift_samples: how far the end of the lossy night lies from the device's own clock, in samples.
    """

    true_hz: float
    grid_hz: int
    lost_share: float
    epochs: int
    scored: int
    agreeing: int
    samples_off: int
    onsets_off: int
    drift_samples: int


class Handed:
    """A source that gives the blocks it was handed, minus those samples that get lost."""

    def __init__(self, info: StreamInfo, *, loss_share: float, seed: int) -> None:
        self.stream = info
        self.ended = False
        self.ends_s = NightTime(math.inf)
        self.given = self.lost = 0
        self._loss_share = loss_share
        self._seed = seed
        self._waiting: list[Block] = []
        self._handed = 0

    def hand(self, blocks: Sequence[Block]) -> None:
        """Takes over blocks; single samples of them never come, each drawn alone."""
        for block in blocks:
            came = stream(self._seed, "loss", self._handed).random(len(block.samples)) >= self._loss_share
            self._handed += 1
            self.given += len(came)
            self.lost += int(np.count_nonzero(~came))
            self._waiting += _unlost(block, came)

    def read(self, until_s: NightTime) -> list[Block]:  # noqa: ARG002 - what was handed over has arrived
        ready, self._waiting = self._waiting, []
        return ready

    def close(self) -> None:
        self.ended, self.ends_s = True, NightTime(0.0)


def _unlost(block: Block, came: BoolArray) -> list[Block]:
    """The unbroken stretches of a block that came."""
    edges = np.flatnonzero(np.diff(came.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    return [
        Block(
            NightTime(float(block.onset_s + first / block.sfreq_hz)),
            block.samples[first:after],
            block.sfreq_hz,
            block.arrived_s[first:after],
        )
        for first, after in edges.tolist()
    ]


@dataclass(slots=True)
class _Bed:
    """One of the two nights while it goes on."""

    source: Handed
    intake: LiveIntake
    state: track.StagingState
    estimates: list[track.StageEstimate]
    samples: dict[int, int]
    end: list[GridSecond]

    def take(self, until_s: float) -> None:
        for second in self.intake.read(NightTime(until_s))[0]:
            epoch = second.index // int(EPOCH_S)
            self.samples[epoch] = self.samples.get(epoch, 0) + len(second.digital)
            self.end = [*self.end[-WATCHED_S:], second]
            self.state, found = track.step(self.state, second)
            self.estimates += [estimate for estimate in found if estimate.window_end_s % EPOCH_S == 0]


def run(true_hz: float, grid_hz: int, *, hours: float = 8.0, loss_share: float = 0.005, seed: int = 1) -> OddNight:
    """Stages the night of a simulated sleeper twice from the same samples, once with losses."""
    whole = SimulatedSource(
        f"typical,rate={true_hz:g}", seed=seed, sleeper="S01", duration_s=hours * 3600.0, delay_s=DELAY_S
    )
    info = replace(whole.stream, grid_hz=grid_hz)
    stager = TreeStager(track.montage(info.channels).kind)
    beds = [_bed(info, stager.probabilities, share, seed) for share in (0.0, loss_share)]
    newest: list[Block] = []
    until_s = 0.0
    while not whole.ended:
        until_s += READ_S
        blocks = whole.read(NightTime(until_s + DELAY_S))
        newest = [*newest, *blocks][-3:]
        for bed in beds:
            bed.source.hand(blocks)
            bed.take(until_s)
    for bed in beds:
        bed.source.close()
        bed.take(until_s)
    return _judged(beds[0], beds[1], info, newest)


def _bed(info: StreamInfo, classify: Callable[[FloatArray], FloatArray], loss_share: float, seed: int) -> _Bed:
    source = Handed(info, loss_share=loss_share, seed=seed)
    state = track.start(info.channels, info.grid_hz, classify)
    return _Bed(source, LiveIntake(source, None), state, [], {}, [])


def _judged(whole: _Bed, lossy: _Bed, info: StreamInfo, newest: Sequence[Block]) -> OddNight:
    length = int(EPOCH_S) * info.grid_hz
    ends_s = [estimate.window_end_s for estimate in lossy.estimates]
    wanted_s = [(number + 1) * float(EPOCH_S) for number in range(len(ends_s))]
    pairs = zip(whole.estimates, lossy.estimates, strict=False)
    return OddNight(
        true_hz=float(info.sfreq_hz),
        grid_hz=info.grid_hz,
        lost_share=round(lossy.source.lost / lossy.source.given, 5),
        epochs=min(len(whole.estimates), len(lossy.estimates)),
        scored=sum(estimate.stage is not Stage.UNSCORED for estimate in lossy.estimates),
        agreeing=sum(one.stage is other.stage for one, other in pairs),
        samples_off=max(abs(count - length) for bed in (whole, lossy) for count in bed.samples.values()),
        onsets_off=sum(is_s != want_s for is_s, want_s in zip(ends_s, wanted_s, strict=True)),
        drift_samples=_drift(lossy.end[:-1], newest),
    )


def _drift(seconds: Sequence[GridSecond], newest: Sequence[Block]) -> int:
    """The shift at which the grid's first channel is most like the device's own samples at the same onsets."""
    stored_uv = np.concatenate([second.samples_uv[:, 0] for second in seconds])
    grid_hz = len(seconds[0].samples_uv)
    onset_s = np.concatenate([block.onset_s + np.arange(len(block.samples)) / block.sfreq_hz for block in newest])
    device_uv = np.concatenate([block.samples[:, 0] for block in newest])
    slots_s = seconds[0].index + np.arange(len(stored_uv)) / grid_hz

    def likeness(lag: int) -> float:
        return float(np.corrcoef(stored_uv, np.interp(slots_s + lag / grid_hz, onset_s, device_uv))[0, 1])

    return max(LAGS, key=likeness)


if __name__ == "__main__":
    sys.stdout.write(dumps(asdict(run(float(sys.argv[1]), int(sys.argv[2]), hours=float(sys.argv[3])))) + "\n")
