"""Does a live night care when somebody sets the clock? Runs one under libfaketime, and looks at its record."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from dreamloom.testing import stepped_clocks
from promises.kept import Load, apt_installed, ran, scratch
from promises.registry import Measured, promise

SLOWEST_S = 10.0
"""To the third tick of the next process; the bound of a re-opening stands with the kills."""
ONE_MS = 0.001
SLACK_S = 1.5
"""A tick is settled some time after its end, and the record is looked at now and then."""


@promise(
    "the wall clock jumps by +1 h, -2 h",
    "a live night decides as if it had not: 30.000-s epochs, no lease lapses, no gap, no cue twice; killed, it goes on",
)
def clock_jumps() -> Measured:
    """A live night whose wall clock is moved twice, which is killed and opened again while it is an hour slow."""
    faketime = faketime_library()
    if faketime is None:
        return Measured("not measured", None, "libfaketime is missing here: sudo apt-get install faketime")
    load = Load()
    return judged_jumps(ran("dreamloom.testing.stepped_clocks", scratch("clock")), said=f"Measured under {load}.")


def judged_jumps(night: dict[str, Any], *, said: str = "") -> Measured:
    """Whether time, leases and cues stayed as they were, and whether the wall clock moved at all."""
    before, whole = night["before"], night["whole"]
    has_moved = night["wall_off_s"] < stepped_clocks.STEPS[-1][1] + 60
    kept = (
        has_moved
        and before["epochs"] >= 3
        and before["cues"] >= 10
        and not (before["lapsed"] or before["unleased"] or before["gaps"] or before["cues_failed"])
        and whole["epochs_off"] == whole["cues_twice"] == 0
        and abs(night["took_s"] - night["ticks"]) <= SLACK_S
        and night["differs"] is None
        and night["reopened_s"] <= SLOWEST_S
        and night["verifies"]
        and night["replays"]
    )
    moved = "the wall clock an hour slow at the next opening" if has_moved else "the wall clock did NOT move"
    return Measured(
        f"{whole['epochs_off']} epochs off, {before['unleased'] + len(before['lapsed'])} leases lapsed",
        kept,
        f"{night['ticks']} ticks in {night['took_s']:.1f} s; {before['cues']} cues, {whole['cues_twice']} twice; "
        f"{before['gaps']} gaps; decided otherwise than without jumps: {night['differs'] or 'nothing'}; {moved}, "
        f"recording again after {night['reopened_s']:.1f} s; verifies: {night['verifies']}, replays: "
        f"{night['replays']}. {said}".strip(),
    )


@promise(
    "the night in which clocks change, both ways",
    "30.000-s epochs; consent until a time that comes twice or never ends at one moment; other leases go on; told",
)
def clocks_change() -> Measured:
    """Two live nights of two beds in Berlin, in autumn and in spring, from a minute before the change on."""
    faketime = faketime_library()
    if faketime is None:
        return Measured("not measured", None, "libfaketime is missing here: sudo apt-get install faketime")
    load = Load()
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(ran, "dreamloom.testing.stepped_clocks", scratch("change"), change, until)
            for change, until, _ in stepped_clocks.CHANGES
        ]
        nights = [job.result() for job in jobs]
    return judged_changes(nights, said=f"Measured under {load}.")


def judged_changes(nights: Sequence[dict[str, Any]], *, said: str = "") -> Measured:
    """Autumn first, then spring: whether each ended one consent at the change, and nothing else."""
    kept = []
    for night, (change, _, told) in zip(nights, stepped_clocks.CHANGES, strict=True):
        goes_on, ends = night["p1"], night["p2"]
        (until,) = night["agreed_until"] or ("",)
        kept.append(
            goes_on["epochs"] >= 3
            and goes_on["epochs_off"] == ends["epochs_off"] == goes_on["cues_twice"] == ends["cues_twice"] == 0
            and goes_on["gaps"] == ends["gaps"] == goes_on["unleased"] == 0
            and not goes_on["lapsed"]
            and ends["lapsed"] == ["consent ended"]
            and until != ""
            and datetime.fromisoformat(until) == datetime.fromisoformat(change)
            and abs(night["leased_to_s"]) < ONE_MS
            and night["cued_behind"][0] > 0 == night["cued_behind"][1]
            and "agreed until" in night["said"]
            and told in night["report"]
            and night["replays"]
        )
    words = "; ".join(
        f"p1 cued {night['cued_behind'][0]} times behind the change, p2 {night['cued_behind'][1]}, its last lease off "
        f"the change by {night['leased_to_s']:+.6f} s, agreed until {', '.join(night['agreed_until'])}; "
        f"the report says: {night['report']}"
        for night in nights
    )
    off = sum(night[pod]["epochs_off"] for night in nights for pod in ("p1", "p2"))
    return Measured(f"{off} epochs off, {sum(kept)} of {len(kept)} nights", all(kept), f"{words}. {said}".strip())


def faketime_library() -> Path | None:
    """libfaketime, installed where that is allowed."""
    found = stepped_clocks.library()
    return found or (stepped_clocks.library() if apt_installed("faketime") else None)
