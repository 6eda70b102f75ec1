"""The verb `demo`: ninety minutes of six sleepers in three, then the verdict on the record and the morning page."""

import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dreamloom.cli.night_view import NightView
from dreamloom.cli.output import Progress, clock, flush, give, say
from dreamloom.cli.pages_beside import PagesBeside, show
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Listener
from dreamloom.house import demo_morning, demonstrating, layout, reporting, running, verifying
from dreamloom.house.demo_desk import DemoDesk
from dreamloom.house.demonstrating import Demonstration
from dreamloom.house.layout import House
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import NightResult
from dreamloom.pod.loop import Pod
from dreamloom.record.events import AnyEvent
from dreamloom.vocabulary.errors import DreamloomError, RecordError

BY = "demo"
"""Under which name a page asks for things in this night."""
LOOK_S, GONE_S, LONGEST_STAY_S = 0.5, 10.0, 1800.0
"""A page that is open says so three times a second; nobody who forgot one keeps the demo for long. Ours."""


def demo(*, house: Path | None, minutes: float, within_s: float, page: bool | None, as_json: bool) -> None:
    """Runs the demo night, in a browser as well where that is wanted, verifies its record, names the report."""
    length_s = minutes * 60.0
    shown = demonstrating.prepare(House(house) if house else layout.default_house(), length_s=length_s)
    _foretell(shown)
    how = How(length_s=length_s, speed_x=length_s / within_s)
    live = sys.stderr.isatty() and not as_json
    if not (page or (page is None and live)):
        _held(shown, how, live=live, as_json=as_json)
        return
    desk = DemoDesk(shown.folder, pace_x=None if how.speed_x == 1.0 else how.speed_x)
    with PagesBeside(shown.folder, by=BY) as pages:
        show(pages)
        say("")
        try:
            has_story = _held(shown, replace(how, desk=desk), live=live, as_json=as_json)
        finally:
            desk.ends()
        desk.has_morning(has_story=has_story)
        _stay(pages, desk)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How the demo is run: how long, how fast, and by whose desk it may be changed."""

    length_s: float
    speed_x: float
    desk: DemoDesk | None = None


def _foretell(shown: Demonstration) -> None:
    say("Six beds tonight. p1 is real recorded sleep, the others are simulated people. A chord every 10 s, only in")
    say("REM, only while consent holds. S03 knows when it dreams, and looks left-right-left-right, twice: that reaches")
    say(
        "S05 as a bell, for each has named the other. "
        f"At {clock(shown.dropped_at_s)} p4 loses its stream for a minute; at"
    )
    say(f"{clock(shown.withdrawn_at_s)} S03 withdraws. Watch what falls silent, and what goes on.")
    say("")


def _held(shown: Demonstration, how: How, *, live: bool, as_json: bool) -> bool:
    """The night itself, the verdict on its record, its morning page; whether a story was told as well."""
    view = NightView(shown.told, title="demo night", speed_x=how.speed_x)
    result = _watched(shown, view, how) if live else _told(shown, view, how, quiet=as_json)
    verdict = verifying.verify_night(shown.folder)
    if not verdict.ok:
        raise RecordError("DL-E401", f"The demo's record does not verify: {verdict.first_bad}.", why=verdict.why)
    morning = reporting.write_report(shown.folder)
    say("")
    say(f"{result.cues_played} cues played, {result.cues_withheld} withheld, each with its reason.")
    say(f"The record verifies: {verdict.events} events, root {verdict.root[:16]}…")
    say(f"Morning page: {morning}")
    has_story = _told_in_the_morning(shown)
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
                "story": has_story,
                "speed_x": result.speed_x,
            }
        )
    return has_story


def _told_in_the_morning(shown: Demonstration) -> bool:
    """Six reports of nobody, by the doors of everybody; the demo goes on without them."""
    with suppress(DreamloomError):
        if demo_morning.tell(shown.folder):
            say("Six invented dreams were told, locked, woven and ratified. The story, and whether they met:")
            say(f"  dreamloom weave {shown.folder.root}, dreamloom convergence {shown.folder.root}")
            return True
    say("No invented dreams were told: in this house others sleep, or it cannot keep them.")
    return False


def _stay(pages: PagesBeside, desk: DemoDesk) -> None:
    """The morning is read in the browser too: the pages end when nobody has them open any more."""
    looked_s = desk.looked_s_ago()
    if looked_s is None or looked_s > GONE_S:
        return
    say("The browser shows the morning page as well. Its pages stay while somebody looks; Ctrl-C ends them.")
    flush()
    ends_s = boot_s() + LONGEST_STAY_S
    with suppress(KeyboardInterrupt):
        while pages.is_served and boot_s() < ends_s and (desk.looked_s_ago() or 0.0) < GONE_S:
            time.sleep(LOOK_S)


def _watched(shown: Demonstration, view: NightView, how: How) -> NightResult:
    """On a terminal: the view, drawn ten times a second."""
    from rich.console import Console
    from rich.live import Live

    with Live(view, console=Console(stderr=True), refresh_per_second=8, transient=False):

        def listen(tick: int, events: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> None:
            view.follow(tick, events, pods)

        return running.run_night(shown.folder, _options(shown, how, listen))


def _told(shown: Demonstration, view: NightView, how: How, *, quiet: bool) -> NightResult:
    """Elsewhere: what happens as lines, and one line per ten percent."""
    progress = Progress("Demo night", how.length_s, quiet=quiet)

    def listen(tick: int, events: Sequence[AnyEvent], pods: Mapping[str, Pod]) -> None:
        for line in view.follow(tick, events, pods):
            if not quiet:
                say(line)
        progress.at(tick)

    return running.run_night(shown.folder, _options(shown, how, listen))


def _options(shown: Demonstration, how: How, listen: Listener) -> RunOptions:
    plain = RunOptions(speed_x=how.speed_x, until_s=how.length_s, script=shown.script, listeners=[listen])
    desk = how.desk
    return plain if desk is None else replace(plain, pace_x=desk.pace_x, lookouts=[desk], lead=desk.lead)
