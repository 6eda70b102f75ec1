"""Where on a picture does a moment lie? One time axis for every chart of a pod, wide or narrow."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from dreamloom.gallery.markup import Markup, join, number, tag
from dreamloom.gallery.night_clock import NightClock, ticks

Size = Literal["wide", "narrow"]
LANE_PX = {"wide": 20, "narrow": 34}
LABEL_PX = {"wide": 0, "narrow": 15}
"""On a phone a lane's label stands above it."""
MARK_PX = 12


class Frame(NamedTuple):
    """The plotting area's horizontal measures, in px of the viewBox, and the night time it spans."""

    size: Size
    from_s: float
    to_s: float
    clock: NightClock

    @property
    def width_px(self) -> int:
        return 960 if self.size == "wide" else 358

    @property
    def left_px(self) -> int:
        return 150 if self.size == "wide" else 32

    @property
    def gutter_px(self) -> int:
        """Between a label and the plot."""
        return 12 if self.size == "wide" else 8

    @property
    def right_px(self) -> int:
        return self.width_px - (64 if self.size == "wide" else 8)

    def x(self, time_s: float) -> float:
        """Horizontal place of a moment, kept inside the plot."""
        share = (time_s - self.from_s) / max(self.to_s - self.from_s, 1.0)
        return self.left_px + min(max(share, 0.0), 1.0) * (self.right_px - self.left_px)

    def width(self, from_s: float, to_s: float) -> float:
        """Width of a span: at least 1 px, so that nothing that happened is invisible."""
        return max(self.x(to_s) - self.x(from_s), 1.0)


class Lane(NamedTuple):
    """One row under a chart: where its label and its marks stand, and where the next row begins."""

    label: Markup
    y_px: float
    next_px: float


def lane(frame: Frame, top_px: float, text: str, count: str = "") -> Lane:
    """A labelled row of marks MARK_PX high; the count stands at the right end."""
    y = top_px + LABEL_PX[frame.size] + (LANE_PX["wide"] - MARK_PX) / 2
    if frame.size == "wide":
        label = tag("text", text, x=frame.left_px - frame.gutter_px, y=y + 10, text_anchor="end", class_="label")
        total = tag("text", count, x=frame.right_px + 8, y=y + 10, class_="label") if count else Markup()
    else:
        both = f"{text} · {count}" if count else text
        label, total = tag("text", both, x=frame.left_px, y=top_px + 12, class_="label"), Markup()
    base = tag("line", x1=frame.left_px, x2=frame.right_px, y1=y + MARK_PX / 2, y2=y + MARK_PX / 2, class_="grid")
    return Lane(join(label, total, base), y, top_px + LANE_PX[frame.size])


def upright_marks(frame: Frame, times_s: Sequence[float], y_px: float, class_: str) -> Markup:
    """One thin upright mark per moment, all in one path."""
    if not times_s:
        return Markup()
    path = "".join(f"M{number(frame.x(time_s))} {number(y_px)}v{MARK_PX}" for time_s in times_s)
    return tag("path", d=path, class_=class_)


def axis(frame: Frame, top_px: float, bottom_px: float) -> tuple[Markup, float]:
    """Upright lines and labels: night hours, and local time below where it is known. Returns also the new bottom."""
    lines, labels = [], []
    for at_s, label in ticks(frame.from_s, frame.to_s, 12 if frame.size == "wide" else 5):
        x = frame.x(at_s)
        lines.append(tag("line", x1=x, x2=x, y1=top_px, y2=bottom_px, class_="grid"))
        labels.append(tag("text", label, x=x, y=bottom_px + 15, text_anchor="middle", class_="label"))
        local = frame.clock.local_text(at_s)
        if local:
            labels.append(tag("text", local, x=x, y=bottom_px + 30, text_anchor="middle", class_="local"))
    height = 36 if frame.clock.local(frame.from_s) else 21
    return join(*lines, *labels), bottom_px + height


def picture(frame: Frame, height_px: float, *parts: str, name: str, title: str, sentence: str) -> Markup:
    """The whole SVG: its viewBox scales it, title and sentence stand for it where it cannot be seen."""
    mark = f"{name}-{frame.size}"
    return tag(
        "svg",
        tag("title", title, id=f"{mark}-t"),
        tag("desc", sentence, id=f"{mark}-d"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {frame.width_px} {number(height_px)}",
        role="img",
        class_=f"chart {frame.size}",
        aria_labelledby=f"{mark}-t {mark}-d",
    )


def hatch(frame: Frame, name: str) -> tuple[Markup, str]:
    """A pattern of slanted lines for what is not known, and the paint that refers to it."""
    mark = f"{name}-{frame.size}-hatch"
    line = tag("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", class_="hatch")
    pattern = tag("pattern", line, id=mark, width=6, height=6, patternUnits="userSpaceOnUse")
    return tag("defs", pattern), f"url(#{mark})"
