"""Are eye signals seen, and none where there are none? Simulated nights, which are plumbing, and real brain waves."""

from dataclasses import replace

from dreamloom.eyes import watch
from dreamloom.eyes.leads import Leads
from dreamloom.house import recordings
from dreamloom.house.recorded_seconds import recorded_seconds
from promises.cli_runs import run_cli
from promises.kept import Load
from promises.registry import Measured, promise

NIGHTS = 20
LEAST_RECALL = 0.80
LATEST_S = 2.0
GAINS = (1.0, 4.0)
"""As it is, and as large as eyes: a slow wave of 75 µV then is a look from side to side."""


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


@promise("eye signals imagined in real brain waves", "none given twice, one channel, no stage asked")
def none_in_brain_waves() -> Measured:
    """The bundled sleep read as if its channel lay between both eyes, where nothing tells waves and gaze apart."""
    recorded = recorded_seconds(recordings.bundled())
    states = [watch.start(Leads(0, None), recorded.stream.grid_hz, gated=False) for _ in GAINS]
    told: list[list[str]] = [[] for _ in GAINS]
    for second in recorded.seconds:
        louder = [replace(second, samples_uv=gain * second.samples_uv) for gain in GAINS]
        for place, stepped in enumerate(watch.step_many(list(zip(states, louder, strict=True)))):
            states[place], signals, _ = stepped
            told[place] += [signal.status for signal in signals]
    twice = sum(each.count("confirmed") for each in told)
    singles = "; ".join(
        f"{gain:g} times its size: {each.count('candidate')} single" for gain, each in zip(GAINS, told, strict=True)
    )
    return Measured(
        f"{twice} in 84 min",
        twice == 0,
        f"{singles}. Nobody's eyes were recorded there: one EEG channel, with its one bout of REM.",
    )
