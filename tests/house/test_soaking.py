"""Does listening to a band count what it does? Dropouts, stalls, gaps and delays, on a radio that a test makes bad."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from dreamloom.engine.clocks import VirtualClock
from dreamloom.house.soaking import Soaked, open_live, soak
from dreamloom.record.events import AnyEvent, ClockOffsetSeen, GlitchSeen
from dreamloom.signals.blocks import Block
from dreamloom.testing.signals import FakeSource
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.vocabulary.units import NightTime, Seconds


class Band:
    """A device at 100 Hz whose blocks come later than they should, or never, by the onset of each."""

    def __init__(
        self, *, late_s: Callable[[float], float] = lambda _: 0.0, lost: Callable[[float], bool] = lambda _: False
    ) -> None:
        inner = FakeSource(true_hz=100, grid_hz=100, duration_s=7200)
        self.stream = inner.stream
        self.ended = False
        self.ends_s = NightTime(math.inf)
        self._inner = inner
        self._late_s = late_s
        self._lost = lost
        self._waiting: list[Block] = []
        self._told: list[AnyEvent] = [
            GlitchSeen(onset_s=3.0, glitch="IMPOSTOR"),
            ClockOffsetSeen(onset_s=0.0, offset_s=0.0, used_s=0.0, uncertainty_s=0.0),
            GlitchSeen(onset_s=9.0, glitch="IMPOSTOR"),
        ]

    def read(self, until_s: NightTime) -> list[Block]:
        for block in self._inner.read(until_s):
            if not self._lost(block.onset_s):
                self._waiting.append(replace(block, arrived_s=block.arrived_s + self._late_s(block.onset_s)))
        ready = [block for block in self._waiting if block.arrived_s[-1] <= until_s]
        self._waiting = [block for block in self._waiting if block.arrived_s[-1] > until_s]
        return ready

    def told(self) -> list[AnyEvent]:
        told, self._told = self._told, []
        return told

    def impedances_kohm(self) -> dict[str, float] | None:
        return {"EEG 1": 4.2}

    def close(self) -> None:
        """Nothing is held open."""


def heard(band: Band, *, for_s: float = 120.0, told: Callable[[float], None] = lambda _: None) -> Soaked:
    return soak(band, VirtualClock(), for_s=Seconds(for_s), told=told)


def test_a_band_that_holds_has_nothing_to_tell_and_the_night_is_bounded_by_how_long_it_was_heard() -> None:
    found = heard(Band(), for_s=600.0)
    assert (found.dropouts, found.stalls, found.gaps, found.lost_samples) == (0, 0, 0, 0)
    assert found.rate_hz == pytest.approx(100.0, abs=0.1)
    assert found.listened_s == pytest.approx(600.0, abs=0.1)
    assert found.delays.jitter_ms == 0.0
    assert found.delays.median_ms == pytest.approx(50.0, abs=0.1)
    assert found.per_night.mean == 0.0
    assert found.per_night.high == pytest.approx(3.689 * 48, rel=1e-3)


def test_silences_are_stalls_until_two_seconds_and_dropouts_from_then_on() -> None:
    holes = {20: 0.25, 40: 1.5, 60: 2.5, 80: 5.0}
    found = heard(Band(lost=lambda onset_s: any(since <= onset_s < since + for_s for since, for_s in holes.items())))
    assert (found.dropouts, found.stalls) == (2, 1)
    assert found.dropped_s == pytest.approx(2.5 + 5.0, abs=0.6)
    assert found.longest_silence_s == pytest.approx(5.0, abs=0.3)
    assert (found.gaps, found.lost_samples) == (4, 925)
    assert found.per_night.mean == pytest.approx(2 * 240, rel=1e-3)
    assert found.per_night.low == pytest.approx(0.2422 * 240, rel=1e-3)


def test_a_band_that_is_gone_at_the_end_has_dropped_out() -> None:
    found = heard(Band(lost=lambda onset_s: onset_s > 100.0))
    assert found.dropouts == 1
    assert found.dropped_s == pytest.approx(20.0, abs=0.5)


def test_a_stall_and_its_burst_lose_nothing_and_show_as_jitter() -> None:
    found = heard(Band(late_s=lambda onset_s: 44.0 - onset_s if 41 <= onset_s < 44 else 0.0))
    assert (found.dropouts, found.lost_samples) == (1, 0)
    assert found.delays.most_ms == pytest.approx(3050, abs=300)
    assert found.delays.jitter_ms > 100


def test_what_the_source_notices_and_measures_is_told() -> None:
    found = heard(Band(), for_s=20.0)
    assert found.glitches == {"IMPOSTOR": 2}
    assert found.impedances_kohm == {"EEG 1": 4.2}


def test_a_band_that_takes_its_time_to_begin_has_not_dropped_out() -> None:
    found = heard(Band(lost=lambda onset_s: onset_s < 10.0))
    assert (found.dropouts, found.stalls, found.gaps) == (0, 0, 0)


def test_ctrl_c_ends_it_with_what_was_heard() -> None:
    def press(at_s: float) -> None:
        if at_s > 30.0:
            raise KeyboardInterrupt

    found = heard(Band(), told=press)
    assert found.listened_s == pytest.approx(30.0, abs=0.1)
    assert found.samples > 2900


def test_a_band_that_sends_nothing_is_an_error_and_no_perfect_band() -> None:
    with pytest.raises(StreamError, match="Not one sample") as caught:
        heard(Band(lost=lambda _: True), for_s=10.0)
    assert caught.value.code == "DL-E271"


@pytest.mark.parametrize("spec", ["", "edf:night.edf", "brainflow:", "muse_2"])
def test_only_what_is_live_can_be_listened_to(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_live(spec)
    assert caught.value.code == "DL-E107"
    assert "doctor soak --source" in caught.value.do
