"""The verb `demo`: ninety minutes of six sleepers in three, then the verdict on the record and the morning page."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from dreamloom.cli.night_view import NightView
from dreamloom.cli.output import Progress, clock, give, say
from dreamloom.cli.pages_beside import PagesBeside, show
from dreamloom.engine.loop import Listener
from dreamloom.house import demonstrating, layout, reporting, running, verifying
from dreamloom.house.demonstrating import Demonstration
from dreamloom.house.layout import House
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import NightResult
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent
from dreamloom.vocabulary.errors import RecordError

BY = "demo"
"""Under which name a page asks for things in this night."""


def demo(*, house: Path | None, minutes: float, within_s: float, page: bool | None, as_json: bool) -> None:
    """Runs the demo night, in a browser as well where that is wanted, verifies its record, names the report."""
    length_s = minutes * 60.0
    shown = demonstrating.prepare(House(house) if house else layout.default_house(), length_s=length_s)
    say("Six beds tonight. p1 is real recorded sleep, the others are simulated people. A chord every 10 s, only in")
    say("REM, only while consent holds. S03 knows when it dreams, and looks left-right-left-right, twice: that reaches")
    say(
        "S05 as a bell, for each has named the other. "
        f"At {clock(shown.dropped_at_s)} p4 loses its stream for a minute; at"
    )
    say(f"{clock(shown.withdrawn_at_s)} S03 withdraws. Watch what falls silent, and what goes on.")
    say("")
    speed_x = length_s / within_s
    view = NightView(shown.told, title="demo night", speed_x=speed_x)
    options = {"length_s": length_s, "speed_x": speed_x}
    live = sys.stderr.isatty() and not as_json
    with PagesBeside(shown.folder, by=BY) if page or (page is None and live) else nullcontext() as pages:
        if pages is not None:
            show(pages)
            say("")
        result = _watched(shown, view, **options) if live else _told(shown, view, quiet=as_json, **options)
    verdict = verifying.verify_night(shown.folder)
    if not verdict.ok:
        raise RecordError("DL-E401", f"The demo's record does not verify: {verdict.first_bad}.", why=verdict.why)
    morning = reporting.write_report(shown.folder)
    say("")
    say(f"{result.cues_played} cues played, {result.cues_withheld} withheld, each with its reason.")
    say(f"The record verifies: {verdict.events} events, root {verdict.root[:16]}…")
    say(f"Morning page: {morning}")
    say(f"Next: dreamloom serve {shown.folder.root} --by {BY}, dreamloom replay {shown.folder.root}")
    if as_json:
        give(
            {
                "night": result.night,
                "cues_played": result.cues_played,
                "cues_withheld": result.cues_withheld,
                "record_root": result.record_root,
                "verified": verdict.ok,
                "report": str(morning),
                "speed_x": result.speed_x,
            }
        )


def _watched(shown: Demonstration, view: NightView, *, length_s: float, speed_x: float) -> NightResult:
    """On a terminal: the view, drawn ten times a second."""
    from rich.console import Console
    from rich.live import Live

    with Live(view, console=Console(stderr=True), refresh_per_second=8, transient=False):

        def listen(tick: int, events: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> None:
            view.follow(tick, events, pods)

        return running.run_night(shown.folder, _options(shown, length_s, speed_x, listen))


def _told(shown: Demonstration, view: NightView, *, length_s: float, speed_x: float, quiet: bool) -> NightResult:
    """Elsewhere: what happens as lines, and one line per ten percent."""
    progress = Progress("Demo night", length_s, quiet=quiet)

    def listen(tick: int, events: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> None:
        for line in view.follow(tick, events, pods):
            if not quiet:
                say(line)
        progress.at(tick)

    return running.run_night(shown.folder, _options(shown, length_s, speed_x, listen))


def _options(shown: Demonstration, length_s: float, speed_x: float, listen: Listener) -> RunOptions:
    return RunOptions(speed_x=speed_x, until_s=length_s, script=shown.script, listeners=[listen])
