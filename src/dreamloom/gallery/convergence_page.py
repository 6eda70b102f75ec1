"""How does somebody see whether dreams met? What happened against what chance came to, in words and numbers too."""

from collections.abc import Sequence

from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.tables import behind, table
from dreamloom.statistics.within import Spread
from dreamloom.vocabulary.texts import Number, Say, in_english
from dreamloom.weave.chance.findings import Findings
from dreamloom.weave.chance.registration import TestId
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
    "The figure shows whole reports alone (p = {p_text}). The answer is of the better of two: these, and the one "
    "word that stands out most (p = {p_word}), with what looking twice costs."
)
WIDE_PX, NARROW_PX = 720, 358
HEIGHT_PX, TOP_PX, FOOT_PX, SIDE_PX = 110, 22, 24, 10


def met(found: Findings, *, say: Say = in_english) -> Markup:
    """Every answer as a figure with its sentences and numbers, and every refusal."""
    figures = [_figure(each, had_control=found.had_control, say=say) for each in found.tests]
    parts = [tag("p", say(KEY), class_="dim")] if any(each.spread for each in found.tests) else []
    if figures:
        parts.append(tag("div", *figures, class_="figures"))
    if found.refused:
        rows = [[_named(each.id, say), f"{each.why} {each.do}".strip()] for each in found.refused]
        parts.append(table(say("Not tested"), [say("Question"), say("Why not")], rows))
    parts += [tag("p", note, class_="dim") for note in found.notes]
    return join(*parts)


def _named(test: TestId, say: Say) -> str:
    return f"{test}  {say(NAMES[test])}"


def _figure(answer: Answer, *, had_control: bool, say: Say) -> Markup:
    said = sentences(answer, had_control=had_control, say=say)
    sizes = ("wide", "narrow") if answer.spread else ()
    drawn = [_chart(answer, answer.spread, said[:2], size=size, say=say) for size in sizes if answer.spread]
    two = {name: Number(value) for name, value in answer.parts.items() if name in ("p_text", "p_word")}
    return tag(
        "figure",
        tag("h3", _named(answer.id, say)),
        tag("figcaption", " ".join(said)),
        *drawn,
        *([tag("p", say(TWO_WAYS, **two), class_="dim")] if "p_word" in two else []),
        behind(say("The numbers behind it"), _numbers(answer, say)),
    )


def _numbers(answer: Answer, say: Say) -> Markup:
    rows = [[say("Statistic"), say(Number(answer.statistic))], ["p", say(Number(answer.p))]]
    rows += [] if answer.p_holm is None else [[say("p, corrected for all tests"), say(Number(answer.p_holm))]]
    whose = say("Nights") if answer.is_of_nights else say("Draws") if answer.id == "T5" else say("Dreamers")
    rows += [[whose, f"{answer.n}"], [say("Of them"), f"{answer.k}"]]
    rows += [] if answer.usual is None else [[say("Usual for them"), say(Number(answer.usual))]]
    rows += [] if answer.spread is None else _chances(answer.spread, say)
    return table(say("{test} in numbers", test=answer.id), [say("What"), say("Number")], rows, numeric=[1])


def _chances(spread: Spread, say: Say) -> list[list[str]]:
    step = (spread.high - spread.low) / len(spread.counts)
    edges = [Number(spread.low + at * step, ".3g") for at in range(len(spread.counts) + 1)]
    return [
        [say("Chance from {low} to {high}", low=edges[at], high=edges[at + 1]), f"{many}"]
        for at, many in enumerate(spread.counts)
        if many
    ]


def _chart(answer: Answer, spread: Spread, said: Sequence[str], *, size: str, say: Say) -> Markup:
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
        tag("title", say(NAMES[answer.id]), id=f"{mark}-t"),
        tag("desc", " ".join(said), id=f"{mark}-d"),
        *bars,
        tag("line", x1=SIDE_PX, x2=width - SIDE_PX, y1=HEIGHT_PX, y2=HEIGHT_PX, class_="ground"),
        tag("line", x1=x, x2=x, y1=6, y2=HEIGHT_PX, class_="mean"),
        tag(
            "text",
            say("this night"),
            x=x + (-6 if near_end else 6),
            y=15,
            text_anchor="end" if near_end else None,
            class_="label",
        ),
        tag("text", say("less"), x=SIDE_PX, y=HEIGHT_PX + 18, class_="label"),
        tag("text", say("more"), x=width - SIDE_PX, y=HEIGHT_PX + 18, text_anchor="end", class_="label"),
        viewBox=f"0 0 {width} {HEIGHT_PX + FOOT_PX}",
        role="img",
        class_=f"chart {size}",
        aria_labelledby=f"{mark}-t {mark}-d",
    )
