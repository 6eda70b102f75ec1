"""The verbs `calibrate hearing` and `calibrate output`: what a sleeper just hears, and what a meter shows."""

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from dreamloom.adapters.loudness import weighed
from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.volume import volumes
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.cli.calibrations import named_bed
from dreamloom.cli.output import give, say
from dreamloom.engine.clocks import utc_now
from dreamloom.house import hearing, trying_outputs, word_check
from dreamloom.house.layout import default_house, find_night
from dreamloom.house.speakers import SILENT, outputs_of
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.levels import UNCALIBRATED_FULL_SCALE_DB
from dreamloom.jukebox.synth import make
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.units import Decibels

YES, NO = frozenset({"y", "yes", "j", "ja", "1"}), frozenset({"n", "no", "nein", "0", ""})
APART_S = 0.3
WORD_DBFS = Decibels(-30.0)
"""Soft speech where nobody sleeps yet, as the names of the beds are said. Ours."""


def hear(night: str, pod: str, *, as_json: bool) -> None:
    """The staircase at this bed's own output: a sound or none, and the question whether one was heard."""
    folder = find_night(night)
    bed = named_bed(folder, pod)
    device = outputs_of([bed], folder.house).get(bed.id)
    at = SILENT if device is None else device.id
    say("After each moment, say whether you heard a sound: y or n, then Enter. Some moments have none.")
    with _player(device) as play:
        found = hearing.staircase(play, _asked, seed=secrets.randbits(63))
    path = hearing.keep(folder, bed, at, found, volume_db=volumes().get(at))
    told = hearing.measured(folder, bed, at, trying_outputs.NOW)
    assert told is not None
    say(
        f"{bed.sleeper} just hears {-found.dbfs:.1f} dB below a full-scale tone (spread {found.spread_db:.1f} dB, "
        f"{found.trials} presentations, {found.false} of {found.silent} silent ones taken for sound)."
    )
    say(hearing.unchecked(bed.id, at, folder.house, told) or f"That is {told.threshold_db:.1f} dB(A) at the pillow.")
    say(f"Kept in {path}; leave the volume of the output as it is until the morning.")
    if as_json:
        give({"pod": bed.id, "sleeper": bed.sleeper, "threshold": told, "file": path})


def meter(output: str, *, channel: int, reading: float | None, seconds: float, as_json: bool) -> None:
    """Noise of a known level; what a sound level meter shows at the pillow is typed in and kept for the output."""
    found, house = outputs.find(output), default_house()
    if not 1 <= channel <= found.channels:
        raise UsageError("DL-E124", f"{found.id!r} has channels 1 to {found.channels}.", do="Choose one of them.")
    asked = DeviceAsked(found.id, found.backend, found.channels, (channel,), latency_s=0.0)
    noise = weighed(make("noise_bed", duration_s=seconds))
    say(f"Noise for {seconds:g} s: hold the meter where the head will lie, set to A and slow, and read it.")
    with _player(asked) as play:
        play(noise, hearing.METER_DBFS)
    dba = _number() if reading is None else reading
    kept = hearing.keep_level(
        found.id,
        house,
        reading_dba=dba,
        utc=utc_now().isoformat(timespec="seconds"),
        volume_db=volumes().get(found.id),
    )
    say(f"A full-scale tone has {kept.full_scale_db:g} dB(A) there. Kept for every night on {found.id}.")
    say("Leave its volume as it is: a night on it is held silent while it is another one.")
    if as_json:
        give({"level": kept})


def word(night: str, pod: str, *, as_json: bool) -> None:
    """A random word on the bed's output, said back and typed in."""
    folder = find_night(night)
    bed = named_bed(folder, pod)
    device = outputs_of([bed], folder.house).get(bed.id)
    if device is None:
        raise UsageError(
            "DL-E126",
            f"{bed.id} is silent: it has no output to hear a word on.",
            do='Name one in night.toml: speaker = { device = "OUTPUT", channels = [1] }; see doctor speakers.',
        )
    with _player(device) as play:

        def each(sounds: list[Sound]) -> None:
            for sound in sounds:
                play(weighed(sound), WORD_DBFS)

        how = word_check.check(secrets.randbelow, each, _typed)
    path = word_check.keep(folder, bed, device.id, how)
    say(f"{bed.sleeper} hears {device.id}: the {how} was said back. Kept in {path}; the bed may be armed.")
    if as_json:
        give({"pod": bed.id, "device": device.id, "how": how, "file": path})


def _typed(what: str) -> str:
    say(f"Which {what} was it?")
    return sys.stdin.readline()


@contextmanager
def _player(device: DeviceAsked | None) -> Iterator[hearing.Play]:
    if device is None:
        yield lambda _sound, _dbfs: None
        return
    with trying_outputs.opened(device) as speaker:

        def play(sound: Sound, dbfs: Decibels) -> None:
            time.sleep(APART_S)
            at = Decibels(UNCALIBRATED_FULL_SCALE_DB + dbfs)
            trying_outputs.played(speaker, replace(sound), at)

        yield play


def _asked() -> bool:
    while True:
        say("Heard? [y/n]")
        line = sys.stdin.readline()
        word = line.strip().casefold()
        if not line:
            raise UsageError("DL-E125", "The answers ended before the staircase did.", do="Answer y or n each time.")
        if word in YES or word in NO:
            return word in YES


def _number() -> float:
    say("What does the meter show, in dB(A)?")
    line = sys.stdin.readline()
    try:
        return float(line.strip().replace(",", "."))
    except ValueError as error:
        raise UsageError("DL-E123", f"{line.strip()!r} is no number.", do="Type what the meter shows: 61.5") from error
