"""How does somebody see whether dreams met? What happened against what chance came to, in words and numbers too."""

from collections.abc import Sequence

from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.tables import behind, table
from dreamloom.statistics.within import Spread
from dreamloom.weave.chance.findings import Findings
from dreamloom.weave.chance.verdicts import Answer, sentences

NAMES = {
    "T1": "The theme, against their own mornings",
    "T2": "The cue, against the other group of the night",
    "T3": "Any likeness, with no theme in mind",
    "T4": "What is left without the words of the theme",
    "T5": "The sealed target",
}
LIMIT = "None of this says that anybody knew of another's dream."
KEY = "The bars are what chance alone came to, drawn again and again; the line is this night."
TWO_WAYS = (
    "The figure shows whole reports alone (p = {p_text:g}). The answer is of the better of two: these, and the one "
    "word that stands out most (p = {p_word:g}), with what looking twice costs."
)
WIDE_PX, NARROW_PX = 720, 358
HEIGHT_PX, TOP_PX, FOOT_PX, SIDE_PX = 110, 22, 24, 10


def met(found: Findings) -> Markup:
    """Every answer as a figure with its sentences and numbers, and every refusal."""
    figures = [_figure(each, had_control=found.had_control) for each in found.tests]
    parts = [tag("p", KEY, class_="dim")] if any(each.spread for each in found.tests) else []
    if figures:
        parts.append(tag("div", *figures, class_="figures"))
    if found.refused:
        rows = [[f"{each.id}  {NAMES[each.id]}", f"{each.why} {each.do}".strip()] for each in found.refused]
        parts.append(table("Not tested", ["Question", "Why not"], rows))
    parts += [tag("p", note, class_="dim") for note in found.notes]
    return join(*parts)


def _figure(answer: Answer, *, had_control: bool) -> Markup:
    said = sentences(answer, had_control=had_control)
    drawn = [_chart(answer, answer.spread, said[:2], size) for size in ("wide", "narrow")] if answer.spread else []
    return tag(
        "figure",
        tag("h3", f"{answer.id}  {NAMES[answer.id]}"),
        tag("figcaption", " ".join(said)),
        *drawn,
        *([tag("p", TWO_WAYS.format(**answer.parts), class_="dim")] if "p_word" in answer.parts else []),
        behind("The numbers behind it", _numbers(answer)),
    )


def _numbers(answer: Answer) -> Markup:
    rows = [["Statistic", f"{answer.statistic:g}"], ["p", f"{answer.p:g}"]]
    rows += [] if answer.p_holm is None else [["p, corrected for all tests", f"{answer.p_holm:g}"]]
    whose = "Nights" if answer.is_of_nights else "Draws" if answer.id == "T5" else "Dreamers"
    rows += [[whose, f"{answer.n}"], ["Of them", f"{answer.k}"]]
    rows += [] if answer.usual is None else [["Usual for them", f"{answer.usual:g}"]]
    if answer.spread:
        step = (answer.spread.high - answer.spread.low) / len(answer.spread.counts)
        rows += [
            [f"Chance from {answer.spread.low + at * step:.3g} to {answer.spread.low + (at + 1) * step:.3g}", f"{many}"]
            for at, many in enumerate(answer.spread.counts)
            if many
        ]
    return table(f"{answer.id} in numbers", ["What", "Number"], rows, numeric=[1])


def _chart(answer: Answer, spread: Spread, said: Sequence[str], size: str) -> Markup:
    width = WIDE_PX if size == "wide" else NARROW_PX
    mark = f"{answer.id}-{size}"
    slot = (width - 2 * SIDE_PX) / len(spread.counts)
    most = max(1, *spread.counts)
    bars = [
        tag(
            "rect",
            x=SIDE_PX + at * slot + 1,
            y=HEIGHT_PX - many / most * (HEIGHT_PX - TOP_PX),
            width=max(1.0, slot - 2),
            height=many / most * (HEIGHT_PX - TOP_PX),
            class_="band",
        )
        for at, many in enumerate(spread.counts)
        if many
    ]
    share = (answer.statistic - spread.low) / max(spread.high - spread.low, 1e-12)
    x = SIDE_PX + min(1.0, max(0.0, share)) * (width - 2 * SIDE_PX)
    near_end = share > 0.5
    return tag(
        "svg",
        tag("title", NAMES[answer.id], id=f"{mark}-t"),
        tag("desc", " ".join(said), id=f"{mark}-d"),
        *bars,
        tag("line", x1=SIDE_PX, x2=width - SIDE_PX, y1=HEIGHT_PX, y2=HEIGHT_PX, class_="ground"),
        tag("line", x1=x, x2=x, y1=6, y2=HEIGHT_PX, class_="mean"),
        tag(
            "text",
            "this night",
            x=x + (-6 if near_end else 6),
            y=15,
            text_anchor="end" if near_end else None,
            class_="label",
        ),
        tag("text", "less", x=SIDE_PX, y=HEIGHT_PX + 18, class_="label"),
        tag("text", "more", x=width - SIDE_PX, y=HEIGHT_PX + 18, text_anchor="end", class_="label"),
        viewBox=f"0 0 {width} {HEIGHT_PX + FOOT_PX}",
        role="img",
        class_=f"chart {size}",
        aria_labelledby=f"{mark}-t {mark}-d",
    )
