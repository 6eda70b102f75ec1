"""How are the record's reasons said to a person? One table per vocabulary, in plain words."""

from typing import Literal, NamedTuple

from dreamloom.record.events import AwakeningMade, AwakeningReason, WithheldReason
from dreamloom.vocabulary.stages import Stage

Group = Literal["waiting", "protecting", "missing"]


class Reason(NamedTuple):
    """One reason for letting a cue pass.

    Attributes:
        group: waiting for the right moment, protecting the sleeper, or something was missing.
        short: a label of two to five words.
        because: ends the sentence "mostly because …".
        meaning: what it means, in one sentence.
    """

    group: Group
    short: str
    because: str
    meaning: str


# fmt: off
REASONS: dict[WithheldReason, Reason] = {
    "STAGE": Reason("waiting", "another stage", "the sleeper was in another stage",
        "The sleeper was in a stage in which this cue is not wanted or not agreed to."),
    "CONFIDENCE": Reason("waiting", "not sure enough", "the stage was not sure enough",
        "It looked like the right stage, but not as surely as the dreamscape asks."),
    "STABILITY": Reason("waiting", "not settled yet", "the stage had not settled yet",
        "The right stage had not lasted as long as the dreamscape asks."),
    "BEFORE_LIGHTS_OFF": Reason("waiting", "before lights off", "lights were not off yet",
        "The dreamscape counts from lights off, and nobody had said so yet."),
    "OUTSIDE_WINDOW": Reason("waiting", "outside its time", "it was outside the cue's time",
        "It was earlier or later in the night than the dreamscape asks."),
    "LOCAL_TIME": Reason("waiting", "outside its hours", "the clock on the wall showed another time",
        "The dreamscape asks for other hours, as the clocks on this sleeper's wall show them."),
    "CYCLE": Reason("waiting", "another sleep cycle", "the sleeper was in another sleep cycle",
        "The dreamscape asks for other sleep cycles; one ends when fifteen minutes passed without REM."),
    "QUORUM": Reason("waiting", "too few together", "too few others were where the dreamscape asks",
        "So many of the group, or of everyone who agreed to be counted, have to be in these stages together."),
    "ASLEEP_FOR": Reason("waiting", "not asleep for long", "the sleeper had not slept long enough",
        "The sleeper had been awake more recently than the dreamscape asks."),
    "REFRACTORY": Reason("waiting", "another cue before", "another cue had come just before",
        "After any cue of the night this part keeps quiet for as long as the dreamscape asks."),
    "EYE_SIGNAL": Reason("waiting", "no eye signal", "of the sleeper's eye signals",
        "The dreamscape waits for left-right-left-right, twice, or keeps quiet because the sleeper gave it."),
    "AROUSAL": Reason("protecting", "stirring", "the sleeper was stirring or had just stirred",
        "After an arousal or a movement the bed is left in peace for a while."),
    "REVOKED": Reason("protecting", "consent withdrawn", "the sleeper had withdrawn",
        "The sleeper said no; nothing may sound for the rest of the night."),
    "CONSENT": Reason("protecting", "not agreed to", "the sleeper had not agreed to it",
        "No valid grant names this dreamscape, this cue and this moment."),
    "POLICY": Reason("protecting", "house rules", "the rules of the house forbade it",
        "A rule that every night of this house is held under said no; the list of what happened names it."),
    "LEVEL": Reason("protecting", "too loud", "it would have been too loud",
        "The planned level was above what the sleeper or the house allows."),
    "BUDGET": Reason("protecting", "enough cues", "the budget of cues was spent",
        "As many cues as agreed had been played in this hour, under this lease, or tonight."),
    "DOSE": Reason("protecting", "enough sound tonight", "the night had heard enough",
        "All cues of a night together stay under 30 dB LAeq over eight hours (WHO 1999)."),
    "VOLUME": Reason("protecting", "volume turned", "somebody had turned the volume",
        "The output's own volume was not what it was in the evening; the bed waits until it is turned back."),
    "AWAKENING": Reason("protecting", "being woken", "the sleeper was being woken or told a dream",
        "Nothing plays while somebody is woken, tells what they dreamt, or has been woken for the morning."),
    "MOMENT": Reason("waiting", "others not ready", "the others were not ready",
        "It comes to all at one moment, which is called when two or more could take part."),
    "OVERLAP": Reason("protecting", "another sound", "another sound was planned for that moment",
        "A bed plays one sound at a time: two at once would be louder than agreed."),
    "STOPPED": Reason("protecting", "stop rule", "a stop rule had ended the cues",
        "A stop rule of the dreamscape ended this bed's cues for tonight."),
    "HALTED": Reason("protecting", "held by the house", "the house held the bed",
        "A person or a safety rule held this bed silent."),
    "NOT_REARMED": Reason("protecting", "not armed again", "nobody had armed the bed again after a break",
        "After a crash a bed stays silent until it is lawfully armed again."),
    "OUT_OF_BED": Reason("protecting", "out of bed", "nobody was in bed",
        "After a movement no lead heard a body: the sleeper was up, or the band had come off."),
    "UNSCORED": Reason("missing", "no readable stage", "no stage could be read",
        "Too little of the signal was good enough to say a stage."),
    "STALE": Reason("missing", "late samples", "samples came too late",
        "The newest samples or the newest stage were too old to act on."),
    "LEASE": Reason("missing", "no word of the house", "no lease of the house allowed it",
        "The house's permission had lapsed or did not name this cue; without one a bed is silent."),
    "EXPIRED": Reason("missing", "too late to begin", "it was too late to begin",
        "The moment for which the cue was planned had passed."),
    "NO_PROFILE": Reason("missing", "output not timed", "nobody had measured how late its output sounds",
        "A cue in step with a wave needs to know how long its output takes; dreamloom latency-check measures it."),
    "UNCERTAIN": Reason("missing", "waves not foretold", "the waves could not be foretold well enough",
        "Of the last forty silent checks the phase was missed by more than 60 degrees (standard deviation)."),
}
"""Every reason there is, in the order in which pages list them."""

