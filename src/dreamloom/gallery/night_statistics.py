"""How did one pod sleep, and what came of its cues? The AASM's report parameters, and honest None where none exists.

Definitions: The AASM Manual for the Scoring of Sleep and Associated Events, version 2.6 (2020), chapter II, "Parameters
to be reported for polysomnography", items "Sleep scoring data" and "Arousal events". All are taken here on whole 30-s
epochs between lights off and lights on, as the live track scored them: an estimate, not a scoring by an expert.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import ceil, floor
from statistics import median

from msgspec import Struct

from dreamloom.gallery.pod_night import ASLEEP, Cue, Epoch, PodNight, Silence, length_s, pod_night
from dreamloom.record.events import AnyEvent, WithheldReason
from dreamloom.vocabulary.stages import SCORED_STAGES, Stage
from dreamloom.vocabulary.units import EPOCH_S, to_four_places, to_microsecond

HOUR_S = 3600.0


class StageTime(Struct, frozen=True, kw_only=True):
    """Time in one stage; percent_of_sleep is None for W, and where there was no sleep."""

    stage: Stage
    epochs: int
    duration_s: float
    percent_of_sleep: float | None


class SleepStatistics(Struct, frozen=True, kw_only=True):
    """Sleep between lights off and lights on. None: it cannot be said.

    Attributes:
        in_bed_s: total recording time (TRT), lights off to lights on in whole epochs; without lights off from the
            first epoch, without lights on to the last.
        scored_percent: share of it that has a stage.
        total_sleep_s: TST, all epochs of N1, N2, N3 and R; a lower bound while unscored_s > 0.
        sleep_latency_s: lights off to the first epoch of any sleep.
        latency_certain: no unscored epoch lies in between.
        waso_s: W after sleep onset, until lights on.
        efficiency_percent: TST / TRT, unscored time counted as not asleep; efficiency_at_most_percent as asleep.
        rem_latency_s: sleep onset to the first epoch of R.
        awakenings: epochs of W that follow directly on sleep.
        arousals_per_hour: arousals the live rule noticed, per hour of sleep.
        transitions: changes of stage between neighbouring scored epochs.
    """

    in_bed_s: float
    scored_s: float
    unscored_s: float
    scored_percent: float | None
    total_sleep_s: float | None
    sleep_latency_s: float | None
    latency_certain: bool
    waso_s: float | None
    efficiency_percent: float | None
    efficiency_at_most_percent: float | None
    rem_latency_s: float | None
    rem_latency_certain: bool
    stages: tuple[StageTime, ...]
    awakenings: int
    arousals: int
    arousals_per_hour: float | None
    transitions: int


class StageCues(Struct, frozen=True, kw_only=True):
    """Cues that began in epochs of one stage, and their share of all that were played."""

    stage: Stage
    cues: int
    percent: float


class Withheld(Struct, frozen=True, kw_only=True):
    """Everything let pass for one reason: occasions, the episodes they came in, and how long those lasted."""

    reason: WithheldReason
    occasions: int
    episodes: int
    duration_s: float


class CueStatistics(Struct, frozen=True, kw_only=True):
    """Cues of one night. Every cue has the planned level, whichever arm it belongs to.

    Attributes:
        unknown: due, but the record ends or broke before the speaker reported.
        failed_by_reason: EXPIRED, BITS, SPEAKER, UNKNOWN.
        played_by_stage: by the epoch in which each began; stages without a cue are left out.
        per_rem_hour: cues that began in epochs of R, per hour of R; None without R.
        late_median_s: median of actual minus planned onset of the played; late_most_s the one farthest from 0.
        withheld: by reason, most occasions first.
    """

    due: int
    played: int
    failed: int
    unknown: int
    failed_by_reason: dict[str, int]
    played_by_stage: tuple[StageCues, ...]
    per_rem_hour: float | None
    level_low_db: float | None
    level_high_db: float | None
    late_median_s: float | None
    late_most_s: float | None
    withheld: tuple[Withheld, ...]

    @property
    def occasions_withheld(self) -> int:
        return sum(tally.occasions for tally in self.withheld)


class SignalStatistics(Struct, frozen=True, kw_only=True):
    """What came off the body: recorded_s and lost_s together are the time from the first sample to the last."""

    recorded_s: float
    lost_s: float
    gaps: int
    streams_lost: int
    breaks: int


class NightStatistics(Struct, frozen=True, kw_only=True):
    """One pod's night in numbers; closed is False while the record has no end."""

    pod: str
    begins_s: float
    ends_s: float
    lights_off_s: float | None
    lights_on_s: float | None
    closed: bool
    sleep: SleepStatistics
    cues: CueStatistics
    signal: SignalStatistics


