"""Which electrodes are read now? One that is spoilt for long is left out, and comes back when it has long been good.

Samples that were lost on their way are nobody's fault here: only what an electrode shows, or does not show, counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dreamloom.staging.features import FeatureKind

WATCHED_S = 30
"""Seconds over which an electrode is judged: one window."""
SPOILT_S = 9
"""More of them wrong leave less than the 70 % of a window that is scored."""
STEADY_S = 3
"""No more than so many of them wrong, 10 %, count as good again. Ours."""
OUT_AFTER_S = 30
"""How long an electrode has been spoilt when it is left out: a window. A sleeper turns over in less. Ours."""
BACK_AFTER_S = 120
"""How long it has been good when it is read again: the shorter mean that the trees compare a window with."""
MOST_SPARES = 2
"""EEG electrodes that are watched in case the first one fails; every one costs. Ours."""
_WATCHED = (1 << WATCHED_S) - 1


@dataclass(frozen=True, slots=True)
class Electrodes:
    """What is known of those that are read or could be, by place: the montage's own first, then EEGs that stand in.

    Attributes:
        kinds: what each measures.
        out: places that are left out.
        wrong: per place the last 30 seconds, one bit each, the newest lowest; set where something was wrong.
        counted_s: per place for how long it has been spoilt, or good again if it is out.
    """

    kinds: tuple[FeatureKind, ...]
    out: frozenset[int]
    wrong: tuple[int, ...]
    counted_s: tuple[int, ...]


def start(kinds: Sequence[FeatureKind]) -> Electrodes:
    """All of them good so far."""
    nothing = (0,) * len(kinds)
    return Electrodes(tuple(kinds), frozenset(), nothing, nothing)


def watched(electrodes: Electrodes, wrong: Sequence[bool]) -> Electrodes:
    """Takes whether anything was wrong with each of them in the next second."""
    if not any(wrong) and not any(electrodes.wrong) and not electrodes.out:
        return electrodes
    history = tuple((before << 1 | now) & _WATCHED for before, now in zip(electrodes.wrong, wrong, strict=True))
    out, counted_s = set(electrodes.out), list(electrodes.counted_s)
    for place, seconds in enumerate(history):
        is_out = place in out
        counts = seconds.bit_count() <= STEADY_S if is_out else seconds.bit_count() > SPOILT_S
        counted_s[place] = counted_s[place] + 1 if counts else 0
        if counted_s[place] >= (BACK_AFTER_S if is_out else OUT_AFTER_S):
            out ^= {place}
            counted_s[place] = 0
    return replace(electrodes, out=frozenset(out), wrong=history, counted_s=tuple(counted_s))


def in_use(electrodes: Electrodes, known: Collection[str]) -> tuple[int, ...]:
    """Places that are read now: the first EEG that is not out, and everything beside it that is not.

    With every EEG out the first is waited for; where no trees are known for what is left, for all of the montage.
    """
    eegs = [place for place, kind in enumerate(electrodes.kinds) if kind == "eeg"]
    eeg = next((place for place in eegs if place not in electrodes.out), 0)
    beside = [place for place, kind in enumerate(electrodes.kinds) if kind != "eeg"]
    left = (eeg, *(place for place in beside if place not in electrodes.out))
    return left if kind_of(electrodes, left) in known else (eeg, *beside)


def kind_of(electrodes: Electrodes, places: Sequence[int]) -> str:
    """Which trees these places ask for: "eeg", "eeg+eog", ..."""
    return "+".join(electrodes.kinds[place] for place in places)
