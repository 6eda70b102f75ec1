"""Can anything make a bed louder than its ceiling? Random levels and parameters through the true deck and mixer."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from dreamloom.testing import loud_storms
from promises.registry import Measured, promise

SETS = 1_000_000
ROUNDS = 20


@promise(
    f"{SETS:,} random levels and parameters",
    "0 samples above the ceiling at the callback, every lawful sound at its level",
)
def nothing_leaves_above_the_ceiling() -> Measured:
    """Forty cues over each other, bits and beats at random; beside them one lawful cue alone on the same output."""
    began_s = time.monotonic()
    with ProcessPoolExecutor() as pool:
        found = loud_storms.added(pool.map(partial(loud_storms.many, SETS // ROUNDS), range(ROUNDS)))
    return Measured(
        f"{found.above} of {found.frames:,} samples above, {found.at_level:,} of {found.lawful:,} at their level",
        found.above == 0 and found.at_level == found.lawful and found.sets >= SETS,
        f"{found.sets:,} sets of level, loudness, ceiling, full scale, moment, bits, fade and beat, through the deck "
        f"that every speaker's callback runs; at its level means within {loud_storms.EXACT_DB} dB. "
        f"Took {time.monotonic() - began_s:.0f} s.",
    )
