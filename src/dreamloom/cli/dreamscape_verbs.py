"""Which verbs are for whoever writes a dreamscape? Write, check, explain, rehearse."""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.output import say
from dreamloom.cli.verb_options import Json, PodOption

dreamscapes = typer.Typer()


@dreamscapes.command(short_help="Write a dreamscape in a browser, checked as you type.")
def write(
    what: Annotated[
        str,
        typer.Argument(
            metavar="FILE|NAME", help="A YAML file, there already or new; or a built-in dreamscape, copied here."
        ),
    ],
    *,
    like: Annotated[
        str, typer.Option("--from", metavar="NAME|FILE", help="Begin a new file as a copy of this dreamscape.")
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who writes; filled in where authors agree.")] = "",
    port: Annotated[int, typer.Option(metavar="PORT", help="Where on this machine; 0: any that is free.")] = 8771,
    as_json: Json = False,
) -> None:
    """Print a link that opens the author's page once: the text, what the checker says of it, sentences, map, rehearsal.

    Nothing is written before you press Save, and nothing but this file, its copy from before and who agrees to it.
    """
    from dreamloom.cli import writing as verb

    verb.write(what, like=like, by=by, port=port, as_json=as_json)


@dreamscapes.command(short_help="Check a dreamscape before anybody sleeps by it.")
def check(
    dreamscape: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A built-in dreamscape, or a YAML file.")],
    *,
    pod: PodOption = "",
    as_json: Json = False,
) -> None:
    """Check a dreamscape: every mistake with its place and the way out, then what it would do, in sentences.

    With --pod as such a bed would play it; a bed that cannot tell the stages it asks for is refused (exit code 5).
    """
    from dreamloom.cli import dreamscapes as verb

    verb.check(dreamscape, pod=pod, as_json=as_json)


@dreamscapes.command(short_help="Say a dreamscape back in sentences, and draw its map.")
def explain(
    dreamscape: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A built-in dreamscape, or a YAML file.")],
    *,
    picture: Annotated[
        Path | None, typer.Option("--map", metavar="FILE.svg", help="Draw its map there: scenes, parts and steps.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what a night of this dreamscape would do, in sentences, and what of it this version does not obey yet."""
    from dreamloom.cli import dreamscapes as verb

    verb.explain(dreamscape, picture=picture, as_json=as_json)


@dreamscapes.command(short_help="Print the JSON Schema of dreamscapes, for editors.")
def schema(*, as_json: Json = False) -> None:  # noqa: ARG001 - a schema is JSON either way
    """Print the JSON Schema of dreamscape files on stdout; an editor that knows YAML schemas helps while one writes."""
    from dreamloom.cli import dreamscapes as verb

    verb.schema()


@dreamscapes.command(short_help="Try a dreamscape on simulated sleepers, in seconds.")
def rehearse(
    what: Annotated[
        str, typer.Argument(metavar="NAME|FILE|NIGHT", help="A built-in dreamscape, a YAML file, or a night's own.")
    ],
    *,
    sleepers: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, max=200, help="How many simulated people, of every kind in turn.")
    ] = 12,
    hours: Annotated[float, typer.Option(metavar="HOURS", min=0.1, max=14.0, help="How long each night is.")] = 8.0,
    seed: Annotated[int, typer.Option(metavar="NUMBER", help="Which people and nights; the same seed, the same.")] = 7,
    pod: PodOption = "headband",
    on_signals: Annotated[
        bool, typer.Option("--signals", help="Run every night whole, from samples to cues; minutes, not seconds.")
    ] = False,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write every night and its cues there, as one page.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play a dreamscape to simulated sleepers who hear it: cues, refusals by reason and arousals, before a night.

    On what a stager would have said, errors included; with --signals on samples that are staged as they come. It shows
    how the rules work together, and is no evidence about people.
    """
    say("Waking the simulated sleepers.")
    from dreamloom.cli import rehearsals as verb

    verb.rehearse(
        what,
        sleepers=sleepers,
        hours=hours,
        seed=seed,
        pod=pod,
        on_signals=on_signals,
        picture=picture,
        as_json=as_json,
    )
