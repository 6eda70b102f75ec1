"""Which verbs look at this machine and its devices, before anybody sleeps?"""

from typing import Annotated

import typer

from dreamloom.cli.ending import LOOK_FOR, VerbOrName
from dreamloom.cli.output import say
from dreamloom.cli.verb_options import Json

doctor = typer.Typer(
    cls=VerbOrName,
    help="Look at this machine before anybody sleeps: what is there, what is missing, what to do about it. "
    "With a NAME, look for that one device, stream or bed.",
    subcommand_metavar="[NAME | COMMAND [ARGS]...]",
)
devices = typer.Typer()


@doctor.callback(invoke_without_command=True)
def examine(context: typer.Context, *, as_json: Json = False) -> None:
    """Look at this machine before anybody sleeps: versions, staging, disk, clock, power, streams, outputs."""
    if context.invoked_subcommand is None:
        say("Looking at this machine.")
        from dreamloom.cli import doctor as verb

        verb.doctor(as_json=as_json)


@doctor.command(LOOK_FOR, hidden=True)
def look_for(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A part of its name, such as muse-7f.")],
    *,
    as_json: Json = False,
) -> None:
    """Look for one device, stream or bed by a part of its name, and say what it does and what to do."""
    say(f"Looking for {name}.")
    from dreamloom.cli import doctor as verb

    verb.look_for(name, as_json=as_json)


@doctor.command("soak", short_help="Listen to a band, and say how often it would drop out in a night.")
def soak(
    *,
    source: Annotated[
        str, typer.Option(metavar="SOURCE", help="As in night.toml: lsl:NAME, brainflow:BOARD, or sim:PRESET.")
    ] = "",
    minutes: Annotated[float, typer.Option(metavar="MINUTES", min=0.05, max=1440.0, help="How long to listen.")] = 60.0,
    as_json: Json = False,
) -> None:
    """Listen to a live source: dropouts, stalls, gaps, jitter, impedance; and how many dropouts a night would have.

    The prediction is the exact interval for so many seen in so long. Ctrl-C ends it with what was heard.
    """
    from dreamloom.cli import doctor as verb

    verb.soak(source, minutes=minutes, as_json=as_json)


@doctor.command("speakers", short_help="List the outputs, or hear each bed's name on its own.")
def doctor_speakers(
    night: Annotated[str, typer.Argument(metavar="[NIGHT]", help="Say each bed's name on its own output.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """List this machine's outputs as night.toml names them; with a night, say each bed's name where it will sleep.

    Names are spoken by espeak-ng or say where this machine has one of them; else bed n plays n notes.
    """
    from dreamloom.cli import speakers as verb

    verb.doctor_speakers(night, as_json=as_json)


@devices.command("latency-check", short_help="Measure how late an output is heard, over a loop.")
def latency_check(
    device: Annotated[str, typer.Argument(metavar="OUTPUT", help="Its id, or a part of it; see doctor speakers.")],
    *,
    channel: Annotated[int, typer.Option(metavar="N", min=1, help="The channel to play on.")] = 1,
    ear: Annotated[
        str, typer.Option("--input", metavar="INPUT", help="What listens; the output's own monitor if left out.")
    ] = "",
    sounds: Annotated[int, typer.Option(metavar="N", min=10, max=1000, help="How many bursts to play.")] = 50,
    as_json: Json = False,
) -> None:
    """Play bursts of noise, find them in what an input hears, and keep the delay for every night on that output.

    Lead a cable from the output to the input, or put a microphone to the speaker. A monitor hears what the sound
    system sends out, before any cable: without the delay of the speaker itself.
    """
    from dreamloom.cli import speakers as verb

    verb.latency_check(device, channel=channel, ear=ear, sounds=sounds, as_json=as_json)
