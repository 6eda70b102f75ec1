"""What did one night show of its eyes? Every detector's signals and eye movements, beside what was true."""

from dataclasses import dataclass, field
from itertools import pairwise

from dreamloom.bench.eye_figures import Found
from dreamloom.bench.eye_rivals import product_events, signals, threshold_events
from dreamloom.eyes import watch
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import FloatArray

OURS, UNGATED, THRESHOLD, PRODUCT, OFFLINE = (
    "dreamloom",
    "dreamloom, no stage asked",
    "threshold",
    "agarwal-type product",
    "yasa rem_detect, offline",
)


@dataclass(slots=True)
class Seen:
    """What a night showed: every detector's signals and rapid eye movements, and the stage of each second."""

    found: dict[str, list[Found]] = field(default_factory=dict)
    moves_s: dict[str, list[float]] = field(default_factory=dict)
    stages: list[Stage | None] = field(default_factory=list)
    truths_s: list[tuple[float, float]] | None = None
    notes: list[str] = field(default_factory=list)


def add_rivals(seen: Seen, pair_uv: FloatArray, hz: int) -> None:
    """Puts beside ours what the rivals find in [n, 2] left and right, all at once."""
    for name, events in ((THRESHOLD, threshold_events(pair_uv, hz)), (PRODUCT, product_events(pair_uv, hz))):
        seen.moves_s[name] = [event.at_s for event in events]
        singles = [Found(onset, end, known, "candidate", 0.0) for onset, end, known in signals(events)]
        seen.found[name] = singles + [
            Found(before.onset_s, after.end_s, after.known_s, "confirmed", 0.0)
            for before, after in pairwise(singles)
            if after.onset_s - before.end_s <= watch.TWICE_WITHIN_S
        ]
    offline = _offline(pair_uv, hz)
    if offline is not None:
        seen.moves_s[OFFLINE] = offline


def _offline(pair_uv: FloatArray, hz: int) -> list[float] | None:
    """YASA's detector with hindsight over the whole recording; None where it is not installed or finds none."""
    try:
        import yasa
    except ImportError:
        return None
    found = yasa.rem_detect(pair_uv[:, 0], pair_uv[:, 1], hz, verbose="ERROR") if len(pair_uv) > 10 * hz else None
    return [] if found is None else [float(at_s) for at_s in found.summary()["Peak"]]
