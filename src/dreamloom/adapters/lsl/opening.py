"""How are a night's LSL streams found and opened, all at once, before the night begins?"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from dreamloom.adapters.lsl import layout as layouts
from dreamloom.adapters.lsl.asked import LslAsked, read_asked, widest
from dreamloom.adapters.lsl.connection import Broken, Connection, Pulled
from dreamloom.adapters.lsl.horizon import Horizon, Seen
from dreamloom.adapters.lsl.library import LIBRARY
from dreamloom.adapters.lsl.opened import Opened
from dreamloom.vocabulary.errors import DreamloomError, StreamError

FIND_WITHIN_S = 5.0
"""How long a stream may take to be seen. Ours."""
TWINS_SHOW_S = 0.6
"""After the last stream was seen: a second one of the same name answers by then. Ours, one round of liblsl's asking."""
OPEN_WITHIN_S = 3.0
"""How long a stream may take to describe itself, and then to send. Ours."""
LOOKED_AT_S = 0.3
"""How much signal the ranges of direct-coupled channels are judged by. Ours."""


class LslRequest(NamedTuple):
    """One pod's stream: its source after "lsl:", and the channels it names."""

    pod: str
    text: str
    channels: tuple[str, ...] = ()


def open_streams(requests: Sequence[LslRequest], *, find_within_s: float = FIND_WITHIN_S) -> dict[str, Opened]:
    """Every pod's stream, by pod; found together and opened in parallel, since each clock answer takes 0.6 s.

    Raises:
        ConfigError: DL-E251 for a source that cannot be read.
        StreamError: DL-E250 to DL-E259 for the first pod whose stream is missing, not unique or not usable; nothing
            is left open then.
    """
    asked = {request.pod: read_asked(request.text) for request in requests}
    if not asked:
        return {}
    pylsl = LIBRARY.load(widest([each.scope for each in asked.values()]))
    horizon = Horizon(pylsl)
    found = _find(horizon, asked, find_within_s)
    with ThreadPoolExecutor(len(requests), thread_name_prefix="lsl-open") as pool:
        started = {
            request.pod: pool.submit(_open, (pylsl, horizon), asked[request.pod], found[request.pod], request.channels)
            for request in requests
        }
    failed = [future.exception() for future in started.values() if future.exception() is not None]
    if failed:
        for future in started.values():
            if future.exception() is None:
                future.result().close()
        raise failed[0] or AssertionError
    return {pod: future.result() for pod, future in started.items()}


def _find(horizon: Horizon, asked: dict[str, LslAsked], within_s: float) -> dict[str, Seen]:
    """The one stream each pod means, once all are announced and their twins had time to show."""
    until_s = time.monotonic() + within_s
    settled_s: float | None = None
    while True:
        seen = horizon.streams()
        by_pod = {pod: [each for each in seen if one.means(each.stream)] for pod, one in asked.items()}
        now_s = time.monotonic()
        settled_s = None if not all(by_pod.values()) else settled_s or now_s
        if (settled_s is not None and now_s >= settled_s + TWINS_SHOW_S) or now_s >= until_s:
            break
        time.sleep(0.05)
    for pod, each in asked.items():
        _refuse_unless_one(pod, each, by_pod[pod], seen)
    _refuse_shared({pod: streams[0] for pod, streams in by_pod.items()})
    return {pod: streams[0] for pod, streams in by_pod.items()}


def _open(outside: tuple[Any, Horizon], asked: LslAsked, seen: Seen, channels: tuple[str, ...]) -> Opened:
    pylsl, horizon = outside
    try:
        layouts.refuse_unsampled(seen.stream)
        connection = Connection(pylsl, seen, within_s=OPEN_WITHIN_S)
        layout = layouts.chosen(seen.stream, connection.described, channels, asked.unit_uv)
        connection.start(within_s=OPEN_WITHIN_S)
        measured = connection.measure(within_s=OPEN_WITHIN_S)
        first = _first_samples(connection, seen.stream.sfreq_hz)
    except Broken as error:
        raise _silent(seen, f"It is announced and does not answer: {error}") from None
    if not first:
        raise _silent(seen, f"It is announced, so its program runs; no sample came in {OPEN_WITHIN_S:g} s.")
    looked_at_uv = layout.microvolts(np.concatenate([pulled.samples for pulled in first]))
    horizon.join()
    return Opened(
        pylsl,
        asked,
        horizon,
        connection.stream,
        connection.described,
        layout.centred(looked_at_uv),
        connection,
        measured,
        tuple(first),
    )


def _first_samples(connection: Connection, sfreq_hz: float) -> list[Pulled]:
    """Enough samples to see where they lie; they are part of the signal."""
    until_s = time.monotonic() + OPEN_WITHIN_S
    came: list[Pulled] = []
    while sum(len(pulled.stamps_s) for pulled in came) < LOOKED_AT_S * sfreq_hz and time.monotonic() < until_s:
        pulled = connection.pull(0.2)
        came.extend([pulled] if len(pulled.stamps_s) else [])
    return came


def _refuse_unless_one(pod: str, asked: LslAsked, means: Sequence[Seen], seen: Sequence[Seen]) -> None:
    if len(means) == 1:
        return
    announced = ", ".join(sorted(f"{each.stream.name!r} ({each.stream.type})" for each in seen)) or "none at all"
    if not means:
        raise StreamError(
            "DL-E252",
            f'No LSL stream "{asked.text}" was found for pod {pod!r}.',
            why=f'Looked within "{asked.scope}" for {FIND_WITHIN_S:g} s; announced: {announced}.',
            still="Nothing was recorded or played.",
            do="Start its program, correct the name in night.toml"
            + (", or add scope=link if it runs on another machine." if asked.scope == "machine" else "."),
        )
    told = "; ".join(f"source_id={each.stream.source_id} on {each.stream.hostname}" for each in means)
    raise StreamError(
        "DL-E253",
        f'{len(means)} LSL streams answer to "{asked.text}" for pod {pod!r}.',
        why=f"Which one is the sleeper's cannot be known: {told}.",
        still="Nothing was recorded or played.",
        do=f'End the others, or name one by its source_id, as in: source = "lsl:source_id={means[0].stream.source_id}"',
    )


def _refuse_shared(found: dict[str, Seen]) -> None:
    """Two beds never lie on one headband."""
    pods: dict[str, str] = {}
    for pod, seen in found.items():
        other = pods.setdefault(seen.stream.uid, pod)
        if other != pod:
            raise StreamError(
                "DL-E253",
                f"Pods {other!r} and {pod!r} both mean the LSL stream {seen.stream.name!r}.",
                why="One headband is on one head.",
                do="Give each pod its own stream in night.toml.",
            )


def _silent(seen: Seen, why: str) -> DreamloomError:
    return StreamError(
        "DL-E257",
        f"No samples from the LSL stream {seen.stream.name!r}.",
        why=why,
        still="Nothing was recorded or played.",
        do="Look whether the device is on and its program is streaming, then try again.",
    )
