"""Which verbs does a trial have? Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")]
NameArg = Annotated[str, typer.Argument(metavar="TRIAL", help="Its name.")]
HouseOption = Annotated[Path | None, typer.Option(metavar="FOLDER", help="The house it was sealed in.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]

trial = typer.Typer(
    help="Compare with a sham that nobody can tell: sealed before the nights, opened behind locked outcomes."
)


@trial.command("seal", short_help="Draw and seal who is in which arm, before the first night.")
def seal(
    name: NameArg,
    night: Annotated[str, typer.Argument(metavar="NIGHT", help="Its dreamscape, sleepers and rooms are the trial's.")],
    *,
    nights: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1000, help="Of each sleeper; one block if left out.")
    ] = None,
    assign: Annotated[
        str, typer.Option(metavar="HOW", help="across nights, within night, across sleepers or across groups.")
    ] = "",
    block: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1000, help="In how many every arm comes equally often.")
    ] = None,
    sleeper: Annotated[
        list[str] | None, typer.Option(metavar="SLEEPER", help="One more, who does not sleep in this night.")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(metavar="NAME=S01,S02", help="A group that shares its arm; once for each.")
    ] = None,
    arm: Annotated[
        list[str] | None, typer.Option(metavar="ARM", help="Draw this arm; once for each, all if left out.")
    ] = None,
    preregistration: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the trial is announced; its SHA-256 is kept.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draw 256 secret bits, commit to them and to the design in the house's record, and keep the arms sealed.

    Then write [trial] into the night.toml of each of its nights. A schedule is drawn once.
    """
    from dreamloom.cli import trials as verb

    asked = verb.SealAsked(
        name=name,
        night=night,
        nights=nights,
        assign=assign,
        block=block,
        sleepers=tuple(sleeper or ()),
        groups=tuple(group or ()),
        arms=tuple(arm or ()),
        preregistration=preregistration,
    )
    verb.seal(asked, as_json=as_json)


@trial.command("show", short_help="Say what is known of a trial without its arms.")
def show(name: NameArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Say how a trial is drawn, what it committed to, which nights were begun, whether it is locked or open."""
    from dreamloom.cli import trials as verb

    verb.show(name, house=house, as_json=as_json)


@trial.command("ask", short_help="Print what to ask in the morning, decoys among it.")
def ask(
    night: NightArg,
    *,
    decoy: Annotated[
        list[str] | None, typer.Option(metavar="SOUND", help="A sound that never played, by its name; several.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print each sleeper's morning sheet: which arm, or don't know; and which sounds of a drawn list were heard."""
    from dreamloom.cli import trials as verb

    verb.ask(night, decoys=tuple(decoy or ()), as_json=as_json)


@trial.command("lock", short_help="Settle the outcomes by their hashes, before the arms are opened.")
def lock(
    name: NameArg,
    file: Annotated[list[Path], typer.Argument(metavar="FILE…", help="What holds the outcomes: reports, scorings.")],
    *,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Keep the SHA-256 of every outcome. From then on no night of this trial begins, and its arms may be opened."""
    from dreamloom.cli import trials as verb

    verb.lock(name, file, house=house, as_json=as_json)


@trial.command("open", short_help="Open the arms of a locked trial, and check every one.")
def open_arms(name: NameArg, *, house: HouseOption = None, as_json: Json = False) -> None:
    """Open the schedule for good, hold every sealed arm of every night against it, and list the cues of each arm.

    Cues that an arousal stopped stay in their arm. Exit code 6 when something does not fit what was sealed.
    """
    from dreamloom.cli import trials as verb

    verb.open_arms(name, house=house, as_json=as_json)


@trial.command("blindness", short_help="Say from the morning answers whether anybody could tell.")
def blindness(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A line each: sleeper,night,answer or arm,answer.")],
    *,
    name: Annotated[str, typer.Option("--trial", metavar="TRIAL", help="An opened trial, which knows the arms.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Compute Bang's blinding index of every arm with its interval, and how often the real cue was told from decoys.

    An answer is an arm, or: don't know. Further columns cue, heard and decoys hold sounds with ; between them.
    """
    from dreamloom.cli import trials as verb

    verb.blindness(file, name=name, house=house, as_json=as_json)


@trial.command("power", short_help="Say how many people a comparison needs.")
def power(
    *,
    compare: Annotated[
        str, typer.Option(metavar="HOW", help="paired (each sleeper in both arms) or groups.")
    ] = "paired",
    effect: Annotated[
        float | None, typer.Option(metavar="D", help="Difference of means, in standard deviations.")
    ] = None,
    rates: Annotated[
        tuple[float, float] | None, typer.Option(metavar="SHAM ACTIVE", help="Shares of people, such as 0.17 0.5.")
    ] = None,
    people: Annotated[
        int | None, typer.Option(metavar="N", min=2, max=20_000, help="Say the power of so many (in each group).")
    ] = None,
    power: Annotated[float, typer.Option(metavar="P", min=0.01, max=0.999, help="What is asked for.")] = 0.8,
    alpha: Annotated[float, typer.Option(metavar="P", min=1e-6, max=0.5, help="Two-sided level.")] = 0.05,
    cluster: Annotated[
        float, typer.Option(metavar="SIZE", min=1.0, help="Sleepers in a room or group that share an arm.")
    ] = 1.0,
    icc: Annotated[
        float,
        typer.Option(metavar="R", min=0.0, max=1.0, help="How alike those of one room are: intraclass correlation."),
    ] = 0.0,
    lost: Annotated[
        float, typer.Option(metavar="SHARE", min=0.0, max=0.95, help="Of people or reports that will be missing.")
    ] = 0.0,
    as_json: Json = False,
) -> None:
    """Say how many people a comparison needs for a power, or the power of so many; exact, two-sided."""
    from dreamloom.cli import trial_power as verb

    asked = verb.PowerAsked(compare, effect, rates, people, power, alpha, cluster, icc, lost)
    verb.power_of(asked, as_json=as_json)
