"""How does every bed keep its own channels of a device? It is opened with settings that the library keeps to itself."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from dreamloom.jukebox.cues import SOUND_RATE_HZ

PERIOD_MS = 10
"""The device asks for so much at a time; the bits are read in every request. With 4 or 5 ms, outputs ran dry."""
PERIODS = 3
"""How many of them may lie ahead. PulseAudio keeps about one: what is in it is heard whatever the bits say."""
NAMELESS_CHANNELS = 2
"""So many channels mean the same under every map; of more, each must be known by its name."""

POSITIONS: Mapping[str, int] = {
    "mono": 1,
    "front-left": 2,
    "front-right": 3,
    "front-center": 4,
    "lfe": 5,
    "rear-left": 6,
    "rear-right": 7,
    "front-left-of-center": 8,
    "front-right-of-center": 9,
    "rear-center": 10,
    "side-left": 11,
    "side-right": 12,
    **{f"aux{n}": 20 + n for n in range(32)},
}
"""PulseAudio's names of channels, and miniaudio's numbers for them (ma_channel_position, miniaudio.h 0.11)."""

_ALSA = ("front-left", "front-right", "rear-left", "rear-right", "front-center", "lfe", "side-left", "side-right")
_WAVE = ("front-left", "front-right", "front-center", "lfe", "rear-left", "rear-right", "front-left-of-center")
ORDERS: Mapping[int, Sequence[tuple[str, ...]]] = {
    0: [
        ("mono",),
        ("front-left", "front-right"),
        ("front-left", "front-right", "front-center"),
        ("front-left", "front-center", "front-right", "rear-center"),
    ],
    1: [_ALSA[:4], _ALSA[:5], _ALSA[:6], _ALSA],
    2: [tuple(f"aux{n}" for n in range(count)) for count in range(1, 33)],
    3: [_WAVE[:4], _WAVE[:6]],
}
"""The orders of channels that miniaudio can ask PulseAudio for, by its number for them (ma_pa_channel_map_def_t):
AIFF, ALSA, AUX and WAVE-EX."""


class UnknownChannelsError(Exception):
    """A device of more than two channels whose channels cannot be told apart."""


def open_stream(library: Any, kind: Any, device_id: Any, *, channels: int, backend: str, name: str) -> Any:
    """A stream of the library's class `kind` with every channel of the device, none mixed into another.

    The library's own constructor lets channels be mixed by the names that it gives them itself, so this one stands in
    for it.

    Raises:
        UnknownChannelsError: where nobody says what the device's channels are.
        MiniaudioError: when the device cannot be opened.
    """
    ffi, lib = library.ffi, library.lib
    stream = kind.__new__(kind)
    library.AbstractDevice.__init__(stream)
    stream.format = library.SampleFormat.FLOAT32
    stream.sample_width, stream.nchannels, stream.sample_rate = 4, channels, SOUND_RATE_HZ
    stream.buffersize_msec = PERIOD_MS
    is_output = issubclass(kind, library.PlaybackDevice)
    config = lib.ma_device_config_init(lib.ma_device_type_playback if is_output else lib.ma_device_type_capture)
    side = config.playback if is_output else config.capture
    side.pDeviceID, side.channels, side.format = device_id, channels, stream.format.value
    config.sampleRate, config.periodSizeInMilliseconds, config.periods = SOUND_RATE_HZ, PERIOD_MS, PERIODS
    stream._ffi_handle = ffi.new_handle(stream)  # noqa: SLF001 - what the library's constructor does
    config.pUserData = stream._ffi_handle  # noqa: SLF001
    config.dataCallback, config.stopCallback = lib._internal_data_callback, lib._internal_stop_callback  # noqa: SLF001
    if channels > NAMELESS_CHANNELS:
        order, positions = channel_order(name, channels, backend=backend, is_output=is_output)
        stream.positions = side.pChannelMap = ffi.new("unsigned char[]", positions)
        config.pulse.channelMap = order
    stream._devconfig = config  # noqa: SLF001
    stream._context = stream._make_context([library.Backend[backend]], app_name="Dreamloom")  # noqa: SLF001
    result = lib.ma_device_init(stream._context, ffi.addressof(config), stream._device)  # noqa: SLF001
    if result != lib.MA_SUCCESS:
        raise library.MiniaudioError("the sound system refused it", result)
    return stream


def channel_order(name: str, channels: int, *, backend: str, is_output: bool) -> tuple[int, list[int]]:
    """The library's number for the order in which this device has its channels, and their positions.

    Raises:
        UnknownChannelsError: where it is no order that the library knows, or nobody tells it.
    """
    there = tuple(_channel_names(name, is_output=is_output)) if backend == "PULSEAUDIO" else ()
    for order, known in ORDERS.items():
        if there in known and len(there) == channels:
            return order, [POSITIONS[each] for each in there]
    raise UnknownChannelsError(", ".join(there))


def _channel_names(name: str, *, is_output: bool) -> list[str]:
    """What PulseAudio or PipeWire call the channels of this device; empty where they cannot be asked."""
    program = shutil.which("pactl")
    if program is None:
        return []
    words = [program, "--format=json", "list", "sinks" if is_output else "sources"]
    try:
        told = subprocess.run(words, capture_output=True, timeout=5.0, check=True).stdout  # noqa: S603 - fixed words
        there = json.loads(told)
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
    return next((each["channel_map"].split(",") for each in there if each.get("name") == name), [])
