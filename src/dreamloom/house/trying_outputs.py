"""Is each bed heard at its own place, and how late? Says its name on its output; measures a delay over a loop."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from scipy.signal import correlate

from dreamloom.adapters.speaker import outputs, wire
from dreamloom.adapters.speaker.child import ChildSpeaker
from dreamloom.adapters.speaker.wire import DeviceAsked
from dreamloom.adapters.speech import spoken
from dreamloom.engine.clocks import utc_now
from dreamloom.house.speakers import Profile
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, Sound, SoundOutcome
from dreamloom.jukebox.synth import make
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import Bit
from dreamloom.vocabulary.errors import StreamError
from dreamloom.vocabulary.units import Decibels, FloatArray, NightTime, Seconds

SPOKEN_DB = Decibels(70.0)
"""Of an output whose full scale is taken for 100 dB: soft speech where nobody sleeps yet. Ours."""
NOTES = ("C5", "D5", "E5", "F5", "G5", "A5", "B5")
EVERY_S = 0.35
NOW = NightTime(0.0)
EARLIEST_S, LATEST_S = -0.05, 0.5
"""A sound that comes back outside this time after it was played is not taken for it."""
LIKENESS = 0.5
"""Correlation with what was played, from which on a sound was heard. Ours."""
FEWEST = 5
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What was played for one bed: its name, or as many notes as its place in the night where nothing speaks."""

    pod: str
    device: str
    channels: tuple[int, ...]
    how: str
    heard: bool


def say_names(beds: dict[str, DeviceAsked]) -> Iterator[Spoken]:
    """Plays each bed's name on its own output, one after the other; tells each when it is over."""
    for number, (pod, device) in enumerate(beds.items(), 1):
        voice = spoken(" ".join(pod))
        sounds = (
            [voice] if voice is not None else [make("tone", pitch=NOTES[n % 7], duration_s=0.4) for n in range(number)]
        )
        with opened(device) as speaker:
            heard = [outcome.status == "played" for sound in sounds for outcome in [played(speaker, sound, SPOKEN_DB)]]
        how = f'said "{pod}"' if voice is not None else f"{number} note{'s' if number > 1 else ''}"
        yield Spoken(pod=pod, device=device.id, channels=device.on, how=how, heard=all(heard))


@contextmanager
def chime(device: DeviceAsked) -> Iterator[Callable[[], None]]:
    """A note on this output whenever it is asked for, for somebody awake whose eyes are busy."""
    note = make("tone", pitch=NOTES[0], duration_s=0.3)
    with opened(device) as speaker:
        yield lambda: _ignore(played(speaker, note, SPOKEN_DB))


def _ignore(_: SoundOutcome) -> None:
    """A chime that is not heard is shown in words all the same."""


