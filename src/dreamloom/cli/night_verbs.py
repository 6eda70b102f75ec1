"""Which verbs turn a night? Begin it, run it, look at it, decide it again."""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.output import say
from dreamloom.cli.verb_options import HouseOption, Json, NightArg, StagerOption

nights = typer.Typer()


@nights.command(short_help="See a night of six in three minutes; no hardware.")
def demo(
    *,
    house: HouseOption = None,
    minutes: Annotated[
        float, typer.Option(metavar="MINUTES", min=1.0, max=480.0, help="How much night to show, 1 to 480.")
    ] = 90.0,
    within: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=1.0, max=3600.0, help="Time to show it in, if the machine is fast enough."),
    ] = 150.0,
    page: Annotated[
        bool | None, typer.Option("--page/--no-page", help="Show it in a browser as well; left out: on a terminal.")
    ] = None,
    as_json: Json = False,
) -> None:
    """A night of six in three minutes: real recorded sleep beside five simulated sleepers; no hardware, no account.

    One loses the stream, one withdraws; at the end the record is verified and the morning page written.
    """
    say("Making six beds. Not a medical device.")
    from dreamloom.cli import demo as verb

    verb.demo(house=house, minutes=minutes, within_s=within, page=page, as_json=as_json)


@nights.command(short_help="Begin a night: three files to edit.")
def new(
    night: Annotated[
        str, typer.Argument(metavar="NIGHT", help="Its name in the house, or a folder that is not there yet.")
    ],
    *,
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SOURCE", help="Where a bed's samples come from; once for each bed. sim:typical if left out."
        ),
    ] = None,
    dreamscape: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="A built-in dreamscape, or a YAML file.")
    ] = "nightmare_rem_tmr",
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="Such as Europe/Berlin; this machine's if left out.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Begin a night: write night.toml, dreamscape.yaml and consent.toml, filled in, for you to edit.

    Nothing is written over. A grant is filled in for simulated sleepers and recordings; a person's stays a comment
    until that person has agreed.
    """
    from dreamloom.cli import beginnings as verb

    verb.new(night, sources=source or [], dreamscape=dreamscape, timezone=timezone, as_json=as_json)


@nights.command(short_help="Look at every bed before the night: what is ready, what is missing.")
def evening(night: NightArg, *, as_json: Json = False) -> None:
    """What was agreed, asked, heard and practised at every bed; what is still to be done, and by which words.

    Changes nothing. The same stands on a page that prints: dreamloom serve NIGHT, then /nights/NIGHT/evening.
    """
    from dreamloom.cli import evenings as verb

    verb.show(night, as_json=as_json)


@nights.command(short_help="Hand a night over: what happened, what is held, who needs somebody.")
def handover(night: NightArg, *, as_json: Json = False) -> None:
    """Who is where, what is held and by whom, what needs somebody and who looks after it, what happened last.

    The same stands on a page that prints: dreamloom serve NIGHT, then /nights/NIGHT/handover.
    """
    from dreamloom.cli import handing_over as verb

    verb.show(night, as_json=as_json)


@nights.command(short_help="Run a night, or go on with a broken one.")
def run(
    night: NightArg,
    *,
    speed: Annotated[
        str, typer.Option(metavar="SPEED", help='1 is live, a number is so much faster, "max" never waits.')
    ] = "1",
    hours: Annotated[
        float | None,
        typer.Option(metavar="HOURS", min=0.01, help="End for good after so much night; left out, with its sources."),
    ] = None,
    rearm: Annotated[bool, typer.Option("--rearm", help="Arm the beds of a broken night again, at once.")] = False,
    page: Annotated[
        str, typer.Option("--page", metavar="NAME", help="Show it in a browser as well, to whoever asks by this name.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Run the night in this folder: record every bed, and cue each sleeper within what that sleeper agreed to.

    A night that broke off goes on: recording at once, silent until armed again. Ctrl-C fades the sound and closes the
    record. Needs night.toml, consent.toml and the dreamscape in the folder.
    """
    from dreamloom.cli import nights as verb

    verb.run(night, speed=speed, hours=hours, rearm=rearm, page=page, as_json=as_json)


