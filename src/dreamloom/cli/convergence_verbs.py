"""Which words does the question have whether dreams met?"""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.verb_options import Json

met = typer.Typer()


@met.command("convergence", short_help="Did the dreams of a night meet? Five tests, and what they cannot say.")
def convergence(
    source: Annotated[
        str,
        typer.Argument(metavar="FILE|NIGHT", help="CSV or JSONL with dreamer,night,arm,text; or a night of the house."),
    ],
    *,
    theme: Annotated[
        list[str] | None,
        typer.Option(metavar="WORDS", help="tree,forest,leaf*; with several cues a=tree,leaf once for each arm."),
    ] = None,
    night: Annotated[
        list[str] | None,
        typer.Option(metavar="NIGHT", help="Which night; several are tested together. The last if left out."),
    ] = None,
    registration: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What was chosen before the night, as JSON.")
    ] = None,
    sha256: Annotated[str, typer.Option(metavar="HASH", help="The hash that was published of it.")] = "",
    targets: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Targets that were drawn and sealed before the night.")
    ] = None,
    common_length: Annotated[
        bool, typer.Option("--common-length", help="Cut a dreamer's reports to one length for the first test.")
    ] = False,
    rankings: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What judges made of the targets: draw,judge,ranking; once for each table."),
    ] = None,
    blind_sheet: Annotated[
        Path | None,
        typer.Option(
            "--blind-sheet", metavar="FILE", help="Test nothing: write what judges of the targets read and fill in."
        ),
    ] = None,
    each_night: Annotated[
        bool, typer.Option("--each-night", help="Test several nights one by one and average their e-values.")
    ] = False,
    meaning: Annotated[
        Path | None,
        typer.Option("--meaning", metavar="FOLDER", help="Where all-MiniLM-L6-v2 lies: find likeness by sentences."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="As a page to print, HTML.")] = None,
    details: Annotated[bool, typer.Option("--details", help="With --json everything that is known.")] = False,
    as_json: Json = False,
) -> None:
    """Did the dreams of a night meet? Against each dreamer's own mornings, and against another group of the night.

    Own mornings are reports of the arm "baseline"; without any, all nights before the tested one.
    """
    from dreamloom.cli import convergence as verb
    from dreamloom.house.dreams_met import Asked

    asked = Asked(
        source=source,
        themes=theme or (),
        nights=night or (),
        registration=registration,
        sha256=sha256,
        targets=targets,
        score="common length" if common_length else "rate",
        rankings=rankings or (),
        each_night=each_night,
        meaning=meaning,
    )
    if blind_sheet is not None:
        verb.blind_sheet(asked, blind_sheet, as_json=as_json)
        return
    verb.convergence(asked, out=out, details=details, as_json=as_json)
