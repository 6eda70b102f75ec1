"""What is known of a night that was broken off? Folds its record, mends its files."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import cast

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.lsl.opening_again import Known
from dreamloom.adapters.recovery import recover, segment_paths
from dreamloom.engine.bedside import REARM_AFTER_S
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.night import state as night_state
from dreamloom.night.state import NightState
from dreamloom.pod.fold import evolve
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import PodState
from dreamloom.record.events import (
    AnyEvent,
    ConsentGiven,
    ConsentWithdrawn,
    EyesCalibrated,
    HostDescribed,
    NightClosed,
    NightOpened,
    OutputBound,
    OutputUnconfirmed,
    Rearmed,
    Recovered,
    StreamDescribed,
    StreamIdentified,
    StreamUnrecognised,
    ThresholdMeasured,
)
from dreamloom.record.fold import fold
from dreamloom.signals.blocks import Channel, ChannelKind
from dreamloom.vocabulary.errors import RefusedError
from dreamloom.vocabulary.ids import EventId
from dreamloom.vocabulary.units import Microvolts, NightTime, Seconds

LONGEST_BREAK_S = Seconds(6 * 3600.0)
"""Longer than this no night waits for its machine; ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What already happened in this night; empty for a new one.

    Attributes:
        events: its record so far.
        boot: how often it was opened before.
        opened_utc: wall time of night second 0.
        last_tick: the newest settled tick; -1 for none.
        stored_to_s: night second up to which each pod's signal is on the disk.
        segments: each pod's stored files, oldest first, with the night second each begins at.
    """

    events: tuple[AnyEvent, ...] = ()
    boot: int = 0
    opened_utc: datetime | None = None
    last_tick: int = -1
    stored_to_s: dict[str, int] = field(default_factory=dict)
    segments: dict[str, list[Path]] = field(default_factory=dict)

    @property
    def first_tick(self) -> int:
        """The first tick that neither the record nor a stored signal knows."""
        return max([self.last_tick + 1, *self.stored_to_s.values()])

    def gone_s(self, utc: datetime, speed_x: float) -> NightTime:
        """Night time by the wall clock: a live night's time goes on while it is broken."""
        if self.opened_utc is None:
            return NightTime(0.0)
        return NightTime(max(0.0, (utc - self.opened_utc).total_seconds() * speed_x))

    def is_ahead_of(self, utc: datetime, speed_x: float | None) -> bool:
        """True when this night has recorded seconds that are still to come by the wall clock, more than a draft."""
        return speed_x is not None and self.first_tick - self.gone_s(utc, speed_x) > 1.0

    def break_s(self, utc: datetime, speed_x: float | None) -> Seconds:
        """How long this night was broken by the wall clock; 0 for a new one, or where time is virtual."""
        if speed_x is None or self.opened_utc is None:
            return Seconds(0.0)
        return Seconds(max(0.0, self.gone_s(utc, speed_x) - self.first_tick) / speed_x)

    @property
    def is_opened(self) -> bool:
        return any(isinstance(event, NightOpened) for event in self.events)

    def withdrawn(self, pod: str) -> bool:
        """True when the record already holds this pod's withdrawal."""
        return self.heard(pod, ConsentWithdrawn)

    def pod_state(self, pod: str, fresh: PodState, plan: Plan) -> PodState:
        """Decision state of a bedside: nothing but the fold of its events."""
        own = (event for event in self.events if event.pod == pod)
        return fold(lambda state, event: evolve(state, event, plan), fresh, own)

    def night_state(self, fresh: NightState) -> NightState:
        return fold(night_state.evolve, fresh, self.events)

    def output_of(self, pod: PodAsked) -> str | None:
        """The whole id of the output that this bed is bound to; None for a bed that never was at one.

        A bed that lived without saying which it was holds what was asked for to be the whole id: nothing is guessed.
        """
        bound = (event.device for event in self.events if isinstance(event, OutputBound) and event.pod == pod.id)
        return next(bound, pod.speaker.device if self.heard(pod.id, StreamDescribed) else None)

    def eyes_of(self, pod: str) -> EyesCalibrated | None:
        """What was told of this bed's eyes."""
        return next((event for event in self.events if isinstance(event, EyesCalibrated) and event.pod == pod), None)

    def threshold_of(self, pod: str) -> ThresholdMeasured | None:
        """What was told of this bed's hearing."""
        return next((event for event in self.events if isinstance(event, ThresholdMeasured) and event.pod == pod), None)

    def heard(self, pod: str, kind: type) -> bool:
        """True when the record holds such an event of this pod."""
        return any(isinstance(event, kind) and event.pod == pod for event in self.events)

    def known_devices(self) -> dict[str, Known]:
        """The device of each bed whose device said who it is, as the newest opening kept it, by pod."""
        own = [event for event in self.events if event.pod is not None]
        streams = {event.pod: event for event in own if isinstance(event, StreamDescribed)}
        devices = {event.pod: event for event in own if isinstance(event, StreamIdentified)}
        return {pod: Known(device, described_channels(streams[pod])) for pod, device in devices.items() if pod}

    def recovery(self, pod: str, now_s: NightTime, *, rearm: bool) -> list[AnyEvent]:
        """What a bedside is told when its night goes on: what is unknown, and whether somebody armed it again."""
        known_s = min(float(self.last_tick + 1), float(self.stored_to_s.get(pod, self.last_tick + 1)))
        words: list[AnyEvent] = [
            Recovered(
                onset_s=now_s,
                lost_from_s=known_s,
                lost_to_s=now_s,
                segment=len(self.segments.get(pod, [])),
            )
        ]
        if rearm:
            words.append(Rearmed(onset_s=now_s, by="the person in charge"))
        return words

    def rearm_at_s(self, pod: str, now_s: NightTime) -> NightTime | None:
        """When this bed arms itself again, if its sleeper allowed that once and it has not been used."""
        grants = [event for event in self.events if isinstance(event, ConsentGiven) and event.pod == pod]
        allowed = bool(grants) and grants[-1].rearm_after_crash == "once" and not self.heard(pod, Rearmed)
        allowed = allowed and not any(self.heard(pod, kind) for kind in (StreamUnrecognised, OutputUnconfirmed))
        return NightTime(now_s + REARM_AFTER_S) if allowed else None


