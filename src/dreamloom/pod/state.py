"""What does a pod know when it decides? Decision state of one bedside, and what is asked of it.

What the newest second shows by itself (`looking.Senses`) and what is not told yet (`episodes`) lie outside: both are
found again, and neither is a decision.
"""

from bisect import bisect_left
from typing import Literal, NamedTuple

import msgspec
from msgspec import field
from msgspec.structs import replace

from dreamloom.dreamscape.gate import Quorum
from dreamloom.governance.consent import Grant
from dreamloom.guardian.ladder import WITHOUT_CUES, WITHOUT_SOUND, highest
from dreamloom.pod import cycles
from dreamloom.pod.belief import Reading
from dreamloom.pod.cycles import RemPeriods
from dreamloom.pod.eye_refusal import EyeRefusal
from dreamloom.pod.plan import Plan
from dreamloom.pod.talks import Talk
from dreamloom.pod.trains import Train
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    LeaseGranted,
    MomentCalled,
    OperatorStaged,
    PhaseWindowOpened,
    RelayOffered,
    Rung,
    SoundClass,
)
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

HOUR_S = 3600.0


class PartState(msgspec.Struct, frozen=True):
    """What one part of the dreamscape remembers of itself; its budget is its own.

    `last_cue_s` is that of its last cue, and of a train its first. `is_open` is True while its gate on stages is, and
    matters where the author says when an open gate closes.
    """

    last_cue_s: NightTime | None = None
    ramp_from_s: NightTime | None = None
    cue_times_s: tuple[NightTime, ...] = ()
    cues_tonight: int = 0
    is_open: bool = False
    train: Train | None = None

    def cues_last_hour(self, now_s: NightTime) -> int:
        return _within_an_hour(self.cue_times_s, now_s)

    def cued(self, now_s: NightTime, times: int = 1) -> "PartState":
        """So many cues more, now."""
        return replace(
            self,
            last_cue_s=now_s,
            cue_times_s=last_hour(self.cue_times_s, now_s, times),
            cues_tonight=self.cues_tonight + times,
        )


class Waking(NamedTuple):
    """One awakening of the dreamscape, as far as it was made tonight.

    Attributes:
        kind: probe, back to bed or morning.
        times: how often it began.
        due_s: when it began last; made_s: when it ended, None while it rings.
        event: id of the event by which it began last.
        woke: whether the sleeper is known to have been awake then.
        words: cues that were said since it ended.
    """

    kind: str
    times: int
    due_s: NightTime
    event: str | None
    made_s: NightTime | None = None
    woke: bool = False
    words: frozenset[str] = frozenset()


class Happened(NamedTuple):
    """The newest of its kind: in which tick it was told, and its event's id."""

    tick: int
    event: str


