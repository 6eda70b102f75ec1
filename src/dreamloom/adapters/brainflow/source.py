"""How do a headband's samples reach a pod through BrainFlow? Pulled, paced evenly, paired again when they stop."""

import math
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from dreamloom.adapters.brainflow.boards import NUMBERS, PARAMETERS, Board, BoardAsked, read_spec
from dreamloom.record.events import AnyEvent, GlitchSeen, StreamRecognised, StreamUnrecognised
from dreamloom.signals import pacing
from dreamloom.signals.blocks import Block, Channel, StreamInfo
from dreamloom.signals.filters import high_pass
from dreamloom.signals.labels import kind_of, meant, nearest
from dreamloom.signals.pacing import Pace
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import FloatArray, Hertz, NightTime, Seconds, to_microsecond

SILENCE_S = Seconds(0.5)
"""After nothing for so long, what comes next is kept back until it comes calmly: a radio hands over in bursts."""
LATE_S = Seconds(0.5)
"""The newest sample came so long ago: something is wrong. Told once an episode."""
CALM_S = Seconds(10.0)
"""An episode of lateness is over when samples came in time for so long. Ours."""
LONGEST_BURST_S = Seconds(2.0)
PAIR_AGAIN_S = Seconds(5.0)
"""After nothing for so long the device is let go and looked for again. Ours."""
RETRY_S = Seconds(10.0)
OLDEST_S = Seconds(1.0)
"""A host stamp older than this when it is pulled says that the host's clock was set, not when the sample came."""
HIGH_PASS_HZ = 0.05
"""Takes electrode offsets out of DC-coupled devices, far below the slowest wave that is staged (0.4 Hz)."""
BUFFER_S = 60
LOOKING = threading.Lock()
"""Held while any device is opened or let go: BrainFlow answers nobody for seconds then, and no night can wait."""


class Session(Protocol):
    """One connection to a device, as BrainFlow has it."""

    def open(self) -> None:
        """Finds the device and lets it stream; may take seconds. Raises ConnectionError."""

    def pull(self) -> FloatArray | None:
        """[row, n] of everything that came since the last pull; None while BrainFlow looks for another device."""

    def close(self) -> None: ...


