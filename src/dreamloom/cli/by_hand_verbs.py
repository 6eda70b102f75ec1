"""Which words does `dreamloom now` take? For the person in charge, while a night runs."""

from typing import Annotated

import typer

now = typer.Typer(no_args_is_help=True, help="Ask something of a bed while its night runs; logged under your name.")
NightArg = Annotated[str, typer.Argument(metavar="NIGHT", help="The night, by folder or name.")]
WhoArg = Annotated[str, typer.Argument(metavar="SLEEPER|POD", help="Whose bed.")]
BedArg = Annotated[str, typer.Argument(metavar="SLEEPER|POD|all", help="Whose bed, or every bed.")]
TextArg = Annotated[str, typer.Argument(metavar="TEXT", help="In quotes; sealed under that sleeper's key.")]
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
    text: TextArg,
    *,
    by: By,
    as_json: Json = False,
) -> None:
    """Write down what you see at this bed, with the moment; sealed, and erased with the sleeper's own data."""
    from dreamloom.cli import by_hand as verb

    verb.note(night, who, text, by=by, as_json=as_json)


@now.command(short_help="Say that you look after a bed; nobody else is called.")
def seen(
    night: NightArg,
    who: WhoArg,
    *,
    need: Annotated[str, typer.Option(metavar="KEY", help="Which need; all of this bed if left out.")] = "",
    by: By,
    as_json: Json = False,
) -> None:
    """Say that you look after what this bed needs. The pager calls nobody else for it, and holds nothing."""
    from dreamloom.cli import handing_over as verb

    verb.seen(night, who, need, by=by, as_json=as_json)


@now.command(short_help="Write to a bed; read there when its sleeper is awake.")
def say(
    night: NightArg,
    who: WhoArg,
    text: TextArg,
    *,
    by: By,
    as_json: Json = False,
) -> None:
    """Write to this bed's page. It makes no sound and lights no screen; it is shown once its sleeper is awake."""
    from dreamloom.cli import across_the_wall as verb

    verb.say_to_bed(night, who, text, by=by, as_json=as_json)


@now.command(short_help="Read what was written at a bed and to it.")
def said(night: NightArg, who: WhoArg, *, as_json: Json = False) -> None:
    """Show what passed between this bed and whoever is awake, oldest first."""
    from dreamloom.cli import across_the_wall as verb

    verb.show(night, who, as_json=as_json)


@now.command(short_help="End what is heard across the wall.")
def hush(night: NightArg, who: WhoArg, *, by: By, as_json: Json = False) -> None:
    """End whoever is heard in this room by voice, or hears it, within a second. What is written stays."""
    from dreamloom.cli import across_the_wall as verb

    verb.hush(night, who, by=by, as_json=as_json)


@now.command(short_help="Play every cue softer.")
def soften(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Play every cue at this bed at half its sound pressure, until you let it go."""
    from dreamloom.cli import held_back as verb

    verb.step(night, who, "SOFTEN", by=by, as_json=as_json)


@now.command(short_help="No cue until you let go.")
def hold(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Play no cue at this bed until you let it go; what sounds is cut. Who is to be woken in the morning still is."""
    from dreamloom.cli import held_back as verb

    verb.step(night, who, "HOLD", by=by, as_json=as_json)


@now.command(short_help="Let what sounds fade; then no cue until you let go.")
def fade(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Let what sounds at this bed fade within ten seconds, and play no cue until you let it go: the gentler stop."""
    from dreamloom.cli import held_back as verb

    verb.step(night, who, "FADE", by=by, as_json=as_json)


@now.command(short_help="No sound at all, and nothing to or from others.")
def stop(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """No sound at all at this bed, not even one that wakes, and nothing to others or from them; it is recorded on."""
    from dreamloom.cli import held_back as verb

    verb.step(night, who, "ISOLATE", by=by, as_json=as_json)


@now.command(short_help="Wake, where the sleeper agreed to that.")
def wake(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Begin an awakening at this bed now, for an emergency; no cue until you let go. Says where nothing rings."""
    from dreamloom.cli import held_back as verb

    verb.step(night, who, "WAKE", by=by, as_json=as_json)


@now.command(short_help="Nothing to others and from them; its own cues go on.")
def private(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Keep this bed private: nothing of it reaches another sleeper, nothing of another reaches it; its cues go on."""
    from dreamloom.cli import marking as verb

    verb.mark(night, who, "private", by=by, as_json=as_json)


@now.command(short_help="Among the others again.")
def shared(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Let this bed be among the others again, as its sleeper agreed."""
    from dreamloom.cli import marking as verb

    verb.mark(night, who, "shared", by=by, as_json=as_json)


@now.command(short_help="Lights off, or on.")
def lights(
    night: NightArg,
    who: BedArg,
    word: Annotated[str, typer.Argument(metavar="off|on", help="What you see, or did.")],
    *,
    by: By,
    as_json: Json = False,
) -> None:
    """Say that lights are off at this bed, or on. While they are on its alarms call nobody, for 20 minutes at most."""
    from dreamloom.cli import marking as verb

    verb.lights(night, who, word, by=by, as_json=as_json)


@now.command(short_help="This sleeper is up.")
def out(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Say that this sleeper is up: no sound, and the bed's alarms call nobody, until they are back or for 20 minutes.

    A minute in which the bed's own signal lies still ends it, as does `dreamloom now back`.
    """
    from dreamloom.cli import marking as verb

    verb.mark(night, who, "out-of-bed", by=by, as_json=as_json)


@now.command(short_help="This sleeper is in bed again.")
def back(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Say that this sleeper is in bed again."""
    from dreamloom.cli import marking as verb

    verb.mark(night, who, "back-in-bed", by=by, as_json=as_json)


@now.command(short_help="Let a bed go again.")
def release(night: NightArg, who: BedArg, *, by: By, as_json: Json = False) -> None:
    """Take back what was asked for with soften, hold, fade, stop or wake. What the guardian holds, and a no, stand."""
    from dreamloom.cli import held_back as verb

    verb.step(night, who, "NONE", by=by, as_json=as_json)
