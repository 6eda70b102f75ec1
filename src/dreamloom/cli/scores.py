"""The verb `score`."""

from collections import Counter
from pathlib import Path

from dreamloom.cli.output import give, say, table
from dreamloom.house import recordings, scoring
from dreamloom.house.scoring import Scoring
from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.units import EPOCH_S


def score(file: Path, *, channel: str, live: bool, stager: str = "", as_json: bool) -> None:
    """Scores one recording and prints a row an epoch as data, a summary for a person."""
    if stager and not live:
        raise UsageError(
            "DL-E119", f"--stager {stager} scores live.", why="With hindsight YASA scores.", do="Add --live."
        )
    path = recordings.find_recording(str(file))
    if live:
        scored = scoring.score_live(path, channels=[channel] if channel else None, stager_name=stager)
    else:
        scored = scoring.score_with_hindsight(path, channel=channel)
    if as_json:
        give(scored)
    else:
        _summarise(path, scored)


def _summarise(path: Path, scored: Scoring) -> None:
    counts = Counter(epoch.stage for epoch in scored.epochs)
    rows = [[stage, n, f"{n * EPOCH_S / 60:.1f}"] for stage, n in sorted(counts.items())]
    say(f"{path.name}: {', '.join(scored.channels)} at {scored.sfreq_hz:g} Hz, {scored.method}")
    for why in scored.failures:
        say(f"Some windows stayed UNSCORED: {why}.")
    if not scored.epochs:
        say("It is shorter than one epoch of 30 s, so there is nothing to score.")
        return
    say(table(["stage", "epochs", "minutes"], rows))
    if scored.causal:
        say("Live track: each epoch knows only its past. Never expert-level; not a medical device.")
    say("Every epoch with its probabilities: add --json")
