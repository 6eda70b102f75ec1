"""Cues in step with slow waves, in whole small nights: met, authorised first, sealed alike, silent when they must."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, reduce

import numpy as np
import pytest
from msgspec.structs import replace as with_fields

from dreamloom.pod.fold import evolve
from dreamloom.pod.state import opening_state
from dreamloom.pod.waves import Watched
from dreamloom.record.codec import comparable
from dreamloom.record.events import (
    AnyEvent,
    ConsentWithdrawn,
    CueAudited,
    CueDue,
    CueFailed,
    CuePlayed,
    CueWithheld,
    GapSeen,
    PhaseChecked,
    PhaseWindowOpened,
    Recovered,
    StreamLost,
)
from dreamloom.signals.blocks import Block
from dreamloom.testing import nights
from dreamloom.testing.nights import TinyNight, run_tiny_night, withdrawal
from dreamloom.testing.signals import FakeSource, recut
from dreamloom.testing.slow_waves import CLICKS, deep_bed, deep_night, deep_source, dues_of, error_deg, windows_of
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime, Seconds

SECONDS = 112


@cache
def whole() -> TinyNight:
    """One night for all who only read it."""
    return deep_night(SECONDS)


def test_cues_sound_on_the_peaks_of_slow_waves_at_the_planned_moment() -> None:
    night = whole()
    played = [event for event in night.events if isinstance(event, CuePlayed)]
    assert len(played) >= 5
    assert all(event.actual_s == event.planned_s for event in played)
    assert all(abs(error_deg(event.actual_s)) < 20 for event in played)
    assert not night.of(CueFailed)


def test_every_cue_lies_in_a_window_that_was_told_before() -> None:
    night = whole()
    windows, seen = windows_of(night), set[str]()
    for event in night.events:
        if isinstance(event, PhaseWindowOpened):
            seen.add(event.id)
        if isinstance(event, CueDue):
            window = windows[event.cause or ""]
            assert window.id in seen
            assert window.from_s <= event.play_at_s <= window.until_s
            assert event.level_db == window.level_db
    causes = [due.cause for due in dues_of(night)]
    assert len(set(causes)) == len(causes)


def test_every_cue_is_audited_and_silent_moments_are_checked_in_the_open() -> None:
    night = whole()
    audited = [event.cause for event in night.of(CueAudited)]
    assert sorted(map(str, audited)) == sorted(due.id for due in dues_of(night))
    checked = [event for event in night.events if isinstance(event, PhaseChecked)]
    assert checked
    assert all(abs(event.error_deg) < 25 for event in checked)
    cues_s = [due.play_at_s for due in dues_of(night)]
    assert not {event.met_s for event in checked} & set(cues_s)


@pytest.mark.parametrize("wanted_deg", [-90, pytest.param(180, marks=pytest.mark.slow)])
def test_a_wanted_phase_is_any_phase(wanted_deg: int) -> None:
    night = deep_night(80, text=CLICKS.replace("at: 0 deg", f"at: {wanted_deg} deg"))
    errors = [error_deg(due.play_at_s, wanted_deg) for due in dues_of(night)]
    assert len(errors) >= 3
    assert max(map(abs, errors)) < 30


def test_a_sham_leaves_the_tracking_and_the_decisions_as_a_cue_does() -> None:
    logs = []
    for arm in ("active", "sham"):
        night = deep_night(80, arm=arm)
        pod = next(iter(night.engine._bedsides.values())).pod
        (watched,) = pod.waves
        logs.append((watched.state.errors_rad, watched.state.learned.cross.tobytes(), watched.state.last_z))
        logs[-1] += (tuple(due.play_at_s for due in dues_of(night)), pod.decision)
    assert logs[0] == logs[1]
    assert len(logs[0][3]) >= 3


def test_a_sleeper_who_withdraws_inside_a_window_hears_nothing() -> None:
    cue = next(event for event in whole().events if isinstance(event, CuePlayed) and event.actual_s > 60)
    at_s = round(cue.actual_s - 0.01, 6)
    night = deep_night(SECONDS, script=[withdrawal("p1", at_s)])
    withdrawn = next(i for i, event in enumerate(night.events) if isinstance(event, ConsentWithdrawn))
    assert [e.actual_s for e in night.events if isinstance(e, CuePlayed) and e.actual_s > at_s] == []
    assert not any(isinstance(event, CueDue | PhaseWindowOpened) for event in night.events[withdrawn:])
    before = {event.actual_s for event in whole().events if isinstance(event, CuePlayed) and event.actual_s < at_s}
    assert {event.actual_s for event in night.events if isinstance(event, CuePlayed)} == before
    silenced = [event for event in night.events[withdrawn:] if isinstance(event, CueFailed)]
    assert [event.bits for event in silenced] == [("REVOKED",)]


def test_a_cue_that_sounded_before_its_sleeper_withdrew_in_the_same_second_is_told() -> None:
    cue = next(event for event in whole().events if isinstance(event, CuePlayed) and event.actual_s % 1 < 0.8)
    night = deep_night(cue.actual_s + 6, script=[withdrawal("p1", round(cue.actual_s + 0.1, 6))])
    told = [event for event in night.events if isinstance(event, CuePlayed)]
    assert told[-1].actual_s == cue.actual_s
    assert told[-1].cause in {*windows_of(night), *(due.id for due in dues_of(night))}


def test_without_the_delay_of_its_output_no_cue_waits_for_a_wave() -> None:
    night = deep_night(60, output_s=None)
    assert night.of(CueDue) == night.of(PhaseWindowOpened) == []
    assert "NO_PROFILE" in {event.reason for event in night.events if isinstance(event, CueWithheld)}


def test_waves_that_cannot_be_foretold_are_refused() -> None:
    scattered = tuple(stream(3, "errors").uniform(-np.pi, np.pi, 100).tolist())

    def uncertain(*words: object) -> tuple[Watched, ...]:
        return tuple(with_fields(e, state=with_fields(e.state, errors_rad=scattered)) for e in plain(*words))  # type: ignore[arg-type]

    plain = nights.watched
    try:
        nights.watched = uncertain  # type: ignore[assignment]
        night = deep_night(60)
    finally:
        nights.watched = plain
    assert night.of(CueDue) == []
    assert "UNCERTAIN" in {event.reason for event in night.events if isinstance(event, CueWithheld)}


def test_a_record_that_breaks_off_inside_a_window_counts_a_cue_more() -> None:
    night, (plan, _) = whole(), nights.plan_of(CLICKS)
    opened = opening_state(plan, None, None)
    place = next(i for i, event in enumerate(night.events) if isinstance(event, PhaseWindowOpened))
    until = night.events[: place + 1]
    lost = Recovered(onset_s=200.0, lost_from_s=until[-1].onset_s, lost_to_s=200.0, segment=1)
    late = Recovered(onset_s=200.0, lost_from_s=until[-1].onset_s + 3.0, lost_to_s=200.0, segment=1)

    def counted(events: Sequence[AnyEvent]) -> int:
        return reduce(lambda state, event: evolve(state, event, plan), events, opened).parts[0].cues_tonight

    assert counted([*until, lost]) == counted([*until[:-1], lost]) + 1
    assert counted([*until, late]) == counted([*until[:-1], late])


def test_silent_blocks_are_kept_between_sounding_ones() -> None:
    text = CLICKS.replace("    every: 2.5 s", "    every: 1 s\n    blocks: {on: 2, off: 2, because: ours}")
    night = deep_night(120, text=text)
    checked = [(event.met_s, "-") for event in night.events if isinstance(event, PhaseChecked)]
    cues = [(due.play_at_s, "x") for due in dues_of(night)]
    told = "".join(kind for at_s, kind in sorted([*checked, *cues]) if at_s >= cues[0][0])
    assert len(cues) >= 6
    assert told.startswith("xx--xx--xx")


def broken_night(block_samples: int, seconds: float = 76) -> bytes:
    """With samples lost, a stream lost and found, and a withdrawal inside a second."""
    bed = deep_bed(source=Broken(deep_source(seconds + 20), GAPS_S, block_samples))
    night = run_tiny_night({"p1": bed}, text=CLICKS, script=[withdrawal("p1", seconds)], ahead_s=block_samples / 100)
    assert {GapSeen, StreamLost, CuePlayed, CueAudited, ConsentWithdrawn} <= {type(event) for event in night.events}
    return b"\n".join(map(comparable, night.events))


GAPS_S = ((20.3, 20.5), (30.0, 34.2))


class Broken:
    """A stream whose samples of some stretches never come, cut as a test says."""

    def __init__(self, inner: FakeSource, gaps_s: Sequence[tuple[float, float]], block_samples: int) -> None:
        self.stream, self.ends_s = inner.stream, inner.ends_s
        single = recut(inner.read(inner.ends_s), 1)
        self._waiting = [each for each in single if not any(a <= each.onset_s < b for a, b in gaps_s)]
        self._block_samples = block_samples

    @property
    def ended(self) -> bool:
        return not self._waiting

    def read(self, until_s: NightTime) -> list[Block]:
        ready: list[Block] = []
        while self._waiting:
            count = self._run()
            if self._waiting[count - 1].arrived_s[-1] > until_s:
                break
            ready.append(_joined(self._waiting[:count]))
            del self._waiting[:count]
        return ready

    def _run(self) -> int:
        for count in range(1, min(self._block_samples, len(self._waiting))):
            if self._waiting[count].onset_s - self._waiting[count - 1].onset_s > 0.015:
                return count
        return min(self._block_samples, len(self._waiting))

    def close(self) -> None:
        self._waiting = []


def _joined(blocks: Sequence[Block]) -> Block:
    samples, arrived_s = (
        np.concatenate(each) for each in zip(*((b.samples, b.arrived_s) for b in blocks), strict=True)
    )
    return replace(blocks[0], samples=samples, arrived_s=arrived_s)


def test_how_the_stream_is_cut_tells_no_difference() -> None:
    assert len({broken_night(block_samples) for block_samples in (7, 2500)}) == 1


@pytest.mark.slow
def test_how_the_stream_is_cut_tells_no_difference_at_any_size() -> None:
    assert len({broken_night(block_samples, 100) for block_samples in (1, 7, 25, 250, 2500)}) == 1


def test_a_late_output_is_reckoned_with() -> None:
    night = deep_night(80, output_s=Seconds(0.15))
    errors = [error_deg(event.actual_s) for event in night.events if isinstance(event, CuePlayed)]
    assert len(errors) >= 3
    assert max(map(abs, errors)) < 30


BESIDE = """  - for: each sleeper
    when: {stage: [N3], confidence: ">= 0.8", because: ours}
    play: click
    every: 10 s
    budget: {per_hour: 1200, per_night: 3000, because: ours}
arms:
"""


@pytest.mark.parametrize("output_s", [0.02, 0.15, 0.6], ids=["near", "far", "behind a radio"])
def test_whoever_waits_for_a_wave_that_never_comes_keeps_nobody_waiting(output_s: float) -> None:
    waits = CLICKS.replace("at: 0 deg,", "at: 0 deg, trough_below: -250 uV,").replace("arms:\n", BESIDE)
    night = deep_night(80, text=waits, output_s=Seconds(output_s))
    assert len(windows_of(night)) > 20
    dues = dues_of(night)
    assert {due.part for due in dues} == {1}
    apart_s = np.diff([due.play_at_s for due in dues])
    assert len(apart_s) >= 3
    assert apart_s.max() <= 12.0
