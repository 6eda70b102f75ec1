"""Verbs on outcomes: what is asked, what was answered, who may see it. Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.record.course_events import Shown

SleeperArg = Annotated[str, typer.Argument(metavar="SLEEPER", help="Whose, by pseudonym.")]
HouseOption = Annotated[Path | None, typer.Option("--house", metavar="FOLDER", help="The house, if not the usual one.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]
Language = Annotated[str, typer.Option("--language", metavar="CODE", help="In which language, such as en or de.")]

outcomes = typer.Typer(
    no_args_is_help=True,
    help="Evenings and mornings in a sleeper's own numbers. Not a medical device; it diagnoses and treats nothing.",
)


@outcomes.command(short_help="Which questions are there, and by whose leave?")
def packs(*, house: HouseOption = None, as_json: Json = False) -> None:
    """List the instrument packs of this house with their licences; a pack without one is refused."""
    from dreamloom.cli import outcomes as verb

    verb.packs(house, as_json=as_json)


@outcomes.command(short_help="Print what is asked.")
def ask(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Its name.")] = "nightly",
    *,
    moment: Annotated[str, typer.Option(metavar="WORD", help="Only what is asked then: evening, morning, …")] = "",
    language: Language = "en",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Print the questions of a pack with their answers, to read out or to copy."""
    from dreamloom.cli import outcomes as verb

    verb.ask(pack, moment=moment, language=language, house=house, as_json=as_json)


@outcomes.command(short_help="Keep what somebody answered.")
def tell(
    sleeper: SleeperArg,
    answers: Annotated[
        list[str] | None, typer.Argument(metavar="ITEM=NUMBER", help="Such as nightmares=1; from stdin if left out.")
    ] = None,
    *,
    pack: Annotated[str, typer.Option(metavar="PACK", help="Whose questions were answered.")] = "nightly",
    on: Annotated[str, typer.Option(metavar="DAY", help="Of that evening or morning; today if left out.")] = "",
    moment: Annotated[
        str, typer.Option(metavar="WORD", help="evening, morning, before, after, rehearsal or once.")
    ] = "morning",
    night: Annotated[str, typer.Option(metavar="NIGHT", help="Of which night, where there is one.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Keep what a sleeper answered, sealed under their own key; told again for one day, it adds or corrects."""
    from dreamloom.cli import outcomes as verb

    asked = verb.Telling(sleeper=sleeper, answers=tuple(answers or ()), pack=pack, on=on, moment=moment, night=night)
    verb.tell(asked, house=house, as_json=as_json)


@outcomes.command(short_help="What did somebody tell so far?")
def show(sleeper: SleeperArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Say for a sleeper what they told so far, in a course or out of one: theirs to see, nobody else's.

    Whoever has the house's terminal has its keys; for somebody else than the sleeper there is `course summary --to`.
    """
    from dreamloom.cli import outcomes as verb

    verb.show(sleeper, house=house, as_json=as_json)


@outcomes.command(short_help="Say who may see what of them.")
def share(
    sleeper: SleeperArg,
    *,
    person: Annotated[str, typer.Option("--with", metavar="NAME", help="The one person whom it concerns.")],
    flags: Annotated[bool, typer.Option("--flags", help="They are told when somebody should talk with you.")] = False,
    figures: Annotated[bool, typer.Option("--figures", help="They see your figures and tables.")] = False,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Say what one named person may see of a sleeper's outcomes; without --flags and --figures: nothing any more."""
    from dreamloom.cli import outcomes as verb

    chosen: dict[Shown, bool] = {"figures": figures, "flags": flags}
    verb.share(sleeper, person, [what for what, is_shown in chosen.items() if is_shown], house=house, as_json=as_json)


@outcomes.command("flags", short_help="Who would like to talk?")
def flags_(
    *,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who asks; sees only those who agreed to that.")],
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """List for one named person where somebody said that they would like to talk, of those who let them know."""
    from dreamloom.cli import outcomes as verb

    verb.flags(to, house=house, as_json=as_json)
