"""Does anything of one sleeper reach another without the consent of both? Random nights, each lived twice."""

from promises.registry import Measured, promise

NIGHTS = 300


@promise(
    "cross-talk between sleepers",
    "0 differences for whoever shares nothing with one who slept otherwise; each cue of another names both consents",
)
def nothing_passes_unnamed() -> Measured:
    """Random rosters, grants, groups, stages, signals, losses and withdrawals; what is lawful passes all the same."""
    from dreamloom.testing.cross_talk import try_once

    tries = [try_once(seed) for seed in range(NIGHTS)]
    differences = sum(len(each.differences) for each in tries)
    unnamed, held = sum(each.unnamed for each in tries), sum(each.held for each in tries)
    passed = sum(each.passed for each in tries)
    return Measured(
        f"{differences} of {held} told otherwise, {unnamed} cues unnamed, {passed} passed lawfully",
        differences == 0 and unnamed == 0 and held > NIGHTS / 3 and passed > NIGHTS,
        f"{NIGHTS} nights of two to four beds, lived twice with one sleeper's whole night drawn anew.",
    )
