"""A whole small night in memory: fake streams, a stager that says what a test wants, a real engine, pods and record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dreamloom.adapters.cedar import judge
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.scenes import cues_in, first_scene
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.clocks import VirtualClock
from dreamloom.engine.gatekeeper import OpenGate
from dreamloom.engine.intake import LiveIntake
from dreamloom.engine.loop import Listener, NightEngine, Outside
from dreamloom.governance.consent import Grant
from dreamloom.governance.policy.request import VOUCHED
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house.arming import Arms, FixedArms
from dreamloom.house.cue_sounds import make_sounds
from dreamloom.house.sealing import ArmSealer
from dreamloom.jukebox.cues import Sound
from dreamloom.night.loop import Offer
from dreamloom.night.state import BedState, NightState
from dreamloom.pod import tracking
from dreamloom.pod.loop import Pod
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import opening_state
from dreamloom.pod.waves import watched
from dreamloom.ports import Clock, SignalSource, Speaker
from dreamloom.record.events import AnyEvent, ConsentWithdrawn, LightsOff
from dreamloom.testing.ledgers import MemoryLedger
from dreamloom.testing.signals import FakeSource
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import Decibels, FloatArray, NightTime, Seconds

EAGER = """
dreamscape: eager
version: 1
intent: Let a test hear cues within a minute of night.
tags: [therapy]
cues:
  chord: {kind: sound, class: sleep, make: chord, notes: [C5, E5], duration: 1 s, because: ours}
parts:
  - for: each sleeper
    when: {stage: R, confidence: ">= 0.8", stable_for: 10 s, after_lights_off: 5 s, because: ours}
    play: chord
    every: 4 s
    ramp: {from: silent, over: 20 s, to: calibrated, because: ours}
    budget: {per_hour: 500, per_night: 1000, because: ours}
arms:
  active: {cue: chord}
  sham: {cue: silence}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
  cue_locked_awakenings: {more_than: 2, within: 30 min, then: no more tonight, because: ours}
