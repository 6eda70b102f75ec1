"""What can happen in a night? Every fact, decision, refusal, consent and outcome, as one typed event in the past tense.

Types are only ever added: a changed type gets a new tag ("StageScored/2") and an upcaster in `codec`. Numbers carry
their unit in the name and are rounded (times to 1 µs, others to 1e-4); no event holds NaN, a name, or free text.
"""

from typing import Literal

from msgspec import Struct

from dreamloom.record.course_events import (
    CourseAnswered,
    CourseBegun,
    CueingHeld,
    OutcomesShared,
    OutcomeTold,
)
from dreamloom.record.envelope import Event as Event  # noqa: PLC0414 - part of this table
from dreamloom.record.envelope import Kind as Kind  # noqa: PLC0414 - part of this table
from dreamloom.record.envelope import Sealed as Sealed  # noqa: PLC0414 - part of this table
from dreamloom.record.envelope import Sha256Hex as Sha256Hex  # noqa: PLC0414 - part of this table
from dreamloom.record.guide_events import EveningTalkHeld, GuideRanAway, ModelChecked, ModelChose, ReflectionKept
from dreamloom.record.machine_events import MachineJoined, MachineRemoved, PassageWorded
from dreamloom.record.morning_events import (
    CircleRetracted,
    CircleSaid,
    DreamReported,
    InterviewAnswered,
    PassagesAgreed,
    ReportLocked,
    ReportShared,
    TestsRegistered,
    ThemeRevealed,
    ThreadRatified,
    WeaveMade,
)
from dreamloom.record.people_events import PasskeyAdded, PersonInvited, PersonRemoved, SignedIn
from dreamloom.record.room_events import IntercomUsed
from dreamloom.record.staff_events import (
    BackInBedTold,
    NeedSeen,
    OutOfBedTold,
    Rejoined,
    SetApart,
    StaffOnDuty,
    StaffPaged,
)

SoundClass = Literal["sleep", "awake"]
WithheldReason = Literal[
    "BEFORE_LIGHTS_OFF",
    "STAGE",
    "CONFIDENCE",
    "STABILITY",
    "UNSCORED",
    "STALE",
    "AROUSAL",
    "CONSENT",
    "REVOKED",
    "HALTED",
    "LEASE",
    "BUDGET",
    "LEVEL",
    "STOPPED",
    "NOT_REARMED",
    "OUTSIDE_WINDOW",
    "EXPIRED",
    "OVERLAP",
    "OUT_OF_BED",
    "EYE_SIGNAL",
    "NO_PROFILE",
    "UNCERTAIN",
    "LOCAL_TIME",
    "CYCLE",
    "ASLEEP_FOR",
    "REFRACTORY",
    "AWAKENING",
    "QUORUM",
    "DOSE",
    "VOLUME",
    "MOMENT",
    "POLICY",
]
AwakeningKind = Literal["probe", "back to bed", "morning"]
AwakeningReason = Literal["GATE", "STAGE", "LATEST", "DIALOGUE", "GUARDIAN", "BY_HAND"]
"""Why somebody is woken now: a gate was open, a preferred stage had come, it was the latest time, a dialogue
was over, the guardian went so far, a person did."""
Rung = Literal["NONE", "NOTE", "SOFTEN", "HOLD", "ISOLATE", "FADE", "WAKE"]
"""How far the guardian goes at a bed, from nothing to the most."""
SceneReason = Literal[
    "BEGINNING", "GATE", "AFTER", "AROUSAL", "AWAKENING", "EYE_SIGNAL", "NIGHTMARE", "TOGETHER", "BY_HAND"
]
"""Why a scene was entered: the night began, a gate was open, its time was over, something happened, everybody went
there at once, a person said so."""
StreamDifference = Literal[
    "name", "type", "source_id", "hostname", "session", "channels", "rate", "format", "labels", "twin"
]
"""In which way a stream is not the device a bed was opened with."""
SignalFault = Literal["FLAT", "CLIPPED", "RANGE", "MAINS", "NARROW_BAND", "REVERSED", "EXCHANGED"]
Severity = Literal["mild", "moderate", "severe", "serious", "life-threatening", "fatal"]
Relatedness = Literal["unrelated", "unlikely", "possible", "probable", "definite"]


class Seat(Struct, frozen=True, forbid_unknown_fields=True):
    """Who lies beside which pod, by pseudonym, and where its samples come from."""

    pod: str
    sleeper: str
    source: str


class TrialUnit(Struct, frozen=True, forbid_unknown_fields=True):
    """Sleepers who are always in one arm: one alone, those of a room, a group."""

    name: str
    sleepers: tuple[str, ...]


