"""When was each sample taken, on the sender's clock? Smooths jittering stamps, finds losses, tells steps of the clock.

A sample's time is on a line that never bends suddenly: knots once a second, no earlier than the sample before. Stamps
pull at the line; they are never used as they are, and never rewritten.
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from dreamloom.vocabulary.units import BoolArray, FloatArray

REMEMBERED_KNOTS = 30
"""Seconds whose stamps decide on the true rate. Ours."""
LEAST_KNOTS = 4
"""Before so many, the nominal rate counts. Ours."""
BENDS_OVER_KNOTS = 4
"""In how many seconds the line meets what the stamps say. Ours."""
RATE_WITHIN = 0.02
"""A device's true rate lies this close to its nominal one, as a share. Ours."""
LOSS_PERIODS = 0.5
"""A stamp this many periods late is a loss where stamps are exact; as in signals/grid.py. Ours."""
SPREADS = 6.0
"""Where stamps jitter, a loss must stick out by this many times their spread. Ours."""
EVEN_PERIODS = 0.15
"""Stamps that lie this close to whole periods from each other are even: they count the samples themselves. Ours."""
EVEN_S = 2.0
"""How long stamps must have been even to be trusted so. Ours."""
EVEN_SHARE = 0.002
"""And across a loss by this share of it more: the true rate is known no better at first. Ours."""
ODD_PERIODS = 2.0
"""No more than this does one stamp off the line add to their spread. Ours."""
SURE_S = 1.0
"""So late a stamp is a loss however the others jitter. Ours."""
DOUBT_S = 0.25
"""How long stamps must stay off the line to be believed. Ours."""
AHEAD_S = 0.1
"""A stamp that lies further in the future is no loss: the sender's clock was moved. Ours."""
START_SPREAD_S = 0.1 / SPREADS
"""Before anything is known of a stream's stamps, they may jitter by 0.1 s. Ours."""
FORGETS = 0.6
"""Share of the old spread that is left after a second without jitter. Ours."""


class Run(NamedTuple):
    """Some samples from place `first` of what was pulled, at onset_s and every period_s on the sender's clock."""

    first: int
    samples: int
    onset_s: float
    period_s: float


class Step(NamedTuple):
    """The sender's clock was moved by so much against its own samples; the line goes on as if it had not been."""

    step_s: float


@dataclass(frozen=True, slots=True)
class Line:
    """Times at counts: `at_s` at count `at`, then every period_s."""

    at: int
    at_s: float
    period_s: float

    def time_s(self, count: float) -> float:
        return self.at_s + (count - self.at) * self.period_s

    def times_s(self, counts: FloatArray) -> FloatArray:
        return self.at_s + (counts - self.at) * self.period_s


class _Second(NamedTuple):
    """Sums over the samples since the last knot."""

    samples: int = 0
    usual: int = 0
    counts: float = 0.0
    off_s: float = 0.0
    off_squared: float = 0.0
    odd_squared: float = 0.0


