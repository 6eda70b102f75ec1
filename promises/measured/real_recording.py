"""What comes of the real sleep that is bundled: cues inside its REM, as quickly as said, the same however it is cut?"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dreamloom.house import recordings
from promises.cli_runs import run_cli, run_measured
from promises.kept import RECORDING, Load, exported, of_type, one_core, scratch, without_host
from promises.registry import Measured, promise

LEAST_CUES = 20
REM_MARGIN_S = 60.0
BOUND_S = 17.0
BLOCKS = (1, 7, 25, 250, 2500)
WITHDRAWN_S = 4850.5
HEADER_BYTES, RECORD_BYTES = 768, 320
"""The bundled file: two signals, then one record a second of 100 + 60 two-byte values."""
GAPS_S = ((1200, 1220), (2901, 2902), (4400, 4403), (4760, 4790))
"""Night seconds that are taken out of the copy with gaps: in N2, in N3, and twice in REM."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One replay: what the command said of itself, and its record."""

    told: dict[str, Any]
    lines: list[str]
    folder: Path


@promise("REM cues on the bundled real recording", f"{LEAST_CUES} or more, all inside expert REM +- 60 s", slice="ci")
def cues_fall_into_expert_rem() -> Measured:
    """Every CuePlayed of a plain replay against the expert's stages."""
    night = plain_replay()
    played_s = [event["actual_s"] for event in of_type(night.lines, "CuePlayed")]
    inside = sum(is_in_rem(onset_s, expert_rem()) for onset_s in played_s)
    withheld: Counter[str] = Counter()
    for event in of_type(night.lines, "CueWithheld"):
        withheld[event["reason"]] += event["count"]
    told = ", ".join(f"{reason.replace('_', ' ').lower()} {count}" for reason, count in withheld.most_common())
    is_kept = inside == len(played_s) and inside >= LEAST_CUES and bool(withheld)
    seen = f"From second {min(played_s)} to {max(played_s)}. " if played_s else ""
    return Measured(f"{len(played_s)} played, {inside} inside", is_kept, f"{seen}Occasions withheld: {told or 'none'}.")


@promise("84 min of one channel decided", f"at most {BOUND_S:g} s on one core, from start to end", slice="full")
def replay_is_quick() -> Measured:
    """The whole process, caches warm from the run before."""
    plain_replay()
    house = scratch("speed")
    words = [*one_core(), sys.executable, "-m", "dreamloom", "replay", RECORDING, "--house", str(house), "--json"]
    load = Load()
    ran = run_measured(*words)
    if ran["exit_code"] != 0:
        raise RuntimeError(f"the replay ended with {ran['exit_code']}: {ran['said'][-300:]}")
    pinned = "pinned to one core" if one_core() else "not pinned, taskset is missing"
    return Measured(
        f"{ran['wall_s']:.1f} s, {ran['peak_rss_mb']:.0f} MB at its peak",
        ran["wall_s"] <= BOUND_S,
        f"{ran['cpu_s']:.1f} s of processor time, {pinned}; {load}.",
    )


@promise("a stored night decided again", "no event comes out otherwise", slice="full")
def stored_night_replays() -> Measured:
    """`dreamloom replay NIGHT` ends with 6 at the first difference."""
    night = plain_replay()
    again = run_cli("replay", str(night.folder))["data"] or {}
    is_same = again.get("record_root") == night.told["record_root"] and again.get("cues_played", 0) >= LEAST_CUES
    return Measured(
        "no difference" if is_same else "another root",
        is_same,
        f"{len(night.lines)} events, {again.get('cues_played')} cues played, from signals and inputs as stored.",
    )


@promise("the same night in two houses", "the same record root", slice="full")
def same_night_twice() -> Measured:
    """Recording, dreamscape and seed are the same; houses, their keys and the time of day are not."""
    first, second = plain_replay(), replay(RECORDING)
    is_same = first.told["record_root"] == second.told["record_root"]
    return Measured(
        "same" if is_same else "different",
        is_same and without_host(first.lines) == without_host(second.lines) and bool(cues_of(first)),
        f"Root {first.told['record_root'][:16]}, {cues_of(first)} cues played.",
    )


