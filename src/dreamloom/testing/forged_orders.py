"""Who could have a bed sound something without right? Ten ways, each attempt another one, at a real bed with its gate.

The bed has everything a bed has: gatekeeper, pod loop, vetoes, house rules, sounds on a disk, a speaker that renders.
"""

import dataclasses
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.gatekeeper import Gatekeeper, OrderDesk, Word
from dreamloom.governance.policy.bundle import sha256
from dreamloom.governance.policy.shipped import shipped
from dreamloom.house.arming import FixedArms
from dreamloom.house.layout import PodFolder
from dreamloom.house.sealing import ArmSealer
from dreamloom.house.sounds_at_bed import SoundsAtBed, lay_down
from dreamloom.jukebox.cues import Sound
from dreamloom.pod.loop import Pod
from dreamloom.pod.plan import Plan
from dreamloom.pod.state import opening_state
from dreamloom.pod.tracking import BelievedSecond, Believing
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    ConsentWithdrawn,
    CueDue,
    CueFailed,
    CuePlayed,
    CueWithheld,
    GlitchSeen,
    LeaseGranted,
    LightsOff,
    StageScored,
)
from dreamloom.seals.notes import public_key
from dreamloom.seals.orders import Envelope
from dreamloom.signals.blocks import StreamInfo
from dreamloom.signals.grid import Gap
from dreamloom.testing.nights import EAGER, grant_for, plan_of
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, Hertz, NightTime, Seconds, to_microsecond

SEED = b"h" * 32
POD, NIGHT = "p1", "tonight"
WARM_TICKS = 24
PER_BED = 48
LAWFUL_EVERY = 8
"""At a bed that may sound, each eighth word is a lawful one: what is refused must not spoil what is not."""
POLICY = sha256(shipped())
TAGS = ("commercial", "political", "brand", "advertising", "worship", "party")
Chance = np.random.Generator


class StagedIntake:
    """Seconds of which only the stage is known."""

    stream = StreamInfo(source="staged", channels=(), sfreq_hz=Hertz(100.0), grid_hz=100, delay_s=Seconds(0.05))
    ended = False
    ends_s = NightTime(math.inf)

    def __init__(self, stage: str) -> None:
        self._stage, self._next = stage, 0

    @property
    def fresh_s(self) -> NightTime:
        return NightTime(float(self._next))

    def read(self, until_s: NightTime) -> tuple[Sequence[BelievedSecond], Sequence[Gap]]:
        found = []
        while self._next + 1.05 <= until_s:
            here_s = NightTime(self._next + 1.05)
            found.append(BelievedSecond(self._next, here_s, self._facts(self._next), stirring=False))
            self._next += 1
        return found, []

    def _facts(self, index: int) -> tuple[AnyEvent, ...]:
        if index % 5:
            return ()
        shares = {stage: 0.96 if stage == self._stage else 0.01 for stage in ("W", "N1", "N2", "N3", "R")}
        return (
            StageScored(
                onset_s=index + 1.0,
                stage=self._stage,
                confidence=0.96,
                probabilities=shares,
                window_s=30.0,
                decided_at_s=index + 1.0,
                quality=1.0,
                method="told",
            ),
        )

    def opened(self, index: int, first: int) -> FloatArray | None:  # noqa: ARG002 - no samples
        return None

    def close(self) -> None: ...


