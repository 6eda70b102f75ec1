"""Are eye signals seen, and none where there are none? Simulated nights, which are plumbing, and real brain waves."""

from promises.cli_runs import run_cli
from promises.kept import Load
from promises.registry import Measured, promise

NIGHTS = 20
LEAST_RECALL = 0.80
LATEST_S = 2.0


@promise(
    f"left-right-left-right in {NIGHTS} simulated nights",
    f"recall >= {LEAST_RECALL:.2f}, 0 false signals given twice, within {LATEST_S:g} s",
)
def signals_of_simulated_nights() -> Measured:
    """Nights of eight hours on samples through the whole tracking, its live track of REM included; no rival counts."""
    load = Load()
    ran = run_cli("bench", "eyes", "--simulated", str(NIGHTS))
    told = ran["data"]
    ours = told["detectors"][0]
    late_s = ours["latency_worst_s"]
    kept = ours["recall"] >= LEAST_RECALL and ours["twice_false"] == 0 and late_s is not None and late_s <= LATEST_S
    return Measured(
        f"recall {ours['recall']:.2f}, {ours['twice_false']} false, {late_s} s at the latest",
        kept,
        f"{told['signals']} signals in {told['hours']['R']:.0f} h of REM and {told['duration_s'] / 3600:.0f} h in all; "
        f"of those given twice in a row, {ours['given_twice']}, it found {ours['twice_recall']:.2f}; of single ones "
        f"{ours['false_per_h_in_all']:.2f} an hour were none. It took {ran['wall_s']:.0f} s; {load}.",
    )
