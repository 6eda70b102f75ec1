"""What does a bed play that cannot tell stages? The fallback its author declared for such a pod, and nothing else."""

from typing import Literal

import msgspec

from dreamloom.dreamscape.model import Dreamscape, placed_parts
from dreamloom.dreamscape.obeyed import obeyed_parts
from dreamloom.dreamscape.part import POD_KINDS, Fallback, Part

PodKind = Literal["headband", "watch", "phone", "speaker"]


def fallback_of(part: Part, pod: PodKind) -> Fallback | None:
    """What the author wrote for this kind of pod, else for the next lesser one: a watch has a phone's clock as well."""
    lesser = POD_KINDS[POD_KINDS.index(pod) :]
    found = {other.pod: other for other in reversed(part.else_)}
    return next((found[kind] for kind in lesser if kind in found), None)


def unsupported(dreamscape: Dreamscape, pod: PodKind) -> dict[int, Part]:
    """Parts that would play, ask for a stage and say nothing of a pod like this one, by number."""
    placed = placed_parts(dreamscape)
    played = {number: placed[number].part for number in obeyed_parts(dreamscape)}
    return {number: part for number, part in played.items() if part.when.stage and fallback_of(part, pod) is None}


def by_the_clock(dreamscape: Dreamscape, pod: PodKind) -> Dreamscape:
    """The dreamscape as a pod plays it that cannot tell stages: every obeyed part with its fallback in its place.

    Numbers of parts stay. One that is not obeyed is left as it is, and so is one without a fallback: its gate asks for
    a stage that nobody tells, and never opens.
    """
    placed, played = placed_parts(dreamscape), frozenset(obeyed_parts(dreamscape))
    parts: dict[str | None, list[Part]] = {}
    for number, (_, scene, part) in enumerate(placed):
        parts.setdefault(scene, []).append(_by_the_clock(part, pod) if number in played else part)
    scenes = {
        name: msgspec.structs.replace(scene, parts=tuple(parts.get(name, ())))
        for name, scene in dreamscape.scenes.items()
    }
    return msgspec.structs.replace(dreamscape, parts=tuple(parts.get(None, ())), scenes=scenes)


def _by_the_clock(part: Part, pod: PodKind) -> Part:
    other = fallback_of(part, pod) if part.when.stage else None
    if other is None:
        return part
    return msgspec.structs.replace(
        part,
        when=other.when,
        label=other.label,
        aims_at=part.when.stage,
        expected_hits=other.expected_hits,
        else_=(),
    )
