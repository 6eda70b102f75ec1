"""Where on the wave did each method's cues fall? One rose a method, as an SVG or PNG picture."""

from pathlib import Path

import numpy as np

from dreamloom.bench.phase import PhaseBench
from dreamloom.vocabulary.errors import UsageError

KNOWN = (".svg", ".png")
PETALS = 36


def draw(told: PhaseBench, path: Path) -> None:
    """Writes the picture; the same figures give the same bytes.

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

    with mpl.rc_context({"svg.hashsalt": "dreamloom", "font.size": 8}):
        figure = Figure(figsize=(10.0, 5.0), layout="constrained")
        axes = figure.subplots(2, (len(told.algorithms) + 1) // 2, subplot_kw={"projection": "polar"}).ravel()
        edges = np.linspace(-np.pi, np.pi, PETALS + 1)
        for axis, each in zip(axes, told.algorithms, strict=False):
            counts, _ = np.histogram(np.radians(each.errors_deg), edges)
            axis.bar(
                edges[:-1], counts, width=np.diff(edges), align="edge", color="#2a6f97" if each.ours else "#9aa5ad"
            )
            spread = "" if each.sd_deg is None else f"\n{each.bias_deg:.0f}° ± {each.sd_deg:.0f}°"
            axis.set_title(f"{each.name}{spread}")
            axis.set_theta_zero_location("N")
            axis.set_yticks([])
        for axis in axes[len(told.algorithms) :]:
            axis.remove()
        figure.suptitle(f"{told.record}: errors at the cue, 0° = positive peak, {told.tau_ms:g} ms to the sound")
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else {})
