"""A real outlet in another process: samples, clock, losses, returns and impostors as they are met at a bedside."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest

from dreamloom.adapters.lsl.opening import LslRequest, open_streams
from dreamloom.adapters.lsl.opening_again import Known, open_again
from dreamloom.adapters.lsl.source import LslSource
from dreamloom.engine.clocks import RealClock
from dreamloom.ports import SignalSource
from dreamloom.record.events import AnyEvent, ClockOffsetSeen, GlitchSeen, StreamRecognised
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.testing.lsl_outlet import PERIOD, STEP_UV, OutletAsked, OutletProcess
from dreamloom.testing.source_contract import LiveSourceContract
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import NightTime

pytestmark = pytest.mark.real_time

pytest.importorskip("pylsl")
PATIENCE_S = 30.0
"""Only catches a hang: a busy machine may take its time."""


@dataclass
class Bed:
    """A source, its clock, and everything it gave so far."""

    source: LslSource
    clock: RealClock
    blocks: list[Block]
    told: list[AnyEvent]

    def until(self, is_so: Callable[[], object], what: str) -> None:
        """Reads until something is so."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < deadline_s, f"waited in vain for {what}; told {self.told}"
            self.blocks.extend(self.source.read(self.clock.now_s()))
            self.told.extend(self.source.told())
            time.sleep(0.02)

    def of(self, kind: type) -> list[AnyEvent]:
        return [event for event in self.told if isinstance(event, kind)]

    def glitches(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(event.glitch, event.differs) for event in self.of(GlitchSeen)]

    @property
    def samples(self) -> int:
        return sum(len(block.samples) for block in self.blocks)

    def more(self, samples: int) -> None:
        wanted = self.samples + samples
        self.until(lambda: self.samples >= wanted, f"{samples} samples")


@contextmanager
def bed(text: str, channels: tuple[str, ...] = ()) -> Iterator[Bed]:
    opened = open_streams([LslRequest("p1", text, channels)], find_within_s=PATIENCE_S)
    clock = RealClock()
    source = LslSource(opened["p1"], now_s=clock.now_s)
    try:
        yield Bed(source, clock, [], [])
    finally:
        source.close()


@pytest.fixture(scope="module")
def steady() -> Iterator[Bed]:
    with OutletProcess(OutletAsked(name="steady", source_id="steady")), bed("steady") as lying:
        lying.more(300)
        yield lying


class TestContract(LiveSourceContract):
    @pytest.fixture(autouse=True)
    def _one_device_for_all(self, steady: Bed) -> None:
        self.steady = steady

    def read_all(self, block_samples: int = 25) -> tuple[SignalSource, list[Block]]:
        del block_samples
        return self.steady.source, list(self.steady.blocks)

    def described(self) -> StreamInfo:
        return self.steady.source.stream

    def make_source(self) -> tuple[SignalSource, Callable[[], NightTime]]:
        opened, clock = open_streams([LslRequest("p1", "steady")]), RealClock()
        return LslSource(opened["p1"], now_s=clock.now_s), clock.now_s


def test_every_sample_is_the_one_that_was_sent_in_order_and_on_the_nights_clock(steady: Bed) -> None:
    steps = np.diff(np.concatenate([block.samples[:, 0] for block in steady.blocks])) / STEP_UV % PERIOD
    assert set(steps.tolist()) == {1.0}
    assert [channel.label for channel in steady.source.stream.channels] == [
        "EEG F3-M2",
        "EOG E1-M2",
        "EOG E2-M2",
        "EMG chin",
    ]
    assert all(0 <= block.arrived_s[-1] - block.onset_s < PATIENCE_S for block in steady.blocks)
    (first, *_) = steady.of(ClockOffsetSeen)
    assert first.uncertainty_s < 0.1


