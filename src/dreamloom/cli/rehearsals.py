"""Verbs that try a dreamscape on simulated sleepers: rehearse."""

from pathlib import Path

from dreamloom.cli.output import Progress, clock, give, say, table
from dreamloom.house import opening, rehearsal_told, rehearsing, supporting, waves_foreseen
from dreamloom.house.foreseen import foreseen
from dreamloom.house.layout import find_night, is_night
from dreamloom.house.night_file import read_night
from dreamloom.house.rehearsing import RehearsalAsked
from dreamloom.house.side_by_side import HowFar
from dreamloom.house.supporting import OF_KINDS
from dreamloom.house.texts import find_dreamscape, read_text
from dreamloom.vocabulary.errors import UsageError

ONE_MINUTE_AND_A_HALF_S = 90.0


def rehearse(  # noqa: PLR0913 - one option of the verb each
    what: str,
    *,
    sleepers: int,
    hours: float,
    seed: int,
    pod: str = "headband",
    on_signals: bool,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Plays a dreamscape, or a night's, to simulated sleepers and says what it did."""
    text, file = _text_of(what)
    if picture is not None:
        refuse_unwritable(picture)
    kind = supporting.kind_named(pod)
    if on_signals and kind != "headband":
        raise UsageError(
            "DL-E118",
            f"--signals makes the samples of a headband, and --pod asks for a {kind}.",
            still="Nothing was rehearsed.",
            do="Leave one of the two out.",
        )
    asked = RehearsalAsked(
        text=text, file=file, sleepers=sleepers, hours=hours, seed=seed, on_signals=on_signals, pod=kind
    )
    costs = foreseen(opening.read_checked(text, file=file), {f"a {kind}": OF_KINDS[kind]})
    for line in (line for cost in costs for line in cost.lines):
        say(line)
    guessed = waves_foreseen.estimated(opening.read_checked(text, file=file))
    guessed = guessed if kind == "headband" and not on_signals else []
    for line in guessed:
        say(line)
    way = "Samples and all" if on_signals else "On beliefs alone"
    say(f"{way}: about {in_words(asked.estimate_s)} on a machine like ours; yours is told from its own pace.")
    progress = Progress(f"Rehearsing {sleepers} nights of {hours:g} h", sleepers * hours * 3600, quiet=as_json)
    found = rehearsing.rehearse(asked, progress=lambda far: progress.at(far.lived_s, note=_still(far)))
    progress.done()
    if picture is not None:
        picture.write_text(rehearsal_told.page(found), encoding="utf-8")
    rows = [[f"{bed.pod} {bed.preset}", *rehearsal_told.numbers(bed)] for bed in found.beds]
    say(table(["sleeper", *rehearsal_told.HEAD], rows))
    say("")
    reasons = [[reason.replace("_", " ").lower(), count] for reason, count in found.withheld.items()]
    say(table(["withheld because of", "occasions"], reasons or [["nothing", 0]]))
    say("")
    say(f"{rehearsal_told.sentence(found)} It took {found.took_s:g} s.")
    say("Simulated sleepers show how the rules work together. They are no evidence about people.")
    if picture is not None:
        say(f"Picture {picture}")
    if as_json:
        give(rehearsal_told.as_data(found) | {"beds": [cost.data for cost in costs], "estimated": guessed})


def _still(far: HowFar) -> str:
    """How long it took and will take; nothing while nobody knows."""
    return "" if far.left_s is None else f", {clock(far.gone_s)} gone, about {clock(far.left_s)} to go"


def in_words(duration_s: float) -> str:
    """Such as "40 s" or "6 min"."""
    return f"{duration_s:.0f} s" if duration_s < ONE_MINUTE_AND_A_HALF_S else f"{duration_s / 60:.0f} min"


def refuse_unwritable(picture: Path) -> None:
    """Before any work is done.

    Raises:
        UsageError: when no file can be written there.
    """
    if not picture.parent.is_dir() or picture.is_dir():
        raise UsageError(
            "DL-E108",
            f"No picture can be written to {str(picture)!r}.",
            why="It is a folder." if picture.is_dir() else "The folder is not there.",
            still="Nothing was rehearsed.",
            do="Name a file in a folder that is there.",
        )


def _text_of(what: str) -> tuple[str, str]:
    """The text meant: a night's own dreamscape, a file, or a built-in one."""
    if not is_night(what):
        return find_dreamscape(what)
    folder = find_night(what)
    night = read_night(read_text(folder.night_toml, what="the pods of a night"), file=str(folder.night_toml))
    path = folder.root / night.dreamscape
    return read_text(path, what="the dreamscape that night.toml names"), str(path)
