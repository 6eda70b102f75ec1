"""What does a night on beliefs alone come to? One opening of simulated beds, together in one house, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from dreamloom.adapters.simulated_beliefs import BelievedIntake, Shows
from dreamloom.adapters.speaker.heard import HeardSpeaker
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.unstaged import PodKind
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.clocks import VirtualClock
from dreamloom.engine.gatekeeper import OpenGate
from dreamloom.engine.loop import Listener, NightEngine, Outside
from dreamloom.governance.consent import read_grants
from dreamloom.house import making, opening_events
from dreamloom.house.asked import Asked
from dreamloom.house.cue_sounds import Shelf, make_sounds
from dreamloom.house.kept_ledger import KeptLedger
from dreamloom.house.layout import NightFolder
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.house.outlook import scripted
from dreamloom.house.resuming import Past
from dreamloom.house.starting_states import starting_night, starting_pod
from dreamloom.house.supporting import OF_KINDS
from dreamloom.night.state import NightState
from dreamloom.pod import waves
from dreamloom.pod.tracking import Believing
from dreamloom.record.events import AnyEvent, GroupsTold, LightsOff
from dreamloom.signals.blocks import StreamInfo
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.units import NightTime

SHOWN: dict[PodKind, Shows] = {"headband": "stages", "watch": "movement", "phone": "movement", "speaker": "nothing"}
"""What a bed may believe: a phone on the mattress shows movement as a watch does."""
OPENS_AT = datetime(2000, 1, 1, 23, 0, tzinfo=UTC)
"""A rehearsal opens at eleven in the evening, whatever the time is: what asks for a time on the wall meets it. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BedWanted:
    """One simulated bed: its number, whose preset lies in it, and what stands beside it."""

    number: int
    preset: str
    kind: PodKind = "headband"

    @property
    def pod(self) -> PodAsked:
        return PodAsked(id=f"p{self.number}", sleeper=f"S{self.number:02d}", source=f"sim:{self.preset}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherAsked:
    """Who sleeps by which text, for how long, and what comes from outside meanwhile."""

    text: str
    file: str
    beds: Sequence[BedWanted]
    duration_s: int
    seed: int
    script: Sequence[Outside] = ()


def night_on_beliefs(wanted: TogetherAsked, *, listeners: Sequence[Listener] = ()) -> list[AnyEvent]:
    """The events of one night, as its record would hold them; everybody agrees to everything and to everyone.

    Raises:
        ConfigError: for a simulated sleeper that is not known.
    """
    asked = asked_together(wanted)
    ledger = KeptLedger()
    engine = NightEngine(
        clock=VirtualClock(),
        bedsides={bed.pod.id: believing_bedside(wanted, bed, asked)[0] for bed in wanted.beds},
        night=night_before(asked),
        offer=asked.offer,
        ledger=ledger,
        watch=scripted(wanted.script),
        seal=lambda event: (event, None),
        speed_x=None,
        listeners=listeners,
    )
    engine.run()
    engine.close(status="complete", reason="rehearsed")
    return ledger.told


def asked_together(wanted: TogetherAsked) -> Asked:
    """A night as files would ask for it: this text, these beds, all in every group, everybody agreeing."""
    dreamscape, sha256 = reader.read(wanted.text, file=wanted.file), reader.sha256(wanted.text)
    groups = tuple(dreamscape.groups)
    pods = tuple(msgspec.structs.replace(bed.pod, groups=groups) for bed in wanted.beds)
    grants = making.grants_toml([pod.sleeper for pod in pods], dreamscape, sha256)
    return Asked(
        folder=NightFolder(Path("rehearsal")),
        night=NightAsked(dreamscape=wanted.file, pod=pods),
        dreamscape=dreamscape,
        dreamscape_sha256=sha256,
        grants=read_grants(grants, file="consent.toml"),
        night_sha256=sha256,
        consent_sha256=sha256,
        sounds=make_sounds(dreamscape, Shelf((Path(wanted.file).parent,))),
    )


def night_before(asked: Asked) -> NightState:
    """What the house knows before the first tick."""
    return starting_night(asked, Past(), opened_utc=OPENS_AT)


def believing_bedside(wanted: TogetherAsked, bed: BedWanted, asked: Asked) -> tuple[Bedside, BelievedIntake]:
    """One bed that has not moved yet, and what it will believe."""
    pod = next(pod for pod in asked.night.pod if pod.id == bed.pod.id)
    here = asked.at(OF_KINDS[bed.kind], pod)
    intake = BelievedIntake(
        bed.preset, seed=wanted.seed, sleeper=pod.sleeper, duration_s=wanted.duration_s, shows=SHOWN[bed.kind]
    )
    speaker = HeardSpeaker(VirtualSpeaker(), intake)
    speaker.set_bit(Bit.REVOKED, on=False)
    grant = here.grant_of(pod)
    assert grant is not None
    opening_pod = starting_pod(here, Past(), pod, Believing(), grant=grant, opened_utc=OPENS_AT)
    phases = waves.supposed(opening_pod.plan) if SHOWN[bed.kind] == "stages" else ()
    made = Bedside(
        msgspec.structs.replace(opening_pod, waves=phases),
        intake=intake,
        speaker=speaker,
        choose=lambda due: here.sounds.get(due.cue),
        gate=OpenGate(),
    )
    first_s = NightTime(0.0)
    for event in first_words(here, pod, intake.stream):
        made.post(first_s, event)
    return made, intake


def first_words(asked: Asked, pod: PodAsked, stream: StreamInfo) -> list[AnyEvent]:
    """What a bed is told before its first second: a stream, a consent, its groups, lights off."""
    first_s, grant = NightTime(0.0), asked.grant_of(pod)
    return [
        opening_events.stream_described(stream, stream.source, first_s),
        *([opening_events.consent_given(grant, pod.sleeper, first_s)] if grant else []),
        *([GroupsTold(onset_s=first_s, groups=pod.groups)] if pod.groups else []),
        LightsOff(onset_s=first_s, by="start of the night"),
    ]
