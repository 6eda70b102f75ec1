"""How do a person's nights look, one beside the other? Bars or dots a night, each week's mean with its interval."""

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.outcomes.trends import Values, Week
from dreamloom.vocabulary.texts import Say, in_english

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As short as a chart has room for."""
WIDE_PX, NARROW_PX = 720, 358
HEIGHT_PX, TOP_PX, FOOT_PX = 150, 22, 40
LEFT_PX, RIGHT_PX = 30, 6
HELD_PX = 40
"""Room for one word above the plot; where two would meet, the first stands for both."""


class Shown(NamedTuple):
    """One figure: what, how high it may go, night by night, and what lies over it.

    Attributes:
        begins: the index of the first night after the baseline; None where there is none.
        held: indices of nights whose morning held cues.
    """

    name: str
    title: str
    sentence: str
    top: int
    is_count: bool
    values: Values
    evenings: Sequence[date]
    weeks: Sequence[Week]
    begins: int | None
    held: Sequence[int]


class _Plot(NamedTuple):
    shown: Shown
    width_px: int

    @property
    def slot_px(self) -> float:
        return (self.width_px - LEFT_PX - RIGHT_PX) / max(1, len(self.shown.values))

    def x(self, night: float) -> float:
        return LEFT_PX + night * self.slot_px

    def y(self, value: float) -> float:
        share = min(1.0, max(0.0, value / self.shown.top))
        return TOP_PX + (1.0 - share) * (HEIGHT_PX - TOP_PX)


def chart(shown: Shown, *, say: Say = in_english) -> Markup:
    """The figure twice: for a wide screen or paper, and for a phone."""
    sizes = ((WIDE_PX, "wide"), (NARROW_PX, "narrow"))
    return join(*(_drawn(_Plot(shown, width), size, say) for width, size in sizes))


def _drawn(plot: _Plot, size: str, say: Say) -> Markup:
    mark = f"{plot.shown.name}-{size}"
    hatch = tag("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", class_="hatch")
    pattern = tag("pattern", hatch, id=f"{mark}-h", width=6, height=6, patternUnits="userSpaceOnUse")
    return tag(
        "svg",
        tag("title", plot.shown.title, id=f"{mark}-t"),
        tag("desc", plot.shown.sentence, id=f"{mark}-d"),
        tag("defs", pattern),
        _grid(plot),
        _weeks(plot),
        _nights(plot, f"url(#{mark}-h)"),
        _marks(plot, say),
        _days(plot, say),
        viewBox=f"0 0 {plot.width_px} {HEIGHT_PX + FOOT_PX}",
        role="img",
        class_=f"chart {size}",
        aria_labelledby=f"{mark}-t {mark}-d",
    )


def _grid(plot: _Plot) -> Markup:
    top = plot.shown.top
    step = 1 if top <= 4 else 2 if top <= 6 else 5
    lines = []
    for value in range(0, top + 1, step):
        y = plot.y(value)
        lines.append(tag("line", x1=LEFT_PX, x2=plot.width_px - RIGHT_PX, y1=y, y2=y, class_="grid"))
        lines.append(tag("text", str(value), x=LEFT_PX - 8, y=y + 4, text_anchor="end", class_="label"))
    return join(*lines)


def _weeks(plot: _Plot) -> Markup:
    drawn = []
    for week in plot.shown.weeks:
        if week.mean is None:
            continue
        left, wide = plot.x(week.first), week.nights * plot.slot_px - 2
        high, low = plot.y(week.mean.high), plot.y(week.mean.low)
        drawn.append(tag("rect", x=left + 1, y=high, width=wide, height=max(1.0, low - high), class_="band"))
        y = plot.y(week.mean.value)
        drawn.append(tag("line", x1=left + 1, x2=left + 1 + wide, y1=y, y2=y, class_="mean"))
    return join(*drawn)


def _nights(plot: _Plot, hatch: str) -> Markup:
    drawn = []
    for night, value in enumerate(plot.shown.values):
        x, slot = plot.x(night), plot.slot_px
        if value is None:
            height = HEIGHT_PX - TOP_PX
            drawn.append(tag("rect", x=x + 1, y=TOP_PX, width=max(1.0, slot - 2), height=height, fill=hatch))
        elif plot.shown.is_count:
            wide = min(18.0, slot * 0.55)
            top = min(plot.y(value), HEIGHT_PX - 2)  # none at all is a line, not nothing
            left = x + (slot - wide) / 2
            drawn.append(tag("rect", x=left, y=top, width=wide, height=HEIGHT_PX - top, class_="night"))
        else:
            drawn.append(tag("circle", cx=x + slot / 2, cy=plot.y(value), r=min(4.5, slot / 3), class_="night"))
    return join(*drawn)


def _marks(plot: _Plot, say: Say) -> Markup:
    drawn = []
    if plot.shown.begins is not None and 0 < plot.shown.begins < len(plot.shown.values):
        x = plot.x(plot.shown.begins)
        drawn.append(tag("line", x1=x, x2=x, y1=4, y2=HEIGHT_PX, class_="begins"))
        drawn.append(tag("text", say("baseline"), x=x - 6, y=13, text_anchor="end", class_="label"))
        drawn.append(tag("text", say("since"), x=x + 6, y=13, class_="label"))
    free_from = 0.0
    for night in plot.shown.held:
        x = plot.x(night + 1)
        drawn.append(tag("line", x1=x, x2=x, y1=4, y2=HEIGHT_PX, class_="held"))
        near_end = x > plot.width_px - 48
        if x - (HELD_PX if near_end else 0) >= free_from:
            anchor, at = ("end", x - 6) if near_end else (None, x + 6)
            drawn.append(tag("text", say("held"), x=at, y=13, text_anchor=anchor, class_="held-label"))
            free_from = x + HELD_PX
    return join(*drawn)


def _days(plot: _Plot, say: Say) -> Markup:
    """The days of some nights, as many as fit."""
    every = max(1, math.ceil(60 / plot.slot_px))
    labels = [
        tag("text", _day(day, say), x=plot.x(n + 0.5), y=HEIGHT_PX + 18, text_anchor="middle", class_="label")
        for n, day in enumerate(plot.shown.evenings)
        if n % every == 0 and plot.x(n + 0.5) < plot.width_px - 18
    ]
    ground = tag("line", x1=LEFT_PX, x2=plot.width_px - RIGHT_PX, y1=HEIGHT_PX, y2=HEIGHT_PX, class_="ground")
    what = tag("text", say("evening of the night"), x=LEFT_PX, y=HEIGHT_PX + 35, class_="label")
    return join(ground, *labels, what)


def _day(day: date, say: Say) -> str:
    return say("{day} {month}", day=day.day, month=say(MONTHS[day.month - 1]))
