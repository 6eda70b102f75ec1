"""Where does a night of this dreamscape lead? A map as SVG: boxes of text, evening to morning, and labelled steps."""

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dreamloom.dreamscape import words
from dreamloom.dreamscape.company import Transition
from dreamloom.dreamscape.explain_company import step
from dreamloom.dreamscape.explain_gate import gate
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.part import Part
from dreamloom.gallery.markup import Markup, join, number, tag

WIDTH = 1080
LEFT, BOX_WIDTH = 240, 600
LINE, PADDING, GAP = 18, 12, 44
IN_BOX, BESIDE = 76, 24
"""Letters that fit on a line inside a box, and beside one."""
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:#1a1a1a}.title{font-weight:600}.note{font-size:12px}"
    "rect{fill:#fff;stroke:#1a1a1a;stroke-width:1.5}.edge{fill:none;stroke:#1a1a1a;stroke-width:1.5}"
    ".page{fill:#fff;stroke:none}"
)


class _Box(NamedTuple):
    """One box: what it is called, what happens there, and where its top is."""

    key: str
    title: str
    lines: tuple[str, ...]
    top: float
    dashed: bool

    @property
    def height(self) -> float:
        return 2 * PADDING + LINE * (1 + len(self.lines))

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def dreamscape_map(dreamscape: Dreamscape, *, alone: bool = True) -> str:
    """The whole map as an SVG document; everything it shows is text, and nothing rests on colour.

    alone: on white paper, with a style of its own; else its page has the style and the ground.
    """
    boxes = _boxes(dreamscape)
    bottom = boxes[-1].top + boxes[-1].height + GAP
    names = [box.title for box in boxes]
    described = f"{dreamscape.name}: {words.several(names)}, from evening to morning."
    return str(
        tag(
            "svg",
            tag("title", f"Map of {dreamscape.name}"),
            tag("desc", described),
            *_paper(bottom if alone else None),
            _arrow_head(),
            *[_drawn(box) for box in boxes],
            *[_onward(one, other) for one, other in pairwise(boxes) if _follows(dreamscape, other)],
            *_steps(dreamscape, {box.key: box for box in boxes}),
            xmlns="http://www.w3.org/2000/svg",
            role="img",
            viewBox=f"0 0 {WIDTH} {number(bottom)}",
        )
    )


def map_table(dreamscape: Dreamscape) -> str:
    """The same as an HTML table: each box, what happens there, and where it leads."""
    told = []
    for key, title, lines, _ in _rooms(dreamscape):
        scene = dreamscape.scenes.get(key)
        steps = [f"{each.to}, {each.for_}: when {step(each)}" for each in scene.next] if scene else []
        told.append((title, [line.removeprefix("• ") for line in lines], steps))
    heads = tag("tr", *(tag("th", text, scope="col") for text in ("Where", "What happens there", "Leads to")))
    rows = [
        tag("tr", tag("th", title, scope="row"), tag("td", *_lines(lines)), tag("td", *_lines(steps)))
        for title, lines, steps in told
    ]
    caption = tag("caption", f"The map of {dreamscape.name}, evening to morning")
    return str(tag("table", caption, tag("thead", heads), tag("tbody", *rows)))


def _lines(lines: Sequence[str]) -> list[Markup]:
    return [tag("div", line) for line in lines] or [tag("div", "–")]


def _paper(bottom: float | None) -> list[Markup]:
    if bottom is None:
        return []
    return [tag("style", Markup(STYLE)), tag("rect", class_="page", x=0, y=0, width=WIDTH, height=bottom)]


def _boxes(dreamscape: Dreamscape) -> list[_Box]:
    """From evening to morning, one below the other."""
    found: list[_Box] = []
    for key, title, lines, dashed in _rooms(dreamscape):
        top = GAP if not found else found[-1].top + found[-1].height + GAP
        wrapped = [piece for line in lines for piece in textwrap.wrap(line, IN_BOX, subsequent_indent="   ")]
        found.append(_Box(key, title, tuple(wrapped), top, dashed))
    return found


def _rooms(dreamscape: Dreamscape) -> list[tuple[str, str, list[str], bool]]:
    """(key, title, lines, dashed); scenes have a solid frame, what holds beside them a dashed one."""
    evening = [f"{each.for_}: practise with {words.quoted(each.cues)}" for each in dreamscape.training]
    rooms = [("(evening)", "Evening", [*evening, "Lights off"], True)]
    night = [_part(part) for part in dreamscape.parts] + _beside(dreamscape)
    if night:
        title = "All night, beside the scenes" if dreamscape.scenes else "The night"
        rooms.append(("(night)", title, night, bool(dreamscape.scenes)))
    for name, scene in dreamscape.scenes.items():
        lines = ([scene.about] if scene.about else []) + [_part(part) for part in scene.parts]
        rooms.append((name, f"Scene: {name}", lines, False))
    wakes = [_morning(each.latest, each.cue) for each in dreamscape.awakenings if each.kind == "morning"]
    rooms.append(("(morning)", "Morning", [*wakes, "Report, and the night is told"], True))
    return rooms


