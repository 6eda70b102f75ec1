"""How did the night go, in one picture? Stages as steps, REM standing out, with arousals, cues and the signal below."""

from itertools import pairwise
from typing import NamedTuple

from dreamloom.gallery.frame import MARK_PX, Frame, axis, hatch, lane, picture, upright_marks
from dreamloom.gallery.markup import Markup, join, number, tag
from dreamloom.gallery.pod_night import Bout, Epoch, PodNight, Span, bouts, union
from dreamloom.gallery.words import STAGE_NAMES
from dreamloom.vocabulary.stages import Stage

LEVELS = (Stage.W, Stage.R, Stage.N1, Stage.N2, Stage.N3)
"""Top to bottom, as the field draws it."""
LEVEL_PX = 27
TOP_PX = 24
REM_PX, OTHER_PX = 11, 4
STRIP_PX = 46


class Rows(NamedTuple):
    """A horizontal band of a picture."""

    top_px: float
    height_px: float


def hypnogram(night: PodNight, frame: Frame, *, name: str, title: str, sentence: str) -> Markup:
    """The hypnogram of one pod as SVG text.

    Args:
        night: what happened.
        frame: the time axis; its size decides the layout.
        name: a word for ids inside the picture, unique on the page.
        title: what the picture is.
        sentence: what it shows, in words.
    """
    defs, unknown = hatch(frame, name)
    bottom = TOP_PX + LEVEL_PX * len(LEVELS)
    lanes, end = _lanes(night, frame, bottom + 8, unknown)
    scale, height = axis(frame, TOP_PX, end)
    return picture(
        frame,
        height,
        defs,
        scale,
        _levels(frame),
        _unknown(night, frame, Rows(TOP_PX, LEVEL_PX * len(LEVELS)), unknown),
        _stairs(bouts(night.epochs), frame),
        _lights(night, frame),
        lanes,
        name=name,
        title=title,
        sentence=sentence,
    )


def rem_strip(night: PodNight, frame: Frame, *, name: str, title: str, sentence: str) -> Markup:
    """The probability the live track gave to REM in each epoch, as SVG text; broken where there is none."""
    defs, unknown = hatch(frame, name)
    top, bottom = 10, 10 + STRIP_PX
    known = [epoch for epoch in night.epochs if epoch.rem is not None]
    areas = [_area(run, frame, bottom) for run in _runs(known)]
    missing = _unknown(night, frame, Rows(top, STRIP_PX), unknown)
    scale, height = axis(frame, top, bottom + 4)
    levels = [_level_line(frame, bottom - STRIP_PX * share, f"{share:.0%}".replace("%", " %")) for share in (0, 0.5, 1)]
    return picture(frame, height, defs, scale, *levels, missing, *areas, name=name, title=title, sentence=sentence)


def _y(stage: Stage) -> float:
    return TOP_PX + LEVEL_PX * (LEVELS.index(stage) + 0.5)


def _levels(frame: Frame) -> Markup:
    """A line and its letter for each stage; on a wide picture also its name."""
    parts: list[Markup] = []
    for stage in LEVELS:
        y = _y(stage)
        parts.append(tag("line", x1=frame.left_px, x2=frame.right_px, y1=y, y2=y, class_="grid"))
        letter = "rem-letter" if stage is Stage.R else "letter"
        parts.append(tag("text", stage, x=frame.left_px - frame.gutter_px, y=y + 5, text_anchor="end", class_=letter))
        if frame.size == "wide":
            name = tag("text", STAGE_NAMES[stage], x=frame.left_px - 42, y=y + 4.5, text_anchor="end", class_="label")
            parts.append(name)
    return join(*parts)


def _stairs(found: list[Bout], frame: Frame) -> Markup:
    """One bar per bout at its level, joined by thin risers where nothing lies between."""
    scored = [bout for bout in found if bout.stage is not Stage.UNSCORED]
    risers = "".join(
        f"M{number(frame.x(after.from_s))} {number(_y(before.stage))}V{number(_y(after.stage))}"
        for before, after in pairwise(scored)
        if before.to_s == after.from_s
    )
    bars = [_bar(bout, frame) for bout in scored]
    return join(tag("path", d=risers, class_="riser") if risers else Markup(), *bars)