class TrialDesign(Struct, frozen=True, forbid_unknown_fields=True):
    """How the arms of a trial are drawn: everything but the draw.

    Attributes:
        block: in how many units, nights or cues every arm comes equally often.
        nights: of each sleeper.
        washout_nights: without a cue, between two nights of the trial.
    """

    trial: str
    assign: Literal["across nights", "within night", "across sleepers", "across groups"]
    arms: tuple[str, ...]
    block: int
    nights: int
    washout_nights: int
    units: tuple[TrialUnit, ...]


class ChannelDescribed(Struct, frozen=True, forbid_unknown_fields=True):
    label: str
    kind: str
    low_uv: float
    high_uv: float


# --- the night ---------------------------------------------------------------------------------------------------


class NightOpened(Event, frozen=True):
    """The first event: what was asked for, by hash. Wall time and the night's own name are in HostDescribed."""

    mode: Literal["private", "shared", "hybrid"]
    timezone: str
    dreamscape: str
    dreamscape_sha256: Sha256Hex
    consent_sha256: Sha256Hex
    simulation_seed: int
    roster: tuple[Seat, ...]


class HostDescribed(Event, frozen=True):
    """Name, wall time, versions and machine of one opening; outside the compared root.

    `utc` is the wall time at which this opening's night time `onset_s` was struck.
    """

    night: str
    night_toml_sha256: Sha256Hex
    utc: str
    speed_x: float
    versions: dict[str, str]
    platform: str


class PolicyAdopted(Event, frozen=True):
    """Which rules are in force from here on: in a night for all of it, in the house until it adopts others.

    Attributes:
        policy_sha256: of the bundle, as leases and commands name it.
        version: of the bundle; no house goes by one lower than it has seen.
        by: who adopted it; "shipped" where nobody had to.
    """

    policy_sha256: Sha256Hex
    version: int
    by: str


class PodEnrolled(Event, frozen=True):
    """In the house's record: this house knows a bed by its key from here on, and may tell it what to sound.

    Attributes:
        key_sha256: of its public key.
        device: a random id with the beginning of that hash.
        by: who compared the words of the key, or the bed itself.
    """

    key_sha256: Sha256Hex
    device: str
    by: str


class PodRevoked(Event, frozen=True):
    """In the house's record: nothing this house says reaches a bed with this key any more."""

    key_sha256: Sha256Hex
    by: str


class NightClosed(Event, frozen=True):
    status: Literal["complete", "interrupted", "failed"]
    reason: str
    counts: dict[str, int]


class Recovered(Event, frozen=True):
    """A broken night was opened again: [lost_from_s, lost_to_s) is unknown; silent until re-armed."""

    lost_from_s: float
    lost_to_s: float
    segment: int


class Rearmed(Event, frozen=True):
    by: str


class SoundDescribed(Event, frozen=True):
    """What one cue of the night is made of; with a pod where it is that sleeper's own, else the same at every bed.

    Attributes:
        source: made by recipe, from a file, spoken by the machine, the sleeper's own recording, or a chime that stands
            in for words nobody spoke.
        loudness_db: of its frames at full scale against a full-scale tone of 1 kHz; a level is met by that much more
            gain. weighed_by: how it was found.
    """

    cue: str
    cue_sha256: Sha256Hex
    source: Literal["made", "file", "spoken", "own recording", "stand-in"]
    duration_s: float
    loudness_db: float
    weighed_by: Literal["none", "A-weighted RMS", "gated LUFS"]


class OutputBound(Event, frozen=True):
    """The output a bed found for its sound when its night opened: that one and no other until the night is over.

    Attributes:
        device: its whole id, whatever part of it night.toml names.
        channels: the bed's own, counted from 1.
    """

    device: str
    channels: tuple[int, ...]


class OutputConfirmed(Event, frozen=True):
    """This bed's sleeper said back what was played on its output that evening: a random word, or a number of notes."""

    device: str
    how: str


class OutputUnconfirmed(Event, frozen=True):
    """Nobody said back anything heard on this output: its bed is not armed until a person arms it."""

    device: str


class ThresholdMeasured(Event, frozen=True):
    """How softly this sleeper just hears on this output: found in the evening by a staircase.

    Attributes:
        threshold_db: what levels of the night are counted from, on this scale.
        scale: dB(A) where a meter was held to the output; else the sleeper's own threshold is called 30 dB.
        dbfs: of the softest sound heard, against a full-scale tone; full_scale_db: of that tone, on this scale.
        spread_db: standard deviation of the turns it is the mean of.
        silent: presentations without a sound, and false: how many of them were "heard".
    """

    device: str
    threshold_db: float
    scale: Literal["dB(A)", "own threshold"]
    dbfs: float
    full_scale_db: float
    spread_db: float
    trials: int
    silent: int
    false: int