def measure(
    device: DeviceAsked, ear: outputs.Device, *, sounds: int, told: Callable[[int], None] = lambda _: None
) -> Profile:
    """Plays noise bursts and finds each in what the input hears.

    The figure holds the input's own delay as well: a few milliseconds of its buffers, none for a monitor.

    Raises:
        StreamError: when the device or input cannot be opened, or too few of the sounds came back.
    """
    bursts = [make("pink_burst", duration_s=0.05, seed=number) for number in range(sounds)]
    sent: list[tuple[Sound, SoundOutcome]] = []
    unmeasured = DeviceAsked(device.id, device.backend, device.channels, device.on, latency_s=0.0)
    with opened(unmeasured) as speaker, _listening(ear) as heard:
        zero_ns = wire.boot_ns() - round(speaker.now_s() * _NS)
        for number, burst in enumerate(bursts, 1):
            sent.append((burst, played(speaker, burst, SPOKEN_DB)))
            told(number)
        time.sleep(LATEST_S)
        first_ns, frames = heard()
    delays_s = _delays_s(sent, frames, (first_ns - zero_ns) / _NS)
    if len(delays_s) < max(FEWEST, sounds // 2):
        raise _unheard(device, ear, len(delays_s), sounds)
    return Profile(
        device=device.id,
        latency_s=round(max(float(np.median(delays_s)), 0.0), 5),
        latency_sd_s=round(float(np.std(delays_s)), 5),
        sounds=len(delays_s),
        method=f"noise bursts of 50 ms over {ear.id}",
        measured_utc=utc_now().isoformat(timespec="seconds"),
    )


def _delays_s(played: list[tuple[Sound, SoundOutcome]], frames: PcmArray, first_s: float) -> list[float]:
    """How much later than rendered each sound was heard, in seconds; those not found are left out."""
    found = []
    for burst, outcome in played:
        if outcome.actual_s is None:
            continue
        from_frame = round((outcome.actual_s + EARLIEST_S - first_s) * SOUND_RATE_HZ)
        to_frame = round((outcome.actual_s + LATEST_S - first_s) * SOUND_RATE_HZ) + len(burst.frames)
        part = frames[max(from_frame, 0) : to_frame]
        at = _where(part, burst.frames) if len(part) >= len(burst.frames) else None
        if at is not None:
            found.append(first_s + (max(from_frame, 0) + at) / SOUND_RATE_HZ - outcome.actual_s)
    return found


def _where(heard: PcmArray, sound: PcmArray) -> int | None:
    """The frame at which the sound begins in what was heard; None where nothing is like it."""
    wanted: FloatArray = sound.astype(np.float64)
    there: FloatArray = heard.astype(np.float64)
    likeness = correlate(there, wanted, mode="valid", method="fft")
    energy = np.convolve(there**2, np.ones(len(wanted)), mode="valid")
    relative = np.abs(likeness) / np.sqrt(np.maximum(energy, 1e-12) * np.sum(wanted**2))
    best = int(np.argmax(relative))
    return best if relative[best] >= LIKENESS else None


@contextmanager
def opened(device: DeviceAsked) -> Iterator[ChildSpeaker]:
    """A speaker that may sound, with bits of its own: nobody sleeps there yet."""
    with tempfile.TemporaryDirectory() as folder:
        speaker = ChildSpeaker(Path(folder) / "bits", now_s=NightTime(0.0), device=device)
        try:
            for bit in Bit:
                speaker.set_bit(bit, on=False)
            yield speaker
        finally:
            speaker.close()


_numbers = count()


def played(speaker: ChildSpeaker, sound: Sound, level_db: Decibels) -> SoundOutcome:
    """Plays it now, and returns when it is over."""
    at_s = NightTime(speaker.now_s() + 0.1)
    give_up_s = at_s + sound.duration_s + 2.0
    command = PlayCommand(f"try {next(_numbers)}", sound, level_db, at_s, NightTime(at_s + 1.0))
    speaker.beat(speaker.now_s())
    speaker.play(command)
    while speaker.now_s() < give_up_s:
        speaker.beat(speaker.now_s())
        for outcome in speaker.outcomes():
            time.sleep(max(0.0, EVERY_S - sound.duration_s - 0.1))
            return outcome
        time.sleep(0.01)
    return SoundOutcome(command.cue_id, "failed", None, Seconds(0.0), cut=False, bits=(), verified="none")


@contextmanager
def _listening(ear: outputs.Device) -> Iterator[Callable[[], tuple[int, PcmArray]]]:
    """Returns what was heard: boot time of the first frame, and float32[frame], the loudest channel of each moment."""
    chunks: list[tuple[int, bytes]] = []

    def take() -> outputs.Take:
        while True:
            chunk = yield
            chunks.append((wire.boot_ns(), bytes(chunk)))

    def heard() -> tuple[int, PcmArray]:
        """A chunk may be handed over late and never early: the promptest one says when the first frame came."""
        there = list(chunks)
        size = 4 * ear.channels
        ends = np.cumsum([len(chunk) for _, chunk in there]) // size * _NS // SOUND_RATE_HZ
        first_ns = min(at_ns - int(end_ns) for (at_ns, _), end_ns in zip(there, ends, strict=True)) if there else 0
        frames = np.frombuffer(b"".join(chunk for _, chunk in there), dtype="<f4").reshape(-1, ear.channels)
        loudest = int(np.argmax(np.sum(frames**2, axis=0))) if len(frames) else 0
        return first_ns, frames[:, loudest]

    with outputs.hearing(ear, take()):
        time.sleep(0.5)
        yield heard


def _unheard(device: DeviceAsked, ear: outputs.Device, heard: int, of: int) -> StreamError:
    return StreamError(
        "DL-E269",
        f"Only {heard} of {of} sounds of {device.id!r} were heard at {ear.id!r}.",
        why="Without a way back from the output to the input nothing can be measured.",
        still="The delay that was known before stays as it was.",
        do="Lead a cable from output to input, or put the microphone to the speaker, raise both, and try again.",
    )
