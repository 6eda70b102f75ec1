"""What does the record say a bed knew at a moment? Told again from its events, by code that shares none with pods.

The rules are those of the language and of consent as they are written down; where a pod counts what it may have played
unseen before a crash, so does this.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from dreamloom.dreamscape.gate import EyeSignal
from dreamloom.dreamscape.model import Dreamscape, cues_of_arms, placed_parts
from dreamloom.dreamscape.part import Part
from dreamloom.record.events import (
    CommandGiven,
    ConsentGiven,
    LeaseGranted,
    OperatorStaged,
    PhaseWindowOpened,
    RelayOffered,
    StageScored,
)
from dreamloom.testing.oracle_talks import Talks
from dreamloom.testing.oracle_waking import Woken

NEVER = -math.inf
CALLED_S = 600.0
"""So long a stage that a person called stands."""


@dataclass(slots=True)
class Told:
    """One stage estimate."""

    end_s: float
    stage: str
    shares: dict[str, float]


@dataclass(slots=True)
class PartTold:
    """What the record holds of one part's cues; last_s is of a train its first, train_s when its next is to come."""

    cues_s: list[float] = field(default_factory=list)
    last_s: float | None = None
    train_s: float | None = None
    train_left: int = 0
    ramp_from_s: float | None = None
    is_open: bool = False


@dataclass(slots=True)
class Rem:
    """REM periods counted so far."""

    ended: int = 0
    run_s: float = 0.0
    held_s: float = 0.0
    away_s: float = 0.0


@dataclass(slots=True)
class BedTold:
    """One bed, brought up to a place in the record; changed in place, since a judge looks at every second once.

    `guard` is what the house knows of the guardian, `guard_next` from which second the bed knows it.
    `said` is what stands under each number, relays and the present question of each dialogue included; `played` those
    of them that may play at this bed.
    """

    dreamscape: Dreamscape
    said: dict[int, Part]
    played: frozenset[int]
    talks: Talks
    parts: dict[int, PartTold] = field(default_factory=lambda: defaultdict(PartTold))
    consent: ConsentGiven | None = None
    withdrawn: bool = False
    armed: bool = True
    rearmed_by_consent: bool = False
    recognised: bool = True
    disarmed_s: float = NEVER
    held: bool = False
    guard: str = "NONE"
    guard_next: list[tuple[int, str]] = field(default_factory=list)
    by_hand: str = "NONE"
    lost: bool = False
    out_of_bed: bool = False
    lights_off_s: float | None = None
    asleep_since_s: float | None = None
    sleep_onset_s: float | None = None
    staged: bool = False
    told: list[Told] = field(default_factory=list)
    called: OperatorStaged | None = None
    rem: Rem = field(default_factory=Rem)
    leases: dict[str, LeaseGranted] = field(default_factory=dict)
    lapsed: dict[str, int] = field(default_factory=dict)
    commands: dict[str, CommandGiven] = field(default_factory=dict)
    cues_s: list[float] = field(default_factory=list)
    cues_of_lease: dict[str, int] = field(default_factory=dict)
    house_counts: int = 0
    lowered_db: float = 0.0
    quiet_since_s: float = 0.0
    dose: float = 0.0
    threshold_db: float = 30.0
    awake_cap_db: float | None = None
    volume_moved: bool = False
    paused_until_s: float = NEVER
    quiet_until_s: float = NEVER
    sounds_until_s: float = NEVER
    signals_s: list[float] = field(default_factory=list)
    awakenings_s: list[float] = field(default_factory=list)
    nightmare: bool = False
    scene: str | None = None
    scene_since_s: float = 0.0
    happened: dict[str, int] = field(default_factory=dict)
    offers: dict[str, RelayOffered] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    quorums: frozenset[int] = frozenset()
    stopped: bool = False
    ready: set[int] = field(default_factory=set)
    windows: dict[int, PhaseWindowOpened] = field(default_factory=dict)
    woken: Woken = field(default_factory=Woken)

    @property
    def waiting(self) -> list[RelayOffered]:
        """Offers that nobody took back."""
        return [offer for name, offer in self.offers.items() if name not in self.ended]

    @property
    def stage(self) -> str:
        return self.told[-1].stage if self.told else "UNSCORED"

    def guard_at(self, tick: int) -> str:
        """How far the guardian or a person goes, as the bed knows it in this second."""
        known = [stands for from_tick, stands in self.guard_next if from_tick <= tick]
        return further(known[-1] if known else "NONE", self.by_hand)

    def cues_within_hour(self, now_s: float) -> int:
        """Cues of all parts, and by command."""
        return within_hour(self.cues_s, now_s)

    def lowered_now_db(self, now_s: float) -> float:
        """What arousals took, less what quiet gave back where the author lets levels recover."""
        rule = self.dreamscape.levels.titrate
        if rule is None or self.lost or self.out_of_bed:
            return self.lowered_db
        return max(0.0, self.lowered_db - rule.up_db * math.floor(max(0.0, now_s - self.quiet_since_s) / rule.after_s))

    def stirs(self, now_s: float) -> None:
        """A quiet time is over: what it gave back is kept, and another one begins."""
        self.lowered_db = self.lowered_now_db(now_s)
        self.quiet_since_s = max(self.quiet_since_s, now_s)

    def end_tick(self, now_s: float) -> None:
        """Stop rules, judged at the end of every second and for good."""
        stop = self.dreamscape.stop
        if stop is None or self.stopped:
            return
        if stop.nightmare is not None and self.nightmare:
            self.stopped = True
        signal = stop.eye_signal
        if signal is not None and signal.pause_s is None and signalled(signal.seen, self.signals_s, now_s):
            self.stopped = True
        waking = stop.cue_locked_awakenings
        if waking is not None:
            recent = sum(now_s - at_s < waking.within_s for at_s in self.awakenings_s)
            self.stopped = self.stopped or recent > waking.more_than


