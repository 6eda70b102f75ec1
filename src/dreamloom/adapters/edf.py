"""How does a recording on the disk become a sleeper's stream? Replays EDF, EDF+C, EDF+D and BDF as a SignalSource."""

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dreamloom.adapters.arrivals import read_arrivals
from dreamloom.adapters.edf_annotations import Annotation, decode
from dreamloom.adapters.edf_channels import beside_eeg, choose
from dreamloom.adapters.edf_file import digital_of, microvolts, parts, pieces, read_layout
from dreamloom.adapters.edf_runs import Run, runs_of
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.signals.labels import kind_of
from dreamloom.vocabulary.units import FloatArray, Hertz, NightTime, Seconds


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One signal of a recording, as a person choosing a channel wants to see it."""

    label: str
    kind: str
    sfreq_hz: float
    unit: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Description:
    """What a recording holds."""

    path: Path
    variant: str
    duration_s: float
    sfreq_hz: float
    gaps: int
    annotations: int
    channels: tuple[ChannelFacts, ...]


def channels_without_eeg(path: str | Path) -> list[str] | None:
    """What is read of a recording without EEG: what shows the body, at the rate of the first; None where there is EEG.

    Raises:
        StreamError: when it cannot be read.
    """
    return beside_eeg(read_layout(Path(path)))


def describe(path: str | Path, *, channels: Sequence[str] | None = None) -> Description:
    """What a recording holds, and which channels would be read.

    Raises:
        StreamError: as EdfSource.
    """
    layout = read_layout(Path(path))
    chosen = choose(layout, channels)
    runs = runs_of(layout)
    labels = {channel.label for channel in chosen.channels}
    return Description(
        path=layout.path,
        variant=layout.variant,
        duration_s=runs[-1].onset_s + runs[-1].records * layout.record_s - runs[0].onset_s,
        sfreq_hz=chosen.sfreq_hz,
        gaps=len(runs) - 1,
        annotations=len(annotations(path)),
        channels=tuple(
            ChannelFacts(signal.label, kind_of(signal.label), signal.sfreq_hz, signal.unit, signal.label in labels)
            for signal in layout.signals
        ),
    )


def annotations(path: str | Path) -> list[Annotation]:
    """What happened when, in the recording's own time (night time in Dreamloom's own files), oldest first.

    Raises:
        StreamError: when the file cannot be read.
    """
    layout = read_layout(Path(path))
    found = [
        annotation
        for first_byte, length in layout.annotations
        for raw in parts(layout, first_byte, length)
        for annotation in decode(raw)
    ]
    found.sort(key=lambda note: note.onset_s)  # stable: the pieces of a long note stay in order
    return [note._replace(onset_s=note.onset_s + layout.onset_file_s) for note in found]


class EdfSource:
    """One bedside's samples from a recording, handed out as they would have arrived; implements SignalSource.

    A sample arrives at its onset plus `delay_s`, or when `arrivals` says that its second did: then lost samples are
    handed out as such, and laying the blocks on the grid again gives the stored seconds bit for bit.

    Args:
        path: the recording.
        channels: labels to read; without them, every EEG, EOG and EMG channel at the rate of the first EEG channel.
        block_samples: samples in a block; a second of them if None.
        start_s: samples with an earlier onset are passed over.
        delay_s: the device profile.
        arrivals: the file kept beside a stored night.

    Raises:
        StreamError: when the file is missing or damaged, or the channels cannot be told apart or read together.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        channels: Sequence[str] | None = None,
        block_samples: int | None = None,
        start_s: float = 0.0,
        delay_s: Seconds = Seconds(0.0),
        arrivals: str | Path | None = None,
    ) -> None:
        self._layout = read_layout(Path(path))
        self._chosen = choose(self._layout, channels)
        self._arrivals = read_arrivals(Path(arrivals), self._chosen.grid_hz) if arrivals is not None else None
        self._start_s, self._delay_s = start_s, delay_s
        self._block_samples = block_samples or self._chosen.grid_hz
        self._blocks = self._cut(self._runs())
        self._next = next(self._blocks, None)

    @property
    def stream(self) -> StreamInfo:
        chosen = self._chosen
        name = f"edf:{self._layout.path.name}"
        return StreamInfo(name, chosen.channels, Hertz(chosen.sfreq_hz), chosen.grid_hz, self._delay_s)

    @property
    def ended(self) -> bool:
        return self._next is None

    @property
    def ends_s(self) -> NightTime:
        """The end of the recording, or when its last second came."""
        last = self._runs()[-1]
        end_s = last.onset_s + last.records * self._layout.record_s + self._delay_s
        came_s = self._arrivals.arrived_s[-1:].tolist() if self._arrivals is not None else []
        return NightTime(max([end_s, *came_s]))

    def read(self, until_s: NightTime) -> list[Block]:
        """Every block whose last sample arrived by until_s and that was not read before, oldest first."""
        blocks = []
        while self._next is not None and self._next.arrived_s[-1] <= until_s:
            blocks.append(self._next)
            self._next = next(self._blocks, None)
        return blocks

    def close(self) -> None:
        self._next = None
        self._blocks.close()

    def _runs(self) -> list[Run]:
        runs = runs_of(self._layout)
        if self._arrivals is None:
            return runs
        records = round(len(self._arrivals.arrived_s) / self._layout.record_s)
        return [runs[0]._replace(records=min(runs[0].records, records))]

    def _cut(self, runs: Sequence[Run]) -> Generator[Block, None, None]:
        for run in runs:
            at = self._skipped(run)
            rest_uv = np.empty((0, len(self._chosen.channels)))
            for piece_uv in self._pieces(run, at):
                rest_uv = np.concatenate((rest_uv, piece_uv))
                while len(rest_uv) >= self._block_samples:
                    yield self._block(run, at, rest_uv[: self._block_samples])
                    rest_uv = rest_uv[self._block_samples :]
                    at += self._block_samples
            if len(rest_uv) > 0:
                yield self._block(run, at, rest_uv)

    def _skipped(self, run: Run) -> int:
        """How many samples of a run lie before start_s."""
        return max(0, math.ceil((self._start_s - run.onset_s) * self._chosen.sfreq_hz - 1e-6))

    def _pieces(self, run: Run, skipped: int) -> Iterator[FloatArray]:
        """[n, channel] microvolts of a run, from its sample `skipped` on."""
        record, drop = divmod(skipped, self._chosen.signals[0].samples_per_record)
        for raw in pieces(self._layout, run.first_record + record, run.records - record):
            yield self._columns(raw)[drop:]
            drop = 0

    def _columns(self, raw: npt.NDArray[np.uint8]) -> FloatArray:
        pairs = zip(self._chosen.signals, self._chosen.scales, strict=True)
        return np.column_stack([microvolts(digital_of(self._layout, raw, signal), scale) for signal, scale in pairs])

    def _block(self, run: Run, at: int, samples_uv: FloatArray) -> Block:
        sfreq_hz = self._chosen.sfreq_hz
        onset_s = run.onset_s + np.arange(at, at + len(samples_uv)) / sfreq_hz
        if self._arrivals is None:
            arrived_s = onset_s + self._delay_s
        else:
            samples_uv, arrived_s = self._arrivals.of(samples_uv, at)
        return Block(NightTime(float(onset_s[0])), samples_uv, Hertz(sfreq_hz), arrived_s)
