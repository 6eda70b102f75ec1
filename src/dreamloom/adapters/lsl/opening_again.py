"""A broken night goes on: which of its streams are there, and are they the devices they were? The others are sought."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

from dreamloom.adapters.lsl import layout as layouts
from dreamloom.adapters.lsl.asked import LslAsked, read_asked, widest
from dreamloom.adapters.lsl.horizon import Horizon
from dreamloom.adapters.lsl.identity import remembered
from dreamloom.adapters.lsl.layout import Described
from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.adapters.lsl.opened import Opened
from dreamloom.adapters.lsl.opening import FIND_WITHIN_S, TWINS_SHOW_S, LslRequest
from dreamloom.adapters.lsl.seeking import Quarantine, found_again
from dreamloom.record.events import StreamIdentified
from dreamloom.signals.blocks import Channel

LOOK_AGAIN_S = 0.1


class Known(NamedTuple):
    """What the record has of one bed's device: who it is, and the channels that were stored of it."""

    identity: StreamIdentified
    channels: tuple[Channel, ...]


def open_again(
    requests: Sequence[LslRequest], known: Mapping[str, Known], *, find_within_s: float = FIND_WITHIN_S
) -> dict[str, Opened]:
    """Every pod's stream by pod, by the rule of a stream that was lost in a running night: itself, or nobody.

    A device that is not there by then, or in whose place another answers, is left sought: its bed is lost, the others
    go on. Nothing is resolved anew from the text alone.

    Raises:
        ConfigError: DL-E251 for a source that cannot be read.
        StreamError: DL-E250, DL-E259 when liblsl cannot be used.
    """
    asked = {request.pod: read_asked(request.text) for request in requests}
    if not asked:
        return {}
    pylsl = LIBRARY.load(widest([each.scope for each in asked.values()]))
    horizon = Horizon(pylsl)
    sought = {
        request.pod: _sought((pylsl, horizon), asked[request.pod], known[request.pod], request.channels)
        for request in requests
    }
    until_s = time.monotonic() + find_within_s
    with ThreadPoolExecutor(len(requests), thread_name_prefix="lsl-again") as pool:
        opened = dict(zip(sought, pool.map(lambda each: _seek(each, until_s), sought.values()), strict=True))
    for _ in opened:
        horizon.join()
    return opened


def _sought(outside: tuple[Any, Horizon], asked: LslAsked, known: Known, names: tuple[str, ...]) -> Opened:
    """The channels stand where they stood, with the ranges they are stored in."""
    identity, event = remembered(known.identity), known.identity
    described = Described(event.labels, event.types, event.units)
    pylsl, horizon = outside
    layout = layouts.chosen(identity, described, names, asked.unit_uv)
    return Opened(pylsl, asked, horizon, identity, described, replace(layout, channels=known.channels))


def _seek(sought: Opened, until_s: float) -> Opened:
    """Looked for once its twins had time to show; who is refused is told by the source, which goes on seeking."""
    quarantine = Quarantine()
    time.sleep(TWINS_SHOW_S)
    while time.monotonic() < until_s:
        seen, now_s = sought.horizon.streams(), time.monotonic()
        quarantine.look(seen, now_s)
        again, _ = found_again(sought, sought.identity, quarantine, seen, now_s=now_s)
        if again is not None:
            connection, measured = again
            return replace(sought, identity=connection.stream, connection=connection, measured=measured)
        time.sleep(LOOK_AGAIN_S)
    return sought
