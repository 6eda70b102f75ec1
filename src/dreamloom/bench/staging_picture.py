"""How do the methods' hypnograms look beside the expert's? One lane a method, as an SVG or PNG picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dreamloom.bench.staging import CAUSAL, OURS, Staged
from dreamloom.gallery.palette import DAY
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S

LEVELS: dict[Stage, float] = {Stage.N3: 0, Stage.N2: 1, Stage.N1: 2, Stage.R: 3, Stage.W: 4}
GATE_FOOT, GATE_HEIGHT = -3.0, 1.6
"""Of the strip below the lanes, in levels."""
LANE = 6.0
"""Height of a lane in levels: five stages and a space."""
KNOWN = (".svg", ".png")


def draw(staged: Sequence[Staged], path: Path) -> None:
    """Writes the picture; the same recordings give the same bytes.

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

    # A fixed salt and no date: ids in the SVG are otherwise drawn anew each time.
    with mpl.rc_context({"svg.hashsalt": "dreamloom", "font.size": 9}):
        figure = Figure(figsize=(9.0, 3.6 * len(staged)), layout="constrained")
        axes = figure.subplots(len(staged), 1, squeeze=False)[:, 0]
        for each, axis in zip(staged, axes, strict=True):
            _lanes(axis, each)
        axes[-1].set_xlabel(
            "minutes. REM is drawn thick and red; below, when the gate for it was open; a gap is UNSCORED.\n"
            "Not a medical device."
        )
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else {}, dpi=120)


def _lanes(axis: Any, staged: Staged) -> None:
    names = [*CAUSAL, *(name for name in staged.answers if name not in CAUSAL)]
    lanes: list[tuple[str, Sequence[Stage | None]]] = [(name, staged.answers[name]) for name in names]
    if any(stage is not None for stage in staged.truth):
        lanes.insert(0, ("expert", staged.truth))
    for row, (name, stages) in enumerate(reversed(lanes)):
        _steps(axis, stages, row * LANE, DAY.link if name == OURS else DAY.ink)
    gate = [(span.from_s / 60, (span.to_s - span.from_s) / 60) for span in staged.gate_open_s]
    axis.broken_barh(gate, (GATE_FOOT, GATE_HEIGHT), color=DAY.rem)
    axis.axhline(GATE_FOOT, color=DAY.ink, linewidth=0.3)
    places = [row * LANE + 2 for row in range(len(lanes))]
    names = [name for name, _ in reversed(lanes)]
    axis.set_yticks([GATE_FOOT + GATE_HEIGHT / 2, *places], ["REM gate open, live", *names])
    axis.set_ylim(GATE_FOOT - 0.5, len(lanes) * LANE - 1)
    axis.set_xlim(0, len(staged.truth) * EPOCH_S / 60)
    axis.set_title(f"{staged.path.name}: {', '.join(staged.channels)}", loc="left")
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.tick_params(axis="y", length=0)


def _steps(axis: Any, stages: Sequence[Stage | None], foot: float, ink: str) -> None:
    """Stairs from W above to N3 below; each run of one stage is one line."""
    minute = EPOCH_S / 60
    levels = [foot + LEVELS[stage] if stage in LEVELS else float("nan") for stage in stages]
    edges = [k * minute for k in range(len(levels) + 1)]
    axis.stairs(levels, edges, baseline=None, color=ink, linewidth=0.9)
    rem = [level if stage is Stage.R else float("nan") for level, stage in zip(levels, stages, strict=True)]
    axis.stairs(rem, edges, baseline=None, color=DAY.rem, linewidth=3.0)
