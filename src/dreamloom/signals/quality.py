"""Can this second be believed? Flags per channel, and the share of good seconds in a window."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from dreamloom.signals.blocks import Channel, ChannelKind, GridSecond
from dreamloom.signals.quantise import HIGHEST, LOWEST
from dreamloom.vocabulary.units import BoolArray, FloatArray, Int16Array

_Scalar = TypeVar("_Scalar", bound=np.generic)

FLAT_UV = 0.5
"""A second whose values span less is an electrode that hears nothing. Ours."""
LOSS_SHARE = 0.02
"""A second with this share of filled samples or more is not good. Ours."""
WRONGS = ("flat", "clipped", "range")
LOUDEST_UV: dict[ChannelKind, float] = {"EEG": 500.0, "EOG": 1000.0, "EMG": 2000.0}
"""Beyond this a value is movement or a loose electrode, not the body's signal; other kinds have no bound. Ours."""


class SecondQuality(NamedTuple):
    """Whether a second is good, and if not, why: "loss", or "flat:EEG C3", "clipped:…", "range:…"."""

    good: bool
    flags: tuple[str, ...]


def quality_of(second: GridSecond, channels: Sequence[Channel]) -> SecondQuality:
    """Judges one second; it is good when nothing at all is wrong with any channel."""
    wrong = wrong_in(rows_of([second.samples_uv]), rows_of([second.digital]), channels)[0]
    flags = [f"{WRONGS[kind]}:{channels[place].label}" for place, kind in np.argwhere(wrong).tolist()]
    if is_lossy(second):
        flags.append("loss")
    return SecondQuality(not flags, tuple(flags))


def is_lossy(second: GridSecond) -> bool:
    """True when 2 % of the samples or more were filled in."""
    return bool(np.count_nonzero(second.filled) >= LOSS_SHARE * len(second.filled))


def rows_of(samples: Sequence[npt.NDArray[_Scalar]], places: Sequence[int] | None = None) -> npt.NDArray[_Scalar]:
    """[sample, channel] of many sleepers to [sleeper, channel, sample], those channels alone, each row in one piece."""
    chosen = [each.T if places is None else each.T[list(places)] for each in samples]
    return np.ascontiguousarray(chosen)


def wrong_in(samples_uv: FloatArray, digital: Int16Array, channels: Sequence[Channel]) -> BoolArray:
    """[sleeper, channel, sample] of one second, as microvolts and as stored, to what is wrong.

    Returns:
        [sleeper, channel, kind of WRONGS]; a sleeper's does not depend on who else is judged.
    """
    low_uv, high_uv = samples_uv.min(axis=2), samples_uv.max(axis=2)
    loudest_uv = np.array([LOUDEST_UV.get(channel.kind, np.inf) for channel in channels])
    flat = high_uv - low_uv < FLAT_UV
    clipped = (digital.min(axis=2) == LOWEST) | (digital.max(axis=2) == HIGHEST)
    return np.stack([flat, clipped, np.maximum(high_uv, -low_uv) > loudest_uv], axis=2)
