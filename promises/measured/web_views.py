"""Are views of a night quick, cheap and undisturbed? A real server, Debian's chromium, sixteen beds."""

import shutil
import sys
from typing import Any

from promises.kept import Load, ran, scratch
from promises.registry import Measured, promise

MODULE = "dreamloom.testing.painted_nights"
SECONDS = 60
P95_MS, REDRAW_MS, FIRST_PAINT_MS, SCRIPT_BYTES = 150.0, 2.0, 1000.0, 300_000
VIEWERS, CORES = 20, 0.05
NONSENSE = 10_000
MANY, SHOWN_S, IN_TIME_S = 64, 2.0, 3.0
HOURS, FLAT = 8, 0.10


def _cannot() -> Measured | None:
    if not sys.platform.startswith("linux") or shutil.which("chromium") is None:
        return Measured("not measured", None, "Needs Linux and the package chromium.")
    return None


@promise(
    "sixteen beds painted in a browser",
    f"p95 < {P95_MS:g} ms from a block in hand to its frame, <= {REDRAW_MS:g} ms of processor a bed and redraw, "
    f"first paint < {FIRST_PAINT_MS:g} ms, < {SCRIPT_BYTES // 1000} kB of scripts",
)
def painted() -> Measured:
    """Two channels of 128 Hz a bed, each bed's blocks at moments of its own; software drawing, one view."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran(MODULE, scratch("painted"), "painted", str(SECONDS), timeout_s=SECONDS + 300)
    return judged_painted(told, said=f"Measured under {load}.")


def judged_painted(told: dict[str, Any], *, said: str = "") -> Measured:
    """Every bound of one view."""
    kept = (
        told["p95_ms"] < P95_MS
        and told["lost"] == 0 < told["blocks"]
        and told["cpu_ms"] <= REDRAW_MS
        and told["first_paint_ms"] is not None
        and told["first_paint_ms"] < FIRST_PAINT_MS
        and told["scripts_bytes"] < SCRIPT_BYTES
    )
    return Measured(
        f"p95 {told['p95_ms']:.0f} ms, {told['cpu_ms']:.2f} ms a redraw, first paint {told['first_paint_ms']} ms",
        kept,
        f"Half of {told['blocks']} blocks within {told['p50_ms']:.0f} ms, all within {told['most_ms']:.0f}, "
        f"{told['lost']} lost; {told['redraws_a_s']:g} redraws/s; {told['scripts_bytes'] / 1000:.0f} kB of scripts; "
        f"the server took {100 * told['server_cores']:.1f} % of a core. {said}".strip(),
    )


@promise(f"server of {VIEWERS} views of sixteen beds", f"<= {100 * CORES:g} % of a core")
def watched() -> Measured:
    """Views that only receive, each with a session of its own."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran(MODULE, scratch("watched"), "watched", str(VIEWERS), str(SECONDS), timeout_s=SECONDS + 300)
    return Measured(
        f"{100 * told['cores']:.1f} % of a core",
        told["cores"] <= CORES and told["messages_a_s"] >= 9 * VIEWERS,
        f"{told['messages_a_s']} messages and {told['bytes_a_s'] / 1000:.0f} kB a second to all of them. "
        f"Measured under {load}.",
    )


