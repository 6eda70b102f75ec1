"""What went wrong in a night, whom did it touch, and what did the house know? The account that restores trust.

What was found of how somebody slept is for that person alone; everybody else reads that something was, and when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dreamloom.adapters.sqlite import read_only
from dreamloom.guardian.ladder import MEANS, RUNGS
from dreamloom.guardian.rules import is_personal
from dreamloom.house.layout import NightFolder
from dreamloom.house.verifying import refuse_without_record, verify_files, verify_night
from dreamloom.record.events import (
    AnyEvent,
    CueFailed,
    GlitchSeen,
    GuardianStepped,
    Held,
    MachineSlept,
    NightClosed,
    NightOpened,
    OutputFound,
    OutputLost,
    PodClockBounded,
    PodIsolated,
    Rearmed,
    Recovered,
    Restored,
    Rung,
    SpeakerReopened,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
)
from dreamloom.vocabulary.errors import UsageError

PRIVATE = "Something about how this sleeper slept; what it was is told to them alone."
GLITCHES = {
    "LATE": "Samples came late.",
    "IMPOSTOR": "Another stream answered in this bed's place and was left outside.",
    "RENAMED": "The bed's device went by another name and was left outside.",
    "CLOCK_STEP": "A clock was moved.",
    "BATTERY_LOW": "The machine's battery ran low.",
    "BATTERY_CHARGED": "The machine's battery was charged again.",
    "SOUND_GAP": "The bed's output went without sound for a moment.",
    "MEMORY_HIGH": "The night's program took more memory than it should.",
    "NIGHT_LATE": "The house could not keep up with the night.",
    "SOUND_CHANGED": "A sound at this bed was not the one it was laid down as. It was not played.",
}
REFUSED = "Something came to this bed as a word of its house, and was not obeyed"
WORTH_TELLING = (
    StreamLost,
    StreamUnrecognised,
    MachineSlept,
    SpeakerReopened,
    OutputLost,
    Recovered,
    Held,
    PodIsolated,
    GlitchSeen,
)
"""What makes a night one that needs an account, beside a step of the guardian that changed something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline. `event` is the id under which the record holds it."""

    at_s: float
    bed: str
    what: str
    words: str
    event: str
    cause: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One bed that anything happened at: how far the guardian went there, and for how long its signal was not seen."""

    bed: str
    sleeper: str
    furthest: str
    means: str
    restored: bool
    unseen_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of one night, as one reader may have it.

    Attributes:
        for_: the sleeper it is for; "" where it is for everybody.
        timeline, affected: empty where nothing happened that needs an account.
        knew, did_not_know: in sentences.
        proofs: the root, how much is signed, and whether record and files stand.
    """

    night: str
    for_: str
    timeline: tuple[Moment, ...]
    affected: tuple[Touched, ...]
    knew: tuple[str, ...]
    did_not_know: tuple[str, ...]
    proofs: dict[str, Any]

    @property
    def is_empty(self) -> bool:
        return not self.timeline

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        data = asdict(self)
        return {"night": data.pop("night"), "for": data.pop("for_"), "empty": self.is_empty, **data}


def account(folder: NightFolder, *, sleeper: str = "") -> Account:
    """The account of a night; with a sleeper, theirs, with what is personal to them and nothing of others.

    Raises:
        UsageError: when that sleeper did not sleep in this night.
        RecordError: when there is no record.
    """
    refuse_without_record(folder)
    with read_only(folder.record) as record:
        events, notes = list(record.events()), record.checkpoints()
    seats = _seats(events)
    own = _bed_of(sleeper, seats, folder.name) if sleeper else ""
    timeline = tuple(timeline_of(events, own)) if _needs_account(events, own) else ()
    verdict, files = verify_night(folder), verify_files(folder)
    proofs = {
        "standing": verdict.standing,
        "root": verdict.root,
        "events": verdict.events,
        "signed": verdict.signed,
        "checkpoints": len(notes),
        "newest_checkpoint": notes[-1].note if notes else "",
        "files_fit": files.first_bad is None,
        "first_bad": verdict.first_bad or files.first_bad,
    }
    return Account(
        night=folder.name,
        for_=sleeper,
        timeline=timeline,
        affected=tuple(touched_in(events, seats, own)) if timeline else (),
        knew=tuple(_knew(events, own)) if timeline else (),
        did_not_know=tuple(_did_not_know(events, own)) if timeline else (),
        proofs=proofs,
    )


def _seats(events: Sequence[AnyEvent]) -> dict[str, str]:
    return {seat.pod: seat.sleeper for event in events if isinstance(event, NightOpened) for seat in event.roster}


def _bed_of(sleeper: str, seats: dict[str, str], night: str) -> str:
    for pod, who in seats.items():
        if who == sleeper:
            return pod
    raise UsageError(
        "DL-E191",
        f"{sleeper!r} did not sleep in {night}.",
        why=f"Its sleepers: {', '.join(sorted(seats.values())) or 'none'}.",
        do="Name one of them, or leave --sleeper out for what everybody may read.",
    )


def _is_shown(event: AnyEvent, own: str) -> bool:
    """Everybody reads of every bed; a sleeper of their own and of the machine."""
    return not own or event.pod in {None, own}


def _needs_account(events: Sequence[AnyEvent], own: str) -> bool:
    shown = [event for event in events if _is_shown(event, own)]
    stepped = any(isinstance(event, GuardianStepped) and event.rung != "NOTE" for event in shown)
    return stepped or any(isinstance(event, WORTH_TELLING) for event in shown) or _ended_badly(events)


def _ended_badly(events: Sequence[AnyEvent]) -> bool:
    closed = [event for event in events if isinstance(event, NightClosed)]
    return not closed or closed[-1].status == "failed"


def timeline_of(events: Sequence[AnyEvent], own: str) -> Iterator[Moment]:
    """What happened, in order; `own` is the bed whose sleeper reads it, "" for everybody."""
    for event in events:
        words = _words(event, own) if _is_shown(event, own) else ""
        if words:
            is_private = isinstance(event, GuardianStepped | Restored) and words == PRIVATE
            yield Moment(
                at_s=event.onset_s,
                bed=event.pod or "the house",
                what=type(event).__name__,
                words=words,
                event=event.id,
                cause=None if is_private else event.cause,
            )


def _words(event: AnyEvent, own: str) -> str:
    match event:
        case GuardianStepped() | Restored():
            return _of_guardian(event, own)
        case PodIsolated():
            return "Kept by itself from here on: no sound, nothing to others or from them. It was recorded on."
        case GlitchSeen():
            return GLITCHES.get(event.glitch, _refused(event))
        case _:
            return _plain(event)


def _of_guardian(event: GuardianStepped | Restored, own: str) -> str:
    if is_personal(event.rule) and event.pod != own:
        return PRIVATE
    if isinstance(event, Restored):
        return f"Over ({event.rule}): {event.why}."
    return f"{event.why} ({event.rule}: {event.rung.lower()})"


def _refused(event: GlitchSeen) -> str:
    if not event.glitch.startswith("ORDER_"):
        return ""
    return f"{REFUSED}: {event.glitch.removeprefix('ORDER_').replace('_', ' ').lower()}."


def _plain(event: AnyEvent) -> str:  # noqa: PLR0911 - one line for each kind
    match event:
        case StreamLost():
            return f"Nothing came from the bed; the last sample was of second {event.last_s:.0f}."
        case StreamFound():
            return f"Samples came again, after {event.lost_s:.0f} s."
        case StreamUnrecognised():
            return "A device was heard again, and nothing said whose it was. The bed was disarmed."
        case MachineSlept():
            return f"The machine slept for {event.slept_s:.0f} s. The bed was disarmed."
        case SpeakerReopened() | OutputLost() | OutputFound():
            return "The bed's sound came back." if isinstance(event, OutputFound) else "The bed's sound stopped."
        case Recovered():
            return f"The night had broken off; {event.lost_to_s - event.lost_from_s:.0f} s are unknown."
        case Held():
            return f"Every bed was held: {'the disk was nearly full' if event.reason == 'DISK_LOW' else 'memory'}."
        case Rearmed():
            return "The bed was armed again."
        case NightClosed() if event.status == "failed":
            return "The night ended with a failure."
        case _:
            return ""


def touched_in(events: Sequence[AnyEvent], seats: dict[str, str], own: str) -> Iterator[Touched]:
    """Whom it touched, by who sleeps where."""
    for pod, sleeper in sorted(seats.items()):
        of_bed = [event for event in events if event.pod == pod and (not own or pod == own)]
        raised: dict[str, Rung] = {}
        furthest: Rung = "NONE"
        for step in of_bed:  # what is personal would show through how far the guardian went
            if isinstance(step, GuardianStepped) and (pod == own or not is_personal(step.rule)):
                raised[step.rule] = step.rung
                furthest = max(furthest, step.rung, key=RUNGS.index)
            if isinstance(step, Restored):
                raised.pop(step.rule, None)
        unseen_s = sum(event.lost_s for event in of_bed if isinstance(event, StreamFound))
        unseen_s += sum(event.lost_to_s - event.lost_from_s for event in of_bed if isinstance(event, Recovered))
        if furthest != "NONE" or any(isinstance(event, WORTH_TELLING) for event in of_bed):
            yield Touched(
                bed=pod,
                sleeper=sleeper,
                furthest=furthest.lower(),
                means=MEANS[furthest],
                restored=not {*raised.values()} - {"NOTE"},
                unseen_s=round(unseen_s, 3),
            )


def _knew(events: Sequence[AnyEvent], own: str) -> Iterator[str]:
    steps = [event for event in events if isinstance(event, GuardianStepped) and _is_shown(event, own)]
    by_id = {event.id: event for event in events}
    for step in steps:
        cause = by_id.get(step.cause or "")
        if cause is not None and not (is_personal(step.rule) and step.pod != own):
            seen = f"{type(cause).__name__} of second {cause.onset_s:.0f} ({cause.id})"
            yield f"{step.pod}: {step.rule} rested on {seen}."


def _did_not_know(events: Sequence[AnyEvent], own: str) -> Iterator[str]:
    open_s: dict[str, float] = {}
    for event in (event for event in events if _is_shown(event, own)):
        if isinstance(event, StreamLost):
            open_s[event.pod or ""] = event.last_s
        if isinstance(event, StreamFound) and event.pod in open_s:
            yield f"{event.pod}: how its sleeper slept from second {open_s.pop(event.pod):.0f} to {event.onset_s:.0f}."
        if isinstance(event, Recovered):
            yield f"{event.pod}: what happened from second {event.lost_from_s:.0f} to {event.lost_to_s:.0f}."
        if isinstance(event, CueFailed) and event.reason == "UNKNOWN":
            yield f"{event.pod}: whether the cue planned for second {event.onset_s:.0f} was heard."
        if isinstance(event, PodClockBounded) and event.bound_s is None:
            yield f"{event.pod}: what time it was there, from second {event.onset_s:.0f} on."
        if isinstance(event, GlitchSeen) and (event.glitch == "IMPOSTOR" or event.glitch.startswith("ORDER_")):
            yield f"{event.pod}: who was behind what happened in second {event.onset_s:.0f}."
    for pod, last_s in open_s.items():
        yield f"{pod}: how its sleeper slept from second {last_s:.0f} on."
