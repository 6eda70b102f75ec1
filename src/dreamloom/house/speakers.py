"""Which output does a bed play on? The device and channels of night.toml, found once, with its measured delay."""

import hashlib
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from dreamloom.adapters.folders import write_durably
from dreamloom.adapters.speaker import outputs
from dreamloom.adapters.speaker.device_stream import PERIOD_MS
from dreamloom.adapters.speaker.page_wire import PAGE
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.house.layout import House
from dreamloom.house.night_file import PodAsked, SpeakerAsked
from dreamloom.vocabulary.errors import ConfigError, StreamError, Where
from dreamloom.vocabulary.units import Seconds

SILENT = "silent"
"""The output that renders every cue to a file, in exact time, and makes no sound."""
BROWSER = "browser"
"""The output that is a page in the sleeper's own browser, on whichever device it is open."""
UNMEASURED_S = Seconds(PERIOD_MS / 1000)
"""The delay of an output that nobody measured: one request of it, as sound servers keep it. Ours."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured on one output.

    Attributes:
        device: its id.
        latency_s: median time from a frame's being taken to its being heard.
        latency_sd_s: and how much it varied.
        sounds: how many were heard.
        method: how it was measured, in words.
        measured_utc: when.
    """

    device: str
    latency_s: float
    latency_sd_s: float
    sounds: int
    method: str
    measured_utc: str


def outputs_of(pods: Iterable[PodAsked], house: House, *, bound_to: str | None = None) -> dict[str, DeviceAsked]:
    """The output of every bed that asks for one, by pod id.

    Args:
        pods: the beds.
        house: where measured delays are kept.
        bound_to: the whole id that a night which goes on has bound its beds to; nothing is looked for beside it.

    Raises:
        StreamError: when one is not there, could be several, has not so many channels, is another bed's too, or has
            an id that could mean another device after the next plugging in.
    """
    pods = list(pods)
    found = {pod.id: _output(pod, house, bound_to) for pod in pods if pod.speaker.device != SILENT}
    _refuse_shared(found, {pod.id: pod.speaker.shared_with for pod in pods})
    return found


def page_device(pod: PodAsked) -> str | None:
    """The id of this bed's page as an output; None where the bed's sound is none."""
    return f"{BROWSER}:{pod.id}" if pod.speaker.device == BROWSER else None


def profile_of(device: str, house: House) -> Profile | None:
    """What latency-check measured on this output; None before it did.

    Raises:
        ConfigError: when the file is no profile.
    """
    path = _profile_path(device, house)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Profile)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise ConfigError(
            "DL-E326",
            f"The profile of the output {device!r} cannot be read: {error}.",
            where=Where(str(path), 1, 1),
            do=f"Measure it again: dreamloom latency-check {shlex.quote(device)}",
        ) from error


def keep_profile(profile: Profile, house: House) -> Path:
    """Writes it, whole or not at all, in place of an older one."""
    path = _profile_path(profile.device, house)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, msgspec.json.format(msgspec.json.encode(profile), indent=2) + b"\n")
    return path


def _output(pod: PodAsked, house: House, bound_to: str | None) -> DeviceAsked:
    page = page_device(pod)
    if page is not None:
        return DeviceAsked(id=page, backend=PAGE, channels=1, on=(1,), latency_s=0.0)
    device = outputs.find(pod.speaker.device) if bound_to is None else outputs.exactly(bound_to)
    _refuse_numbered(pod.id, device)
    _refuse_channels(pod.id, pod.speaker, device)
    profile = profile_of(device.id, house)
    return DeviceAsked(
        id=device.id,
        backend=device.backend,
        channels=device.channels,
        on=pod.speaker.channels,
        latency_s=UNMEASURED_S if profile is None else profile.latency_s,
    )


def _refuse_numbered(pod: str, device: outputs.Device) -> None:
    if device.is_numbered:
        raise StreamError(
            "DL-E216",
            f"Pod {pod!r} asks for {device.id!r}, which {device.backend} knows by a number alone.",
            why="After the next plugging in that number may be another output, at another bed.",
            still="Nothing was recorded or played.",
            do="Start PulseAudio or PipeWire (pipewire-pulse): they know outputs by name. "
            "Then see: dreamloom doctor speakers",
        )


def _refuse_channels(pod: str, asked: SpeakerAsked, device: outputs.Device) -> None:
    wrong = [channel for channel in asked.channels if not 1 <= channel <= device.channels]
    if asked.channels and not wrong:
        return
    raise StreamError(
        "DL-E214",
        f"Pod {pod!r} asks for channel {wrong[0] if wrong else 'none'} of {device.id!r}, "
        f"which has channels 1 to {device.channels}.",
        still="Nothing was recorded or played.",
        do=f'Write speaker = {{ device = "{device.id}", channels = [1] }} in night.toml.',
    )


def _refuse_shared(found: dict[str, DeviceAsked], declared: Mapping[str, Sequence[str]]) -> None:
    """A channel plays for one bed, unless both say otherwise: a cue in the wrong ear is a cue outside consent."""
    taken: dict[tuple[str, int], str] = {}
    for pod, device in found.items():
        for channel in device.on:
            other = taken.setdefault((device.id, channel), pod)
            if other != pod and not (other in declared[pod] and pod in declared[other]):
                raise StreamError(
                    "DL-E215",
                    f"Pods {other!r} and {pod!r} both play on channel {channel} of {device.id!r}.",
                    why="Each would hear the other's cues, which nobody agreed to.",
                    still="Nothing was recorded or played.",
                    do="Give each a channel or a device of its own in night.toml; where two lie in one bed, write "
                    f'shared_with = ["{other}"] at {pod} and ["{pod}"] at {other}.',
                )


def _profile_path(device: str, house: House) -> Path:
    """Ids hold what no file name may, so the name is their hash; the id stands in the file."""
    return house.devices / f"{hashlib.sha256(device.encode()).hexdigest()[:16]}.json"


def level_path(device: str, house: House) -> Path:
    """Where it stands what a sound level meter showed on this output."""
    return _profile_path(device, house).with_suffix(".level.json")


def channels_in_words(channels: Sequence[int]) -> str:
    """Such as "channel 1" or "channels 1 and 2"."""
    numbers = [str(channel) for channel in channels]
    return f"channel {numbers[0]}" if len(numbers) == 1 else f"channels {', '.join(numbers[:-1])} and {numbers[-1]}"
