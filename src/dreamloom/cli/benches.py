"""The verbs of `bench`."""

from pathlib import Path

from dreamloom.bench import replay_speed
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
