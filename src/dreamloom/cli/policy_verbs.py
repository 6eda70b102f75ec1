"""Which verbs do the rules of a house have? Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

FileArg = Annotated[Path, typer.Argument(metavar="FILE", help="A bundle of rules.")]
HouseOption = Annotated[Path | None, typer.Option(metavar="FOLDER", help="The house, if not the usual one.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]

policy = typer.Typer(no_args_is_help=True, help="The rules that every cue of a house is asked of.")


@policy.command(short_help="Which rules is a night here held under, and why?")
def show(
    night: Annotated[
        str, typer.Argument(metavar="[NIGHT]", help="A night, for the rules that lie beside it; else the house's.")
    ] = "",
    *,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the bundle there, to begin your own with.")
    ] = None,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Show every rule with the plain words by which it is told, and the SHA-256 that leases and records name."""
    from dreamloom.cli import policies as verb

    verb.show(night, save=save, house=house, as_json=as_json)


@policy.command(short_help="Could these be the rules of this house?")
def check(file: FileArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Look whether a bundle is whole: schema, reasons, examples that come out as written, nothing loosened, not old."""
    from dreamloom.cli import policies as verb

    verb.check(file, house=house, as_json=as_json)


@policy.command(short_help="Make these the rules of every night that opens from now on.")
def adopt(
    file: FileArg,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it; stands in the house's record.")],
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Adopt a bundle, logged in the house's own record. A house adds what forbids; it takes nothing away."""
    from dreamloom.cli import policies as verb

    verb.adopt(file, by=by, house=house, as_json=as_json)
