"""How well is one night clock kept over a network? Two clocks drifting apart, and pings that wait in queues. Simulated.

The delays are models, not measurements: a wired network as in a house, and a crowded radio whose two ways differ, with
retries, power saving and losses.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dreamloom.orchestra.night_clock import Ping, PodClock, heard
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds

Chance = np.random.Generator
PING_EVERY_S = 2.0
BUILD_PPM, WANDER_PPM, WANDER_PERIOD_S = 50.0, 1.0, 2400.0
"""A crystal as it was built, and by how much a night's temperatures move it."""


class Air(NamedTuple):
    """One network: the ways there and back in seconds, and the share of exchanges that never return."""

    there: Callable[[Chance], float]
    back: Callable[[Chance], float]
    lost: float


def _wired(chance: Chance) -> float:
    burst_s = chance.exponential(2e-3) if chance.random() < 0.02 else 0.0
    return 0.15e-3 + chance.gamma(1.0, 0.1e-3) + burst_s


def _radio(least_s: float, mean_s: float, chance: Chance) -> float:
    """Contention (gamma), retries with a heavy tail (Pareto), now and then a wait for the radio to wake (100 ms)."""
    wait_s = chance.uniform(0.0, 0.1) if chance.random() < 0.05 else 0.0
    retries_s = 3e-3 * chance.pareto(1.5) if chance.random() < 0.1 else 0.0
    return least_s + float(chance.gamma(1.5, mean_s / 1.5)) + min(retries_s, 2.0) + wait_s


LAN = Air(_wired, lambda chance: 0.05e-3 + _wired(chance), lost=0.0)
WIFI = Air(lambda chance: _radio(1.0e-3, 4e-3, chance), lambda chance: _radio(1.5e-3, 7e-3, chance), lost=0.03)


@dataclass(frozen=True, slots=True)
class Kept:
    """[second] of one run: how far night time was off, how far it was said to be at most, and one ping alone."""

    errors_s: FloatArray
    bounds_s: FloatArray
    alone_s: FloatArray


def run(air: Air, *, seed: int, duration_s: float) -> Kept:
    """One pod for so long: night time asked once a second of pod time, as soon as there is a bound."""
    chance = stream(seed, "clocks apart")
    offset = _offset(chance)
    clock, asked_s = PodClock(), 0.0
    told: list[tuple[float, float]] = []
    alone: list[float] = []
    for ping in _pings(air, offset, chance, duration_s):
        while asked_s < ping.back_s:
            held = clock.held(Seconds(asked_s))
            if held is not None:
                told.append((held.likely_s - offset(asked_s), held.bound_s))
            asked_s += 1.0
        clock = heard(clock, ping)
        middle_s = (ping.sent_s + ping.back_s) / 2.0
        alone.append((ping.heard_s + ping.answered_s) / 2.0 - middle_s - offset(middle_s))
    assert clock.begun_anew == 0
    errors, bounds = np.array(told).T
    return Kept(errors, bounds, np.array(alone))


def _offset(chance: Chance) -> Callable[[float], float]:
    """Night time less pod time, by pod time: two crystals as built, wandering slowly."""
    built, phase = 2.0 * BUILD_PPM * 1e-6 * chance.uniform(-0.97, 0.97), chance.uniform(0.0, 2.0 * np.pi)
    turns = 2.0 * np.pi / WANDER_PERIOD_S
    swing_s = WANDER_PPM * 1e-6 / turns
    begun_s = chance.uniform(-1e5, 1e5)
    return lambda at_s: float(begun_s + built * at_s - swing_s * np.cos(turns * at_s + phase))


def _pings(air: Air, offset: Callable[[float], float], chance: Chance, duration_s: float) -> Iterator[Ping]:
    at_s = 0.0
    while at_s < duration_s:
        there_s, busy_s, back_s = air.there(chance), chance.uniform(0.0, 1e-3), air.back(chance)
        heard_at, answered_at = at_s + there_s, at_s + there_s + busy_s
        returned_s = answered_at + back_s
        if chance.random() >= air.lost and returned_s < at_s + PING_EVERY_S:
            night = (NightTime(moment_s + offset(moment_s)) for moment_s in (heard_at, answered_at))
            yield Ping(Seconds(at_s), next(night), next(night), Seconds(returned_s))
        at_s += PING_EVERY_S
