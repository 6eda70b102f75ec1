"""What does the benchmark page say of staging? A section written from the bundled recording alone, caveats first."""

import csv
from collections.abc import Sequence
from itertools import pairwise

from dreamloom.adapters.hypnograms import read_hypnogram
from dreamloom.bench.staging import MethodScores, RecordScores, StagingBench
from dreamloom.house import recordings
from dreamloom.statistics.hypnograms import epoch_stages
from dreamloom.vocabulary.stages import SCORED_STAGES
from dreamloom.vocabulary.units import EPOCH_S

BEGIN, END = "<!-- staging: written by tools/benchmark_page.py -->", "<!-- staging ends -->"
BINS = (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001)
CAVEATS = """\
One person, 84 minutes, one EEG channel, one long bout of REM: figures for comparing methods on the same seconds, and
for noticing when one gets worse, not for what to expect of another sleeper. Stages were scored by one expert; two
experts agree to a kappa of about .76 (Lee et al. 2022). What a method leaves UNSCORED counts as wrong. The live track's
constants have reasons of their own and were fitted to nothing, but this recording was among those they were tried on.
Confidence is given as it comes from the smoothed trees: where it errs here, it promises too little. Not a medical
device."""


def section(told: StagingBench) -> str:
    """Markdown between BEGIN and END: figures, how far confidence can be believed, and how to measure elsewhere."""
    (record,) = told.records
    return "\n\n".join(
        (
            BEGIN,
            "## Staging",
            CAVEATS,
            _figures(record),
            "![The expert's hypnogram above those of every method](staging.svg)",
            "How often the live track was right, by how sure it said it was:",
            _reliability(),
            "On your own recording: `dreamloom bench staging --edf FILE.edf --hypnogram EXPERT`.",
            END,
        )
    )


def _figures(record: RecordScores) -> str:
    head = [
        "method",
        "causal",
        "covered",
        "kappa (95 %)",
        "accuracy",
        "macro F1",
        *map(str, SCORED_STAGES),
        "gain (95 %)",
    ]
    return _markdown(head, [_row(each) for each in record.methods])


def _row(each: MethodScores) -> list[str]:
    gain = "" if each.gain is None or each.gain.kappa is None else f"{each.gain.kappa:+.2f}{_span(each.gain.ci)}"
    return [
        f"**{each.name}**" if each.ours else each.name,
        "yes" if each.causal else "no",
        f"{each.coverage or 0:.0%}",
        f"{each.kappa or 0:.2f}{_span(each.kappa_ci)}",
        f"{each.accuracy or 0:.2f}",
        f"{each.macro_f1 or 0:.2f}",
        *[f"{each.f1[str(stage)] or 0:.2f}" for stage in SCORED_STAGES],
        gain,
    ]


def _reliability() -> str:
    """Of the epochs' estimates: said confidence against the share in which the expert saw that stage."""
    told = [(max(p), SCORED_STAGES[p.index(max(p))], epoch) for epoch, p in _epochs()]
    path = recordings.expert_of(recordings.bundled())
    truth = epoch_stages(read_hypnogram(path, duration_s=0.0) if path else [], max(e for *_, e in told) + 1)
    rows = []
    for low, high in pairwise(BINS):
        inside = [(sure, truth[epoch] is stage) for sure, stage, epoch in told if low <= sure < high]
        if inside:
            said, right = (sum(column) / len(inside) for column in zip(*inside, strict=True))
            rows.append([f"{low:.1f}-{min(high, 1.0):.1f}", str(len(inside)), f"{said:.2f}", f"{right:.2f}"])
    return _markdown(["confidence", "epochs", "said, on average", "was right"], rows)


def _epochs() -> list[tuple[int, list[float]]]:
    with recordings.live_track().open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["W"] and float(row["window_end_s"]) % EPOCH_S == 0]
    return [
        (int(float(row["window_end_s"]) // EPOCH_S) - 1, [float(row[stage]) for stage in SCORED_STAGES]) for row in rows
    ]


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _span(ci: tuple[float, float] | None) -> str:
    return "" if ci is None else f" ({ci[0]:.2f} to {ci[1]:.2f})"