class TrainingHeld(Event, frozen=True):
    """Before this night a training was held at this bed, whole or in part; the same is told in every arm.

    Attributes:
        training: its number in the dreamscape, from 0.
        cues: those that were given in it, or in whose place silence was.
        presented: how many presentations there were.
        held_s: from the first to the end of the last.
        began_utc: by the clock on the wall.
    """

    training: int
    cues: tuple[str, ...]
    presented: int
    held_s: float
    began_utc: str


class OutputVolumeMoved(Event, frozen=True):
    """The system's own volume of this output is not what it was when levels were found: its bed is held until it is."""

    device: str
    was_db: float
    now_db: float


class OutputVolumeRestored(Event, frozen=True):
    device: str


class OutputTimed(Event, frozen=True):
    """How long the output of a bed takes from a frame's being given to its being heard, and how much that varies.

    Told where a part waits for the phase of a wave; without it no cue of such a part is ever due.
    """

    delay_s: float
    spread_s: float
    method: str


class PhoneGraded(Event, frozen=True):
    """How good a loudspeaker the phone at this bed was that evening, left alone: what it may do hangs on it.

    Attributes:
        grade: the worst of the grades of what follows; reasons: what kept it from an A.
        error_ms: by how much 95 % of its cues were beside their time at most; missed_share: of those never played.
        absent_s: the longest time without a word of its page; seen_share: in front, not hidden or locked.
        lock_lost_share: of the time in front, without a lock that keeps the screen on.
        battery_per_h: share of the battery that an hour took; None where it was charging, or nobody knows.
    """

    device: str
    grade: Literal["A", "B", "C", "below C"]
    reasons: tuple[
        Literal["error_ms", "missed_share", "absent_s", "seen_share", "lock_lost_share", "battery_per_h"], ...
    ]
    minutes: float
    cues: int
    error_ms: float
    missed_share: float
    absent_s: float
    seen_share: float
    lock_lost_share: float
    battery_per_h: float | None


class OutputTurnedDown(Event, frozen=True):
    """A sleeper made their own sound softer where they hear it, or paused it there: levels are told as before that."""

    lowered_db: float
    now: Literal["playing", "paused"]


class SpeakerReopened(Event, frozen=True):
    """A bed's speaker had not rendered for age_s; it was started again, silent, and the bed is disarmed."""

    age_s: float


class OutputLost(Event, frozen=True):
    """A bed's output gives no sound: a speaker started again does not change that, or its page is gone. Told once.

    `device` is its whole id; "" for a bed that has none.
    """

    device: str


class OutputFound(Event, frozen=True):
    """The output is back. Where its speaker was started again, what armed the bed before does not arm it now."""

    device: str
    lost_s: float


class MachineSlept(Event, frozen=True):
    """The machine was suspended for slept_s from onset_s on, or, for 0, its lid was closed: the bed is disarmed."""

    slept_s: float


# --- signals -----------------------------------------------------------------------------------------------------


class StreamDescribed(Event, frozen=True):
    source: str
    sfreq_hz: float
    grid_hz: int
    delay_s: float
    channels: tuple[ChannelDescribed, ...]


class StreamIdentified(Event, frozen=True):
    """Which device this bed is held to, in its own words, none of them rounded: nobody else is let in later tonight.

    Attributes:
        format: the number of its sample format.
        uid: new at each start of its sender.
        labels: of all its channels, as it describes them; so are types and units.
    """

    name: str
    content: str
    source_id: str
    hostname: str
    session: str
    uid: str
    sfreq_hz: float
    format: int
    labels: tuple[str, ...]
    types: tuple[str, ...]
    units: tuple[str, ...]


class StreamLost(Event, frozen=True):
    """No complete second for 2 s past its end; the pod's bits say stale until samples are back."""

    last_s: float


class StreamFound(Event, frozen=True):
    lost_s: float


class StreamEnded(Event, frozen=True):
    """The signal has an end: that of a recording, of a simulated night. Known the device's usual delay after it."""


class GapSeen(Event, frozen=True):
    """Samples never came; the grid was filled and flagged from onset_s on."""

    duration_s: float
    samples: int


class ClockOffsetSeen(Event, frozen=True):
    """The device's clock against the night's, as measured now.

    Attributes:
        offset_s: what is to be added to the device's stamps to give night time.
        used_s: what is added at this moment; it follows the measurement without a jump.
        uncertainty_s: how far the measurement may be wrong.
    """

    offset_s: float
    used_s: float
    uncertainty_s: float