def statistics_of(events: Iterable[AnyEvent], pod: str) -> NightStatistics:
    """The statistics of one pod from the events of a night, in the order of the record."""
    return statistics_of_pod(pod_night(events, pod))


def statistics_of_pod(night: PodNight) -> NightStatistics:
    """The same from facts already gathered."""
    return NightStatistics(
        pod=night.pod,
        begins_s=night.begins_s,
        ends_s=night.ends_s,
        lights_off_s=night.lights_off_s,
        lights_on_s=night.lights_on_s,
        closed=night.closed,
        sleep=_sleep(night),
        cues=_cues(night),
        signal=_signal(night),
    )


def in_bed(night: PodNight) -> tuple[float, float]:
    """The whole epochs between lights off and lights on, as [from_s, to_s)."""
    off_s = night.begins_s if night.lights_off_s is None else night.lights_off_s
    on_s = night.ends_s if night.lights_on_s is None else night.lights_on_s
    from_s = ceil(off_s / EPOCH_S) * EPOCH_S
    return from_s, max(from_s, floor(on_s / EPOCH_S) * EPOCH_S)


def _sleep(night: PodNight) -> SleepStatistics:
    from_s, to_s = in_bed(night)
    scored = [
        epoch
        for epoch in night.epochs
        if from_s <= epoch.onset_s < to_s and epoch.end_s <= to_s and epoch.stage is not Stage.UNSCORED
    ]
    asleep = [epoch for epoch in scored if epoch.stage in ASLEEP]
    onset_s = asleep[0].onset_s if asleep else None
    rem_s = next((epoch.onset_s for epoch in asleep if epoch.stage is Stage.R), None)
    sleep_s, scored_s, bed_s = len(asleep) * EPOCH_S, len(scored) * EPOCH_S, to_s - from_s
    arousals = sum(1 for time_s in night.arousals_s if from_s <= time_s < to_s)
    neighbours = [(one.stage, next_.stage) for one, next_ in pairwise(scored) if one.end_s == next_.onset_s]
    return SleepStatistics(
        in_bed_s=bed_s,
        scored_s=scored_s,
        unscored_s=bed_s - scored_s,
        scored_percent=_percent(scored_s, bed_s),
        total_sleep_s=sleep_s if scored else None,
        sleep_latency_s=None if onset_s is None or night.lights_off_s is None else onset_s - from_s,
        latency_certain=onset_s is not None and _is_whole(scored, from_s, onset_s),
        waso_s=None if onset_s is None else EPOCH_S * sum(_is_wake_after(epoch, onset_s) for epoch in scored),
        efficiency_percent=_percent(sleep_s, bed_s) if scored else None,
        efficiency_at_most_percent=_percent(sleep_s + bed_s - scored_s, bed_s) if scored else None,
        rem_latency_s=None if rem_s is None or onset_s is None else rem_s - onset_s,
        rem_latency_certain=rem_s is not None and onset_s is not None and _is_whole(scored, onset_s, rem_s),
        stages=tuple(_stage_time(stage, scored, sleep_s) for stage in SCORED_STAGES),
        awakenings=sum(before in ASLEEP and after is Stage.W for before, after in neighbours),
        arousals=arousals,
        arousals_per_hour=to_four_places(arousals * HOUR_S / sleep_s) if sleep_s else None,
        transitions=sum(before is not after for before, after in neighbours),
    )


