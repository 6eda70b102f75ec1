"""Does a BrainFlow device hold for ten minutes, and does its bed come back by itself when it was unplugged?"""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.brainflow.source import PAIR_AGAIN_S
from dreamloom.adapters.recovery import segment_paths
from dreamloom.house import making
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from promises.cli_runs import run_cli, run_measured
from promises.kept import Load, exported, of_type, scratch
from promises.registry import Measured, promise

MINUTES = 10
RATE_TOLERANCE = 0.02
"""A playback board sleeps from sample to sample, and so runs slow on a busy machine. Ours."""
RATE_HZ, PLUGGED_S, NIGHT_S = 250, 20.0, 70.0
BACK_WITHIN_S = 8.0
"""Missed for PAIR_AGAIN_S, then looked for: so long after its last sample the first one is here again. Ours."""
UNMEASURED = Measured("not measured", None, "BrainFlow is not installed: pip install dreamloom[brainflow].")


@promise(
    f"BrainFlow's synthetic and playback boards for {MINUTES} min each",
    f"rate within {RATE_TOLERANCE:.0%}, no sample lost, no dropout; jitter and stalls are shown",
)
def boards_hold() -> Measured:
    """Both at once, each listened to by `doctor soak` in a process of its own; each sample is counted by its board."""
    if find_spec("brainflow") is None:
        return UNMEASURED
    load, folder = Load(), scratch("boards")
    _record(folder / "band.csv", seconds=MINUTES * 60 + 40)
    sources = ("brainflow:synthetic", f"brainflow:playback,file={folder / 'band.csv'},board=synthetic")
    with ThreadPoolExecutor(len(sources)) as pool:
        heard = list(pool.map(_soaked, sources))
    return judged_boards(heard, said=f"Measured at the same time, {load}.")


def judged_boards(heard: Sequence[dict[str, Any]], *, said: str = "") -> Measured:
    """The board that is furthest off, and every loss of any."""
    off = [abs(board["rate_hz"] / board["sold_as_hz"] - 1) for board in heard]
    losses = [board[kind] for board in heard for kind in ("lost_samples", "gaps", "dropouts")]
    is_whole = all(board["listened_s"] >= MINUTES * 60 for board in heard)
    told = "; ".join(
        f"{board['source']}: {board['rate_hz']:.2f} a second of {board['sold_as_hz']:g}, {board['samples']} samples, "
        f"{board['lost_samples']} lost, delay {board['delays']['median_ms']} ms, jitter {board['delays']['jitter_ms']} "
        f"ms, at most {board['delays']['most_ms']} ms, longest silence {board['longest_silence_s']} s, "
        f"{board['stalls']} stalls"
        for board in heard
    )
    return Measured(
        f"rate off by {max(off):.2%}, {sum(board['lost_samples'] for board in heard)} samples lost, "
        f"jitter {max(board['delays']['jitter_ms'] for board in heard):g} ms",
        max(off) <= RATE_TOLERANCE and not any(losses) and is_whole,
        f"{told}. Jitter: 99 of 100 blocks come no later than that after the median. {said}".strip(),
    )


@promise(
    "a headband unplugged twice in a live night",
    f"paired again by itself, first sample <= {BACK_WITHIN_S:g} s after its last, all others kept, replays the same",
)
def unplugged() -> Measured:
    """A playback board that falls silent when its file ends, and plays it again for whoever opens it anew."""
    if find_spec("brainflow") is None:
        return UNMEASURED
    load, folder = Load(), scratch("unplugged")
    _record(folder / "band.csv", seconds=PLUGGED_S)
    pod = PodAsked(id="p1", sleeper="S01", source=f"brainflow:playback,file={folder / 'band.csv'},board=synthetic")
    night = making.write_night(House(folder / "house"), "unplugged", [pod], "nightmare_rem_tmr", seed=1)
    run_cli("run", str(night.root), "--hours", str(NIGHT_S / 3600))
    verdicts = [run_cli(verb, str(night.root))["exit_code"] for verb in ("verify", "replay")]
    gaps = [(event["onset_s"], event["duration_s"]) for event in of_type(exported(night.root), "GapSeen")]
    kinds = [event["type"] for event in of_type(exported(night.root), "StreamLost", "StreamFound")]
    seen = {"gaps": gaps, "kinds": kinds, "samples": _heard_between(night, gaps), "is_whole": not any(verdicts)}
    return judged_unplugged(seen, said=f"Measured under {load}.")


def judged_unplugged(seen: dict[str, Any], *, said: str = "") -> Measured:
    """The longest absence, and whether anything but the absences is missing.

    Args:
        seen: gaps: onset and length of each; kinds: losses and finds in order; samples: how many came before each
            gap, since the one before; is_whole: the night verifies and replays the same.
        said: more, in words.
    """
    away_s = [duration_s for _, duration_s in seen["gaps"]]
    sent = round(PLUGGED_S * RATE_HZ)
    is_in_order = seen["kinds"] == ["StreamLost", "StreamFound"] * 2 and len(away_s) == 2
    is_kept = is_in_order and all(PAIR_AGAIN_S <= each <= BACK_WITHIN_S for each in away_s)
    return Measured(
        f"back after {max(away_s, default=0.0):.1f} s, {sum(sent - each for each in seen['samples'])} samples lost",
        is_kept and seen["samples"] == [sent, sent] and seen["is_whole"],
        f"Away for {', '.join(f'{each:.2f} s' for each in away_s) or 'no time'}; it is looked for after "
        f"{PAIR_AGAIN_S:g} s of silence. Samples before each: {', '.join(map(str, seen['samples']))} of {sent}. "
        f"Verified, and replayed the same: {'yes' if seen['is_whole'] else 'no'}. {said}".strip(),
    )


def _soaked(source: str) -> dict[str, Any]:
    ran = run_cli("doctor", "soak", "--source", source, "--minutes", str(MINUTES), timeout_s=MINUTES * 60 + 120)
    heard: dict[str, Any] = ran["data"]
    return {**heard, "source": source.partition(",")[0]}


def _record(path: Path, *, seconds: float) -> None:
    """In a process of its own, as all of BrainFlow here: its board library stays loaded wherever it was."""
    ran = run_measured(sys.executable, "-m", "dreamloom.testing.band_files", str(path), str(seconds))
    if ran["exit_code"] != 0:
        raise RuntimeError(f"the recording was not written: {ran['said'][-300:]}")


def _heard_between(night: NightFolder, gaps: Sequence[tuple[float, float]]) -> list[int]:
    """How many samples were stored before each gap, since the one before; none that was filled in."""
    stored = [second for path in segment_paths(night.signals, "p1") for second in StoredSeconds(path)]
    onsets_s = np.concatenate([each.index + np.flatnonzero(~each.filled) / len(each.filled) for each in stored])
    behind = [int(np.searchsorted(onsets_s, onset_s + 0.5)) for onset_s, _ in gaps]
    return [after - before for before, after in pairwise([0, *behind])]
