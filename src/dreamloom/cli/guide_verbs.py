"""Which verbs has the guide? It asks, in fixed words; it is a program, and says so."""

from typing import Annotated

import typer

from dreamloom.cli.verb_options import HouseOption, Json, NightArg

BedArg = Annotated[str, typer.Argument(metavar="BED", help="The bed, or who sleeps in it.")]
Language = Annotated[str, typer.Option("--language", metavar="CODE", help="en or de, if not the house's own.")]

guide = typer.Typer(no_args_is_help=True, help="A program that asks, and interprets nothing.")


@guide.command(short_help="The talk before a night: a wish, and a rehearsal.")
def evening(night: NightArg, bed: BedArg, *, language: Language = "", as_json: Json = False) -> None:
    """Ask one sleeper what they would like to dream of, in their own words, and rehearse it if they like.

    An empty line leaves a step out. It is refused once their lights are off. What came of it is sealed under their key.
    """
    from dreamloom.cli import guiding as verb

    verb.evening_talk(night, bed, language=language, as_json=as_json)


@guide.command(short_help="Talk over a dream that is told and locked.")
def after(night: NightArg, bed: BedArg, *, language: Language = "", as_json: Json = False) -> None:
    """Ask a few questions about a locked report, by the dreamer's own words; what is answered is theirs alone."""
    from dreamloom.cli import guiding as verb

    verb.after_talk(night, bed, language=language, as_json=as_json)


@guide.command(short_help="Questions to somebody who writes a dreamscape.")
def ask(
    dreamscape: Annotated[str, typer.Argument(metavar="DREAMSCAPE", help="A file, or a built-in dreamscape.")],
    *,
    as_json: Json = False,
) -> None:
    """Ask what is missing in a dreamscape and why something is as it is, from what the checker finds."""
    from dreamloom.cli import guiding as verb

    verb.ask(dreamscape, as_json=as_json)


@guide.command("check-model", short_help="May this house's language model be used?")
def check_model(
    *,
    used: Annotated[bool, typer.Option("--used", help="Only count what it chose in talks so far.")] = False,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Ask the model of house/guide.toml two hundred prompts, and write down whether it passed; ends with 5 if not."""
    from dreamloom.cli import guiding as verb

    verb.check_model(house, used=used, as_json=as_json)


@guide.command(short_help="Help cards, and who looked after their numbers.")
def cards(
    *,
    verified: Annotated[str, typer.Option("--verified", metavar="LOCALE", help="Its numbers were called today.")] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who called them.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """List help cards; one that nobody looked after for half a year shows the emergency line alone."""
    from dreamloom.cli import guiding as verb

    verb.cards(house, verified=verified, by=by, as_json=as_json)
