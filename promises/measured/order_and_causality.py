"""Does it matter which bed comes first, or what comes later? Beds served in any order; recordings cut at any time."""

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from dreamloom.house import making, recordings, running
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.record.events import AnyEvent, ConsentWithdrawn, CuePlayed, GapSeen, StageScored, StreamFound, StreamLost
from dreamloom.record.roots import record_root
from dreamloom.signals.blocks import Block
from dreamloom.testing.nights import TinyBed, TinyNight, run_tiny_night, withdrawal
from dreamloom.testing.signals import FakeSource
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import NightTime
from promises.cli_runs import run_cli
from promises.kept import exported, of_type, scratch, without_host
from promises.measured.real_recording import HEADER_BYTES, RECORD_BYTES
from promises.registry import Measured, promise

CUTS = 5
SEED = 20261120
EPOCH_S = 30
HAPPENED = (CuePlayed, GapSeen, StreamLost, StreamFound, ConsentWithdrawn)
"""What must stand in a night whose order is judged."""
TOO_LATE_S = {"p1": (1.9, 0.05), "p2": (0.05, 1.9)}
"""How late both beds' samples are, by the bed that is too late."""


@promise("order of beds, small nights", "one record, whichever bed is served first", slice="ci")
def order_never_matters() -> Measured:
    """Two beds with cues, a gap, a lost stream and a withdrawal, served in either order."""
    nights = [_eventful(order, gap_s=8.0) for order in (("p1", "p2"), ("p2", "p1"))]
    roots = {record_root(night.events) for night in nights}
    counts = {kind.__name__: len(nights[0].of(kind)) for kind in HAPPENED}
    return Measured(
        f"{len(roots)} root in {len(nights)} orders",
        len(roots) == 1 and all(counts.values()),
        f"In each: {_in_words(counts)}.",
    )


@promise("order of arrival, small nights", "one record, whichever bed's samples come first", slice="ci")
def arrival_never_matters() -> Measured:
    """Two beds with cues, a gap and a withdrawal; either one's samples 0.55 s later than the other's.

    A stage tells when it could be decided; that moment alone is left out of the comparison.
    """
    delays_s = ((0.05, 0.05), (0.6, 0.05), (0.05, 0.6))
    nights = [_eventful(("p1", "p2"), gap_s=0.5, delays_s=delay_s) for delay_s in delays_s]
    roots = {record_root(_undated(night.events)) for night in nights}
    fewest = {
        kind.__name__: min(len(night.of(kind)) for night in nights) for kind in (CuePlayed, GapSeen, ConsentWithdrawn)
    }
    return Measured(
        f"{len(roots)} root in {len(nights)} arrivals",
        len(roots) == 1 and all(fewest.values()),
        f"In each: {_in_words(fewest)}. When a stage could be decided is left out; all else is compared.",
    )


@promise("a bed too late for cues, small nights", "silent itself, and the other bed's record the same", slice="ci")
def late_beds_are_silent_alone() -> Measured:
    """Either bed 1.9 s late, past the last moment a cue could begin: STALE there, nothing changed beside it."""
    prompt = _eventful(("p1", "p2"), gap_s=0.5)
    late = {pod: _eventful(("p1", "p2"), gap_s=0.5, delays_s=delays_s) for pod, delays_s in TOO_LATE_S.items()}
    same = sum(_at(prompt, other) == _at(late[pod], other) for pod, other in (("p1", "p2"), ("p2", "p1")))
    cued = sum(event.pod == pod for pod, night in late.items() for event in night.of(CuePlayed))
    heard = {pod: sum(event.pod == pod for event in prompt.of(CuePlayed)) for pod in TOO_LATE_S}
    return Measured(
        f"{cued} cues when late, {same} of {len(late)} others the same",
        cued == 0 and same == len(late) and all(heard.values()),
        f"Cues when in time: {_in_words(heard)}.",
    )


@promise("order of [[pod]] in night.toml", "events byte-identical but for the roster's own order")
def order_of_tables_never_matters() -> Measured:
    """The real recording beside a simulated sleeper who loses the stream; the first withdraws in REM."""
    folder = scratch("order")
    with ThreadPoolExecutor(2) as pool:
        logs = list(pool.map(lambda name: _two_beds(folder / name, swapped=name == "swapped"), ("asked", "swapped")))
    counts = {name: len(of_type(logs[0], name)) for name in (kind.__name__ for kind in HAPPENED)}
    rosters = [[seat["pod"] for seat in of_type(log, "NightOpened")[0]["roster"]] for log in logs]
    same = _behind_opening(logs[0]) == _behind_opening(logs[1])
    return Measured(
        "same" if same else "different",
        same and rosters == [["p1", "p2"], ["p2", "p1"]] and all(counts.values()),
        f"In each: {_in_words(counts)}.",
    )


