"""Does a small machine carry a house of sixteen? Live for ten minutes, and through hours as fast as it goes."""

import sys
from typing import Any

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

PODS = 16
MINUTES = 10
CORES = 0.5
ON_TIME_S = 1.0
HOURS = 3
"""Eight would take `make show` past its hour; what grows, grows from the second hour on."""
GROWTH_MB = 20.0
TWELVE_HOURS = 12
CAP_MB = 500.0
"""What one live night may take of a small machine's memory, after twelve hours. Ours."""


@promise(
    f"{PODS} simulated beds live for {MINUTES} min",
    f"below {CORES:g} of a core with their speakers, every epoch scored and in the record <= {ON_TIME_S:g} s behind",
)
def sixteen_live() -> Measured:
    """A real night in real time that cues every bed every four seconds of sleep, a speaker process each."""
    if not sys.platform.startswith("linux"):
        return Measured("not measured", None, "Only Linux tells the time and memory of other processes this way.")
    load = Load()
    words = ("live", str(MINUTES))
    told = ran("dreamloom.testing.sixteen_beds", scratch("sixteen"), *words, timeout_s=MINUTES * 60 + 400)
    return judged_live(told, said=f"Measured under {load}.")


def judged_live(night: dict[str, Any], *, said: str = "") -> Measured:
    """Every bound of the live house."""
    least_epochs = MINUTES * 2
    kept = (
        night["cores"] < CORES
        and night["minutes"] >= MINUTES
        and len(night["epochs_a_bed"]) == 1
        and night["epochs_a_bed"][0] >= least_epochs
        and max(night["late_s"], night["behind_s"]) <= ON_TIME_S
        and night["losses"] == 0 < night["cues"]
    )
    began_mb, ended_mb = night["resident_mb"]
    return Measured(
        f"{night['cores']:.2f} cores, at most {night['behind_s']:.2f} s behind",
        kept,
        f"The engine alone {night['engine_cores']:.2f} cores over {night['minutes']:g} min; {night['epochs']} epochs, "
        f"{'/'.join(map(str, night['epochs_a_bed']))} at each bed, by the median in the record "
        f"{night['behind_p50_s']:.2f} s behind; samples in hand {night['late_s']:.2f} s behind at "
        f"most; {night['losses']} losses, {night['cues']} cues; resident memory {began_mb:.0f} MB, at the end "
        f"{ended_mb:.0f} MB. {said}".strip(),
    )


@promise(
    f"memory of {PODS} simulated beds, {HOURS} h of night",
    f"flat: < {GROWTH_MB:g} MB more after the first hour; at that pace < {CAP_MB:g} MB after {TWELVE_HOURS} h",
)
def sixteen_through_the_night() -> Measured:
    """Resident memory of one process that runs sixteen beds on a virtual clock."""
    if not sys.platform.startswith("linux"):
        return Measured("not measured", None, "Only Linux tells a process its resident memory of this moment.")
    load = Load()
    words = ("night", str(HOURS))
    told = ran("dreamloom.testing.sixteen_beds", scratch("sixteen"), *words, timeout_s=3600.0)
    return judged_night(told, said=f"Measured under {load}.")


def judged_night(night: dict[str, Any], *, said: str = "", hours: int = HOURS) -> Measured:
    """Whether memory stays, and where it would be after twelve hours."""
    after_mb = night["first_mb"] + night["growth_mb_an_hour"] * (TWELVE_HOURS - 1)
    kept = night["growth_mb"] < GROWTH_MB and after_mb < CAP_MB and night["epochs"] == PODS * hours * 120
    return Measured(
        f"{night['growth_mb']:+.1f} MB, {night['growth_mb_an_hour']:+.2f} MB an hour",
        kept,
        f"{night['first_mb']:.0f} MB after the first hour, {night['last_mb']:.0f} MB at the end, {after_mb:.0f} MB at "
        f"{TWELVE_HOURS} h if it went on so; {night['epochs']} epochs, {night['cues']} cues; {night['cpu_s']:.0f} s of "
        f"processor time, {night['wall_s']:.0f} s of wall time. {said}".strip(),
    )