def further(guardian: str, person: str) -> str:
    """On which rung a bed stands: apart beats all, then the higher."""
    ladder = ("NONE", "NOTE", "SOFTEN", "HOLD", "FADE", "WAKE", "ISOLATE")
    return max(guardian, person, key=ladder.index)


def stage_told(called: OperatorStaged | None, event: StageScored) -> tuple[str, dict[str, float]]:
    """The stage that counts, and its shares: what a person called less than ten minutes ago, else the estimate."""
    if called is None or event.onset_s - called.onset_s >= CALLED_S:
        return event.stage, event.probabilities
    return called.stage, {called.stage: 1.0}


def shut(bed: BedTold) -> None:
    """What is to open again must satisfy every clause again."""
    for memory in bed.parts.values():
        memory.is_open = False


def energy(level_db: float, lasts_s: float) -> float:
    """What a sound adds to a night's dose."""
    return 10.0 ** (level_db / 10.0) * lasts_s if math.isfinite(level_db) else 0.0


def within_hour(times_s: list[float], now_s: float) -> int:
    """How many of these, oldest first, are less than an hour old."""
    count = 0
    for at_s in reversed(times_s):
        if now_s - at_s >= 3600.0:
            break
        count += 1
    return count


def signalled(asked: EyeSignal, signals_s: list[float], now_s: float) -> bool:
    """An odd number asks for one more, since only what is given twice counts."""
    pairs = math.ceil(asked.times / 2)
    recent = signals_s[-pairs:]
    return len(recent) == pairs and (asked.within_s is None or now_s - recent[0] <= asked.within_s)


def restarts(part: Part, memory: PartTold, now_s: float) -> bool:
    """The first cue of a ramp: after a minute, or three of its longest rests, without one."""
    rest_s = max(part.every_s + (part.jitter_s or 0.0), part.refractory_s or 0.0)
    return memory.last_s is None or now_s - memory.last_s > max(60.0, 3.0 * rest_s)


def longest_s(dreamscape: Dreamscape, cue: str) -> float:
    """How long it may sound whichever arm was drawn."""
    parts = [placed.part for placed in placed_parts(dreamscape)]
    drawn = (name for part in parts if part.play == cue and part.draw for name in part.draw.from_)
    names = {cue, *drawn, *cues_of_arms(dreamscape)}
    return max((each.duration_s for name, each in dreamscape.cues.items() if name in names), default=0.0)
