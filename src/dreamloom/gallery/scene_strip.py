"""In which scene was this sleeper, and when? One lane a scene, on the hypnogram's time axis."""

from collections.abc import Iterable

from msgspec import Struct

from dreamloom.gallery.frame import MARK_PX, Frame, axis, lane, picture
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.night_clock import duration
from dreamloom.gallery.pod_night import Span, length_s
from dreamloom.gallery.words import counted
from dreamloom.record.events import AnyEvent, SceneEntered, SceneReason

TOP_PX = 6
WHY: dict[SceneReason, str] = {
    "BEGINNING": "the night began",
    "GATE": "its gate was open",
    "AFTER": "the time before it was over",
    "AROUSAL": "the sleeper stirred",
    "AWAKENING": "the sleeper woke",
    "EYE_SIGNAL": "the sleeper signalled with the eyes",
    "NIGHTMARE": "the sleeper stirred as out of a nightmare",
    "TOGETHER": "everybody went there at once",
    "BY_HAND": "the person in charge said so",
}
"""Why a scene was entered; ends the sentence "Scene common began: …"."""


class InScene(Struct, frozen=True):
    """One scene, and the stretches this sleeper spent in it."""

    scene: str
    spans: tuple[Span, ...]


def scenes_of(events: Iterable[AnyEvent], pod: str, ends_s: float) -> tuple[InScene, ...]:
    """The scenes one pod was in, in the order in which it came to them; none where its dreamscape has none."""
    steps = [event for event in events if isinstance(event, SceneEntered) and event.pod == pod]
    until_s = [*(step.onset_s for step in steps), max([ends_s, *(step.onset_s for step in steps)])][1:]
    found: dict[str, list[Span]] = {}
    for step, to_s in zip(steps, until_s, strict=True):
        found.setdefault(step.scene, []).append(Span(step.onset_s, to_s))
    return tuple(InScene(scene, tuple(spans)) for scene, spans in found.items())


def scene_strip(scenes: Iterable[InScene], frame: Frame, *, name: str, title: str, sentence: str) -> Markup:
    """SVG text: a lane for each scene, solid while this sleeper was in it. Arguments as for `hypnogram.hypnogram`."""
    parts: list[Markup] = []
    y = float(TOP_PX)
    for each in scenes:
        row = lane(frame, y, f"in {each.scene}", duration(length_s(each.spans)))
        parts += [row.label, join(*(_bar(frame, span, row.y_px) for span in each.spans))]
        y = row.next_px
    scale, height = axis(frame, TOP_PX, y + 4)
    return picture(frame, height, scale, *parts, name=name, title=title, sentence=sentence)


def of_scenes(scenes: Iterable[InScene]) -> str:
    """What the strip shows, in words; nothing where there is none."""
    said = [
        f"{each.scene} {counted(len(each.spans), 'time')}, {duration(length_s(each.spans))} in all" for each in scenes
    ]
    return f"Scenes: {'; '.join(said)}." if said else ""


def _bar(frame: Frame, span: Span, y_px: float) -> Markup:
    return tag(
        "rect",
        x=frame.x(span.from_s),
        y=y_px + 1,
        width=frame.width(span.from_s, span.to_s),
        height=MARK_PX - 2,
        class_="gate-open",
    )
