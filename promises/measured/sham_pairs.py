"""Can whoever is blinded tell an active night from a sham night?"""

from promises.kept import ran, scratch
from promises.registry import Measured, promise

PAIRS = 20


@promise("active and sham night", f"{PAIRS} of {PAIRS} pairs the same for the blinded, and truly different")
def pairs_are_alike() -> Measured:
    """One recording and seed each: what verbs say to every role but the house, each file that may be read, its size."""
    told = ran("dreamloom.testing.sham_pairs", scratch("sham-pairs"), str(PAIRS), timeout_s=5400.0)
    active, sham = told["sounded"]
    return Measured(
        f"{told['alike']} of {told['pairs']} alike, {told['truly_different']} truly different",
        told["alike"] == told["truly_different"] == PAIRS,
        f"{told['texts']:,} texts and files compared byte for byte; wall time, speed, the commitment and the roots "
        f"that cover them stand there by name. Of {told['cues']:,} cues a night, {active:,} sounded in active nights "
        f"and {sham:,} in sham ones, by the sealed audits and by the rendered sound alike; a third of the pairs draw "
        f"the arm of each cue. {told['first_difference']}".strip(),
    )
