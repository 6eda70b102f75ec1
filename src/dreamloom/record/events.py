"""What can happen in a night? Every fact, decision, refusal, consent and outcome, as one typed event in the past tense.

Types are only ever added: a changed type gets a new tag ("StageScored/2") and an upcaster in `codec`. Numbers carry
their unit in the name and are rounded (times to 1 µs, others to 1e-4); no event holds NaN, a name, or free text.
"""

from dreamloom.record.consent_events import (
    AdverseReported,
    AwakeSoundsAllowed,
    ConsentChanged,
    ConsentGiven,
    ConsentWithdrawn,
    EligibilityTold,
    Erased,
    EyeWithdrawalAgreed,
    IntakeAnswered,
    Relatedness,
    Severity,
    SlipIssued,
    StudyReleased,
    TeachBackPassed,
)
from dreamloom.record.course_events import (
    CourseAnswered,
    CourseBegun,
    CueingHeld,
    OutcomesShared,
    OutcomeTold,
)
from dreamloom.record.cue_events import (
    CueAudited,
    CueDue,
    CueFailed,
    CueForbidden,
    CueLabelled,
    CuePlayed,
    CueWithheld,
    PhaseChecked,
    PhaseWindowOpened,
    SpindleChecked,
    WithheldReason,
)
from dreamloom.record.drawing_events import DrawingKept, DrawingTakenAway
from dreamloom.record.envelope import Event, Kind, Sealed, Sha256Hex
from dreamloom.record.guardian_events import (
    DoseSeen,
    GlitchSeen,
    GuardianStepped,
    Held,
    OrderGlitch,
    OwnNightsTold,
    PartStopped,
    PodIsolated,
    Restored,
    Rung,
    Softened,
)
from dreamloom.record.guide_events import EveningTalkHeld, GuideRanAway, ModelChecked, ModelChose, ReflectionKept
from dreamloom.record.lease_events import (
    CommandGiven,
    GroupsTold,
    LeaseGranted,
    LeaseLapsed,
    MomentCalled,
    MomentReady,
    MomentUnready,
    NoteMade,
    OperatorStaged,
    OperatorStepped,
    QuorumLost,
    QuorumMet,
    RelayEnded,
    RelayOffered,
)
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
from dreamloom.record.night_events import (
    HostDescribed,
    MachineSlept,
    NightClosed,
    NightOpened,
    PodEnrolled,
    PodRevoked,
    PolicyAdopted,
    Rearmed,
    Recovered,
    Seat,
)
from dreamloom.record.output_events import (
    OutputBound,
    OutputConfirmed,
    OutputFound,
    OutputLost,
    OutputTimed,
    OutputTurnedDown,
    OutputUnconfirmed,
    OutputVolumeMoved,
    OutputVolumeRestored,
    PhoneGraded,
    SoundClass,
    SoundDescribed,
    SpeakerReopened,
    ThresholdMeasured,
    TrainingHeld,
)
from dreamloom.record.people_events import PasskeyAdded, PersonInvited, PersonRemoved, SignedIn
from dreamloom.record.room_events import IntercomUsed, VoiceBegan, VoiceEnded
from dreamloom.record.signal_events import (
    ChannelDescribed,
    ClockOffsetSeen,
    GapSeen,
    PodClockBounded,
    SignalFault,
    SignalMended,
    SignalOutlined,
    SignalSpoilt,
    SignalsStored,
    StreamDescribed,
    StreamDifference,
    StreamEnded,
    StreamFound,
    StreamIdentified,
    StreamLost,
    StreamRecognised,
    StreamUnrecognised,
)
from dreamloom.record.sleep_events import (
    AnswerSeen,
    ArousalSeen,
    AwakeningDue,
    AwakeningKind,
    AwakeningMade,
    AwakeningReason,
    BackInBedSeen,
    EyesCalibrated,
    EyeSignalSeen,
    LetterSeen,
    LightsOff,
    LightsOn,
    NightmareArousalSeen,
    OutOfBedSeen,
    SceneEntered,
    SceneReason,
    SleepOnsetSeen,
    StagerFailed,
    StageScored,
)
from dreamloom.record.staff_events import (
    BackInBedTold,
    NeedSeen,
    OutOfBedTold,
    Rejoined,
    SetApart,
    StaffOnDuty,
    StaffPaged,
)
from dreamloom.record.theme_events import ThemeSigned
from dreamloom.record.trial_events import (
    ArmsOpened,
    ArmsSealed,
    TrialDesign,
    TrialLocked,
    TrialNightBegun,
    TrialSealed,
    TrialUnit,
)

