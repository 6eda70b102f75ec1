"""Verbs that turn a night: run, replay."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from dreamloom.cli.happened import in_words, still_recorded, without_sound
from dreamloom.cli.output import Progress, clock, give, say, table
from dreamloom.cli.pages_beside import PagesBeside, show
from dreamloom.house import layout
from dreamloom.house.by_hand import refuse_name
from dreamloom.house.layout import House
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    Recovered,
)
from dreamloom.vocabulary.errors import RecordError, UsageError

if TYPE_CHECKING:  # what turns a night is loaded once a person has been told that it does
    from dreamloom.house.foreseen import Foreseen
    from dreamloom.house.running import NightResult
    from dreamloom.pod.loop import Pod

DREAMSCAPE = "nightmare_rem_tmr"
"""What is played over a recording where nobody says what."""


def run(night: str, *, speed: str, hours: float | None, rearm: bool, page: str, as_json: bool) -> None:
    """Runs a night in its folder."""
    folder = layout.find_night(night)
    if page:
        refuse_name(page)
    speed_x = _speed(speed)
    until_s = None if hours is None else hours * 3600.0
    say(f"Opening the night {folder.name}. Not a medical device.")
    from dreamloom.adapters.key_presses import KeyPresses, standard_input
    from dreamloom.house import running
    from dreamloom.house.run_options import RunOptions
    from dreamloom.house.stop_keys import stop_keys

    beds: list[dict[str, object]] = []

    def tell(found: "list[Foreseen]") -> None:
        beds.extend(each.data for each in found)
        for line in (line for each in found for line in each.lines):
            say(line)

    told = _told(until_s, quiet=as_json)
    options = RunOptions(speed_x=speed_x, until_s=until_s, rearm=rearm, listeners=[told], warn=say, tell=tell)
    pages = PagesBeside(folder, by=page) if page else nullcontext()
    with pages as shown, stop_keys(folder, KeyPresses(standard_input()), tell=say):
        if shown is not None:
            show(shown)
        result = running.run_night(folder, options)
    _give_result(result, as_json=as_json, beds=beds)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsked:
    """The options of `replay`."""

    what: str
    dreamscape: str = DREAMSCAPE
    house: Path | None = None
    seed: int = 0
    block_samples: int | None = None
    withdraw_at_s: float | None = None
    channel: str = ""
    stager: str = ""


def replay(asked: ReplayAsked, *, as_json: bool) -> None:
    """A stored night is decided again and compared; a recording becomes a night of its own."""
    if layout.is_night(asked.what):
        _refuse_options_of_recordings(asked)
        _replay_night(asked.what, as_json=as_json)
    else:
        _replay_recording(asked, as_json=as_json)


def _refuse_options_of_recordings(asked: ReplayAsked) -> None:
    for field in fields(asked):
        if field.name != "what" and getattr(asked, field.name) != field.default:
            option = "--" + field.name.removesuffix("_s").replace("_", "-")
            raise UsageError(
                "DL-E102",
                f"{option} is for recordings, and {asked.what} is a stored night.",
                why="A night is decided again as it was asked for then.",
                do="Leave it out, or name a recording.",
            )


def _replay_recording(asked: ReplayAsked, *, as_json: bool) -> None:
    say(f"Opening {asked.what}.")
    from dreamloom.house import making, recordings, running
    from dreamloom.house.run_options import RunOptions

    house = House(asked.house) if asked.house else layout.default_house()
    path = recordings.find_recording(asked.what)
    length_s = recordings.length_s(path, channel=asked.channel)
    folder = making.night_of_recording(
        house, path, asked.dreamscape, seed=asked.seed, channel=asked.channel, stager=asked.stager
    )
    script = () if asked.withdraw_at_s is None else (recordings.withdrawal("p1", "S01", asked.withdraw_at_s),)
    progress = Progress(f"Replaying {path.name}", length_s, quiet=as_json)
    try:
        result = running.run_night(
            folder,
            RunOptions(
                speed_x=None,
                block_samples=asked.block_samples,
                script=script,
                listeners=[lambda tick, *_: progress.at(tick)],
            ),
        )
    finally:
        progress.done()
        if not folder.record.exists():
            making.discard(folder)
    _give_result(result, as_json=as_json)


def _replay_night(night: str, *, as_json: bool) -> None:
    folder = layout.find_night(night)
    say(f"Deciding the night {folder.name} again from what was stored.")
    from dreamloom.house import replaying

    comparison = replaying.replay_night(folder)
    if comparison.first_difference is not None:
        raise RecordError(
            "DL-E433",
            f"The night came out otherwise: {comparison.first_difference}.",
            why="A replay decides from the stored signals and recorded inputs alone.",
            still="The record itself can be judged: dreamloom verify.",
            do="Check that the dreamscape, the signals and the version are those of the night (see HostDescribed).",
        )
    say(f"Decided again from what was stored: {comparison.compared} events, every one the same.")
    _give_result(comparison.result, as_json=as_json)


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed_x = float(text)
    except ValueError:
        speed_x = 0.0
    if not 0.01 <= speed_x <= 1000.0:
        raise UsageError(
            "DL-E101", f"--speed {text} is no speed.", why="It is max, or a number from 0.01 to 1000.", do="--speed 1"
        )
    return speed_x


class _told:  # noqa: N801 - used like a function
    """Tells a person how the night goes: a line every ten percent, or every half hour where the end is open."""

    def __init__(self, until_s: float | None, *, quiet: bool) -> None:
        self._progress = Progress("Night", until_s, quiet=quiet) if until_s else None
        self._quiet = quiet
        self._begun = False
        self._without_sound = set[str]()

    def __call__(self, tick: int, events: Sequence[AnyEvent], pods: Mapping[str, "Pod"]) -> None:
        if self._quiet:
            return
        self._without_sound = without_sound(self._without_sound, events)
        if not self._begun:
            self._begin(events, pods)
        if self._progress is not None:
            self._progress.at(tick)
        elif tick and tick % 1800 == 0:
            say(f"{clock(tick)}  {still_recorded(pods, self._without_sound)}")
        for event in events:
            if line := in_words(event):
                say(f"{clock(event.onset_s)}  {event.pod}  {line}")

    def _begin(self, events: Sequence[AnyEvent], pods: Mapping[str, "Pod"]) -> None:
        self._begun = True
        say("Recording. Ctrl-C fades the sound and closes the record.")
        if any(isinstance(event, Recovered) for event in events):
            return
        agreed = {event.pod for event in events if isinstance(event, ConsentGiven)}
        for pod in pods:
            if pod not in agreed:
                say(f"{clock(0)}  {pod}  nobody agreed to a cue here: recorded, and silent all night")


def _give_result(result: "NightResult", *, as_json: bool, beds: Sequence[dict[str, object]] = ()) -> None:
    """What came of a night; while its arms are sealed without what cues met, which could tell them."""
    if as_json:
        give(_as_data(result, beds))
    say("")
    if result.is_blind:
        say("Its arms are sealed: what became of cues, and why some were withheld, is hidden until they are opened.")
        say(f"{result.epochs} epochs, {result.speed_x:g} x")
    else:
        rows = [[reason.replace("_", " ").lower(), count] for reason, count in result.withheld_by_reason.items()]
        say(table(["withheld because of", "occasions"], rows or [["nothing", 0]]))
        say("")
        cues = f"{result.cues_played} cues played, {result.cues_withheld} withheld"
        say(f"{result.epochs} epochs, {cues}, {result.speed_x:g} x")
    say(f"Record root {result.record_root}")
    say(f"Night {result.folder}   next: dreamloom report {result.folder}")


def _as_data(result: "NightResult", beds: Sequence[dict[str, object]]) -> dict[str, object]:
    from dreamloom.gallery.morning import trial_data

    blind = result.is_blind
    return {
        "night": result.night,
        "epochs": result.epochs,
        "cues_played": None if blind else result.cues_played,
        "cues_withheld": None if blind else result.cues_withheld,
        "record_root": result.record_root,
        "speed_x": result.speed_x,
        "folder": str(result.folder),
        "withheld_by_reason": None if blind else result.withheld_by_reason,
        **({"trial": trial_data(result.trial)} if result.trial else {}),
        **({"beds": list(beds)} if beds else {}),
    }
