"""A small house of beds that are told what to believe: who signals when, who is in which stage, who says no."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.clocks import VirtualClock
from dreamloom.engine.gatekeeper import OpenGate
from dreamloom.engine.loop import NightEngine, Outside, Watch
from dreamloom.house.asked import Asked
from dreamloom.house.outlook import all_of, scripted
from dreamloom.house.rehearsed_night import OPENS_AT, BedWanted, TogetherAsked, asked_together, first_words
from dreamloom.house.resuming import Past
from dreamloom.house.starting_states import starting_night, starting_pod
from dreamloom.house.supporting import OF_KINDS
from dreamloom.pod.tracking import BelievedSecond, Believing
from dreamloom.ports import Clock, Speaker
from dreamloom.record.events import AnyEvent, EyeSignalSeen, StageScored
from dreamloom.signals.blocks import StreamInfo
from dreamloom.signals.grid import Gap
from dreamloom.testing.ledgers import MemoryLedger
from dreamloom.testing.vaults import MemoryVault
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import Hertz, NightTime, Seconds

StageAt = Callable[[int], Stage]
"""The stage that is believed at the end of this second."""
SURE = 0.96


def always(stage: Stage) -> StageAt:
    """One stage, all night."""
    return lambda _: stage


class ToldIntake:
    """Seconds of one bed: a stage each five of them, and whatever else is said to happen; implements Intake."""

    def __init__(
        self,
        stage_at: StageAt,
        facts: Mapping[int, Sequence[AnyEvent]],
        duration_s: int,
        missing: Collection[int] = (),
        *,
        source: str = "told",
    ) -> None:
        self.stream = StreamInfo(source, (), Hertz(1.0), 1, Seconds(0.0))
        self.ends_s, self.fresh_s = NightTime(float(duration_s)), NightTime(0.0)
        self._missing = missing
        self._stage_at, self._facts, self._duration_s, self._next = stage_at, facts, duration_s, 0

    @property
    def ended(self) -> bool:
        return self._next >= self._duration_s

    def read(self, until_s: NightTime) -> tuple[Sequence[BelievedSecond], Sequence[Gap]]:
        seconds = []
        while not self.ended and self._next + 1 <= until_s:
            if self._next not in self._missing:
                seconds.append(self._second(self._next))
            self._next += 1
        self.fresh_s = NightTime(float(self._next))
        return seconds, ()

    def opened(self, index: int, first: int) -> None:
        """There are no samples."""

    def close(self) -> None:
        """Nothing is held open."""

    def _second(self, index: int) -> BelievedSecond:
        now_s = index + 1.0
        scored = [_scored(self._stage_at(index), now_s)] if index % 5 == 4 else []
        return BelievedSecond(index, NightTime(now_s), (*scored, *self._facts.get(index, ())), stirring=False)


def signal(at_s: float) -> EyeSignalSeen:
    """The agreed signal, given twice and seen at this moment."""
    return EyeSignalSeen(
        onset_s=at_s,
        status="confirmed",
        confidence=0.9,
        began_s=at_s - 8.0,
        ended_s=at_s - 1.0,
        size_uv=300.0,
        sweep_s=0.6,
        first="left",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBed:
    """What one bed believes, and the seconds that never came.

    `changes` override terms of a grant that agrees to everything and to everyone.
    """

    stage_at: StageAt = field(default_factory=lambda: always(Stage.R))
    facts: Mapping[int, Sequence[AnyEvent]] = field(default_factory=dict)
    missing: Collection[int] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    groups: tuple[str, ...] | None = None
    source: str = "told"
    speaker: Speaker = field(default_factory=VirtualSpeaker)


def told_night(  # noqa: PLR0913 - test kit, each turn a night can take by its name
    text: str,
    beds: Sequence[ToldBed],
    *,
    duration_s: int,
    script: Sequence[Outside] = (),
    watches: Sequence[Watch] = (),
    clock: Clock | None = None,
    speed_x: float | None = None,
) -> tuple[list[AnyEvent], MemoryLedger]:
    """The events of a night of these beds, p1 and S01 first, and its record.

    With speed_x 1 the engine looks after its speakers and its own time as in a live night, whatever the clock.
    """
    wanted = [BedWanted(number=number, preset="typical") for number in range(1, len(beds) + 1)]
    asked = _asked(text, wanted, beds, duration_s)
    vault = MemoryVault(seed=1)
    ledger = MemoryLedger(
        origin="test/night", vault=vault, subject_of=lambda event: asked.sleeper_of.get(event.pod or "", "house")
    )
    engine = NightEngine(
        clock=clock or VirtualClock(),
        bedsides={
            pod.id: _bedside(asked, number, beds[number], duration_s) for number, pod in enumerate(asked.night.pod)
        },
        night=starting_night(asked, Past(), opened_utc=OPENS_AT),
        offer=asked.offer,
        ledger=ledger,
        watch=all_of(*watches, scripted(script)),
        seal=lambda event: (event, None),
        speed_x=speed_x,
    )
    engine.run()
    engine.close(status="complete", reason="test")
    return list(ledger.events()), ledger


def _asked(text: str, wanted: Sequence[BedWanted], beds: Sequence[ToldBed], duration_s: int) -> Asked:
    asked = asked_together(TogetherAsked(text=text, file="company.yaml", beds=wanted, duration_s=duration_s, seed=1))
    pods = tuple(
        pod if bed.groups is None else msgspec.structs.replace(pod, groups=bed.groups)
        for pod, bed in zip(asked.night.pod, beds, strict=True)
    )
    grants = {
        pod.sleeper: msgspec.structs.replace(asked.grants[pod.sleeper], **bed.changes)
        for pod, bed in zip(pods, beds, strict=True)
    }
    return replace(asked, night=msgspec.structs.replace(asked.night, pod=pods), grants=grants)


def _bedside(asked: Asked, number: int, bed: ToldBed, duration_s: int) -> Bedside:
    pod = asked.night.pod[number]
    here, intake, speaker = (
        asked.at(OF_KINDS["headband"], pod),
        ToldIntake(bed.stage_at, bed.facts, duration_s, bed.missing, source=bed.source),
        bed.speaker,
    )
    speaker.set_bit(Bit.REVOKED, on=False)
    made = Bedside(
        starting_pod(here, Past(), pod, Believing(), grant=here.grant_of(pod), opened_utc=OPENS_AT),
        intake=intake,
        speaker=speaker,
        choose=lambda due: here.sounds.get(due.cue),
        gate=OpenGate(),
    )
    for event in first_words(here, pod, intake.stream):
        made.post(NightTime(0.0), event)
    return made


def _scored(stage: Stage, now_s: float) -> StageScored:
    rest = (1.0 - SURE) / (len(SCORED_STAGES) - 1)
    return StageScored(
        onset_s=now_s,
        stage=str(stage),
        confidence=SURE,
        probabilities={str(each): SURE if each is stage else rest for each in SCORED_STAGES},
        window_s=30.0,
        decided_at_s=now_s,
        quality=1.0,
        method="told",
    )