class BrainFlowSource:
    """One bedside's samples from a device that BrainFlow knows; implements SignalSource.

    What it noticed waits in `told`.

    A sample's onset follows from an even pace that the host's stamps correct, for those only tell when a bunch of
    samples came. `arrived_s` is the night time of the pull.

    Args:
        spec: the text after "brainflow:".
        channels: labels to read, such as "AF7" or "EOG F7"; every EEG channel if there are none.
        sought: a device that is not there is looked for beside the night, and the source is silent until then.

    Raises:
        ConfigError: for a board or a part of the text that is not known.
        StreamError: when BrainFlow is not installed, the device is not found, or has no such channel.
    """

    def __init__(
        self,
        spec: str,
        *,
        channels: Sequence[str] = (),
        sought: bool = False,
        connect: Callable[[BoardAsked], Session] | None = None,
    ) -> None:
        asked = read_spec(spec)
        self._asked = asked
        self._board = asked.recorded_with or asked.board
        described = _described(self._board)
        self._session = connect(asked) if connect else BoardSession(asked)
        self._rows, chosen = _chosen(described, channels, source=f"brainflow:{asked.name}")
        self._counter_row = int(described["package_num_channel"]) if self._board.counter else None
        self._stamp_row = int(described["timestamp_channel"])
        self._resistance_rows = _resistance_rows(described, self._rows)
        rate_hz = int(described["sampling_rate"])
        self.stream = StreamInfo(f"brainflow:{asked.name}", chosen, Hertz(rate_hz), rate_hz)
        self._pace = Pace(Hertz(rate_hz))
        self._offset = high_pass(HIGH_PASS_HZ, sfreq_hz=Hertz(rate_hz)) if self._board.coupled == "DC" else None
        self._offset_state: FloatArray | None = None
        self._kept: list[tuple[FloatArray, NightTime]] = []
        self._blocks: deque[Block] = deque()
        self._told: list[AnyEvent] = []
        self._late_until_s = self._unasked_s = -math.inf
        self._last_arrived_s = -math.inf
        self._last_s: float | None = None
        self._pulled_s: float | None = None
        self._count: int | None = None
        self._quiet = False
        self._resistances = np.zeros(0)
        self._pairing: _Pairing | None = None
        self._closed = False
        self._open(asked, sought=sought)

    @property
    def ended(self) -> bool:
        """True once closed: a device may always come back."""
        return self._closed

    @property
    def ends_s(self) -> NightTime:
        """Never: a device may always come back."""
        return NightTime(math.inf)

    def read(self, until_s: NightTime) -> list[Block]:
        """Every block that arrived by until_s and was not read before, on an even pace, oldest first."""
        is_news = self._pulled_s is None or until_s > self._pulled_s  # what comes later cannot have arrived by then
        if not self._closed and is_news and not self._is_pairing(until_s):
            self._take(until_s)
        if not self._closed:
            self._watch(until_s)
        ready: list[Block] = []
        while self._blocks and self._blocks[0].arrived_s[-1] <= until_s:
            ready.append(self._blocks.popleft())
        return ready

    def told(self) -> list[AnyEvent]:
        """What was noticed since the last call: lateness, returns; inputs of the night, oldest first."""
        told, self._told = self._told, []
        return told

    def _watch(self, until_s: NightTime) -> None:
        """Late is told once an episode; lost is the engine's to say, from the same samples."""
        if self._silent_s(until_s) < LATE_S:
            return
        if until_s >= self._late_until_s:
            self._told.append(GlitchSeen(onset_s=to_microsecond(until_s), glitch="LATE"))
        self._late_until_s = until_s + CALM_S

    def _take(self, until_s: NightTime) -> None:
        data = self._session.pull()
        if data is None:
            self._unasked_s = float(until_s)
            return
        before_s, self._pulled_s = self._pulled_s, float(until_s)
        if data.shape[1]:
            self._last_s = float(until_s)
            self._kept.append((data, until_s))
            self._note_resistances(data)
        elif self._silent_s(until_s) > SILENCE_S:
            self._quiet = True
        if self._kept and (not self._quiet or self._is_calm(data.shape[1], before_s, until_s)):
            self._blocks.extend(self._placed(until_s))

    def close(self) -> None:
        """Lets go of the device."""
        if self._closed:
            return
        self._closed = True
        if self._pairing is not None:
            self._pairing.join()
        self._blocks.clear()
        self._session.close()

    def impedances_kohm(self) -> dict[str, float] | None:
        """Per electrode, where the device measures them while it streams; None: not measured."""
        if not self._resistances.any():
            return None
        labels = (channel.label for channel in self.stream.channels)
        return {label: round(float(ohm) / 1000, 1) for label, ohm in zip(labels, self._resistances, strict=True)}

    def _open(self, asked: BoardAsked, *, sought: bool) -> None:
        try:
            self._session.open()
        except ConnectionError as error:
            self._session.close()
            if sought:
                self._last_s = -math.inf
                return
            raise StreamError(
                "DL-E241",
                f"The device brainflow:{asked.name} was not found.",
                why=str(error),
                still="Nothing was recorded or played.",
                do="Switch it on, wear it, see that no other program or phone holds it, then try again.",
            ) from None

    def _silent_s(self, until_s: NightTime) -> float:
        self._last_s = float(until_s) if self._last_s is None else self._last_s
        return until_s - self._last_s

    def _is_pairing(self, until_s: NightTime) -> bool:
        """After a long silence the device is looked for again, beside the night, until it is there."""
        if self._pairing is not None:
            if self._pairing.is_alive() or (not self._pairing.found and until_s - self._pairing.begun_s < RETRY_S):
                return True
            if self._pairing.found:
                self._pairing, self._last_s, self._count = None, float(until_s), None
                self._recognise(until_s)
                return True  # its samples come with the next look: who is back is told before they are heard
        elif min(self._silent_s(until_s), until_s - self._unasked_s) < PAIR_AGAIN_S:
            return False
        self._quiet, self._pairing = True, _Pairing(self._session, until_s)
        self._pairing.start()
        return True

    def _recognise(self, now_s: NightTime) -> None:
        """Tells that the device is heard again; without an address it may be another of its kind."""
        onset_s = to_microsecond(now_s)
        known = StreamRecognised(onset_s=onset_s, sender="same") if self._asked.address else None
        self._told.append(known or StreamUnrecognised(onset_s=onset_s))

    def _is_calm(self, samples: int, before_s: float | None, until_s: NightTime) -> bool:
        """True when a burst is over: no more came than time went by, or it lasts too long to be one."""
        passed_s = 0.0 if before_s is None else until_s - before_s
        rate_hz = self.stream.sfreq_hz
        return samples <= 1.5 * passed_s * rate_hz + 0.1 * rate_hz or until_s - self._kept[0][1] > LONGEST_BURST_S

    def _placed(self, until_s: NightTime) -> list[Block]:
        data = np.concatenate([part for part, _ in self._kept], axis=1)
        arrived_s = np.concatenate([np.full(part.shape[1], came_s) for part, came_s in self._kept])
        age_s = min(max(time.time() - float(data[self._stamp_row, -1]), 0.0), OLDEST_S)
        newest_s, after_silence = NightTime(until_s - age_s), self._quiet
        self._kept, self._quiet = [], False
        cuts = self._losses(data)
        blocks = []
        for first, last, lost in cuts:
            if lost:
                self._pace = pacing.skip(self._pace, lost)
            left = data.shape[1] - last
            came_s = NightTime(newest_s - left / self.stream.sfreq_hz)
            self._pace, onset_s = pacing.place(self._pace, last - first, came_s, after_silence=after_silence)
            blocks.append(self._block(data[:, first:last], onset_s, arrived_s[first:last]))
        return blocks

    def _losses(self, data: FloatArray) -> list[tuple[int, int, int]]:
        """The stretches without a loss: first row, behind the last row, samples that the device counted before it."""
        if self._counter_row is None or self._board.counter is None:
            return [(0, data.shape[1], 0)]
        counts = data[self._counter_row].astype(np.int64)
        before = counts[0] - 1 if self._count is None else self._count
        self._count = int(counts[-1])
        missing = (np.diff(np.concatenate(([before], counts))) - 1) % self._board.counter
        starts = [0, *(int(place) for place in np.flatnonzero(missing) if place)]
        ends = [*starts[1:], data.shape[1]]
        return [(first, last, int(missing[first])) for first, last in zip(starts, ends, strict=True)]

    def _block(self, data: FloatArray, onset_s: NightTime, arrived_s: FloatArray) -> Block:
        samples = np.ascontiguousarray(data[self._rows].T, dtype=np.float64)
        if self._offset is not None:
            begun = self._offset.start(samples[0]) if self._offset_state is None else self._offset_state
            self._offset_state, samples = self._offset.step(begun, samples)
        taken_s = onset_s + np.arange(len(samples)) / self.stream.sfreq_hz
        arrived_s = np.maximum.accumulate(np.maximum(np.maximum(arrived_s, taken_s), self._last_arrived_s))
        self._last_arrived_s = float(arrived_s[-1])
        return Block(onset_s, samples, self.stream.sfreq_hz, arrived_s)

    def _note_resistances(self, data: FloatArray) -> None:
        if self._resistance_rows:
            self._resistances = data[self._resistance_rows, -1]


