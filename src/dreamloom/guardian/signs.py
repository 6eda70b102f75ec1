"""What does an event say to the guardian? One entry for each kind that says anything; all others are passed over."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from dreamloom.guardian import rest
from dreamloom.guardian.bed import NOT_CALM, Guarded, begins, counted, ends, valued
from dreamloom.record.events import (
    AnyEvent,
    ClockOffsetSeen,
    CommandGiven,
    CueDue,
    CueFailed,
    CueWithheld,
    DoseSeen,
    GapSeen,
    GlitchSeen,
    GuardianStepped,
    Held,
    LeaseGranted,
    MachineSlept,
    NightmareArousalSeen,
    OutputFound,
    OutputLost,
    OwnNightsTold,
    PodClockBounded,
    Recovered,
    Restored,
    SignalOutlined,
    SpeakerReopened,
    StageScored,
    StreamDescribed,
    StreamEnded,
    StreamFound,
    StreamLost,
)
from dreamloom.vocabulary.units import EPOCH_S, NightTime, Seconds

MOST_BOUND_S = Seconds(0.050)
"""As the house has it: a bed that may be further off is not leased to."""
AWAKENING_S = Seconds(60.0)
"""An awakening this soon after a cue counts as the cue's: two epochs, since W needs one epoch to show. Ours."""
OUTLINED_S = 120
"""Seconds of an outline that are kept: two minutes, as many as a likeness is found on."""
BY_COMMAND = -1
NOT_LAWFUL = frozenset({"LEASE", "CONSENT", "EXPIRED", "LEVEL", "POLICY", "REVOKED"})
"""Why a command was not obeyed that no honest house would have given: another file, another text, too late, too loud,
to somebody who said no."""
GLITCHES: Mapping[str, str] = MappingProxyType(
    {
        "LATE": "late",
        "IMPOSTOR": "claims",
        "RENAMED": "claims",
        "CLOCK_STEP": "clock steps",
        "NIGHT_LATE": "house late",
        "SOUND_GAP": "sound gaps",
        "SOUND_CHANGED": "bad commands",
        "ORDER_UNSIGNED": "bad commands",
        "ORDER_FORGED": "bad commands",
        "ORDER_REPLAYED": "bad commands",
        "ORDER_STALE": "bad commands",
        "ORDER_WRONG_POD": "bad commands",
        "ORDER_WRONG_NIGHT": "bad commands",
        "ORDER_OLD_POLICY": "bad commands",
        "ORDER_UNENROLLED": "bad commands",
        "ORDER_REVOKED": "bad commands",
    }
)
LASTING: Mapping[str, str] = MappingProxyType({"BATTERY_LOW": "battery low", "MEMORY_HIGH": "memory high"})
OVER: Mapping[str, str] = MappingProxyType({"BATTERY_CHARGED": "battery low"})
HOLDS = {"DISK_LOW": "disk low", "MEMORY_HIGH": "memory short"}
GUIDE = "guide"
"""The name under which whatever talks with a sleeper by itself asks a bed for something."""


def heard(bed: Guarded, event: AnyEvent) -> Guarded:
    """The bed after one event of its own, or of the house."""
    told = _HEARD.get(type(event))
    return bed if told is None else told(bed, event)


def _glitch(bed: Guarded, event: GlitchSeen) -> Guarded:
    if event.glitch in LASTING:
        return begins(bed, LASTING[event.glitch], event.onset_s, event.id)
    if event.glitch in OVER:
        return ends(bed, OVER[event.glitch])
    sign = GLITCHES.get(event.glitch)
    return bed if sign is None else counted(bed, sign, event.onset_s, event.id)


def _scored(bed: Guarded, event: StageScored) -> Guarded:
    if event.onset_s % EPOCH_S != 0.0:
        return bed
    before = bed.epochs[-1] if bed.epochs else ""
    bed = replace(bed, epochs=(*bed.epochs, event.stage)[-rest.KEPT_EPOCHS :])
    if rest.is_leap(before, event.stage):
        bed = counted(bed, "jumps", event.onset_s, event.id)
    if event.stage == "W" and before in rest.SCORED - {"W"} and event.onset_s - bed.cue_s <= AWAKENING_S:
        bed = counted(bed, "awakenings by cues", event.onset_s, event.id)
    bits = rest.entropy_bits(bed.epochs) if event.onset_s % (rest.READ_EVERY_EPOCHS * EPOCH_S) == 0.0 else None
    most = rest.MOST_BITS if bed.most_bits is None else bed.most_bits
    return bed if bits is None else valued(bed, "restless", round(bits - most, 4), event.id)


