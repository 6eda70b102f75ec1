"""How softly does tonight's sleeper hear on this output, and what is that in dB(A)? Found in the evening, and kept."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.loudness import weighed
from dreamloom.house.layout import House, NightFolder
from dreamloom.house.night_file import PodAsked
from dreamloom.house.speakers import SILENT, level_path
from dreamloom.jukebox.cues import Sound
from dreamloom.jukebox.levels import UNCALIBRATED_FULL_SCALE_DB
from dreamloom.jukebox.staircase import Staircase, Threshold, answered, threshold
from dreamloom.jukebox.synth import make, named, silence
from dreamloom.pod.plan import ASSUMED_THRESHOLD_DB
from dreamloom.record.events import ThresholdMeasured
from dreamloom.vocabulary.errors import ConfigError, RefusedError, UsageError
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_four_places

PRESENTED_S = Seconds(0.5)
"""Long enough for a threshold that no longer hangs on length (temporal integration ends near 200 ms). Ours."""
METER_DBFS = Decibels(-30.0)
"""How loud noise for a sound level meter is, against a full-scale tone: well over a bedroom's own noise. Ours."""
LIKELY_DB = (50.0, 130.0)
"""A full-scale tone of a bedside output lies between these at the pillow. Ours."""

Play = Callable[[Sound, Decibels], None]
"""Plays a sound at a level against a full-scale tone, and returns when it is over."""
Heard = Callable[[], bool]


class KeptHearing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of hearing/POD.json. volume_db: the system's own volume then; None where nobody tells it."""

    sleeper: str
    device: str
    dbfs: float
    spread_db: float
    trials: int
    silent: int
    false: int
    volume_db: float | None = None


class KeptLevel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sound level meter showed at the pillow of one output."""

    device: str
    full_scale_db: float
    reading_dba: float
    measured_utc: str
    volume_db: float | None = None


def staircase(play: Play, heard: Heard, *, seed: int) -> Threshold:
    """Plays and asks until it is over.

    Raises:
        RefusedError: DL-E545 when the answers give no threshold; nothing is kept then.
    """
    noise = weighed(presented())
    nothing = named("silence", silence(PRESENTED_S))
    state = Staircase(seed=seed)
    while not state.is_over:
        play(nothing if state.is_silent else noise, state.level_dbfs)
        state = answered(state, heard=heard())
    found = threshold(state)
    if isinstance(found, Threshold):
        return found
    raise RefusedError(
        "DL-E545",
        "No threshold was found.",
        why=f"{found}.".capitalize(),
        still="What was found before stays as it was.",
        do="Try again in quiet, answering only when sure; or raise the volume of the output first.",
    )


def presented() -> Sound:
    """What is played in every moment that is not silent."""
    return make("pink_burst", duration_s=PRESENTED_S, seed=1)


def keep(folder: NightFolder, pod: PodAsked, device: str, found: Threshold, *, volume_db: float | None) -> Path:
    """Writes it beside the night, for this bed, sleeper and output."""
    kept = KeptHearing(
        pod.sleeper, device, found.dbfs, found.spread_db, found.trials, found.silent, found.false, volume_db
    )
    path = folder.hearing(pod.id)
    path.parent.mkdir(exist_ok=True)
    write_durably(path, msgspec.json.encode(kept))
    return path


def kept_for(folder: NightFolder, pod: PodAsked, device: str) -> KeptHearing | None:
    """What was found for this bed, sleeper and output; None where nobody looked, or at another output.

    Raises:
        ConfigError: DL-E364 when the file is none, or is another sleeper's.
    """
    path = folder.hearing(pod.id)
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=KeptHearing)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise _not_theirs(path, f"{error}.") from error
    if kept.sleeper != pod.sleeper:
        raise _not_theirs(path, f"It is that of {kept.sleeper!r}, and {pod.sleeper!r} lies there tonight.")
    return kept if kept.device == device else None


def measured(folder: NightFolder, pod: PodAsked, device: str, onset_s: NightTime) -> ThresholdMeasured | None:
    """The sleeper's threshold as the record will hold it, and on which scale; None where nobody looked for it.

    Without a meter the scale is the sleeper's own: their threshold is called ASSUMED_THRESHOLD_DB, whatever it is in
    the room, and a level says how far above it a cue is.
    """
    kept, level = kept_for(folder, pod, device), level_of(device, folder.house)
    if kept is None:
        return None
    if level is None:
        full_scale_db, threshold_db = float(ASSUMED_THRESHOLD_DB) - kept.dbfs, float(ASSUMED_THRESHOLD_DB)
    else:
        full_scale_db, threshold_db = level.full_scale_db, level.full_scale_db + kept.dbfs
    return ThresholdMeasured(
        onset_s=onset_s,
        device=device,
        threshold_db=to_four_places(threshold_db),
        scale="own threshold" if level is None else "dB(A)",
        dbfs=to_four_places(kept.dbfs),
        full_scale_db=to_four_places(full_scale_db),
        spread_db=to_four_places(kept.spread_db),
        trials=kept.trials,
        silent=kept.silent,
        false=kept.false,
    )


def full_scale_db(device: str, house: House, found: ThresholdMeasured | None) -> Decibels:
    """The level of a full-scale tone at this pillow: by threshold, by meter, else as it is assumed."""
    if found is not None:
        return Decibels(found.full_scale_db)
    level = level_of(device, house)
    return UNCALIBRATED_FULL_SCALE_DB if level is None else Decibels(level.full_scale_db)


def level_of(device: str, house: House) -> KeptLevel | None:
    """What a meter showed for this output; None where nobody held one there.

    Raises:
        ConfigError: DL-E365 when the file is no such measurement.
    """
    path = level_path(device, house)
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeptLevel)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise ConfigError(
            "DL-E365",
            f"{path} is no measurement of an output.",
            why=f"{error}.",
            do="Remove it, and measure again: dreamloom calibrate output OUTPUT",
        ) from error


def keep_level(device: str, house: House, *, reading_dba: float, utc: str, volume_db: float | None) -> KeptLevel:
    """Keeps what the meter showed while METER_DBFS of noise played.

    Raises:
        UsageError: DL-E123 for a reading that no bedside output gives.
    """
    full_scale = round(reading_dba - METER_DBFS, 1)
    low_db, high_db = LIKELY_DB
    if not low_db <= full_scale <= high_db:
        raise UsageError(
            "DL-E123",
            f"A reading of {reading_dba:g} dB(A) cannot be right.",
            why=f"A full-scale tone would have {full_scale:g} dB(A); {low_db:g} to {high_db:g} are likely.",
            do="Hold the meter where the head will lie, set it to A and slow, and read it while the noise plays.",
        )
    kept = KeptLevel(device, full_scale, round(reading_dba, 1), utc, volume_db)
    path = level_path(device, house)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
    return kept


def unchecked(pod: str, device: str, house: House, found: ThresholdMeasured | None) -> str:
    """What a person should know of the levels at this bed; empty where a meter was held there and a threshold found."""
    if device == SILENT:
        return ""
    if level_of(device, house) is None:
        over = "the sleeper's own threshold" if found else "a threshold nobody measured"
        return f"{pod}: no meter was held to {device}, so rules in dB(A) cannot be checked; levels are dB over {over}."
    return "" if found else f"{pod}: the sleeper's threshold on {device} was not measured; 30 dB(A) are assumed."


def _not_theirs(path: Path, why: str) -> ConfigError:
    return ConfigError(
        "DL-E364",
        f"{path} is no threshold of this sleeper.",
        why=why,
        do="Measure again: dreamloom calibrate hearing NIGHT POD; or remove the file.",
    )
