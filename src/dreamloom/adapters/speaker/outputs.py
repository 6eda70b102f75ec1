"""Which outputs has this machine? Devices by a stable id, their channels; opened under that id or not at all."""

import ctypes
import sys
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from dreamloom.adapters.speaker.device_stream import PERIOD_MS, PERIODS, UnknownChannelsError, open_stream
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray
from dreamloom.vocabulary.errors import StreamError

if TYPE_CHECKING:
    from collections.abc import Iterator

BUFFER_FRAMES = PERIOD_MS * PERIODS * SOUND_RATE_HZ // 1000

SYSTEMS = {"darwin": ("COREAUDIO",), "win32": ("WASAPI",)}
LINUX = ("PULSEAUDIO", "ALSA", "JACK")
"""Never the library's own null device: it would take every cue and play it to nobody."""
SHORTEST_NAME = 3
"""Characters of an id that may stand for the whole of it."""

NUMBERED = frozenset({"ALSA", "JACK"})
"""Sound systems whose ids are numbers in the order of plugging in: whose bed a number means may change in a night."""

Kind = Literal["output", "input"]
Fill = Generator[PcmArray, int, None]
"""Sent the number of frames that the device wants; yields them as float32[frame, channel]."""
Take = Generator[None, bytes, None]
"""Sent float32 frames of all channels as bytes."""


@dataclass(frozen=True, slots=True)
class Device:
    """One output or input of this machine.

    Attributes:
        id: what the sound system calls it, what night.toml names; the same at every start unless it is numbered.
        name: what a person calls it.
        channels: how many it has.
        backend: the sound system it was found in, as miniaudio names it.
    """

    id: str
    name: str
    channels: int
    backend: str

    @property
    def is_numbered(self) -> bool:
        """True when its id is a number that another device may have after the next plugging in."""
        return self.backend in NUMBERED


def devices(kind: Kind = "output") -> list[Device]:
    """Every output, or input, of the first sound system that answers; empty where none does.

    Raises:
        StreamError: without miniaudio.
    """
    library = _miniaudio()
    for backend in _backends(library):
        try:
            infos = _infos(library, backend, kind)
        except library.MiniaudioError:
            continue  # a sound system may begin to answer and fail at the list: ALSA without a card does
        return sorted((_device(library, info, backend.name) for info in infos), key=lambda device: device.id)
    return []


def find(asked: str, kind: Kind = "output") -> Device:
    """The one device with this id, or the one whose id or name holds it.

    Raises:
        StreamError: when there is none, or more than one, with those there are.
    """
    there = devices(kind)
    exact = [device for device in there if device.id == asked]
    wanted = asked.casefold()
    near = [device for device in there if wanted in device.id.casefold() or wanted in device.name.casefold()]
    found = exact or (near if len(asked) >= SHORTEST_NAME else [])
    if len(found) == 1:
        return found[0]
    raise _unknown(asked, there, found, kind)


def exactly(id_: str, kind: Kind = "output") -> Device:
    """The device that has this whole id, and no other, however much it looks like it.

    Raises:
        StreamError: when it is not there.
    """
    there = devices(kind)
    for device in there:
        if device.id == id_:
            return device
    raise _unknown(id_, there, [], kind)


@contextmanager
def playing(device: Device, fill: Fill) -> "Iterator[None]":
    """One stream of all the device's channels, open until the block ends; `fill` is called in the device's own thread.

    Raises:
        StreamError: when the device with this id cannot be opened. No other is ever taken in its place.
    """
    library = _miniaudio()
    with _opened(library.PlaybackDevice, device, "output") as stream:
        next(fill)
        stream.start(fill)
        yield


@contextmanager
def hearing(device: Device, take: Take) -> "Iterator[None]":
    """One stream of all the input's channels, given to `take` in the device's own thread, until the block ends."""
    library = _miniaudio()
    with _opened(library.CaptureDevice, device, "input") as stream:
        next(take)
        stream.start(take)
        yield


def placed(frames: PcmArray, *, channels: Sequence[int], of: int) -> PcmArray:
    """One bed's frames on its own channels (counted from 1) of a device with `of`; silence on all others."""
    placed_frames = np.zeros((len(frames), of), dtype=np.float32)
    for channel in channels:
        placed_frames[:, channel - 1] = frames
    return placed_frames


