"""How are the arms of a trial said to a person?"""

from dreamloom.dreamscape import words
from dreamloom.dreamscape.model import OWN, SILENCE, Arm, Dreamscape

ASSIGNED = {
    "across nights": "Each night is drawn, sealed, from",
    "within night": "Within each night the moments are drawn, sealed, from",
    "across sleepers": "Each sleeper is drawn, sealed, into one of",
    "across groups": "Each group is drawn, sealed, into one of",
}


def arms(dreamscape: Dreamscape) -> str:
    """Between what is drawn, how, and what is asked in the morning."""
    trial = dreamscape.trial
    said = [f"{name} ({_arm(arm)})" for name, arm in dreamscape.arms.items()]
    drawn = f"{ASSIGNED[trial.assign if trial else 'across nights']} {len(said)} arms: {words.several(said)}."
    if trial is None:
        return drawn
    block = f" They are drawn in blocks of {trial.block}." if trial.block else ""
    nights = trial.washout_nights
    washout = (
        f" Between them {'lie' if nights > 1 else 'lies'} {nights} night{'s' if nights > 1 else ''} without cues."
        if nights
        else ""
    )
    return f"{drawn}{block}{washout} In the morning everybody is asked: {trial.blindness}"


def _arm(arm: Arm) -> str:
    if arm.cue == SILENCE:
        return "silence at the same moments"
    trained = "trained" if arm.trained else "never trained"
    if arm.cue == OWN:
        return f"every part as it is written{'' if arm.trained else ', never trained while awake'}"
    if arm.each_draws:
        return f"for each sleeper another one of {words.quoted(arm.each_draws)}"
    return f'"{arm.cue}", {trained} while awake'
