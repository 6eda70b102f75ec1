"""Where in the night did eyes move, and where was a signal seen? Stages, movements and signals on one line of time."""

from pathlib import Path

import numpy as np

from dreamloom.bench.eye_seen import OURS, Seen
from dreamloom.bench.eyes import EyeBench
from dreamloom.bench.staging_picture import KNOWN, LEVELS
from dreamloom.vocabulary.errors import UsageError


def draw(told: EyeBench, seen: Seen, path: Path) -> None:
    """Writes the picture of a recording, or of the first simulated night.

    Raises:
        UsageError: DL-E109 for a name that ends neither in .svg nor in .png.
        OSError: when it cannot be written.
    """
    if path.suffix.lower() not in KNOWN:
        raise UsageError(
            "DL-E109",
            f"{path.name} is no picture that can be drawn.",
            why=f"Its name ends in {path.suffix or 'nothing'}; known are {' and '.join(KNOWN)}.",
            do="Name it picture.svg or picture.png.",
        )
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "dreamloom", "font.size": 9}):
        figure = Figure(figsize=(9.0, 4.0), layout="constrained")
        stage_axis, move_axis = figure.subplots(2, 1, sharex=True)
        levels = [np.nan if stage is None else LEVELS.get(stage, np.nan) for stage in seen.stages]
        stage_axis.plot(np.arange(len(levels)) / 60.0, levels, drawstyle="steps-post", color="black", linewidth=0.8)
        stage_axis.set_yticks(list(LEVELS.values()), [str(stage) for stage in LEVELS])
        moves, edges = np.histogram(np.array(seen.moves_s[OURS]) / 60.0, bins=np.arange(len(levels) // 60 + 2))
        move_axis.stairs(moves, edges, color="black", fill=True, alpha=0.4)
        move_axis.set_ylabel("rapid eye movements / min")
        for status, height in (("candidate", 0.8), ("confirmed", 1.0)):
            at = [each.onset_s / 60.0 for each in seen.found[OURS] if each.status == status]
            move_axis.vlines(at, 0.0, height * max(1, int(moves.max())), color="crimson", label=status)
        label = "simulated: plumbing, never evidence" if told.simulated else told.record
        move_axis.set_xlabel(f"minutes. {label}. Red: a signal as Dreamloom saw it. Not a medical device.")
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else {}, dpi=120)
