"""Which eye movements could be mistaken for a signal? Storms of phasic REM, waking, drowsiness and faults, made harsh.

Nobody's eyes: shapes and rates as the literature describes them, at their worse end, alternating far more often than
chance. A detector that stays silent here may still fire on people; one that fires here will.
"""

from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import FloatArray, NightTime

CHANNELS = (Channel("EEG F4-M1", "EEG"), Channel("EOG E1-M2", "EOG"), Channel("EOG E2-M2", "EOG"))
AMPLIFIER_S = 0.53
"""Time constant of an EOG amplifier that passes 0.3 Hz and more."""
_Rng = np.random.Generator


def eyes_of(gaze_uv: FloatArray, hz: int, rng: _Rng) -> FloatArray:
    """[n] gaze at one eye, right positive, to [n, 3] EEG, left, right eye: through an amplifier, with brain waves."""
    brain_uv = _brain(len(gaze_uv), hz, rng)
    skew = float(rng.uniform(0.7, 1.3))
    eyes_uv = np.stack([0.1 * gaze_uv, -gaze_uv * skew, gaze_uv], axis=1)
    coupled_uv = _through_amplifier(eyes_uv, hz)
    return np.asarray(
        coupled_uv + brain_uv[:, None] * np.array([1.0, 0.45, 0.45]) + 2.0 * rng.standard_normal(coupled_uv.shape)
    )


def phasic(rng: _Rng, n_s: int, hz: int) -> FloatArray:
    """Bursts of 3-20 large saccades, four in five to the other side, of sizes alike within a burst, every 5-25 s."""
    gaze_uv, at_s = np.zeros(n_s * hz), float(rng.uniform(0.0, 10.0))
    moves: list[tuple[float, float]] = []
    while at_s < n_s:
        reach_uv, side = float(rng.lognormal(np.log(60.0), 0.5)), float(rng.choice([-1.0, 1.0]))
        pace_s = float(rng.uniform(0.25, 0.7))
        for _ in range(int(rng.integers(3, 21))):
            moves.append((at_s, side * reach_uv * float(rng.uniform(0.3, 1.3))))
            at_s += pace_s * float(rng.lognormal(0.0, 0.35))
            side = -side if rng.random() < 0.8 else side
        moves.append((at_s, 0.0 if rng.random() < 0.5 else float(rng.normal(0.0, reach_uv))))
        at_s += float(rng.uniform(5.0, 25.0))
    return _gaze(gaze_uv, moves, hz)


def darting(rng: _Rng, n_s: int, hz: int) -> FloatArray:
    """Waking: a glance three times a second at most, 5-60 degrees wide at 10 µV, reading now and then."""
    gaze_uv, at_s = np.zeros(n_s * hz), 0.0
    moves: list[tuple[float, float]] = []
    while at_s < n_s:
        at_s += 0.2 + float(rng.exponential(0.5))
        moves.append((at_s, float(rng.uniform(-200.0, 200.0))))
        if rng.random() < 0.02:
            for _ in range(int(rng.integers(3, 8))):
                moves.extend((at_s + 0.25 * step, -80.0 + 40.0 * step) for step in range(5))
                at_s += 1.25
    return _gaze(gaze_uv, moves, hz)


def rolling(rng: _Rng, n_s: int, hz: int) -> FloatArray:
    """Drowsiness: slow eyes of 0.2-0.6 Hz and up to 150 µV, without a pause."""
    time_s = np.arange(n_s * hz) / hz
    turn = 2.0 * np.pi * np.cumsum(0.4 + 0.2 * np.sin(2.0 * np.pi * time_s / 37.0 + rng.uniform(0, 6))) / hz
    return np.asarray(np.sin(turn) * (90.0 + 60.0 * np.sin(2.0 * np.pi * time_s / 53.0)))


STORMS: dict[str, Callable[[_Rng, int, int], FloatArray]] = {"phasic": phasic, "darting": darting, "rolling": rolling}
"""Gaze of whole storms."""


def storm(what: str, seed: int, *, n_s: int, hz: int = 100) -> list[GridSecond]:
    """So many seconds of one storm as a pod would read them: one of STORMS, or "blinks", "tossing", "pops"."""
    rng = stream(seed, "storm", what)
    if what in STORMS:
        samples_uv = eyes_of(STORMS[what](rng, n_s, hz), hz, rng)
    else:
        samples_uv = eyes_of(phasic(rng, n_s, hz) * 0.5, hz, rng) + FAULTS[what](rng, n_s, hz)
    return seconds_of(samples_uv, hz)


def seconds_of(samples_uv: FloatArray, hz: int, *, first: int = 0) -> list[GridSecond]:
    """[n, channel] microvolts, cut and stored as a pod does."""
    digital = np.clip(np.rint(samples_uv * 10.0), -32768, 32767).astype(np.int16)
    return [
        GridSecond(first + k, piece, piece / 10.0, np.zeros(hz, bool), NightTime(first + k + 1.0))
        for k, piece in enumerate(digital.reshape(-1, hz, digital.shape[1]))
    ]


