"""How is a stored night decided again? From its seconds and its recorded inputs, opening by opening, and compared."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile, zip_longest
from pathlib import Path

from dreamloom.adapters.arrivals import StoredSeconds
from dreamloom.adapters.recovery import segment_paths
from dreamloom.adapters.sqlite import read_only
from dreamloom.adapters.trees import TreeStager
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.clocks import VirtualClock, boot_s
from dreamloom.engine.gatekeeper import OpenGate
from dreamloom.engine.intake import StoredIntake
from dreamloom.engine.loop import Listener, NightEngine, Outside
from dreamloom.house import opening, resuming
from dreamloom.house.asked import Asked
from dreamloom.house.eligible import eligible
from dreamloom.house.kept_ledger import KeptLedger
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.plug_in_stagers import plug_in
from dreamloom.house.resuming import Past, described_channels
from dreamloom.house.running import NightResult, summarise
from dreamloom.house.same_files import refuse_replay_of_other_files, under_rules_of
from dreamloom.house.starting_states import starting_night, starting_pod, starting_tracks, starting_waves
from dreamloom.house.supporting import bed_of
from dreamloom.house.verifying import SIGNALS, judge_files, refuse_without_record
from dreamloom.jukebox.cues import Sound
from dreamloom.record.codec import comparable
from dreamloom.record.erasures import IN_WORDS, beds_without
from dreamloom.record.events import (
    OUTSIDE_COMPARED_ROOT,
    AnyEvent,
    CueDue,
    Erased,
    EyesCalibrated,
    HostDescribed,
    NightClosed,
    NightOpened,
    OutputTimed,
    Recovered,
    StagerFailed,
    StreamDescribed,
    StreamEnded,
    StreamFound,
    StreamLost,
    ThresholdMeasured,
)
from dreamloom.signals.blocks import StreamInfo
from dreamloom.staging.plugged import SLOW
from dreamloom.vocabulary.errors import RecordError
from dreamloom.vocabulary.ids import EventId
from dreamloom.vocabulary.units import Hertz, NightTime, Seconds

DERIVED_FROM_ARRIVALS = (StreamLost, StreamFound, StreamEnded)
"""Inputs that the bedside finds again in the stored arrivals; they are compared, not fed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A night decided twice. first_difference names the first event that came out otherwise."""

    result: NightResult
    compared: int
    first_difference: str | None


def replay_night(folder: NightFolder, *, listeners: Sequence[Listener] = ()) -> Comparison:
    """Decides the stored night again and compares every event with the record.

    Raises:
        ConfigError, StreamError: when the night's files are missing or damaged.
        RecordError: when they are not the ones the record was made from.
    """
    refuse_without_record(folder)
    with read_only(folder.record) as record:
        size, events = record.size, list(record.events())
    _refuse_erased(folder, size, events)
    events = [event for event in events if not isinstance(event, Erased)]
    asked = under_rules_of(opening.read_asked(folder), events)
    _refuse_without_opening(events)
    refuse_replay_of_other_files(asked, events)
    _refuse_other_signals(folder, events)
    began_s = boot_s()
    again: list[AnyEvent] = []
    lives = _by_opening(events)
    for boot, lived in enumerate(lives):
        before = tuple(event for life in lives[:boot] for event in life)
        life = Life(past=Past(events=before, boot=boot), lived=lived)
        again.extend(_live_again(asked, life, listeners))
    ticks = events[-1].tick + 1 if events else 0
    speed_x = ticks / max(boot_s() - began_s, 1e-9)
    return Comparison(
        result=summarise(folder, again, speed_x=speed_x),
        compared=len(again),
        first_difference=_first_difference(events, again),
    )


def _refuse_without_opening(events: Sequence[AnyEvent]) -> None:
    if not any(isinstance(event, NightOpened) for event in events):
        raise RecordError("DL-E430", "The record does not begin with NightOpened.", do="Run dreamloom verify on it.")


def _refuse_erased(folder: NightFolder, size: int, events: Sequence[AnyEvent]) -> None:
    words = [event for event in events if isinstance(event, Erased)]
    gone = beds_without(events, SIGNALS)
    if len(events) == size and not gone:
        return
    named = " and ".join(sorted({word.sleeper for word in (*words, *gone.values())})) or "somebody"
    raise RecordError(
        "DL-E452",
        f"The night {folder.name!r} cannot be decided again: what was recorded of {named} was erased.",
        why="A replay decides from stored samples and recorded inputs, and these are gone for good: "
        f"{' and '.join(sorted({IN_WORDS[word.why] for word in words})) or 'by nobody who said so'}.",
        still="The record still verifies, and what is left of it can be read: dreamloom verify, report, export.",
        do="Nothing is to be done; it was meant so.",
    )


def _refuse_other_signals(folder: NightFolder, events: Sequence[AnyEvent]) -> None:
    found = judge_files(folder, events)
    if found.first_bad is not None:
        raise RecordError(
            "DL-E437",
            f"{found.first_bad} is not the file this night was decided on.",
            why=f"{found.why}.".capitalize(),
            do="Put the file of that night back; dreamloom verify still judges the record by itself.",
        )


def _by_opening(events: Sequence[AnyEvent]) -> list[list[AnyEvent]]:
    """The record cut at each HostDescribed; the first part begins with NightOpened."""
    parts: list[list[AnyEvent]] = [[]]
    for event in events:
        boot = EventId.parse(event.id).boot
        while boot >= len(parts):
            parts.append([])
        parts[boot].append(event)
    return parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One opening of the night as it was lived: what came before it, and its own events."""

    past: Past
    lived: Sequence[AnyEvent]

    @property
    def host(self) -> HostDescribed:
        return next(event for event in self.lived if isinstance(event, HostDescribed))

    @property
    def closed(self) -> NightClosed | None:
        return next((event for event in self.lived if isinstance(event, NightClosed)), None)

    @property
    def last_tick(self) -> int:
        return (self.closed.tick if self.closed else self.lived[-1].tick + 1) - 1

    @property
    def opened_utc(self) -> datetime:
        return resuming.opened_utc(self.past.events, self.host)

    def said_by(self, origin: str) -> list[AnyEvent]:
        return [event for event in self.lived if EventId.parse(event.id).origin == origin]