@promise("any chunking, real recording", f"blocks of {', '.join(map(str, BLOCKS))}: events byte-identical")
def any_chunking() -> Measured:
    """With a withdrawal in the middle of REM."""
    return _same_for_all_blocks(RECORDING, needed=("CuePlayed", "ConsentWithdrawn", "CueWithheld"))


@promise("any chunking, with gaps", f"blocks of {', '.join(map(str, BLOCKS))}: events byte-identical")
def any_chunking_with_gaps() -> Measured:
    """The recording as EDF+D with 54 s taken out in four places, and the withdrawal."""
    path = scratch("gaps") / "with_gaps.edf"
    write_with_gaps(path, GAPS_S)
    needed = ("CuePlayed", "ConsentWithdrawn", "CueWithheld", "GapSeen", "StreamLost", "StreamFound")
    return _same_for_all_blocks(str(path), needed=needed)


def _same_for_all_blocks(recording: str, *, needed: Sequence[str]) -> Measured:
    with ThreadPoolExecutor(2) as pool:
        nights = list(pool.map(lambda n: replay(recording, block_samples=n, withdraw_at_s=WITHDRAWN_S), BLOCKS))
    logs = {"\n".join(without_host(night.lines)) for night in nights}
    roots = {night.told["record_root"] for night in nights}
    counts = {name: len(of_type(nights[0].lines, name)) for name in needed}
    late = cues_after_withdrawal(nights[0].lines)
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    return Measured(
        f"{len(logs)} log, {len(roots)} root" if len(logs) == 1 else f"{len(logs)} different logs",
        len(logs) == len(roots) == 1 and all(counts.values()) and late == 0,
        f"In each of {len(nights)} runs: {told}; {late} cues due behind the withdrawal.",
    )


def replay(recording: str, *, block_samples: int | None = None, withdraw_at_s: float | None = None) -> Replayed:
    """Plays the built-in nightmare dreamscape over a recording in a house of its own."""
    words = ["replay", recording, "--house", str(scratch("replay"))]
    words += [] if block_samples is None else ["--block-samples", str(block_samples)]
    words += [] if withdraw_at_s is None else ["--withdraw-at", str(withdraw_at_s)]
    told = run_cli(*words)["data"] or {}
    return Replayed(told, exported(told["folder"]), Path(told["folder"]))


@cache
def plain_replay() -> Replayed:
    """The bundled recording replayed once, for all who only read it."""
    return replay(RECORDING)


def cues_of(night: Replayed) -> int:
    """How many cues sounded."""
    return len(of_type(night.lines, "CuePlayed"))


def cues_after_withdrawal(lines: Iterable[str]) -> int:
    """Cues that were decided behind a withdrawal in the record of one bed."""
    names = [event["type"] for event in of_type(lines, "CueDue", "ConsentWithdrawn")]
    return len(names) - 1 - names.index("ConsentWithdrawn") if "ConsentWithdrawn" in names else 0


def write_with_gaps(path: Path, gaps_s: Iterable[tuple[int, int]]) -> None:
    """The bundled recording without these seconds, as EDF+D: every record still says when it starts."""
    whole = recordings.bundled().read_bytes()
    header = bytearray(whole[:HEADER_BYTES].replace(b"EDF+C", b"EDF+D", 1))
    lost = {second for first, after in gaps_s for second in range(first, after)}
    count = (len(whole) - HEADER_BYTES) // RECORD_BYTES
    kept = [second for second in range(count) if second not in lost]
    header[236:244] = f"{len(kept):<8d}".encode()
    places = [HEADER_BYTES + second * RECORD_BYTES for second in kept]
    path.write_bytes(bytes(header) + b"".join(whole[place : place + RECORD_BYTES] for place in places))


@cache
def expert_rem() -> tuple[tuple[float, float], ...]:
    """[from, to) of each stretch that the expert called REM, in seconds of the recording."""
    with recordings.bundled().with_name(f"{RECORDING}_stages.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["stage"] == "R"]
    return tuple((float(row["onset_s"]), float(row["onset_s"]) + float(row["duration_s"])) for row in rows)


def is_in_rem(onset_s: float, rem: Iterable[tuple[float, float]]) -> bool:
    """True within REM_MARGIN_S of a stretch of REM."""
    return any(first - REM_MARGIN_S <= onset_s <= after + REM_MARGIN_S for first, after in rem)
