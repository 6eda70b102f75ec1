"""What is a bed told before its first second? Its stream, consent, output, eyes, threshold, training; arming or not."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from msgspec import structs

from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.engine.bedside import REARMED_BY_CONSENT
from dreamloom.house import (
    eligible,
    eye_calibrations,
    opening_events,
    own_nights,
    phone_graded,
    training,
    withdrawing,
    word_check,
)
from dreamloom.house.asked import Asked
from dreamloom.house.night_file import PodAsked
from dreamloom.house.resuming import Past
from dreamloom.house.speakers import profile_of
from dreamloom.house.tuned import Tuned
from dreamloom.ports import Identified, SignalSource
from dreamloom.record.events import (
    AnyEvent,
    ArmsSealed,
    AwakeSoundsAllowed,
    EyesCalibrated,
    EyeWithdrawalAgreed,
    GroupsTold,
    LightsOff,
    OutputBound,
    OutputConfirmed,
    OutputLost,
    OutputTimed,
    OutputUnconfirmed,
    OwnNightsTold,
    Rearmed,
)
from dreamloom.vocabulary.units import NightTime, to_four_places, to_microsecond


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWords:
    """One opening, as far as its beds are told of it.

    Attributes:
        outputs: by pod, those that were found; without_output: pods whose own one is gone.
        first_s: the first second of this opening.
        rearm: a person arms the beds of a broken night again.
        warn: told what a person should know.
    """

    asked: Asked
    past: Past
    tuned: Tuned
    outputs: Mapping[str, DeviceAsked]
    without_output: Collection[str]
    first_s: NightTime
    rearm: bool
    warn: Callable[[str], None]

    def timed(self, pod: PodAsked) -> OutputTimed | None:
        """What is known of this bed's output, where a part waits for a wave; without a measurement it stays silent."""
        if not self.asked.plan.phased:
            return None
        output, folder = self.outputs.get(pod.id), self.asked.folder
        if output is None and pod.id not in self.without_output:
            return OutputTimed(onset_s=self.first_s, delay_s=0.0, spread_s=0.0, method="render clock")
        profile = profile_of(output.id, folder.house) if output else None
        if profile is None:
            return None
        delay_s, spread_s = to_microsecond(profile.latency_s), to_microsecond(profile.latency_sd_s)
        return OutputTimed(onset_s=self.first_s, delay_s=delay_s, spread_s=spread_s, method=profile.method)

    def words(self, pod: PodAsked, source: SignalSource, *, named: str) -> list[tuple[NightTime, AnyEvent]]:
        """What a bedside is told before its first second, and when."""
        now_s = self.first_s
        described: list[AnyEvent] = [opening_events.stream_described(source.stream, named, now_s)]
        described += [source.identified(now_s)] if isinstance(source, Identified) else []
        timed = self.timed(pod)
        described += [timed] if timed else []
        if not self.past.boot:
            return [(now_s, word) for word in (*described, *self._untold(pod), *self._armed_unheard(pod))]
        may_rearm = not self.is_withdrawn(pod.id) and pod.id not in self.without_output
        rearm = self.rearm and may_rearm
        lost = [OutputLost(onset_s=now_s, device=self.output_of(pod))] if pod.id in self.without_output else []
        words = [*self.past.recovery(pod.id, now_s, rearm=rearm), *described, *self._untold(pod), *lost]
        rearm_s = self.past.rearm_at_s(pod.id, now_s) if may_rearm and not rearm else None
        later = [] if rearm_s is None else [(rearm_s, Rearmed(onset_s=rearm_s, by=REARMED_BY_CONSENT))]
        return [*((now_s, word) for word in words), *later]

    def _armed_unheard(self, pod: PodAsked) -> list[AnyEvent]:
        """The person in charge arms a bed whose sleeper has not said back a word; nobody else does."""
        if not isinstance(self._confirmed(pod), OutputUnconfirmed):
            return []
        if not self.rearm:
            self.warn(word_check.warning(pod))
            return []
        return [Rearmed(onset_s=self.first_s, by="the person in charge")]

    def _confirmed(self, pod: PodAsked) -> OutputConfirmed | OutputUnconfirmed | None:
        output = self.outputs.get(pod.id)
        return word_check.told(self.asked.folder, pod, output.id if output else None, self.first_s)

    def _untold(self, pod: PodAsked) -> list[AnyEvent]:
        """What every bed says once in a night, as far as its record does not hold it: a night may break off at once."""
        now_s, grant = self.first_s, self.asked.grant_of(pod)
        given: list[AnyEvent] = [] if grant is None else [opening_events.consent_given(grant, pod.sleeper, now_s)]
        if grant is not None and grant.awake_level_cap_db is not None:
            loud_db = to_four_places(grant.awake_level_cap_db)
            given.append(AwakeSoundsAllowed(onset_s=now_s, sleeper=pod.sleeper, level_cap_db=loud_db))
        if grant is not None and grant.withdraw_by_eyes:
            row = grant.withdraw_by_eyes
            given.append(EyeWithdrawalAgreed(onset_s=now_s, sleeper=pod.sleeper, in_a_row=row))
        output, calibrated = self.outputs.get(pod.id), self.eyes_of(pod)
        heard, confirmed = self.tuned.thresholds.get(pod.id), self._confirmed(pod)
        bound = [] if output is None else [OutputBound(onset_s=now_s, device=output.id, channels=output.on)]
        words: list[AnyEvent] = [
            *given,
            *eligible.words(pod, self.asked.eligible, now_s),
            *([GroupsTold(onset_s=now_s, groups=pod.groups)] if pod.groups else []),
            *bound,
            *([] if calibrated is None else [calibrated]),
            *([] if confirmed is None else [confirmed]),
            *([] if heard is None else [structs.replace(heard, onset_s=now_s)]),
            *self._graded(pod),
            *training.held(self.asked.folder, pod, now_s),
            *self._rest(pod),
            ArmsSealed(onset_s=now_s, arm=None),
            LightsOff(onset_s=now_s, by="start of the night"),
        ]
        return [word for word in words if not self.past.heard(pod.id, type(word))]

    def _graded(self, pod: PodAsked) -> list[AnyEvent]:
        kept = phone_graded.kept_for(self.asked.folder, pod)
        amiss = phone_graded.warning(pod, kept)
        if amiss and not self.past.boot:
            self.warn(amiss)
        return [] if kept is None else [phone_graded.event_of(kept, self.first_s)]

    def _rest(self, pod: PodAsked) -> list[OwnNightsTold]:
        """How restless their other nights are, looked up once in a night."""
        if self.past.heard(pod.id, OwnNightsTold):
            return []
        return own_nights.told(self.asked.folder, pod.sleeper, self.first_s)

    def eyes_of(self, pod: PodAsked) -> EyesCalibrated | None:
        """What the record holds of this bed's eyes, else what was calibrated for tonight."""
        return self.past.eyes_of(pod.id) or eye_calibrations.of_tonight(self.asked.folder, pod, self.first_s)

    def output_of(self, pod: PodAsked) -> str:
        """The id of this bed's output, found or gone; "" without one."""
        output = self.outputs.get(pod.id)
        if output is not None:
            return output.id
        return (self.past.output_of(pod) or pod.speaker.device) if pod.id in self.without_output else ""

    def is_withdrawn(self, pod: str) -> bool:
        """In the record, or in the file beside the bed, which the record may not have heard of yet."""
        night, sleeper = self.asked.folder, self.asked.sleeper_of[pod]
        at_bed = withdrawing.withdrawn_tonight(night.house.pod(pod), night.name, sleeper)
        return self.past.withdrawn(pod) or at_bed is not None
