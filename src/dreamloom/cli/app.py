"""What did the user ask for? One verb a command; heavy parts are loaded by the verb that needs them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dreamloom import __version__
from dreamloom.cli import (
    adverse_verbs,
    calibrate_verbs,
    consent_verbs,
    pod_verbs,
    policy_verbs,
    trial_verbs,
    witness_verbs,
)
from dreamloom.cli.by_hand_verbs import now
from dreamloom.cli.ending import LOOK_FOR, CommandLine, VerbOrMine, VerbOrName
from dreamloom.cli.output import ensure_streams, give, say

app = typer.Typer(
    name="dreamloom",
    cls=CommandLine,
    help="Nights of shared dreaming: reads sleepers, plays the agreed cue at the right moment, keeps an honest record. "
    "Not a medical device.\n\n"
    "Nights lie in a house: the folder that DREAMLOOM_HOUSE names, else ./dreamloom-house.",
    epilog="Exit codes: 0 ok, 1 failure, 2 usage, 3 a file is wrong, 4 a stream or recording is missing, 5 refused by "
    "consent or policy, 6 the record does not verify, 130 interrupted.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
bench = typer.Typer(help="How fast, and how good? Measured on this machine.")
export = typer.Typer(cls=VerbOrMine, help="Take a night with you.")
doctor = typer.Typer(
    cls=VerbOrName,
    help="Look at this machine before anybody sleeps: what is there, what is missing, what to do about it. "
    "With a NAME, look for that one device, stream or bed.",
    subcommand_metavar="[NAME | COMMAND [ARGS]...]",
)
app.add_typer(doctor, name="doctor", short_help="Look at this machine before anybody sleeps.")
calibrate = typer.Typer(help="Learn before the night how this sleeper does it.")
calibrate_verbs.add_to(calibrate)
app.add_typer(calibrate, name="calibrate", short_help="Learn before the night how a sleeper looks, hears and speaks.")
app.add_typer(trial_verbs.trial, name="trial", short_help="Compare with a sham that nobody can tell.")
app.add_typer(consent_verbs.consent, name="consent", short_help="What a sleeper agrees to, and takes back.")
app.add_typer(policy_verbs.policy, name="policy", short_help="The rules that every cue of a house is asked of.")
app.add_typer(witness_verbs.witness, name="witness", short_help="Who vouches for a night besides its own house?")
app.add_typer(pod_verbs.pod, name="pod", short_help="The beds of a house, each by its own key.")
app.add_typer(adverse_verbs.adverse, name="adverse", short_help="Harm that was told, and what is due.")
app.add_typer(now, name="now", short_help="Ask something of one bed while its night runs.")
app.add_typer(bench, name="bench", short_help="Measure Dreamloom on this machine.")
app.add_typer(export, name="export", short_help="Take a night with you.")

Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]
NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")]
StagerOption = Annotated[
    str, typer.Option("--stager", metavar="NAME", help="A stager that was plugged in; the shipped trees if left out.")
]
PodOption = Annotated[
    str, typer.Option("--pod", metavar="KIND", help="What lies at the bed: headband, watch, phone or speaker.")
]
HouseOption = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="The house in which to keep the night, if not the usual one.")
]


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="When something fails, show where in the code.")] = False,  # noqa: ARG001 - taken from the words themselves, wherever it stands
    as_json: Json = False,
) -> None:
    """Options that every verb knows."""
    if not version:
        _name_verbs(context)
    elif as_json:
        give({"version": __version__})
    else:
        typer.echo(f"dreamloom {__version__}")


@bench.callback(invoke_without_command=True)
@trial_verbs.trial.callback(invoke_without_command=True)
def _name_verbs(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(2)


@export.callback(invoke_without_command=True)
def hand_out(
    context: typer.Context,
    *,
    mine: Annotated[bool, typer.Option("--mine", help="The same as the command mine: PERSON FOLDER follow.")] = False,  # noqa: ARG001 - read by VerbOrMine
) -> None:
    """Take a night with you."""
    _name_verbs(context)


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


@calibrate.command("eyes", short_help="Learn how a sleeper looks left-right-left-right, from five made awake.")
def calibrate_eyes(
    night: NightArg,
    pod: Annotated[str, typer.Argument(metavar="POD", help="The bed, as in night.toml.")],
    *,
    source: Annotated[
        str, typer.Option(metavar="SOURCE", help="Listen to this instead of the bed's own, for example edf:FILE.edf.")
    ] = "",
    from_s: Annotated[
        float, typer.Option("--from", metavar="SECONDS", min=0.0, help="In a recording: where the signals begin.")
    ] = 0.0,
    for_s: Annotated[
        float | None, typer.Option("--for", metavar="SECONDS", min=10.0, max=3600.0, help="In a recording: how long.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask the sleeper, still awake, for left-right-left-right five times, and keep size, pace and side for this night.

    Words on the screen say when; where the bed has an output, a note on it too. Recordings and simulated sleepers are
    read at once. A night without it asks what holds for most people.
    """
    from dreamloom.cli import calibrations as verb

    verb.eyes(night, pod, source=source, from_s=from_s, for_s=for_s, as_json=as_json)


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


