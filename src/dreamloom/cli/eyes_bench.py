"""The verb `bench eyes`."""

from pathlib import Path

from dreamloom.bench import eye_nights, eyes, eyes_picture
from dreamloom.bench.eyes import EyeBench
from dreamloom.cli.output import Progress, give, say, table
from dreamloom.house import recordings
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.stages import SCORED_STAGES


def bench_eyes(  # noqa: PLR0913 - one option each
    edf: Path | None,
    *,
    hypnogram: Path | None,
    signals: Path | None,
    simulated: int,
    hours: float,
    seed: int,
    picture: Path | None,
    as_json: bool,
) -> None:
    """Runs every detector over a recording or over simulated nights, and prints what each would have said."""
    if (edf is None) == (simulated == 0):
        raise UsageError(
            "DL-E109",
            "Either a recording or simulated nights are needed.",
            do="Give --edf FILE, or --simulated 3.",
        )
    if edf is None:
        say(f"Watching the eyes of {simulated} simulated nights of {hours:g} h: plumbing, never evidence.")
        progress = Progress(f"Sleeping {simulated} nights", simulated * hours * 3600.0, quiet=as_json)
        told, seen = eye_nights.of_simulated(
            simulated, hours=hours, seed=seed, progress=lambda far: progress.at(far.lived_s)
        )
        progress.done()
    else:
        path = recordings.find_recording(str(edf))
        say(f"Watching the eyes in {path.name}.")
        told, seen = eyes.of_recording(path, hypnogram, signals)
    if picture is not None:
        eyes_picture.draw(told, seen, picture)
        say(f"Drawn: {picture}")
    if as_json:
        give(told)
    else:
        _summarise(told)


def _summarise(told: EyeBench) -> None:
    signals = "nobody said whether anybody signalled" if told.signals is None else f"{told.signals} true signals"
    say(f"{told.record}: {', '.join(told.channels)} at {told.sfreq_hz:g} Hz, {told.duration_s / 3600:.2f} h, {signals}")
    for note in told.notes:
        say(f"  {note}")
    stages = [str(stage) for stage in SCORED_STAGES]
    say(f"\nRapid eye movements a minute; stages by {told.stages_by}")
    say(table(["detector", *stages], [[w, *[_two(by[s]) for s in stages]] for w, by in told.rem_per_min.items()]))
    say("\nLeft-right-left-right: false ones an hour of each stage, and given twice, in all")
    head = [
        "detector",
        "recall",
        "precision",
        "found",
        *stages,
        "all",
        "twice",
        "twice recall",
        "twice false/h",
        "latency s",
    ]
    say(
        table(
            head,
            [
                [
                    d.name,
                    _two(d.recall),
                    _two(d.precision),
                    d.signals,
                    *[_two(d.false_per_h[s]) for s in stages],
                    _two(d.false_per_h_in_all),
                    d.twice,
                    _two(d.twice_recall),
                    _two(d.twice_false_per_h),
                    _two(d.latency_s),
                ]
                for d in told.detectors
            ],
        )
    )
    given = told.detectors[0].given_twice
    if given is not None:
        say(f"{told.signals} signals in all; {given} times one was given twice or more in a row.")
    say("Only a signal given twice counts by default. Not a medical device.")


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
