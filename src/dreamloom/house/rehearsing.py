"""What would this dreamscape do? Whole nights of simulated sleepers who hear it, on beliefs alone, in seconds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from os import cpu_count
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

import msgspec

from dreamloom.adapters.simulated_beliefs import BelievedIntake, Shows
from dreamloom.adapters.speaker.heard import HeardSpeaker
from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.adapters.sqlite import read_only
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.unstaged import PodKind
from dreamloom.engine.bedside import Bedside
from dreamloom.engine.clocks import VirtualClock, boot_s
from dreamloom.engine.loop import Listener, NightEngine
from dreamloom.gallery.night_statistics import NightStatistics, statistics_of
from dreamloom.governance.consent import read_grants
from dreamloom.house import making, opening
from dreamloom.house.assembling import RunOptions
from dreamloom.house.cue_sounds import Shelf, make_sounds
from dreamloom.house.kept_ledger import KeptLedger
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import NightAsked, PodAsked
from dreamloom.house.opening import Asked
from dreamloom.house.resuming import Past
from dreamloom.house.running import run_night
from dreamloom.house.side_by_side import HowFar, Lived, side_by_side
from dreamloom.house.starting_states import starting_night, starting_pod
from dreamloom.house.supporting import OF_KINDS, data_of, refuse_unsupported
from dreamloom.pod.tracking import Believing
from dreamloom.record.codec import comparable, decode
from dreamloom.record.events import AnyEvent, ArousalSeen, CueLabelled, CuePlayed, LightsOff, Softened
from dreamloom.sleeper.presets import PRESETS
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.stages import Stage
from dreamloom.vocabulary.units import NightTime

SLEEPERS = 12
HOURS = 8.0
SHOWN: dict[PodKind, Shows] = {"headband": "stages", "watch": "movement", "phone": "movement", "speaker": "nothing"}
"""What a bed may believe: a phone on the mattress shows movement as a watch does."""
AFTER_CUE_S = 15.0
"""An arousal this soon after a cue's onset may be the cue's doing. The rule that softens cues looks as far."""
BELIEFS_SPEED_X, SIGNALS_SPEED_X = 3_500.0, 150.0
"""Night seconds in one of a core, as measured on two cores of 2026; other machines differ, and are told apart soon."""
START_S = 4.0
OPENS_AT = datetime(2000, 1, 1, 23, 0, tzinfo=UTC)
"""A rehearsal opens at eleven in the evening, whatever the time is: what asks for a time on the wall meets it. Ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalAsked:
    """A dreamscape's text, who is to sleep by it (presets, over and over), how many, how long, and which seed.

    On signals, every night is run whole, from samples to cues, as a real one would be; else on beliefs alone.
    At a pod that tells no stage it goes by the clock.
    """

    text: str
    file: str
    presets: Sequence[str] = tuple(PRESETS)
    sleepers: int = SLEEPERS
    hours: float = HOURS
    seed: int = 7
    on_signals: bool = False
    pod: PodKind = "headband"

    @property
    def cores(self) -> int:
        """How many nights run at once."""
        return min(cpu_count() or 1, self.sleepers)

    @property
    def estimate_s(self) -> float:
        """About how long it takes on this machine, when nothing else runs; told before, not promised."""
        speed_x = SIGNALS_SPEED_X if self.on_signals else BELIEFS_SPEED_X
        rounds = math.ceil(self.sleepers / self.cores)
        return START_S + rounds * self.hours * 3600 / speed_x


@dataclass(frozen=True, slots=True, kw_only=True)
class BedRehearsed:
    """One simulated sleeper's night.

    Attributes:
        statistics: as in a morning report.
        aroused_after_cues: cues with an arousal within AFTER_CUE_S.
        softened: how often an arousal made the next cues softer.
        stopped: the dreamscape's own rule ended the cues.
        events: for the picture.
    """

    pod: str
    preset: str
    statistics: NightStatistics
    aroused_after_cues: int
    softened: int
    events: Sequence[AnyEvent]

    @property
    def cues(self) -> int:
        return self.statistics.cues.played

    @property
    def unstaged(self) -> int:
        """Cues that were due by the clock alone."""
        return sum(isinstance(event, CueLabelled) for event in self.events)

    @property
    def rem_s(self) -> float:
        """Time the simulated stager called R."""
        return sum(row.duration_s for row in self.statistics.sleep.stages if row.stage is Stage.R)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """All beds of a rehearsal, by pod."""

    dreamscape: str
    sha256: str
    hours: float
    seed: int
    beds: Sequence[BedRehearsed]
    took_s: float
    pod: PodKind
    plays: Sequence[dict[str, object]]

    @property
    def cues_per_hour(self) -> float:
        """Mean over all sleepers and hours."""
        return round(sum(bed.cues for bed in self.beds) / (len(self.beds) * self.hours), 2)

    @property
    def withheld(self) -> dict[str, int]:
        """Occasions that passed without a cue, by reason, most first."""
        found: dict[str, int] = {}
        for bed in self.beds:
            for row in bed.statistics.cues.withheld:
                found[row.reason] = found.get(row.reason, 0) + row.occasions
        return dict(sorted(found.items(), key=lambda row: -row[1]))


