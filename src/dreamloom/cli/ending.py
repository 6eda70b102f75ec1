"""How does a command end? Every failure in the one shape, with its exit code; a traceback only with --debug."""

import sys
import traceback
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from dreamloom.cli.output import flush, say, say_error
from dreamloom.vocabulary.errors import DreamloomError, Interrupted, UsageError

DEBUG, JSON = "--debug", "--json"
LOOK_FOR = "look-for"

_WrongWords: type[Exception] = typer.BadParameter.__mro__[1]
"""What is raised for words that make no command, in every version of typer."""


class MachineError(DreamloomError):
    """The machine refused: a disk that is full, a folder that is read-only."""


class UnforeseenError(DreamloomError):
    """A mistake of the product itself."""


MINE = "mine"


class CommandLine(TyperGroup):
    """All verbs; --debug may stand anywhere, and --json before the verb as well as after it."""

    def main(self, args: Sequence[str] | None = None, *_: Any, **__: Any) -> NoReturn:
        """Carries out one command and ends the process with its exit code."""
        sys.excepthook = unforeseen  # here, since typer sets its own on the way
        words = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(_in_order(words), "dreamloom", standalone_mode=False)
            flush()
            if code == Interrupted.exit_code:  # how typer tells of a Ctrl-C
                code = _told(typer.Abort(), words)
        except (DreamloomError, OSError, typer.Abort, _WrongWords) as error:
            code = _told(error, words)
        sys.exit(code or 0)


class VerbOrName(TyperGroup):
    """Verbs, and for any other word the verb that looks for what is called so."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """What the words mean: a verb of this group, or something's name."""
        is_name = bool(args) and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None
        return super().resolve_command(ctx, [LOOK_FOR, *args] if is_name else args)


class VerbOrMine(TyperGroup):
    """Verbs; with --mine, the one that hands out what is somebody's own: its words follow at once."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """What the words mean: a verb of this group, or what follows `mine`."""
        return super().resolve_command(ctx, [MINE, *args] if ctx.params.get(MINE) else args)


def unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For sys.excepthook: what nobody foresaw, without a traceback unless asked for."""
    if DEBUG in sys.argv or not isinstance(error, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    told = str(error).splitlines()[0] if str(error) else "no more is known"
    say_error(
        UnforeseenError(
            "DL-E199",
            f"Something went wrong that nobody foresaw ({kind.__name__}: {told}).",
            why="This is a mistake of Dreamloom, not yours.",
            still="A night's record holds all that was settled; it can go on with: dreamloom run NIGHT.",
            do="Please tell its makers what you did; the same command with --debug shows where it happened.",
        ),
        as_json=JSON in sys.argv,
    )


def _told(error: Exception, words: Sequence[str]) -> int:
    if DEBUG in words:
        traceback.print_exception(error)
    told = _in_one_shape(error)
    say_error(told, as_json=JSON in words)
    return told.exit_code


def _in_one_shape(error: Exception) -> DreamloomError:
    match error:
        case DreamloomError():
            return error
        case OSError():
            return _of_machine(error)
        case typer.Abort():
            return Interrupted("DL-E130", "Stopped.", why="Somebody pressed Ctrl-C.")
        case _:
            return _of_words(error)


def _of_machine(error: OSError) -> MachineError:
    place = f"{error.filename}: " if error.filename else ""
    return MachineError(
        "DL-E140",
        f"{place}{error.strerror or error}.",
        why="The system refused to read or to write.",
        still="What is already in a record stays as it is.",
        do="Look at the disk's free space and at who may write there, or name another folder.",
    )


def _of_words(error: Exception) -> UsageError:
    """The parser's words in the one shape."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "dreamloom"
    what = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
    return UsageError("DL-E100", " ".join(what.split()), do=f"See: {command} --help")


def _in_order(words: list[str]) -> list[str]:
    """The words without --debug, and with --json behind the verb where the verbs know it."""
    plain = [word for word in words if word != DEBUG]
    verb = next((place for place, word in enumerate(plain) if not word.startswith("-")), None)
    if verb is None or JSON not in plain[:verb]:
        return plain
    return [word for word in plain if word != JSON] + [JSON]


def name_verbs(context: typer.Context) -> None:
    """Whoever names no verb is told which there are."""
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(2)
