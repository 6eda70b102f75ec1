"""Does any frame ever leave above the ceiling? Random outputs, cues, bits and beats through the true deck and mixer."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from dreamloom.adapters.speaker.bits_file import MemoryBits, set_bit
from dreamloom.adapters.speaker.deck import QUANTUM_FRAMES, Deck, Output
from dreamloom.jukebox.cues import SOUND_RATE_HZ, PcmArray, Sound
from dreamloom.jukebox.levels import gain
from dreamloom.ports import PlayCommand
from dreamloom.vetoes.bits import EVERY_BIT, Bit
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds

CUES_AT_ONCE = 40
QUANTA = 3
"""What is rendered of each storm: 30 ms, in which every cue begins."""
FADES_S = (None, Seconds(0.005), Seconds(0.1), Seconds(20.0))
EXACT_DB = 0.01
"""A lawful sound that leaves at its level does so within this."""


class Storm(NamedTuple):
    """Some parameter sets, and what left: sets, frames that were looked at, those above the ceiling, lawful sounds."""

    sets: int
    frames: int
    above: int
    lawful: int
    at_level: int


@dataclass
class Weather:
    """Random numbers in thousands at a time: one draw each would cost more than what it decides."""

    seed: int
    _waiting: dict[str, list[float]] = field(default_factory=dict)
    _rounds: dict[str, int] = field(default_factory=dict)

    def __call__(self, name: str, low: float, high: float) -> float:
        """A number between low and high, the next one of this name."""
        waiting = self._waiting.get(name)
        if not waiting:
            turn = self._rounds[name] = self._rounds.get(name, -1) + 1
            waiting = self._waiting[name] = stream(self.seed, "storm", name, turn).random(4_096).tolist()
        return low + (high - low) * waiting.pop()


def sounds(seed: int, count: int = 64) -> list[Sound]:
    """Noise, steps and tones of 1 to 60 ms whose peaks are full scale: the hardest a deck may be given."""
    made = []
    for number in range(count):
        numbers = stream(seed, "storm", "sound", number)
        frames = numbers.uniform(-1.0, 1.0, size=int(numbers.integers(48, 2_880)))
        if number % 3 == 1:
            frames = np.sign(frames)
        if number % 3 == 2:
            frames = np.sin(np.arange(len(frames)) * float(numbers.uniform(0.01, 3.0)))
        loudest = np.asarray(frames / np.max(np.abs(frames)), dtype=np.float32)
        made.append(Sound("storm", f"{number:064x}", loudest, loudness_db=Decibels(-10.0 * (number % 7))))
    return made


def storm(number: int, weather: Weather, choice: list[Sound]) -> Storm:
    """Forty cues over each other on one random output, then one lawful cue alone on the same one."""
    output = Output(
        full_scale_db=Decibels(weather("full scale", 40.0, 140.0)), ceiling_db=Decibels(weather("ceiling", 0.0, 120.0))
    )
    ceiling = gain(output.ceiling_db, full_scale_db=output.full_scale_db)
    deck, bits = _deck(output)
    for cue in range(CUES_AT_ONCE):
        deck.queue(_any_cue(f"{number}.{cue}", weather, choice))
    frames, above = 0, 0
    for quantum in range(1, QUANTA + 1):
        bit = int(weather("bit", 0.0, 24.0))
        if bit < len(Bit):
            set_bit(bits, Bit(bit), on=True)
        heard = deck.hear(quantum * QUANTUM_FRAMES, QUANTUM_FRAMES, dead_man_ok=weather("beat", 0.0, 1.0) < 0.95)
        frames += len(heard.frames)
        # Written so that what is no number counts as above.
        above += len(heard.frames) - int(np.count_nonzero(np.abs(heard.frames.astype(np.float64)) <= ceiling))
    return Storm(CUES_AT_ONCE, frames, above, 1, int(_is_at_level(number, output, weather, choice)))


def many(sets: int, seed: int) -> Storm:
    """Storms until so many parameter sets were tried, added up."""
    weather, choice = Weather(seed), sounds(seed)
    total = Storm(0, 0, 0, 0, 0)
    for number in range(math.ceil(sets / CUES_AT_ONCE)):
        total = Storm(*(a + b for a, b in zip(total, storm(number, weather, choice), strict=True)))
    return total


def added(parts: Iterable[Storm]) -> Storm:
    """What several rounds came to together."""
    return Storm(*map(sum, zip(*parts, strict=True)))


def _deck(output: Output) -> tuple[Deck, MemoryBits]:
    """A deck that may sound, its dead-man gain open."""
    bits = MemoryBits()
    for bit in Bit:
        set_bit(bits, bit, on=False)
    deck = Deck(bits, output=output, wav_path=None, next_frame=0)
    deck.hear(QUANTUM_FRAMES, 0, dead_man_ok=True)
    return deck, bits


def _any_cue(name: str, weather: Weather, choice: list[Sound]) -> PlayCommand:
    """Any level a mistake could come to, at any moment of the storm, heeding any bits."""
    sound = choice[int(weather("sound", 0.0, len(choice)))]
    at_s = NightTime((1 + weather("at", 0.0, QUANTA)) * QUANTUM_FRAMES / SOUND_RATE_HZ)
    wild = weather("wild", 0.0, 1.0) < 0.1
    level_db = Decibels(weather("wild level", -2_000.0, 2_000.0) if wild else weather("level", -20.0, 160.0))
    fade_s = FADES_S[int(weather("fade", 0.0, len(FADES_S)))]
    mask = EVERY_BIT if weather("heeds", 0.0, 1.0) < 0.5 else int(weather("mask", 0.0, 256.0))
    return PlayCommand(name, sound, level_db, at_s, NightTime(at_s + 0.02), silenced_by=mask, arousal_fade_s=fade_s)


def _is_at_level(number: int, output: Output, weather: Weather, choice: list[Sound]) -> bool:
    """Whether one cue that is planned below the ceiling leaves frame by frame at the gain its level asks for."""
    sound = choice[int(weather("lawful sound", 0.0, len(choice)))]
    highest_db = min(output.ceiling_db, output.full_scale_db) + sound.loudness_db
    level_db = Decibels(highest_db - weather("below", 0.0, 40.0))
    deck, _ = _deck(output)
    at_s = NightTime(2 * QUANTUM_FRAMES / SOUND_RATE_HZ)
    deck.queue(PlayCommand(f"lawful {number}", sound, level_db, at_s, NightTime(at_s + 0.02)))
    heard = deck.hear(QUANTUM_FRAMES, QUANTUM_FRAMES + len(sound.frames), dead_man_ok=True).frames[QUANTUM_FRAMES:]
    return _same_level(heard, sound, level_db - output.full_scale_db - sound.loudness_db)


def _same_level(heard: PcmArray, sound: Sound, gain_db: float) -> bool:
    heard_power, power = (float(np.sum(np.square(each.astype(np.float64)))) for each in (heard, sound.frames))
    return heard_power > 0 and abs(10 * math.log10(heard_power / power) - gain_db) <= EXACT_DB