def _live_again(asked: Asked, life: Life, listeners: Sequence[Listener]) -> list[AnyEvent]:
    """One opening of the night: same inputs, same seconds, decided anew."""
    asked = asked.resolved_at(life.opened_utc)
    spoke = {EventId.parse(event.id).origin for event in life.lived}  # a life that broke off at once has silent beds
    bedsides = {pod.id: _bedside(asked, life, pod) for pod in asked.night.pod if pod.id in spoke}
    kept = KeptLedger()
    house_inputs = [event for event in life.said_by("night") if event.kind == "input"]
    first = list(takewhile(lambda event: event in house_inputs and not isinstance(event, NightClosed), life.lived))
    heard = [event for event in house_inputs if event not in first and event.tick <= life.last_tick]
    waiting = [Outside(known_s=NightTime(0.0), pod=None, event=event, tick=event.tick) for event in heard]
    engine = NightEngine(
        clock=VirtualClock(start_s=NightTime(float(life.host.tick))),
        bedsides=bedsides,
        night=starting_night(asked, life.past, opened_utc=life.opened_utc),
        offer=asked.offer,
        ledger=kept,
        watch=lambda _: [waiting.pop(0) for _ in range(len(waiting))],
        seal=lambda event: (event, None),
        first_tick=life.host.tick,
        last_tick=life.last_tick,
        speed_x=None,
        listeners=listeners,
    )
    engine.open(first)
    engine.run()
    if life.closed is not None:
        engine.close_bedsides()
        engine.open([event for event in house_inputs if event not in [*first, *heard]])
    return kept.told


def _bedside(asked: Asked, life: Life, pod: PodAsked) -> Bedside:
    own = life.said_by(pod.id)
    described = next(event for event in own if isinstance(event, StreamDescribed))
    segment = next((event.segment for event in own if isinstance(event, Recovered)), 0)
    files = segment_paths(asked.folder.signals, pod.id)
    stream = _stream(described)
    past = replace(life.past, segments={pod.id: files[:segment]})
    told = next((event for event in own if isinstance(event, EyesCalibrated)), None)
    late = {event.onset_s for event in own if isinstance(event, StagerFailed) and event.why == SLOW}
    tracks = starting_tracks(
        stream,
        past,
        pod.id,
        stager=TreeStager,
        calibrated=past.eyes_of(pod.id) or told,
        plug_in=plug_in(asked.night.stager, slow_at=late),
    )
    asked = asked.at(bed_of(stream), pod)
    loud = past.threshold_of(pod.id) or next((event for event in own if isinstance(event, ThresholdMeasured)), None)
    if loud is not None:
        asked = replace(asked, thresholds_db={pod.id: loud.threshold_db})
    asked = replace(asked, eligible=eligible(asked, [*past.events, *own]))
    timed = next((Seconds(event.delay_s) for event in own if isinstance(event, OutputTimed)), None)
    phases = starting_waves(asked, stream, past, pod.id, output_s=timed)
    bed = Bedside(
        starting_pod(
            asked,
            past,
            pod,
            tracks,
            grant=asked.grant_of(pod),
            opened_utc=life.opened_utc,
            stream=stream,
            phases=phases,
        ),
        intake=StoredIntake(stream, _seconds(files, segment), ends_s=_ends_s(own, stream)),
        speaker=None,
        choose=_no_sound,
        gate=OpenGate.as_recorded(own),
    )
    for event in own:
        if event.kind == "input" and not isinstance(event, DERIVED_FROM_ARRIVALS):
            bed.post(NightTime(event.tick + 1.0), event)
    return bed


def _ends_s(own: Sequence[AnyEvent], stream: StreamInfo) -> NightTime:
    """When the end of the bed's stream was known; never, in an opening that ended before it."""
    end_s = next((event.onset_s for event in own if isinstance(event, StreamEnded)), math.inf)
    return NightTime(end_s + stream.delay_s)


def _seconds(files: Sequence[Path], segment: int) -> StoredSeconds | tuple[()]:
    return StoredSeconds(files[segment]) if segment < len(files) else ()


def _stream(described: StreamDescribed) -> StreamInfo:
    return StreamInfo(
        source=described.source,
        channels=described_channels(described),
        sfreq_hz=Hertz(described.sfreq_hz),
        grid_hz=described.grid_hz,
        delay_s=Seconds(described.delay_s),
    )


def _no_sound(_: CueDue) -> Sound:
    raise RecordError("DL-E432", "A replay makes no sound.")


def _first_difference(recorded: Sequence[AnyEvent], again: Sequence[AnyEvent]) -> str | None:
    """The first event that is not the same in both, by id and type."""
    for was, now in zip_longest(_compared(recorded), _compared(again)):
        if was is None or now is None or comparable(was) != comparable(now):
            there = f"{was.id} {type(was).__name__}" if was else "nothing"
            here = f"{now.id} {type(now).__name__}" if now else "nothing"
            return f"the record has {there}, the replay {here}"
    return None


def _compared(events: Sequence[AnyEvent]) -> Iterator[AnyEvent]:
    return (event for event in events if not isinstance(event, OUTSIDE_COMPARED_ROOT))
