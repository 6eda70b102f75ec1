"""What does a judge read who is to find a target? The reports of each draw, its four targets, and room for an order."""

from collections.abc import Sequence

from msgspec import Struct

from dreamloom.gallery.markup import Markup, join, tag
from dreamloom.gallery.outcome_page import page
from dreamloom.gallery.tables import table
from dreamloom.gallery.words import counted
from dreamloom.weave.chance.target import Candidate

TITLE = "Which of the four was it?"
HOW = (
    "Before the night one of four targets was drawn, for everybody whose dream is told here. Nobody has told you "
    "which, and nobody who knows should be near. Read the dreams, then order all four by how well they fit, the best "
    "first. There is no right way to judge; judge by yourself, and talk with no other judge before all are done."
)
KEPT = (
    "These are people's dreams, told in confidence. Do not pass this sheet on, and destroy it when you have judged. "
    "Nothing here says who told what."
)
PLACES = ("1 (fits best)", "2", "3", "4 (fits least)")


class Judged(Struct, frozen=True, kw_only=True):
    """One draw as a judge sees it: what was told, and the four, in an order that tells nothing."""

    id: str
    reports: tuple[str, ...]
    targets: tuple[Candidate, ...]


def blind_sheet_page(draws: Sequence[Judged]) -> str:
    """A page in a file of its own, to read and to print."""
    name = tag("p", "Judge: ______________________________")
    body = join(tag("p", HOW), name, *(_draw(each) for each in draws))
    return page(TITLE, body, footer=KEPT)


def _draw(draw: Judged) -> Markup:
    told = (
        tag("section", tag("h3", f"Dream {number}"), *(tag("p", part) for part in text.split("\n") if part.strip()))
        for number, text in enumerate(draw.reports, 1)
    )
    targets = [[each.id, " ".join(each.words)] for each in draw.targets]
    example = _order([each.id for each in draw.targets])
    return join(
        tag("h2", f"Draw {draw.id}: {counted(len(draw.reports), 'dream')}"),
        *told,
        table("One of these four was drawn", ["Target", "What it is"], targets),
        table("Your order", ["Place", "Target"], [[place, ""] for place in PLACES]),
        tag("p", f"In the table that comes with this sheet an order is written like this: {example}", class_="dim"),
    )


def _order(ids: Sequence[str]) -> str:
    return (" > " if any(" " in each for each in ids) else " ").join(sorted(ids))
