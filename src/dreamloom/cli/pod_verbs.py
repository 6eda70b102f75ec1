"""Which verbs are there about a bed's own key? Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

PodArg = Annotated[str, typer.Argument(metavar="POD", help="The bed, as in night.toml.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it; stands in the house's record.")]
HouseOption = Annotated[Path | None, typer.Option(metavar="FOLDER", help="The house, if not the usual one.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]

pod = typer.Typer(no_args_is_help=True, help="The beds of a house, each by its own key.")


@pod.command(short_help="Which six words does this bed show, and does the house know it?")
def show(name: PodArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Show the six words of a bed's key, and whether it is enrolled, revoked, or not known yet."""
    from dreamloom.cli import pods as verb

    verb.show(name, house=house, as_json=as_json)


@pod.command(short_help="Let a bed in whose six words you compared.")
def enrol(
    name: PodArg,
    *,
    words: Annotated[str, typer.Option(metavar="WORDS", help="The six words, as the bed itself shows them.")],
    by: ByOption,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Enrol a bed, logged in the house's own record; from its next night on it may be told what to sound."""
    from dreamloom.cli import pods as verb

    verb.enrol(name, words=words, by=by, house=house, as_json=as_json)


@pod.command(short_help="Make a phone or laptop the page of one bed tonight.")
def link(
    night: Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")],
    name: Annotated[str, typer.Argument(metavar="BED", help="The bed, or who sleeps in it.")],
    *,
    at: Annotated[
        str, typer.Option("--at", metavar="URL", help="Where its browser finds the pages that dreamloom serve shows.")
    ] = "http://127.0.0.1:8770",
    as_json: Json = False,
) -> None:
    """Print a link that opens once, within an hour: its browser is this bed's page then, for the night and its morning.

    The bed sounds there where night.toml says speaker = { device = "browser" }.
    """
    from dreamloom.cli import pods as verb

    verb.link(night, name, at=at, as_json=as_json)


@pod.command(short_help="Lend this machine's headband and speaker to a bed of a house elsewhere.")
def join(
    link: Annotated[str, typer.Argument(metavar="LINK", help="As dreamloom pod link prints it; it opens once.")],
    *,
    source: Annotated[
        str, typer.Option(metavar="SOURCE", help="What is plugged in here: lsl:NAME, brainflow:BOARD or sim:PRESET.")
    ],
    channels: Annotated[
        list[str] | None, typer.Option("--channel", metavar="LABEL", help="Only this one; may be repeated.")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", metavar="OUTPUT", help="The speaker here, by its id or a part of it.")
    ] = "silent",
    as_json: Json = False,
) -> None:
    """Join a served night: send what the headband here hears, and play here what the house says, until it is over.

    The bed is asked for in night.toml with source = "joined:NAME", and speaker = { device = "browser" } if it is to
    sound here. Join before the night begins: what is sent has to be known by then.
    """
    from dreamloom.cli import joined as verb

    verb.join(link, source=source, channels=channels or [], output=output, as_json=as_json)


@pod.command(short_help="Grade a phone as a night's loudspeaker: twenty minutes hidden, locked and saving power.")
def rehearse(
    night: Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")],
    name: Annotated[str, typer.Argument(metavar="BED", help="The bed whose page is open on the phone.")],
    *,
    as_json: Json = False,
) -> None:
    """Give the page of this bed soft sounds for twenty minutes while its phone is locked and saves power; grade it.

    The pages have to be served, and the notes counted on the phone. Nothing is recorded; the grade is kept for tonight.
    """
    from dreamloom.cli import pods as verb

    verb.rehearse(night, name, as_json=as_json)


@pod.command(short_help="Let a bed record and say nothing to it any more.")
def revoke(name: PodArg, *, by: ByOption, house: HouseOption = None, as_json: Json = False) -> None:
    """Revoke a bed, logged in the house's own record; in a night that runs it is silent within 30 seconds."""
    from dreamloom.cli import pods as verb

    verb.revoke(name, by=by, house=house, as_json=as_json)
