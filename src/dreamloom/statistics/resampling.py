"""How sure is a figure from one night? Whole blocks of it drawn again and again, with replacement."""

import numpy as np

from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray

DRAWS = 2000
CERTAINTY = 0.95


def resampled(blocks: FloatArray, *, seed: int, draws: int = DRAWS) -> FloatArray:
    """[block, ...] to [draw, ...]: sums over as many blocks as there are, drawn with replacement (Künsch 1989).

    The draws depend on the seed and the number of blocks alone, so that two scorings of the same blocks are paired.
    """
    count = len(blocks)
    if not count:
        return np.zeros((draws, *blocks.shape[1:]))
    times = stream(seed, "blocks", count).multinomial(count, np.full(count, 1.0 / count), size=draws)
    return np.asarray(np.tensordot(times.astype(np.float64), blocks, axes=1))


def interval(drawn: FloatArray, *, certainty: float = CERTAINTY) -> tuple[float, float] | None:
    """The middle `certainty` of what was drawn; draws without a value are left out, None if none has one."""
    known = drawn[np.isfinite(drawn)]
    if not known.size:
        return None
    tail = (1.0 - certainty) / 2.0
    low, high = np.quantile(known, (tail, 1.0 - tail)).tolist()
    return round(low, 4) + 0.0, round(high, 4) + 0.0