def _is_wake_after(epoch: Epoch, onset_s: float) -> bool:
    return epoch.stage is Stage.W and epoch.onset_s >= onset_s


def _is_whole(scored: Sequence[Epoch], from_s: float, to_s: float) -> bool:
    """True when every epoch of [from_s, to_s) has a stage."""
    return sum(from_s <= epoch.onset_s < to_s for epoch in scored) * EPOCH_S == to_s - from_s


def _stage_time(stage: Stage, scored: Sequence[Epoch], sleep_s: float) -> StageTime:
    epochs = sum(epoch.stage is stage for epoch in scored)
    share = _percent(epochs * EPOCH_S, sleep_s) if stage in ASLEEP else None
    return StageTime(stage=stage, epochs=epochs, duration_s=epochs * EPOCH_S, percent_of_sleep=share)


def _cues(night: PodNight) -> CueStatistics:
    played = [cue for cue in night.cues if cue.fate == "played"]
    failed = [cue for cue in night.cues if cue.fate == "failed"]
    levels_db = [cue.level_db for cue in played if cue.level_db is not None]
    late_s = [cue.late_s for cue in played if cue.late_s is not None]
    return CueStatistics(
        due=len(night.cues),
        played=len(played),
        failed=len(failed),
        unknown=len(night.cues) - len(played) - len(failed),
        failed_by_reason=dict(sorted(Counter(cue.why.split()[0] for cue in failed).items())),
        played_by_stage=_by_stage(played),
        per_rem_hour=_per_rem_hour(night, played),
        level_low_db=min(levels_db, default=None),
        level_high_db=max(levels_db, default=None),
        late_median_s=to_microsecond(median(late_s)) if late_s else None,
        late_most_s=max(late_s, key=abs, default=None),
        withheld=_withheld(night.silences),
    )


def _by_stage(played: Sequence[Cue]) -> tuple[StageCues, ...]:
    counted = Counter(cue.stage for cue in played)
    return tuple(
        StageCues(stage=stage, cues=counted[stage], percent=to_four_places(100 * counted[stage] / len(played)))
        for stage in (*SCORED_STAGES, Stage.UNSCORED)
        if counted[stage]
    )


def _per_rem_hour(night: PodNight, played: Sequence[Cue]) -> float | None:
    rem_s = EPOCH_S * sum(epoch.stage is Stage.R for epoch in night.epochs)
    return to_four_places(sum(cue.stage is Stage.R for cue in played) * HOUR_S / rem_s) if rem_s else None


def _withheld(silences: Sequence[Silence]) -> tuple[Withheld, ...]:
    tallies = []
    for reason in {silence.reason for silence in silences}:
        own = [silence for silence in silences if silence.reason == reason]
        tallies.append(
            Withheld(
                reason=reason,
                occasions=sum(silence.occasions for silence in own),
                episodes=len(own),
                duration_s=length_s((silence.from_s, silence.to_s) for silence in own),
            )
        )
    return tuple(sorted(tallies, key=lambda tally: (-tally.occasions, tally.reason)))


def _signal(night: PodNight) -> SignalStatistics:
    lost_s = length_s((loss.from_s, loss.to_s) for loss in night.losses)
    kinds = Counter(loss.kind for loss in night.losses)
    return SignalStatistics(
        recorded_s=to_microsecond(max(0.0, night.ends_s - night.begins_s - lost_s)),
        lost_s=lost_s,
        gaps=kinds["gap"],
        streams_lost=kinds["stream lost"],
        breaks=kinds["broken night"],
    )


def _percent(part_s: float, whole_s: float) -> float | None:
    return to_four_places(100 * part_s / whole_s) if whole_s else None
