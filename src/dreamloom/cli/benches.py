"""The verbs of `bench`."""

from pathlib import Path

from dreamloom.bench import replay_speed, tracking_cost
from dreamloom.cli.output import give, say, table
from dreamloom.house import recordings


def replay(file: Path | None, *, as_json: bool) -> None:
    """Measures a replay on this machine and prints where the time goes."""
    path = recordings.bundled() if file is None else recordings.find_recording(str(file))
    say(f"Replaying {path.name} twice on this machine: once to warm the caches, once to measure.")
    measured = replay_speed.measure(path)
    if as_json:
        give(measured)
    say(table(["part", "seconds", "share"], [[p.name, f"{p.wall_s:.2f}", f"{p.share:.0%}"] for p in measured.parts]))
    say(
        f"{measured.recording_s:.0f} s of sleep in {measured.wall_s:.2f} s: {measured.speed_x:.0f} x real time, "
        f"memory grew by {measured.memory_growth_mb:.0f} MB"
    )


def tracking(sleepers: int, *, as_json: bool) -> None:
    """Measures what tracking so many sleepers costs one core of this machine, and prints what each part takes."""
    say(f"Tracking {sleepers} sleepers of 3 channels at 256 Hz, one by one and all in one pass, on one core.")
    cost = tracking_cost.measure(sleepers)
    if as_json:
        give(cost)
    rows = [[p.name, f"{p.alone_ms:.3f} ms", f"{p.batched_ms:.3f} ms"] for p in cost.parts]
    say(table(["for one second of one sleeper", "alone", "in one pass"], rows))
    say(
        f"One core keeps up with {cost.alone_per_core:,} sleepers one by one and {cost.batched_per_core:,} in one pass "
        f"({cost.gain_x:.1f} x). When all {cost.sleepers} windows end in one second, that second takes "
        f"{cost.worst_second_s:.2f} s of it.\n"
        f"A sleeper's state takes {cost.memory_mb:.2f} MB; from call to first sample {cost.start_up_wall_s:.1f} s."
    )
