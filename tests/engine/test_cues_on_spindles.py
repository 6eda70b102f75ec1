"""Cues on the onset of spindles, in whole small nights: met while they last, checked in silence, sealed, one log."""

from functools import cache

import pytest

from dreamloom.record.codec import comparable
from dreamloom.record.events import CueAudited, CuePlayed, PhaseChecked, PhaseWindowOpened, SpindleChecked
from dreamloom.testing.nights import TinyNight
from dreamloom.testing.slow_waves import dues_of, windows_of
from dreamloom.testing.spindle_waves import BEGIN_S, LAST_S, ON_SPINDLES, spindle_night


@cache
def whole() -> TinyNight:
    return spindle_night(110)


def in_a_spindle(at_s: float) -> bool:
    return any(begin_s <= at_s <= begin_s + LAST_S for begin_s in BEGIN_S)


def test_cues_sound_while_a_spindle_lasts_inside_a_window_told_before() -> None:
    played = [event for event in whole().events if isinstance(event, CuePlayed)]
    assert len(played) >= 5
    assert all(in_a_spindle(event.actual_s) for event in played)
    windows = windows_of(whole())
    assert all(windows[due.cause or ""].from_s <= due.play_at_s for due in dues_of(whole()))


def test_silent_moments_are_checked_in_the_open_and_cues_are_audited_sealed() -> None:
    night = whole()
    checked = [event for event in night.events if isinstance(event, SpindleChecked)]
    assert not night.of(PhaseChecked)
    assert {event.cause for event in night.of(CueAudited)} == {due.id for due in dues_of(night)}
    assert not {event.met_s for event in checked} & {due.play_at_s for due in dues_of(night)}


@pytest.mark.slow
def test_a_silent_check_says_whether_a_spindle_was_there() -> None:
    text = ON_SPINDLES.replace("    every: 3 s", "    every: 3 s\n    blocks: {on: 1, off: 1, because: ours}")
    checked = [event for event in spindle_night(240, text=text).events if isinstance(event, SpindleChecked)]
    assert len(checked) >= 4
    assert sum(event.since_onset_s is not None for event in checked) >= len(checked) - 1


@pytest.mark.slow
def test_a_sham_leaves_spindles_and_decisions_as_a_cue_does() -> None:
    logs = []
    for arm in ("active", "sham"):
        night = spindle_night(120, arm=arm)
        pod = next(iter(night.engine._bedsides.values())).pod
        (watched,) = pod.waves
        logs.append((watched.state.usual_uv.tobytes(), watched.state.run, pod.decision))  # type: ignore[union-attr]
    assert logs[0] == logs[1]


def test_how_the_stream_is_cut_tells_no_difference() -> None:
    logs = {b"\n".join(map(comparable, spindle_night(75, block_samples=size).events)) for size in (7, 2500)}
    assert len(logs) == 1
    assert PhaseWindowOpened.__name__.encode() in logs.pop()