def test_a_device_that_dies_is_known_again_and_one_that_looks_like_it_stays_outside() -> None:
    asked = OutletAsked(name="mortal", source_id="mortal")
    with OutletProcess(asked) as device, bed("mortal") as lying:
        lying.more(100)
        device.kill()
        lying.until(lambda: ("LATE", ()) in lying.glitches(), "lateness")
        others = OutletAsked(name="mortal", source_id="mortal", labels=("EEG C3", "EEG C4", "EOG E1", "EMG chin"))
        with OutletProcess(others):
            lying.until(lambda: ("IMPOSTOR", ("labels",)) in lying.glitches(), "the impostor")
        held = lying.samples
        with OutletProcess(asked):
            lying.until(lambda: lying.of(StreamRecognised), "the return")
            assert lying.samples == held
            lying.more(100)
    assert [event.sender for event in lying.of(StreamRecognised)] == ["restarted"]
    counts = np.concatenate([block.samples[:, 0] for block in lying.blocks]) / STEP_UV
    assert (np.diff(counts) != 1).sum() == 1


def test_what_never_came_leaves_a_jump_and_what_was_not_measured_is_no_number() -> None:
    asked = OutletAsked(name="coupled", source_id="coupled", offset_uv=-20_000.0, unit="")
    with OutletProcess(asked) as device, bed("coupled") as lying:
        device.say("nan 32")
        lying.until(lambda: any(np.isnan(block.samples).any() for block in lying.blocks), "samples that are none")
        lying.more(620)
        device.say("skip 0.25")
        lying.more(200)
        assert all(channel.low_uv < -20_000 < channel.high_uv for channel in lying.source.stream.channels)
    onsets_s = np.concatenate([b.onset_s + np.arange(len(b.samples)) / b.sfreq_hz for b in lying.blocks])
    assert np.diff(onsets_s).max() == pytest.approx(65 / 256, abs=0.5 / 256)
    assert ("UNIT_ASSUMED", ()) in lying.glitches()


def test_a_stream_is_refused_when_it_is_missing_doubled_shared_or_no_signal() -> None:
    with pytest.raises(StreamError, match=r"DL-E252.*'p1'"):
        open_streams([LslRequest("p1", "nobody")], find_within_s=0.3)
    devices = (
        OutletAsked(name="twin", source_id="a"),
        OutletAsked(name="twin", source_id="b"),
        OutletAsked(name="marks", source_id="marks", format="string"),
    )
    with OutletProcess(devices[0]), OutletProcess(devices[1]), OutletProcess(devices[2]):
        for requests, says in (
            ([LslRequest("p1", "twin")], r"DL-E253.*source_id=[ab]"),
            ([LslRequest("p1", "source_id=a"), LslRequest("p2", "source_id=a")], r"DL-E253.*One headband"),
            ([LslRequest("p1", "marks")], "DL-E254"),
            ([LslRequest("p1", "source_id=b", ("C4",))], "DL-E256"),
        ):
            with pytest.raises(StreamError, match=says):
                open_streams(requests, find_within_s=PATIENCE_S)


def test_a_device_that_the_record_knows_is_opened_again_as_itself_or_sought_on() -> None:
    asked = OutletAsked(name="resumed", source_id="resumed")
    with OutletProcess(asked) as device, bed("resumed") as lying:
        known = {"p1": Known(lying.source.identified(NightTime(0.0)), lying.source.stream.channels)}
        requests = [LslRequest("p1", "resumed")]
        again = open_again(requests, known)["p1"]
        assert again.connection is not None
        again.close()
        device.kill()
        with OutletProcess(OutletAsked(name="resumed", source_id="another")):
            sought, clock = open_again(requests, known, find_within_s=2.0)["p1"], RealClock()
            assert sought.connection is None
            waiting = Bed(LslSource(sought, now_s=clock.now_s), clock, [], [])
            try:
                waiting.until(lambda: ("IMPOSTOR", ("source_id",)) in waiting.glitches(), "the impostor")
                assert waiting.samples == 0
                with OutletProcess(asked):
                    waiting.more(100)
            finally:
                waiting.source.close()
    assert [event.sender for event in waiting.of(StreamRecognised)] == ["restarted"]
