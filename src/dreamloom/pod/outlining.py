"""How large was each second? What a bed tells once an epoch, so that beds are compared without samples."""

import math
from typing import NamedTuple

from dreamloom.record.events import SignalOutlined
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.looks import Look
from dreamloom.vocabulary.units import EPOCH_S, to_four_places

LEAST_UV = 0.1
"""About one step of what is stored; a flat second is no smaller."""


class Outline(NamedTuple):
    """Sizes of the newest seconds in a row that were not told yet, and the second that comes next."""

    next_index: int = -1
    sizes: tuple[float, ...] = ()


def outlined(
    before: Outline, second: GridSecond, look: Look, channels: tuple[Channel, ...]
) -> tuple[Outline, list[SignalOutlined]]:
    """Takes one second; tells those of an epoch at its end, without what came before a gap."""
    place = next((n for n, channel in enumerate(channels) if channel.kind == "EEG"), None)
    if place is None:
        return before, []
    span_uv = float(look.range_uv[1, place] - look.range_uv[0, place])
    sizes = before.sizes if second.index == before.next_index else ()
    sizes = (*sizes, to_four_places(math.log2(max(span_uv, LEAST_UV))))
    end = second.index + 1
    if end % int(EPOCH_S):
        return Outline(end, sizes), []
    return Outline(end), [SignalOutlined(onset_s=float(end), sizes=sizes[-int(EPOCH_S) :])]
