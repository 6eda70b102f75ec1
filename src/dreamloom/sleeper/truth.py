"""What truly went on in a simulated night? Stages by the second and every happening, for judging what was believed."""

from dataclasses import dataclass

from dreamloom.sleeper.course import Course
from dreamloom.sleeper.happenings import Happening, What
from dreamloom.sleeper.traits import Traits
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage


@dataclass(frozen=True, slots=True)
class Truth:
    """A stretch of simulated night as it really was; times in seconds since its own beginning.

    Attributes:
        stages: the stage of each second.
        happenings: arousals, eye movements, spindles and the rest, oldest first.
    """

    stages: tuple[Stage, ...]
    happenings: tuple[Happening, ...]

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
    return Truth(stages, happenings)
