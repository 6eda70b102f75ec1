"""Does the guardian hear of everything that it watches for? One night in which all of it happens, bed by bed.

What a watch of the house tells is told by that watch, what a bed finds by that bed, what the engine notices by the
engine; only what comes from a headband's own adapter is put in its mouth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dreamloom.adapters.power import Battery
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.engine.clocks import VirtualClock
from dreamloom.engine.loop import Outside, Watch
from dreamloom.guardian.ladder import WITHOUT_CUES, WITHOUT_SOUND
from dreamloom.guardian.signs import GUIDE
from dreamloom.house.battery_watch import BatteryWatch
from dreamloom.house.disk_watch import DiskWatch
from dreamloom.house.kept_room import KeptRoom
from dreamloom.house.layout import NightFolder
from dreamloom.house.memory_watch import MemoryWatch
from dreamloom.house.sleep_watch import SleepWatch
from dreamloom.record.events import (
    AnyEvent,
    ArousalSeen,
    ClockOffsetSeen,
    CommandGiven,
    CueDue,
    GapSeen,
    GlitchSeen,
    GuardianStepped,
    NightmareArousalSeen,
    OwnNightsTold,
    PodClockBounded,
    Restored,
    SignalOutlined,
)
from dreamloom.testing.company import StageAt, ToldBed, always, told_night
from dreamloom.testing.guarded_nights import ALONE
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import EFFECT_TICKS, NightTime, Seconds

LASTS_S = 7500
SLEPT_S, CHARGED_S, LOW_S, LATE_S, FULL_S = 7000.0, 1700.0, 1500.0, 2000.0, 7400.0
"""When the machine sleeps, its battery is charged again and was low, the house is late, disk and memory are full."""
LOUD = """\
dreamscape: watched
version: 1
intent: Cue often, long and loud, so that a night nears all its limits within an hour.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 30 s, because: "ours: a test"}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", because: "ours: a test"}
    play: chord
    every: 34 s                        # ours: a test
    budget: {per_hour: 500, per_night: 1000, because: "ours: a test"}
arms: {active: {cue: chord}, sham: {cue: silence}}
levels: {cap: 45 dBA, over_threshold: 30 dB, because: "ours: a test"}
stop: {arousal: {fade: 100 ms, pause: 10 s, lower: 3 dB}, because: "ours: a test"}
"""


class Hurried(VirtualClock):
    """Jumps by half a second where a live night looks again; once, work takes longer than time does."""

    def __init__(self, late_s: float) -> None:
        super().__init__()
        self._late_s, self._hurries = late_s, 40

    def now_s(self) -> NightTime:
        if self._hurries and super().now_s() >= self._late_s:
            self._hurries -= 1
            self.wait_until(NightTime(super().now_s() + 5.0))
        return super().now_s()

    def wait_until(self, time_s: NightTime) -> None:
        super().wait_until(NightTime(max(time_s, super().now_s() + 0.5)))


class Failing(VirtualSpeaker):
    """Stalls in these stretches of the night; in another one its output goes without frames every ten seconds."""

    def __init__(self, *, away: Sequence[tuple[float, float]], stutters: tuple[float, float]) -> None:
        super().__init__()
        self._at_s, self._away, self._stutters = 0.0, away, stutters

    def beat(self, fresh_s: NightTime) -> None:
        self._at_s = float(fresh_s)
        super().beat(fresh_s)

    def heartbeat_age_s(self) -> Seconds:
        return Seconds(0.7 if any(from_s <= self._at_s < to_s for from_s, to_s in self._away) else 0.0)

    @property
    def stalls(self) -> int:
        from_s, to_s = self._stutters
        return int(max(0.0, min(self._at_s, to_s) - from_s) / 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What came of the night.

    Attributes:
        raised, cleared: rules, each with when it was for the first time.
        uncaused: rules that were raised without an event for a cause.
        unheeded: cues of beds that were to have none, by their ids.
    """

    raised: dict[str, float]
    cleared: dict[str, float]
    uncaused: tuple[str, ...]
    unheeded: tuple[str, ...]


def live_through(*, seed: int = 1) -> Watched:
    """The night of everything, as a live one is run."""
    beds = [
        ToldBed(stage_at=always(Stage.R), facts=_arousals(), changes=ALONE, source="a"),
        ToldBed(stage_at=_wild(seed), facts=_nightmares(), missing=range(300, 330), changes=ALONE, source="b"),
        ToldBed(stage_at=always(Stage.R), facts=_sizes(seed, 3), changes=ALONE, source="c", speaker=_failing()),
        ToldBed(stage_at=_cued_awake, facts=_sizes(seed, 4), changes=ALONE, source="d"),
    ]
    pods = [f"p{n}" for n in range(1, len(beds) + 1)]
    watches = [*_machine(pods)]
    events, _ = told_night(
        LOUD, beds, duration_s=LASTS_S, script=[*_troubles()], watches=watches, clock=Hurried(LATE_S), speed_x=1.0
    )
    return judged(events)


def judged(events: Sequence[AnyEvent]) -> Watched:
    """Reads off a record what the guardian did, and whether it was heeded."""
    raised, cleared = dict[str, float](), dict[str, float]()
    uncaused, unheeded = list[str](), list[str]()
    silent_from = dict[str, int]()
    for event in events:
        match event:
            case GuardianStepped() | Restored():
                firsts = raised if isinstance(event, GuardianStepped) else cleared
                firsts.setdefault(event.rule, event.onset_s)
                uncaused += [event.rule] if isinstance(event, GuardianStepped) and event.cause is None else []
                is_silent = event.stands in WITHOUT_CUES | WITHOUT_SOUND
                pod = event.pod or ""
                silent_from = {**silent_from, pod: silent_from.get(pod, event.tick)} if is_silent else silent_from
                if not is_silent:
                    silent_from.pop(pod, None)
            case CueDue() if event.tick > silent_from.get(event.pod or "", LASTS_S) + EFFECT_TICKS:
                unheeded.append(event.id)
            case _:
                pass
    return Watched(raised=raised, cleared=cleared, uncaused=tuple(uncaused), unheeded=tuple(unheeded))


