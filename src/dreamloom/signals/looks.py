"""What does a second show at a glance? Extremes and spectrum of every channel, looked at once for all who ask."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from dreamloom.signals.blocks import GridSecond
from dreamloom.signals.together import together
from dreamloom.vocabulary.units import FloatArray, Int16Array

_Scalar = TypeVar("_Scalar", bound=np.generic)

LOSS_SHARE = 0.02
"""A second with this share of filled samples or more is not good. Ours."""


class Look(NamedTuple):
    """One second of one sleeper, channel by channel.

    Attributes:
        samples_uv: [channel, sample], each row in one piece.
        digital: [channel, sample], the same as stored.
        range_uv: [2, channel], least and greatest value.
        range_digital: [2, channel], as stored.
        lines: [channel, line], power of the Hann-tapered second without its mean, a line for each hertz.
        is_lossy: 2 % of the samples or more were filled in.
    """

    samples_uv: FloatArray
    digital: Int16Array
    range_uv: FloatArray
    range_digital: Int16Array
    lines: FloatArray
    is_lossy: bool


def look_at(seconds: Sequence[GridSecond]) -> list[Look]:
    """Looks at a second of each of many sleepers, in their order; nobody's look depends on who else is there."""
    looks: dict[int, Look] = {}
    for alike in together([second.samples_uv.shape for second in seconds]):
        some = [seconds[place] for place in alike]
        samples_uv, digital = rows_of([each.samples_uv for each in some]), rows_of([each.digital for each in some])
        ranges_uv, ranges_digital = _ranges(samples_uv), _ranges(digital)
        lines = _lines(samples_uv)
        for row, (place, second) in enumerate(zip(alike, some, strict=True)):
            shown = samples_uv[row], digital[row], ranges_uv[:, row], ranges_digital[:, row], lines[row]
            looks[place] = Look(*shown, is_lossy=is_lossy(second))
    return [looks[place] for place in range(len(seconds))]


def is_lossy(second: GridSecond) -> bool:
    """True when 2 % of the samples or more were filled in."""
    return bool(np.count_nonzero(second.filled) >= LOSS_SHARE * len(second.filled))


def rows_of(samples: Sequence[npt.NDArray[_Scalar]]) -> npt.NDArray[_Scalar]:
    """[sample, channel] of many sleepers to [sleeper, channel, sample], each row in one piece."""
    return np.ascontiguousarray([each.T for each in samples])


def _ranges(rows: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    """[sleeper, channel, sample] to [2, sleeper, channel]."""
    return np.array([rows.min(axis=2), rows.max(axis=2)])


def _lines(samples_uv: FloatArray) -> FloatArray:
    n = samples_uv.shape[2]
    means_uv = np.add.reduce(samples_uv, axis=2, keepdims=True) / n
    spectra = rfft((samples_uv - means_uv) * _taper(n), axis=2)
    return np.asarray(spectra.real**2 + spectra.imag**2)


@cache
def _taper(n: int) -> FloatArray:
    """A periodic Hann window: one line per hertz."""
    return np.asarray(0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n) / n))