@promise(
    f"an overview of {MANY} live beds",
    f"all in view, what is recorded shown within {SHOWN_S:g} s, the night and every signal in time",
)
def many() -> Measured:
    """Simulated sleepers in a night that runs, a server and a browser of their own, all on one machine."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran("dreamloom.testing.live_overview", scratch("overview"), str(MANY), str(SECONDS), timeout_s=SECONDS + 600)
    return judged_overview(told, said=f"Measured under {load}.")


def judged_overview(told: dict[str, Any], *, said: str = "") -> Measured:
    """Every bound of an overview."""
    in_time = min(told["night_s"], told["signal_s"]) >= told["wall_s"] - IN_TIME_S
    return Measured(
        f"{told['tiles']} in view, shown after {told['late_s']:.1f} s at most",
        told["tiles"] == MANY and told["looks"] > 0 and told["late_s"] <= SHOWN_S and in_time,
        f"In {told['wall_s']:.0f} s the night went on by {told['night_s']} s and its slowest signal by "
        f"{told['signal_s']:.0f} s; {told['looks']} times something new, the page made anew {told['renders_a_s']:g} "
        f"times a second; the night took {100 * told['night_cores']:.0f} %, the server "
        f"{100 * told['server_cores']:.0f} % and the browser {100 * told['browser_cores']:.0f} % of a core. "
        f"{said}".strip(),
    )


@promise(f"{NONSENSE:,} malformed frames and openings", "each ended with a reason, a view beside them misses nothing")
def nonsense() -> Measured:
    """Every kind of wrong frame and of wrong opening alike, sixteen at once."""
    load = Load()
    told = ran("dreamloom.testing.malformed_views", scratch("nonsense"), str(NONSENSE), timeout_s=3600.0)
    looking = told["looking"]
    kept = told["said"] == NONSENSE and told["unanswered"] == looking["holes"] == 0 and not looking["ended"]
    return Measured(
        f"{told['unanswered']} unanswered, {looking['holes']} holes beside them",
        kept and looking["beds"] == 16,
        f"Ended: {told['ended']}. The view beside them had {looking['messages']} messages, at most "
        f"{looking['longest_gap_s']:g} s apart. Measured under {load}.",
    )


@promise(
    f"scripts' memory of a view through {HOURS} h", f"within +-{100 * FLAT:g} % of what it is after the first hour"
)
def through_the_night() -> Measured:
    """Sixteen beds fed to a real page far faster than time, behind its socket; weighed after each hour."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran("dreamloom.testing.long_views", scratch("long-view"), str(HOURS), timeout_s=3600.0)
    return judged_memory(told, said=f"Measured under {load}.")


@promise(
    f"scripts' memory of a bed's page through {HOURS} h",
    f"within +-{100 * FLAT:g} % of what it is after the first hour",
)
def at_a_bed() -> Measured:
    """Armed, its sound unlocked: cues, beats, clocks and movement of a night, far faster than time."""
    missing = _cannot()
    if missing is not None:
        return missing
    load = Load()
    told = ran("dreamloom.testing.long_pods", scratch("long-pod"), str(HOURS), timeout_s=3600.0)
    return judged_pod_memory(told, said=f"Measured under {load}.")


def judged_pod_memory(told: dict[str, Any], *, said: str = "", hours: int = HOURS) -> Measured:
    """Whether it stays, with every cue played and nothing left behind."""
    _, first, *later = told["heap_mb"]
    worst = max((abs(each / first - 1.0) for each in later), default=1.0)
    is_clean = not any(told["left"].values()) and not told["wrong"] and set(told["became"]) == {"played"}
    return Measured(
        f"{first:.2f} MB after an hour, {told['heap_mb'][-1]:.2f} MB after {hours}",
        len(later) == hours - 1 and worst <= FLAT and is_clean,
        f"Hour by hour {', '.join(f'{each:.2f}' for each in told['heap_mb'])} MB, at most {100 * worst:.0f} % away; "
        f"cues: {told['became']}; {told['nodes'][-1]} elements; {told['times_faster']} times faster than time. "
        f"{said}".strip(),
    )


def judged_memory(told: dict[str, Any], *, said: str = "", hours: int = HOURS) -> Measured:
    """Whether it stays."""
    _, first, *later = told["heap_mb"]
    worst = max((abs(each / first - 1.0) for each in later), default=1.0)
    weighed = len(later) == hours - 1 and told["drawn_h"] >= hours - 0.01
    return Measured(
        f"{first:.1f} MB after an hour, {told['heap_mb'][-1]:.1f} MB after {hours}",
        weighed and worst <= FLAT,
        f"Hour by hour {', '.join(f'{each:.2f}' for each in told['heap_mb'])} MB, at most {100 * worst:.0f} % away; "
        f"{told['nodes'][1]} elements after an hour, {told['nodes'][-1]} at the end; {told['times_faster']} times "
        f"faster than time. The network is left out. {said}".strip(),
    )