def _cued_awake(second: int) -> Stage:
    """Not in REM for more than an hour, then three awakenings out of it, each just behind a cue."""
    if second < 4000:
        return Stage.N2
    return Stage.W if second < 4400 and second % 120 >= 90 else Stage.R


def _arousals() -> dict[int, Sequence[AnyEvent]]:
    """One of them soon after a cue, whenever that came."""
    return {at_s: [ArousalSeen(onset_s=at_s + 0.5, strength=4.0)] for at_s in (1000, 1012, 1024)}


def _wild(seed: int) -> StageAt:
    """Any stage behind any other for most of an hour; then one alone."""
    drawn = stream(seed, "wild").integers(5, size=100)
    stages = (Stage.W, Stage.N1, Stage.N2, Stage.N3, Stage.R)
    return lambda second: stages[int(drawn[second // 30])] if second < 3000 else Stage.R


def _nightmares() -> dict[int, Sequence[AnyEvent]]:
    return {at_s: [_nightmare(at_s + 1.0)] for at_s in (3300, 3330, 3360)}


def _nightmare(at_s: float) -> NightmareArousalSeen:
    return NightmareArousalSeen(
        onset_s=at_s, heart_per_min=90.0, usual_heart_per_min=60.0, breath_per_min=20.0, usual_breath_per_min=14.0
    )


def _sizes(seed: int, bed: int) -> dict[int, Sequence[AnyEvent]]:
    """Of two beds that hear one sleeper for five minutes, and then each their own."""
    told: dict[int, Sequence[AnyEvent]] = {}
    for end in range(30, LASTS_S, 30):
        sizes = stream(seed, "sizes", end, 0 if end <= 600 else bed).normal(6.0, 1.0, 30)
        told[end - 1] = [SignalOutlined(onset_s=float(end), sizes=tuple(round(float(size), 4) for size in sizes))]
    return told


def _failing() -> Failing:
    away = [(2400.0, 2401.0), (2430.0, 2431.0), (2460.0, 2461.0), (2500.0, 2560.0)]
    return Failing(away=away, stutters=(600.0, 1000.0))


def _machine(pods: Sequence[str]) -> Iterator[Watch]:
    now = {"s": 0.0}
    slept = iter([Seconds(20.0)])

    def clock(now_s: NightTime) -> Sequence[Outside]:
        now["s"] = now_s
        return []

    def battery() -> Battery:
        return Battery(percent=15.0, is_draining=LOW_S <= now["s"] < CHARGED_S)

    def woke() -> Seconds:
        return next(slept, Seconds(0.0)) if now["s"] >= SLEPT_S else Seconds(0.0)

    def nobody(_: str) -> None:
        """Nobody is there to be warned."""

    yield clock
    yield BatteryWatch(battery, warn=nobody, stop=nobody)
    yield SleepWatch(pods, woke, warn=nobody)
    yield DiskWatch(
        NightFolder(Path()),
        pods,
        lambda _: 1e6 if now["s"] < FULL_S else 31.0,
        room=KeptRoom(Path(), 0.0),
        warn=nobody,
        stop=nobody,
    )
    yield MemoryWatch(pods, lambda: 100.0 if now["s"] < FULL_S else 1200.0, warn=nobody)


def _troubles() -> Iterator[Outside]:
    """What a headband's adapter, somebody's hand or another night says."""
    told: list[tuple[float, AnyEvent]] = [
        (1.0, OwnNightsTold(onset_s=1.0, entropies_bits=(0.7, 0.8, 0.75))),
        *((at_s, GlitchSeen(onset_s=at_s, glitch="LATE")) for at_s in (60.0, 70.0, 80.0)),
        *((90.0 + n, GapSeen(onset_s=90.0 + n, duration_s=0.2, samples=20)) for n in range(10)),
        (150.0, GlitchSeen(onset_s=150.0, glitch="CLOCK_STEP", step_s=5.0)),
        (160.0, PodClockBounded(onset_s=160.0, bound_s=None)),
        (190.0, PodClockBounded(onset_s=190.0, bound_s=0.001)),
        (200.0, ClockOffsetSeen(onset_s=200.0, offset_s=0.3, used_s=0.0, uncertainty_s=0.01)),
        (230.0, ClockOffsetSeen(onset_s=230.0, offset_s=0.31, used_s=0.3, uncertainty_s=0.01)),
        (240.0, GlitchSeen(onset_s=240.0, glitch="IMPOSTOR", differs=("twin",))),
    ]
    asked = [(at_s, _asked(at_s, GUIDE if at_s == 40.0 else "somebody")) for at_s in (40.0, 45.0, 50.0)]
    for pod, words in (("p2", told), ("p1", asked)):
        yield from (Outside(known_s=NightTime(at_s), pod=pod, event=event) for at_s, event in words)


def _asked(at_s: float, by: str) -> CommandGiven:
    return CommandGiven(
        onset_s=at_s,
        by=by,
        cue="chord",
        cue_sha256="0" * 64,
        sound_class="sleep",
        level_cap_db=45.0,
        dreamscape_sha256="0" * 64,
        policy_sha256="0" * 64,
        not_after_s=at_s + 2.0,
    )
