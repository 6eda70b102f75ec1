"""What did a pod get to see of a recording? Its whole seconds, oldest first, as a night over it would have had them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.edf import EdfSource
from dreamloom.engine.intake import LiveIntake
from dreamloom.ports import SignalSource
from dreamloom.signals.blocks import GridSecond, StreamInfo
from dreamloom.vocabulary.units import NightTime

READ_S = 60.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording as a stream, and its seconds; a last second that was cut short is not among them."""

    stream: StreamInfo
    seconds: Iterator[GridSecond]


def recorded_seconds(path: Path, *, channels: Sequence[str] | None = None) -> Recorded:
    """Reads the named channels, or every EEG, EOG and EMG channel as a night would.

    Raises:
        StreamError: when the recording cannot be read.
    """
    return seconds_of_source(EdfSource(path, channels=channels or None))


def seconds_of_source(source: SignalSource) -> Recorded:
    """The same of a source that ends, such as a simulated night."""
    return Recorded(source.stream, _seconds(LiveIntake(source, None)))


def _seconds(intake: LiveIntake) -> Iterator[GridSecond]:
    until_s = 0.0
    newest: GridSecond | None = None
    while not intake.ended:
        until_s += READ_S
        for second in intake.read(NightTime(until_s))[0]:
            if newest is not None:
                yield newest
            newest = second
    intake.close()
    if newest is not None and not newest.filled[-1]:
        yield newest