NOTHING_YET = _Second()


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of one connection's stamps.

    Attributes:
        sfreq_hz: nominal rate.
        count: number of the next sample, lost ones counted.
        given: where samples are put.
        said: where stamps say they are.
        shift_s: what is added to stamps since the sender's clock was moved.
        spread_s: how far stamps lie from `said`.
        doubt: samples in a row that lay off it, and the sum of how far.
        last_s: the last stamp, shifted.
        even: how many stamps in a row lay whole periods apart.
        knots: (count, time) of the last seconds, as their stamps say.
    """

    sfreq_hz: float
    count: int
    given: Line
    said: Line
    shift_s: float = 0.0
    spread_s: float = START_SPREAD_S
    doubt: tuple[int, float] = (0, 0.0)
    last_s: float = math.nan
    even: int = 0
    second: _Second = NOTHING_YET
    knots: tuple[tuple[float, float], ...] = ()
    lost: int = 0

    @property
    def is_exact(self) -> bool:
        return self.even >= EVEN_S * self.sfreq_hz

    @property
    def off_line_s(self) -> float:
        return max(LOSS_PERIODS / self.sfreq_hz, SPREADS * self.spread_s)


def begin(sfreq_hz: float, first_stamp_s: float, shift_s: float = 0.0) -> Track:
    """The track of a connection whose first sample bears this stamp."""
    line = Line(0, first_stamp_s + shift_s, 1.0 / sfreq_hz)
    return Track(sfreq_hz, 0, line, line, shift_s=shift_s)


def follow(track: Track, stamps_s: FloatArray, now_s: float) -> tuple[Track, list[Run], list[Step]]:
    """The next samples of a connection, however they were cut.

    Args:
        track: as the samples before left it.
        stamps_s: [n], on the sender's clock.
        now_s: the sender's clock now.

    Returns:
        The track, the samples' times as unbroken runs, and the steps of the sender's clock.
    """
    runs: list[Run] = []
    steps: list[Step] = []
    at = 0
    while at < len(stamps_s):
        room = _room(track)
        before = track
        track, samples, step = _taken(track, stamps_s[at : at + room] + track.shift_s, now_s)
        runs.append(Run(at, samples, before.given.time_s(track.count - samples), before.given.period_s))
        steps.extend([step] if step else [])
        at += samples
        if track.second.samples >= round(track.sfreq_hz):
            track = _knotted(track)
    return track, _joined(runs), steps


def _room(track: Track) -> int:
    """How many samples until something changes: the next knot, or stamps that were even for long enough."""
    to_knot = round(track.sfreq_hz) - track.second.samples
    to_exact = to_knot if track.is_exact else math.ceil(EVEN_S * track.sfreq_hz - track.even)
    return max(1, min(to_knot, to_exact))


def _taken(track: Track, times_s: FloatArray, now_s: float) -> tuple[Track, int, Step | None]:
    """Some samples from the front: many that are as expected, or one that needs a look."""
    apart = np.diff(np.concatenate(([track.last_s], times_s))) / track.said.period_s
    whole = np.rint(apart)
    is_even = (whole >= 1) & (np.abs(apart - whole) <= EVEN_PERIODS + EVEN_SHARE * whole)
    many = _counted if track.is_exact else _steady
    samples, missing = many(track, times_s, whole, is_even)
    if missing and times_s[0] > now_s + AHEAD_S:
        samples = 0
    if samples == 0:
        track, step = _one(track, float(times_s[0]), now_s)
        moved_s = step.step_s if step else 0.0
        return replace(track, last_s=float(times_s[0]) - moved_s, even=0), 1, step
    counts = track.count + missing + np.arange(samples, dtype=np.float64)
    second = _added(track.second, counts, times_s[:samples] - track.said.times_s(counts))
    uneven = np.flatnonzero(~is_even[:samples])
    even = track.even + samples if len(uneven) == 0 else samples - 1 - int(uneven[-1])
    taken = replace(
        track,
        count=track.count + missing + samples,
        lost=track.lost + missing,
        last_s=float(times_s[samples - 1]),
        even=even,
        second=second,
        doubt=(0, 0.0),
    )
    return taken, samples, None


def _counted(track: Track, times_s: FloatArray, whole: FloatArray, is_even: BoolArray) -> tuple[int, int]:
    """Exact stamps count for themselves: how many samples follow each other, and how many are missing before them."""
    del track, times_s
    follows = is_even & (whole == 1)
    follows[0] = is_even[0]
    samples = len(follows) if follows.all() else int(np.argmin(follows))
    return samples, int(whole[0]) - 1 if samples else 0


def _steady(track: Track, times_s: FloatArray, whole: FloatArray, is_even: BoolArray) -> tuple[int, int]:
    """As many samples as lie on the line; none while there is doubt."""
    del whole, is_even
    if track.doubt[0]:
        return 0, 0
    counts = track.count + np.arange(len(times_s), dtype=np.float64)
    is_on = np.abs(times_s - track.said.times_s(counts)) <= track.off_line_s
    return len(is_on) if is_on.all() else int(np.argmin(is_on)), 0


def _one(track: Track, time_s: float, now_s: float) -> tuple[Track, Step | None]:
    """One sample whose stamp may lie off the line: a loss, a moved clock, or jitter; those behind it show which."""
    off_s = time_s - track.said.time_s(track.count)
    if abs(off_s) <= track.off_line_s:
        second = _added(track.second, np.array([float(track.count)]), np.array([off_s]))
        return replace(track, count=track.count + 1, second=second, doubt=(0, 0.0)), None
    is_ahead = time_s > now_s + AHEAD_S
    if off_s >= SURE_S and not is_ahead:
        return _lost(track, off_s), None
    doubted, sum_s = track.doubt[0] + 1, track.doubt[1] + off_s
    if doubted < math.ceil(DOUBT_S * track.sfreq_hz):
        return replace(track, count=track.count + 1, second=_odd(track, off_s), doubt=(doubted, sum_s)), None
    step_s = sum_s / doubted
    if step_s > 0 and not is_ahead:
        return _lost(track, step_s), None
    moved = replace(track, count=track.count + 1, shift_s=track.shift_s - step_s, doubt=(0, 0.0))
    return moved, Step(step_s)


def _lost(track: Track, late_s: float) -> Track:
    """Samples are missing before this one: as many periods as it is late."""
    missing = max(1, round(late_s / track.said.period_s))
    second = _odd(track, late_s)
    return replace(track, count=track.count + missing + 1, second=second, doubt=(0, 0.0), lost=track.lost + missing)


def _odd(track: Track, off_s: float) -> _Second:
    """A stamp off the line may mean that stamps jitter; a long loss no more than a short one."""
    capped_s = min(abs(off_s), max(ODD_PERIODS / track.sfreq_hz, track.off_line_s))
    second = track.second
    return second._replace(samples=second.samples + 1, odd_squared=second.odd_squared + capped_s * capped_s)


def _added(second: _Second, counts: FloatArray, off_s: FloatArray) -> _Second:
    return _Second(
        second.samples + len(counts),
        second.usual + len(counts),
        second.counts + float(counts.sum()),
        second.off_s + float(off_s.sum()),
        second.off_squared + float(np.square(off_s).sum()),
        second.odd_squared,
    )


def _knotted(track: Track) -> Track:
    """A second is full: what its stamps say joins the others, and the line bends towards them."""
    second = track.second
    if second.usual == 0:
        return replace(track, second=NOTHING_YET)
    middle, off_s = second.counts / second.usual, second.off_s / second.usual
    usual_squared = max(0.0, second.off_squared - off_s * second.off_s)
    spread_s = math.sqrt((usual_squared + second.odd_squared) / second.samples)
    knots = (*track.knots, (middle, track.said.time_s(middle) + off_s))[-REMEMBERED_KNOTS:]
    said = _fitted(knots, track.sfreq_hz)
    here_s = track.given.time_s(track.count)
    over = BENDS_OVER_KNOTS * round(track.sfreq_hz)
    period_s = (said.time_s(track.count + over) - here_s) / over
    return replace(
        track,
        given=Line(track.count, here_s, _bounded(period_s, track.sfreq_hz)),
        said=said,
        spread_s=max(spread_s, FORGETS * track.spread_s),
        second=NOTHING_YET,
        knots=knots,
    )


def _fitted(knots: tuple[tuple[float, float], ...], sfreq_hz: float) -> Line:
    counts, times_s = np.array(knots).T
    middle, middle_s = counts.mean(), times_s.mean()
    period_s = 1.0 / sfreq_hz
    if len(knots) >= LEAST_KNOTS:
        aside = counts - middle
        period_s = _bounded(float(np.vdot(aside, times_s - middle_s) / np.vdot(aside, aside)), sfreq_hz)
    whole = round(float(middle))
    return Line(whole, float(middle_s + (whole - middle) * period_s), period_s)


def _bounded(period_s: float, sfreq_hz: float) -> float:
    return min(max(period_s * sfreq_hz, 1.0 - RATE_WITHIN), 1.0 + RATE_WITHIN) / sfreq_hz


def _joined(runs: list[Run]) -> list[Run]:
    """Runs that follow each other on one line, as one."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last is not None and last.period_s == run.period_s:
            due_s = last.onset_s + last.samples * last.period_s
            if abs(run.onset_s - due_s) < LOSS_PERIODS * run.period_s:
                joined[-1] = last._replace(samples=last.samples + run.samples)
                continue
        joined.append(run)
    return joined
