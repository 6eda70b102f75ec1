"""Does the guardian keep each sleeper's trouble at its own bed, and does every drill pass by its own record?"""

from promises.registry import Measured, promise

NIGHTS = 300


@promise("trouble stays at its own bed", "0 differences in the record of any other bed")
def trouble_stays() -> Measured:
    """Random trouble at one bed of a night, which is lived once more without it."""
    from dreamloom.testing.guarded_nights import try_once

    lived = [try_once(seed) for seed in range(NIGHTS)]
    differences, others = sum(len(each.differences) for each in lived), sum(each.others for each in lived)
    steps = sum(len(each.steps) for each in lived)
    return Measured(
        f"{differences} of {others} other beds differ, {steps} steps of the guardian",
        differences == 0 and others >= NIGHTS and steps > NIGHTS,
        f"{NIGHTS} nights of two to four beds that share nothing.",
    )


@promise("drills", "every drill passes by its own record")
def drills_pass() -> Measured:
    """Unplug, nightmare, forge, network, two outlets, lid, clock: each on simulated sleepers."""
    from dreamloom.house.drilling import hold
    from dreamloom.house.drills import DRILLS

    done = [hold(drill) for drill in DRILLS.values()]
    failed = [each.name for each in done if not each.passed]
    return Measured(
        f"{len(done) - len(failed)} of {len(done)}", not failed, f"failed: {', '.join(failed)}." if failed else ""
    )


@promise(
    "every rule of the guardian in one night",
    "each is raised by what the night itself tells, with its cause; it is heeded, and goes back where it can",
)
def every_rule_is_lived() -> Measured:
    """Two hours of four beds in which everything happens that the guardian watches for."""
    from dreamloom.guardian.rules import RULES
    from dreamloom.testing.watched_night import live_through

    lived = live_through()
    back = sum(lived.cleared[rule] > lived.raised[rule] for rule in lived.cleared)
    return Measured(
        f"{len(lived.raised)} of {len(RULES)} raised, {back} gone back, {len(lived.unheeded)} cues in spite of one",
        len(lived.raised) == len(RULES) and not lived.uncaused and not lived.unheeded and back == len(lived.cleared),
        "What goes back only with the night, or when it is opened again: disk, memory, dose, and cues that wake.",
    )
