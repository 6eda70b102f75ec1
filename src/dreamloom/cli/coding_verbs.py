"""Which words does the coding of reports have?"""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.verb_options import Json

coding = typer.Typer()


@coding.command("coding", short_help="What rules find in reports, and whether people agree.")
def code(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSONL with dreamer,night,arm,text.")],
    *,
    coder: Annotated[
        list[Path] | None,
        typer.Option("--coder", metavar="FILE", help="A sheet that a person filled in; or several."),
    ] = None,
    sheet: Annotated[bool, typer.Option("--sheet", help="Give a sheet for a person to code by.")] = False,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the draws behind the intervals.")] = 1,
    as_json: Json = False,
) -> None:
    """Code reports by rules that point at their words: indices of Hall and Van de Castle with intervals, connectedness.

    Reports of the arm "baseline" are what the others are held against, with Cohen's h. With sheets of human coders:
    kappa of the first and the next coder, and alpha of all with the rules. One language at a time.
    """
    from dreamloom.cli import coding as verb

    if sheet:
        verb.sheet(file)
    else:
        verb.coding(file, sheets=coder or [], seed=seed, as_json=as_json)
