"""Do samples come from BrainFlow as from any source? On real synthetic and playback boards, and on a bad radio."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters.brainflow.boards import BOARDS, BoardAsked, read_spec, refuse_shared
from dreamloom.adapters.brainflow.source import LOOKING, PAIR_AGAIN_S, RETRY_S, BoardSession, BrainFlowSource
from dreamloom.engine.clocks import RealClock, utc_now
from dreamloom.house import assembling, opening_clock
from dreamloom.house.layout import House
from dreamloom.house.making import write_night
from dreamloom.house.night_file import PodAsked
from dreamloom.house.resuming import Past
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.sources import SourceRequest, listen, open_boards, open_source
from dreamloom.ports import Clock, SignalSource
from dreamloom.record.events import AnyEvent, GlitchSeen, StreamRecognised, StreamUnrecognised
from dreamloom.signals import grid
from dreamloom.signals.blocks import Block, StreamInfo
from dreamloom.testing.source_contract import LiveSourceContract
from dreamloom.vocabulary.errors import ConfigError, StreamError
from dreamloom.vocabulary.units import FloatArray, NightTime

pytestmark = pytest.mark.real_time

pytest.importorskip("brainflow", reason="BrainFlow is not installed: pip install dreamloom[brainflow]")
RATE_HZ = 250


class Headband:
    """A session played by the test: what is given to it comes with the next pull."""

    def __init__(self, _: BoardAsked) -> None:
        self.opened = 0
        self.is_there = True
        self._waiting = np.zeros((32, 0))
        self._n = 0

    def open(self) -> None:
        if not self.is_there:
            raise ConnectionError("BOARD_NOT_READY_ERROR")
        self.opened += 1

    def pull(self) -> FloatArray:
        pulled, self._waiting = self._waiting, np.zeros((32, 0))
        return pulled

    def close(self) -> None:
        """Nothing is held open."""

    def give(self, samples: int, *, lose: int = 0) -> None:
        """So many samples with their running number in every EEG row; `lose` of them never came before these."""
        self._n += lose
        numbers = self._n + np.arange(samples)
        self._n += samples
        rows = np.tile(numbers.astype(float), (32, 1))
        rows[0], rows[30] = numbers % 256, utc_now().timestamp()
        self._waiting = np.concatenate((self._waiting, rows), axis=1)


def source_of(spec: str = "synthetic", *, channels: tuple[str, ...] = ("Fz",)) -> tuple[BrainFlowSource, Headband]:
    headbands: list[Headband] = []

    def connect(asked: BoardAsked) -> Headband:
        headbands.append(Headband(asked))
        return headbands[0]

    return BrainFlowSource(spec, channels=channels, connect=connect), headbands[0]


def read_for(source: BrainFlowSource, seconds: float) -> list[Block]:
    """What a real board sends in so many seconds of wall time."""
    began_s, blocks = time.monotonic(), list[Block]()
    while (now_s := time.monotonic() - began_s) < seconds:
        blocks += source.read(NightTime(now_s))
        time.sleep(0.02)
    return blocks


def steps(blocks: list[Block]) -> np.ndarray:
    """From each sample to the next, in periods."""
    onsets_s = np.concatenate([block.onset_s + np.arange(len(block.samples)) / RATE_HZ for block in blocks])
    return np.diff(onsets_s) * RATE_HZ


class TestRealBoards:
    def test_a_synthetic_board_streams_evenly_and_loses_nothing(self) -> None:
        source = BrainFlowSource("synthetic", channels=("Fz", "EOG F7"))
        try:
            blocks = read_for(source, 3.0)
        finally:
            source.close()
        assert [(c.label, c.kind) for c in source.stream.channels] == [("EEG Fz", "EEG"), ("EOG F7", "EOG")]
        assert sum(len(block.samples) for block in blocks) > 2 * RATE_HZ
        assert steps(blocks).min() > 0.5
        assert steps(blocks).max() < 1.5
        assert source.ended
        assert source.read(NightTime(99.0)) == []

    def test_two_boards_of_one_kind_stream_side_by_side(self) -> None:
        sources = [BrainFlowSource("synthetic"), BrainFlowSource("synthetic")]
        try:
            time.sleep(0.5)
            first = [sum(len(block.samples) for block in source.read(NightTime(0.5))) for source in sources]
        finally:
            for source in sources:
                source.close()
        assert min(first) > 0

    def test_a_board_that_is_looked_for_keeps_no_other_bed_waiting_and_no_other_is_taken_for_lost(self) -> None:
        source = BrainFlowSource("synthetic", channels=("Fz",))
        try:
            with LOOKING:
                assert [source.read(NightTime(tick * 0.5)) for tick in range(1, 41)] == [[]] * 40
                assert [type(event) for event in source.told()] == [GlitchSeen]
            time.sleep(0.1)
            assert source.read(NightTime(20.5))
            assert source.told() == []
        finally:
            source.close()

    def test_a_recorded_file_is_played_back(self, tmp_path: Path) -> None:
        from brainflow.board_shim import BoardIds, BoardShim, BrainFlowInputParams

        board = BoardShim(BoardIds.SYNTHETIC_BOARD.value, BrainFlowInputParams())
        board.prepare_session()
        board.start_stream(45_000, f"file://{tmp_path / 'night.csv'}:w")
        time.sleep(1.5)
        board.stop_stream()
        board.release_session()
        source = BrainFlowSource(f"playback,file={tmp_path / 'night.csv'},board=synthetic", channels=("Cz",))
        try:
            blocks = read_for(source, 1.5)
        finally:
            source.close()
        assert sum(len(block.samples) for block in blocks) > RATE_HZ // 2

    def test_a_device_that_is_not_there_is_said_to_be_missing(self) -> None:
        with pytest.raises(StreamError, match="was not found") as caught:
            BrainFlowSource("cyton,port=/dev/does-not-exist,timeout=1")
        assert caught.value.code == "DL-E241"


@dataclass(frozen=True)
class OnBoard:
    """A board, how it is asked for, and what it sent in a little more than two seconds."""

    spec: str
    source: BrainFlowSource
    blocks: list[Block]


@pytest.fixture(scope="module", params=["synthetic", "playback"])
def on_board(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnBoard]:
    spec = str(request.param)
    if spec == "playback":
        spec = f"playback,file={write_recorded(tmp_path_factory.mktemp('played') / 'night.csv')},board=synthetic"
    source = BrainFlowSource(spec, channels=("Fz", "EOG F7"))
    try:
        yield OnBoard(spec, source, read_for(source, 2.4))
    finally:
        source.close()


def write_recorded(path: Path) -> Path:
    """Half a minute of a synthetic board, as BrainFlow keeps it in a file."""
    from brainflow.data_filter import DataFilter

    numbers = np.arange(30 * RATE_HZ)
    rows = np.tile(np.sin(numbers / 10.0), (32, 1))
    rows[0], rows[30] = numbers % 256, 1.8e9 + numbers / RATE_HZ
    DataFilter.write_file(rows, str(path), "w")
    return path


class TestContract(LiveSourceContract):
    """What every source keeps to, on both boards that need no device."""

    @pytest.fixture(autouse=True)
    def _one_board_for_all(self, on_board: OnBoard) -> None:
        self.on_board = on_board

    def read_all(self, block_samples: int = 25) -> tuple[SignalSource, list[Block]]:
        del block_samples
        return self.on_board.source, self.on_board.blocks

    def described(self) -> StreamInfo:
        return self.on_board.source.stream

    def make_source(self) -> tuple[SignalSource, Callable[[], NightTime]]:
        return BrainFlowSource(self.on_board.spec, channels=("Fz",)), RealClock().now_s


class TestRadio:
    """A headband on a bad radio: the test says when samples come."""

    def test_what_comes_between_two_looks_at_one_moment_arrived_after_it(self) -> None:
        source, headband = source_of()
        headband.give(25)
        assert source.read(NightTime(1.0))
        headband.give(25)
        assert source.read(NightTime(1.0)) == []
        (block,) = source.read(NightTime(1.1))
        assert block.arrived_s[0] > 1.0

    def test_a_device_that_counts_faster_than_time_is_never_heard_before_its_samples_were_taken(self) -> None:
        source, headband = source_of()
        blocks: list[Block] = []
        for tick in range(1, 101):
            headband.give(27)
            read = source.read(NightTime(tick * 0.1))
            assert all(block.arrived_s[-1] <= tick * 0.1 for block in read)
            blocks += read
        assert (np.diff(np.concatenate([block.arrived_s for block in blocks])) >= 0).all()

    def test_every_sample_arrives_once_in_order(self) -> None:
        source, headband = source_of()
        blocks: list[Block] = []
        for tick in range(1, 101):
            headband.give(25)
            blocks += source.read(NightTime(tick * 0.1))
        assert np.concatenate([block.samples[:, 0] for block in blocks]).tolist() == list(range(2500))
        assert steps(blocks).max() < grid.LOSS_PERIODS

    def test_a_stall_and_its_burst_lose_nothing_and_are_late(self) -> None:
        source, headband = source_of()
        blocks: list[Block] = []
        for tick in range(1, 101):
            if not 30 <= tick < 60:
                headband.give(25 * (31 if tick == 60 else 1))
            blocks += source.read(NightTime(tick * 0.1))
        assert np.concatenate([block.samples[:, 0] for block in blocks]).tolist() == list(range(2500))
        assert steps(blocks).max() < grid.LOSS_PERIODS
        late_s = max(
            float((block.arrived_s - block.onset_s - np.arange(len(block.samples)) / RATE_HZ).max()) for block in blocks
        )
        assert late_s == pytest.approx(3.0, abs=0.2)

    def test_what_the_device_counted_and_never_sent_becomes_a_gap(self) -> None:
        source, headband = source_of()
        state, gaps = grid.start(RATE_HZ, source.stream.channels), []
        for tick in range(1, 101):
            headband.give(25, lose=10 if tick == 50 else 0)
            for block in source.read(NightTime(tick * 0.1)):
                state, _, lost = grid.push(state, block)
                gaps += lost
        assert [gap.samples for gap in gaps] == [10]

    def test_a_device_out_of_reach_is_paired_again_and_leaves_a_gap(self) -> None:
        source, headband = source_of()
        blocks: list[Block] = []
        tick = 0
        for tick in range(1, 31):
            headband.give(25)
            blocks += source.read(NightTime(tick * 0.1))
        headband.is_there = False
        while tick < 30 + (PAIR_AGAIN_S + RETRY_S) * 10 + 20:
            tick += 1
            blocks += source.read(NightTime(tick * 0.1))
            time.sleep(0.001)
        assert headband.opened == 1
        headband.is_there = True
        while headband.opened < 2 and tick < 2000:
            tick += 1
            blocks += source.read(NightTime(tick * 0.1))
            time.sleep(0.001)
        back_s = tick * 0.1
        for later in range(1, 31):
            headband.give(25)
            blocks += source.read(NightTime((tick + later) * 0.1))
        found = [step for step in steps(blocks) if step > grid.LOSS_PERIODS]
        assert len(found) == 1
        assert found[0] / RATE_HZ == pytest.approx(back_s - 3.0, abs=0.5)
        source.close()

    def test_a_host_clock_that_is_set_moves_no_sample(self, monkeypatch: pytest.MonkeyPatch) -> None:
        source, headband = source_of()
        blocks: list[Block] = []
        for tick in range(1, 101):
            headband.give(25)
            with monkeypatch.context() as set_back:
                if tick == 50:
                    now_s = utc_now().timestamp()
                    set_back.setattr(
                        "dreamloom.adapters.brainflow.source.time.time", lambda now_s=now_s: now_s - 3600.0
                    )
                blocks += source.read(NightTime(tick * 0.1))
        assert steps(blocks).max() < grid.LOSS_PERIODS
        assert steps(blocks).min() > grid.REPEAT_PERIODS

    def test_an_electrode_offset_is_taken_out_of_a_dc_coupled_device(self) -> None:
        source, headband = source_of("brainbit", channels=("T3",))
        headband._waiting = np.full((32, 250), 90_000.0)
        headband._waiting[10] = utc_now().timestamp()
        (block,) = source.read(NightTime(1.0))
        assert np.abs(block.samples).max() < 1.0


class TestNoticed:
    """What is told beside the samples."""

    def test_samples_that_fail_to_come_for_half_a_second_are_told_once_an_episode(self) -> None:
        source, headband = source_of()
        told: list[AnyEvent] = []
        for tick in range(1, 401):
            if tick not in {*range(30, 45), *range(70, 85), *range(300, 310)}:
                headband.give(25)
            source.read(NightTime(tick * 0.1))
            told += source.told()
        assert all(isinstance(event, GlitchSeen) and event.glitch == "LATE" for event in told)
        assert [event.onset_s for event in told] == pytest.approx([3.4, 30.4], abs=0.11)

    @pytest.mark.parametrize(
        ("spec", "kind"), [("synthetic,serial=1", StreamRecognised), ("synthetic", StreamUnrecognised)]
    )
    def test_a_device_paired_again_is_recognised_by_its_address_alone(self, spec: str, kind: type) -> None:
        late, returned = told_after_pairing(spec)
        assert isinstance(late, GlitchSeen)
        assert isinstance(returned, kind)

    @pytest.mark.parametrize(
        ("spec", "channels", "kohm"),
        [
            ("brainbit", (), {"EEG T3": 1.0, "EEG T4": 2.0, "EEG O1": 3.0, "EEG O2": 4.0}),
            ("brainbit", ("O2", "T4"), {"EEG O2": 4.0, "EEG T4": 2.0}),
            ("ganglion", ("3",), {"EEG 3": 3.0}),
            ("synthetic", ("Fz",), None),
            ("muse_2", ("AF7",), None),
        ],
    )
    def test_a_resistance_is_that_of_its_own_electrode(
        self, spec: str, channels: tuple[str, ...], kohm: dict[str, float] | None
    ) -> None:
        first = {"brainbit": 5, "ganglion": 8}.get(spec, 27)
        source, headband = source_of(spec, channels=channels)
        headband.give(25)
        headband._waiting[first : first + 5] = 1000.0 * np.arange(1, 6)[:, np.newaxis][: 32 - first]
        assert source.impedances_kohm() is None
        source.read(NightTime(0.1))
        assert source.impedances_kohm() == kohm


def told_after_pairing(spec: str) -> list[AnyEvent]:
    """What is told by a device that falls silent and is found at its second pairing, until its first block after it."""
    source, headband = source_of(spec)
    headband.give(25)
    source.read(NightTime(0.1))
    told, blocks, tick = list[AnyEvent](), list[Block](), 1
    while not blocks and tick < 3000:
        tick += 1
        if headband.opened > 1:
            headband.give(25)
        blocks = source.read(NightTime(tick * 0.1))
        told += source.told()
        time.sleep(0.001)
    source.close()
    assert blocks
    return told


class TestWords:
    def test_every_board_is_one_that_brainflow_knows(self) -> None:
        from brainflow.board_shim import BoardIds, BoardShim

        for name, board in BOARDS.items():
            assert board.id in BoardIds.__members__, name
            if name != "playback":
                assert BoardShim.get_board_descr(BoardIds[board.id].value)["eeg_channels"], name

    @pytest.mark.parametrize(
        ("spec", "code"),
        [
            ("muse2", "DL-E343"),
            ("", "DL-E343"),
            ("muse_2,mack=1", "DL-E344"),
            ("muse_2,timeout=soon", "DL-E344"),
            ("playback,file=x.csv", "DL-E344"),
            ("playback,board=cyton", "DL-E344"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, spec: str, code: str) -> None:
        with pytest.raises(ConfigError) as caught:
            read_spec(spec)
        assert caught.value.code == code

    def test_a_channel_that_is_not_there_is_named_with_the_nearest(self) -> None:
        with pytest.raises(StreamError, match="no channel") as caught:
            source_of(channels=("F33",))
        assert "F3" in str(caught.value.do)

    def test_without_brainflow_the_remedy_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "brainflow.board_shim", None)
        with pytest.raises(StreamError) as caught:
            BrainFlowSource("synthetic")
        assert caught.value.code == "DL-E240"
        assert "dreamloom[brainflow]" in str(caught.value.do)


class TestWhoIsWho:
    @pytest.mark.parametrize(
        "specs",
        [
            ("synthetic", "synthetic"),
            ("muse_s", "muse_s,mac=00:55:DA:B0:00:01"),
            ("muse_s,mac=00:55:da:b0:00:01", "muse_s_bled,mac=00:55:DA:B0:00:01"),
            ("cyton,port=/dev/ttyUSB0", "cyton,port=/dev/ttyUSB0,timeout=5"),
        ],
    )
    def test_two_beds_never_lie_on_one_board(self, specs: tuple[str, str]) -> None:
        with pytest.raises(ConfigError) as caught:
            refuse_shared({f"p{n}": read_spec(spec) for n, spec in enumerate(specs)})
        assert caught.value.code == "DL-E243"

    def test_boards_that_can_be_told_apart_are_welcome(self) -> None:
        specs = ("synthetic,serial=1", "synthetic,serial=2", "muse_s,mac=00:55:DA:B0:00:01", "cyton,port=COM3")
        refuse_shared({f"p{n}": read_spec(spec) for n, spec in enumerate(specs)})

    def test_a_board_in_a_night_that_is_not_live_is_refused(self) -> None:
        pods = [PodAsked(id="p1", sleeper="S01", source="brainflow:synthetic")]
        with pytest.raises(StreamError) as caught:
            listen(pods, speed_x=40.0)
        assert caught.value.code == "DL-E258"

    def test_boards_are_opened_beside_each_other_before_any_is_asked_for(self) -> None:
        pods = [
            PodAsked(id="p1", sleeper="S01", source="sim:lucid"),
            *(PodAsked(id=f"p{n}", sleeper=f"S0{n}", source=f"brainflow:synthetic,serial={n}") for n in (2, 3)),
        ]
        boards = open_boards(pods)
        try:
            assert sorted(boards) == ["p2", "p3"]
            source, name = open_source(pods[1], SourceRequest(folder=Path(), seed=1, board=boards["p2"]))
            assert (source, name) == (boards["p2"], "brainflow:synthetic,serial=2")
        finally:
            for board in boards.values():
                board.close()

    def test_a_board_that_is_missing_leaves_no_other_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        closed: list[BrainFlowSource] = []
        close = BrainFlowSource.close
        monkeypatch.setattr(BrainFlowSource, "close", lambda source: (closed.append(source), close(source))[1])
        specs = ("synthetic,serial=1", "cyton,port=/dev/does-not-exist,timeout=1")
        pods = [PodAsked(id=spec[:4], sleeper=spec[:4], source=f"brainflow:{spec}") for spec in specs]
        with pytest.raises(StreamError):
            open_boards(pods)
        assert [source.ended for source in closed] == [True]

    def test_no_second_of_a_night_is_spent_on_opening_its_boards(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order: list[str] = []
        opening, strike = BoardSession.open, opening_clock.clock_of

        def open_noted(session: BoardSession) -> None:
            order.append("board")
            opening(session)

        def strike_noted(past: Past, utc: datetime, speed_x: float | None) -> tuple[Clock, int, NightTime]:
            order.append("clock")
            return strike(past, utc, speed_x)

        monkeypatch.setattr(BoardSession, "open", open_noted)
        monkeypatch.setattr(assembling, "clock_of", strike_noted)
        pods = [PodAsked(id=f"p{n}", sleeper=f"S0{n}", source=f"brainflow:synthetic,serial={n}") for n in (1, 2)]
        night = write_night(House(tmp_path), "boards", pods, "nightmare_rem_tmr", seed=1)
        run_night(night, RunOptions(speed_x=1.0, until_s=2.0))
        assert order == ["board", "board", "clock"]

    def test_a_board_that_is_gone_when_its_night_goes_on_is_sought_beside_it(self) -> None:
        headbands: list[Headband] = []

        def connect(asked: BoardAsked) -> Headband:
            headbands.append(Headband(asked))
            headbands[0].is_there = False
            return headbands[0]

        source = BrainFlowSource("synthetic", channels=("Fz",), sought=True, connect=connect)
        headbands[0].is_there = True
        blocks: list[Block] = []
        for tick in range(1, 2000):
            if headbands[0].opened:
                headbands[0].give(25)
            blocks += source.read(NightTime(tick * 0.1))
            if blocks:
                break
            time.sleep(0.001)
        source.close()
        assert blocks
