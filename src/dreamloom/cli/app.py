"""What did the user ask for? One verb a command; heavy parts are loaded by the verb that needs them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from dreamloom import __version__

app = typer.Typer(
    name="dreamloom",
    help="Nights of shared dreaming: reads sleepers, plays the agreed cue at the right moment, keeps an honest record. "
    "Not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
bench = typer.Typer(help="How good, how fast? Measured on this machine.", no_args_is_help=True)
export = typer.Typer(help="Take a night with you.", no_args_is_help=True)
app.add_typer(bench, name="bench")
app.add_typer(export, name="export")

Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object; nothing else there.")]
NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")]
Channel = Annotated[str, typer.Option("--channel", metavar="NAME", help="EEG channel by its label.")]


@app.callback(invoke_without_command=True)
def root(
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Options that every verb knows."""
    if debug:
        os.environ["DREAMLOOM_DEBUG"] = "1"
    if version:
        typer.echo(f"dreamloom {__version__}")
        raise typer.Exit


@app.command()
def demo(
    *,
    house: Annotated[Path | None, typer.Option(help="Where to keep the night; a new folder if left out.")] = None,
    minutes: Annotated[float, typer.Option(min=1.0, max=480.0, help="Night minutes to show.")] = 90.0,
    within: Annotated[float, typer.Option(min=1.0, max=3600.0, help="Wall seconds they take, if possible.")] = 150.0,
    as_json: Json = False,
) -> None:
    """A night of six in three minutes: real sleep beside five simulated sleepers; no hardware, no account."""
    from dreamloom.cli import demo as verb

    _run(lambda: verb.demo(house=house, minutes=minutes, within_s=within, as_json=as_json), as_json=as_json)


@app.command()
def run(
    night: NightArg,
    *,
    speed: Annotated[str, typer.Option(help='1 is live; a number is that much faster; "max" does not wait.')] = "1",
    hours: Annotated[float | None, typer.Option(min=0.0, help="End after this many hours of night.")] = None,
    rearm: Annotated[bool, typer.Option("--rearm", help="Arm the beds of a broken night again.")] = False,
    as_json: Json = False,
) -> None:
    """Run a night, or go on with a broken one: recording at once, silent until armed."""
    from dreamloom.cli import nights as verb

    _run(lambda: verb.run(night, speed=speed, hours=hours, rearm=rearm, as_json=as_json), as_json=as_json)


@app.command()
def replay(
    what: Annotated[str, typer.Argument(metavar="NIGHT|FILE.edf", help="A stored night, or any recording.")],
    *,
    dreamscape: Annotated[
        str, typer.Option(help="For a recording: a built-in dreamscape or a file.")
    ] = "nightmare_rem_tmr",
    house: Annotated[Path | None, typer.Option(help="Where to keep the night a recording makes.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of whatever is simulated.")] = 0,
    block_samples: Annotated[
        int | None, typer.Option(min=1, help="Cut the recording into blocks of this many.")
    ] = None,
    withdraw_at: Annotated[
        float | None, typer.Option(min=0.0, metavar="SECONDS", help="The sleeper withdraws at this night time.")
    ] = None,
    channel: Channel = "",
    as_json: Json = False,
) -> None:
    """Decide a night again from what was stored, and compare; or play a dreamscape over a recording."""
    from dreamloom.cli import nights as verb

    asked = verb.ReplayAsked(
        what=what,
        dreamscape=dreamscape,
        house=house,
        seed=seed,
        block_samples=block_samples,
        withdraw_at_s=withdraw_at,
        channel=channel,
    )
    _run(lambda: verb.replay(asked, as_json=as_json), as_json=as_json)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(metavar="FILE.edf", help="An EDF, EDF+ or BDF recording.")],
    *,
    channel: Channel = "",
    live: Annotated[bool, typer.Option("--live", help="The causal track a pod would have had.")] = False,
    as_json: Json = False,
) -> None:
    """Score the sleep in a recording: with hindsight by YASA, or --live as a pod does."""
    from dreamloom.cli import scores as verb

    _run(lambda: verb.score(file, channel=channel, live=live, as_json=as_json), as_json=as_json)


@app.command()
def check(
    dreamscape: Annotated[str, typer.Argument(metavar="DREAMSCAPE", help="A YAML file, or a built-in's name.")],
    *,
    as_json: Json = False,
) -> None:
    """Check a dreamscape: every mistake with its place and the way out."""
    from dreamloom.cli import dreamscapes as verb

    _run(lambda: verb.check(dreamscape, as_json=as_json), as_json=as_json)


@app.command()
def withdraw(
    night: NightArg,
    who: Annotated[str, typer.Argument(metavar="SLEEPER|POD", help="Who says no.")],
    *,
    as_json: Json = False,
) -> None:
    """Withdraw a sleeper's consent: silent at once, for tonight, whatever else happens."""
    from dreamloom.cli import nights as verb

    _run(lambda: verb.withdraw(night, who, as_json=as_json), as_json=as_json)


@app.command()
def report(night: NightArg, *, as_json: Json = False) -> None:
    """Write the morning page of a night: hypnogram, cues, what was withheld and why."""
    from dreamloom.cli import nights as verb

    _run(lambda: verb.report(night, as_json=as_json), as_json=as_json)


@app.command()
def verify(night: NightArg, *, as_json: Json = False) -> None:
    """Recompute a night's record and name the first event that does not fit."""
    from dreamloom.cli import nights as verb

    _run(lambda: verb.verify(night, as_json=as_json), as_json=as_json)


@export.command("events")
def export_events(
    night: NightArg,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="The exact bytes that were hashed, sealed commitments too.")
    ] = False,
) -> None:
    """Every event of a night, one JSON object a line, on stdout."""
    from dreamloom.cli import nights as verb

    _run(lambda: verb.export_events(night, raw=raw), as_json=False)


@bench.command("replay")
def bench_replay(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.edf]", help="The bundled recording if left out.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """How fast is a recording decided on, and where does the time go?"""
    from dreamloom.cli import benches as verb

    _run(lambda: verb.replay(file, as_json=as_json), as_json=as_json)


def _run(verb: Callable[[], None], *, as_json: bool) -> None:
    """Runs a verb; an expected failure becomes one message in the one shape and its exit code."""
    from dreamloom.vocabulary.errors import DreamloomError

    try:
        verb()
    except DreamloomError as error:
        if "DREAMLOOM_DEBUG" in os.environ:
            raise
        from dreamloom.cli.output import say_error

        say_error(error, as_json=as_json)
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def main() -> None:
    """Entry point of the `dreamloom` command."""
    app()