class BoardSession:
    """A Session with a real or synthetic board."""

    def __init__(self, asked: BoardAsked) -> None:
        shim, ids, params = _brainflow()
        wanted = params()
        for name, value in asked.parameters.items():
            setattr(wanted, name, int(value) if name in {PARAMETERS[key] for key in NUMBERS} else value)
        wanted.other_info = f"{id(self)}"  # BrainFlow tells two equal boards in one process apart by nothing else
        if asked.recorded_with is not None:
            wanted.master_board = ids[asked.recorded_with.id].value
        self._shim = shim(ids[asked.board.id].value, wanted)
        self._rows = int(shim.get_board_descr(ids[(asked.recorded_with or asked.board).id].value)["num_rows"])
        self._rate_hz = int(shim.get_board_descr(ids[(asked.recorded_with or asked.board).id].value)["sampling_rate"])

    def open(self) -> None:
        """Prepares the session and starts the stream."""
        from brainflow.exit_codes import BrainFlowError

        try:
            with LOOKING:
                self._shim.prepare_session()
                self._shim.start_stream(BUFFER_S * self._rate_hz)
        except BrainFlowError as error:
            raise ConnectionError(str(error)) from None

    def pull(self) -> FloatArray | None:
        """Everything in the ring; empty as well while the session is broken."""
        from brainflow.exit_codes import BrainFlowError

        if not LOOKING.acquire(blocking=False):
            return None
        try:
            data: FloatArray = self._shim.get_board_data()
        except BrainFlowError:
            return np.zeros((self._rows, 0))
        finally:
            LOOKING.release()
        return data

    def close(self) -> None:
        """Stops and releases, whatever state it is in."""
        from brainflow.exit_codes import BrainFlowError

        for end in (self._shim.stop_stream, self._shim.release_session):
            try:
                with LOOKING:
                    end()
            except BrainFlowError:
                continue