class PodClockBounded(Event, frozen=True):
    """How far a pod on another machine may be off the night's time, told when that begins or ends to be too much.

    `bound_s` is None where nothing bounds it: its exchanges contradict each other, or there were too few.
    """

    bound_s: float | None


class StreamRecognised(Event, frozen=True):
    """A lost stream is listened to again, and says it is the same device; its sender is the same or was restarted."""

    sender: Literal["same", "restarted"]


class StreamUnrecognised(Event, frozen=True):
    """A lost stream is listened to again and nothing says whose it is, so it may be a neighbour's: it is disarmed."""


OrderGlitch = Literal[
    "ORDER_UNSIGNED",
    "ORDER_FORGED",
    "ORDER_REPLAYED",
    "ORDER_STALE",
    "ORDER_WRONG_POD",
    "ORDER_WRONG_NIGHT",
    "ORDER_OLD_POLICY",
    "ORDER_UNENROLLED",
    "ORDER_REVOKED",
]
"""Why a bed did not obey what came to it as a word of its house; its cause is that word, where it is known."""


class GlitchSeen(Event, frozen=True):
    """Something about a bed's signal, or about the machine, is not as it should be.

    Attributes:
        glitch: LATE: the newest sample is 0.5 s old; told once an episode. IMPOSTOR: another stream stands in this
            one's place and was left outside. RENAMED: this device goes by another name now and was left outside.
            CLOCK_STEP: a clock was moved. UNIT_ASSUMED: nobody said the unit, microvolts were assumed.
            BATTERY_LOW: that of the machine runs down; belongs to no bed.
            MEMORY_HIGH: the night's process has grown more than a night should; belongs to no bed.
            SOUND_CHANGED: a sound at this bed is not the one it was laid down as.
            ORDER_...: something came to this bed as a word of its house, and was none that it may obey.
            NIGHT_LATE: the night is decided more than ten seconds late; belongs to no bed.
            BATTERY_CHARGED: after BATTERY_LOW, it is charged or plugged in again; belongs to no bed.
            SOUND_GAP: this bed's output went without frames for a moment.
        differs: in which ways the other stream is not this device; "twin": both are there at once.
        step_s: how far the clock was moved.
    """

    glitch: (
        Literal[
            "LATE",
            "IMPOSTOR",
            "RENAMED",
            "CLOCK_STEP",
            "UNIT_ASSUMED",
            "BATTERY_LOW",
            "MEMORY_HIGH",
            "NIGHT_LATE",
            "SOUND_CHANGED",
            "BATTERY_CHARGED",
            "SOUND_GAP",
        ]
        | OrderGlitch
    )
    differs: tuple[StreamDifference, ...] = ()
    step_s: float = 0.0


class SignalSpoilt(Event, frozen=True):
    """A channel has had a fault since since_s, for a third of half a minute: what needs it is not believed.

    Attributes:
        channel: its label; "LEFT / RIGHT" for what only both leads of the eyes tell together.
        fault: FLAT: nothing is heard. CLIPPED: cut off at its amplifier's limit. RANGE: larger than the body's.
            MAINS: more hum of the mains than sleep. NARROW_BAND: nothing is left above some 20 Hz. REVERSED: one lead
            of the eyes is the wrong way round. EXCHANGED: both are in each other's place, against the calibration.
    """

    channel: str
    fault: SignalFault
    since_s: float


class SignalMended(Event, frozen=True):
    """That fault has not been seen for half a minute; it lasted from since_s until until_s."""

    channel: str
    fault: SignalFault
    since_s: float
    until_s: float


class SignalOutlined(Event, frozen=True):
    """How large a bed's first EEG was in each of the seconds before onset_s: all the house ever compares beds by.

    Attributes:
        sizes: second by second, the last one ending at onset_s; log2 of the span in microvolts.
    """

    sizes: tuple[float, ...]


class SignalsStored(Event, frozen=True):
    file: str
    sha256: Sha256Hex
    onset_file_s: float
    duration_s: float


# --- what the pod believes ---------------------------------------------------------------------------------------


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


# --- leases, cues ------------------------------------------------------------------------------------------------


class LeaseGranted(Event, frozen=True):
    """What the house lets one pod decide alone, for at most 30 s; names all a cue will be checked against."""

    lease: str
    scene: str
    cues: dict[str, str]
    sound_class: SoundClass
    level_cap_db: float
    cues_left: int
    arm: Sealed | None
    dreamscape_sha256: Sha256Hex
    policy_sha256: Sha256Hex
    not_before_s: float
    not_after_s: float


