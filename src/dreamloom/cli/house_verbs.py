"""Which verbs are there about who may look at a house's pages? Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

NameArg = Annotated[str, typer.Argument(metavar="NAME", help="Initials or a number of staff; a pseudonym.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it; stands in the house's record.")]
FolderOption = Annotated[
    Path | None, typer.Option("--house", metavar="FOLDER", help="The house, if not the usual one.")
]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]

house = typer.Typer(no_args_is_help=True, help="Who may look at a house's pages, each by a passkey of their own.")


@house.command(short_help="Print a link by which somebody makes a passkey.")
def invite(
    name: NameArg,
    *,
    role: Annotated[
        str,
        typer.Option(metavar="ROLE", help="sleeper, orchestrator, blinded, researcher, clinician or council."),
    ],
    by: ByOption,
    at: Annotated[
        str, typer.Option("--at", metavar="URL", help="Where their browser finds the pages that dreamloom serve shows.")
    ] = "http://localhost:8770",
    folder: FolderOption = None,
    as_json: Json = False,
) -> None:
    """Print a link that makes one passkey, once and within two days; from then on they sign in without any link.

    A passkey works at the name at which it was made: this machine's own, localhost, or the public one of --at.
    """
    from dreamloom.cli import people as verb

    verb.invite(name, role, by=by, at=at, house=folder, as_json=as_json)


@house.command(short_help="Who may look at this house's pages?")
def people(*, folder: FolderOption = None, as_json: Json = False) -> None:
    """List everybody who has a passkey or an invitation, by name and role."""
    from dreamloom.cli import people as verb

    verb.show(house=folder, as_json=as_json)


@house.command(short_help="Let somebody look no more, from this moment on.")
def remove(name: NameArg, *, by: ByOption, folder: FolderOption = None, as_json: Json = False) -> None:
    """Take a person's passkeys, invitations and open pages away; logged in the house's own record."""
    from dreamloom.cli import people as verb

    verb.remove(name, by=by, house=folder, as_json=as_json)
