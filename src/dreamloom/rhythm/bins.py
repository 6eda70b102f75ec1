"""Which 50 values a second stand for a sleeper's slow rhythm? Means over 20 ms, the same at every sampling rate."""

import numpy as np

from dreamloom.vocabulary.units import FloatArray, Seconds

BIN_HZ = 50
"""Twelve times the fastest rhythm looked for here. A mean over 20 ms is deaf at 50 Hz, which would fold to 0 Hz."""


def binned(samples_uv: FloatArray) -> FloatArray:
    """[..., sample] of one whole second, at any rate, to [..., 50].

    A sample counts until the next one comes; where it straddles two bins both take their share of it.
    """
    grid_hz = samples_uv.shape[-1]
    sums = np.concatenate([np.zeros((*samples_uv.shape[:-1], 1)), np.cumsum(samples_uv, axis=-1)], axis=-1)
    edges = np.arange(BIN_HZ + 1) * grid_hz / BIN_HZ
    left = np.minimum(edges.astype(np.int64), grid_hz - 1)
    at_edges = sums[..., left] + (edges - left) * samples_uv[..., left]
    return np.asarray(np.diff(at_edges, axis=-1) * (BIN_HZ / grid_hz))


def lag_s(grid_hz: int) -> Seconds:
    """How far a bin's centre of mass lies before its end, by which all of its samples are there."""
    return Seconds(0.5 / BIN_HZ + 0.5 / grid_hz)