def _part(part: Part) -> str:
    return f'• {part.for_}: "{part.play}" every {words.duration(part.every_s)} {gate(part.when)}'


def _beside(dreamscape: Dreamscape) -> list[str]:
    lines = [f'• Relay: {each.sender} → {each.receiver}, "{each.cue}", by consent' for each in dreamscape.relays]
    for name, dialogue in dreamscape.dialogues.items():
        lines.append(f"• Dialogue {name}: question → answer → {dialogue.then}")
    for each in dreamscape.awakenings:
        if each.kind != "morning":
            when = f" {gate(each.when)}" if each.when else ""
            lines.append(f'• Wake {each.for_} ({each.kind}) by "{each.cue}"{when}')
    return lines


def _morning(latest: str | None, cue: str) -> str:
    return f'"{cue}" wakes{f", at {latest} at the latest" if latest else ""}'


def _follows(dreamscape: Dreamscape, box: _Box) -> bool:
    """Boxes follow each other by themselves, except scenes: only a step leads there."""
    return box.key not in list(dreamscape.scenes)[1:]


def _drawn(box: _Box) -> Markup:
    frame = tag(
        "rect",
        x=LEFT,
        y=box.top,
        width=BOX_WIDTH,
        height=box.height,
        rx=2 if box.dashed else 14,
        stroke_dasharray="6 4" if box.dashed else None,
    )
    return tag("g", frame, *_text(LEFT + PADDING, box.top + PADDING + 13, (box.title, *box.lines)))


def _text(x: float, y: float, lines: Sequence[str], *, note: bool = False, anchor: str | None = None) -> list[Markup]:
    classes = ["note" if note else ("title" if index == 0 else None) for index in range(len(lines))]
    return [
        tag("text", line, x=x, y=y + LINE * index, class_=classes[index], text_anchor=anchor)
        for index, line in enumerate(lines)
    ]


def _arrow_head() -> Markup:
    path = tag("path", d="M0 0L10 5L0 10z")
    marker = tag(
        "marker", path, id="tip", viewBox="0 0 10 10", refX=9, refY=5, markerWidth=8, markerHeight=8, orient="auto"
    )
    return tag("defs", marker)


def _onward(one: _Box, other: _Box) -> Markup:
    x = LEFT + BOX_WIDTH / 2
    return _line(f"M{number(x)} {number(one.top + one.height)}L{number(x)} {number(other.top)}")


def _line(path: str) -> Markup:
    return tag("path", class_="edge", d=path, marker_end="url(#tip)")


def _steps(dreamscape: Dreamscape, boxes: dict[str, _Box]) -> list[Markup]:
    """Steps onward on the right, steps back on the left, each with its words."""
    drawn: list[Markup] = []
    free_y = {True: 0.0, False: 0.0}
    for name, scene in dreamscape.scenes.items():
        for index, each in enumerate(scene.next, start=1):
            if each.to in boxes:
                one, other, share = boxes[name], boxes[each.to], index / (len(scene.next) + 1)
                down = other.top > one.top
                step_drawn, free_y[down] = _step(one, other, each, share=share, free_y=free_y[down])
                drawn.append(step_drawn)
    return drawn


def _step(one: _Box, other: _Box, each: Transition, *, share: float, free_y: float) -> tuple[Markup, float]:
    """One step, which begins at this share of the height of its box; its words stand below what is written already.

    Returns also from where on its side is free.
    """
    down = other.top > one.top
    side, bend = (LEFT + BOX_WIDTH, 1) if down else (LEFT, -1)
    from_y = one.top + one.height * share
    far = side + bend * 60
    path = (
        f"M{number(side)} {number(from_y)}C{number(far)} {number(from_y)} {number(far)} {number(other.middle)} "
        f"{number(side)} {number(other.middle)}"
    )
    said = textwrap.wrap(f"{each.for_}: when {step(each)}", BESIDE)
    text_y = max((from_y + other.middle) / 2 - LINE * len(said) / 2 + 13, free_y)
    label = _text(far - bend * 8, text_y, said, note=True, anchor=None if down else "end")
    return join(_line(path), *label), text_y + LINE * (len(said) + 0.5)
