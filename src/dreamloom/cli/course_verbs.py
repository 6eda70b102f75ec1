"""Verbs on courses above nights: begin one, see it, make tonight's night, answer a hold. Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

NameArg = Annotated[str, typer.Argument(metavar="COURSE", help="Its name.")]
HouseOption = Annotated[Path | None, typer.Option("--house", metavar="FOLDER", help="The house, if not the usual one.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]
Day = Annotated[str, typer.Option("--on", metavar="DAY", help="As if it were this day; today if left out.")]

course = typer.Typer(
    no_args_is_help=True,
    help="A schedule above nights, for a clinician and one sleeper. Not a medical device; it treats nothing.",
)


@course.command(short_help="Write the file of a course, to be edited.")
def new(
    name: NameArg,
    *,
    sleeper: Annotated[str, typer.Option(metavar="SLEEPER", help="Whose, by pseudonym.")],
    clinician: Annotated[str, typer.Option(metavar="NAME", help="Who alone answers when cues are held.")],
    first: Annotated[str, typer.Option(metavar="DAY", help="The evening of its first night.")],
    night: Annotated[str, typer.Option(metavar="NIGHT", help="A night of the house that each night is made from.")],
    protocol: Annotated[str, typer.Option(metavar="ID", help="The clinician's, for a rehearsal log.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Write house/courses/COURSE.toml, filled in and explained. It counts for nothing until it is begun."""
    from dreamloom.cli import courses as verb

    asked = verb.Wanted(name=name, sleeper=sleeper, clinician=clinician, first=first, night=night, protocol=protocol)
    verb.new(asked, house=house, as_json=as_json)


@course.command(short_help="Settle a course: from here on it stays as it is.")
def begin(
    name: NameArg,
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Its clinician.")],
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Put the course into the house's record: its file, its threshold and its clinician stay as they are from then."""
    from dreamloom.cli import courses as verb

    verb.begin(name, by=by, house=house, as_json=as_json)


@course.command(short_help="Which night is when, what was run, told and held?")
def show(name: NameArg, *, on: Day = "", house: HouseOption = None, as_json: Json = False) -> None:
    """Show a course night by night: due, run, told, held. What was answered is not in it; see: course summary."""
    from dreamloom.cli import courses as verb

    verb.show(name, on=on, house=house, as_json=as_json)


@course.command(short_help="What is to be said now?")
def remind(
    name: NameArg,
    *,
    at: Annotated[str, typer.Option("--at", metavar="MOMENT", help="As if it were then: 2026-11-21T21:30+01:00.")] = "",
    hook: Annotated[str, typer.Option("--hook", metavar="COMMAND", help="Gets each line on its standard input.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Print what the sleeper is to be reminded of at this moment; a line never names a theme, an arm or anybody."""
    from dreamloom.cli import courses as verb

    verb.remind(name, at=at, hook=hook, house=house, as_json=as_json)


@course.command(short_help="Make the night that is due, and run it if asked to.")
def tonight(
    name: NameArg,
    *,
    on: Day = "",
    run: Annotated[bool, typer.Option("--run", help="And run it, as `dreamloom run` would.")] = False,
    speed: Annotated[str, typer.Option(metavar="SPEED", help='With --run: 1 is live, "max" never waits.')] = "1",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Make tonight's night from the course: what is due, with consent for just that, silent where cues are held.

    For a timer that starts nights by itself: dreamloom course tonight COURSE --run
    """
    from dreamloom.cli import courses as verb

    verb.tonight(name, on=on, run=run, speed=speed, house=house, as_json=as_json)


@course.command(short_help="The clinician's answer to a hold.")
def answer(
    name: NameArg,
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Its clinician, and nobody else.")],
    because: Annotated[str, typer.Option(metavar="TEXT", help="Why; sealed under the sleeper's key.")],
    go_on: Annotated[bool, typer.Option("--go-on/--stay-held", help="Whether cues go on.")],
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Answer a hold: cues go on, or they stay held. Only the clinician with whom the course was begun can."""
    from dreamloom.cli import courses as verb

    verb.answer(name, by=by, because=because, goes_on=go_on, house=house, as_json=as_json)


@course.command(short_help="A course on one page.")
def summary(
    name: NameArg,
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="As a page to print, HTML.")] = None,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="For whom; the sleeper if left out.")] = "",
    on: Day = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Sum a course up: nightmares per reported night with what is missing, changes against the own spread, holds.

    Somebody else than the sleeper gets it only where the sleeper shares their figures with them.
    """
    from dreamloom.cli import courses as verb

    verb.summary(name, out=out, to=to, on=on, house=house, as_json=as_json)
