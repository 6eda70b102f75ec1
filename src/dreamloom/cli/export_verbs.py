"""Which verbs hand a night out?"""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.ending import VerbOrMine, name_verbs
from dreamloom.cli.verb_options import HouseOption, Json, NightArg

export = typer.Typer(cls=VerbOrMine, help="Take a night with you.")


@export.callback(invoke_without_command=True)
def hand_out(
    context: typer.Context,
    *,
    mine: Annotated[bool, typer.Option("--mine", help="The same as the command mine: PERSON FOLDER follow.")] = False,  # noqa: ARG001 - read by VerbOrMine
) -> None:
    """Take a night with you."""
    name_verbs(context)


@export.command("events", short_help="Every event, one JSON object a line.")
def export_events(
    night: NightArg,
    *,
    raw: Annotated[
        bool, typer.Option("--raw", help="The exact bytes that were hashed, commitments to sealed parts included.")
    ] = False,
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help="Who is to read it: house (every event), orchestrator, blinded, researcher, or sleeper with --pod.",
        ),
    ] = "house",
    pod: Annotated[str | None, typer.Option(metavar="POD", help="For --role sleeper: whose bed.")] = None,
    as_json: Annotated[  # noqa: ARG001 - the lines are JSON as it is; a failure reads the words themselves
        bool, typer.Option("--json", help="Failures too as a JSON object on stdout.")
    ] = False,
) -> None:
    """Every event of a night in order, one JSON object a line, on stdout; for each role what it may see, no more.

    To researchers and the blinded each sleeper has another name in each night; the house's keys alone link them.
    """
    from dreamloom.cli import records as verb

    verb.export_events(night, raw=raw, role=role, pod=pod)


@export.command("mine", short_help="Everything of one sleeper, opened, for that sleeper.")
def export_mine(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A sleeper's pseudonym, as in night.toml.")],
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that is empty or not there yet.")],
    *,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Write everything that this house holds of one sleeper into a folder: events, notes, signals, sounds, consents.

    Free, offline, and readable without this program: JSON lines, EDF+ and WAV, with a README in plain words.
    """
    from dreamloom.cli import erasures as verb

    verb.export_mine(person, to, house=house, as_json=as_json)
