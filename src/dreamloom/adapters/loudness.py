"""How loud is a long sound, its pauses left out? ITU-R BS.1770-4 by pyloudnorm, where it is installed."""

from dataclasses import replace

from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, Sound
from dreamloom.jukebox.loudness import a_weighted, gated, is_long


def weighed(sound: Sound) -> Sound:
    """The sound with its loudness: gated for long ones, A-weighted for short ones and where the library is missing."""
    lufs = _lufs(sound.frames) if is_long(sound.frames) and sound.frames.any() else None
    found = (None if lufs is None else gated(lufs)) or a_weighted(sound.frames)
    return replace(sound, loudness_db=found.loudness_db, weighed_by=found.method)


def _lufs(frames: PcmArray) -> float | None:
    try:
        import pyloudnorm
    except ImportError:
        return None
    return float(pyloudnorm.Meter(SOUND_RATE_HZ).integrated_loudness(frames.astype("f8")))
