"""A sleeper of steady slow waves, and a dreamscape that clicks on them: nights in which every phase is known."""

import numpy as np

from dreamloom.adapters.speaker.virtual import VirtualSpeaker
from dreamloom.ports import Speaker
from dreamloom.record.events import CueDue, PhaseWindowOpened
from dreamloom.testing.nights import TinyBed, TinyNight, always, grant_for, plan_of, run_tiny_night
from dreamloom.testing.signals import FakeSource
from dreamloom.vocabulary.units import FloatArray

N3 = 3
WAVE_HZ = 0.83
CLICKS = """
dreamscape: clicks_in_step
version: 1
intent: Let a test hear clicks on the waves of deep sleep.
tags: [deep_sleep]
cues:
  click: {kind: sound, class: sleep, make: pink_burst, duration: 50 ms, because: ours}
parts:
  - for: each sleeper
    when: {stage: [N3], confidence: ">= 0.8", because: ours}
    play: click
    phase: {of: slow oscillation, at: 0 deg, because: ours}
    every: 2.5 s
    budget: {per_hour: 1200, per_night: 3000, because: ours}
arms:
  active: {cue: own}
  sham: {cue: silence}
levels: {cap: 45 dBA, over_threshold: 10 dB, because: ours}
stop:
  arousal: {fade: 100 ms, pause: 20 s, lower: 3 dB, because: ours}
"""


def slow_waves(onset_s: FloatArray) -> FloatArray:
    """Waves of 40 µV whose peaks lie at whole periods, and what sounds like sleep above them."""
    ripple_uv = 3.0 * np.sin(2 * np.pi * 5.3 * onset_s) + 2.0 * np.sin(2 * np.pi * 9.7 * onset_s + 1.0)
    return np.asarray(40.0 * np.cos(2 * np.pi * WAVE_HZ * onset_s) + ripple_uv)


def deep_source(seconds: float, *, block_samples: int = 25) -> FakeSource:
    """A plain stream of them."""
    return FakeSource(
        true_hz=100, grid_hz=100, duration_s=seconds, waveforms=(slow_waves,), block_samples=block_samples
    )


def deep_bed(seconds: float = 130, *, text: str = CLICKS, speaker: Speaker | None = None, **changes: object) -> TinyBed:
    """A bed whose sleeper lies in N3 all night and agreed to it."""
    plan, _ = plan_of(text)
    parts: dict[str, object] = {
        "source": deep_source(seconds),
        "classify": always(N3),
        "grant": grant_for(plan, stages=("N3",)),
        "speaker": speaker or VirtualSpeaker(),
    }
    return TinyBed(**{**parts, **changes})  # type: ignore[arg-type]  # a test may put in anything on purpose


def deep_night(seconds: float = 130, *, text: str = CLICKS, **changes: object) -> TinyNight:
    """Such a bed's night."""
    bed = {name: changes.pop(name) for name in ("source", "speaker", "output_s", "classify") if name in changes}
    return run_tiny_night({"p1": deep_bed(seconds, text=text, **bed)}, text=text, **changes)  # type: ignore[arg-type]


def error_deg(at_s: float, wanted_deg: float = 0.0) -> float:
    """By how much the wave was past the wanted phase then."""
    return float((360.0 * WAVE_HZ * at_s - wanted_deg + 180.0) % 360.0 - 180.0)


def windows_of(night: TinyNight) -> dict[str, PhaseWindowOpened]:
    """By id."""
    return {event.id: event for event in night.events if isinstance(event, PhaseWindowOpened)}


def dues_of(night: TinyNight) -> list[CueDue]:
    """In order."""
    return [event for event in night.events if isinstance(event, CueDue)]