def _opened(opener: type, device: Device, kind: Kind) -> AbstractContextManager[Any]:
    library = _miniaudio()
    try:
        stream = open_stream(
            library,
            opener,
            _raw_id(library, device, kind),
            channels=device.channels,
            backend=device.backend,
            name=device.id,
        )
    except UnknownChannelsError as error:
        raise _nameless(device, kind, str(error)) from error
    except library.MiniaudioError as error:
        raise StreamError(
            "DL-E265",
            f"The {kind} {device.id!r} cannot be opened: {error}.",
            still="The bed stays silent; no other output is taken in its place.",
            do="Plug it in, close what else holds it, and look at: dreamloom doctor speakers",
        ) from error
    return stream  # type: ignore[no-any-return]  # the library's own class, not typed


def _nameless(device: Device, kind: Kind, names: str) -> StreamError:
    told = f"It calls them {names}." if names else "Nothing on this machine says which is which (pactl would)."
    return StreamError(
        "DL-E268",
        f"The {device.channels} channels of the {kind} {device.id!r} cannot be told apart.",
        why=f"{told} A cue on the wrong channel wakes the wrong sleeper.",
        still="The bed stays silent.",
        do="Choose the profile Pro Audio for it in the sound settings, or give each bed a device of its own.",
    )


def _raw_id(library: Any, device: Device, kind: Kind) -> Any:
    for info in _infos(library, library.Backend[device.backend], kind):
        if _id(library, info, device.backend) == device.id:
            return info["id"]
    raise library.MiniaudioError("it is not there")


def _infos(library: Any, backend: Any, kind: Kind) -> list[dict[str, Any]]:
    _hush(backend.name)
    found = library.Devices([backend])
    infos: list[dict[str, Any]] = found.get_playbacks() if kind == "output" else found.get_captures()
    return infos


_NOTE = ctypes.CFUNCTYPE(None, ctypes.c_char_p)
_PLACED_NOTE = ctypes.CFUNCTYPE(None, *(ctypes.c_char_p, ctypes.c_int) * 2, ctypes.c_char_p)
_NOTED = _NOTE(lambda _: None)
_TALKING = {
    "ALSA": ("libasound.so.2", {"snd_lib_error_set_handler": _PLACED_NOTE(lambda *_: None)}),
    "JACK": ("libjack.so.0", {"jack_set_error_function": _NOTED, "jack_set_info_function": _NOTED}),
}
"""What tells them, by backend, to say nothing; the functions have to live as long as the libraries."""


@cache
def _hush(backend: str) -> None:
    """Keeps a sound system from saying on stderr, in its own words, that it has no card or no server.

    What is missing is told as every error is. Sources: alsa-lib's snd_lib_error_set_handler, JACK's errors.h.
    """
    library, setters = _TALKING.get(backend, ("", {}))
    with suppress(OSError, AttributeError):
        for name, says_nothing in setters.items():
            getattr(ctypes.CDLL(library), name)(says_nothing)


def _device(library: Any, info: dict[str, Any], backend: str) -> Device:
    channels = max((form["channels"] for form in info.get("formats", ())), default=2)
    return Device(_id(library, info, backend), info["name"], channels or 2, backend)


def _id(library: Any, info: dict[str, Any], backend: str) -> str:
    """Text where the sound system's ids are text, else its bytes in hexadecimal."""
    raw = bytes(library.ffi.buffer(info["id"]))
    if backend == "WASAPI":
        return raw.decode("utf-16-le", errors="replace").split("\0")[0]
    if backend == "JACK":
        return raw[:4].hex()
    return raw.split(b"\0")[0].decode(errors="replace")


def _backends(library: Any) -> list[Any]:
    return [library.Backend[name] for name in SYSTEMS.get(sys.platform, LINUX)]


def _miniaudio() -> Any:
    try:
        import miniaudio
    except ImportError as error:
        raise StreamError(
            "DL-E266",
            "Real speakers need the library miniaudio, which is not installed.",
            still="Nothing was recorded or played.",
            do='Install it with: pip install "dreamloom[audio]"',
        ) from error
    return miniaudio


def _unknown(asked: str, there: Sequence[Device], found: Sequence[Device], kind: Kind) -> StreamError:
    names = ", ".join(repr(device.id) for device in found or there)
    if found:
        return StreamError(
            "DL-E267",
            f"{asked!r} could be any of {len(found)} {kind}s: {names}.",
            why="A cue in the wrong ear wakes the wrong sleeper, so nothing is guessed.",
            still="Nothing was recorded or played.",
            do="Write the whole id; see: dreamloom doctor speakers",
        )
    near = get_close_matches(asked, [device.id for device in there], 1)
    return StreamError(
        "DL-E267",
        f"There is no {kind} {asked!r} on this machine.",
        why=f"There are: {names}." if there else "No sound system answered.",
        still="Nothing was recorded or played.",
        do=(f"Did you mean {near[0]!r}? " if near else "") + "See: dreamloom doctor speakers",
    )
