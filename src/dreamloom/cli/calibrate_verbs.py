"""Which verbs learn something of a sleeper before the night? Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")]
PodArg = Annotated[str, typer.Argument(metavar="POD", help="The bed, as in night.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]


def add_to(calibrate: typer.Typer) -> None:
    """Gives `calibrate` its verbs."""
    calibrate.command("hearing", short_help="Find how softly a sleeper just hears, on the bed's own output.")(hearing)
    calibrate.command("output", short_help="Type what a sound level meter shows at the pillow of an output.")(output)
    calibrate.command("word", short_help="Let a sleeper say back a random word heard on the bed's output.")(word)
    calibrate.command("training", short_help="Hold the training that comes before sleep, with its cues.")(training)
    calibrate.command("voice", short_help="Record a sleeper's own words for a cue.")(voice)
    calibrate.command("eyes", short_help="Learn how a sleeper looks left-right-left-right, from five made awake.")(eyes)


def hearing(night: NightArg, pod: PodArg, *, as_json: Json = False) -> None:
    """Play softer and softer sounds on the bed's own output, and ask each time whether one was heard.

    Levels of the night are counted from what is found. It takes about three minutes, in quiet, lying down, with the
    volume as it will stay; some moments are silent on purpose.
    """
    from dreamloom.cli import hearing as verb

    verb.hear(night, pod, as_json=as_json)


def output(
    name: Annotated[str, typer.Argument(metavar="OUTPUT", help="Its id, or a part of it; see doctor speakers.")],
    *,
    channel: Annotated[int, typer.Option(metavar="N", min=1, help="The channel to play on.")] = 1,
    reading: Annotated[
        float | None, typer.Option(metavar="DBA", help="What the meter showed; asked for if left out.")
    ] = None,
    seconds: Annotated[float, typer.Option(metavar="SECONDS", min=1.0, max=60.0, help="How long to play.")] = 10.0,
    as_json: Json = False,
) -> None:
    """Play noise of a known level, and keep what a sound level meter shows at the pillow, in dB(A).

    Without it levels are told in dB over the sleeper's own threshold, and rules in dB(A) cannot be checked.
    """
    from dreamloom.cli import hearing as verb

    verb.meter(name, channel=channel, reading=reading, seconds=seconds, as_json=as_json)


def word(night: NightArg, pod: PodArg, *, as_json: Json = False) -> None:
    """Play a word nobody can guess on the bed's own output; the sleeper says it, and it is typed in.

    A bed at which a person lies, with a real output, is armed only after that; where nothing speaks, notes are counted.
    """
    from dreamloom.cli import hearing as verb

    verb.word(night, pod, as_json=as_json)


def training(night: NightArg, pod: PodArg, *, as_json: Json = False) -> None:
    """Say what to practise, and play the cues of it one after another on the bed's own output, before the night.

    Ctrl-C ends it; what was held counts. In some arms of some dreamscapes silence stands in the place of every cue, in
    the same session: only the sleeper can tell, so let nobody who is to stay blind listen.
    """
    from dreamloom.cli import practice as verb

    verb.train(night, pod, as_json=as_json)


def voice(
    night: NightArg,
    pod: PodArg,
    cue: Annotated[str, typer.Argument(metavar="CUE", help="A cue of kind: speech with voice: own recording.")],
    *,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Bring a WAV, FLAC or Ogg file instead of recording.")
    ] = None,
    ear: Annotated[str, typer.Option("--input", metavar="INPUT", help="The microphone; a part of its id.")] = "",
    as_json: Json = False,
) -> None:
    """Record what this sleeper wants to hear in the own voice tonight, and keep it at the bed by its content.

    It is heard at this bed alone, and only for this night; nothing is sent anywhere.
    """
    from dreamloom.cli import own_words as verb

    verb.voice(night, pod, cue, file=file, ear=ear, as_json=as_json)


def eyes(
    night: NightArg,
    pod: PodArg,
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
