"""Can this second be believed? Flags per channel, and the share of good seconds in a window."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from dreamloom.signals.blocks import Channel, ChannelKind, GridSecond
from dreamloom.signals.looks import Look, look_at
from dreamloom.signals.quantise import HIGHEST, LOWEST
from dreamloom.vocabulary.units import BoolArray

_Scalar = TypeVar("_Scalar", bound=np.generic)

FLAT_UV = 0.5
"""A second whose values span less is an electrode that hears nothing. Ours."""
WRONGS = ("flat", "clipped", "range")
LOUDEST_UV: dict[ChannelKind, float] = {"EEG": 500.0, "EOG": 1000.0, "EMG": 2000.0}
"""Beyond this a value is movement or a loose electrode, not the body's signal; other kinds have no bound. Ours."""


class SecondQuality(NamedTuple):
    """Whether a second is good, and if not, why: "loss", or "flat:EEG C3", "clipped:…", "range:…"."""

    good: bool
    flags: tuple[str, ...]


def quality_of(second: GridSecond, channels: Sequence[Channel]) -> SecondQuality:
    """Judges one second; it is good when nothing at all is wrong with any channel."""
    looks = look_at([second])
    wrong = wrong_in(looks, channels)[0]
    flags = [f"{WRONGS[kind]}:{channels[place].label}" for place, kind in np.argwhere(wrong).tolist()]
    if looks[0].is_lossy:
        flags.append("loss")
    return SecondQuality(not flags, tuple(flags))


def wrong_in(looks: Sequence[Look], channels: Sequence[Channel], places: Sequence[int] | None = None) -> BoolArray:
    """What is wrong in a second of each of many sleepers.

    Args:
        looks: at each.
        channels: those that are judged.
        places: theirs among the channels that were looked at; all, in that order, when left out.

    Returns:
        [sleeper, channel, kind of WRONGS]; a sleeper's does not depend on who else is judged.
    """
    low_uv, high_uv = _chosen([look.range_uv for look in looks], places).swapaxes(0, 1)
    low, high = _chosen([look.range_digital for look in looks], places).swapaxes(0, 1)
    loudest_uv = np.array([LOUDEST_UV.get(channel.kind, np.inf) for channel in channels])
    flat = high_uv - low_uv < FLAT_UV
    clipped = (low == LOWEST) | (high == HIGHEST)
    return np.stack([flat, clipped, np.maximum(high_uv, -low_uv) > loudest_uv], axis=2)


def _chosen(ranges: Sequence[npt.NDArray[_Scalar]], places: Sequence[int] | None) -> npt.NDArray[_Scalar]:
    """[2, channel] of each sleeper to [sleeper, 2, channel], those channels alone."""
    whole = np.array(ranges)
    return whole if places is None else whole[:, :, list(places)]