# fmt: off
__all__ = [  # noqa: RUF022 - as it is best read
    "AdverseReported", "AnswerSeen", "AnyEvent", "ArmsOpened", "ArmsSealed", "ArousalSeen", "AwakeSoundsAllowed",
    "AwakeningDue", "AwakeningKind", "AwakeningMade", "AwakeningReason", "BackInBedSeen", "BackInBedTold",
    "ChannelDescribed", "CircleRetracted", "CircleSaid", "ClockOffsetSeen", "CommandGiven", "ConsentChanged",
    "ConsentGiven", "ConsentWithdrawn", "CourseAnswered", "CourseBegun", "CueAudited", "CueDue", "CueFailed",
    "CueForbidden", "CueLabelled", "CuePlayed", "CueWithheld", "CueingHeld", "DoseSeen", "DrawingKept",
    "DrawingTakenAway", "DreamReported",
    "EligibilityTold", "Erased", "EveningTalkHeld", "Event", "EyeSignalSeen", "EyeWithdrawalAgreed",
    "EyesCalibrated", "GapSeen", "GlitchSeen", "GroupsTold", "GuardianStepped", "GuideRanAway", "Held",
    "HostDescribed", "IntakeAnswered", "IntercomUsed", "InterviewAnswered", "Kind", "LeaseGranted", "LeaseLapsed",
    "LetterSeen", "LightsOff", "LightsOn", "MachineJoined", "MachineRemoved", "MachineSlept", "ModelChecked",
    "ModelChose", "MomentCalled", "MomentReady", "MomentUnready", "NeedSeen", "NightClosed", "NightOpened",
    "NightmareArousalSeen", "NoteMade", "OUTSIDE_COMPARED_ROOT", "OperatorStaged", "OperatorStepped", "OrderGlitch",
    "OutOfBedSeen", "OutOfBedTold", "OutcomeTold", "OutcomesShared", "OutputBound", "OutputConfirmed",
    "OutputFound", "OutputLost", "OutputTimed", "OutputTurnedDown", "OutputUnconfirmed", "OutputVolumeMoved",
    "OutputVolumeRestored", "OwnNightsTold", "PartStopped", "PassageWorded", "PassagesAgreed", "PasskeyAdded",
    "PersonInvited", "PersonRemoved", "PhaseChecked", "PhaseWindowOpened", "PhoneGraded", "PodClockBounded",
    "PodEnrolled", "PodIsolated", "PodRevoked", "PolicyAdopted", "QuorumLost", "QuorumMet", "Rearmed", "Recovered",
    "ReflectionKept", "Rejoined", "Relatedness", "RelayEnded", "RelayOffered", "ReportLocked", "ReportShared",
    "Restored", "Rung", "SceneEntered", "SceneReason", "Sealed", "Seat", "SetApart", "Severity", "Sha256Hex",
    "SignalFault", "SignalMended", "SignalOutlined", "SignalSpoilt", "SignalsStored", "SignedIn", "SleepOnsetSeen",
    "SlipIssued", "Softened", "SoundClass", "SoundDescribed", "SpeakerReopened", "SpindleChecked", "StaffOnDuty",
    "StaffPaged", "StageScored", "StagerFailed", "StreamDescribed", "StreamDifference", "StreamEnded",
    "StreamFound", "StreamIdentified", "StreamLost", "StreamRecognised", "StreamUnrecognised", "StudyReleased",
    "TeachBackPassed", "TestsRegistered", "ThemeRevealed", "ThemeSigned", "ThreadRatified", "ThresholdMeasured",
    "ToBed", "TrainingHeld", "TrialDesign", "TrialLocked", "TrialNightBegun", "TrialSealed", "TrialUnit",
    "VoiceBegan", "VoiceEnded", "WeaveMade", "WithheldReason",
]

AnyEvent = (
    NightOpened | HostDescribed | NightClosed | PolicyAdopted | PodEnrolled | PodRevoked | PersonInvited
    | PasskeyAdded | SignedIn | PersonRemoved | Recovered | Rearmed | SoundDescribed | OutputBound | OutputConfirmed
    | OutputUnconfirmed | ThresholdMeasured | TrainingHeld | OutputVolumeMoved | OutputVolumeRestored | OutputTurnedDown
    | PhoneGraded | OutputTimed | SpeakerReopened | OutputLost | OutputFound | MachineSlept | StreamDescribed
    | StreamIdentified | StreamLost | StreamFound | StreamEnded | GapSeen | ClockOffsetSeen | PodClockBounded
    | StreamRecognised | StreamUnrecognised | GlitchSeen | SignalSpoilt | SignalMended | SignalOutlined | SignalsStored
    | StageScored | ArousalSeen | NightmareArousalSeen | OutOfBedSeen | BackInBedSeen | SleepOnsetSeen | StagerFailed
    | EyeSignalSeen | AnswerSeen | LetterSeen | EyesCalibrated | SceneEntered | AwakeningDue | AwakeningMade
    | LightsOff | LightsOn | LeaseGranted | CommandGiven | LeaseLapsed | OperatorStaged | OperatorStepped | NoteMade
    | IntercomUsed | VoiceBegan | VoiceEnded | StaffOnDuty | StaffPaged | NeedSeen | SetApart | Rejoined
    | OutOfBedTold | BackInBedTold
    | RelayOffered | RelayEnded | QuorumMet | QuorumLost | MomentReady | MomentUnready | MomentCalled | GroupsTold
    | CueDue | CueLabelled | PhaseWindowOpened | PhaseChecked | SpindleChecked | CuePlayed | CueFailed | CueWithheld
    | CueForbidden | CueAudited | Softened | Held | DoseSeen | OwnNightsTold | GuardianStepped | PodIsolated | Restored
    | PartStopped | ConsentGiven | AwakeSoundsAllowed | EyeWithdrawalAgreed | ConsentWithdrawn | AdverseReported
    | StudyReleased | Erased | ConsentChanged | IntakeAnswered | TeachBackPassed | SlipIssued | EligibilityTold
    | EveningTalkHeld | ModelChose | GuideRanAway | ModelChecked | ReflectionKept | ArmsSealed | TrialSealed
    | TrialNightBegun | TrialLocked | ArmsOpened | DreamReported | DrawingKept | DrawingTakenAway | ReportLocked
    | InterviewAnswered | ThemeRevealed
    | ReportShared | TestsRegistered | PassagesAgreed | WeaveMade | ThreadRatified | CircleSaid | CircleRetracted
    | ThemeSigned | MachineJoined | PassageWorded | MachineRemoved | OutcomeTold | CourseBegun | CueingHeld
    | CourseAnswered | OutcomesShared
)
# fmt: on
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
