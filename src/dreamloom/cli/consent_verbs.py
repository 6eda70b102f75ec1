"""Which words does `dreamloom consent` take? What a sleeper reads, answers, agrees to and takes back."""

from pathlib import Path
from typing import Annotated

import typer

consent = typer.Typer(no_args_is_help=True, help="What a sleeper reads, answers, agrees to, and takes back.")
WhoArg = Annotated[str, typer.Argument(metavar="SLEEPER", help="A sleeper's pseudonym, as in night.toml.")]
HouseOption = Annotated[Path | None, typer.Option(metavar="FOLDER", help="The house, if not the usual one.")]
NameOption = Annotated[str, typer.Option("--sheet", metavar="NAME", help="Which information sheet.")]
LanguageOption = Annotated[str, typer.Option("--lang", metavar="LANGUAGE", help="Two letters, such as en or de.")]
Json = Annotated[bool, typer.Option("--json", help="The same as one JSON object on stdout.")]


@consent.command(short_help="Print the information sheet.")
def sheet(
    *,
    name: NameOption = "home",
    lang: LanguageOption = "en",
    sleeper: Annotated[str, typer.Option("--for", metavar="SLEEPER", help="Print a new slip code on it.")] = "",
    html: Annotated[bool, typer.Option("--html", help="As a page to print.")] = False,
    house: HouseOption = None,
) -> None:
    """Print an information sheet, with lines to sign and, for a sleeper, a slip that silences without a password."""
    from dreamloom.cli import consents as verb

    verb.sheet(name, lang, sleeper=sleeper, as_page=html, house=house)


@consent.command(short_help="Keep what was answered before a first night.")
def intake(
    sleeper: WhoArg,
    *,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML, a line for each answer; else each is asked for here.")
    ] = None,
    clinician: Annotated[str, typer.Option(metavar="NAME", help="Who allows it where care is needed.")] = "",
    protocol: Annotated[str, typer.Option(metavar="ID", help="Under which protocol.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Keep a sleeper's answers, sealed under their own key. A night learns whether they may be cued, and never why."""
    from dreamloom.cli import consents as verb

    verb.intake(sleeper, answers, clinician=clinician, protocol=protocol, house=house, as_json=as_json)


@consent.command(short_help="Ask the three questions on the sheet.")
def questions(
    sleeper: WhoArg,
    *,
    answers: Annotated[str, typer.Option(metavar="N,N,N", help="Counted from 1; else they are asked here.")] = "",
    name: NameOption = "home",
    lang: LanguageOption = "en",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Ask what was understood. That it was passed is kept, not what was answered."""
    from dreamloom.cli import consents as verb

    verb.questions(sleeper, answers, name=name, language=lang, house=house, as_json=as_json)


@consent.command(short_help="Keep themes out of one's nights.")
def exclude(
    sleeper: WhoArg,
    pod: Annotated[str, typer.Argument(metavar="POD", help="The bed that keeps them.")],
    tags: Annotated[list[str] | None, typer.Argument(metavar="[TAG...]", help="None: nothing is kept out.")] = None,
    *,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Seal at a bed what must not touch its sleeper's nights; all that leaves it is that something is kept out."""
    from dreamloom.cli import consents as verb

    verb.exclude(sleeper, pod, tags or [], house=house, as_json=as_json)


@consent.command(short_help="Write down what a sleeper agrees to tonight.")
def give(
    night: Annotated[str, typer.Argument(metavar="NIGHT", help="The night, by folder or name.")],
    sleeper: WhoArg,
    *,
    heard: Annotated[
        list[str] | None, typer.Option(metavar="CUE", help="Heard awake; say it again for each. Or: all.")
    ] = None,
    purpose: Annotated[
        list[str] | None, typer.Option(metavar="PURPOSE", help="Beside cues; may be said again.")
    ] = None,
    days: Annotated[int, typer.Option(metavar="DAYS", help="how long it stands; 0 for the night.")] = 0,
    by_eyes: Annotated[
        int, typer.Option(metavar="SIGNALS", help="How many eye signals in a row mean no: 3 to 5; 0: none do.")
    ] = 0,
    name: NameOption = "home",
    lang: LanguageOption = "en",
    as_json: Json = False,
) -> None:
    """Write a sleeper's table into consent.toml for the dreamscape as it is now, and give them a signed receipt."""
    from dreamloom.cli import consents as verb

    verb.give_consent(
        night,
        sleeper,
        heard=heard or [],
        purposes=purpose or [],
        days=days,
        by_eyes=by_eyes,
        name=name,
        language=lang,
        as_json=as_json,
    )


@consent.command(short_help="What a sleeper agreed to.")
def show(sleeper: WhoArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Show what one sleeper agreed to, and where their receipts lie."""
    from dreamloom.cli import consents as verb

    verb.show(sleeper, house=house, as_json=as_json)


@consent.command(short_help="Take everything back.")
def withdraw(sleeper: WhoArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Silence every bed of this sleeper at once, in every night that is not over; earlier grants open none."""
    from dreamloom.cli import consents as verb

    verb.withdraw(sleeper, house=house, as_json=as_json)


@consent.command(short_help="Keep one's nights without one's name.")
def anonymise(
    sleeper: WhoArg,
    *,
    receipt: Annotated[
        Path, typer.Option(metavar="FILE", help="Where to write the receipt; the house keeps none.")
    ] = Path("receipt.json"),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the name to be typed again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would stay and what would go.")] = False,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Withdraw everything, keep what was agreed to be kept without anything that tells whose it is, erase the rest.

    The key that links a name to its nights is destroyed: nobody can find them again, their sleeper included.
    """
    from dreamloom.cli import anonymities as verb

    verb.anonymise(sleeper, receipt, house=house, is_sure=yes, only_look=dry_run, as_json=as_json)


@consent.command(short_help="Print a slip that silences without a password.")
def slip(sleeper: WhoArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Print a new code. Whoever holds it silences this sleeper's beds, with `dreamloom withdraw --slip CODE`."""
    from dreamloom.cli import consents as verb

    verb.slip(sleeper, house=house, as_json=as_json)
