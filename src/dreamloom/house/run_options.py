"""How is a night run, which is not what it does? Speed, end, and what looks at the machine meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dreamloom.adapters import power
from dreamloom.adapters.folders import free_mb
from dreamloom.adapters.own_memory import resident_mb
from dreamloom.engine.clocks import SleepSense
from dreamloom.engine.loop import Listener, Outside, Watch
from dreamloom.house.battery_watch import LookAtBattery
from dreamloom.house.disk_watch import LookForRoom
from dreamloom.house.foreseen import Foreseen
from dreamloom.house.memory_watch import LookAtMemory
from dreamloom.house.pager import Call
from dreamloom.house.sleep_watch import HowLong, LookAtLid
from dreamloom.ports import SignalSource

Lead = Callable[[str, SignalSource], SignalSource]
"""What a bed reads from, made of its source: the cable between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a night is run, not what it does.

    Attributes:
        speed_x: 1 is live; None as fast as it goes, on a virtual clock.
        until_s: night time at which it ends at the latest; None when its sources end.
        block_samples: how recordings are cut; decisions never depend on it.
        script: things that come from outside at known moments: a demo, a test.
        pace_x: how fast it goes at each look; never for a night run live, which goes as fast as its sleepers sleep.
        lookouts: what else tells of the outside, asked at every look; a demo's own.
        lead: what lies between each bed and its source; a demo unplugs it there.
        rearm: a person arms the beds of a broken night again.
        opens_utc: when it opens by the clock on the wall; only where no time passes but the night's own.
        listeners: told every settled tick.
        warn: told what a person should know; from another thread, too.
        tell: told once, before the first second, what the gates of each kind of bed will cost.
        battery: the machine's own, looked at while a live night runs.
        free_mb: room on the disk of a folder.
        memory_mb: what this process holds, looked at while a live night runs.
        slept_s: for how long the machine slept since it was asked last, asked while a live night runs.
        is_lid_closed: looked at while a live night runs.
        call: how people on duty are called, at any speed; None: by the commands of night.toml, in a live night.
    """

    speed_x: float | None = 1.0
    until_s: float | None = None
    block_samples: int | None = None
    script: Sequence[Outside] = ()
    pace_x: Callable[[], float] | None = None
    lookouts: Sequence[Watch] = ()
    lead: Lead = lambda _, source: source
    rearm: bool = False
    opens_utc: datetime | None = None
    listeners: Sequence[Listener] = field(default_factory=tuple)
    warn: Callable[[str], None] = lambda _: None
    tell: Callable[[list[Foreseen]], None] | None = None
    battery: LookAtBattery = power.battery
    free_mb: LookForRoom = free_mb
    memory_mb: LookAtMemory = resident_mb
    slept_s: HowLong = field(default_factory=lambda: SleepSense().slept_s)
    is_lid_closed: LookAtLid = power.is_lid_closed
    call: Call | None = None