class CommandGiven(Event, frozen=True):
    """What others decide for this bed: one cue, at once or never. Good for 2 s from onset_s at most, whatever it says.

    It passes every veto that a leased cue passes; only the gate and the timer are somebody else's.
    """

    by: str
    cue: str
    cue_sha256: Sha256Hex
    sound_class: SoundClass
    level_cap_db: float
    dreamscape_sha256: Sha256Hex
    policy_sha256: Sha256Hex
    not_after_s: float


class LeaseLapsed(Event, frozen=True):
    lease: str
    reason: str


class OperatorStaged(Event, frozen=True):
    """The stage that a person sees, in the place of the stager's for ten minutes; "" takes an earlier call back."""

    by: str
    stage: Literal["W", "N1", "N2", "N3", "R", ""]


class OperatorStepped(Event, frozen=True):
    """How far a person holds this bed back, on the ladder that the guardian goes by; NONE lets it go again.

    The bed stands on the higher of this rung and the guardian's, from the second in which it hears of it.
    """

    by: str
    rung: Rung


class NoteMade(Event, frozen=True):
    """Somebody wrote down what they saw; their words are sealed under the sleeper's key."""

    by: str
    text: Sealed | None


class RelayOffered(Event, frozen=True):
    """Another sleeper's signal may become one cue of this bed: the event that is its cause, by the consent of both.

    It waits for the receiver's own gate and passes every veto and lease that a cue of theirs passes; whatever is
    derived from one sleeper reaches another through such an event or not at all.

    Attributes:
        relay: its number in the dreamscape.
        sender: the bed that signalled.
        consents: ids of the ConsentGiven of the sender and of the receiver, who each named the other.
        from_s, until_s: when the receiver's bed knows of it, and when it is forgotten.
    """

    relay: int
    sender: str
    cue: str
    consents: tuple[str, ...]
    from_s: float
    until_s: float


class RelayEnded(Event, frozen=True):
    """The offer that is its cause is no more: one of the two agrees no longer."""

    relay: int
    reason: str


class QuorumMet(Event, frozen=True):
    """Enough others are in the stages that a gate of this bed waits for, together and for long enough.

    Attributes:
        quorum: its number among those of the dreamscape.
        others: the beds that were counted beside this one.
        consents: ids of the ConsentGiven of this bed's sleeper and of those, who all agreed to the purpose "group".
        from_s: when this bed knows of it.
    """

    quorum: int
    others: tuple[str, ...]
    consents: tuple[str, ...]
    from_s: float


class QuorumLost(Event, frozen=True):
    """They are no longer, or this bed's sleeper agrees no longer to know."""

    quorum: int


class MomentReady(Event, frozen=True):
    """This bed could do now what is to come to all at one moment: it waits for the others.

    Attributes:
        part: the number of a part, an awakening, or a step between scenes.
    """

    part: int


class MomentUnready(Event, frozen=True):
    """It no longer could, or could not when the moment was called: left out, and why."""

    part: int
    reason: str


class MomentCalled(Event, frozen=True):
    """One moment for all who were ready: this bed does it then, or stays out of it if it no longer can.

    Attributes:
        part: what comes then.
        others: the beds that it is called for beside this one, or that are in the scene already.
        consents: ids of the ConsentGiven of this bed's sleeper and of those, who all agreed to the purpose "group".
        from_s: the moment: this bed decides in that very second, or never.
    """

    part: int
    others: tuple[str, ...]
    consents: tuple[str, ...]
    from_s: float


class GroupsTold(Event, frozen=True):
    """To which groups of the dreamscape this bed's sleeper belongs, as night.toml says."""

    groups: tuple[str, ...]


class CueDue(Event, frozen=True):
    """The pod decided to play. level_db is the planned level; the true gain of an arm is sealed in CueAudited.

    `lease` is the lease, or the id of the command, that allowed it; `part` is -1 for a command, and lower for what is
    no part (dreamscape/slots.py).
    """

    cue: str
    cue_sha256: Sha256Hex
    part: int
    sound_class: SoundClass
    level_db: float
    play_at_s: float
    expires_s: float
    lease: str


class CueLabelled(Event, frozen=True):
    """Beside the CueDue that is its cause: this cue asked for no stage and went by the clock."""

    cue: str
    label: Literal["unstaged"]


class PhaseWindowOpened(Event, frozen=True):
    """One cue may sound in [from_s, until_s), at the moment its wave is met in the second that begins at onset_s.

    Everything that a CueDue must pass was passed for any moment in it; which moment it is, if any, the CueDue that
    names this event tells. Where the record breaks off in it, a cue counts as heard.
    """

    cue: str
    cue_sha256: Sha256Hex
    part: int
    sound_class: SoundClass
    level_db: float
    from_s: float
    until_s: float
    lease: str


