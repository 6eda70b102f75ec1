"""What truly went on in a simulated night? Stages by the second and every happening, for judging what was believed."""

from dataclasses import dataclass

import numpy as np

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import Happening, What
from dreamloom.sleeper.interludes import Stretch
from dreamloom.sleeper.rates import phasic
from dreamloom.sleeper.stages import R
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage


@dataclass(frozen=True, slots=True)
class Truth:
    """A stretch of simulated night as it really was; times in seconds since its own beginning.

    Attributes:
        stages: the stage of each second.
        happenings: arousals, eye movements, spindles and the rest, oldest first.
        stretches: phasic REM, nightmares, times out of bed, electrodes off, oldest first, cut to the stretch of night.
    """

    stages: tuple[Stage, ...]
    happenings: tuple[Happening, ...]
    stretches: tuple[Stretch, ...] = ()

    def onsets_s(self, what: What) -> tuple[float, ...]:
        """When each happening of this kind began."""
        return tuple(happening.onset_s for happening in self.happenings if happening.what == what)


def truth(traits: Traits, seed: int, duration_s: int, *, start_s: int = 0) -> Truth:
    """The truth of duration_s seconds of this sleeper's night, from start_s after lights-off on."""
    return truth_of(Course(traits, seed, until_s=start_s + duration_s), duration_s, start_s=start_s)


def truth_of(course: Course, duration_s: int, *, start_s: int = 0) -> Truth:
    """The same of a course already made; it must reach as far."""
    end_s = start_s + duration_s
    stages = tuple(SCORED_STAGES[index] for index in course.stages[start_s:end_s])
    happenings = tuple(
        happening._replace(onset_s=happening.onset_s - start_s)
        for minute in range(start_s // 60, -(-end_s // 60))
        for happening in course.minute(minute)
        if start_s <= happening.onset_s < end_s
    )
    return Truth(stages, happenings, tuple(_stretches(course, start_s, end_s)))


def phasic_stretches(course: Course, start_s: int, end_s: int) -> list[Stretch]:
    """The phasic stretches of REM in this stretch of night, to the half second, in seconds since lights-off."""
    at_s = np.arange(2 * start_s, 2 * end_s) / 2.0
    if not len(at_s):
        return []
    in_rem = np.repeat(course.stages_between(start_s, end_s), 2) == R
    is_phasic = (in_rem & phasic(course.traits, course.chance, at_s)).astype(np.int8)
    edges = np.flatnonzero(np.diff(is_phasic, prepend=0, append=0)).reshape(-1, 2) / 2.0
    return [Stretch("phasic rem", start_s + onset_s, beyond_s - onset_s) for onset_s, beyond_s in edges.tolist()]


def _stretches(course: Course, start_s: int, end_s: int) -> list[Stretch]:
    found = [*course.stretches, *phasic_stretches(course, start_s, end_s)]
    cut = [
        stretch._replace(
            onset_s=max(stretch.onset_s, start_s) - start_s,
            duration_s=min(stretch.end_s, end_s) - max(stretch.onset_s, start_s),
        )
        for stretch in found
        if stretch.onset_s < end_s and stretch.end_s > start_s
    ]
    return sorted(cut, key=lambda stretch: stretch.onset_s)