def described_channels(described: StreamDescribed) -> tuple[Channel, ...]:
    """The channels of a stream as it was stored."""
    return tuple(
        Channel(c.label, cast("ChannelKind", c.kind), Microvolts(c.low_uv), Microvolts(c.high_uv))
        for c in described.channels
    )


def read_past(events: Iterable[AnyEvent], folder: NightFolder) -> Past:
    """Reads a record and mends the signal files beside it to whole seconds.

    Raises:
        RefusedError: when the night is closed; what is closed stays as it is.
    """
    happened = tuple(events)
    if not happened:
        return Past()
    if any(isinstance(event, NightClosed) for event in happened):
        raise closed(folder)
    hosts = [event for event in happened if isinstance(event, HostDescribed)]
    pods = [seat.pod for event in happened if isinstance(event, NightOpened) for seat in event.roster]
    segments = stored_segments(folder, pods)
    return Past(
        events=happened,
        boot=1 + max(EventId.parse(event.id).boot for event in happened),
        opened_utc=datetime.fromisoformat(hosts[0].utc) if hosts else None,
        last_tick=max(event.tick for event in happened),
        stored_to_s={pod: _stored_to_s(paths) for pod, paths in segments.items()},
        segments=segments,
    )


def closed(folder: NightFolder) -> RefusedError:
    """The refusal to go on with a night that is over, to be raised."""
    return RefusedError(
        "DL-E513",
        f"The night {folder.name!r} is closed.",
        why="A closed record is never written again.",
        still="It can be read: dreamloom report, replay, verify, export.",
        do="Copy its three files to a new folder to run it once more.",
    )


def refuse_long_break(folder: NightFolder, past: Past, utc: datetime, speed_x: float | None) -> None:
    """Returns when a night may go on where it broke off.

    Raises:
        RefusedError: when the wall clock says that it is over since long, whether that is so or the clock was set.
    """
    break_s = past.break_s(utc, speed_x)
    if break_s > LONGEST_BREAK_S:
        raise RefusedError(
            "DL-E533",
            f"The night {folder.name!r} broke off {break_s / 3600:.0f} h ago, by this machine's clock.",
            why=f"After more than {LONGEST_BREAK_S / 3600:.0f} h a night does not go on: its sleepers are up.",
            still="It can be read: dreamloom report, replay, verify, export.",
            do="Set the clock right if it is wrong and run it again; else copy its three files to a new folder.",
        )


def opened_utc(events: Iterable[AnyEvent], host: HostDescribed) -> datetime:
    """Wall time of night second 0: the first opening's, or this one's if it is the first."""
    first = next((event for event in events if isinstance(event, HostDescribed)), host)
    return datetime.fromisoformat(first.utc)


def stored_segments(folder: NightFolder, pods: Iterable[str]) -> dict[str, list[Path]]:
    """Each pod's signal files, oldest first."""
    return {pod: segment_paths(folder.signals, pod) for pod in pods}


def _stored_to_s(paths: list[Path]) -> int:
    """Mends every segment and says where the newest second ends."""
    for path in paths:
        recover(path)
    return max((second.index + 1 for path in paths for second in StoredSeconds(path).last(1)), default=0)


def sound_path(sound: Path, pod: str) -> Path:
    """A new file in this folder for what sounds at a bed in this opening; its table of cues lies beside it."""
    names = (f"{pod}.{number}.wav" if number else f"{pod}.wav" for number in count())
    return next(path for name in names if not (path := sound / name).exists())
