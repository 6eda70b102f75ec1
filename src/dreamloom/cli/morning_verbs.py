"""Which verbs are for the morning? Telling a dream, before anything names what the night was about."""

from pathlib import Path
from typing import Annotated

import typer

from dreamloom.cli.verb_options import HouseOption, Json, NightArg

mornings = typer.Typer()


@mornings.command(short_help="Tell a dream, and answer for it, step by step.")
def tell(
    night: Annotated[str, typer.Argument(metavar="NIGHT", help="The night; or a sleeper alone, behind no night.")],
    who: Annotated[str, typer.Argument(metavar="[SLEEPER|POD]", help="Who tells.")] = "",
    *,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="The report; - reads it here.")] = None,
    voice: Annotated[Path | None, typer.Option("--voice", metavar="FILE.wav", help="Spoken; you correct it.")] = None,
    model: Annotated[Path | None, typer.Option("--model", metavar="FOLDER", help="What writes it down.")] = None,
    as_heard: Annotated[bool, typer.Option("--as-heard", help="Keep it as it was written down.")] = False,
    recall: Annotated[str, typer.Option("--recall", metavar="WORD", help="none, white (it is gone) or content.")] = "",
    drawing: Annotated[
        Path | None, typer.Option("--drawing", metavar="FILE", help="A drawing or photo that goes with the words.")
    ] = None,
    no_drawing: Annotated[bool, typer.Option("--no-drawing", help="Take the picture away before the lock.")] = False,
    share: Annotated[
        str | None,
        typer.Option("--share", metavar="USES", help="private, or some of statistics,weave,gallery,judges."),
    ] = None,
    house: HouseOption = None,
    as_json: Json = False,
) -> None:
    """Tell a dream: the free report first, then anything else, and it is locked; only then come questions.

    Nothing recalled is a result as well. What is told is sealed under the sleeper's own key. What the night was about
    is told when everybody of it has locked theirs, or eight hours after it ended. The same command goes on where it
    stopped. With a sleeper alone it is a morning behind no night: eight or more of them are what a night is compared
    with.

    What was spoken is written down on this machine and stands there to be corrected, line by line. Where nobody sits at
    a terminal it is printed, and nothing is kept of it unless --as-heard says so.

    Of a picture (JPEG, PNG or WebP) only what is to be seen is kept, at most 2048 pixels long, without place or time.
    It is added until the lock, and nobody but its dreamer is shown it.
    """
    from dreamloom.cli import telling as verb
    from dreamloom.cli.drawn import Drawn

    spoken = verb.Spoken(voice, model, as_heard=as_heard) if voice else None
    drawn = Drawn(drawing, is_to_go=no_drawing)
    given = verb.Given(file=file, recall=recall, share=share, spoken=spoken, drawn=drawn)
    verb.tell(night, who, house=house, given=given, as_json=as_json)


@mornings.command(short_help="Choose before a night what is tested of it.")
def register(
    night: NightArg,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who chooses; it stands in the record.")],
    theme: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="tree,forest,leaf*; with several cues a=tree,leaf each.")
    ] = None,
    called: Annotated[str, typer.Option(metavar="THEME", help="What tonight's theme is called to a dreamer.")] = "",
    decoy: Annotated[list[str] | None, typer.Option(metavar="THEME", help="A theme it is not; three times.")] = None,
    target: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A description; one of four is drawn and sealed.")
    ] = None,
    test: Annotated[list[str] | None, typer.Option(metavar="T1..T5", help="Which tests; all if left out.")] = None,
    meaning: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Find likeness by the sentence model there (all-MiniLM-L6-v2)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Choose before a night what will be tested of it, so that nobody can choose to fit.

    Its hash enters the house's record; dreamloom convergence NIGHT then tests by it, once the reports are locked. With
    a theme and three others a dreamer guesses among the four before anybody says. Of four targets one is drawn and
    sealed: nobody knows which.
    """
    from dreamloom.cli import registrations as verb

    wanted = verb.Wanted(
        themes=theme or (),
        called=called,
        decoys=decoy or (),
        targets=target or (),
        tests=test or (),
        by=by,
        meaning=meaning,
    )
    verb.register(night, wanted, as_json=as_json)


@mornings.command(short_help="The story of a night, in its dreamers' own words.")
def weave(
    night: NightArg,
    *,
    form: Annotated[str, typer.Option("--form", metavar="FORM", help="collage, chorus or timeline.")] = "collage",
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Of the words between the passages.")] = 1,
    public: Annotated[bool, typer.Option("--public", help="Only what its dreamers ratified.")] = False,
    machine: Annotated[
        str, typer.Option("--machine", metavar="NAME", help="Let the house's model word passages; who lets it in.")
    ] = "",
    theme: Annotated[
        str,
        typer.Option("--theme", metavar="THREAD", help="Write a next night of this thread, once signed."),
    ] = "",
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Where --theme writes.")] = None,
    as_json: Json = False,
) -> None:
    """Weave the reports of a night that their dreamers allow: threads of three and more, every word cited.

    The same reports, consents and seed make the same bytes; what is taken back is in no story any more. Of fewer than
    eight dreamers only sentences are told that their dreamers chose, under a name of their own.
    """
    from dreamloom.cli import stories as verb

    if theme:
        verb.give_theme(night, theme, to, as_json=as_json)
        return
    if machine:
        verb.let_in_machine(night, machine)
    verb.weave(night, told=verb.Told(form=form, seed=seed, only_public=public), as_json=as_json)


@mornings.command(short_help="What the dreamers of a night repaired together.")
def circle(night: NightArg, *, as_json: Json = False) -> None:
    """Print what was said in the circle of a night: bridges from passage to passage, and answers."""
    from dreamloom.cli import stories as verb

    verb.circle(night, as_json=as_json)
