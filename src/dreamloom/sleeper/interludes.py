"""What breaks into a planned night? Times out of bed, nightmares, electrodes that come off, from traits."""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from dreamloom.sleeper.happenings import Happening
from dreamloom.sleeper.noise import Chance
from dreamloom.sleeper.stages import N1, R, StageIndices, W
from dreamloom.sleeper.traits import Traits

Lasting = Literal["out of bed", "nightmare", "electrode off", "phasic rem"]


class Stretch(NamedTuple):
    """Something that goes on for a while; times in seconds since lights-off.

    Attributes:
        channel: which electrode came off; -1 where that is no question.
    """

    what: Lasting
    onset_s: float
    duration_s: float
    channel: int = -1

    @property
    def end_s(self) -> float:
        return self.onset_s + self.duration_s


class Interludes(NamedTuple):
    """All of a night's, oldest first, and the movements that go with them."""

    stretches: tuple[Stretch, ...]
    movements: tuple[Happening, ...]


ELECTRODES = 4
"""EEG, both eyes, chin."""
_NIGHTMARE_AFTER_S = 180
"""A nightmare needs so much REM before it ends. Ours."""


def interludes(traits: Traits, chance: Chance, stages: StageIndices) -> Interludes:
    """What breaks into this person's night; the stages change with it, in place. Nothing without such a trait.

    A longer night holds the shorter one's.
    """
    found = [
        stretch
        for name, per_h, make in _KINDS
        if (rate := float(getattr(traits, per_h))) > 0.0
        for half_hour in range(2 * (len(stages) // 3600 + 1))
        if (stretch := _tried(_Try(chance(name, half_hour), rate, half_hour), stages, make))
    ]
    found.sort(key=lambda stretch: stretch.onset_s)
    movements = [move for stretch in found if stretch.what == "out of bed" for move in _turnings(stretch)]
    return Interludes(tuple(found), tuple(movements))


_Make = Callable[[np.random.Generator, int, StageIndices], Stretch | None]


class _Try(NamedTuple):
    rng: np.random.Generator
    per_h: float
    half_hour: int


def _tried(a_try: _Try, stages: StageIndices, make: _Make) -> Stretch | None:
    """The stretch of one half-hour, if it has one."""
    luck, place = a_try.rng.random(2)
    second = int(1800 * (a_try.half_hour + place))
    return make(a_try.rng, second, stages) if luck < a_try.per_h / 2.0 else None


def _outing(rng: np.random.Generator, second: int, stages: StageIndices) -> Stretch | None:
    """Awake and restless, gone for some minutes, back, awake for a while, then through N1 into the planned night."""
    away_s = round(120.0 + 180.0 * float(rng.gamma(2.0, 0.5)))
    awake_s, drowsy_s = 60 + round(240.0 * rng.random()), 60
    _wake(stages, second - 45, second + away_s + awake_s, drowsy_s)
    return Stretch("out of bed", float(second), float(away_s))


def _nightmare(rng: np.random.Generator, second: int, stages: StageIndices) -> Stretch | None:
    """A minute or two of REM with a racing heart, then awake."""
    length_s, awake_s = round(60.0 + 60.0 * rng.random()), 60 + round(180.0 * rng.random())
    before = stages[max(0, second - _NIGHTMARE_AFTER_S) : second + 1]
    if len(before) <= _NIGHTMARE_AFTER_S or (before != R).any():
        return None
    _wake(stages, second, second + awake_s, 60)
    return Stretch("nightmare", float(second - length_s), float(length_s))


def _loose(rng: np.random.Generator, second: int, _: StageIndices) -> Stretch | None:
    """Until somebody sees to it, or it holds again by itself."""
    return Stretch("electrode off", float(second), round(300.0 + 2400.0 * rng.random()), int(rng.integers(ELECTRODES)))


_KINDS: tuple[tuple[str, str, _Make], ...] = (
    ("nightmare", "nightmares_per_h", _nightmare),
    ("outing", "outings_per_h", _outing),
    ("loose", "loose_per_h", _loose),
)


def _wake(stages: StageIndices, onset_s: int, asleep_s: int, drowsy_s: int) -> None:
    """Awake, then drowsy, unless awake by plan."""
    stages[max(0, onset_s) : asleep_s] = W
    drowsy = stages[asleep_s : asleep_s + drowsy_s]
    drowsy[drowsy != W] = N1


def _turnings(stretch: Stretch) -> list[Happening]:
    """Getting up and lying down shake every lead."""
    return [
        Happening("movement", stretch.onset_s - 9.0, 9.0, 260.0, 0.0),
        Happening("movement", stretch.end_s, 12.0, 260.0, 0.0),
    ]