@app.command("latency-check", short_help="Measure how late an output is heard, over a loop.")
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


@app.command(short_help="See a night of six in three minutes; no hardware.")
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


@app.command(short_help="Begin a night: three files to edit.")
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


@app.command(short_help="Run a night, or go on with a broken one.")
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


@app.command(short_help="Look at every bed before the night: what is ready, what is missing.")
def evening(night: NightArg, *, as_json: Json = False) -> None:
    """What was agreed, asked, heard and practised at every bed; what is still to be done, and by which words.

    Changes nothing. The same stands on a page that prints: dreamloom serve NIGHT, then /nights/NIGHT/evening.
    """
    from dreamloom.cli import evenings as verb

    verb.show(night, as_json=as_json)


@app.command(short_help="Look at a night in a browser, while it runs or after.")
def serve(
    night: NightArg,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Under which name you ask for things.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="As orchestrator, blinded or researcher.")] = "orchestrator",
    port: Annotated[int, typer.Option(metavar="PORT", help="Where on this machine; 0: any that is free.")] = 8770,
    public: Annotated[
        str, typer.Option(metavar="URL", help="The https address under which a proxy on this machine passes phones on.")
    ] = "",
    proxy_config: Annotated[
        str, typer.Option(metavar="caddy|nginx", help="Print that proxy's configuration for --public, and end.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Print a link that opens the night's page once: a row a bed, what needs you, and the words that hold beds back.

    Only this machine can open it. The page asks, the night decides: closing the page changes nothing.
    """
    from dreamloom.cli import served as verb

    way = verb.Way(port=port, public=public, proxy_config=proxy_config)
    verb.serve(night, by=by, role=role, way=way, as_json=as_json)


@app.command(short_help="Decide a stored night again, or play a dreamscape over a recording.")
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


@app.command(short_help="Score the sleep in a recording.")
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


@app.command(short_help="Stream a simulated sleeper as a headband would.")
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


@app.command(short_help="Write a dreamscape in a browser, checked as you type.")
def write(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|NAME", help="A YAML file, there already or new; or a built-in dreamscape, copied here."
        ),
    ],
    *,
    like: Annotated[
        str, typer.Option("--from", metavar="NAME|FILE", help="Begin a new file as a copy of this dreamscape.")
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who writes; filled in where authors agree.")] = "",
    port: Annotated[int, typer.Option(metavar="PORT", help="Where on this machine; 0: any that is free.")] = 8771,
    as_json: Json = False,
) -> None:
    """Print a link that opens the author's page once: the text, what the checker says of it, sentences, map, rehearsal.

    Nothing is written before you press Save, and nothing but this file, its copy from before and who agrees to it.
    """
    from dreamloom.cli import writing as verb

    verb.write(what, like=like, by=by, port=port, as_json=as_json)


@app.command(short_help="Check a dreamscape before anybody sleeps by it.")
def check(
    dreamscape: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A built-in dreamscape, or a YAML file.")],
    *,
    pod: PodOption = "",
    as_json: Json = False,
) -> None:
    """Check a dreamscape: every mistake with its place and the way out, then what it would do, in sentences.

    With --pod as such a bed would play it; a bed that cannot tell the stages it asks for is refused (exit code 5).
    """
    from dreamloom.cli import dreamscapes as verb

    verb.check(dreamscape, pod=pod, as_json=as_json)


@app.command(short_help="Say a dreamscape back in sentences, and draw its map.")
def explain(
    dreamscape: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A built-in dreamscape, or a YAML file.")],
    *,
    picture: Annotated[
        Path | None, typer.Option("--map", metavar="FILE.svg", help="Draw its map there: scenes, parts and steps.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a night of this dreamscape would do, in sentences, and what of it this version does not obey yet."""
    from dreamloom.cli import dreamscapes as verb

    verb.explain(dreamscape, picture=picture, as_json=as_json)


@app.command(short_help="Print the JSON Schema of dreamscapes, for editors.")
def schema(*, as_json: Json = False) -> None:  # noqa: ARG001 - a schema is JSON either way
    """Print the JSON Schema of dreamscape files on stdout; an editor that knows YAML schemas helps while one writes."""
    from dreamloom.cli import dreamscapes as verb

    verb.schema()


@app.command(short_help="Try a dreamscape on simulated sleepers, in seconds.")
def rehearse(
    what: Annotated[
        str, typer.Argument(metavar="NAME|FILE|NIGHT", help="A built-in dreamscape, a YAML file, or a night's own.")
    ],
    *,
    sleepers: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, max=200, help="How many simulated people, of every kind in turn.")
    ] = 12,
    hours: Annotated[float, typer.Option(metavar="HOURS", min=0.1, max=14.0, help="How long each night is.")] = 8.0,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Which people and nights; the same seed, the same.")] = 7,
    pod: PodOption = "headband",
    on_signals: Annotated[
        bool, typer.Option("--signals", help="Run every night whole, from samples to cues; minutes, not seconds.")
    ] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write every night and its cues there, as one page.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a dreamscape to simulated sleepers who hear it: cues, refusals by reason and arousals, before a night.

    On what a stager would have said, errors included; with --signals on samples that are staged as they come. It shows
    how the rules work together, and is no evidence about people.
    """
    say("Waking the simulated sleepers.")
    from dreamloom.cli import rehearsals as verb

    verb.rehearse(
        what,
        sleepers=sleepers,
        hours=hours,
        seed=seed,
        pod=pod,
        on_signals=on_signals,
        picture=picture,
        as_json=as_json,
    )


@app.command(short_help="Withdraw a sleeper's consent: silent at once.")
def withdraw(
    night: Annotated[str, typer.Argument(metavar="[NIGHT]", help="The night, by folder or name.")] = "",
    who: Annotated[str, typer.Argument(metavar="[SLEEPER|POD]", help="Who says no.")] = "",
    *,
    slip: Annotated[str, typer.Option("--slip", metavar="CODE", help="Instead of names: the code on a slip.")] = "",
    key: Annotated[bool, typer.Option("--key", help="Wait, and silence the bed when any key is pressed here.")] = False,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Withdraw a sleeper's consent: the bed is silent at once and stays so tonight, whatever else happens.

    Works before the night, while it runs, and when it hangs. The other beds go on. A slip silences all beds of whoever
    it was given to, in every night; it needs no password and no network. With --key, the terminal that this is started
    in is the bed's own button; at the terminal of a running night each bed has a key anyway.
    """
    if slip:
        from dreamloom.cli import consents

        consents.by_slip(slip, house=house, as_json=as_json)
        return
    from dreamloom.cli import withdrawals as verb

    verb.withdraw(night, who, by_key=key, as_json=as_json)


@app.command(short_help="Erase everything of one sleeper.")
def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A sleeper's pseudonym, as in night.toml.")],
    *,
    house: HouseOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the name to be typed again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Erase what a sleeper left in this house: texts in every record, key, signals, sounds, voice, reports, copies.

    Says first what will go, and asks for the name again. An erasure that was broken off goes on when it is asked for
    again. Everybody else's records verify as before; dreamloom verify says what was erased and why.
    """
    from dreamloom.cli import erasures as verb

    verb.erase(person, house=house, is_sure=yes, only_look=dry_run, as_json=as_json)


@app.command(short_help="Take away what is past its time.")
def retention(
    *,
    house: HouseOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Take away what is kept too long, each deletion logged; the opening of a night does the same by itself.

    Days for each kind of data stand in house/retention.toml. The samples of who did not agree to "keep raw" go as soon
    as the morning after their night is over.
    """
    from dreamloom.cli import erasures as verb

    verb.retention(house=house, only_look=dry_run, as_json=as_json)


@app.command(short_help="The pages that an ethics board asks for.")
def dossier(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A trial of this house, or one night.")],
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write them there instead of to stdout.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Protocol in sentences, limits, risks with the tests that hold them, data, people and consents, as Markdown.

    Made from the files of the study's newest night. What no file says is left open in so many words.
    """
    from dreamloom.cli import records as verb

    verb.dossier(study, to=to, as_json=as_json)


@app.command(short_help="Write a night's morning page.")
def report(
    night: NightArg,
    *,
    role: Annotated[
        str, typer.Option(metavar="ROLE", help="blinded or house; blinded while the arms of a trial are sealed.")
    ] = "",
    sleeper: Annotated[
        str, typer.Option("--for", metavar="SLEEPER", help="For this sleeper: their bed alone, with what is personal.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write the morning page of a night, and its numbers: hypnogram, cues, what was withheld and why.

    Of a night whose arms are sealed it holds nothing that could tell them, unless --role house.
    """
    from dreamloom.cli import records as verb

    verb.report(night, role=role, sleeper=sleeper, as_json=as_json)


@app.command(short_help="Judge a night's record, or a receipt.")
def verify(
    night: Annotated[str, typer.Argument(metavar="[NIGHT]", help="The night, by folder or name.")] = "",
    *,
    receipt: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A receipt of a consent, judged by itself and its house.")
    ] = None,
    house: HouseOption = None,
    copy: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint of it that was kept elsewhere; may be said again."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute a night's record from its first event on, and name the first one that does not fit (exit code 6).

    Works offline. What the beds vouched for is looked at, too; with --copy, what was printed, mailed, or signed by
    another house: only such a copy shows that a record was not written anew by whoever holds the keys.
    """
    if receipt is not None:
        from dreamloom.cli import receipts_judged

        receipts_judged.verify(receipt, house=house, as_json=as_json)
        return
    from dreamloom.cli import records as verb

    verb.verify(night, copies=copy or (), as_json=as_json)


@app.command(short_help="Account for what went wrong in a night.")
def incident(
    night: NightArg,
    *,
    sleeper: Annotated[
        str,
        typer.Option("--for", "--sleeper", metavar="SLEEPER", help="For this sleeper alone, with what is personal."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Timeline, who was affected, what the house knew and did not know, and what proves it.

    What was found of how somebody slept is told to that person alone.
    """
    from dreamloom.cli import guardian_verbs as verb

    verb.incident(night, sleeper=sleeper, as_json=as_json)


@app.command(short_help="Try on simulated sleepers what may go wrong.")
def drill(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Which; --list says what each tries.")] = "",
    *,
    as_list: Annotated[bool, typer.Option("--list", help="Say which drills there are.")] = False,
    as_json: Json = False,
) -> None:
    """Unplug a band, forge a cue, cut the network...: lived by simulated sleepers and judged by the record.

    Exit code 1 when the record does not show what it must.
    """
    from dreamloom.cli import guardian_verbs as verb

    if as_list or not name:
        verb.list_drills(as_json=as_json)
    else:
        verb.drill(name, as_json=as_json)


@app.command(short_help="Compare stages of sleepers of one night with those of others.")
def synchrony(
    nights: Annotated[
        list[str],
        typer.Argument(metavar="NIGHT...", help="Nights, by folder or name; two at least to compare with anybody."),
    ],
    *,
    as_json: Json = False,
) -> None:
    """How often two sleepers of one night were in the same stage, beside pairs from different nights.

    Pairs of one room are counted apart. It says nothing about what anybody dreamed.
    """
    from dreamloom.cli import synchronies as verb

    verb.synchrony(nights, as_json=as_json)


@export.command("events", short_help="Every event, one JSON object a line.")
def export_events(
    night: NightArg,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="The exact bytes that were hashed, commitments to sealed parts included.")
    ] = False,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help="Who is to read it: house (every event), orchestrator, blinded, researcher, or sleeper with --pod.",
        ),
    ] = "house",
    pod: Annotated[str | None, typer.Option(metavar="POD", help="For --role sleeper: whose bed.")] = None,
    as_json: Annotated[  # noqa: ARG001 - the lines are JSON as it is; a failure reads the words themselves
        bool, typer.Option("--json", help="Failures too as a JSON object on stdout.")
    ] = False,
) -> None:
    """Every event of a night in order, one JSON object a line, on stdout; for each role what it may see, no more.

    To researchers and the blinded each sleeper has another name in each night; the house's keys alone link them.
    """
    from dreamloom.cli import records as verb

    verb.export_events(night, raw=raw, role=role, pod=pod)


