"""Verbs on harm: write an adverse event down, list them with what is due, give a board its table."""

import sys
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

HouseOption = Annotated[Path | None, typer.Option("--house", metavar="FOLDER", help="The house, if not the usual one.")]
Json = Annotated[bool, typer.Option("--json", help="Data on stdout as one JSON object, failures too.")]
Text = Annotated[bool, typer.Option("--text", help="With what was written, opened with each sleeper's key.")]

adverse = typer.Typer(no_args_is_help=True, help="Harm that was told: written down, due, handed to a board.")


@adverse.command(short_help="Write one down.")
def add(
    sleeper: Annotated[str, typer.Argument(metavar="SLEEPER", help="To whom it happened, by pseudonym.")],
    *,
    severity: Annotated[
        str, typer.Option(metavar="WORD", help="mild, moderate, severe, serious, life-threatening or fatal.")
    ],
    relatedness: Annotated[
        str, typer.Option(metavar="WORD", help="To cues: unrelated, unlikely, possible, probable or definite.")
    ],
    text: Annotated[str, typer.Option(metavar="TEXT", help="What happened; read from stdin when left out.")] = "",
    night: Annotated[str, typer.Option(metavar="NIGHT", help="In or after which night, if any.")] = "",
    on: Annotated[str, typer.Option(metavar="DAY", help="On which day, as 2026-11-21; today if left out.")] = "",
    by: Annotated[str, typer.Option(metavar="WHO", help="Who writes it down.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Write an adverse event down in the house's record; what happened is sealed under the sleeper's own key."""
    from dreamloom.cli.output import give, say
    from dreamloom.house import adverse as forms
    from dreamloom.house import layout, study_stop

    where = layout.House(house) if house else layout.default_house()
    event = forms.report(
        where,
        sleeper=sleeper,
        severity=severity,
        relatedness=relatedness,
        text=text or sys.stdin.read(),
        night=night,
        happened_on=on,
        by=by,
    )
    stop = study_stop.stopped_studies(where)
    say(f"Written down: {severity}, {relatedness}. A board must know until {event.due_utc}.")
    _say_stop(stop)
    if as_json:
        give({"sleeper": sleeper, "severity": severity, "due_utc": event.due_utc, "stopped": stop})


@adverse.command("list", short_help="Which were told, and what is due?")
def list_(*, with_text: Text = False, house: HouseOption = None, as_json: Json = False) -> None:
    """List every adverse event of the house, what is overdue, and whether a study must stop."""
    from dreamloom.cli.output import give, say
    from dreamloom.engine.clocks import utc_now
    from dreamloom.house import adverse as forms
    from dreamloom.house import layout, study_stop

    where = layout.House(house) if house else layout.default_house()
    told, stop = forms.told(where, with_text=with_text), study_stop.stopped_studies(where)
    for each in told:
        late = ", OVERDUE" if each.due.astimezone(UTC) < utc_now() else ""
        event, written = each.event, f": {each.text}" if each.text else ""
        graded = f"{event.severity}, {event.relatedness}; due {event.due_utc}{late}"
        say(f"{each.number}. {event.happened_on} {event.sleeper}: {graded}{written}")
    if not told:
        say("No adverse event was told to this house.")
    _say_stop(stop)
    if as_json:
        give({"adverse": [each.row() for each in told], "stopped": stop})


@adverse.command(short_help="A table for a board.")
def export(*, with_text: Text = False, house: HouseOption = None) -> None:
    """Write every adverse event as CSV on stdout; without what was written, unless it is asked for."""
    from dreamloom.cli.output import flush, hand_out
    from dreamloom.house import adverse as forms
    from dreamloom.house import layout

    told = forms.told(layout.House(house) if house else layout.default_house(), with_text=with_text)
    hand_out(forms.as_csv(told).removesuffix("\n").encode())
    flush()


@adverse.command(short_help="Let a stopped study go on.")
def release(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A trial; or what nights outside any trial play.")],
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who looked at it, with the board.")] = "",
    because: Annotated[str, typer.Option(metavar="TEXT", help="Why it may go on; name nobody who took part.")] = "",
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Let a study that harm had stopped go on; who said so, and why, stands in the house's record for good."""
    from dreamloom.cli.output import give, say
    from dreamloom.house import layout, study_stop

    where = layout.House(house) if house else layout.default_house()
    event = study_stop.release(where, study, by=by, because=because)
    say(f"{event.by} released {study}: its nights can be run. What is told from now on counts anew.")
    if as_json:
        give({"study": study, "by": event.by, "because": event.because, "adverse": list(event.adverse)})


def _say_stop(stop: Mapping[str, str]) -> None:
    from dreamloom.cli.output import say

    for study, why in stop.items():
        say(f"Stopped: {study}: {why}. No cued night of it begins before somebody has released it.")
