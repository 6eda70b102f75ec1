"""The verb `pod join`: this machine's headband and speaker for one bed of a house elsewhere."""

import secrets
import sys
import threading
from urllib.parse import urlsplit

from dreamloom.adapters.house_line import HouseLine
from dreamloom.adapters.loudness import weighed
from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.cli.output import give, say
from dreamloom.engine.clocks import utc_now
from dreamloom.house import joining, trying_outputs, word_check
from dreamloom.house.night_file import PodAsked
from dreamloom.house.speakers import SILENT, UNMEASURED_S
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.levels import UNCALIBRATED_FULL_SCALE_DB
from dreamloom.vocabulary.errors import DreamloomError, UsageError
from dreamloom.vocabulary.units import Decibels

STOP = "stop"
WORD_DB = Decibels(UNCALIBRATED_FULL_SCALE_DB - 30.0)
"""Soft speech where nobody sleeps yet, as `calibrate word` plays it."""


def join(link: str, *, source: str, channels: list[str], output: str, as_json: bool) -> None:
    """Joins until the night is over or Ctrl-C; typing stop is the sleeper's no."""
    where = urlsplit(link)
    if where.scheme not in {"http", "https"} or not where.path.startswith("/pod/join/"):
        raise UsageError("DL-E148", f"{link!r} is no link of a bed.", do="Ask for one: dreamloom pod link NIGHT BED")
    device = None if output == SILENT else _device(output)
    line = HouseLine(link)
    bed = line.bed()
    asked = PodAsked(id=bed["pod"], sleeper=bed["pod"], source=source, channels=tuple(channels))
    joining.refuse_network(asked)
    say(f"{bed['pod']}: {bed['agreed']}")
    say(f"The house shows the same three words in its evening check: {bed['words']}")
    if device is not None and bed["plays_here"]:
        _confirm(device, line)
    said_no = _listen_for_no(line, bed["tonight"])
    say("Type stop and Enter for no more sound tonight. Ctrl-C leaves: then nothing sounds here either.")
    joined = joining.join(line, asked, device=device, tell=say, wants_stop=said_no.is_set)
    if as_json:
        give({"pod": asked.id, "samples": joined.sent, "cues": joined.played})


def _device(asked: str) -> DeviceAsked:
    found = outputs.find(asked)
    return DeviceAsked(found.id, found.backend, found.channels, (1,), latency_s=UNMEASURED_S)


def _confirm(device: DeviceAsked, line: HouseLine) -> None:
    """A word nobody can guess is said back, as before every night on a real output."""
    with trying_outputs.opened(device) as speaker:

        def each(sounds: list[Sound]) -> None:
            for sound in sounds:
                trying_outputs.played(speaker, weighed(sound), WORD_DB)

        word_check.check(secrets.randbelow, each, _typed)
    line.heard()


def _typed(what: str) -> str:
    say(f"Which {what} was it?")
    return sys.stdin.readline()


def _listen_for_no(line: HouseLine, tonight: str) -> threading.Event:
    """Set as soon as somebody types stop; the house is told behind it, again and again until it has it."""
    said = threading.Event()

    def listen() -> None:
        for typed in sys.stdin:
            if typed.strip().casefold() == STOP:
                break
        else:
            return
        said.set()
        say("Silent for tonight.")
        name, at = secrets.token_hex(16), utc_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        while not _told(line, name, at, tonight):
            threading.Event().wait(2.0)
        say("The house knows.")

    threading.Thread(target=listen, daemon=True).start()
    return said


def _told(line: HouseLine, name: str, at: str, tonight: str) -> bool:
    try:
        line.stop(name=name, told_utc=at, tonight=tonight)
    except DreamloomError:
        return False
    return True
