"""Is this machine ready for a night? Looks at versions, staging, disk, clock, power, streams, sound; names remedies."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from dreamloom.adapters import power
from dreamloom.adapters.folders import mounted_file_systems, refuse_shared_folder
from dreamloom.adapters.own_memory import free_mb
from dreamloom.adapters.trees import TreeStager
from dreamloom.house import surroundings
from dreamloom.house.battery_watch import LOW_PERCENT
from dreamloom.house.disk_watch import BED_HOUR_MB
from dreamloom.house.finding import Finding, State
from dreamloom.house.layout import House
from dreamloom.house.memory_watch import HOUSE_BEDS, HOUSE_MB
from dreamloom.house.new_night import local_zone
from dreamloom.house.plug_in_stagers import installed
from dreamloom.staging.support import TOLD
from dreamloom.vocabulary.errors import DreamloomError

NEEDED = ("numpy", "scipy", "msgspec", "lightgbm", "yasa", "mne", "edfio", "cryptography")
EXTRAS = {
    "pylsl": ("lsl", "LSL streams"),
    "brainflow": ("brainflow", "headbands through BrainFlow"),
    "miniaudio": ("audio", "real speakers"),
}
NIGHT_HOURS = 10.0


def check_up(house: House) -> Iterator[Finding]:
    """Every finding, one by one as it is known; some take a second."""
    for look in LOOKS:
        yield from look(house)


def versions(_: House) -> Iterator[Finding]:
    """What is installed."""
    yield Finding("version", f"dreamloom {metadata.version('dreamloom')}, Python {platform.python_version()}")
    yield Finding("version", f"{platform.system()} {platform.release()}, {platform.machine()}")
    for name in NEEDED:
        yield _package(name)


def staging(_: House) -> Iterator[Finding]:
    """Whether sleep can be staged: the trees are there, are the ones known, and load."""
    try:
        method = TreeStager("eeg").method
    except DreamloomError as error:
        yield Finding("staging", error.what, "wrong", error.do)
    else:
        yield Finding("staging", method)
        yield Finding("staging", TOLD)
    for each in installed():
        yield Finding("staging", f"plugged in, used where it is asked for: {each.name} ({each.package} {each.version})")


def disk(house: House) -> Iterator[Finding]:
    """Whether a record may lie there, and for how long."""
    place = _first_existing(house.root)
    try:
        refuse_shared_folder(house.root, mounted_file_systems())
    except DreamloomError as error:
        yield Finding("disk", f"{error.what} {error.why}", "wrong", error.do)
    free_mb = shutil.disk_usage(place).free / 2**20
    hours = free_mb / BED_HOUR_MB
    told = f"{house.root}: {free_mb / 1024:.1f} GB free, about {hours:,.0f} hours of one bed"
    if hours < NIGHT_HOURS:
        yield Finding("disk", told, "wrong", "Make room, or set DREAMLOOM_HOUSE to a folder on a larger disk.")
    else:
        yield Finding("disk", told)
    yield from _keys(house)


def memory(_: House) -> Iterator[Finding]:
    """Whether a night finds room in memory, before the system ends it to make some."""
    free = free_mb()
    if free is None:
        yield Finding("memory", f"not told here; a night of {HOUSE_BEDS} beds takes up to {HOUSE_MB:.0f} MB")
        return
    told = f"{free / 1024:.1f} GB free, a night of {HOUSE_BEDS} beds takes up to {HOUSE_MB:.0f} MB"
    if free < HOUSE_MB:
        yield Finding("memory", told, "wrong", "Close other programs before the night.")
    else:
        yield Finding("memory", told)


def clock(_: House) -> Iterator[Finding]:
    """Whether leases outlive a suspend, whether the wall clock is kept, and in which zone."""
    import time

    if hasattr(time, "CLOCK_BOOTTIME"):
        yield Finding("clock", "counts suspend: a machine that slept wakes to silence")
    else:
        does = "does not count suspend" if sys.platform != "darwin" else "may not count suspend"
        yield Finding("clock", f"{does}", "note", "Keep the machine awake while a night runs.")
    yield _synchronised()
    yield Finding("clock", f"time zone {local_zone()}")


def supply(_: House) -> Iterator[Finding]:
    """Whether the machine lasts the night and stays awake."""
    left = power.battery()
    if left is None:
        yield Finding("power", "no battery seen: taken to hang on the mains")
    elif left.is_draining:
        state: State = "wrong" if left.percent < LOW_PERCENT else "note"
        yield Finding("power", f"battery {left.percent:.0f} %, going down", state, "Plug it in before the night.")
    else:
        yield Finding("power", f"battery {left.percent:.0f} %, on the mains")
    with power.kept_awake() as is_held:
        if is_held:
            yield Finding("power", "can be kept awake while a night runs")
        else:
            yield Finding("power", "cannot be kept awake from here", "note", "Switch off sleep in its settings.")


def extras(_: House) -> Iterator[Finding]:
    """What else can be read and heard."""
    for name, (extra, what) in EXTRAS.items():
        if find_spec(name) is None:
            yield Finding("extra", f"{what}: not installed", "note", f'pip install "dreamloom[{extra}]"')
        else:
            yield Finding("extra", f"{what}: {name} {metadata.version(name)}")


def devices(_: House) -> Iterator[Finding]:
    """What is known of the bands: nothing, until one is listened to."""
    remedy = "dreamloom doctor soak --source SOURCE listens to a band, and shows impedance where it gives it."
    yield Finding("device", "impedance: not measured, since no device is opened here", "note", remedy)


LOOKS: tuple[Callable[[House], Iterator[Finding]], ...] = (
    *(versions, staging, disk, memory, clock, supply, extras),
    *(surroundings.streams, surroundings.sound, devices),
)
"""In the order in which a person mends things."""


def _package(name: str) -> Finding:
    try:
        return Finding("version", f"{name} {metadata.version(name)}")
    except metadata.PackageNotFoundError:
        return Finding("version", f"{name} is missing", "wrong", "Set up again: make set-up, or pip install dreamloom.")


def _keys(house: House) -> Iterator[Finding]:
    if not house.keys.is_dir():
        yield Finding("disk", "no keys yet: the first night makes them")
    elif house.keys.stat().st_mode & 0o077:
        remedy = f"chmod -R go= {house.keys}"
        yield Finding("disk", f"others on this machine can read {house.keys}", "wrong", remedy)
    else:
        yield Finding("disk", "keys are read by this user alone")


def _synchronised() -> Finding:
    """What systemd knows; elsewhere nobody is asked."""
    program = shutil.which("timedatectl")
    said = ""
    if program:
        asked = [program, "show", "--property=NTPSynchronized", "--value"]
        try:
            said = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout.strip()  # noqa: S603 - fixed words
        except (OSError, subprocess.TimeoutExpired):
            said = ""
    if said == "yes":
        return Finding("clock", "wall clock is synchronised")
    told = "wall clock is not synchronised" if said == "no" else "nobody says whether the wall clock is synchronised"
    return Finding("clock", told, "note", "Night time does not depend on it; the dates in reports do.")


def _first_existing(path: Path) -> Path:
    place = path.resolve()
    while not place.exists():
        place = place.parent
    return place
