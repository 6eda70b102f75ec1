"""How is a rehearsal told? One sentence, a row of numbers for each sleeper, a page, and the same as data."""

from collections.abc import Sequence

from dreamloom.gallery.rehearsal_page import BedShown, rehearsal_page
from dreamloom.house.rehearsing import BedRehearsed, Rehearsal

HEAD = ("REM min", "cues", "a REM hour", "withheld", "arousals/h", "after cues", "softened")


def sentence(found: Rehearsal) -> str:
    """How many cues, in how many nights."""
    cues, unstaged = sum(bed.cues for bed in found.beds), sum(bed.unstaged for bed in found.beds)
    marked = f", {unstaged} of them unstaged," if unstaged else ""
    return (
        f"{found.dreamscape}: {cues} cues{marked} in {len(found.beds)} simulated nights of {found.hours:g} h, "
        f"{found.cues_per_hour:g} an hour."
    )


def numbers(bed: BedRehearsed) -> list[str]:
    """What HEAD names, of one sleeper."""
    sleep, cues = bed.statistics.sleep, bed.statistics.cues
    per_rem_hour = "-" if cues.per_rem_hour is None else f"{cues.per_rem_hour:.0f}"
    per_hour = "-" if sleep.arousals_per_hour is None else f"{sleep.arousals_per_hour:.1f}"
    return [
        f"{bed.rem_s / 60:.0f}",
        f"{bed.cues}",
        per_rem_hour,
        f"{cues.occasions_withheld}",
        per_hour,
        f"{bed.aroused_after_cues}",
        f"{bed.softened}",
    ]


def beds_shown(found: Rehearsal) -> Sequence[BedShown]:
    """Every sleeper as a picture shows them."""
    return [BedShown(bed.pod, bed.preset, numbers(bed), bed.events) for bed in found.beds]


def page(found: Rehearsal) -> str:
    """The whole as one HTML document."""
    return rehearsal_page(
        title=found.dreamscape, sentence=sentence(found), head=HEAD, beds=beds_shown(found), withheld=found.withheld
    )


def as_data(found: Rehearsal) -> dict[str, object]:
    """The whole for programs."""
    return {
        "dreamscape": found.dreamscape,
        "sha256": found.sha256,
        "hours": found.hours,
        "seed": found.seed,
        "pod": found.pod,
        "plays": found.plays,
        "cues_per_hour": found.cues_per_hour,
        "withheld_by_reason": found.withheld,
        "took_s": found.took_s,
        "sleepers": [
            {
                "pod": bed.pod,
                "preset": bed.preset,
                "rem_s": bed.rem_s,
                "cues_played": bed.cues,
                "cues_unstaged": bed.unstaged,
                "cues_withheld": bed.statistics.cues.occasions_withheld,
                "arousals": bed.statistics.sleep.arousals,
                "aroused_after_cues": bed.aroused_after_cues,
                "softened": bed.softened,
            }
            for bed in found.beds
        ],
    }