@nights.command(short_help="Look at a night, or all of a house, in a browser.")
def serve(
    night: Annotated[str, typer.Argument(metavar="NIGHT|HOUSE", help="A night, or a house with all its nights.")],
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Under which name you ask for things.")],
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="orchestrator, blinded, researcher, clinician, council.")
    ] = "orchestrator",
    port: Annotated[int, typer.Option(metavar="PORT", help="Where on this machine; 0: any that is free.")] = 8770,
    public: Annotated[
        str, typer.Option(metavar="URL", help="The https address under which a proxy on this machine passes phones on.")
    ] = "",
    proxy_config: Annotated[
        str, typer.Option(metavar="caddy|nginx", help="Print that proxy's configuration for --public, and end.")
    ] = "",
    beside: Annotated[
        bool, typer.Option("--beside", hidden=True, help="End once standard input is closed: with whoever began it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print a link that opens the night's page once: a row a bed, what needs you, and the words that hold beds back.

    Of a house, a page lists the nights that run, are to come and are over; each opens in the same view. Only this
    machine can open it. The page asks, the night decides: closing the page changes nothing.
    """
    from dreamloom.cli import served as verb

    way = verb.Way(port=port, public=public, proxy_config=proxy_config, is_beside=beside)
    verb.serve(night, by=by, role=role, way=way, as_json=as_json)


@nights.command(short_help="Decide a stored night again, or play a dreamscape over a recording.")
def replay(
    what: Annotated[str, typer.Argument(metavar="NIGHT|FILE.edf", help="A stored night, or any recording.")],
    *,
    dreamscape: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="For a recording: a built-in dreamscape, or a YAML file.")
    ] = "nightmare_rem_tmr",
    house: HouseOption = None,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="For a recording: written into its night.toml.")] = 0,
    block_samples: Annotated[
        int | None,
        typer.Option(metavar="SAMPLES", min=1, help="For a recording: hand it over in blocks of so many samples."),
    ] = None,
    withdraw_at: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0.0, help="For a recording: its sleeper withdraws at this night time."),
    ] = None,
    channel: Annotated[
        str,
        typer.Option(metavar="LABEL", help="For a recording: the one channel to read; all EEG, EOG, EMG if left out."),
    ] = "",
    stager: StagerOption = "",
    as_json: Json = False,
) -> None:
    """Decide a stored night again from its signals and inputs, and compare every event with the record.

    Given a recording instead: make a night of one sleeper who agrees to everything, and play a dreamscape over it.
    """
    from dreamloom.cli import nights as verb

    asked = verb.ReplayAsked(
        what=what,
        dreamscape=dreamscape,
        house=house,
        seed=seed,
        block_samples=block_samples,
        withdraw_at_s=withdraw_at,
        channel=channel,
        stager=stager,
    )
    verb.replay(asked, as_json=as_json)


@nights.command(short_help="Score the sleep in a recording.")
def score(
    file: Annotated[Path, typer.Argument(metavar="FILE.edf", help="An EDF, EDF+ or BDF recording.")],
    *,
    channel: Annotated[
        str, typer.Option(metavar="LABEL", help="The one channel to read; the usual EEG, EOG and EMG if left out.")
    ] = "",
    live: Annotated[
        bool, typer.Option("--live", help="As a pod would have scored it, second by second, knowing only the past.")
    ] = False,
    stager: StagerOption = "",
    as_json: Json = False,
) -> None:
    """Score the sleep in a recording, in epochs of 30 s: with hindsight by YASA, or --live as a pod does."""
    say(f"Reading {file}.")
    from dreamloom.cli import scores as verb

    verb.score(file, channel=channel, live=live, stager=stager, as_json=as_json)


@nights.command(short_help="Stream a simulated sleeper as a headband would.")
def sim(
    preset: Annotated[
        str, typer.Argument(metavar="PRESET", help="As after sim: in night.toml, for example lucid,start=3h.")
    ],
    *,
    lsl: Annotated[bool, typer.Option("--lsl", help="On the Lab Streaming Layer.")] = False,
    name: Annotated[str, typer.Option(metavar="NAME", help="The name of the stream.")] = "Dreamloom-sim",
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Another number is another person.")] = 0,
    scope: Annotated[
        str, typer.Option(metavar="SCOPE", help="Who may find it: machine, link (this subnet) or site.")
    ] = "machine",
    as_json: Json = False,
) -> None:
    """Stream a simulated sleeper in real time until Ctrl-C, so that a house can be tried out without a head.

    Listen to it in another terminal with source = "lsl:NAME" in night.toml. Needs pip install "dreamloom[lsl]".
    """
    from dreamloom.cli import sim as verb

    verb.sim(preset, lsl=lsl, name=name, seed=seed, scope=scope, as_json=as_json)
