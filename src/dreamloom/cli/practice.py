"""The verb `calibrate training`: says what to practise, plays its cues, and keeps what was held."""

from contextlib import ExitStack
from dataclasses import replace

from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.cli.calibrations import named_bed
from dreamloom.cli.output import give, say
from dreamloom.dreamscape.words import duration
from dreamloom.engine.clocks import RealClock, utc_now
from dreamloom.house import hearing, opening, training, trying_outputs
from dreamloom.house.layout import NightFolder, find_night
from dreamloom.house.night_file import NOBODY, PodAsked
from dreamloom.house.speakers import outputs_of
from dreamloom.house.training import KeptPractice, Play, Practice
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.levels import UNCALIBRATED_FULL_SCALE_DB
from dreamloom.pod.plan import ASSUMED_THRESHOLD_DB
from dreamloom.vocabulary.errors import StreamError, UsageError
from dreamloom.vocabulary.units import Decibels

IN_SOME_ARMS = "In some arms of this dreamscape silence stands in the place of every cue; practise all the same."


def train(night: str, pod: str, *, as_json: bool) -> None:
    """Holds every training of this bed's sleeper for tonight, until it is over or Ctrl-C."""
    folder = find_night(night)
    bed = named_bed(folder, pod)
    if bed.source.startswith(NOBODY):
        say(f"Nobody lies at {bed.id} ({bed.source}), so nothing is practised there.")
        held: list[KeptPractice] = []
    else:
        held = _held(folder, bed)
    if as_json:
        told = [{"training": one.training, "presented": one.presented, "held_s": one.held_s} for one in held]
        give({"pod": bed.id, "sleeper": bed.sleeper, "held": told})


def _held(folder: NightFolder, bed: PodAsked) -> list[KeptPractice]:
    asked = opening.read_asked(folder)
    device = _output(folder, bed)
    found = hearing.measured(folder, bed, device.id, trying_outputs.NOW)
    threshold_db = Decibels(found.threshold_db) if found else ASSUMED_THRESHOLD_DB
    wanted = training.practices(asked, bed, threshold_db=threshold_db, utc=utc_now())
    if any(not arm.trained for arm in asked.dreamscape.arms.values()):
        say(IN_SOME_ARMS)
    with ExitStack() as undo:
        play = _player(device, hearing.full_scale_db(device.id, folder.house, found), undo)
        held: list[KeptPractice] = []
        for practice in wanted:
            last, is_over = practise(folder, bed, practice, play)
            held += [last] if last else []
            if not is_over:
                break
    for one in held:
        said = f"{one.presented} {'cue' if one.presented == 1 else 'cues'} in {duration(round(one.held_s))}"
        say(f"Held: {said}. Kept in {folder.trained(bed.id)}; the night begins with it.")
    if not held:
        say("Nothing was held, and nothing is kept.")
    return held


def practise(folder: NightFolder, bed: PodAsked, practice: Practice, play: Play) -> tuple[KeptPractice | None, bool]:
    """One training: what was held of it, kept after every cue, and whether it came to its end."""
    count, asked = len(practice.moments), practice.asked
    say(f"Practise: {asked.practise}")
    say(f"{count} cues, one each {duration(asked.every_s)}; {duration(asked.over_s)} in all. Ctrl-C ends it.")
    clock, utc, kept, number = RealClock(), utc_now(), None, 0
    try:
        for number in training.hold(practice, play, clock, withdrawn=lambda: training.is_withdrawn(folder, bed)):
            kept = training.so_far(practice, number, held_s=clock.now_s(), utc=utc)
            training.keep(folder, bed, kept)
            say(f"{number} of {count}")
    except KeyboardInterrupt:
        say("Ended here; what was held counts.")
    else:
        if number < count:
            say(f"{bed.sleeper} has withdrawn; nothing more is played.")
    return kept, number == count


def _output(folder: NightFolder, bed: PodAsked) -> DeviceAsked:
    device = outputs_of([bed], folder.house).get(bed.id)
    if device is None:
        raise UsageError(
            "DL-E126",
            f"{bed.id} is silent: it has no output to hear a cue on.",
            do='Name one in night.toml: speaker = { device = "OUTPUT", channels = [1] }; see doctor speakers.',
        )
    return device


def _player(device: DeviceAsked, full_scale_db: Decibels, undo: ExitStack) -> Play:
    speaker = undo.enter_context(trying_outputs.opened(device))

    def play(sound: Sound, level_db: Decibels) -> None:
        at_db = Decibels(UNCALIBRATED_FULL_SCALE_DB + level_db - full_scale_db)
        if trying_outputs.played(speaker, replace(sound), at_db).status != "played":
            raise StreamError(
                "DL-E277",
                f"A cue did not sound on {device.id!r}.",
                why="The output is gone, or another program holds it.",
                still="What was held until then is kept, and counts.",
                do="Look at it with dreamloom doctor speakers, then hold the rest.",
            )

    return play