def _bar(bout: Bout, frame: Frame) -> Markup:
    height = REM_PX if bout.stage is Stage.R else OTHER_PX
    return tag(
        "rect",
        x=frame.x(bout.from_s),
        y=_y(bout.stage) - height / 2,
        width=frame.width(bout.from_s, bout.to_s),
        height=height,
        class_=f"stage-{bout.stage.lower()}",
    )


def _unknown(night: PodNight, frame: Frame, rows: Rows, paint: str) -> Markup:
    """Hatched where an epoch has no stage, or there is no epoch at all."""
    holes = [(one.end_s, after.onset_s) for one, after in pairwise(night.epochs) if one.end_s < after.onset_s]
    unread = [(bout.from_s, bout.to_s) for bout in bouts(night.epochs) if bout.stage is Stage.UNSCORED]
    return join(*(_block(frame, span, rows, fill=paint) for span in union(holes + unread)))


def _lights(night: PodNight, frame: Frame) -> Markup:
    parts = []
    for text, at_s in (("lights off", night.lights_off_s), ("lights on", night.lights_on_s)):
        if at_s is None:
            continue
        x = frame.x(at_s)
        near_end = x > (frame.left_px + frame.right_px) / 2
        parts.append(tag("path", d=f"M{number(x)} {TOP_PX - 8}V{TOP_PX + LEVEL_PX * len(LEVELS)}", class_="lights"))
        words = tag(
            "text",
            text,
            x=x - 5 if near_end else x + 5,
            y=TOP_PX - 8,
            text_anchor="end" if near_end else "start",
            class_="label",
        )
        parts.append(words)
    return join(*parts)


def _lanes(night: PodNight, frame: Frame, top_px: float, unknown: str) -> tuple[Markup, float]:
    """Arousals, cues and the signal, each in a row of its own."""
    stirred = lane(frame, top_px, "arousals", f"{len(night.arousals_s):,}")
    played_s = [cue.onset_s for cue in night.cues if cue.fate == "played"]
    cued = lane(frame, stirred.next_px, "cues played", f"{len(played_s):,}")
    heard = lane(frame, cued.next_px, "signal")
    parts = [
        stirred.label,
        upright_marks(frame, night.arousals_s, stirred.y_px, "arousal"),
        cued.label,
        upright_marks(frame, played_s, cued.y_px, "cue"),
        heard.label,
        _signal(night, frame, heard.y_px, unknown),
    ]
    return join(*parts), heard.next_px + 4


def _signal(night: PodNight, frame: Frame, y_px: float, unknown: str) -> Markup:
    """A quiet band where samples came, hatched and edged where they did not."""
    band = tag(
        "rect", x=frame.x(night.begins_s), y=y_px + 4, width=frame.width(night.begins_s, night.ends_s), height=4,
        class_="band",
    )  # fmt: skip
    losses = [
        _block(frame, span, Rows(y_px, MARK_PX), fill=unknown, class_="loss")
        for span in union((loss.from_s, loss.to_s) for loss in night.losses)
    ]
    return join(band, *losses)


def _block(frame: Frame, span: Span, rows: Rows, *, fill: str, class_: str = "unknown") -> Markup:
    return tag(
        "rect",
        x=frame.x(span.from_s),
        y=rows.top_px,
        width=frame.width(span.from_s, span.to_s),
        height=rows.height_px,
        fill=fill,
        class_=class_,
    )


def _runs(epochs: list[Epoch]) -> list[list[Epoch]]:
    runs: list[list[Epoch]] = []
    for epoch in epochs:
        if runs and runs[-1][-1].end_s == epoch.onset_s:
            runs[-1].append(epoch)
        else:
            runs.append([epoch])
    return runs


def _area(run: list[Epoch], frame: Frame, bottom_px: float) -> Markup:
    steps = "".join(
        f"V{number(bottom_px - STRIP_PX * (epoch.rem or 0.0))}H{number(frame.x(epoch.end_s))}" for epoch in run
    )
    return tag(
        "path",
        d=f"M{number(frame.x(run[0].onset_s))} {number(bottom_px)}{steps}V{number(bottom_px)}Z",
        class_="rem-area",
    )


def _level_line(frame: Frame, y_px: float, text: str) -> Markup:
    line = tag("line", x1=frame.left_px, x2=frame.right_px, y1=y_px, y2=y_px, class_="grid")
    if frame.size == "narrow":
        return line
    return join(
        line, tag("text", text, x=frame.left_px - frame.gutter_px, y=y_px + 4, text_anchor="end", class_="label")
    )
