"""Was this gate open, by what the record tells? Every clause of the language as its author reads it."""

from dreamloom.dreamscape.gate import Gate, MeanConfidence
from dreamloom.testing.oracle_bed import BedTold, Told, signalled
from dreamloom.testing.oracle_wall import Wall

CYCLE_S = 5400.0


def share(gate: Gate, told: Told) -> float:
    """What an estimate gives to the gate's stages together."""
    return round(sum(told.shares.get(str(stage), 0.0) for stage in gate.stage), 4)


def is_open(  # noqa: PLR0913 - all that a gate is looked at with, by name
    gate: Gate,
    bed: BedTold,
    now_s: float,
    *,
    part: int | None,
    wall: Wall,
    unstageable: bool,
    quorum: int | None = None,
) -> bool:
    """Every clause at once; `part` is None where nothing remembers whether it was open, `quorum` its number."""
    remembers = part is not None and gate.close_below is not None
    return (
        _in_window(gate, bed, now_s)
        and (gate.local_time is None or wall.shows(gate.local_time, now_s))
        and _in_cycle(gate, bed, now_s, unstageable=unstageable)
        and _asleep_long(gate, bed, now_s, unstageable=unstageable)
        and (gate.eye_signal is None or signalled(gate.eye_signal, bed.signals_s, now_s))
        and (gate.quorum is None or quorum in bed.quorums)
        and (bed.parts[part or 0].is_open if remembers else opens(gate, bed, now_s))
    )


def opens(gate: Gate, bed: BedTold, now_s: float) -> bool:
    """The clauses on stages alone, by the newest estimates."""
    if not gate.stage:
        return True
    if not bed.told or not _fits(gate, bed.told[-1]):
        return False
    if gate.stable_for_s is not None and now_s - _fits_since(gate, bed) < gate.stable_for_s:
        return False
    return gate.mean_confidence is None or _mean_holds(gate.mean_confidence, gate, bed, now_s)


def stays(gate: Gate, bed: BedTold) -> bool:
    """A gate with `close_below` that was open."""
    newest = bed.told[-1]
    if newest.stage == "UNSCORED" or (newest.stage == "W" and "W" not in map(str, gate.stage)):
        return False
    return gate.close_below is not None and share(gate, newest) >= gate.close_below


def follow(bed: BedTold, now_s: float) -> None:
    """After an estimate: which gates with `close_below` are open now."""
    for number, part in bed.said.items():
        if part.when.close_below is not None:
            memory = bed.parts[number]
            memory.is_open = opens(part.when, bed, now_s) or (memory.is_open and stays(part.when, bed))


def _fits(gate: Gate, told: Told) -> bool:
    if told.stage == "UNSCORED" or told.stage not in map(str, gate.stage):
        return False
    if gate.confidence is None:
        return True
    value = share(gate, told)
    return value >= gate.confidence.value if gate.confidence.operator == ">=" else value > gate.confidence.value


def _fits_since(gate: Gate, bed: BedTold) -> float:
    since_s = bed.told[-1].end_s
    for told in reversed(bed.told):
        if not _fits(gate, told):
            break
        since_s = told.end_s
        if bed.told[-1].end_s - since_s > (gate.stable_for_s or 0.0):
            break
    return since_s


def _mean_holds(mean: MeanConfidence, gate: Gate, bed: BedTold, now_s: float) -> bool:
    total = 0.0
    for reading in range(mean.over_readings):
        at_s = now_s - reading * mean.reading_every_s
        newest = next((told for told in reversed(bed.told) if told.end_s <= at_s), None)
        if newest is None:
            return False
        total += share(gate, newest)
    return round(total / mean.over_readings, 4) >= mean.at_least


def _in_window(gate: Gate, bed: BedTold, now_s: float) -> bool:
    begins = []
    for after_s, since_s in (
        (gate.after_lights_off_s, bed.lights_off_s),
        (gate.after_sleep_onset_s, bed.sleep_onset_s),
    ):
        if after_s is not None:
            if since_s is None:
                return False
            begins.append(since_s + after_s)
    if not begins:
        return True
    return now_s >= max(begins) and (gate.for_s is None or now_s < max(begins) + gate.for_s)


def _in_cycle(gate: Gate, bed: BedTold, now_s: float, *, unstageable: bool) -> bool:
    if gate.cycle is None:
        return True
    if unstageable:
        since_s = bed.lights_off_s if bed.sleep_onset_s is None else bed.sleep_onset_s
        number = 0 if since_s is None else 1 + int(max(0.0, now_s - since_s) // CYCLE_S)
    else:
        number = 0 if bed.sleep_onset_s is None else 1 + bed.rem.ended
    return gate.cycle.from_ <= number and (gate.cycle.to is None or number <= gate.cycle.to)


def _asleep_long(gate: Gate, bed: BedTold, now_s: float, *, unstageable: bool) -> bool:
    if gate.asleep_for_s is None:
        return True
    since_s = bed.sleep_onset_s if unstageable else bed.asleep_since_s
    return since_s is not None and now_s - since_s >= gate.asleep_for_s
