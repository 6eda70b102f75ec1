"""Which words does `dreamloom witness` take? Who vouches for a record besides the house that keeps it."""

from pathlib import Path
from typing import Annotated

import typer

witness = typer.Typer(no_args_is_help=True, help="Who vouches for a night besides the house that keeps its record?")
NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="The night, by folder or name.")]
Json = Annotated[bool, typer.Option("--json", help="The same as one JSON object on stdout.")]


@witness.command(short_help="Keys to check a night by, and how far each bed vouches for it.")
def show(night: NightArg, *, as_json: Json = False) -> None:
    """Print the keys by which a night's record is checked, and how far each of its beds vouches for it."""
    from dreamloom.cli import witnesses as verb

    verb.show(night, as_json=as_json)


@witness.command(name="print", short_help="The newest signed checkpoint, to keep elsewhere.")
def print_(night: NightArg) -> None:
    """Print the newest signed checkpoint: a number and a hash under a signature, no name and no dream.

    On paper, in a mail, on another disk: whoever rewrites the record later cannot rewrite this one.
    """
    from dreamloom.cli import witnesses as verb

    verb.show_print(night)


@witness.command(short_help="Ask another house to vouch for a night.")
def ask(
    night: NightArg,
    *,
    since: Annotated[int, typer.Option(metavar="EVENTS", help="How many it vouched for before; 0 for none.")] = 0,
) -> None:
    """Write what another house needs to vouch for this night: the checkpoint, and the proof that it goes on."""
    from dreamloom.cli import witnesses as verb

    verb.ask(night, since=since)


@witness.command(short_help="Vouch for a night of another house.")
def sign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the other house wrote: dreamloom witness ask.")],
    *,
    key: Annotated[str, typer.Option(metavar="KEY", help="That house's key, as its `witness show` prints it.")],
    house: Annotated[Path | None, typer.Option(metavar="FOLDER", help="The house that signs.")] = None,
    as_json: Json = False,
) -> None:
    """Sign another house's checkpoint, if it continues what this house signed before; remember it here."""
    from dreamloom.cli import witnesses as verb

    verb.sign(file, key=key, house=house, as_json=as_json)
