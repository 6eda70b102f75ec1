"""How does the command line speak? Text for people on stderr, data on stdout, one error shape, progress that fits."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any, NoReturn

import msgspec

from dreamloom.vocabulary.errors import DreamloomError


def ensure_streams() -> None:
    """Opens whichever of stdin, stdout and stderr was closed before the start, to nowhere.

    Otherwise the next file opened would take its number, and a stray message could be written into a record.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")


def say(text: str) -> None:
    """A line for a person. Where nobody reads it any more, the night goes on all the same."""
    _show(text + "\n")


def give(data: Any) -> None:
    """One JSON object on stdout, in UTF-8 wherever it goes."""
    hand_out(_as_json(data))
    flush()


def end_with(error: DreamloomError, data: Mapping[str, object], *, as_json: bool) -> NoReturn:
    """Ends a command that found what it looked for and must not call it good: the finding and the error in one."""
    if as_json:
        give({**data, **error.as_dict()})
    say_error(error, as_json=False)
    raise SystemExit(error.exit_code)


def hand_out(line: bytes) -> None:
    """A line of data on stdout; the command ends quietly when its reader, such as `head`, has seen enough.

    Raises:
        OSError: when what stdout leads to refuses, such as a full disk.
    """
    with _reader():
        sys.stdout.buffer.write(line + b"\n")


def flush() -> None:
    """Everything handed out is with its reader, or the reader has gone."""
    with _reader():
        sys.stdout.flush()


@contextmanager
def _reader() -> Iterator[None]:
    """Whatever goes wrong on stdout is told once; Python would complain again while it ends."""
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(0) from None
        error.filename = "stdout"
        raise


def _as_json(data: Any) -> bytes:
    try:
        return msgspec.json.encode(data, enc_hook=str)
    except UnicodeEncodeError:  # a file name that is no UTF-8
        return json.dumps(msgspec.to_builtins(data, enc_hook=str)).encode("ascii")


def _show(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def say_error(error: DreamloomError, *, as_json: bool) -> None:
    """What happened, why we think so, what still works, what to do, code; in colour on a terminal that likes it."""
    if as_json:
        give(error.as_dict())
    code = _red(error.code) if _in_colour() else error.code
    place = f"{error.where}: " if error.where else ""
    say(f"{place}{code} {error.what}")
    for part in (error.why, error.still, error.do):
        if part:
            say(f"  {part}")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns as wide as their widest word; the first is left-aligned, the others right-aligned."""
    cells = [list(head), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )


def clock(time_s: float) -> str:
    """Night time as hours, minutes and seconds."""
    whole = int(time_s)
    return f"{whole // 3600:d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


LINE_EVERY_S = 30.0
"""However slow a thing is, somebody who waits for it hears as often that it goes on."""


class Progress:
    """A bar on a terminal; elsewhere a line per ten percent, or each half minute; nothing with --json."""

    def __init__(self, what: str, total: float, *, quiet: bool) -> None:
        self._what = what
        self._total = max(total, 1e-9)
        self._quiet = quiet
        self._bar = sys.stderr.isatty() and not quiet
        self._told = ""
        self._told_s = monotonic()

    def at(self, done: float, *, note: str = "") -> None:
        """Shows how far it is, with what else is known of it."""
        percent = min(100, int(100 * done / self._total))
        if self._quiet or not self._is_news(percent, note):
            return
        self._told_s = monotonic()
        if self._bar:
            filled = percent * 30 // 100
            _show(f"\r{self._what} [{'█' * filled}{'·' * (30 - filled)}] {percent:3d} %{note}")
        else:
            say(f"{self._what}: {percent if note else percent // 10 * 10} %{note}")

    def _is_news(self, percent: int, note: str) -> bool:
        """Whatever moves a bar; ten percent more, or half a minute, and whatever is noted first, for a line."""
        step = f"{percent}{note}" if self._bar else f"{percent // 10}{bool(note)}"
        was_told, self._told = self._told, step
        return step != was_told or (bool(note) and monotonic() - self._told_s >= LINE_EVERY_S)

    def done(self) -> None:
        """Ends the bar's line."""
        if self._bar:
            _show("\n")


def _in_colour() -> bool:
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


def _red(text: str) -> str:
    return f"\x1b[1;31m{text}\x1b[0m"
