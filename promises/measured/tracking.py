"""How many sleepers does one core track, how soon is a cue decided, and what is said of a spoilt signal?"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dreamloom.house import recordings
from promises.cli_runs import run_cli
from promises.kept import Load, exported, of_type, ran, scratch, without_host
from promises.measured.real_recording import (
    BLOCKS,
    GAPS_S,
    HEADER_BYTES,
    RECORD_BYTES,
    WITHDRAWN_S,
    cues_after_withdrawal,
    expert_rem,
    is_in_rem,
    write_with_gaps,
)
from promises.registry import Measured, promise

SLEEPERS = 256
BATCHED, ALONE = 1000, 200
DECIDED_MS = 50.0
MANY_CUES = 100
BUSY = """\
dreamscape: many_cues
version: 1
intent: Sound as often as it may in every stage of sleep, so that many decisions can be compared.
source: none, for a measurement
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5], duration: 0.5 s, because: ours}
parts:
  - for: each sleeper
    when: {stage: [N2, N3, R], confidence: ">= 0.5", stable_for: 10 s, after_lights_off: 1 min}
    play: chord
    every: 5 s
    budget: {per_hour: 400, per_night: 800, because: ours}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop: {arousal: {fade: 100 ms, pause: 20 s, lower: 0 dB}}
