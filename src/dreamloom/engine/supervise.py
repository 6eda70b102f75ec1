"""What if something breaks that nobody foresaw? Silence, then the record, then the truth: the one broad except."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from dreamloom.vocabulary.errors import DreamloomError, Interrupted

Status = Literal["complete", "interrupted", "failed"]


Ending = Callable[[Status, str], None]
"""Closes bedsides, files and record with a status and a reason."""


def supervise(run: Callable[[], str], *, end: Ending) -> None:
    """Runs a night to its end; whatever ends it, every bed is silenced and the record is closed with the reason.

    `run` returns why the night was over, where nothing ended it early.

    Raises:
        Interrupted: when a person stopped it (after the night was closed as interrupted).
        DreamloomError: what ended it early; anything unforeseen is raised as it was.
    """
    try:
        reason = run()
    except KeyboardInterrupt:
        end("interrupted", "stopped by a person")
        raise Interrupted(
            "DL-E130", "The night was stopped. Sound was faded first.", still="The record is complete."
        ) from None
    except Exception as error:
        _end_after(error, end)
        raise
    end("complete", reason)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody else's code came to: a value, or how it failed ("" where it did not)."""

    value: Any
    failed: str = ""


def attempt(call: Callable[[], object]) -> Attempt:
    """Calls what strangers wrote: whatever it raises is told and ends nothing."""
    try:
        return Attempt(call())
    except Exception as error:  # noqa: BLE001 - a plug-in may raise anything, and no night ends for that
        return Attempt(None, _named(error))


def each_in_turn(steps: Iterable[Callable[[], None]]) -> None:
    """Takes every step, whatever fails on the way; then raises what failed first, the other failures noted on it."""
    failures: list[Exception] = []
    for step in steps:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - one bed's failure never keeps another from falling silent
            failures.append(error)
    if failures:
        for later in failures[1:]:
            failures[0].add_note(f"And then: {_named(later)}")
        raise failures[0]


def _end_after(error: Exception, end: Ending) -> None:
    """Ends what can be ended; what ended the night in the first place is never hidden by what failed afterwards."""
    try:
        end("failed", error.code if isinstance(error, DreamloomError) else type(error).__name__)
    except Exception as worse:  # noqa: BLE001 - noted on the first
        error.add_note(f"While ending the night: {_named(worse)}")


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
