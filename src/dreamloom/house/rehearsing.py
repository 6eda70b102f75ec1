"""What would this dreamscape do? Whole nights of simulated sleepers who hear it, on beliefs alone, in seconds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from os import cpu_count
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from dreamloom.adapters.sqlite import read_only
from dreamloom.dreamscape import reader
from dreamloom.dreamscape.moments import meet
from dreamloom.dreamscape.unstaged import PodKind
from dreamloom.engine.clocks import boot_s
from dreamloom.engine.loop import Listener
from dreamloom.gallery.night_statistics import NightStatistics, statistics_of
from dreamloom.house import making, opening
from dreamloom.house.in_step import live_in_step
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked
from dreamloom.house.rehearsed_night import OPENS_AT, BedWanted, TogetherAsked
from dreamloom.house.run_options import RunOptions
from dreamloom.house.running import run_night
from dreamloom.house.side_by_side import SURE_AFTER_S, HowFar, Lived, side_by_side
from dreamloom.house.supporting import OF_KINDS, data_of, refuse_unsupported
from dreamloom.record.codec import comparable, decode
from dreamloom.record.events import AnyEvent, ArousalSeen, CueLabelled, CuePlayed, Softened
from dreamloom.sleeper.presets import PRESETS
from dreamloom.vocabulary.stages import Stage

SLEEPERS = 12
HOURS = 8.0
AFTER_CUE_S = 15.0
"""An arousal this soon after a cue's onset may be the cue's doing. The rule that softens cues looks as far."""
BELIEFS_SPEED_X, SIGNALS_SPEED_X = 7_000.0, 150.0
"""Night seconds in one of a core, as measured on two cores of 2026; other machines differ, and are told apart soon."""
START_S = 4.0


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
    """Plays the dreamscape to simulated sleepers, on as many cores as there are.

    Each has a night of their own, unless something passes between them: then all sleep in one house.

    Raises:
        ConfigError: when the dreamscape has an error, or a preset is not known.
        RefusedError: when the pod cannot support a gate of it, and no fallback is declared.
    """
    began_s = boot_s()
    dreamscape = opening.read_checked(asked.text, file=asked.file)
    bed = OF_KINDS[asked.pod]
    refuse_unsupported(dreamscape, bed, name=f"A {asked.pod}")
    presets = list(islice(cycle(asked.presets), asked.sleepers))
    together = meet(dreamscape) and not asked.on_signals
    events = _in_one_house(asked, presets, progress) if together else _side_by_side(asked, presets, progress)
    of_pod: dict[str | None, list[AnyEvent]] = {}
    for event in events:
        of_pod.setdefault(event.pod, []).append(event)
    beds = [_rehearsed(f"p{n}", preset, of_pod.get(f"p{n}", [])) for n, preset in enumerate(presets, 1)]
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


def _in_one_house(asked: RehearsalAsked, presets: Sequence[str], progress: Callable[[HowFar], None]) -> list[AnyEvent]:
    beds = [BedWanted(number=number, preset=preset, kind=asked.pod) for number, preset in enumerate(presets, 1)]
    wanted = TogetherAsked(
        text=asked.text, file=asked.file, beds=beds, duration_s=_whole_s(asked.hours), seed=asked.seed
    )
    began_s: float | None = None

    def tell(ticks: int) -> None:
        nonlocal began_s
        began_s = boot_s() if began_s is None else began_s  # what came before was programs loading
        gone_s = boot_s() - began_s
        left_s = gone_s * (wanted.duration_s / ticks - 1.0) if gone_s > SURE_AFTER_S else None
        progress(HowFar(0, float(ticks * len(beds)), gone_s, left_s))

    return live_in_step(wanted, cores=asked.cores, tell=tell)


def _side_by_side(asked: RehearsalAsked, presets: Sequence[str], progress: Callable[[HowFar], None]) -> list[AnyEvent]:
    """A house for each; or on signals, where they meet, one for all, on one core."""
    with TemporaryDirectory(prefix="dreamloom-rehearsal-", ignore_cleanup_errors=True) as house:
        night = partial(_night_on_signals, Path(house)) if asked.on_signals else partial(_night, asked.pod)
        alone = not meet(reader.read(asked.text, file=asked.file))
        houses = [[preset] for preset in presets] if alone else [list(presets)]
        nights = [
            partial(night, asked.text, asked.file, beside, number, asked.hours, asked.seed)
            for number, beside in enumerate(houses, 1)
        ]
        each_s = _whole_s(asked.hours) * len(presets) / len(nights)
        told = side_by_side(nights, each_s=each_s, cores=asked.cores, progress=progress)
    return [decode(line) for lines in told for line in lines]


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


def _telling(lived: Lived, hours: float, sleepers: int) -> Listener:
    """Says after every settled second how far a night is; the seconds in which it is closed are none of it."""
    return lambda tick, *_: lived(float(min(tick + 1, _whole_s(hours)) * sleepers))


def _night(  # noqa: PLR0913, PLR0917 - one job's words, sent to another process
    kind: PodKind, text: str, file: str, presets: Sequence[str], first: int, hours: float, seed: int, lived: Lived
) -> list[bytes]:
    """One night of these sleepers; its events as the record would hold them."""
    beds = [BedWanted(number=number, preset=preset, kind=kind) for number, preset in enumerate(presets, first)]
    wanted = TogetherAsked(text=text, file=file, beds=beds, duration_s=_whole_s(hours), seed=seed)
    told = live_in_step(wanted, cores=1, tell=lambda ticks: lived(float(min(ticks, wanted.duration_s) * len(beds))))
    return [comparable(event) for event in told]


def _night_on_signals(  # noqa: PLR0913, PLR0917 - one job's words, sent to another process
    folder: Path, text: str, file: str, presets: Sequence[str], first: int, hours: float, seed: int, lived: Lived
) -> list[bytes]:
    """One night as a real one: samples made, kept, scored, decided on; in a house of its own in folder."""
    pods = [
        PodAsked(id=f"p{number}", sleeper=f"S{number:02d}", source=f"sim:{preset},hours={hours:g},with=ears")
        for number, preset in enumerate(presets, first)
    ]
    house = folder / pods[0].id
    house.mkdir()
    copy = (house / Path(file).name).with_suffix(".yaml")
    copy.write_text(text, encoding="utf-8")
    night = making.write_night(House(house), "rehearsal", pods, str(copy), seed=seed, beside=Path(file).parent)
    run_night(night, RunOptions(speed_x=None, opens_utc=OPENS_AT, listeners=[_telling(lived, hours, len(pods))]))
    with read_only(night.record) as record:
        events = [comparable(event) for event in record.events()]
    rmtree(house, ignore_errors=True)
    return events
