"""How does somebody sleep, as far as a pod believes? Stages, arousals, signs of the eyes, awakenings, lights."""

from typing import Literal

from dreamloom.record.envelope import Event

AwakeningKind = Literal["probe", "back to bed", "morning"]
AwakeningReason = Literal["GATE", "STAGE", "LATEST", "DIALOGUE", "GUARDIAN", "BY_HAND"]
"""Why somebody is woken now: a gate was open, a preferred stage had come, it was the latest time, a dialogue
was over, the guardian went so far, a person did."""
SceneReason = Literal[
    "BEGINNING", "GATE", "AFTER", "AROUSAL", "AWAKENING", "EYE_SIGNAL", "NIGHTMARE", "TOGETHER", "BY_HAND"
]
"""Why a scene was entered: the night began, a gate was open, its time was over, something happened, everybody went
there at once, a person said so."""


class StageScored(Event, frozen=True):
    """One live estimate: the window ends at onset_s. UNSCORED has confidence 0 and no probabilities.

    Attributes:
        window_s: length of the window that ends at onset_s.
        decided_at_s: night time by which every sample it rests on had arrived.
        quality: share of good seconds in the window.
        method: which stager, with the hash of its weights.
    """

    stage: str
    confidence: float
    probabilities: dict[str, float]
    window_s: float
    decided_at_s: float
    quality: float
    method: str


class OutOfBedSeen(Event, frozen=True):
    """Every lead has been off since since_s, after a movement: the sleeper left, or the band came off."""

    since_s: float


class BackInBedSeen(Event, frozen=True):
    """A lead has heard a body again since since_s, without a break."""

    since_s: float


class NightmareArousalSeen(Event, frozen=True):
    """The sleeper stirred out of REM in which heart and breath had quickened for a while: as out of a nightmare.

    Attributes:
        heart_per_min: fastest in the minute before; usual_heart_per_min: its median of five minutes.
        breath_per_min: the same of the breath; usual_breath_per_min: its median.
    """

    heart_per_min: float
    usual_heart_per_min: float
    breath_per_min: float
    usual_breath_per_min: float


class StagerFailed(Event, frozen=True):
    """A stager that somebody plugged in gave no answer that could be used for the window that ends at onset_s.

    Told when it begins, and again for every other reason; for every answer that came too late.
    """

    stager: str
    why: str


class SleepOnsetSeen(Event, frozen=True):
    """A bed that tells no stage takes its sleeper to be asleep since since_s: nothing moved for ten minutes."""

    since_s: float
    by: Literal["stillness"]


class ArousalSeen(Event, frozen=True):
    """Onset is the second in which the rule was satisfied; strength is the band-power ratio that satisfied it."""

    strength: float


class EyeSignalSeen(Event, frozen=True):
    """The agreed left-right-left-right was seen; a candidate is one, a signal that counts is given twice.

    Attributes:
        status: candidate: one. confirmed: its like followed at once, or it was twice as long.
        confidence: a score of its shape and of p(R), 0 to 1; no probability.
        began_s: when gaze left the middle, of the first one where it is confirmed.
        ended_s: when gaze was back.
        size_uv: mean whole sweep, right less left electrode.
        sweep_s: mean time from one turn to the next.
        first: to which side the first look went; right where electrodes are exchanged, or the sleeper mixed them up.
    """

    status: Literal["candidate", "confirmed"]
    confidence: float
    began_s: float
    ended_s: float
    size_uv: float
    sweep_s: float
    first: Literal["left", "right"]


class AnswerSeen(Event, frozen=True):
    """What a dreamer answered to the question that the cue that is its cause asked, when its time was over.

    Attributes:
        dialogue, question: their numbers in the dreamscape.
        by: the channel that was read.
        said: answer: a number. none: nobody tried. unclear: somebody may have, and nobody can tell which number.
        number: of left-rights, tensions or sniffs; 0 unless there is an answer.
        confidence: a score of its shape, 0 to 1; no probability.
        judged: by the author, who says which answer is right; "" where no answer is, or none was understood.
        at_s: when it had been given.
    """

    dialogue: int
    question: int
    by: Literal["eyes", "face", "sniff"]
    said: Literal["answer", "none", "unclear"]
    number: int
    confidence: float
    judged: Literal["right", "wrong", ""]
    at_s: float


class LetterSeen(Event, frozen=True):
    """The same where an answer is a letter, looked in Morse.

    Attributes:
        letter: "" unless there is an answer; all else as in `AnswerSeen`.
    """

    dialogue: int
    question: int
    said: Literal["answer", "none", "unclear"]
    letter: str
    confidence: float
    judged: Literal["right", "wrong", ""]
    at_s: float


class EyesCalibrated(Event, frozen=True):
    """How this sleeper looks left and right, from signals made awake that evening: what is asked of them asleep.

    Attributes:
        size_uv: median whole sweep, right less left electrode.
        sweep_s: median time from one turn to the next.
        first: to which side an agreed first look shows; right where electrodes are exchanged.
        seen: how many of the signals made awake were recognised.
    """

    size_uv: float
    sweep_s: float
    first: Literal["left", "right"]
    seen: int


class SceneEntered(Event, frozen=True):
    """From now on this sleeper is in another scene of the dreamscape: its parts play, those of the one left do not.

    Decided by the bed where the step is its sleeper's own; for all at once the house decides, and the bed is told.

    Attributes:
        left: the scene before; "" at the beginning of a night.
    """

    scene: str
    left: str
    reason: SceneReason


class AwakeningDue(Event, frozen=True):
    """From now on this sleeper is woken, by sounds that rise, until they are awake or it is given up.

    Attributes:
        awakening: its number in the dreamscape.
        stage: the newest estimate.
        gives_up_s: when it ends at the latest.
    """

    awakening: int
    manner: AwakeningKind
    reason: AwakeningReason
    stage: str
    gives_up_s: float


class AwakeningMade(Event, frozen=True):
    """An awakening has ended: the sleeper is awake, or slept on.

    Attributes:
        how: by what they are known to be awake; GAVE_UP where they are not.
        after_s: since it was due.
        report_s: for so long they are left to tell what they dreamt; 0 where they slept on, or nothing is asked.
    """

    awakening: int
    manner: AwakeningKind
    how: Literal["STAGE", "OUT_OF_BED", "LIGHTS_ON", "GAVE_UP"]
    after_s: float
    report_s: float


class LightsOff(Event, frozen=True):
    by: str


class LightsOn(Event, frozen=True):
    by: str
