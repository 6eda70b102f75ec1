"""Is live staging worth more than the published trees used naively? On the bundled sleep, and on others if given."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dreamloom.bench import staging
from dreamloom.bench.staging import NAIVE, OFFLINE, OURS, MethodScores, StagingBench
from dreamloom.house import recordings
from promises.registry import Measured, promise

FOLDER = "DREAMLOOM_STAGING_FOLDER"
"""Names a folder of further recordings, each NAME.edf beside an expert's NAME.csv or NAME.txt; never shipped."""
WORST_LOSS = 0.03
LEAST_KAPPA = 0.66
LEAST_COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class Found:
    """The figures, and what they were measured on."""

    told: StagingBench
    where: str


@promise("live staging gains on the naive track", "kappa above it, interval above 0 on all records together")
def live_staging_gains() -> Measured:
    """Kappa with an expert, ours minus the naive causal use of the same trees, blocks of 5 min drawn in pairs."""
    found = _measured()
    ours, naive, offline = (_of(found.told.methods, name) for name in (OURS, NAIVE, OFFLINE))
    gain, ci = ours.gain.kappa if ours.gain else None, ours.gain.ci if ours.gain else None
    losses = [(row.kappa or 0.0) - (_of(each.methods, NAIVE).kappa or 0.0) for each, row in _rows(found.told)]
    kept = ci is not None and ci[0] > 0 and min(losses) >= -WORST_LOSS and (ours.coverage or 0.0) >= LEAST_COVERAGE
    return Measured(
        f"{gain:+.2f} ({ci[0]:+.2f} to {ci[1]:+.2f})" if gain is not None and ci else "no figure",
        kept and (ours.kappa or 0.0) >= LEAST_KAPPA,
        f"{found.where}: kappa {ours.kappa:.2f} live, {naive.kappa:.2f} naive, {offline.kappa:.2f} with hindsight; "
        f"{ours.coverage:.0%} of epochs scored; the least gain of any record {min(losses):+.2f}.",
    )


@cache
def _measured() -> Found:
    pairs = [(recordings.bundled(), recordings.expert_of(recordings.bundled())), *_others()]
    told = staging.compare([staging.stage_recording(*pair) for pair in pairs])
    more = f" and {len(pairs) - 1} more" if len(pairs) > 1 else ", one person, one REM bout"
    return Found(told, f"{recordings.BUNDLED}{more}")


def _others() -> list[tuple[Path, Path | None]]:
    folder = os.environ.get(FOLDER)
    found = sorted(Path(folder).glob("*.edf")) if folder else []
    return [(path, next((p for p in (path.with_suffix(".csv"), path.with_suffix(".txt")) if p.is_file()), None))
            for path in found]  # fmt: skip


def _rows(told: StagingBench) -> list[tuple[staging.RecordScores, MethodScores]]:
    return [(each, _of(each.methods, OURS)) for each in told.records]


def _of(methods: tuple[MethodScores, ...], name: str) -> MethodScores:
    return next(each for each in methods if each.name == name)