class _Pairing(threading.Thread):
    """Lets the device go and looks for it once, beside the night."""

    def __init__(self, session: Session, begun_s: NightTime) -> None:
        super().__init__(name="pairing", daemon=True)
        self.begun_s = begun_s
        self.found = False
        self._session = session

    def run(self) -> None:
        self._session.close()
        try:
            self._session.open()
        except ConnectionError:
            return
        self.found = True


def _described(board: Board) -> Mapping[str, Any]:
    shim, ids, _ = _brainflow()
    described: Mapping[str, Any] = shim.get_board_descr(ids[board.id].value)
    return described


def _brainflow() -> tuple[Any, Any, Any]:
    """BoardShim, BoardIds, BrainFlowInputParams; loaded by the first pod that asks for a device."""
    try:
        from brainflow.board_shim import BoardIds, BoardShim, BrainFlowInputParams

        with warnings.catch_warnings(
            action="ignore", category=UserWarning
        ):  # before Python 3.12 it needs pkg_resources
            BoardShim.disable_board_logger()
    except ImportError as error:
        raise StreamError(
            "DL-E240",
            "BrainFlow is not installed here.",
            why=f"{error}.",
            still="Recordings, simulated sleepers and LSL streams can be used.",
            do='Install it: pip install "dreamloom[brainflow]".',
        ) from None
    return BoardShim, BoardIds, BrainFlowInputParams


def _chosen(
    described: Mapping[str, Any], names: Sequence[str], *, source: str
) -> tuple[list[int], tuple[Channel, ...]]:
    """Rows to read and the channels they become: all of them, or those a person named, in that order."""
    rows = [int(row) for row in described["eeg_channels"]]
    given = str(described.get("eeg_names") or "")
    labels = given.split(",") if given else [f"{number}" for number in range(1, len(rows) + 1)]
    if not names:
        return rows, tuple(Channel(f"EEG {label}", "EEG") for label in labels)
    places = [_place(name, labels, source=source) for name in names]
    channels = (_channel(name, labels[place]) for name, place in zip(names, places, strict=True))
    return [rows[place] for place in places], tuple(channels)


def _resistance_rows(described: Mapping[str, Any], rows: Sequence[int]) -> list[int]:
    """Where the resistance of each of these channels stands; nowhere if the device has fewer of them than channels."""
    measured, channels = described.get("resistance_channels") or (), list(described["eeg_channels"])
    if len(measured) < len(channels):
        return []
    return [int(measured[channels.index(row)]) for row in rows]


def _channel(name: str, label: str) -> Channel:
    """A person may wear an electrode elsewhere than its socket says: "EOG F7" is an eye channel on the socket F7."""
    kind = kind_of(name) if len(name.split()) > 1 else "EEG"
    return Channel(f"{kind if kind != 'OTHER' else 'EEG'} {label}", "EEG" if kind == "OTHER" else kind)


def _place(name: str, labels: Sequence[str], *, source: str) -> int:
    found = meant(name, labels)
    if len(found) == 1:
        return found[0]
    near = nearest(name, labels)
    raise StreamError(
        "DL-E242",
        f"{source} has no channel {name!r}.",
        why=f"It has {', '.join(labels)}.",
        do=f"Did you mean {near!r}?" if near else "Name one of them under channels in night.toml.",
    )
