"""What if something breaks that nobody foresaw? Silence, then the record, then the truth: the one broad except."""

from collections.abc import Callable
from typing import Literal

from dreamloom.vocabulary.errors import DreamloomError, Interrupted

Status = Literal["complete", "interrupted", "failed"]


Ending = Callable[[Status, str], None]
"""Closes bedsides, files and record with a status and a reason."""


def supervise(run: Callable[[], None], *, end: Ending) -> None:
    """Runs a night to its end; whatever ends it, every bed is silenced and the record is closed with the reason.

    Raises:
        Interrupted: when a person stopped it (after the night was closed as interrupted).
        DreamloomError: what ended it early; anything unforeseen is raised as it was.
    """
    try:
        run()
    except KeyboardInterrupt:
        end("interrupted", "stopped by a person")
        raise Interrupted(
            "DL-E130", "The night was stopped. Sound was faded first.", still="The record is complete."
        ) from None
    except DreamloomError as error:
        end("failed", error.code)
        raise
    except Exception as error:
        end("failed", type(error).__name__)
        raise
    end("complete", "every bedside has finished")
