"""When was the gate of each part open, and what let its cues pass? One lane a part, on the hypnogram's time axis."""

from collections.abc import Sequence

from msgspec import Struct

from dreamloom.gallery.frame import MARK_PX, Frame, axis, hatch, lane, picture
from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.night_clock import duration
from dreamloom.gallery.pod_night import PodNight, Span, length_s, union
from dreamloom.gallery.words import REASONS, counted
from dreamloom.record.events import WithheldReason

TOP_PX = 6


class OpenGate(Struct, frozen=True):
    """One part that asks for stages: its number, those stages in words, and when its gate on them was open."""

    part: int
    stages: str
    spans: tuple[Span, ...]


def gate_strip(
    night: PodNight, gates: Sequence[OpenGate], frame: Frame, *, name: str, title: str, sentence: str
) -> Markup:
    """SVG text: for each part a lane of open stretches, and below it one of what let its cues pass, and why.

    Hollow, solid and hatched bars mean what they mean in `cue_ribbon`. Arguments as for `hypnogram.hypnogram`.
    """
    defs, unknown = hatch(frame, name)
    parts: list[Markup] = []
    y = float(TOP_PX)
    for gate in gates:
        row = lane(frame, y, f"gate {gate.part + 1} open", duration(length_s(gate.spans)))
        parts += [row.label, join(*(_bar(frame, span, row.y_px, "gate-open") for span in gate.spans))]
        row = lane(frame, row.next_px, "withheld", _occasions(night, gate))
        parts += [row.label, _withheld(night, gate, frame, (row.y_px, unknown))]
        y = row.next_px
    scale, height = axis(frame, TOP_PX, y + 4)
    return picture(frame, height, defs, scale, *parts, name=name, title=title, sentence=sentence)


def of_gates(night: PodNight, gates: Sequence[OpenGate]) -> str:
    """What the strip shows, in words."""
    said = []
    for gate in gates:
        opened = f"open {counted(len(gate.spans), 'time')}, {duration(length_s(gate.spans))} in all"
        most = _reasons(night, gate)
        why = f"; its cues were let pass mostly because {REASONS[most[0]].because}" if most else ""
        said.append(f"Gate {gate.part + 1} ({gate.stages}) was {opened if gate.spans else 'never open'}{why}.")
    return " ".join(said)


def _reasons(night: PodNight, gate: OpenGate) -> list[WithheldReason]:
    tallies: dict[WithheldReason, int] = {}
    for silence in night.silences:
        if silence.part == gate.part:
            tallies[silence.reason] = tallies.get(silence.reason, 0) + silence.occasions
    return sorted(tallies, key=lambda reason: -tallies[reason])


def _occasions(night: PodNight, gate: OpenGate) -> str:
    return f"{sum(silence.occasions for silence in night.silences if silence.part == gate.part):,}"


def _withheld(night: PodNight, gate: OpenGate, frame: Frame, row: tuple[float, str]) -> Markup:
    y_px, unknown = row
    bars: list[Markup] = []
    for reason, words in REASONS.items():
        own = [(s.from_s, s.to_s) for s in night.silences if s.part == gate.part and s.reason == reason]
        fill = unknown if words.group == "missing" else None
        bars += [_bar(frame, span, y_px, f"held {words.group}", fill=fill, title=words.short) for span in union(own)]
    return join(*bars)


def _bar(frame: Frame, span: Span, y_px: float, class_: str, *, fill: str | None = None, title: str = "") -> Markup:
    told = [tag("title", title)] if title else []
    return tag(
        "rect",
        *told,
        x=frame.x(span.from_s),
        y=y_px + 1,
        width=frame.width(span.from_s, span.to_s),
        height=MARK_PX - 2,
        fill=fill,
        class_=class_,
    )
