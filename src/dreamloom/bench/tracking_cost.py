"""How many sleepers can one core track, each alone or all in one pass, and what does each part of it cost?

Measured in a process of its own with one thread, in its processor time, so that whatever else the machine does is
left out as far as it can be. The signal is noise with slow waves: no part costs more on real sleep.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

import msgspec
import numpy as np

from dreamloom.adapters.trees import TreeStager
from dreamloom.engine.clocks import boot_s
from dreamloom.eyes import watch
from dreamloom.pod import tracking
from dreamloom.rhythm import learning
from dreamloom.rhythm import track as rhythms
from dreamloom.signals import faults
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.quantise import Quantiser
from dreamloom.staging import arousals
from dreamloom.staging import track as stages
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds

CHANNELS = (Channel("EEG C4-M1", "EEG"), Channel("EOG E1-M2", "EOG"), Channel("EMG chin", "EMG"))
GRID_HZ = 256
ALONE = 4
"""Sleepers that are tracked one by one: enough that none stays in the cache."""
WARM_S = 100
"""From here on every window and filter is full, and slow waves are met, audited and learned from."""
CYCLE_S = learning.EVERY_S
"""In so long everything that is done now and then is done once."""
CYCLES = 2
HOP = int(stages.STEP_S)
_END_S = WARM_S + CYCLES * CYCLE_S
TAU_S = Seconds(0.2)
"""From a decision to its sound: the phase is predicted this far ahead."""
VOICES = 16
"""Different signals; sleepers of one voice hear it at different times."""
VOICE_S = 40
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
LONGEST_S = 1800.0


class Sleeper(NamedTuple):
    """All that is followed of one of them."""

    track: tracking.Tracking
    phase: rhythms.PhaseState


Step = Callable[[list[Any], list[GridSecond]], list[Any]]


@dataclass(frozen=True, slots=True)
class PartCost:
    """Processor time of one part for one second of one sleeper."""

    name: str
    alone_ms: float
    batched_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingCost:
    """What tracking costs on one core of this machine.

    Attributes:
        sleepers: how many were tracked in one pass.
        batched_per_core: sleepers that one core keeps up with in one pass.
        alone_per_core: the same, each by itself.
        gain_x: their ratio.
        worst_second_s: processor time of the dearest second for all in one pass: that in which every window ends.
        memory_mb: what one more sleeper's state takes.
        start_up_wall_s: from the call of the process until the first sample can be taken.
    """

    sleepers: int
    channels: int
    sfreq_hz: int
    hop_s: int
    batched_per_core: int
    alone_per_core: int
    gain_x: float
    worst_second_s: float
    memory_mb: float
    start_up_cpu_s: float
    start_up_wall_s: float
    parts: tuple[PartCost, ...]


class _Spent(NamedTuple):
    """Processor milliseconds per sleeper and second; the dearest second for all, in seconds; the states behind it."""

    each_ms: float
    worst_s: float
    states: list[Any]


def measure(sleepers: int) -> TrackingCost:
    """Tracks so many sleepers in a fresh process of one thread.

    Raises:
        DreamloomError: when the trees cannot be read.
        RuntimeError: when the process did not end well.
    """
    TreeStager(stages.montage(CHANNELS).kind)  # converts them, if nobody has yet, and says what is wrong with them
    began_s = boot_s()
    ran = subprocess.run(  # noqa: S603 - this file, with a number
        [sys.executable, "-m", __name__, str(sleepers)],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"the measuring process ended with {ran.returncode}: {ran.stderr[-500:]}")
    told = json.loads(ran.stdout)
    told["start_up_wall_s"] = round(told.pop("ready_s") - began_s, 3)
    return msgspec.convert(told, TrackingCost)


def measured_here(sleepers: int) -> dict[str, Any]:
    """The same in this process: all but the wall time of its start, in whose place stands when it was ready."""
    stager = TreeStager(stages.montage(CHANNELS).kind)

    def begun(count: int) -> list[Sleeper]:
        fresh = tracking.start(CHANNELS, GRID_HZ, classify=stager.probabilities, method=stager.method)
        return [Sleeper(fresh, rhythms.start(GRID_HZ, tau_s=TAU_S))] * count

    begun(1)
    start_up_cpu_s, ready_s = process_time(), boot_s()
    voices = [_voice(voice) for voice in range(VOICES)]
    alone = _spent(begun(ALONE), voices, _one_by_one)
    before_mb, fresh = _resident_mb(), begun(sleepers)
    batched = _spent(fresh, voices, _all_at_once)
    return {
        "sleepers": sleepers,
        "channels": len(CHANNELS),
        "sfreq_hz": GRID_HZ,
        "hop_s": HOP,
        "batched_per_core": round(1000 / batched.each_ms),
        "alone_per_core": round(1000 / alone.each_ms),
        "gain_x": round(alone.each_ms / batched.each_ms, 2),
        "worst_second_s": round(batched.worst_s, 3),
        "memory_mb": round((_resident_mb() - before_mb) / sleepers, 3),
        "start_up_cpu_s": round(start_up_cpu_s, 3),
        "ready_s": ready_s,
        "parts": [_part(part, batched.states, voices) for part in PARTS],
    }


def _one_by_one(states: list[Sleeper], seconds: list[GridSecond]) -> list[Sleeper]:
    return [_all_at_once([state], [second])[0] for state, second in zip(states, seconds, strict=True)]


def _all_at_once(states: list[Sleeper], seconds: list[GridSecond]) -> list[Sleeper]:
    told = tracking.seen_many([(state.track, second, True) for state, second in zip(states, seconds, strict=True)])
    phases = _met([state.phase for state in states], seconds)
    return [Sleeper(track, phase) for (track, _), phase in zip(told, phases, strict=True)]


def _met(states: list[rhythms.PhaseState], seconds: list[GridSecond]) -> list[rhythms.PhaseState]:
    heard = [rhythms.Heard(second.index, second.samples_uv[:, 0]) for second in seconds]
    return [state for state, _, _ in rhythms.step_many(list(zip(states, heard, strict=True)))]


def _looked(states: list[watch.EyeState], seconds: list[GridSecond]) -> list[watch.EyeState]:
    return [state for state, _, _ in watch.step_many(list(zip(states, seconds, strict=True)))]


def _staged(states: list[stages.StagingState], seconds: list[GridSecond]) -> list[stages.StagingState]:
    return [state for state, _ in stages.step_many(list(zip(states, seconds, strict=True)))]


def _watched(states: list[arousals.ArousalState], seconds: list[GridSecond]) -> list[arousals.ArousalState]:
    asleep = [(state, second, True) for state, second in zip(states, seconds, strict=True)]
    return [state for state, _, _ in arousals.step_many(asleep)]


def _judged(states: list[faults.FaultState], seconds: list[GridSecond]) -> list[faults.FaultState]:
    return [state for state, _ in faults.step_many(list(zip(states, seconds, strict=True)))]


class Part(NamedTuple):
    """One part of tracking: its name, its state within a track, and its step over many sleepers."""

    name: str
    state: Callable[[Sleeper], Any]
    step: Step


PARTS = (
    Part("stages", lambda sleeper: sleeper.track.stages, _staged),
    Part("arousals", lambda sleeper: sleeper.track.arousals, _watched),
    Part("faults", lambda sleeper: sleeper.track.faults, _judged),
    Part("eyes", lambda sleeper: sleeper.track.eyes, _looked),
    Part("phase", lambda sleeper: sleeper.phase, _met),
)


def _part(part: Part, warm: list[Any], voices: Sequence[list[GridSecond]]) -> dict[str, Any]:
    name, pick, step = part
    states = [pick(state) for state in warm]
    singly = _spent(states[:ALONE], voices, lambda some, seconds: _singly(step, some, seconds), from_s=_END_S)
    at_once = _spent(states, voices, step, from_s=_END_S)
    return {"name": name, "alone_ms": round(singly.each_ms, 4), "batched_ms": round(at_once.each_ms, 4)}


def _singly(step: Step, states: list[Any], seconds: list[GridSecond]) -> list[Any]:
    return [step([state], [second])[0] for state, second in zip(states, seconds, strict=True)]


def _spent(states: list[Any], voices: Sequence[list[GridSecond]], step: Step, *, from_s: int = 0) -> _Spent:
    """One cycle of CYCLE_S, each hop of it as cheap as it was in any: whatever else runs can only add to it.

    States that have been there already go on from from_s.
    """
    began_at, end_at = (from_s, from_s + CYCLES * CYCLE_S) if from_s else (0, _END_S)
    spent_s: list[float] = []
    for index in range(began_at, end_at):
        seconds = [_heard(voices, sleeper, index) for sleeper in range(len(states))]
        began_s = process_time()
        states = step(states, seconds)
        spent_s.append(process_time() - began_s)
    late = np.array(spent_s[-CYCLES * CYCLE_S :]).reshape(CYCLES, CYCLE_S // HOP, HOP)
    cycle_s = float(late.sum(axis=2).min(axis=0).sum())
    worst_s = float(late.max(axis=2).min(axis=0).max())
    return _Spent(1000 * cycle_s / (CYCLE_S * len(states)), worst_s, states)


def _heard(voices: Sequence[list[GridSecond]], sleeper: int, index: int) -> GridSecond:
    voice = voices[sleeper % VOICES]
    heard = voice[(index + sleeper // VOICES) % len(voice)]
    return GridSecond(index, heard.digital, heard.samples_uv, heard.filled, NightTime(index + 1.0))


def _voice(voice: int) -> list[GridSecond]:
    quantiser = Quantiser.of(CHANNELS)
    rng = stream(1, "tracking cost", voice)
    time_s = np.arange(VOICE_S * GRID_HZ) / GRID_HZ
    slow = 30 * np.sin(2 * np.pi * (0.8 + voice / 20) * time_s)
    uv: FloatArray = slow[:, np.newaxis] * (1.0, 0.4, 0.05) + 8 * rng.standard_normal((len(time_s), len(CHANNELS)))
    digital = quantiser.digital(uv).reshape(-1, GRID_HZ, len(CHANNELS))
    filled = np.zeros(GRID_HZ, dtype=bool)
    return [GridSecond(k, each, quantiser.to_uv(each), filled, NightTime(k + 1.0)) for k, each in enumerate(digital)]


def _resident_mb() -> float:
    """Of this process now; where the system does not tell, what it took at most."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured_here(int(sys.argv[1]))))
