"""With what do a bedside and the house begin an opening? One answer, for a live night and for its replay."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from dreamloom.governance.consent import Grant
from dreamloom.house import eye_calibrations, opening, rewarming
from dreamloom.house.asked import Asked
from dreamloom.house.night_file import PodAsked
from dreamloom.house.plug_in_stagers import PlugIn
from dreamloom.house.resuming import Past
from dreamloom.house.supporting import bed_of
from dreamloom.night.state import BedState, NightState
from dreamloom.pod import by_the_clock, talking, tracking, waves
from dreamloom.pod.by_the_clock import Unstaged
from dreamloom.pod.loop import Pod
from dreamloom.pod.state import opening_state
from dreamloom.pod.waves import Watched
from dreamloom.ports import Stager
from dreamloom.record.events import EyesCalibrated
from dreamloom.signals.blocks import StreamInfo
from dreamloom.staging.track import smaller_kinds
from dreamloom.vocabulary.units import Seconds


def starting_pod(  # noqa: PLR0913 - everything a bed begins with, most of it by name
    asked: Asked,
    past: Past,
    pod: PodAsked,
    tracks: tracking.Tracking | Unstaged | tracking.Believing,
    *,
    grant: Grant | None,
    opened_utc: datetime,
    stream: StreamInfo | None = None,
    phases: tuple[Watched, ...] = (),
) -> Pod:
    """A bedside before its first tick: decision state folded from what happened, with these tracks.

    Args:
        asked: the files of the night, as they are played at this bed.
        past: what happened before this opening.
        pod: the bed.
        tracks: warmed already.
        grant: what this bed goes by.
        opened_utc: wall time of night second 0.
        stream: what its answers are listened for on; None where there are no samples.
        phases: of the waves that parts wait for, warmed already.
    """
    plan = asked.plan_of(pod, opened_utc)
    fresh = opening_state(plan, grant, opening.grant_ends_s(grant, opened_utc))
    decision = past.pod_state(pod.id, fresh, plan)
    meters = () if stream is None else rewarming.meters_rewarmed(talking.metered(plan, stream), past, pod.id)
    return Pod(id=pod.id, plan=plan, tracking=tracks, decision=decision, boot=past.boot, waves=phases, meters=meters)


def starting_tracks(
    stream: StreamInfo,
    past: Past,
    pod: str,
    *,
    stager: Callable[[str], Stager],
    calibrated: EyesCalibrated | None,
    plug_in: PlugIn | None = None,
) -> tracking.Tracking | Unstaged:
    """Signal state of a bed: fresh, then warmed by the last stored minutes before this opening.

    What was calibrated awake holds for the eyes; without it, limits that hold for most people. Without an EEG, or on a
    grid too slow to stage, it tells no stage all night.
    """
    if bed_of(stream).why is not None:
        return rewarming.tracks_rewarmed(by_the_clock.start(stream.channels), past, pod)
    kind = tracking.montage_kind(stream.channels)
    trees = stager(kind)
    smaller = {part: (one.probabilities, one.method) for part in smaller_kinds(kind) for one in (stager(part),)}
    fresh = tracking.start(
        stream.channels,
        stream.grid_hz,
        classify=trees.probabilities,
        method=trees.method,
        smaller=smaller,
        eyes=eye_calibrations.limits_of(calibrated),
    )
    if plug_in is not None:
        fresh = replace(
            fresh, method=plug_in.method, smaller={}, plugged=plug_in.at_bed(stream.channels, stream.grid_hz)
        )
    return rewarming.tracks_rewarmed(fresh, past, pod)


def starting_waves(
    asked: Asked, stream: StreamInfo, past: Past, pod: str, *, output_s: Seconds | None
) -> tuple[Watched, ...]:
    """The waves that this night's parts wait for: fresh, then warmed by the last stored minutes before this opening.

    Without the delay of the bed's output nobody can tell when a sound would have to be given; there are none then.
    """
    return rewarming.waves_rewarmed(waves.watched(asked.plan, stream, output_s), past, pod)


def starting_night(asked: Asked, past: Past, *, opened_utc: datetime) -> NightState:
    """What the house knows before the first tick of this opening."""
    beds = {
        pod.id: BedState(
            pod=pod.id,
            sleeper=pod.sleeper,
            grant=asked.grant_of(pod),
            grant_ends_s=opening.grant_ends_s(asked.grant_of(pod), opened_utc),
        )
        for pod in asked.night.pod
    }
    return past.night_state(NightState(beds=beds, boot=past.boot))