class CuePlayed(Event, frozen=True):
    """The speaker's word on one cue. verified: by which evidence the onset is known.

    cut_s: how much was heard when a bit cut it short; None when it ended by itself.
    """

    cue: str
    planned_s: float
    actual_s: float
    verified: Literal["none", "render clock", "callback clock", "loopback", "microphone"]
    cut_s: float | None = None


class CueFailed(Event, frozen=True):
    cue: str
    reason: Literal["EXPIRED", "BITS", "SPEAKER", "UNKNOWN", "POLICY", "SOUND"]
    bits: tuple[str, ...] = ()


class CueWithheld(Event, frozen=True):
    """One episode of not playing for one reason: from onset_s until until_s, count occasions let pass.

    `part` is -1 for a command that was not obeyed.
    """

    cue: str
    part: int
    reason: WithheldReason
    until_s: float
    count: int


class CueForbidden(Event, frozen=True):
    """Some of the house's rules said no to a cue; told when such an episode begins, or other rules say it.

    Attributes:
        part: whose cue it was; -1 for a command's.
        policies: the ids of the rules.
        policy_sha256: of the bundle they stand in.
    """

    cue: str
    part: int
    policies: tuple[str, ...]
    policy_sha256: Sha256Hex


class CueAudited(Event, frozen=True):
    """For every cue, whichever arm: the arm and the true gain, sealed alike; and the phase it met, if it met one."""

    payload: Sealed | None


class PhaseChecked(Event, frozen=True):
    """A moment that was met like a cue's and stayed silent in every arm, four seconds later.

    Attributes:
        part: whose moment it was.
        met_s: when its cue would have sounded.
        error_deg: by how much the true phase ran ahead of the wanted one.
        corrected_deg: what earlier checks had taken off the prediction already.
    """

    part: int
    met_s: float
    error_deg: float
    corrected_deg: float


class SpindleChecked(Event, frozen=True):
    """A spindle's onset that was met like a cue's and stayed silent in every arm, four seconds later.

    Attributes:
        part: whose moment it was.
        met_s: when its cue would have sounded.
        since_onset_s: how long the spindle that holds that moment had lasted; None where hindsight finds none.
    """

    part: int
    met_s: float
    since_onset_s: float | None


class Softened(Event, frozen=True):
    """The ceiling of this pod was lowered."""

    lower_db: float
    level_cap_db: float
    reason: str


class Held(Event, frozen=True):
    """The house holds this bed: no cue until the night is opened again; recording goes on.

    DISK_LOW: the room that is left is kept for samples. MEMORY_HIGH: the memory that is left is, too.
    """

    reason: Literal["DISK_LOW", "MEMORY_HIGH"]


class DoseSeen(Event, frozen=True):
    """Tonight's planned sleep cues, sham ones among them, come near the sound that one night may hold; told once.

    Attributes:
        share: of that dose, at the cue that came so near.
    """

    share: float


class OwnNightsTold(Event, frozen=True):
    """How freely stages followed each other in this sleeper's other nights of this house: each night's freest hour."""

    entropies_bits: tuple[float, ...]


class GuardianStepped(Event, frozen=True):
    """A rule of the guardian was raised at this bed; the event that is its cause raised it.

    Attributes:
        rule: its name.
        rung: how far it goes by itself.
        stands: where the bed stands from now on, by all that is raised there.
        why: what is wrong and what is done, in words a sleeper understands; the rule's, the same for everybody.
    """

    rule: str
    rung: Rung
    stands: Rung
    why: str


class PodIsolated(Event, frozen=True):
    """From here on this bed is by itself: no sound, nothing to others or from them; it is recorded on."""

    rule: str


class Restored(Event, frozen=True):
    """A rule of the guardian was cleared by its own threshold; `why` says what had to come back."""

    rule: str
    rung: Rung
    stands: Rung
    why: str


class PartStopped(Event, frozen=True):
    """A stop rule of the dreamscape ended this pod's cues for tonight."""

    reason: str


# --- consent -----------------------------------------------------------------------------------------------------


class ConsentGiven(Event, frozen=True):
    """A grant, word for word as the evening check wrote it; every possible cue, so that the draw stays sealed.

    `expires` is the moment that a time on the wall was found to be when the night opened.
    """

    sleeper: str
    sheet: str
    dreamscape_sha256: str
    cues: tuple[str, ...]
    stages: tuple[str, ...]
    level_cap_db: float
    cues_per_hour: int
    rearm_after_crash: Literal["never", "once"]
    purposes: tuple[str, ...]
    relay_from: tuple[str, ...]
    relay_to: tuple[str, ...]
    expires: str


class ArmsSealed(Event, frozen=True):
    """This pod's arm was drawn and sealed before the night; opened only after the reports are locked."""

    arm: Sealed | None