"""
"""A dreamscape that cues as soon as it lawfully can."""

Classify = Callable[[FloatArray], FloatArray]


def always(stage: int, confidence: float = 0.95) -> Classify:
    """A stager that is sure of one stage, by its place in SCORED_STAGES, whatever it sees."""
    row = np.full(5, (1.0 - confidence) / 4.0)
    row[stage] = confidence
    return lambda features: np.tile(row, (len(features), 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyBed:
    """One bed of a tiny night."""

    source: SignalSource
    classify: Classify = field(default_factory=lambda: always(4))
    grant: Grant | None = None
    consenting: bool = True
    speaker: Speaker = field(default_factory=VirtualSpeaker)
    output: str = ""
    output_s: Seconds | None = Seconds(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyNight:
    """What came of it."""

    events: list[AnyEvent]
    ledger: MemoryLedger
    engine: NightEngine

    def of(self, kind: type) -> list[AnyEvent]:
        """Events of one type, in order."""
        return [event for event in self.events if isinstance(event, kind)]


def plan_of(text: str = EAGER) -> tuple[Plan, dict[str, Sound]]:
    """A dreamscape resolved as a house would."""
    dreamscape = reader.read(text, file="eager.yaml")
    sounds = make_sounds(dreamscape)
    plan = Plan(
        dreamscape=dreamscape,
        dreamscape_sha256=reader.sha256(text),
        cue_sha256={name: sound.sha256 for name, sound in sounds.items()},
        decide=judge(shipped()).decide,
        eligibility=VOUCHED,
    )
    return plan, sounds


def grant_for(plan: Plan, **changes: object) -> Grant:
    """Consent to everything in the plan; changes override single terms."""
    terms: dict[str, object] = {
        "sheet": "test sheet",
        "dreamscape_sha256": plan.dreamscape_sha256,
        "cues": tuple(sorted(plan.cue_sha256)),
        "stages": ("R",),
        "level_cap_db": 45.0,
        "cues_per_hour": 3600,
    }
    return Grant(**{**terms, **changes})  # type: ignore[arg-type]  # a test may put in anything on purpose


def withdrawal(pod: str, at_s: float) -> Outside:
    """The sleeper of a pod says no at this moment."""
    event = ConsentWithdrawn(onset_s=at_s, sleeper=f"S-{pod}", channel="test")
    return Outside(known_s=NightTime(at_s), pod=pod, event=event)


def run_tiny_night(  # noqa: PLR0913 - test kit, each turn a night can take by its name
    beds: Mapping[str, TinyBed],
    *,
    script: Sequence[Outside] = (),
    ahead_s: float = 0.0,
    clock: Clock | None = None,
    listener: Listener | None = None,
    speed_x: float | None = None,
    text: str = EAGER,
    arm: str = "none",
    arms: Arms | None = None,
    sounds: Mapping[str, Sound] | None = None,
) -> TinyNight:
    """Runs a night of these beds until every source has ended; on a virtual clock, unless a test brings another.

    With speed_x 1 the engine looks after its speakers as in a live night, whatever the clock. Every bed is in the same
    arm, "none" being one the dreamscape does not describe, unless `arms` says more. `sounds` are played instead of the
    dreamscape's own.
    """
    plan, own_sounds = plan_of(text)
    vault = MemoryVault(seed=1)
    sleeper_of = {name: f"S-{name}" for name in beds}
    ledger = MemoryLedger(
        origin="test/night", vault=vault, subject_of=lambda event: sleeper_of.get(event.pod or "", "house")
    )
    sealer = ArmSealer(
        vault=vault,
        origin=ledger.origin,
        sleeper_of=sleeper_of,
        arms=arms or FixedArms(dict.fromkeys(beds, arm), plan.dreamscape),
        dreamscape=plan.dreamscape,
        sounds=sounds or own_sounds,
    )
    grants = {name: (bed.grant or grant_for(plan)) if bed.consenting else None for name, bed in beds.items()}
    engine = NightEngine(
        clock=clock or VirtualClock(),
        bedsides={
            name: _bedside(name, bed, plan, sealer, grants[name], Seconds(ahead_s)) for name, bed in beds.items()
        },
        night=NightState(
            beds={
                name: BedState(pod=name, sleeper=sleeper_of[name], grant=grant, grant_ends_s=None)
                for name, grant in grants.items()
            }
        ),
        offer=_offer(plan),
        ledger=ledger,
        watch=_told_in_time(script),
        seal=sealer.seal,
        speed_x=speed_x,
        listeners=[listener] if listener else [],
    )
    engine.run()
    engine.close(status="complete", reason="test")
    return TinyNight(events=list(ledger.events()), ledger=ledger, engine=engine)


def _told_in_time(script: Sequence[Outside]) -> Callable[[NightTime], list[Outside]]:
    waiting = sorted(script, key=lambda news: news.known_s)

    def watch(now_s: NightTime) -> list[Outside]:
        told = [news for news in waiting if news.known_s <= now_s]
        del waiting[: len(told)]
        return told

    return watch


def rem_source(*, seconds: float, seed: int = 1, block_samples: int = 25, delay_s: float = 0.05) -> FakeSource:
    """A plain stream that any stager can be made to call REM."""
    return FakeSource(
        true_hz=100, grid_hz=100, duration_s=seconds, seed=seed, block_samples=block_samples, delay_s=delay_s
    )


def _offer(plan: Plan) -> Offer:
    return Offer(
        scene=first_scene(plan.dreamscape) or "test",
        cues_in={scene: cues_in(plan.dreamscape, scene) for scene in plan.dreamscape.scenes},
        cues=plan.cues_by_class,
        level_cap_db=Decibels(45.0),
        cues_per_night=1000,
        dreamscape_sha256=plan.dreamscape_sha256,
        policy_sha256="0" * 64,
    )


def _bedside(  # noqa: PLR0917 - test kit, each part of a bed by its place
    name: str, bed: TinyBed, plan: Plan, sealer: ArmSealer, grant: Grant | None, ahead_s: Seconds
) -> Bedside:
    stream = bed.source.stream
    tracks = tracking.start(stream.channels, stream.grid_hz, classify=bed.classify, method="test")
    bed.speaker.set_bit(Bit.REVOKED, on=False)
    made = Bedside(
        Pod(
            id=name,
            plan=plan,
            tracking=tracks,
            decision=opening_state(plan, grant, None),
            waves=watched(plan, stream, bed.output_s),
        ),
        intake=LiveIntake(bed.source, None, ahead_s=ahead_s),
        speaker=bed.speaker,
        choose=sealer.sound_of,
        gate=OpenGate(),
        output=bed.output,
        tell_phase=sealer.tell_phase,
    )
    made.post(NightTime(0.0), LightsOff(onset_s=0.0, by="test"))
    return made