@promise(
    "live scoring knows no future", f"{CUTS} of {CUTS} cut recordings score as the whole one's start", slice="full"
)
def live_scoring_is_causal() -> Measured:
    """`score --live` of the bundled recording, cut at random seconds, against the whole."""
    whole = _scored(recordings.bundled())
    cuts_s = sorted(int(cut_s) for cut_s in stream(SEED, "cuts").integers(60, len(whole) * EPOCH_S, CUTS))
    folder = scratch("cuts")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda cut_s: _scored(cut_recording(folder / f"{cut_s}.edf", cut_s)), cuts_s))
    same = [epochs == whole[: cut_s // EPOCH_S] for epochs, cut_s in zip(found, cuts_s, strict=True)]
    stages = {epoch["stage"] for epoch in whole}
    return Measured(
        f"{sum(same)} of {CUTS}",
        all(same) and len(stages) >= 4,
        f"Cut at {', '.join(map(str, cuts_s))} s; {len(whole)} epochs of the whole, "
        f"stages {', '.join(sorted(stages))}.",
    )


def _at(night: TinyNight, pod: str) -> list[AnyEvent]:
    return [event for event in night.events if event.pod == pod]


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _eventful(order: tuple[str, str], *, gap_s: float, delays_s: tuple[float, float] = (0.05, 0.05)) -> TinyNight:
    beds = {
        "p1": TinyBed(source=_source(1, delays_s[0])),
        "p2": TinyBed(source=Broken(_source(2, delays_s[1]), from_s=70.0, to_s=70.0 + gap_s)),
    }
    return run_tiny_night({name: beds[name] for name in order}, script=[withdrawal("p1", 100.5)])


def _source(seed: int, delay_s: float) -> FakeSource:
    return FakeSource(true_hz=100, grid_hz=100, duration_s=130, seed=seed, delay_s=delay_s)


class Broken:
    """A source whose blocks with onset in [from_s, to_s) never come."""

    def __init__(self, inner: FakeSource, *, from_s: float, to_s: float) -> None:
        self.stream = inner.stream
        self._inner = inner
        self._range_s = (from_s, to_s)

    @property
    def ended(self) -> bool:
        return self._inner.ended

    @property
    def ends_s(self) -> NightTime:
        return self._inner.ends_s

    def read(self, until_s: NightTime) -> list[Block]:
        from_s, to_s = self._range_s
        return [block for block in self._inner.read(until_s) if not from_s <= block.onset_s < to_s]

    def close(self) -> None:
        self._inner.close()


def _undated(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Stages without the moment at which they could be decided: that is when samples arrived, and may differ."""
    return [
        msgspec.structs.replace(event, decided_at_s=event.onset_s) if isinstance(event, StageScored) else event
        for event in events
    ]


def _two_beds(house: Path, *, swapped: bool) -> list[str]:
    """The night's events; consent.toml is the same file in both, whatever the order of the pods."""
    pods = [
        PodAsked(id="p1", sleeper="S01", source=f"edf:{recordings.bundled()}"),
        PodAsked(id="p2", sleeper="S02", source="sim:deep,start=195min,hours=0.6,drop=1200+20"),
    ]
    made = making.write_night(House(house), "two", pods[::-1] if swapped else pods, "nightmare_rem_tmr", seed=7)
    if swapped:
        consent = making.write_night(House(house / "plain"), "two", pods, "nightmare_rem_tmr", seed=7).consent_toml
        shutil.copyfile(consent, made.consent_toml)
    script = (recordings.withdrawal("p1", "S01", 4850.5),)
    running.run_night(NightFolder(made.root), RunOptions(speed_x=None, script=script))
    return exported(made.root)


def _behind_opening(lines: Sequence[str]) -> list[str]:
    return [line for line in without_host(lines) if '"type":"NightOpened"' not in line]


def _scored(path: Path) -> list[dict[str, Any]]:
    told = run_cli("score", str(path), "--live")["data"] or {}
    epochs: list[dict[str, Any]] = told["epochs"]
    return epochs


def cut_recording(path: Path, cut_s: int) -> Path:
    """The first cut_s seconds of the bundled recording as a file of its own."""
    whole = bytearray(recordings.bundled().read_bytes()[: HEADER_BYTES + cut_s * RECORD_BYTES])
    whole[236:244] = f"{cut_s:<8d}".encode()
    path.write_bytes(whole)
    return path
