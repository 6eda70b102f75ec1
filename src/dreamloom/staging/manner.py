"""How are the published trees used on a night that goes on? The pod's own way, and those it is measured against."""

from dataclasses import dataclass

from dreamloom.vocabulary.units import EPOCH_S, HOP_S

TYPICAL_NIGHT_S = 8 * 3600.0
"""Against which a night's progress is told while its true length is unknown."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One way.

    Attributes:
        every_s: how often an estimate comes; divides the epoch of 30 s.
        night_s: length of night against which progress is told; 0 takes each window for the night's last.
        from_population: the scale begins as that of people at large.
        half_life_s: of the running mean of logits; 0 for none.
    """

    every_s: int
    night_s: float
    from_population: bool = False
    half_life_s: float = 0.0

    def progress(self, onset_s: float) -> float:
        """How much of the night has gone, 0 to 1, as the trees are told."""
        return min(onset_s / self.night_s, 1.0) if self.night_s else 1.0


OURS = Manner(every_s=int(HOP_S), night_s=TYPICAL_NIGHT_S, from_population=True, half_life_s=float(HOP_S))
"""The live track of a pod. A half-life of one hop: the newest window counts as much as all before it together."""
NAIVE = Manner(every_s=int(EPOCH_S), night_s=TYPICAL_NIGHT_S)
"""The trees on the night so far: scaled by it alone, smoothed over its past half."""
ON_THE_BUFFER = Manner(every_s=int(EPOCH_S), night_s=0.0)
"""What running the published scorer on the buffer so far comes to: its newest window is the night's last."""
