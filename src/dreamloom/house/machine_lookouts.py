"""What is looked after on the machine itself while a night runs live? Battery, memory, outputs, sleep and lid."""

from collections.abc import Callable

from dreamloom.engine.loop import Watch
from dreamloom.house.asked import Asked
from dreamloom.house.battery_watch import BatteryWatch
from dreamloom.house.memory_watch import MemoryWatch
from dreamloom.house.run_options import RunOptions
from dreamloom.house.sleep_watch import LidWatch, SleepWatch
from dreamloom.house.tuned import Tuned


def at_the_machine(asked: Asked, options: RunOptions, *, tuned: Tuned, stop: Callable[[str], None]) -> list[Watch]:
    """Each a lookout of its own; `stop` ends the night with a reason."""
    return [
        BatteryWatch(options.battery, warn=options.warn, stop=stop),
        MemoryWatch(asked.sleeper_of, options.memory_mb, warn=options.warn),
        tuned.watch(asked.night.pod, options.warn),
        SleepWatch(asked.sleeper_of, options.slept_s, warn=options.warn),
        LidWatch(asked.sleeper_of, options.is_lid_closed, warn=options.warn),
    ]
