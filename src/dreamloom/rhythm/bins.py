"""Which 50 values a second stand for a sleeper's slow rhythm? Means over 20 ms, the same at every sampling rate."""

from bisect import bisect_right
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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


class Filling(NamedTuple):
    """A second whose bins are still filling up: how many samples are here, their sum, that up to the last whole bin."""

    samples: int = 0
    sum_uv: float = 0.0
    edge_uv: float = 0.0
    bins: int = 0


def filled(filling: Filling, samples_uv: FloatArray, grid_hz: int) -> tuple[Filling, FloatArray]:
    """More samples, [m], of a second of grid_hz: the bins that they complete are those of `binned`, to the bit."""
    sums_uv = np.cumsum(np.concatenate([[filling.sum_uv], samples_uv]))
    left, shares, needed = _edges(grid_hz)
    samples, first = filling.samples + len(samples_uv), filling.bins + 1
    beyond = bisect_right(needed, samples)
    if beyond <= first:
        return filling._replace(samples=samples, sum_uv=float(sums_uv[-1])), np.zeros(0)
    place = left[first:beyond] - filling.samples
    # Where an edge lies at the end of what is here, nothing of the sample after it is counted.
    at_edges = sums_uv[place] + shares[first:beyond] * np.concatenate([samples_uv, [0.0]])[place]
    bins = np.diff(np.concatenate([[filling.edge_uv], at_edges])) * (BIN_HZ / grid_hz)
    return Filling(samples, float(sums_uv[-1]), float(at_edges[-1]), beyond - 1), bins


@cache
def _edges(grid_hz: int) -> tuple[npt.NDArray[np.int64], FloatArray, list[int]]:
    """Of each edge between bins the sample it lies in, how much of that lies before it, and how many must be here."""
    edges = np.arange(BIN_HZ + 1) * grid_hz / BIN_HZ
    left = np.minimum(edges.astype(np.int64), grid_hz - 1)
    return left, edges - left, np.ceil(edges).astype(np.int64).tolist()


def lag_s(grid_hz: int) -> Seconds:
    """How far a bin's centre of mass lies before its end, by which all of its samples are there."""
    return Seconds(0.5 / BIN_HZ + 0.5 / grid_hz)
