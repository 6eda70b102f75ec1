"""Is every view sent what beds show, once, from one look, and goes it on when a night does?"""

from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters.live_samples import LiveSamples, LiveView
from dreamloom.signals.blocks import Block, Channel, StreamInfo
from dreamloom.testing.painted_nights import frames_of
from dreamloom.vocabulary.units import Hertz, NightTime
from dreamloom.web.shown_beds import BEATS_A_S, KEPT_BEATS, ShownBeds

HZ = 100
STREAM = StreamInfo("test", (Channel("EEG a", "EEG"),), Hertz(HZ), HZ)


def show(bed: LiveSamples, first: int, count: int) -> None:
    bed.show(Block(NightTime(first / HZ), np.ones((count, 1)), Hertz(HZ), np.zeros(count)))


@pytest.fixture
def bed(tmp_path: Path) -> LiveSamples:
    return LiveSamples(tmp_path / "p1", STREAM)


@pytest.fixture
def shown(tmp_path: Path) -> ShownBeds:
    found = ShownBeds(lambda pod: LiveView.of(tmp_path / pod))
    found.know(["p1"])
    return found


def told(frames: bytes) -> list[tuple[int, int, int]]:
    return list(frames_of(frames))


def test_a_view_is_sent_each_sample_once_from_where_it_was(shown: ShownBeds, bed: LiveSamples) -> None:
    show(bed, 0, 50)
    shown.look(1)
    show(bed, 50, 10)
    shown.look(2)
    shown.look(2)
    assert told(shown.at_first()) == [(0, 0, 60)]
    assert told(shown.since(0)) == [(0, 0, 50), (0, 50, 60)]
    assert told(shown.since(1)) == [(0, 50, 60)]
    assert shown.since(2) == b""


def test_a_view_that_fell_behind_is_sent_the_newest_second(shown: ShownBeds, bed: LiveSamples) -> None:
    for beat in range(30):
        show(bed, 10 * beat, 10)
        shown.look(beat)
    assert told(shown.since(0))[0] == (0, 300 - 10 * KEPT_BEATS, 310 - 10 * KEPT_BEATS)


def test_a_bed_keeps_its_number_when_another_comes(shown: ShownBeds, tmp_path: Path) -> None:
    other = LiveSamples(tmp_path / "p0", STREAM)
    shown.know(["p0", "p1"])
    show(other, 0, 5)
    shown.look(1)
    assert shown.beds == ["p1", "p0"]
    assert told(shown.since(0)) == [(1, 0, 5)]


def test_a_night_that_goes_on_is_shown_again(shown: ShownBeds, bed: LiveSamples, tmp_path: Path) -> None:
    show(bed, 0, 50)
    shown.look(1)
    bed.close()
    again = LiveSamples(tmp_path / "p1", STREAM)
    show(again, 500, 10)
    for beat in range(2, 4 + BEATS_A_S):
        shown.look(beat)
    assert told(shown.since(1)) == [(0, 50, 510)]