GROUPS: dict[Group, str] = {
    "waiting": "Waiting for the right moment",
    "protecting": "Protecting the sleeper",
    "missing": "Something was missing",
}

FAILURES: dict[str, str] = {
    "EXPIRED": "too late to begin, so it was dropped",
    "BITS": "silenced in the last moment",
    "SPEAKER": "the speaker could not play it",
    "UNKNOWN": "nobody knows what became of it",
    "POLICY": "the rules of the house took too long to be asked, so it was dropped",
    "SOUND": "its sound at the bed was not the one that was agreed to",
}
BITS: dict[str, str] = {
    "REVOKED": "consent withdrawn",
    "HALTED": "held by the house",
    "AROUSAL": "stirring",
    "LEASE_LAPSED": "lease lapsed",
    "STAGE_STALE": "stage too old",
    "NOT_ARMED": "not armed",
    "STAGE": "left the agreed stage",
    "NOT_AWAKE": "no longer awake",
    "FADING": "faded by a person",
}

STAGE_NAMES: dict[Stage, str] = {
    Stage.W: "awake",
    Stage.R: "REM sleep",
    Stage.N1: "light sleep",
    Stage.N2: "stable sleep",
    Stage.N3: "deep sleep",
    Stage.UNSCORED: "no stage",
}
"""In the order of a hypnogram, top to bottom."""
# fmt: on


def failure(why: str) -> str:
    """Words for a CueFailed: its reason and the bits that were on."""
    reason, *bits = why.split()
    named = ", ".join(BITS.get(bit, bit.lower()) for bit in bits)
    said = FAILURES.get(reason, reason.lower())
    return f"{said}: {named}" if named else said


def stage_in_words(stage: Stage) -> str:
    """For a sentence: "REM", "N2", "epochs without a stage"."""
    if stage is Stage.UNSCORED:
        return "epochs without a stage"
    return {Stage.R: "REM", Stage.W: "wakefulness"}.get(stage, str(stage))


WAKES: dict[AwakeningReason, str] = {
    "GUARDIAN": "a nightmare kept coming back",
    "GATE": "its gate was open",
    "STAGE": "a stage had come that one is woken out of well",
    "LATEST": "it was the latest time",
    "DIALOGUE": "what was asked in the dream was over",
    "BY_HAND": "a person did so",
}
"""Why somebody was woken then."""


def woke(event: AwakeningMade) -> str:
    """How an awakening ended, as one sentence."""
    if event.how == "GAVE_UP":
        then = "let sleep on" if event.manner != "morning" else "go and see"
        return f"Not awake after {event.after_s:.0f} s of sound: {then}."
    how = {"STAGE": "awake", "OUT_OF_BED": "out of bed", "LIGHTS_ON": "lights on"}.get(event.how, "awake")
    report = f"; {event.report_s:.0f} s to tell what was dreamt" if event.report_s else ""
    return f"{how.capitalize()} after {event.after_s:.0f} s{report}."


def counted(n: int, one: str, many: str = "") -> str:
    """1 cue, 1,204 cues."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


SPOILT: dict[str, str] = {
    "FLAT": "heard nothing: its electrode or its plug was off",
    "CLIPPED": "was cut off at its amplifier's limit: a movement, a drying electrode, or a gain set too high",
    "RANGE": "was larger than any sleep: movement, or a loose electrode",
    "MAINS": "held more hum of the mains than sleep: a loose electrode, a charger, or no ground",
    "REVERSED": "showed brain waves in opposite directions: one of the two leads is the wrong way round, and no eye "
    "signal counts",
    "EXCHANGED": "showed the agreed signal to the other side than in the evening: left and right electrode are in each "
    "other's place, and it does not count",
    "NARROW_BAND": "held nothing above some 20 Hz: filtered or sampled slowly, so waking and arousals show less",
}
"""What was wrong with a channel, and what it usually comes from; follows the channel's name."""
