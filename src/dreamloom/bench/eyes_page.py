"""What does the benchmark page say of eye signals? A section written from simulated nights, and labelled as such."""

from collections.abc import Sequence
from pathlib import Path

from dreamloom.bench.eye_figures import DetectorFigures
from dreamloom.bench.eye_seen import OURS, UNGATED
from dreamloom.bench.eyes import EyeBench

BEGIN, END = "<!-- eyes: written by tools/benchmark_page.py -->", "<!-- eyes end -->"
CAVEATS = """\
**Simulated.** Nobody's eyes were recorded for this: it shows that signals made to the agreed shape come through the
whole of a pod's tracking, the live stage track included, and what stricter limits cost. It says nothing about how well
people signal, nor how often real eyes only seem to. Not a medical device."""


def section(told: EyeBench) -> str:
    """Markdown between BEGIN and END: how often signals were found and imagined, and the trade between both."""
    ours = next(each for each in told.detectors if each.name == OURS)
    nights = f"{told.record.split()[0]} nights, {told.duration_s / 3600:.0f} h, {told.hours['R']:.0f} h of them REM"
    return "\n\n".join(
        (
            BEGIN,
            "## Eye signals",
            CAVEATS,
            (
                f"{nights}. Sleepers signal left-right-left-right of their own accord and in answer to a bell that "
                f"sounds while the live track is sure of REM; half of them vary each signal in pace and size and have "
                f"bursts that look like one. {told.signals} signals in all; {ours.given_twice} times one was given "
                "twice in a row, as is agreed. Latency is from the last look home until it could be said."
            ),
            _figures(told.detectors),
            "![Recall against false signals an hour, for each detector, simulated](eyes.svg)",
            "What is left above each confidence, single and given twice:",
            _trades([each for each in told.detectors if each.name in {OURS, UNGATED}]),
            (
                f"The same on your machine: `dreamloom bench eyes --simulated {told.record.split()[0]}`; on your own "
                "recording: `dreamloom bench eyes --edf FILE.edf --hypnogram EXPERT --signals FILE.csv`."
            ),
            END,
        )
    )


def _figures(detectors: Sequence[DetectorFigures]) -> str:
    head = ["detector", "recall", "precision", "false/h", "recall twice", "false twice", "latency, worst"]
    rows = [
        [
            f"**{each.name}**" if each.name == OURS else each.name,
            _two(each.recall),
            _two(each.precision),
            _two(each.false_per_h_in_all),
            _two(each.twice_recall),
            str(each.twice_false),
            "-" if each.latency_s is None else f"{each.latency_s:.1f} s, {each.latency_worst_s:.1f} s",
        ]
        for each in detectors
    ]
    return _markdown(head, rows)


def _trades(detectors: Sequence[DetectorFigures]) -> str:
    head = ["detector", "confidence", "recall", "false/h", "recall twice", "false twice/h"]
    rows = [
        [
            each.name,
            f"{trade.confidence:.1f}",
            _two(trade.recall),
            _two(trade.false_per_h),
            _two(trade.twice_recall),
            _two(trade.twice_false_per_h),
        ]
        for each in detectors
        for trade in each.roc
    ]
    return _markdown(head, rows)


def draw(told: EyeBench, path: Path) -> None:
    """Recall against false signals an hour: a line over confidences for ours, a point for each rival."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "dreamloom", "font.size": 9}):
        figure = Figure(figsize=(6.0, 3.6), layout="constrained")
        axis = figure.subplots()
        for each, mark in zip(told.detectors, "osD^", strict=True):
            points = [(t.false_per_h, t.recall) for t in each.roc] or [(each.false_per_h_in_all, each.recall)]
            false_per_h, recall = zip(*points, strict=True)
            axis.plot(false_per_h, recall, marker=mark, markersize=5, linewidth=1, label=each.name)
        axis.set_xscale("symlog", linthresh=0.01)
        axis.set_xlim(left=-0.001)
        axis.set_ylim(0.0, 1.0)
        axis.set_xlabel("false single signals an hour of the night")
        axis.set_ylabel("recall")
        axis.set_title("Simulated sleepers: plumbing, never evidence", fontsize=9)
        axis.legend(loc="lower right")
        figure.savefig(path, metadata={"Date": None})


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
