"""What do the electrodes of a simulated sleeper give in second n? EEG, both eyes and chin, without any history."""

import numpy as np

from dreamloom.signals.blocks import Channel
from dreamloom.sleeper.background import Background
from dreamloom.sleeper.happenings import Course
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.waves import MIX, shown, swell
from dreamloom.vocabulary.units import FloatArray

CHANNELS = (
    Channel("EEG F4-M1", "EEG"),
    Channel("EOG E1-M2", "EOG"),
    Channel("EOG E2-M2", "EOG"),
    Channel("EMG chin", "EMG"),
)
"""A frontal derivation, left and right eye, chin: labels as in EDF+."""
BRAIN_AT_EYES = 0.4
"""Share of frontal brain waves seen by an eye electrode. Ours."""
CHIN_AROUSED = 4.0
"""How many times its tone the chin gains at the height of an arousal. Ours."""
DRIFT_KNOT_S = 20


class Electrodes:
    """The four channels of one night at one whole-number rate."""

    def __init__(self, course: Course, *, sfreq_hz: int) -> None:
        self.course = course
        self.sfreq_hz = sfreq_hz
        self._background = Background(course, sfreq_hz)
        self._grid_s = np.arange(sfreq_hz) / sfreq_hz
        hum = course.traits.line_uv * np.sin(2.0 * np.pi * course.traits.line_hz * self._grid_s)
        self._line_uv = hum[:, None] * np.array([1.0, 0.8, 0.9, 1.2])
        self._drifts: Kept[FloatArray] = Kept(self._make_drift, size=4)

    def second(self, second: int) -> FloatArray:
        """[sfreq_hz, 4], microvolts, of second n since lights-off: the same however it is reached."""
        time_s = second + self._grid_s
        hum = self._background.second(second)
        brain_uv, muscle, direct_uv = hum[:, 0].copy(), np.ones(self.sfreq_hz), np.zeros((self.sfreq_hz, 3))
        for happening in self.course.around(second):
            if happening.what == "arousal":
                rise = swell(happening, time_s)
                brain_uv += rise * happening.size_uv * hum[:, 4]
                muscle += CHIN_AROUSED * rise
            elif happening.what == "twitch":
                muscle += swell(happening, time_s) * happening.size_uv / 6.0
            else:
                direct_uv += shown(happening, time_s)[:, None] * np.array(MIX[happening.what])
        samples_uv = np.empty((self.sfreq_hz, 4))
        samples_uv[:, 0] = brain_uv + direct_uv[:, 0]
        samples_uv[:, 1:3] = hum[:, 1:3] + BRAIN_AT_EYES * brain_uv[:, None] + direct_uv[:, 1:]
        samples_uv[:, 3] = hum[:, 3] * muscle
        return samples_uv + self._at_the_skin(second)

    def _at_the_skin(self, second: int) -> FloatArray:
        """Electrode noise, mains hum and slow drift."""
        traits = self.course.traits
        rng = self.course.chance("skin", second)
        noise_uv = traits.electrode_uv * rng.standard_normal((self.sfreq_hz, 4))
        share = (second % DRIFT_KNOT_S + self._grid_s) / DRIFT_KNOT_S
        ease = ((1.0 - np.cos(np.pi * share)) / 2.0)[:, None]
        knot = second // DRIFT_KNOT_S
        drift_uv: FloatArray = (1.0 - ease) * self._drifts(knot) + ease * self._drifts(knot + 1)
        return np.asarray(noise_uv + self._line_uv + drift_uv)

    def _make_drift(self, knot: int) -> FloatArray:
        rng = self.course.chance("drift", knot)
        return self.course.traits.drift_uv * rng.standard_normal(4)
