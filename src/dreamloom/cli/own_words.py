"""The verb `calibrate voice`: a sleeper's own words for tonight, recorded or brought as a file."""

from pathlib import Path

from dreamloom.cli.calibrations import named_bed
from dreamloom.cli.output import give, say
from dreamloom.house import own_voice
from dreamloom.house.layout import find_night
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.units import Seconds


def voice(night: str, pod: str, cue: str, *, file: Path | None, ear: str, as_json: bool) -> None:
    """Keeps the words for this cue of this bed, and says how they will be heard."""
    folder = find_night(night)
    bed, wanted = named_bed(folder, pod), own_voice.cue_of(folder, cue)
    if file is not None:
        data = own_voice.from_file(file)
    elif ear:
        say(f"Say now, within {wanted.duration_s:g} s: “{wanted.say or ''}”")
        data = own_voice.from_input(ear, Seconds(wanted.duration_s))
    else:
        raise UsageError(
            "DL-E122",
            "Neither a file nor a microphone was named.",
            do="Add --file words.wav, or --input with a part of the microphone's id.",
        )
    sound, sha256 = own_voice.keep(folder, bed, cue, data, at_most_s=Seconds(wanted.duration_s))
    say(f'{bed.sleeper} will hear "{cue}" in the own voice, {sound.duration_s:.1f} s long, at {bed.id} alone.')
    say(f"Kept by its content as {folder.house.pod(bed.id).cues / sha256}.")
    if as_json:
        give({"pod": bed.id, "cue": cue, "sha256": sha256, "duration_s": sound.duration_s})
