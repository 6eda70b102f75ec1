"""How long does the whole gate of a cue take in a house of many beds? Every decision of a night timed; as JSON."""

import json
import sys
from collections.abc import Sequence
from time import perf_counter, thread_time
from typing import Any
from unittest import mock

from dreamloom.adapters.cedar import Judge
from dreamloom.governance.policy.request import CueRequest, Verdict
from dreamloom.pod import loop, player
from dreamloom.pod.episodes import Episodes
from dreamloom.record.events import AnyEvent, CueDue
from dreamloom.testing.nights import TinyBed, rem_source, run_tiny_night

PODS, SECONDS = 16, 600.0


def measured(*, pods: int = PODS, seconds: float = SECONDS) -> dict[str, Any]:
    """A night of so many beds in REM that are cued every four seconds.

    Returns:
        cues: how many were decided. rules_p50_ms, rules_p99_ms: of asking the rules of the house. gate_p50_ms,
        gate_p99_ms: from the tick to its cue: stop rules, scenes, gates, vetoes, budgets and rules together; processor
        time of the thread that decides. rules_wall_p99_ms, gate_wall_p99_ms: the same by the clock on the wall.
    """
    plain, ask = player.decide, Judge.decide
    rules: list[tuple[float, float]] = []
    gates: list[tuple[float, float]] = []

    def asked(judge: Judge, request: CueRequest) -> Verdict:
        began = thread_time(), perf_counter()
        verdict = ask(judge, request)
        rules.append((thread_time() - began[0], perf_counter() - began[1]))
        return verdict

    def decided(*words: Any, **more: Any) -> tuple[Episodes, list[AnyEvent]]:
        began = thread_time(), perf_counter()
        episodes, said = plain(*words, **more)
        if any(isinstance(event, CueDue) for event in said):
            gates.append((thread_time() - began[0], perf_counter() - began[1]))
        return episodes, said

    beds = {f"p{number:02d}": TinyBed(source=rem_source(seconds=seconds, seed=number)) for number in range(pods)}
    with mock.patch.object(Judge, "decide", asked), mock.patch.object(loop, "decide", decided):
        run_tiny_night(beds)
    return {
        "cues": len(gates),
        **{f"rules_{name}": figure for name, figure in _figures(rules).items()},
        **{f"gate_{name}": figure for name, figure in _figures(gates).items()},
    }


def _figures(spent: Sequence[tuple[float, float]]) -> dict[str, float]:
    of_thread, of_wall = sorted(each for each, _ in spent), sorted(each for _, each in spent)
    shares = {"p50_ms": (of_thread, 0.5), "p99_ms": (of_thread, 0.99), "wall_p99_ms": (of_wall, 0.99)}
    return {name: round(1000 * times[int(len(times) * share)], 3) for name, (times, share) in shares.items()}


if __name__ == "__main__":
    json.dump(measured(), sys.stdout)
