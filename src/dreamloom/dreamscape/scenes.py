"""Where in a night does a part belong? Scenes, the cues that may sound in each, and the steps out of them."""

from collections.abc import Iterator

from dreamloom.dreamscape.company import Transition, is_at_one_moment
from dreamloom.dreamscape.model import OWN, Dreamscape, named_cues, placed_parts
from dreamloom.dreamscape.slots import step_slot


def first_scene(dreamscape: Dreamscape) -> str | None:
    """The scene in which a night begins: the first of the file; None where it has none."""
    return next(iter(dreamscape.scenes), None)


def steps_to_take(dreamscape: Dreamscape, scene: str | None) -> tuple[Transition, ...]:
    """The steps out of a scene in the order of the file, from which the first that holds is taken."""
    return dreamscape.scenes[scene].next if scene in dreamscape.scenes else ()


def steps_for_all(dreamscape: Dreamscape) -> Iterator[tuple[int, str, Transition]]:
    """Number, scene and step of those that everybody takes at once: no bed decides one alone."""
    for name, scene in dreamscape.scenes.items():
        for step in scene.next:
            if is_at_one_moment(step.for_):
                yield number_of_step(dreamscape, name, step), name, step


def number_of_step(dreamscape: Dreamscape, scene: str, step: Transition) -> int:
    """Under which number a record tells of this step out of a scene."""
    return step_slot(list(dreamscape.scenes).index(scene), dreamscape.scenes[scene].next.index(step))


def cues_in(dreamscape: Dreamscape, scene: str) -> frozenset[str]:
    """Names of the cues that may sound at a bed in this scene, or in one it may go to next.

    A bed decides by itself when it goes, so that a lease for where it is must hold where it goes. What is no part's
    (an arm's, a relay's, an awakening's) belongs to every scene.
    """
    near = {None, scene, *(step.to for step in steps_to_take(dreamscape, scene))}
    of_parts = {name for placed in placed_parts(dreamscape) if placed.scene in near for name in placed.part.own_cues}
    beside = {name for path, name in named_cues(dreamscape) if not path.startswith(("parts[", "scenes."))}
    return frozenset((of_parts | beside) - {OWN})
