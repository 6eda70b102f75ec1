"""What if something breaks that nobody foresaw? Silence, then the record, then the truth: the one broad except."""

from collections.abc import Callable

from dreamloom.engine.loop import NightEngine
from dreamloom.vocabulary.errors import DreamloomError, Interrupted


def supervise(engine: NightEngine, run: Callable[[], None]) -> None:
    """Runs a night to its end; whatever ends it, every bed is silenced and the record is closed with the reason.

    Raises:
        Interrupted: when a person stopped it (after the night was closed as interrupted).
        DreamloomError: what ended it early; anything unforeseen is raised as it was.
    """
    try:
        run()
    except KeyboardInterrupt:
        engine.close(status="interrupted", reason="stopped from the keyboard")
        raise Interrupted(
            "DL-E130", "The night was stopped. Sound was faded first.", still="The record is complete."
        ) from None
    except DreamloomError as error:
        engine.close(status="failed", reason=error.code)
        raise
    except Exception as error:
        engine.close(status="failed", reason=type(error).__name__)
        raise
    engine.close(status="complete", reason="every bedside has finished")
