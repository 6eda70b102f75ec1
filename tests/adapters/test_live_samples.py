"""Does a view see what a bed shows, whole, and never more than what came?"""

from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters.live_samples import MISSING, SHOWN_S, LiveSamples, LiveView
from dreamloom.signals.blocks import Block, Channel, StreamInfo
from dreamloom.vocabulary.units import Hertz, NightTime

STREAM = StreamInfo("test", (Channel("EEG a", "EEG"), Channel("EOG b", "EOG")), Hertz(100.0), 100)


def block(first: int, n: int, value: float = 1.0) -> Block:
    samples = np.full((n, 2), value) + np.array([0.0, 0.5])
    return Block(NightTime(first / 100), samples, Hertz(100.0), np.full(n, first / 100))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "live" / "p1"


def seen(path: Path, index: int = 0):
    view = LiveView.of(path)
    assert view is not None
    return view.since(index)


def test_a_view_sees_each_sample_once_in_tenths_of_a_microvolt(path: Path) -> None:
    live = LiveSamples(path, STREAM)
    live.show(block(0, 25))
    live.show(block(25, 25, value=-2.0))
    newest = seen(path)
    assert (newest.first, newest.samples.shape, newest.sfreq_hz) == (0, (50, 2), 100.0)
    assert newest.samples[0].tolist() == [10, 15]
    assert newest.samples[49].tolist() == [-20, -15]
    assert len(seen(path, 50).samples) == 0


def test_what_never_came_is_missing_and_what_is_not_a_number_too(path: Path) -> None:
    live = LiveSamples(path, STREAM)
    live.show(block(0, 10))
    live.show(block(20, 10, value=float("nan")))
    samples = seen(path).samples
    assert (samples[10:20] == MISSING).all()
    assert (samples[20:30] == MISSING).all()
    assert len(samples) == 30


def test_what_does_not_fit_is_clipped_and_never_taken_for_missing(path: Path) -> None:
    live = LiveSamples(path, STREAM)
    live.show(block(0, 1, value=-1e6))
    live.show(block(1, 1, value=1e6))
    assert seen(path).samples[:, 0].tolist() == [-32767, 32767]


def test_a_minute_is_kept_and_older_samples_give_way(path: Path) -> None:
    live = LiveSamples(path, STREAM)
    for first in range(0, 20_000, 100):
        live.show(block(first, 100, value=first / 100))
    newest = seen(path)
    assert newest.first == 20_000 - int(SHOWN_S) * 100
    assert newest.samples[0, 0] == newest.first // 100 * 10
    live.show(block(100, 10))
    assert seen(path).first == newest.first


def test_samples_after_a_long_silence_show_nothing_from_before_it(path: Path) -> None:
    live = LiveSamples(path, STREAM)
    live.show(block(0, 100))
    live.show(block(1_000_000, 100))
    newest = seen(path)
    assert newest.first == 1_000_100 - int(SHOWN_S) * 100
    assert (newest.samples[:-100] == MISSING).all()


def test_nothing_is_shown_before_and_after_a_night_nor_by_a_file_of_another_kind(path: Path) -> None:
    assert LiveView.of(path) is None
    live = LiveSamples(path, STREAM)
    assert path.stat().st_mode & 0o777 == 0o600
    live.close()
    assert LiveView.of(path) is None
    for content in (b"", b"x" * 100):
        path.write_bytes(content)
        assert LiveView.of(path) is None


def test_a_night_opened_again_shows_from_its_own_beginning(path: Path) -> None:
    LiveSamples(path, STREAM).show(block(0, 100))
    again = LiveSamples(path, STREAM)
    again.show(block(50_000, 10))
    assert (seen(path).samples[:-10] == MISSING).all()
