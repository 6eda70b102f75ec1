"""What did one pod's night hold, ready to be counted and drawn? Epochs, cues with their outcome, silences, losses.

Reads only what the staff of a night may see: no arm, no sealed payload, not how an onset was verified, not how much of
a cue was heard.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    CueDue,
    CueFailed,
    CueLabelled,
    CuePlayed,
    CueWithheld,
    GapSeen,
    LightsOff,
    LightsOn,
    NightClosed,
    Recovered,
    SignalsStored,
    StageScored,
    StreamDescribed,
    StreamFound,
    StreamLost,
    WithheldReason,
)
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EPOCH_S, to_microsecond

ASLEEP = frozenset({Stage.N1, Stage.N2, Stage.N3, Stage.R})
LossKind = Literal["gap", "stream lost", "broken night"]
Fate = Literal["played", "failed", "unknown"]


class Epoch(NamedTuple):
    """One 30-s epoch [onset_s, onset_s + 30) as the live track scored it at its end; rem is the probability of R."""

    onset_s: float
    stage: Stage
    rem: float | None
    confidence: float

    @property
    def end_s(self) -> float:
        return self.onset_s + EPOCH_S


class Span(NamedTuple):
    """A stretch of night time [from_s, to_s)."""

    from_s: float
    to_s: float


class Bout(NamedTuple):
    """Epochs of one stage that follow each other without a hole."""

    stage: Stage
    from_s: float
    to_s: float


class Loss(NamedTuple):
    """Samples that never came; kind says how that was noticed."""

    kind: LossKind
    from_s: float
    to_s: float


class Cue(NamedTuple):
    """One cue that was due, and what the speaker said of it; unknown when it said nothing before the record ends.

    Attributes:
        onset_s: when it began to sound; its planned moment if it did not.
        level_db: the planned level; None when the record does not hold its CueDue.
        late_s: actual minus planned onset; None unless it was played.
        stage: of the epoch that holds its onset.
        why: why it failed, "" otherwise.
        label: "unstaged" for one that asked for no stage and went by the clock, "" otherwise.
    """

    name: str
    part: int | None
    onset_s: float
    fate: Fate
    level_db: float | None
    late_s: float | None
    stage: Stage
    why: str
    label: str = ""


class Silence(NamedTuple):
    """One episode of letting cues pass for one reason."""

    reason: WithheldReason
    part: int
    from_s: float
    to_s: float
    occasions: int


class PodNight(Struct, frozen=True, kw_only=True):
    """One bedside's night as facts, in the order of their time.

    Attributes:
        lights_off_s: when the sleeper first settled down; None when nobody said so.
        lights_on_s: the last lights-on that no lights-off followed; None when nobody said so.
        begins_s: when its stream was first described.
        ends_s: where the record of this bedside ends.
        closed: the night has an end in its record.
        scored_to_s: end of the newest live estimate, 5-s hops included.
    """

    pod: str
    epochs: tuple[Epoch, ...]
    arousals_s: tuple[float, ...]
    cues: tuple[Cue, ...]
    silences: tuple[Silence, ...]
    losses: tuple[Loss, ...]
    lights_off_s: float | None
    lights_on_s: float | None
    begins_s: float
    ends_s: float
    scored_to_s: float
    closed: bool


def pod_night(events: Iterable[AnyEvent], pod: str) -> PodNight:
    """Gathers what belongs to one pod from the events of a night, in the order of the record."""
    night = [event for event in events if event.pod in {pod, None}]
    own = [event for event in night if event.pod == pod]
    closed = [event.onset_s for event in night if isinstance(event, NightClosed)]
    described = [event.onset_s for event in own if isinstance(event, StreamDescribed)]
    epochs = _epochs(own)
    ends_s = _ends_s(night, own)
    lights = [event for event in own if isinstance(event, LightsOff | LightsOn)]
    return PodNight(
        pod=pod,
        epochs=epochs,
        arousals_s=tuple(sorted(event.onset_s for event in own if isinstance(event, ArousalSeen))),
        cues=_cues(own, epochs),
        silences=_silences(own),
        losses=_losses(own, ends_s),
        lights_off_s=next((event.onset_s for event in lights if isinstance(event, LightsOff)), None),
        lights_on_s=lights[-1].onset_s if lights and isinstance(lights[-1], LightsOn) else None,
        begins_s=min([*described, *(epoch.onset_s for epoch in epochs)], default=0.0),
        ends_s=ends_s,
        scored_to_s=max((event.onset_s for event in own if isinstance(event, StageScored)), default=0.0),
        closed=bool(closed),
    )


def bouts(epochs: Iterable[Epoch]) -> list[Bout]:
    """Epochs of one stage in a row, joined; a hole in time ends a bout as another stage does."""
    joined: list[Bout] = []
    for epoch in epochs:
        last = joined[-1] if joined else None
        if last and last.stage is epoch.stage and last.to_s == epoch.onset_s:
            joined[-1] = last._replace(to_s=epoch.end_s)
        else:
            joined.append(Bout(epoch.stage, epoch.onset_s, epoch.end_s))
    return joined


def union(spans: Iterable[tuple[float, float]]) -> list[Span]:
    """The same time without overlaps, in order."""
    merged: list[Span] = []
    for from_s, to_s in sorted(spans):
        if merged and from_s <= merged[-1].to_s:
            merged[-1] = Span(merged[-1].from_s, max(merged[-1].to_s, to_s))
        elif to_s > from_s:
            merged.append(Span(from_s, to_s))
    return merged


def length_s(spans: Iterable[tuple[float, float]]) -> float:
    """How long these spans are together, each moment counted once."""
    return to_microsecond(sum(span.to_s - span.from_s for span in union(spans)))


def _ends_s(night: Sequence[AnyEvent], own: Sequence[AnyEvent]) -> float:
    """The newest fact of this bedside; while its stream is lost, the newest of the whole night."""
    streams = [event for event in own if isinstance(event, StreamLost | StreamFound | Recovered)]
    lost = bool(streams) and isinstance(streams[-1], StreamLost)
    counted = night if lost else [event for event in own if not isinstance(event, SignalsStored)]
    return max((event.onset_s for event in counted), default=0.0)


def _epochs(own: Sequence[AnyEvent]) -> tuple[Epoch, ...]:
    """The estimates whose window is an epoch: those that end at a multiple of 30 s."""
    found: dict[float, Epoch] = {}
    for event in own:
        if isinstance(event, StageScored) and event.window_s == EPOCH_S and event.onset_s % EPOCH_S == 0:
            epoch = Epoch(
                event.onset_s - EPOCH_S, Stage(event.stage), event.probabilities.get(Stage.R), event.confidence
            )
            found.setdefault(epoch.onset_s, epoch)
    return tuple(found[onset_s] for onset_s in sorted(found) if onset_s >= 0)


def _cues(own: Sequence[AnyEvent], epochs: Sequence[Epoch]) -> tuple[Cue, ...]:
    stage_of = {epoch.onset_s: epoch.stage for epoch in epochs}
    due = {event.id: event for event in own if isinstance(event, CueDue)}
    labelled = {event.cause for event in own if isinstance(event, CueLabelled)}
    told: list[Cue] = []
    for event in own:
        match event:
            case CuePlayed():
                told.append(_told(event, due.pop(event.cause or "", None), stage_of, labelled))
            case CueFailed():
                told.append(_told(event, due.pop(event.cause or "", None), stage_of, labelled))
            case _:
                pass
    told.extend(_unheard(event, stage_of, labelled) for event in due.values())
    return tuple(sorted(told, key=lambda cue: (cue.onset_s, cue.name, cue.fate)))


def _told(
    event: CuePlayed | CueFailed, due: CueDue | None, stage_of: dict[float, Stage], labelled: Collection[str | None]
) -> Cue:
    played = isinstance(event, CuePlayed)
    return Cue(
        name=event.cue,
        part=due.part if due else None,
        onset_s=event.actual_s if isinstance(event, CuePlayed) else event.onset_s,
        fate="played" if played else "failed",
        level_db=due.level_db if due else None,
        late_s=to_microsecond(event.actual_s - event.planned_s) if isinstance(event, CuePlayed) else None,
        stage=_stage(stage_of, event.actual_s if isinstance(event, CuePlayed) else event.onset_s),
        why="" if isinstance(event, CuePlayed) else " ".join([event.reason, *event.bits]),
        label="unstaged" if due and due.id in labelled else "",
    )


def _unheard(due: CueDue, stage_of: dict[float, Stage], labelled: Collection[str | None]) -> Cue:
    return Cue(
        name=due.cue,
        part=due.part,
        onset_s=due.play_at_s,
        fate="unknown",
        level_db=due.level_db,
        late_s=None,
        stage=_stage(stage_of, due.play_at_s),
        why="",
        label="unstaged" if due.id in labelled else "",
    )


def _stage(stage_of: dict[float, Stage], time_s: float) -> Stage:
    return stage_of.get(time_s - time_s % EPOCH_S, Stage.UNSCORED)


def _silences(own: Sequence[AnyEvent]) -> tuple[Silence, ...]:
    found = [
        Silence(event.reason, event.part, event.onset_s, event.until_s, event.count)
        for event in own
        if isinstance(event, CueWithheld)
    ]
    return tuple(sorted(found, key=lambda silence: (silence.from_s, silence.part, silence.reason)))


def _losses(own: Sequence[AnyEvent], ends_s: float) -> tuple[Loss, ...]:
    """Every stretch without samples, as it was noticed; they may overlap."""
    found: list[Loss] = []
    lost_from_s: float | None = None
    for event in own:
        match event:
            case GapSeen():
                found.append(Loss("gap", event.onset_s, to_microsecond(event.onset_s + event.duration_s)))
            case StreamLost():
                lost_from_s = event.last_s
            case StreamFound():
                found.append(Loss("stream lost", to_microsecond(event.onset_s - 1.0 - event.lost_s), event.onset_s - 1))
                lost_from_s = None
            case Recovered():
                found.append(Loss("broken night", event.lost_from_s, event.lost_to_s))
                lost_from_s = None
            case _:
                pass
    if lost_from_s is not None:
        found.append(Loss("stream lost", lost_from_s, ends_s))
    return tuple(sorted(found, key=lambda loss: (loss.from_s, loss.to_s, loss.kind)))
