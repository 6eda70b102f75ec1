"""How does the author's page begin? As a form that works without a script; scripts go on from there."""

from collections.abc import Sequence

import msgspec

from dreamloom.gallery.page_style import charts_style
from dreamloom.house.authoring import Looked
from dreamloom.house.dreamscape_files import Kept
from dreamloom.web.desk import Opened, differences
from dreamloom.web.pages import IMPORT_MAP, templates
from dreamloom.web.themes import Colours

CHARTS = charts_style()
STANDING = {
    "plays": "It can be played.",
    "plays no cue": "It may be played, and this version would play no cue of it.",
    "cannot be played": "It cannot be played. It may be saved as a draft.",
}


def author_page(  # noqa: PLR0913 - what a page shows, each by its name
    opened: Opened,
    looked: Looked,
    *,
    text: str,
    name: str,
    theme: Colours,
    wrong: str = "",
    theirs: Kept | None = None,
) -> str:
    """The text in its form, with what is said of it.

    Args:
        opened: what lies in the file.
        looked: what is said of `text`.
        text: as it stands in the form, saved or not.
        name: of whoever writes, for their own word of agreement.
        theme: which colours.
        wrong: what could not be done.
        theirs: what somebody else wrote meanwhile, if that is why.
    """
    start = {"seen": opened.seen, "agreed": opened.agreed, "mayUndo": opened.may_undo, "sha256": looked.sha256}
    return (
        templates()
        .get_template("author.html")
        .render(
            opened=opened,
            looked=looked,
            text=text,
            name=name,
            theme=theme,
            wrong=wrong,
            theirs=theirs,
            differences=differences(text, theirs) if theirs is not None else (),
            seen=opened.seen if theirs is None else theirs.sha256,
            standing=standing(looked),
            saved="saved" if opened.seen and looked.sha256 == opened.seen else "not saved",
            map=looked.map,
            map_table=looked.map_table,
            start=msgspec.json.encode(start).decode(),
            import_map=IMPORT_MAP,
        )
    )


def standing(looked: Looked) -> Sequence[str]:
    """How many of what was found, and whether a night can be played by it."""
    counted = {kind: sum(each.severity == kind for each in looked.findings) for kind in ("error", "warning")}
    told = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counted.items() if count]
    return [", ".join(told) + "." if told else "Nothing amiss.", STANDING[looked.plays]]
