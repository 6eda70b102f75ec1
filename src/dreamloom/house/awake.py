"""Does the machine stay awake while a night runs? Live, sleep is held off, or a person is told that nothing does."""

from collections.abc import Iterator
from contextlib import contextmanager

from dreamloom.adapters import power
from dreamloom.house.run_options import RunOptions

UNHELD = (
    "Nothing here keeps this machine awake: switch off sleep, and sleep at a closed lid, in its settings. "
    "While it sleeps nothing is recorded, and every bed is silent."
)


@contextmanager
def awake(options: RunOptions) -> Iterator[None]:
    """Holds off sleep until a live night ends, however it ends; a faster one is over before a machine dozes off."""
    if options.speed_x != 1.0:
        yield
        return
    with power.kept_awake() as is_held:
        if not is_held:
            options.warn(UNHELD)
        yield