def rehearse(asked: RehearsalAsked, *, progress: Callable[[HowFar], None] = lambda _: None) -> Rehearsal:
    """Plays the dreamscape to simulated sleepers, each a night of its own, on as many cores as there are.

    Raises:
        ConfigError: when the dreamscape has an error, or a preset is not known.
        RefusedError: when the pod cannot support a gate of it, and no fallback is declared.
    """
    began_s = boot_s()
    dreamscape = opening.read_checked(asked.text, file=asked.file)
    bed = OF_KINDS[asked.pod]
    refuse_unsupported(dreamscape, bed, name=f"A {asked.pod}")
    presets = list(islice(cycle(asked.presets), asked.sleepers))
    with TemporaryDirectory(prefix="dreamloom-rehearsal-", ignore_cleanup_errors=True) as house:
        night = partial(_night_on_signals, Path(house)) if asked.on_signals else partial(_night, asked.pod)
        nights = [
            partial(night, asked.text, asked.file, preset, number, asked.hours, asked.seed)
            for number, preset in enumerate(presets, 1)
        ]
        told = side_by_side(nights, each_s=_whole_s(asked.hours), cores=asked.cores, progress=progress)
    beds = [
        _rehearsed(f"p{number}", preset, [decode(line) for line in lines])
        for number, (preset, lines) in enumerate(zip(presets, told, strict=True), 1)
    ]
    return Rehearsal(
        dreamscape=dreamscape.name,
        sha256=reader.sha256(asked.text),
        hours=asked.hours,
        seed=asked.seed,
        beds=beds,
        took_s=round(boot_s() - began_s, 1),
        pod=asked.pod,
        plays=data_of(dreamscape, bed),
    )


def _rehearsed(pod: str, preset: str, events: Sequence[AnyEvent]) -> BedRehearsed:
    cued_s = [event.onset_s for event in events if isinstance(event, CuePlayed)]
    aroused_s = [event.onset_s for event in events if isinstance(event, ArousalSeen)]
    return BedRehearsed(
        pod=pod,
        preset=preset,
        statistics=statistics_of(events, pod),
        aroused_after_cues=sum(any(0 <= at_s - cue_s <= AFTER_CUE_S for at_s in aroused_s) for cue_s in cued_s),
        softened=sum(isinstance(event, Softened) for event in events),
        events=events,
    )


def _whole_s(hours: float) -> int:
    return round(hours * 3600)


def _telling(lived: Lived, hours: float) -> Listener:
    """Says after every settled second how far a night is; the seconds in which it is closed are none of it."""
    return lambda tick, *_: lived(float(min(tick + 1, _whole_s(hours))))


def _night(  # noqa: PLR0913, PLR0917 - one job's words, sent to another process
    kind: PodKind, text: str, file: str, preset: str, number: int, hours: float, seed: int, lived: Lived
) -> list[bytes]:
    """One sleeper's night; its events as the record would hold them."""
    pod = PodAsked(id=f"p{number}", sleeper=f"S{number:02d}", source=f"sim:{preset}")
    asked = _asked(text, file, pod)
    asked = asked.at(OF_KINDS[kind], msgspec.structs.replace(pod, groups=tuple(asked.dreamscape.groups)))
    intake = BelievedIntake(preset, seed=seed, sleeper=pod.sleeper, duration_s=_whole_s(hours), shows=SHOWN[kind])
    speaker = HeardSpeaker(VirtualSpeaker(), intake)
    speaker.set_bit(Bit.REVOKED, on=False)
    past, grant = Past(), asked.grant_of(pod)
    bed = Bedside(
        starting_pod(asked, past, pod, Believing(), grant=grant, opened_utc=OPENS_AT),
        intake=intake,
        speaker=speaker,
        choose=lambda due: asked.sounds.get(due.cue),
    )
    first_s = NightTime(0.0)
    described = opening.stream_described(intake.stream, intake.stream.source, first_s)
    for event in (described, LightsOff(onset_s=0.0, by="start of the night")):
        bed.post(first_s, event)
    ledger = KeptLedger()
    engine = NightEngine(
        clock=VirtualClock(),
        bedsides={pod.id: bed},
        night=starting_night(asked, past, opened_utc=OPENS_AT),
        offer=asked.offer,
        ledger=ledger,
        watch=lambda _: (),
        seal=lambda event: (event, None),
        speed_x=None,
        listeners=[_telling(lived, hours)],
    )
    engine.run()
    engine.close(status="complete", reason="rehearsed")
    return [comparable(event) for event in ledger.told]


def _night_on_signals(  # noqa: PLR0913, PLR0917 - one job's words, sent to another process
    folder: Path, text: str, file: str, preset: str, number: int, hours: float, seed: int, lived: Lived
) -> list[bytes]:
    """One sleeper's night as a real one: samples made, kept, scored, decided on; in a house of its own in folder."""
    pod = PodAsked(id=f"p{number}", sleeper=f"S{number:02d}", source=f"sim:{preset},hours={hours:g},with=ears")
    house = folder / pod.id
    house.mkdir()
    copy = (house / Path(file).name).with_suffix(".yaml")
    copy.write_text(text, encoding="utf-8")
    night = making.write_night(House(house), "rehearsal", [pod], str(copy), seed=seed, beside=Path(file).parent)
    run_night(night, RunOptions(speed_x=None, opens_utc=OPENS_AT, listeners=[_telling(lived, hours)]))
    with read_only(night.record) as record:
        events = [comparable(event) for event in record.events()]
    rmtree(house, ignore_errors=True)
    return events


def _asked(text: str, file: str, pod: PodAsked) -> Asked:
    """A night as files would ask for it: this text, one bed, everybody agreeing to everything."""
    dreamscape, sha256 = reader.read(text, file=file), reader.sha256(text)
    return Asked(
        folder=NightFolder(Path("rehearsal")),
        night=NightAsked(dreamscape=file, pod=(pod,)),
        dreamscape=dreamscape,
        dreamscape_sha256=sha256,
        grants=read_grants(making.grant_toml(pod.sleeper, dreamscape, sha256), file="consent.toml"),
        night_sha256=sha256,
        consent_sha256=sha256,
        sounds=make_sounds(dreamscape, Shelf((Path(file).parent,))),
    )
