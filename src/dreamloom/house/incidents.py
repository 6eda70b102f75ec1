"""What went wrong in a night, whom did it touch, and what did the house know? The account that restores trust.

What was found of how somebody slept is for that person alone; everybody else reads that something was, and when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from dreamloom.adapters.sqlite import read_only
from dreamloom.guardian.ladder import MEANS, RUNGS
from dreamloom.guardian.rules import PRIVATE, is_personal
from dreamloom.house.incident_words import in_words
from dreamloom.house.layout import NightFolder
from dreamloom.house.verifying import refuse_without_record, verify_files, verify_night
from dreamloom.record.events import (
    AnyEvent,
    CueFailed,
    GlitchSeen,
    GuardianStepped,
    Held,
    HostDescribed,
    MachineSlept,
    NightClosed,
    NightOpened,
    OutputLost,
    PodClockBounded,
    PodIsolated,
    Recovered,
    Restored,
    Rung,
    SpeakerReopened,
    StreamFound,
    StreamLost,
    StreamUnrecognised,
)
from dreamloom.record.guide_events import GuideRanAway
from dreamloom.vocabulary.errors import UsageError

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
    GuideRanAway,
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
    of_guide = _of_the_guide(folder, events)
    events = sorted([*events, *of_guide], key=lambda each: each.onset_s) if of_guide else events
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
    return account_of(events, folder.name, sleeper=sleeper, proofs=proofs)


def _of_the_guide(folder: NightFolder, events: Sequence[AnyEvent]) -> list[GuideRanAway]:
    """What the house's own record holds of this night's guide, in night time; before the night is its first second."""
    if not folder.house.record.is_file():
        return []
    began = next(
        (datetime.fromisoformat(each.utc).timestamp() for each in events if isinstance(each, HostDescribed)), 0
    )
    with read_only(folder.house.record) as record:
        told = [each for each in record.of_type(GuideRanAway.__name__) if isinstance(each, GuideRanAway)]
    return [replace(each, onset_s=max(0.0, each.onset_s - began)) for each in told if each.night == folder.name]


def account_of(events: Sequence[AnyEvent], night: str, *, sleeper: str, proofs: dict[str, Any]) -> Account:
    """The account that these events and proofs give; raises UsageError when that sleeper was not there."""
    seats = _seats(events)
    own = bed_of(sleeper, events, night) if sleeper else ""
    timeline = tuple(timeline_of(events, own)) if _needs_account(events, own) else ()
    return Account(
        night=night,
        for_=sleeper,
        timeline=timeline,
        affected=tuple(touched_in(events, seats, own)) if timeline else (),
        knew=tuple(_knew(events, own)) if timeline else (),
        did_not_know=tuple(_did_not_know(events, own)) if timeline else (),
        proofs=proofs,
    )


def _seats(events: Sequence[AnyEvent]) -> dict[str, str]:
    return {seat.pod: seat.sleeper for event in events if isinstance(event, NightOpened) for seat in event.roster}


def bed_of(sleeper: str, events: Sequence[AnyEvent], night: str) -> str:
    """Where this sleeper lay; raises UsageError when they did not sleep in this night."""
    seats = _seats(events)
    for pod, who in seats.items():
        if who == sleeper:
            return pod
    raise UsageError(
        "DL-E191",
        f"{sleeper!r} did not sleep in {night}.",
        why=f"Its sleepers: {', '.join(sorted(seats.values())) or 'none'}.",
        do="Name one of them, or leave --for out for what everybody may read.",
    )


def _is_shown(event: AnyEvent, own: str) -> bool:
    """Everybody reads of every bed; a sleeper of their own and of the machine, not of what was said to whom."""
    return not own or (event.pod in {None, own} and not isinstance(event, GuideRanAway))


def _needs_account(events: Sequence[AnyEvent], own: str) -> bool:
    shown = [event for event in events if _is_shown(event, own)]
    stepped = any(isinstance(event, GuardianStepped) and event.rung != "NOTE" for event in shown)
    return stepped or any(isinstance(event, WORTH_TELLING) for event in shown) or _ended_badly(events)


def _ended_badly(events: Sequence[AnyEvent]) -> bool:
    closed = [event for event in events if isinstance(event, NightClosed)]
    return not closed or closed[-1].status == "failed"


def timeline_of(events: Sequence[AnyEvent], own: str) -> Iterator[Moment]:
    """What happened, in order; `own` is the bed whose sleeper reads it, "" for everybody."""
    private = {event.pod or "" for event in events if _is_shown(event, own) and _is_private(event, own)}
    for bed in sorted(private):  # once, and without its time: how often and how long would tell what it was
        yield Moment(at_s=0.0, bed=bed, what="Private", words=PRIVATE, event="", cause=None)
    for event in events:
        words = in_words(event) if _is_shown(event, own) and not _is_private(event, own) else ""
        if words:
            yield Moment(
                at_s=event.onset_s,
                bed=event.pod or "the house",
                what=type(event).__name__,
                words=words,
                event=event.id,
                cause=event.cause,
            )


def _is_private(event: AnyEvent, own: str) -> bool:
    return isinstance(event, GuardianStepped | Restored) and is_personal(event.rule) and event.pod != own


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