"""
"""A dreamscape for measurements alone: with it, the bundled recording is cued some five hundred times."""
SPOILT_S = (4740, 4800)
"""A minute of REM in which the bundled recording is spoilt."""
Digital = npt.NDArray[np.int16]


@promise("sleepers tracked by one core, in one pass", f"{BATCHED:,} or more", slice="full")
def many_at_once() -> Measured:
    """Three channels at 256 Hz, all a bed is told and the phase of its slow waves, in processor time of one thread."""
    cost = _cost()
    parts = ", ".join(f"{part['name']} {part['batched_ms']:.3f} ms" for part in cost["parts"])
    return Measured(
        f"{cost['batched_per_core']:,}",
        cost["batched_per_core"] >= BATCHED,
        f"{SLEEPERS} of them in one process, {cost['gain_x']:.1f} x what one by one takes; for each sleeper and "
        f"second {parts}; state {cost['memory_mb']:.2f} MB each, {cost['start_up_wall_s']:.1f} s until the first "
        f"sample; {cost['load']}.",
    )


@promise("sleepers tracked by one core, each by itself", f"{ALONE} or more", slice="full")
def one_by_one() -> Measured:
    """The same functions with one sleeper at a time, as beds of a night have them."""
    cost = _cost()
    parts = ", ".join(f"{part['name']} {part['alone_ms']:.3f} ms" for part in cost["parts"])
    return Measured(
        f"{cost['alone_per_core']:,}", cost["alone_per_core"] >= ALONE, f"For each second {parts}; {cost['load']}."
    )


@cache
def _cost() -> dict[str, Any]:
    load = Load()
    told: dict[str, Any] = run_cli("bench", "tracking", "--sleepers", str(SLEEPERS))["data"]
    return told | {"load": str(load)}


@promise("a cue decided", f"within {DECIDED_MS:g} ms of processor time of its second", slice="full")
def decided_soon() -> Measured:
    """From the newest second in hand to the command for its sound: tracking, gates and vetoes, in one thread."""
    load = Load()
    told = ran("dreamloom.testing.decision_time", scratch("decided"))
    return Measured(
        f"{told['cue_worst_ms']:.1f} ms at worst",
        told["cue_worst_ms"] <= DECIDED_MS and told["cues"] > 0,
        f"{told['cues']} cues; of all {told['seconds']} seconds the median took {told['p50_ms']:.2f} ms and the "
        f"longest {told['worst_ms']:.1f} ms; {load}.",
    )


@promise("any chunking, many cues", f"{MANY_CUES} cues or more, blocks of {', '.join(map(str, BLOCKS))}: same events")
def any_chunking_with_many_cues() -> Measured:
    """With 54 s lost in four places, a withdrawal, and a dreamscape that sounds whenever it may."""
    folder = scratch("many-cues")
    (folder / "busy.yaml").write_text(BUSY, encoding="utf-8")
    write_with_gaps(folder / "gaps.edf", GAPS_S)
    with ThreadPoolExecutor(2) as pool:
        logs = list(pool.map(lambda n: _busy_night(folder, n), BLOCKS))
    counts = {name: len(of_type(logs[0], name)) for name in ("CueDue", "CueWithheld", "GapSeen", "ConsentWithdrawn")}
    different = len({"\n".join(without_host(log)) for log in logs})
    late = cues_after_withdrawal(logs[0])
    return Measured(
        f"{different} log, {counts['CueDue']} cues" if different == 1 else f"{different} different logs",
        different == 1 and counts["CueDue"] >= MANY_CUES and all(counts.values()) and late == 0,
        f"In each of {len(logs)} runs: {', '.join(f'{count} {name}' for name, count in counts.items())}.",
    )


def _busy_night(folder: Path, block_samples: int) -> list[str]:
    words = ["replay", str(folder / "gaps.edf"), "--dreamscape", str(folder / "busy.yaml")]
    words += ["--house", str(folder / f"house-{block_samples}"), "--withdraw-at", str(WITHDRAWN_S)]
    told = run_cli(*words, "--block-samples", str(block_samples))["data"] or {}
    return exported(told["folder"])


@promise("spoilt signals", "UNSCORED or right, no cue outside REM, and the report names the cause")
def spoilt_signals_are_named() -> Measured:
    """A minute of REM of the bundled recording spoilt in five ways; and all of it upside down, which is no fault."""
    folder = scratch("spoilt")
    with ThreadPoolExecutor(2) as pool:
        told = dict(zip(SPOILT, pool.map(lambda name: _spoilt(folder / name, name), SPOILT), strict=True))
    kept = [name for name, (_, is_kept) in told.items() if is_kept]
    said = "; ".join(f"{name}: {words}" for name, (words, _) in told.items())
    return Measured(f"{len(kept)} of {len(told)}", len(kept) == len(told), f"{said}.")


def _hum(uv: Digital) -> Digital:
    """3 mV of 50 Hz on a grid of 100 Hz: every other sample up, every other down."""
    return (uv + np.tile(np.array([3000, -3000], dtype=np.int16), uv.shape[1] // 2)).astype(np.int16)


SPOILT: dict[str, tuple[Callable[[Digital], Digital], str]] = {
    "upside down": (lambda uv: (-uv.astype(np.int32)).clip(-32768, 32767).astype(np.int16), ""),
    "hearing nothing": (lambda uv: (uv * 0).astype(np.int16), "heard nothing"),
    "hum of 300 µV": (_hum, "hum of the mains"),
    "cut off at 15 µV": (lambda uv: uv.clip(-150, 150).astype(np.int16) * np.int16(4), "cut off at its amplifier"),
    "loose": (lambda uv: (uv.astype(np.int32) * 60).clip(-32000, 32000).astype(np.int16), "larger than any sleep"),
}
"""What is done to [second, sample] of tenths of microvolts, and words that the report must hold."""


def _spoilt(path: Path, name: str) -> tuple[str, bool]:
    change, cause = SPOILT[name]
    path.mkdir()
    _write_changed(path / "spoilt.edf", change, SPOILT_S if cause else None)
    night = (run_cli("replay", str(path / "spoilt.edf"), "--house", str(path / "house"))["data"] or {})["folder"]
    lines = exported(night)
    cued_s = [event["actual_s"] for event in of_type(lines, "CuePlayed")]
    inside = sum(is_in_rem(onset_s, expert_rem()) for onset_s in cued_s)
    lawful = inside == len(cued_s) > 0 and not _cued_unscored(lines)
    page = Path((run_cli("report", str(night))["data"] or {})["report"]).read_text(encoding="utf-8")
    named = cause in page and bool(cause) == ("was well again" in page)
    return f"{len(cued_s)} cues, {inside} in REM, {'named' if named else 'NOT NAMED'}", lawful and named


def _cued_unscored(lines: Sequence[str]) -> bool:
    """Whether any cue was decided while the newest estimate was UNSCORED."""
    stage = "UNSCORED"
    for event in of_type(lines, "StageScored", "CueDue"):
        if event["type"] == "CueDue" and stage == "UNSCORED":
            return True
        stage = event.get("stage", stage)
    return False


def _write_changed(path: Path, change: Callable[[Digital], Digital], span_s: tuple[int, int] | None) -> None:
    """The bundled recording with these seconds changed, or all of them."""
    whole = recordings.bundled().read_bytes()
    records = np.frombuffer(whole[HEADER_BYTES:], dtype="<i2").reshape(-1, RECORD_BYTES // 2).copy()
    part = slice(*(span_s or (0, len(records))))
    records[part, :100] = change(records[part, :100])
    path.write_bytes(whole[:HEADER_BYTES] + records.tobytes())