class AwakeSoundsAllowed(Event, frozen=True):
    """Beside ConsentGiven: this sleeper agreed to awake sounds of up to level_cap_db; else the cap of all holds."""

    sleeper: str
    level_cap_db: float


class EyeWithdrawalAgreed(Event, frozen=True):
    """Beside ConsentGiven: so many agreed eye signals in a row, each given twice, take this sleeper's consent back."""

    sleeper: str
    in_a_row: int


class ConsentWithdrawn(Event, frozen=True):
    """A no, by whichever way it came; told by the bed itself where it was said with the eyes, and that is its cause."""

    sleeper: str
    channel: str


class AdverseReported(Event, frozen=True):
    """In the house's record: harm was told that came to somebody who took part, whatever it came of.

    Attributes:
        night: in or after which night, by its name; "" where none is named.
        happened_on: the day.
        due_utc: until when a board must know.
        text: what happened, sealed under the sleeper's key.
    """

    sleeper: str
    night: str
    severity: Severity
    relatedness: Relatedness
    happened_on: str
    due_utc: str
    by: str
    text: Sealed | None


class StudyReleased(Event, frozen=True):
    """In the house's record: a study that harm had stopped may go on; somebody looked at that harm, and says why.

    Attributes:
        study: a trial, or what nights outside any trial play, by name.
        because: in that person's words; of nobody who took part.
        adverse: the ids of what they looked at: it stops this study no more.
    """

    study: str
    by: str
    because: str
    adverse: tuple[str, ...]


class Erased(Event, frozen=True):
    """What somebody left here was erased, logged in the same moment; counts alone, nothing of what it was.

    In the record of a night, or of the house, rows are those of that record. Leaves stay in the tree.

    Attributes:
        why: the sleeper asked for it; the time until which it is kept was over; keeping it was not agreed to.
        rows: events whose text is gone. payloads: sealed ones that are gone with them.
        files: how many of each kind go with them.
    """

    sleeper: str
    why: Literal["asked", "retention", "no keep raw"]
    rows: int
    payloads: int
    files: dict[str, int]


class ConsentChanged(Event, frozen=True):
    """In the house's record: a sleeper changed something of their consent, and was given a receipt that names this.

    Attributes:
        change: what they did. about: the night it is for; "" for all of them. sheet: what they had read; "" if nothing.
        content_sha256: of what the receipt says of it.
    """

    sleeper: str
    change: Literal["given", "withdrawn", "intake", "questions", "limits", "slip", "kept anonymised"]
    about: str
    sheet: str
    content_sha256: Sha256Hex


class IntakeAnswered(Event, frozen=True):
    """In the house's record: the questions before a first night were asked; what was answered is sealed.

    Attributes:
        care: "none"; "named clinician" where cues are for one to allow; "unanswered" where a question is open.
        clinician, protocol: who allows them, and under which; "" without.
    """

    sleeper: str
    care: Literal["none", "named clinician", "unanswered"]
    clinician: str
    protocol: str
    answers: Sealed | None


class TeachBackPassed(Event, frozen=True):
    """In the house's record: a sleeper answered the three questions on this sheet rightly; not what they answered."""

    sleeper: str
    sheet: str


class SlipIssued(Event, frozen=True):
    """In the house's record: a slip was handed out with which anybody who holds it silences this sleeper's beds."""

    sleeper: str
    code_sha256: Sha256Hex


class EligibilityTold(Event, frozen=True):
    """Whether the sleeper of this bed may be cued tonight, as the house knew when it opened; never why.

    Attributes:
        intake: as policies are asked. care: whether a named clinician must allow it. clinician: whether one does.
        protocol: under which; "" without.
    """

    sleeper: str
    intake: Literal["unanswered", "answered", "vouched", "nobody", "excluded", "untaught"]
    care: Literal["none", "named clinician", "unknown"]
    clinician: Literal["named", "none"]
    protocol: str


# --- trials ------------------------------------------------------------------------------------------------------


class TrialSealed(Event, frozen=True):
    """In the house's record: a schedule was drawn, committed to and sealed, before the first night of its trial.

    Attributes:
        commitment_sha256: over the design and a nonce of 256 bits, which lie in the sealed schedule.
        preregistration_sha256: of the file in which the trial was announced; None for one that was not.
    """

    design: TrialDesign
    dreamscape_sha256: Sha256Hex
    preregistration_sha256: Sha256Hex | None
    commitment_sha256: Sha256Hex
    schedule: Sealed | None