def _own_nights(bed: Guarded, event: OwnNightsTold) -> Guarded:
    return replace(bed, most_bits=rest.most_bits(event.entropies_bits))


def _outlined(bed: Guarded, event: SignalOutlined) -> Guarded:
    first = round(event.onset_s) - len(event.sizes)
    seconds = {**bed.outline, **{first + n: size for n, size in enumerate(event.sizes)}}
    kept = {second: size for second, size in seconds.items() if second >= event.onset_s - OUTLINED_S}
    causes = {**bed.causes, "likeness": event.id}
    return replace(bed, outline=kept, causes=causes, news=bed.news | {"likeness"})


def _due(bed: Guarded, event: CueDue) -> Guarded:
    bed = replace(bed, cue_s=NightTime(event.onset_s))
    return valued(bed, "level", round(event.level_db - bed.cap_db, 4), event.id)


def _failed(bed: Guarded, event: CueFailed) -> Guarded:
    return counted(bed, "speaker gaps", event.onset_s, event.id) if event.reason == "SPEAKER" else bed


def _withheld(bed: Guarded, event: CueWithheld) -> Guarded:
    if event.part != BY_COMMAND:
        return bed
    if event.cause == bed.guided:
        bed = counted(bed, "guide", event.until_s, event.id)
    return counted(bed, "bad commands", event.until_s, event.id) if event.reason in NOT_LAWFUL else bed


def _commanded(bed: Guarded, event: CommandGiven) -> Guarded:
    return replace(bed, guided=event.id) if event.by == GUIDE else bed


def _dose(bed: Guarded, event: DoseSeen) -> Guarded:
    return valued(bed, "dose", event.share, event.id)


def _clock(bed: Guarded, event: PodClockBounded) -> Guarded:
    if event.bound_s is None or event.bound_s > MOST_BOUND_S:
        return begins(bed, "no clock bound", event.onset_s, event.id)
    return ends(bed, "no clock bound")


def _offset(bed: Guarded, event: ClockOffsetSeen) -> Guarded:
    return valued(bed, "apart", round(abs(event.offset_s - event.used_s), 6), event.id)


def _recovered(bed: Guarded, _: Recovered) -> Guarded:
    """What is opened again is looked at anew; rules that are raised stay so until they clear by themselves."""
    return replace(bed, since_s={}, outline={}, epochs=())


def _stepped(bed: Guarded, event: GuardianStepped) -> Guarded:
    return replace(bed, raised={**bed.raised, event.rule: NOT_CALM})


def _restored(bed: Guarded, event: Restored) -> Guarded:
    return replace(bed, raised={rule: calm_s for rule, calm_s in bed.raised.items() if rule != event.rule})


_HEARD: Mapping[type[AnyEvent], Callable[[Guarded, Any], Guarded]] = MappingProxyType(
    {
        GlitchSeen: _glitch,
        StageScored: _scored,
        OwnNightsTold: _own_nights,
        SignalOutlined: _outlined,
        CommandGiven: _commanded,
        CueDue: _due,
        CueFailed: _failed,
        CueWithheld: _withheld,
        DoseSeen: _dose,
        PodClockBounded: _clock,
        ClockOffsetSeen: _offset,
        Recovered: _recovered,
        GuardianStepped: _stepped,
        Restored: _restored,
        StreamLost: lambda bed, event: begins(bed, "no data", event.onset_s, event.id),
        StreamFound: lambda bed, _: ends(bed, "no data"),
        StreamEnded: lambda bed, _: ends(bed, "no data"),
        OutputLost: lambda bed, event: begins(bed, "no output", event.onset_s, event.id),
        OutputFound: lambda bed, _: ends(bed, "no output"),
        Held: lambda bed, event: begins(bed, HOLDS[event.reason], event.onset_s, event.id),
        GapSeen: lambda bed, event: counted(bed, "gaps", event.onset_s, event.id),
        MachineSlept: lambda bed, event: counted(bed, "slept", event.onset_s, event.id),
        SpeakerReopened: lambda bed, event: counted(bed, "speaker gaps", event.onset_s, event.id),
        NightmareArousalSeen: lambda bed, event: counted(bed, "nightmares", event.onset_s, event.id),
        LeaseGranted: lambda bed, event: replace(bed, cap_db=event.level_cap_db),
        StreamDescribed: lambda bed, event: replace(bed, source=event.source),
    }
)
