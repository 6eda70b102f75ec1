"""Which verbs learn something of a sleeper before the night, beside the eyes? Their words and options."""

from pathlib import Path
from typing import Annotated

import typer

NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="A night's folder, or its name in the house.")]
PodArg = Annotated[str, typer.Argument(metavar="POD", help="The bed, as in night.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]


def add_to(calibrate: typer.Typer) -> None:
    """Gives `calibrate` its verbs of sound."""
    calibrate.command("voice", short_help="Record a sleeper's own words for a cue.")(voice)


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