class TrialNightBegun(Event, frozen=True):
    """This night is night number trial_night, from 1, of a trial whose schedule was sealed before.

    `sleepers` are those who spend it here; others of the trial may spend theirs elsewhere.
    """

    design: TrialDesign
    trial_night: int
    sleepers: tuple[str, ...]
    dreamscape_sha256: Sha256Hex
    preregistration_sha256: Sha256Hex | None
    commitment_sha256: Sha256Hex


class TrialLocked(Event, frozen=True):
    """In the house's record: the outcomes of a trial are settled, by the hash of each file that holds them."""

    trial: str
    outcomes_sha256: tuple[Sha256Hex, ...]


class ArmsOpened(Event, frozen=True):
    """In the house's record, after the lock: the nonce by which anybody can draw the schedule again."""

    trial: str
    commitment_sha256: Sha256Hex
    nonce: Sha256Hex


AnyEvent = (
    NightOpened
    | HostDescribed
    | NightClosed
    | PolicyAdopted
    | PodEnrolled
    | PodRevoked
    | PersonInvited
    | PasskeyAdded
    | SignedIn
    | PersonRemoved
    | Recovered
    | Rearmed
    | SoundDescribed
    | OutputBound
    | OutputConfirmed
    | OutputUnconfirmed
    | ThresholdMeasured
    | TrainingHeld
    | OutputVolumeMoved
    | OutputVolumeRestored
    | OutputTurnedDown
    | PhoneGraded
    | OutputTimed
    | SpeakerReopened
    | OutputLost
    | OutputFound
    | MachineSlept
    | StreamDescribed
    | StreamIdentified
    | StreamLost
    | StreamFound
    | StreamEnded
    | GapSeen
    | ClockOffsetSeen
    | PodClockBounded
    | StreamRecognised
    | StreamUnrecognised
    | GlitchSeen
    | SignalSpoilt
    | SignalMended
    | SignalOutlined
    | SignalsStored
    | StageScored
    | ArousalSeen
    | NightmareArousalSeen
    | OutOfBedSeen
    | BackInBedSeen
    | SleepOnsetSeen
    | StagerFailed
    | EyeSignalSeen
    | AnswerSeen
    | LetterSeen
    | EyesCalibrated
    | SceneEntered
    | AwakeningDue
    | AwakeningMade
    | LightsOff
    | LightsOn
    | LeaseGranted
    | CommandGiven
    | LeaseLapsed
    | OperatorStaged
    | OperatorStepped
    | NoteMade
    | IntercomUsed
    | StaffOnDuty
    | StaffPaged
    | NeedSeen
    | SetApart
    | Rejoined
    | OutOfBedTold
    | BackInBedTold
    | RelayOffered
    | RelayEnded
    | QuorumMet
    | QuorumLost
    | MomentReady
    | MomentUnready
    | MomentCalled
    | GroupsTold
    | CueDue
    | CueLabelled
    | PhaseWindowOpened
    | PhaseChecked
    | SpindleChecked
    | CuePlayed
    | CueFailed
    | CueWithheld
    | CueForbidden
    | CueAudited
    | Softened
    | Held
    | DoseSeen
    | OwnNightsTold
    | GuardianStepped
    | PodIsolated
    | Restored
    | PartStopped
    | ConsentGiven
    | AwakeSoundsAllowed
    | EyeWithdrawalAgreed
    | ConsentWithdrawn
    | AdverseReported
    | StudyReleased
    | Erased
    | ConsentChanged
    | IntakeAnswered
    | TeachBackPassed
    | SlipIssued
    | EligibilityTold
    | EveningTalkHeld
    | ModelChose
    | GuideRanAway
    | ModelChecked
    | ReflectionKept
    | ArmsSealed
    | TrialSealed
    | TrialNightBegun
    | TrialLocked
    | ArmsOpened
    | DreamReported
    | ReportLocked
    | InterviewAnswered
    | ThemeRevealed
    | ReportShared
    | TestsRegistered
    | PassagesAgreed
    | WeaveMade
    | ThreadRatified
    | CircleSaid
    | CircleRetracted
    | MachineJoined
    | PassageWorded
    | MachineRemoved
    | OutcomeTold
    | CourseBegun
    | CueingHeld
    | CourseAnswered
    | OutcomesShared
)

ToBed = (
    LeaseGranted
    | LeaseLapsed
    | RelayOffered
    | RelayEnded
    | QuorumMet
    | QuorumLost
    | MomentCalled
    | GuardianStepped
    | Restored
)
"""What the house says to a bed; it reaches it EFFECT_TICKS later, on every machine and in every replay."""
OUTSIDE_COMPARED_ROOT = (HostDescribed, Erased)
"""Events two honest runs of one night may differ in, or that came after it; `Sealed` fields are left out of the
comparison as well."""