class PodState(msgspec.Struct, frozen=True, kw_only=True):
    """Decision state of one bedside. `readings` reach back as far as the longest gate of the plan looks.

    `leases` holds the newest of each class of sound; they share one budget, so cues since then are counted together.
    `talks` are the dialogues, by their numbers.
    `called` is the stage that a person sees, for as long as CALLED_S.
    `ready` is what this bed told it could do at the moment of all, and `moments` the newest of each that was called.
    `quorums` are those that are met, as the house told this bed.
    `offers` are what other sleepers' signals may become here, oldest first; `elsewhere` is what relays remember, by
    their numbers.
    `windows` holds the newest of each part that waits for a wave, until its cue is due.
    `sounds_until_s` is when the newest planned sound ends, if it begins on time and nothing cuts it.
    `recognised` is False from the return of a device that nobody knows until a person armed the bed again.
    `signalled_s` are the beginnings of the newest eye signals that were given twice; `quiet_until_s` is until when the
    sleeper asked for quiet with one; `first_look` is the side to which its first look showed. `refusal` is how far they
    are in saying no with the eyes, where agreed. `quiet_since_s` is since when nothing stirred in a watched
    bed, and `dose` the energy of tonight's sleep cues; `dose_told` is True once that came near its most.
    `nightmare_seen` is True once the sleeper stirred as out of a nightmare tonight.
    `guard` is how far the guardian goes here, `by_hand` how far a person does; it stands on the higher of both.
    `scene` is the one the sleeper is in; None before the first, and where the dreamscape has none. `happened` holds, by
    the author's word, the newest of what may lead on to another.
    `wakings` holds the awakenings that began, by their index; `report_until_s` is until when the last one is told of.
    `rem_periods` are those so far, whether or not anything asks for them.
    `staged` is True from the night's first estimate on, whatever is forgotten later; `unstageable` all night at a bed
    that tells no stage.
    """

    grant: Grant | None
    grant_ends_s: NightTime | None
    parts: tuple[PartState, ...]
    revoked: bool = False
    armed: bool = True
    rearmed: bool = False
    recognised: bool = True
    held: bool = False
    guard: Rung = "NONE"
    by_hand: Rung = "NONE"
    by_hand_since_s: NightTime = NightTime(0.0)
    stopped: bool = False
    lost: bool = False
    out_of_bed: bool = False
    staged: bool = False
    unstageable: bool = False
    lights_off_s: NightTime | None = None
    asleep_since_s: NightTime | None = None
    sleep_onset_s: NightTime | None = None
    scene: str | None = None
    scene_since_s: NightTime = NightTime(0.0)
    happened: dict[str, Happened] = field(default_factory=dict)
    wakings: dict[int, Waking] = field(default_factory=dict)
    report_until_s: NightTime = NightTime(float("-inf"))
    rem_periods: RemPeriods = cycles.NONE_YET
    readings: tuple[Reading, ...] = ()
    leases: dict[SoundClass, LeaseGranted] = field(default_factory=dict)
    command: CommandGiven | None = None
    cue_times_s: tuple[NightTime, ...] = ()
    cues_since_lease: int = 0
    lowered_db: Decibels = Decibels(0.0)
    quiet_since_s: NightTime = NightTime(0.0)
    dose: float = 0.0
    dose_told: bool = False
    volume_moved: bool = False
    paused_until_s: NightTime = NightTime(float("-inf"))
    awakenings_s: tuple[NightTime, ...] = ()
    sounds_until_s: NightTime = NightTime(float("-inf"))
    signalled_s: tuple[NightTime, ...] = ()
    quiet_until_s: NightTime = NightTime(float("-inf"))
    first_look: Literal["left", "right", ""] = ""
    refusal: EyeRefusal | None = None
    nightmare_seen: bool = False
    windows: dict[int, PhaseWindowOpened] = field(default_factory=dict)
    offers: tuple[RelayOffered, ...] = ()
    called: OperatorStaged | None = None
    talks: dict[int, Talk] = field(default_factory=dict)
    quorums: frozenset[Quorum] = frozenset()
    ready: frozenset[int] = frozenset()
    moments: dict[int, MomentCalled] = field(default_factory=dict)
    elsewhere: dict[int, PartState] = field(default_factory=dict)

    @property
    def stands(self) -> Rung:
        """How far this bed is held back, by the guardian or by a person, whichever goes further."""
        return self.guard if self.by_hand == "NONE" else highest((self.guard, self.by_hand))

    @property
    def fades(self) -> bool:
        """True while a person has this bed fade and nothing else holds it: what sounds is let go gently."""
        return self.by_hand == "FADE" and self.guard not in WITHOUT_CUES | WITHOUT_SOUND

    def memory(self, number: int) -> PartState:
        """What the part of this number remembers, or whatever else has one."""
        return self.parts[number] if 0 <= number < len(self.parts) else self.elsewhere.get(number, PartState())

    @property
    def stage(self) -> Stage:
        return self.readings[-1].stage if self.readings else Stage.UNSCORED

    @property
    def last_cue_s(self) -> NightTime | None:
        return self.cue_times_s[-1] if self.cue_times_s else None

    def quiet_s(self, now_s: NightTime) -> Seconds:
        """For how long nothing stirred here, as far as anybody watched."""
        return Seconds(0.0 if self.lost or self.out_of_bed else now_s - self.quiet_since_s)

    @property
    def may_rearm_alone(self) -> bool:
        """True while the sleeper's one re-arming after a crash is allowed and unused, and the device is theirs."""
        allowed = self.grant is not None and self.grant.rearm_after_crash == "once"
        return allowed and self.recognised and not self.rearmed and not self.revoked

    @property
    def is_ringing(self) -> bool:
        """True while somebody is being woken here."""
        return any(waking.made_s is None for waking in self.wakings.values())

    @property
    def is_over(self) -> bool:
        """True once the morning's awakening began: this sleeper's night has ended."""
        return any(waking.kind == "morning" for waking in self.wakings.values())

    def is_waking(self, now_s: NightTime) -> bool:
        """True while the sleeper is woken or tells a dream, and once the night has ended: no part plays then."""
        return self.is_ringing or self.is_over or now_s < self.report_until_s

    def overlaps(self, play_at_s: NightTime, *, apart_from: int | None = None) -> bool:
        """True when a sound planned for then would begin before the one planned last has ended, or in a window's time.

        A part that waits for its next wave is not in its own way.
        """
        windows = (window for part, window in self.windows.items() if part != apart_from)
        return play_at_s < self.sounds_until_s or any(play_at_s < window.until_s for window in windows)

    def stage_age_s(self, now_s: NightTime) -> Seconds | None:
        """How long ago the newest estimate's window ended; None before the first."""
        return Seconds(now_s - self.readings[-1].window_end_s) if self.readings else None

    def cues_last_hour(self, now_s: NightTime) -> int:
        """Of all parts and commands together: what the sleeper's own bound counts."""
        return _within_an_hour(self.cue_times_s, now_s)


def opening_state(plan: Plan, grant: Grant | None, grant_ends_s: NightTime | None) -> PodState:
    """The state of a bedside when its night opens: armed, nothing seen, nothing leased."""
    parts = tuple(PartState() for _ in plan.parts)
    return PodState(grant=grant, grant_ends_s=grant_ends_s, parts=parts, unstageable=plan.unstageable)


def all_shut(parts: tuple[PartState, ...]) -> tuple[PartState, ...]:
    """What opens again must satisfy every clause again."""
    return tuple(replace(part, is_open=False) if part.is_open else part for part in parts)


def with_seen(state: PodState, what: str, event: AnyEvent) -> PodState:
    """The newest of its kind, by the author's word: what may lead on to another scene."""
    return replace(state, happened={**state.happened, what: Happened(event.tick, event.id)})


def without(offers: tuple[RelayOffered, ...], name: str | None) -> tuple[RelayOffered, ...]:
    """These offers but the one that was named."""
    return tuple(offer for offer in offers if offer.id != name) if offers else offers


def _within_an_hour(times_s: tuple[NightTime, ...], now_s: NightTime) -> int:
    return len(times_s) - bisect_left(times_s, 1, key=lambda time_s: now_s - time_s < HOUR_S)


def last_hour(times_s: tuple[NightTime, ...], now_s: NightTime, more: int) -> tuple[NightTime, ...]:
    """What is left of the hour, and so many more."""
    return (*(time_s for time_s in times_s if now_s - time_s < HOUR_S), *[now_s] * more)
