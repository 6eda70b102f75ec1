"""What may each person see of the record? A table: event type by role, and what is not in it is not shown."""

from typing import Any, Literal, NamedTuple

import msgspec

from dreamloom.record.codec import sealed_fields
from dreamloom.record.events import AnyEvent

Role = Literal["sleeper", "orchestrator", "blinded", "researcher", "house"]

ALL = "*"
"""Every field but the sealed ones."""
HIDDEN = None
"""Not even that it happened."""
BARE = ""
"""That it happened and when, nothing else."""


class Seen(NamedTuple):
    """Which fields of one event type a role sees: names with spaces between, or ALL, BARE or HIDDEN."""

    sleeper: str | None
    orchestrator: str | None
    blinded: str | None
    researcher: str | None


ENVELOPE: dict[Role, tuple[str, ...]] = {
    "sleeper": ("type", "tick", "onset_s", "pod"),
    "orchestrator": ("type", "id", "kind", "tick", "onset_s", "pod", "cause"),
    "blinded": ("type", "tick", "onset_s", "pod"),
    "researcher": ("type", "id", "kind", "tick", "onset_s", "pod", "cause"),
}
"""Ids and causes count and name what is hidden, so those from whom something is hidden do not get them."""

TRIAL = "design preregistration_sha256 commitment_sha256"
LEASE_TIMES = "sound_class not_before_s not_after_s"
SEEN: dict[str, Seen] = {
    # event type             sleeper                        orchestrator  blinded            researcher
    "NightOpened": Seen("mode timezone", ALL, "timezone", ALL),
    "HostDescribed": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "NightClosed": Seen("status", ALL, "status", ALL),
    "PolicyAdopted": Seen(ALL, ALL, ALL, ALL),
    "PodEnrolled": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "PodRevoked": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "PersonInvited": Seen(HIDDEN, ALL, HIDDEN, HIDDEN),
    "PasskeyAdded": Seen(HIDDEN, ALL, HIDDEN, HIDDEN),
    "SignedIn": Seen(HIDDEN, ALL, HIDDEN, HIDDEN),
    "PersonRemoved": Seen(HIDDEN, ALL, HIDDEN, HIDDEN),
    "Recovered": Seen("lost_from_s lost_to_s", ALL, ALL, ALL),
    "Rearmed": Seen(BARE, ALL, BARE, ALL),
    "SoundDescribed": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "OutputBound": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "OutputConfirmed": Seen("how", ALL, BARE, ALL),
    "OutputUnconfirmed": Seen(BARE, ALL, BARE, ALL),
    "ThresholdMeasured": Seen(ALL, ALL, HIDDEN, ALL),
    "TrainingHeld": Seen("presented held_s", ALL, HIDDEN, ALL),
    "OutputVolumeMoved": Seen(BARE, ALL, BARE, ALL),
    "OutputVolumeRestored": Seen(BARE, ALL, BARE, ALL),
    "OutputTurnedDown": Seen(ALL, ALL, BARE, ALL),
    "PhoneGraded": Seen(ALL, ALL, BARE, ALL),
    "OutputTimed": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "SpeakerReopened": Seen(BARE, ALL, BARE, ALL),
    "OutputLost": Seen(BARE, ALL, BARE, ALL),
    "OutputFound": Seen(BARE, ALL, BARE, ALL),
    "MachineSlept": Seen(ALL, ALL, ALL, ALL),
    "StreamDescribed": Seen(ALL, ALL, ALL, ALL),
    "StreamIdentified": Seen(HIDDEN, ALL, HIDDEN, "content sfreq_hz format labels types units"),
    "StreamLost": Seen(ALL, ALL, ALL, ALL),
    "StreamFound": Seen(ALL, ALL, ALL, ALL),
    "StreamEnded": Seen(ALL, ALL, ALL, ALL),
    "GapSeen": Seen(ALL, ALL, ALL, ALL),
    "ClockOffsetSeen": Seen(HIDDEN, ALL, ALL, ALL),
    "PodClockBounded": Seen(HIDDEN, ALL, ALL, ALL),
    "StreamRecognised": Seen(ALL, ALL, ALL, ALL),
    "StreamUnrecognised": Seen(ALL, ALL, ALL, ALL),
    "GlitchSeen": Seen(ALL, ALL, ALL, ALL),
    "SignalSpoilt": Seen(ALL, ALL, ALL, ALL),
    "SignalMended": Seen(ALL, ALL, ALL, ALL),
    "SignalOutlined": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "SignalsStored": Seen(HIDDEN, ALL, ALL, ALL),
    "StageScored": Seen("stage confidence window_s", ALL, ALL, ALL),
    "ArousalSeen": Seen(BARE, ALL, HIDDEN, ALL),
    "OutOfBedSeen": Seen(ALL, ALL, ALL, ALL),
    "BackInBedSeen": Seen(ALL, ALL, ALL, ALL),
    "NightmareArousalSeen": Seen(BARE, ALL, HIDDEN, ALL),
    "StagerFailed": Seen(BARE, ALL, BARE, ALL),
    "SleepOnsetSeen": Seen(BARE, ALL, ALL, ALL),
    "EyeSignalSeen": Seen(BARE, ALL, BARE, ALL),
    "AnswerSeen": Seen(HIDDEN, ALL, BARE, ALL),
    "LetterSeen": Seen(HIDDEN, ALL, BARE, ALL),
    "EyesCalibrated": Seen(ALL, ALL, BARE, ALL),
    "SceneEntered": Seen(BARE, ALL, BARE, ALL),
    "AwakeningDue": Seen("manner reason", ALL, ALL, ALL),
    "AwakeningMade": Seen("manner how report_s", ALL, ALL, ALL),
    "LightsOff": Seen(ALL, ALL, ALL, ALL),
    "LightsOn": Seen(ALL, ALL, ALL, ALL),
    "LeaseGranted": Seen(f"{LEASE_TIMES} level_cap_db", ALL, LEASE_TIMES, ALL),
    "CommandGiven": Seen("by sound_class not_after_s", ALL, "by not_after_s", ALL),
    "LeaseLapsed": Seen(BARE, ALL, BARE, ALL),
    "OperatorStaged": Seen(BARE, ALL, ALL, ALL),
    "OperatorStepped": Seen("rung", ALL, HIDDEN, ALL),
    "NoteMade": Seen(HIDDEN, ALL, "by", ALL),
    "StaffOnDuty": Seen(ALL, ALL, ALL, HIDDEN),
    "StaffPaged": Seen(HIDDEN, ALL, ALL, HIDDEN),
    "NeedSeen": Seen(HIDDEN, ALL, ALL, HIDDEN),
    "SetApart": Seen(BARE, ALL, ALL, ALL),
    "Rejoined": Seen(BARE, ALL, ALL, ALL),
    "OutOfBedTold": Seen(BARE, ALL, ALL, ALL),
    "BackInBedTold": Seen(BARE, ALL, ALL, ALL),
    "IntercomUsed": Seen("by way toward", ALL, "by way toward", "way toward"),
    "VoiceBegan": Seen("by way doze until_s", ALL, "by way doze until_s", "way doze"),
    "VoiceEnded": Seen("by way why lasted_s", ALL, "by way why lasted_s", "way why lasted_s"),
    "RelayOffered": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "RelayEnded": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "QuorumMet": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "QuorumLost": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "MomentReady": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "MomentUnready": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "MomentCalled": Seen(HIDDEN, ALL, HIDDEN, ALL),
    "GroupsTold": Seen(ALL, ALL, BARE, ALL),
    "CueDue": Seen("sound_class", ALL, "sound_class", ALL),
    "CueLabelled": Seen("label", ALL, BARE, ALL),
    "PhaseWindowOpened": Seen("sound_class", ALL, HIDDEN, ALL),
    "PhaseChecked": Seen(BARE, ALL, HIDDEN, ALL),
    "SpindleChecked": Seen(BARE, ALL, HIDDEN, ALL),
    "CuePlayed": Seen(BARE, "cue planned_s actual_s", HIDDEN, ALL),
    "CueFailed": Seen(BARE, ALL, HIDDEN, ALL),
    "CueWithheld": Seen("reason until_s count", ALL, HIDDEN, ALL),
    "CueForbidden": Seen("policies policy_sha256", ALL, HIDDEN, ALL),
    "CueAudited": Seen(HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    "Softened": Seen("level_cap_db reason", ALL, HIDDEN, ALL),
    "Held": Seen(ALL, ALL, ALL, ALL),
    "DoseSeen": Seen(BARE, ALL, HIDDEN, ALL),
    "OwnNightsTold": Seen(ALL, BARE, HIDDEN, ALL),
    "GuardianStepped": Seen(ALL, ALL, HIDDEN, ALL),
    "PodIsolated": Seen(ALL, ALL, ALL, ALL),
    "Restored": Seen(ALL, ALL, HIDDEN, ALL),
    "PartStopped": Seen(BARE, ALL, HIDDEN, ALL),
    "ConsentGiven": Seen(ALL, ALL, HIDDEN, "sleeper dreamscape_sha256 purposes"),
    "AwakeSoundsAllowed": Seen(ALL, ALL, HIDDEN, "sleeper"),
    "EyeWithdrawalAgreed": Seen(ALL, ALL, HIDDEN, "sleeper"),
    "ConsentWithdrawn": Seen(ALL, ALL, "sleeper", "sleeper"),
    "AdverseReported": Seen(ALL, ALL, "severity due_utc", "severity relatedness due_utc"),
    "StudyReleased": Seen(HIDDEN, ALL, ALL, ALL),
    "Erased": Seen(HIDDEN, ALL, "sleeper why", ALL),
    "ConsentChanged": Seen(HIDDEN, ALL, HIDDEN, "change"),
    "IntakeAnswered": Seen(HIDDEN, "sleeper", HIDDEN, HIDDEN),
    "TeachBackPassed": Seen(HIDDEN, ALL, HIDDEN, HIDDEN),
    "SlipIssued": Seen(HIDDEN, "sleeper", HIDDEN, HIDDEN),
    "EligibilityTold": Seen(ALL, ALL, HIDDEN, "sleeper"),
    "EveningTalkHeld": Seen(HIDDEN, "sleeper night practice asked_for", HIDDEN, "practice"),
    "ModelChose": Seen(HIDDEN, "night moment model action refused tokens seconds cost", HIDDEN, ALL),
    "GuideRanAway": Seen(HIDDEN, ALL, ALL, ALL),
    "ReflectionKept": Seen(HIDDEN, "sleeper night answers", HIDDEN, "answers"),
    "ModelChecked": Seen(HIDDEN, ALL, ALL, ALL),
    "ArmsSealed": Seen(HIDDEN, BARE, HIDDEN, BARE),
    "TrialSealed": Seen(HIDDEN, ALL, TRIAL, ALL),
    "TrialNightBegun": Seen(HIDDEN, ALL, f"{TRIAL} trial_night", ALL),
    "TrialLocked": Seen(HIDDEN, ALL, ALL, ALL),
    "ArmsOpened": Seen(HIDDEN, ALL, ALL, ALL),
    "DreamReported": Seen(ALL, "sleeper recall words", "sleeper", "sleeper recall words awakened_by protocol language"),
    "DrawingKept": Seen("report", HIDDEN, HIDDEN, HIDDEN),
    "DrawingTakenAway": Seen("report", HIDDEN, HIDDEN, HIDDEN),
    "ReportLocked": Seen(ALL, ALL, "sleeper", ALL),
    "InterviewAnswered": Seen(ALL, "sleeper step", HIDDEN, "sleeper step"),
    "ThemeRevealed": Seen(ALL, ALL, "sleeper", ALL),
    "PassagesAgreed": Seen(ALL, "sleeper", HIDDEN, "sleeper"),
    "WeaveMade": Seen(ALL, ALL, ALL, ALL),
    "ThreadRatified": Seen(ALL, "sleeper", HIDDEN, "sleeper"),
    "CircleSaid": Seen("sleeper entry manner after words", "sleeper manner words", HIDDEN, "sleeper manner words"),
    "CircleRetracted": Seen(ALL, "sleeper", HIDDEN, "sleeper"),
    "ThemeSigned": Seen(ALL, "sleeper", HIDDEN, "sleeper"),
    "MachineJoined": Seen("night contributor", ALL, "night contributor", ALL),
    "PassageWorded": Seen("night contributor", "contributor why_not tokens seconds", HIDDEN, "contributor why_not"),
    "MachineRemoved": Seen(ALL, ALL, ALL, ALL),
    "TestsRegistered": Seen("sha256 seals", ALL, "sha256 seals", ALL),
    "ReportShared": Seen(ALL, "sleeper", HIDDEN, "sleeper scopes"),
    "OutcomeTold": Seen("pack on moment night", "sleeper pack on moment", HIDDEN, "sleeper pack on moment"),
    "CourseBegun": Seen(ALL, ALL, HIDDEN, "sleeper course course_sha256 protocol"),
    "CueingHeld": Seen(ALL, ALL, HIDDEN, "sleeper course on"),
    "CourseAnswered": Seen("course by answer", "sleeper course by answer held", HIDDEN, "sleeper course answer"),
    "OutcomesShared": Seen(ALL, HIDDEN, HIDDEN, HIDDEN),
}
"""No cue, level or theme for the blinded, nor what a sound does and a silence does not: arousals, what became of cues
and why some were withheld; no theme for a sleeper whose dream is still to be told; how an onset was
verified is kept from whoever watches, because silence cannot be heard by a microphone; a device's own name and host
stay with whoever runs the night, because people name them after themselves."""

SHARED_BY_ALL = frozenset({"NightOpened", "StaffOnDuty", "NightClosed", "Recovered", "PolicyAdopted"})
"""What a sleeper sees of events that belong to no bedside."""


def project(event: AnyEvent, role: Role, *, pod: str | None = None) -> dict[str, Any] | None:
    """What this role sees of an event, as JSON-ready fields; None when it sees nothing of it.

    Args:
        event: as recorded.
        role: "house" sees everything; sealed values stay sealed even so.
        pod: the sleeper's own bedside; a sleeper sees no other.
    """
    fields: dict[str, Any] = msgspec.to_builtins(event)
    if role == "house":
        return fields
    tag = type(event).__name__
    shown = getattr(SEEN[tag], role) if tag in SEEN else HIDDEN
    if shown is HIDDEN or (role == "sleeper" and not _is_own(event, tag, pod)):
        return None
    names = {*ENVELOPE[role], *(_payload_fields(event) if shown == ALL else shown.split())}
    return {name: value for name, value in fields.items() if name in names}


def _is_own(event: AnyEvent, tag: str, pod: str | None) -> bool:
    return tag in SHARED_BY_ALL if event.pod is None else event.pod == pod


def _payload_fields(event: AnyEvent) -> set[str]:
    envelope = {*ENVELOPE["researcher"]}
    return set(event.__struct_fields__) - envelope - set(sealed_fields(type(event)))