@export.command("mine", short_help="Everything of one sleeper, opened, for that sleeper.")
def export_mine(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A sleeper's pseudonym, as in night.toml.")],
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is empty or not there yet.")],
    *,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Write everything that this house holds of one sleeper into a folder: events, notes, signals, sounds, consents.

    Free, offline, and readable without this program: JSON lines, EDF+ and WAV, with a README in plain words.
    """
    from dreamloom.cli import erasures as verb

    verb.export_mine(person, to, house=house, as_json=as_json)


@bench.command("replay", short_help="How fast is a recording decided on?")
def bench_replay(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.edf", help="A recording; the bundled one if left out.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """How fast is a recording decided on, and where does the time go?"""
    from dreamloom.cli import benches as verb

    verb.replay(file, as_json=as_json)


@bench.command("tracking", short_help="How many sleepers can one core track?")
def bench_tracking(
    *,
    sleepers: Annotated[
        int, typer.Option(metavar="N", min=1, max=5000, help="How many are tracked in one pass.")
    ] = 256,
    as_json: Json = False,
) -> None:
    """How many sleepers can one core track, one by one or in one pass, and what does each part of it cost?"""
    from dreamloom.cli import benches as verb

    verb.tracking(sleepers, as_json=as_json)


@bench.command("staging", short_help="How well is sleep staged on a recording, beside the published scorer?")
def bench_staging(
    *,
    edf: Annotated[
        list[Path], typer.Option(metavar="FILE.edf", help="A recording; several may be named, and are also pooled.")
    ],
    hypnogram: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="An expert's stages: EDF+, CSV with onset,stage, or one stage a line."),
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL", help="A channel to read; the usual EEG, EOG and EMG if left out."),
    ] = None,
    codes: Annotated[str, typer.Option(metavar="CODES", help="What numbers in it mean: 0=W,1=N1,2=N2,3=N3,4=R")] = "",
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the hypnograms: a name ending in .svg or .png.")
    ] = None,
    stager: StagerOption = "",
    as_json: Json = False,
) -> None:
    """How well is sleep staged on a recording? The live track beside the published scorer, used in three ways.

    All methods read the same channels in one run. Without a hypnogram, and without stages among the recording's own
    annotations, agreement between the methods is all that can be told.
    """
    from dreamloom.cli import staging_bench as verb

    verb.bench_staging(
        edf, hypnogram or [], channels=channel or [], codes=codes, picture=picture, stager=stager, as_json=as_json
    )


@bench.command("eyes", short_help="How often is an eye signal seen in a recording, rightly or wrongly?")
def bench_eyes(
    *,
    edf: Annotated[Path | None, typer.Option(metavar="FILE.edf", help="A recording with EOG, or frontal EEG.")] = None,
    hypnogram: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An expert's stages: EDF+, CSV with onset,stage, or one stage a line."),
    ] = None,
    signals: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="True signals, onset_s,end_s a line; none if left out.")
    ] = None,
    simulated: Annotated[
        int, typer.Option(metavar="N", min=0, max=200, help="Instead of a recording: so many simulated nights.")
    ] = 0,
    hours: Annotated[float, typer.Option(metavar="HOURS", min=0.2, max=12.0, help="Of each simulated night.")] = 8.0,
    seed: Annotated[int, typer.Option(metavar="SEED", min=0, help="Of the first simulated night.")] = 1,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw stages, eye movements and signals: .svg or .png.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How often is the agreed left-right-left-right seen in a recording? Ours beside two detectors labs use.

    Rapid eye movements a minute of each stage, false signals an hour, single and given twice; with known signals also
    recall, precision and latency. Stages come from the hypnogram, the recording's own, or the live track.
    """
    from dreamloom.cli import eyes_bench as verb

    verb.bench_eyes(
        edf,
        hypnogram=hypnogram,
        signals=signals,
        simulated=simulated,
        hours=hours,
        seed=seed,
        picture=picture,
        as_json=as_json,
    )


@bench.command("phase", short_help="How exactly are slow waves met on a recording, beside other methods?")
def bench_phase(
    *,
    edf: Annotated[Path, typer.Option(metavar="FILE.edf", help="A recording of any length and rate.")],
    hypnogram: Annotated[
        Path | None, typer.Option(metavar="FILE", help="An expert's stages, which then bound the gate to N2 and N3.")
    ] = None,
    channel: Annotated[str, typer.Option(metavar="LABEL", help="The channel; the first EEG if left out.")] = "",
    tau_ms: Annotated[
        float, typer.Option("--tau-ms", metavar="MS", min=0.0, max=1000.0, help="From the decision to the sound.")
    ] = 0.0,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the errors: a name ending in .svg or .png.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How exactly is the up-state of slow waves met? Ours and eight other methods at one rate, in one run.

    0 degrees is the positive peak. Truth is the zero-phase 0.5-2 Hz band and its Hilbert transform; 0.5-4 Hz beside it.
    """
    from dreamloom.cli import phase_bench as verb

    verb.bench_phase(edf, hypnogram=hypnogram, channel=channel, tau_ms=tau_ms, picture=picture, as_json=as_json)


FOR_ITS_OWNER = 0o077
"""What Dreamloom writes is about people's sleep: nobody else on this machine reads it, unless its owner says so."""


def main() -> None:
    """Entry point of the `dreamloom` command."""
    ensure_streams()
    os.umask(FOR_ITS_OWNER)
    app()
