"""Can this second be believed? Flags per channel, and the share of good seconds in a window."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dreamloom.signals.blocks import Channel, ChannelKind, GridSecond
from dreamloom.signals.quantise import HIGHEST, LOWEST

FLAT_UV = 0.5
"""A second whose values span less is an electrode that hears nothing. Ours."""
LOSS_SHARE = 0.02
"""A second with this share of filled samples or more is not good. Ours."""
LOUDEST_UV: dict[ChannelKind, float] = {"EEG": 500.0, "EOG": 1000.0, "EMG": 2000.0}
"""Beyond this a value is movement or a loose electrode, not the body's signal; other kinds have no bound. Ours."""


class SecondQuality(NamedTuple):
    """Whether a second is good, and if not, why: "loss", or "flat:EEG C3", "clipped:…", "range:…"."""

    good: bool
    flags: tuple[str, ...]


def quality_of(second: GridSecond, channels: Sequence[Channel]) -> SecondQuality:
    """Judges one second; it is good when nothing at all is wrong with any channel."""
    flags = [
        f"{what}:{channel.label}" for place, channel in enumerate(channels) for what in _wrong(second, place, channel)
    ]
    if np.count_nonzero(second.filled) >= LOSS_SHARE * len(second.filled):
        flags.append("loss")
    return SecondQuality(not flags, tuple(flags))


def _wrong(second: GridSecond, place: int, channel: Channel) -> list[str]:
    samples_uv, digital = second.samples_uv[:, place], second.digital[:, place]
    loudest_uv = LOUDEST_UV.get(channel.kind, np.inf)
    findings = (
        ("flat", np.ptp(samples_uv) < FLAT_UV),
        ("clipped", digital.min() == LOWEST or digital.max() == HIGHEST),
        ("range", np.abs(samples_uv).max() > loudest_uv),
    )
    return [what for what, is_wrong in findings if is_wrong]
