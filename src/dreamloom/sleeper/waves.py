"""What does each happening look like at the electrodes? Unit waveforms in time since onset, and where they show."""

from collections.abc import Callable

import numpy as np

from dreamloom.sleeper.happenings import Happening, What
from dreamloom.vocabulary.units import FloatArray

MIX: dict[What, tuple[float, float, float]] = {
    "spindle": (1.0, 0.35, 0.35),
    "k complex": (1.0, 0.5, 0.5),
    "slow wave": (1.0, 0.45, 0.45),
    "vertex wave": (1.0, 0.3, 0.3),
    "saccade": (0.1, -1.0, 1.0),
    "blink": (0.3, -0.35, 0.7),
    "slow eyes": (0.06, -1.0, 1.0),
    "lucid signal": (0.1, -1.0, 1.0),
    "look-alike": (0.1, -1.0, 1.0),
    "answer": (0.1, -1.0, 1.0),
    "movement": (1.0, 0.8, -0.7),
}
"""Share of each waveform in EEG, E1, E2. The cornea is positive: gaze to the right is negative at E1 (left eye) and
positive at E2. E1 sits below the eye line and E2 above it, so a blink is out of phase as well. Brain waves reach both
eyes in phase. Shares are ours; a tenth of an eye movement and a third of a blink leaking frontally is usual."""

Wave = Callable[[FloatArray, Happening], FloatArray]
"""Seconds since onset, all within the happening, to a waveform of about unit peak."""

_SETTLE_S, _RISE_S = 0.6, 0.03
_SWEEP_S = 0.55


def shown(happening: Happening, time_s: FloatArray) -> FloatArray:
    """[n] microvolts of this happening at these times (seconds since lights-off), zero outside of it."""
    since_s = time_s - happening.onset_s
    inside = (since_s >= 0.0) & (since_s < happening.duration_s)
    shown_uv = np.zeros(len(time_s))
    shown_uv[inside] = happening.size_uv * WAVES[happening.what](since_s[inside], happening)
    return shown_uv


def swell(happening: Happening, time_s: FloatArray) -> FloatArray:
    """[n] between 0 and 1: how far an arousal or a twitch has risen; half a second up, a quarter of its length down."""
    since_s = time_s - happening.onset_s
    left_s = happening.duration_s - since_s
    rise_s = min(0.5, happening.duration_s / 4.0)
    return np.clip(np.minimum(since_s / rise_s, left_s / (happening.duration_s / 4.0)), 0.0, 1.0)


def chewing(happening: Happening, time_s: FloatArray) -> FloatArray:
    """[n] between 0 and 1: how hard the jaw is clenched in each burst of grinding."""
    beat = np.sin(np.pi * happening.pitch_hz * (time_s - happening.onset_s)) ** 4
    return np.asarray(beat * swell(happening, time_s))


def sniffed(happening: Happening, time_s: FloatArray) -> FloatArray:
    """[n] between 0 and 1: a chest that is drawn up in a third of the time, and sinks in the rest."""
    share = np.clip((time_s - happening.onset_s) / happening.duration_s, 0.0, 1.0)
    return np.asarray(np.sin(np.pi * np.where(share < 1 / 3, 1.5 * share, 0.25 + 0.75 * share)) ** 2)


def _hump(since_s: FloatArray, duration_s: float) -> FloatArray:
    return np.sin(np.pi * since_s / duration_s) ** 2


def _spindle(since_s: FloatArray, happening: Happening) -> FloatArray:
    return _hump(since_s, happening.duration_s) * np.cos(2.0 * np.pi * happening.pitch_hz * since_s)


def _k_complex(since_s: FloatArray, happening: Happening) -> FloatArray:
    sharp = np.exp(-(((since_s - 0.25) / 0.11) ** 2) / 2.0)
    slow = np.exp(-(((since_s - 0.65) / 0.2) ** 2) / 2.0)
    return np.minimum(1.0, 8.0 * _hump(since_s, happening.duration_s)) * (0.65 * slow - sharp)


def _slow_wave(since_s: FloatArray, happening: Happening) -> FloatArray:
    return -np.sin(2.0 * np.pi * happening.pitch_hz * since_s)


def _vertex_wave(since_s: FloatArray, happening: Happening) -> FloatArray:
    return -(_hump(since_s, happening.duration_s) ** 2)


def _step(since_s: FloatArray) -> FloatArray:
    """A gaze shift as an AC amplifier shows it: up within 50 ms, back within a second or two."""
    after_s = np.maximum(since_s, 0.0)
    return np.exp(-after_s / _SETTLE_S) * (1.0 - np.exp(-after_s / _RISE_S))


def _saccade(since_s: FloatArray, happening: Happening) -> FloatArray:
    return _step(since_s) * np.minimum(1.0, happening.duration_s - since_s)


def _lucid_signal(since_s: FloatArray, happening: Happening) -> FloatArray:
    """Left, right, left, right and back to the middle; or the turns of this one."""
    if happening.turns:
        return _gaze(since_s, happening)
    gaze = sum(size * _step(since_s - turn * _SWEEP_S) for turn, size in enumerate((-1.0, 2.0, -2.0, 2.0, -1.0)))
    return np.asarray(gaze) * 0.8 * np.minimum(1.0, happening.duration_s - since_s)


def _gaze(since_s: FloatArray, happening: Happening) -> FloatArray:
    shown = sum(size * _step(since_s - at_s) for at_s, size in happening.turns)
    return np.asarray(shown) * np.minimum(1.0, happening.duration_s - since_s)


def _movement(since_s: FloatArray, happening: Happening) -> FloatArray:
    """The leads are pulled about: slow, large, of no rhythm; what differs from one to the next is its onset."""
    parts = np.arange(1, 5)[:, None]
    swings = np.sin(since_s * (2.1 + 1.7 * parts) + happening.onset_s * parts).sum(axis=0)
    return np.asarray(_hump(since_s, happening.duration_s) * swings / 3.0)


def _blink(since_s: FloatArray, happening: Happening) -> FloatArray:
    return _hump(since_s, happening.duration_s)


def _slow_eyes(since_s: FloatArray, happening: Happening) -> FloatArray:
    return _hump(since_s, happening.duration_s) * np.sin(2.0 * np.pi * happening.pitch_hz * since_s)


WAVES: dict[What, Wave] = {
    "spindle": _spindle,
    "k complex": _k_complex,
    "slow wave": _slow_wave,
    "vertex wave": _vertex_wave,
    "saccade": _saccade,
    "lucid signal": _lucid_signal,
    "look-alike": _gaze,
    "answer": _gaze,
    "movement": _movement,
    "blink": _blink,
    "slow eyes": _slow_eyes,
}
