"""May this trial be drawn as it is asked for? Sizes that fit each other, enough units, an arm to compare with."""

from collections import Counter

from dreamloom.record.events import TrialDesign
from dreamloom.trial.schedules import sleepers_of
from dreamloom.vocabulary.errors import ConfigError

SMALLEST_BLOCK = {"within night": 2, "across nights": 1, "across sleepers": 1, "across groups": 1}
"""Times every arm in a block whose size nobody says. Cues of a night follow each other closely, and a block of one of
each would tell every second arm to whoever knows the first. Ours."""


def usual_block(assign: str, arms: int) -> int:
    """The block size of a dreamscape that names none."""
    return SMALLEST_BLOCK[assign] * arms


def refuse_unfit(design: TrialDesign) -> None:
    """Returns when every arm can come equally often.

    Raises:
        ConfigError: naming the number and the nearest that fits.
    """
    for wrong, why, do in (_arms(design), _block(design), _nights(design), _units(design), _sleepers(design)):
        if wrong:
            raise ConfigError("DL-E605", f"The trial {design.trial!r} cannot be drawn: {wrong}.", why=why, do=do)


Complaint = tuple[str, str, str]
FINE: Complaint = ("", "", "")


def _arms(design: TrialDesign) -> Complaint:
    if len(design.arms) >= 2 and len(set(design.arms)) == len(design.arms):
        return FINE
    return (
        f"its arms are {', '.join(design.arms) or 'none'}",
        "A trial compares at least two different arms.",
        "Write arms into the dreamscape, one of them silent: sham: {cue: silence}.",
    )


def _block(design: TrialDesign) -> Complaint:
    arms = len(design.arms)
    if design.block >= arms and design.block % arms == 0:
        return FINE
    fits = max(1, round(design.block / arms)) * arms
    return (
        f"a block of {design.block} does not hold {arms} arms equally often",
        "In a permuted block every arm comes as often as every other.",
        f"Take {fits}, or another multiple of {arms}.",
    )


def _nights(design: TrialDesign) -> Complaint:
    if design.nights < 1:
        return f"it has {design.nights} nights", "A trial has one night at least.", "Say --nights 1 or more."
    if design.assign != "across nights" or design.nights % design.block == 0:
        return FINE
    fits = -(-design.nights // design.block) * design.block
    return (
        f"{design.nights} nights are no whole number of blocks of {design.block}",
        "Arms are drawn across nights, and each must come equally often for every sleeper.",
        f"Say --nights {fits}.",
    )


def _units(design: TrialDesign) -> Complaint:
    arms, units = len(design.arms), len(design.units)
    if not units:
        return "nobody is in it", "A trial needs sleepers.", "Name them with --sleeper, or seal it with a night."
    if design.assign not in {"across sleepers", "across groups"} or units >= arms:
        return FINE
    kind = "sleepers (or rooms)" if design.assign == "across sleepers" else "groups"
    return (
        f"{arms} arms are to be drawn across {kind}, and there {'is' if units == 1 else 'are'} {units}",
        "Every arm needs one of its own; who shares a room or a group shares the arm.",
        "Name more of them, or draw the arms across nights.",
    )


def _sleepers(design: TrialDesign) -> Complaint:
    twice = [sleeper for sleeper, times in Counter(sleepers_of(design)).items() if times > 1]
    if not twice:
        return FINE
    return f"{twice[0]} is in it twice", "A sleeper has one arm at a time.", "Name every sleeper in one group only."