@dataclass(kw_only=True)
class Target:
    """One bed, and what came of whatever was said to it."""

    folder: PodFolder
    stage: str = "R"
    text: str = EAGER
    standing: Callable[[], str | None] = lambda: None
    events: list[AnyEvent] = field(default_factory=list)
    tick: int = 0
    obeyed: list[Envelope] = field(default_factory=list)

    def __post_init__(self) -> None:
        plan, sounds = _plan(self.text)
        self.plan, self.desk, self.before = plan, desk(), desk(boot=0)
        self.chord = sounds["chord"].frames.tobytes()
        sealer = ArmSealer(
            vault=MemoryVault(seed=1),
            origin="test/night",
            sleeper_of={POD: "S01"},
            arms=FixedArms({POD: "none"}, plan.dreamscape),
            dreamscape=plan.dreamscape,
            sounds=sounds,
        )
        lay_down({self.folder: sounds.values()}, warn=print)
        speaker = VirtualSpeaker()
        speaker.set_bit(Bit.REVOKED, on=False)
        gate = Gatekeeper(
            night=NIGHT,
            pod=POD,
            policy_sha256=POLICY,
            public=public_key(SEED),
            boot=1,
            standing=self.standing,  # type: ignore[arg-type]  # says what the test says
        )
        self.bed = Bedside(
            Pod(
                id=POD,
                plan=plan,
                tracking=Believing(),
                decision=opening_state(plan, grant_for(plan, stages=("R",)), None),
            ),
            intake=StagedIntake(self.stage),
            speaker=speaker,
            choose=SoundsAtBed(self.folder, sealer).choose,
            gate=gate,
        )
        self.bed.post(NightTime(0.0), LightsOff(onset_s=0.0, by="test"))
        for _ in range(WARM_TICKS):
            self.live()

    def live(self, words: Sequence[Word] = ()) -> None:
        """One second."""
        self.bed.read(NightTime(self.tick + 1.1))
        self.bed.meet()
        self.bed.pass_time(NightTime(self.tick + 1.0))
        self.events += self.bed.advance(self.tick, words)
        self.tick += 1

    def end(self) -> None:
        for _ in range(3):
            self.live()
        self.events += self.bed.close(self.tick)

    def of(self, kind: type) -> list[AnyEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def _plan(text: str) -> tuple[Plan, dict[str, Sound]]:
    plan, sounds = plan_of(text)
    return dataclasses.replace(plan, policy_sha256=POLICY), sounds


def desk(*, night: str = NIGHT, policy: str = POLICY, seed: bytes = SEED, boot: int = 1) -> OrderDesk:
    """Somebody who signs: the house itself, if nothing else is said."""
    return OrderDesk(night=night, policy_sha256=policy, seed=seed, boot=boot)


def command(at: Target, onset_s: float, **changes: object) -> CommandGiven:
    """A lawful command, but for the changes."""
    terms: dict[str, object] = {
        "onset_s": to_microsecond(NightTime(onset_s)),
        "by": "R",
        "cue": "chord",
        "cue_sha256": at.plan.cue_sha256["chord"],
        "sound_class": "sleep",
        "level_cap_db": 45.0,
        "dreamscape_sha256": at.plan.dreamscape_sha256,
        "policy_sha256": POLICY,
        "not_after_s": to_microsecond(NightTime(onset_s + 2.0)),
    }
    return CommandGiven(**{**terms, **changes})  # type: ignore[arg-type]  # a test may put in anything on purpose


def lease(at: Target, from_s: float, until_s: float, number: int) -> LeaseGranted:
    """A lease of the bed's one cue."""
    return LeaseGranted(
        id=f"night.1.{number}",
        onset_s=from_s,
        pod=POD,
        lease=f"{POD}-{number}",
        scene="test",
        cues=dict(at.plan.cue_sha256),
        sound_class="sleep",
        level_cap_db=45.0,
        cues_left=10,
        arm=None,
        dreamscape_sha256=at.plan.dreamscape_sha256,
        policy_sha256=POLICY,
        not_before_s=to_microsecond(NightTime(from_s)),
        not_after_s=to_microsecond(NightTime(until_s)),
    )


def _give(at: Target, word: Word | CommandGiven, onset_s: float) -> None:
    at.bed.post(NightTime(onset_s), word)


def _seal(at: Target, by: OrderDesk, onset_s: float, chance: Chance, *, pod: str = POD) -> tuple[Envelope, bool]:
    """An order as a lease or a command, by whoever signs, and whether it is a lease."""
    if chance.random() < 0.5:
        now_s = at.tick + 1.0
        return by.lease(lease(at, now_s, now_s + 30.0, at.tick), pod=pod, from_s=NightTime(now_s)), True
    return by.command(command(at, onset_s), pod=pod), False


def _send(at: Target, sealed: tuple[Envelope, bool], onset_s: float) -> list[Word]:
    envelope, is_lease = sealed
    if is_lease:
        return [envelope]
    _give(at, envelope, onset_s)
    return []


def _flipped(data: bytes, chance: Chance) -> bytes:
    spoilt = bytearray(data)
    spoilt[int(chance.integers(len(spoilt)))] ^= 1 << int(chance.integers(8))
    return bytes(spoilt)


def _unsigned(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    """Bare, without a signature, with noise for one, under another key, or with one bit of it changed."""
    kind = int(chance.integers(6))
    if kind == 0:
        _give(at, command(at, onset_s), onset_s)
        return []
    if kind == 1:
        return [lease(at, at.tick + 1.0, at.tick + 31.0, at.tick)]
    by = desk(seed=chance.bytes(32)) if kind == 2 else at.desk
    envelope, is_lease = _seal(at, by, onset_s, chance)
    if kind == 3:
        envelope = envelope._replace(signature=b"")
    elif kind == 4:
        envelope = envelope._replace(signature=chance.bytes(64))
    elif kind == 5 and chance.random() < 0.5:
        envelope = envelope._replace(text=_flipped(envelope.text, chance))
    elif kind == 5:
        envelope = envelope._replace(signature=_flipped(envelope.signature, chance))
    return _send(at, (envelope, is_lease), onset_s)


def _replayed(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    """What this bed obeyed before, or what the house signed for this moment in an earlier opening."""
    if at.obeyed and chance.random() < 0.5:
        _give(at, at.obeyed[int(chance.integers(len(at.obeyed)))], onset_s)
        return []
    return _send(at, _seal(at, at.before, onset_s, chance), onset_s)


def _stale(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    """Too late, or too early."""
    late_s = float(chance.uniform(2.0, 3600.0)) if chance.random() < 0.7 else -float(chance.uniform(0.001, 600.0))
    if chance.random() < 0.5:
        _give(at, at.desk.command(command(at, onset_s - late_s), pod=POD), onset_s)
        return []
    now_s = at.tick + 1.0
    from_s = now_s - late_s - (30.0 if late_s > 0 else 0.0)
    word = lease(at, now_s, now_s + 30.0, at.tick)
    return [at.desk.lease(word, pod=POD, from_s=NightTime(from_s))]


def _expired(at: Target, _: float, chance: Chance) -> list[Word]:
    """A lease that is over, in an order that is not."""
    now_s = at.tick + 1.0
    until_s = now_s - float(chance.uniform(0.0, 100.0))
    word = lease(at, until_s - float(chance.uniform(0.1, 30.0)), until_s, at.tick)
    return [at.desk.lease(word, pod=POD, from_s=NightTime(now_s))]


def _wrong_pod(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    return _send(at, _seal(at, at.desk, onset_s, chance, pod=f"p{int(chance.integers(2, 1000))}"), onset_s)


def _old_policy(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    """Under other rules, by the order or only by the word in it."""
    old = chance.bytes(32).hex()
    if chance.random() < 0.5:
        return _send(at, _seal(at, desk(policy=old), onset_s, chance), onset_s)
    _give(at, at.desk.command(command(at, onset_s, policy_sha256=old), pod=POD), onset_s)
    return []


def _lawful(at: Target, onset_s: float, _: Chance) -> list[Word]:
    envelope = at.desk.command(command(at, onset_s, by="lawful"), pod=POD)
    at.obeyed.append(envelope)
    _give(at, envelope, onset_s)
    return []


def _altered(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    """A lawful command, and a file that is another one by one bit, by a shorter end, or gone."""
    path = at.folder.cues / at.plan.cue_sha256["chord"]
    kind = int(chance.integers(3))
    path.unlink(missing_ok=True)
    if kind < 2:
        path.write_bytes(_flipped(at.chord, chance) if kind else at.chord[: int(chance.integers(len(at.chord)))])
    _give(at, at.desk.command(command(at, onset_s), pod=POD), onset_s)
    return []


def _at_closed(at: Target, onset_s: float, chance: Chance) -> list[Word]:
    """What the house itself says, a command or a lease."""
    return _send(at, _seal(at, at.desk, onset_s, chance), onset_s)


Try = Callable[[Target, float, Chance], list[Word]]
AT_OPEN_BEDS: dict[str, Try] = {
    "unsigned": _unsigned,
    "replayed": _replayed,
    "stale": _stale,
    "expired lease": _expired,
    "wrong pod": _wrong_pod,
    "old policy": _old_policy,
    "altered file": _altered,
}
"""Tried where a lawful word sounds."""
AT_CLOSED_BEDS = ("wrong stage", "wrong tag", "revoked")
"""Lawful words at beds where none may sound."""
KINDS = (*AT_OPEN_BEDS, *AT_CLOSED_BEDS)


@dataclass(kw_only=True)
class Tried:
    """What a kind came to; reasons as the record has them."""

    attempts: int = 0
    played: int = 0
    lawful: int = 0
    lawful_played: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def try_forgeries(kind: str, attempts: int, *, seed: int, lawful: int = 0) -> Tried:
    """So many attempts of one kind, and beside them so many lawful cues where the beds are open."""
    chance, tried = stream(seed, "forged orders", kind), Tried()
    with tempfile.TemporaryDirectory() as scratch:
        while tried.attempts < attempts or tried.lawful < lawful:
            _one_bed(kind, tried, chance, folder=PodFolder(Path(scratch)), wanted=(attempts, lawful))
    return tried


def _one_bed(kind: str, tried: Tried, chance: Chance, *, folder: PodFolder, wanted: tuple[int, int]) -> None:
    at = _target(kind, chance, folder)
    attempt, is_open = AT_OPEN_BEDS.get(kind, _at_closed), kind in AT_OPEN_BEDS
    tries = lawful = 0
    for turn in range(PER_BED):
        onset_s = at.tick + float(chance.uniform(0.0, 0.999))
        if is_open and turn % LAWFUL_EVERY == LAWFUL_EVERY - 3:
            if tried.lawful + lawful < wanted[1]:
                (folder.cues / at.plan.cue_sha256["chord"]).write_bytes(at.chord)
                at.live(_lawful(at, onset_s, chance))
                lawful += 1
        elif is_open and turn % LAWFUL_EVERY > LAWFUL_EVERY - 3:
            at.live()  # while it sounds
        elif tried.attempts + tries < wanted[0]:
            words = attempt(at, onset_s, chance)
            at.live(words)
            tries += 1
            if kind == "altered file":
                at.live()
    at.end()
    played, by_law = len(at.of(CuePlayed)), min(_played_by_law(at.events), lawful)
    tried.attempts += tries
    tried.lawful += lawful
    tried.lawful_played += by_law
    tried.played += played - by_law
    tried.reasons.update(_reasons(at.events))


def _target(kind: str, chance: Chance, folder: PodFolder) -> Target:
    stage = str(chance.choice(["W", "N1", "N2", "N3"])) if kind == "wrong stage" else "R"
    tag = f"{chance.choice(TAGS)}-{int(chance.integers(1_000_000))}"
    text = EAGER.replace("[therapy]", f"[therapy, {tag}]") if kind == "wrong tag" else EAGER
    how = str(chance.choice(["REVOKED", "UNENROLLED", "withdrawn"])) if kind == "revoked" else ""
    at = Target(folder=folder, stage=stage, text=text, standing=lambda: how if how.isupper() else None)
    if how == "withdrawn":
        said_s = to_microsecond(NightTime(at.tick + float(chance.uniform(0.0, 0.9))))
        at.bed.post(NightTime(said_s), ConsentWithdrawn(onset_s=said_s, sleeper="S01", channel="test"))
        at.live()
    return at


def _played_by_law(events: Sequence[AnyEvent]) -> int:
    lawful = {event.id for event in events if isinstance(event, CommandGiven) and event.by == "lawful"}
    due = {event.id for event in events if isinstance(event, CueDue) and event.cause in lawful}
    return sum(isinstance(event, CuePlayed) and event.cause in due for event in events)


def _reasons(events: Sequence[AnyEvent]) -> Counter[str]:
    told: Counter[str] = Counter()
    for event in events:
        match event:
            case GlitchSeen():
                told[event.glitch] += 1
            case CueFailed():
                told[event.reason] += 1
            case CueWithheld():
                told[event.reason] += event.count
            case _:
                pass
    return told