def _blinks(rng: _Rng, n_s: int, hz: int) -> FloatArray:
    """Runs of blinks and vertical glances, out of phase at both eyes since one electrode sits above, one below."""
    shown = np.zeros((n_s * hz, 3))
    time_s = np.arange(int(0.4 * hz)) / hz
    at_s = 1.0
    while at_s < n_s - 1:
        size_uv = float(rng.uniform(60.0, 300.0)) * np.sin(np.pi * time_s / 0.4) ** 2
        first = int(at_s * hz)
        shown[first : first + len(time_s)] += size_uv[:, None] * np.array([0.3, -0.4, 0.7])
        at_s += float(rng.choice([0.45, 0.6, 2.0, 8.0]))
    return shown


def _tossing(rng: _Rng, n_s: int, hz: int) -> FloatArray:
    """Large slow swings of every lead, now in phase, now out of it, twenty seconds of each minute."""
    time_s = np.arange(n_s * hz) / hz
    swings = np.stack(
        [
            sum(np.sin(2 * np.pi * f * time_s + rng.uniform(0, 6.3)) for f in rng.uniform(0.3, 2.5, size=5))
            for _ in range(3)
        ],
        axis=1,
    )
    return np.asarray(180.0 * swings * (time_s % 60.0 < 20.0)[:, None])


def _pops(rng: _Rng, n_s: int, hz: int) -> FloatArray:
    """An electrode jumps to and fro by up to 600 µV, alone or with its neighbour, and creeps back."""
    jumps = np.zeros((n_s * hz, 3))
    at_s = 1.0
    while at_s < n_s - 6:
        both = -1.0 if rng.random() < 0.3 else 0.0
        for side in (1.0, -2.0, 2.0, -2.0, 1.0):
            size_uv = float(rng.uniform(100.0, 300.0)) * side
            jumps[int(at_s * hz)] += size_uv * np.array([0.0, 1.0, both])
            at_s += float(rng.uniform(0.2, 0.8))
        at_s += float(rng.uniform(2.0, 20.0))
    return _through_amplifier(np.cumsum(jumps, axis=0)[: n_s * hz], hz)


FAULTS: dict[str, Callable[[_Rng, int, int], FloatArray]] = {"blinks": _blinks, "tossing": _tossing, "pops": _pops}


def signalled(
    rng: _Rng, hz: int, *, reach_uv: float = 130.0, looks: int = 4, pace_s: float = 0.55, side: int = -1
) -> FloatArray:
    """[n] gaze of one deliberate signal with two quiet seconds before and after it."""
    moves, at_s = [], 2.0
    for look in range(looks):
        moves.append((at_s, side * (-1) ** look * reach_uv * float(rng.uniform(0.9, 1.1))))
        at_s += pace_s * float(rng.uniform(0.9, 1.1))
    moves.append((at_s, 0.0))
    return _gaze(np.zeros(int(np.ceil(at_s + 2.5)) * hz), moves, hz)


def glanced(rng: _Rng, hz: int, signs: str, *, reach_uv: float = 130.0, straight: bool = False) -> FloatArray:
    """[n] gaze of one letter in Morse, dots to the left, three quiet seconds on both sides.

    `straight` goes to the other side without a rest in the middle where dots and dashes alternate.
    """
    moves, at_s = [], 3.0
    for sign, later in zip(signs, (*signs[1:], ""), strict=True):
        moves.append((at_s, (-1.0 if sign == "." else 1.0) * reach_uv * float(rng.uniform(0.9, 1.1))))
        at_s += 0.6 * float(rng.uniform(0.8, 1.25))
        if not straight or later in {"", sign}:
            moves.append((at_s, 0.0))
            at_s += 0.6 * float(rng.uniform(0.8, 1.25))
    return _gaze(np.zeros(int(np.ceil(at_s + 3.0)) * hz), moves, hz)


def _gaze(gaze_uv: FloatArray, moves: list[tuple[float, float]], hz: int) -> FloatArray:
    """Gaze that goes to each place at its time, as fast as eyes do: 20 ms and 2 ms a degree, twice that in sleep."""
    time_s, place_uv = np.arange(len(gaze_uv)) / hz, 0.0
    for at_s, to_uv in sorted(moves):
        takes_s = 2.0 * (0.02 + 0.002 * abs(to_uv - place_uv) / 10.0)
        begin, beyond = int(at_s * hz), int((at_s + takes_s) * hz) + 1
        part = np.clip((time_s[begin:beyond] - at_s) / takes_s, 0.0, 1.0)
        gaze_uv[begin:beyond] = place_uv + (to_uv - place_uv) * part * part * (3.0 - 2.0 * part)
        gaze_uv[beyond:] = to_uv
        place_uv = to_uv
    return gaze_uv


def _through_amplifier(samples_uv: FloatArray, hz: int) -> FloatArray:
    keep = float(np.exp(-1.0 / (AMPLIFIER_S * hz)))
    return np.asarray(lfilter([1.0, -1.0], [1.0, -keep], samples_uv, axis=0))


def _brain(n: int, hz: int, rng: _Rng) -> FloatArray:
    """1/f waves of some 12 µV, as in REM."""
    bins_hz = np.fft.rfftfreq(n, 1.0 / hz)
    waves = np.fft.irfft(
        (rng.standard_normal(len(bins_hz)) + 1j * rng.standard_normal(len(bins_hz))) / np.maximum(bins_hz, 0.5) ** 0.7,
        n,
    )
    return np.asarray(12.0 * waves / waves.std())
