"""Which words does `dreamloom now` take? For the person in charge, while a night runs."""

from typing import Annotated

import typer

now = typer.Typer(no_args_is_help=True, help="Ask something of one bed while its night runs; logged under your name.")
NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="The night, by folder or name.")]
WhoArg = Annotated[str, typer.Argument(metavar="SLEEPER|POD", help="Whose bed.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who asks; stands in the record.")]
Json = Annotated[bool, typer.Option("--json", help="What became of it, as one JSON object on stdout.")]


@now.command(short_help="Play one cue, unless something forbids it.")
def cue(
    night: NightArg,
    who: WhoArg,
    name: Annotated[str, typer.Argument(metavar="CUE", help="A cue of tonight's dreamscape.")],
    *,
    by: By,
    as_json: Json = False,
) -> None:
    """Play one cue at this bed, now or never. Its gate and timer are set aside; consent, stage, arousal and caps stand.

    In a sham arm it stays as silent as any other cue, and nobody is told.
    """
    from dreamloom.cli import by_hand as verb

    verb.cue(night, who, name, by=by, as_json=as_json)


@now.command(short_help="Do all that a cue takes, in silence.")
def sham(night: NightArg, who: WhoArg, *, by: By, as_json: Json = False) -> None:
    """Do at this bed all that a cue takes, in silence: for a moment that is to be compared with one."""
    from dreamloom.cli import by_hand as verb

    verb.sham(night, who, by=by, as_json=as_json)


@now.command(short_help="Ask the next question of a dialogue, and hear the answer.")
def question(
    night: NightArg,
    who: WhoArg,
    *,
    by: By,
    dialogue: Annotated[str | None, typer.Option(metavar="NAME", help="Which; the first one otherwise.")] = None,
    as_json: Json = False,
) -> None:
    """Ask at this bed what comes next in a dialogue, now or never. Gate, signal and timer are set aside; vetoes stand.

    Its answer is waited for as always and told here, but for nights with arms, where it might unblind.
    """
    from dreamloom.cli import by_hand as verb

    verb.question(night, who, dialogue, by=by, as_json=as_json)


@now.command(short_help="Call the stage that you see, for ten minutes.")
def stage(
    night: NightArg,
    who: WhoArg,
    letter: Annotated[str, typer.Argument(metavar="STAGE", help="W, N1, N2, N3, R, or none to take a call back.")],
    *,
    by: By,
    as_json: Json = False,
) -> None:
    """Call the stage that you see: for ten minutes gates go by it. Arousals and the sleeper's own no still silence."""
    from dreamloom.cli import by_hand as verb

    verb.stage(night, who, letter, by=by, as_json=as_json)


@now.command(short_help="Write down what you see.")
def note(
    night: NightArg,
    who: WhoArg,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="In quotes; sealed under that sleeper's key.")],
    *,
    by: By,
    as_json: Json = False,
) -> None:
    """Write down what you see at this bed, with the moment; sealed, and erased with the sleeper's own data."""
    from dreamloom.cli import by_hand as verb

    verb.note(night, who, text, by=by, as_json=as_json)
