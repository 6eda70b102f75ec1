"""Which rhythm does a part wait for, and what does it tell? Phases of slow waves and onsets of spindles, told alike."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from dreamloom.dreamscape.part import Part
from dreamloom.pod.tracking import BelievedSecond
from dreamloom.record.events import PhaseChecked, SpindleChecked, StageScored
from dreamloom.rhythm import lane, spindles, track
from dreamloom.rhythm.learning import CERTAIN_S
from dreamloom.rhythm.spindles import SpindleState
from dreamloom.rhythm.supposed import Supposed, SupposedState
from dreamloom.rhythm.supposed import step as suppose
from dreamloom.rhythm.track import PhaseState, Target
from dreamloom.vocabulary.units import FloatArray, NightTime, Seconds, to_four_places, to_microsecond

PER_MINUTE = 11.0
"""The strongest waves, so many a minute of open gate: the rate at which the figures of `bench phase` are told. Ours."""
LEAST_REST_S = Seconds(1.0)
"""One wave a second is as many as there are; it also keeps a window from holding two."""

Rhythm = PhaseState | SpindleState | SupposedState
Lane = lane.Lane | spindles.Lane
Moment = track.Moment | spindles.Onset | Supposed
Audit = track.Audit | spindles.Audit


class Met(NamedTuple):
    """The phase of one cue, in degrees from its positive peak: wanted, as it truly was, and corrected beforehand."""

    wanted_deg: float
    true_deg: float
    corrected_deg: float


class MetSpindle(NamedTuple):
    """How long the spindle had lasted when its cue was to sound; None where hindsight finds none there."""

    since_onset_s: float | None


def begun(part: Part, grid_hz: int, *, tau_s: Seconds) -> Rhythm:
    """What this part waits for, before its first second; its sound comes tau_s after the decision."""
    rest_s = Seconds(max(LEAST_REST_S, part.every_s))
    if part.phase is not None and part.phase.of == "spindle":
        return spindles.start(grid_hz, tau_s=tau_s, rest_s=rest_s)
    target = Target(
        phase_rad=float(np.radians(part.phase.at_deg if part.phase else 0.0)),
        per_minute=min(PER_MINUTE, 60.0 / rest_s),
        rest_s=rest_s,
        trough_below_uv=part.phase.trough_below_uv if part.phase else None,
    )
    return track.start(grid_hz, tau_s=tau_s, target=target)


def supposed(part: Part, number: int, *, seed: int, tau_s: Seconds) -> SupposedState:
    """The same where there is no signal: moments drawn at the rate at which they were met on a recording."""
    of = part.phase.of if part.phase else "slow oscillation"
    return SupposedState(of, seed, number, tau_s, Seconds(max(LEAST_REST_S, part.every_s)))


def step(
    rhythm: Rhythm, index: int, samples_uv: FloatArray, *, good: bool, deep: bool | None
) -> tuple[Rhythm, Sequence[Moment], Sequence[Audit]]:
    """Takes one second."""
    if isinstance(rhythm, SupposedState):
        return *suppose(rhythm, index, is_open=deep is not False), ()
    if isinstance(rhythm, SpindleState):
        return spindles.step(rhythm, index, samples_uv, good=good, deep=deep)
    return track.step(rhythm, index, samples_uv, good=good, deep=deep)


def believed(rhythm: Rhythm, second: BelievedSecond) -> Rhythm:
    """Without a signal the newest estimate of the stage says whether sleep is deep."""
    stages = [fact.stage for fact in second.facts if isinstance(fact, StageScored)]
    if not stages or not isinstance(rhythm, SupposedState):
        return rhythm
    return msgspec.structs.replace(rhythm, is_deep=stages[-1] == "N3")


def lane_of(rhythm: Rhythm, *, deep: bool | None) -> Lane | None:
    """The second that comes next, to be heard bin by bin; None where there is nothing to hear."""
    if isinstance(rhythm, SupposedState):
        return None
    return spindles.begin(rhythm, deep=deep) if isinstance(rhythm, SpindleState) else lane.begin(rhythm, deep=deep)


def heard(ahead: Lane, samples_uv: FloatArray) -> tuple[Lane, Sequence[Moment]]:
    """Takes more samples of that second; returns the moments that they decided."""
    return spindles.heard(ahead, samples_uv) if isinstance(ahead, spindles.Lane) else lane.heard(ahead, samples_uv)


def with_cue(rhythm: Rhythm, moment: Moment) -> Rhythm:
    """This moment is a cue's: its audit teaches nothing."""
    if isinstance(rhythm, SupposedState):
        return rhythm
    if isinstance(rhythm, SpindleState):
        return spindles.sounded(rhythm, moment.play_at_s)
    return track.sounded(rhythm, moment.play_at_s)


def followed(rhythm: Rhythm, play_at_s: NightTime) -> Rhythm:
    """A cue of a train comes then, behind one that met it."""
    if isinstance(rhythm, SupposedState):
        return rhythm
    return (
        spindles.followed(rhythm, play_at_s) if isinstance(rhythm, SpindleState) else track.followed(rhythm, play_at_s)
    )


def warmed(rhythm: Rhythm) -> Rhythm:
    """After stored seconds were heard again: which of their moments were cues is not asked, so that none teaches."""
    if isinstance(rhythm, SupposedState):
        return rhythm
    if isinstance(rhythm, SpindleState):
        return msgspec.structs.replace(rhythm, pending=(), held=())
    return msgspec.structs.replace(rhythm, pending=(), errors_rad=())


def met(rhythm: Rhythm, audit: Audit) -> Met | MetSpindle:
    """What an audit says of a cue."""
    if isinstance(audit, spindles.Audit) or not isinstance(rhythm, PhaseState):
        return MetSpindle(_since(audit))
    wanted_deg = float(np.degrees(rhythm.target.phase_rad))
    error_deg, corrected_deg = _degrees(audit)
    true_deg = (wanted_deg + error_deg + 180.0) % 360.0 - 180.0
    return Met(to_four_places(wanted_deg), to_four_places(true_deg), corrected_deg)


def checked(audit: Audit, part: int) -> PhaseChecked | SpindleChecked:
    """What it says of a silent moment."""
    met_s = to_microsecond(audit.play_at_s)
    onset_s = to_microsecond(met_s + CERTAIN_S)
    if isinstance(audit, spindles.Audit):
        return SpindleChecked(onset_s=onset_s, part=part, met_s=met_s, since_onset_s=_since(audit))
    error_deg, corrected_deg = _degrees(audit)
    return PhaseChecked(onset_s=onset_s, part=part, met_s=met_s, error_deg=error_deg, corrected_deg=corrected_deg)


def _since(audit: Audit) -> float | None:
    since_s = audit.since_onset_s if isinstance(audit, spindles.Audit) else None
    return None if since_s is None else to_four_places(since_s)


def _degrees(audit: track.Audit) -> tuple[float, float]:
    corrected_rad = float(np.angle(np.exp(1j * (audit.uncorrected_rad - audit.error_rad))))
    return to_four_places(np.degrees(audit.error_rad)), to_four_places(np.degrees(corrected_rad))
