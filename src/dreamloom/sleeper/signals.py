"""What do the electrodes of a simulated sleeper give in second n? EEG, eyes, chin, heart, breath; without history."""

import numpy as np

from dreamloom.signals.blocks import Channel
from dreamloom.sleeper.background import Background
from dreamloom.sleeper.body import Body
from dreamloom.sleeper.course import Course
from dreamloom.sleeper.kept import Kept
from dreamloom.sleeper.waves import MIX, chewing, shown, swell
from dreamloom.vocabulary.units import FloatArray

CHANNELS = (
    Channel("EEG F4-M1", "EEG"),
    Channel("EOG E1-M2", "EOG"),
    Channel("EOG E2-M2", "EOG"),
    Channel("EMG chin", "EMG"),
)
"""A frontal derivation, left and right eye, chin: labels as in EDF+."""
BODY_CHANNELS = (Channel("ECG", "ECG"), Channel("Resp chest", "RESP"))
"""One lead of the heart, and a belt whose unit means nothing."""
BRAIN_AT_EYES = 0.4
"""Share of frontal brain waves seen by an eye electrode. Ours."""
CHIN_AROUSED = 4.0
"""How many times its tone the chin gains at the height of an arousal. Ours."""
DRIFT_KNOT_S = 20
TWITCH_UV, MOVED_MUSCLE = 6.0, 8.0
"""A twitch or a bite of this size doubles the chin's tone; turning over raises it so many times. Ours."""
LOOSE_UV, LOOSE_HUM_UV = 4.0, 60.0
"""What an electrode shows that touches nothing: hiss and a lot of mains. Ours."""


class Electrodes:
    """The channels of one night at one whole-number rate: head and chin, and heart and breath if asked for."""

    def __init__(self, course: Course, *, sfreq_hz: int, with_body: bool = False) -> None:
        self.course = course
        self.channels = CHANNELS + BODY_CHANNELS if with_body else CHANNELS
        self._body = Body(course) if with_body else None
        self.sfreq_hz = sfreq_hz
        self._background = Background(course, sfreq_hz)
        self._grid_s = np.arange(sfreq_hz) / sfreq_hz
        hum = course.traits.line_uv * np.sin(2.0 * np.pi * course.traits.line_hz * self._grid_s)
        self._line_uv = hum[:, None] * np.array([1.0, 0.8, 0.9, 1.2])
        self._drifts: Kept[FloatArray] = Kept(self._make_drift, size=4)

    def forget(self) -> None:
        """The course has changed, as by a sound: what was made before is made again when asked for."""
        self._background.forget()

    def second(self, second: int) -> FloatArray:
        """[sfreq_hz, channel], microvolts, of second n since lights-off: the same however it is reached."""
        samples_uv = self._of_head(second)
        if self._body is not None:
            samples_uv = np.concatenate([samples_uv, self._of_body(self._body, second)], axis=1)
        self._detach(second, samples_uv)
        return samples_uv

    def _of_body(self, body: Body, second: int) -> FloatArray:
        noise_uv = self.course.chance("skin of body", second).standard_normal((self.sfreq_hz, len(BODY_CHANNELS)))
        return body.samples_uv(second + self._grid_s) + 4.0 * self.course.traits.electrode_uv * noise_uv

    def _detach(self, second: int, samples_uv: FloatArray) -> None:
        """Out of bed every lead is unplugged; an electrode may come off alone."""
        for stretch in self.course.stretches:
            if stretch.what in {"out of bed", "electrode off"} and stretch.onset_s < second + 1 < stretch.end_s + 1:
                time_s = second + self._grid_s
                gone = (time_s >= stretch.onset_s) & (time_s < stretch.end_s)
                channels = slice(None) if stretch.channel < 0 else slice(stretch.channel, stretch.channel + 1)
                samples_uv[gone, channels] = self._in_the_air(second, samples_uv.shape)[gone, channels]

    def _in_the_air(self, second: int, shape: tuple[int, ...]) -> FloatArray:
        hum_uv = LOOSE_HUM_UV * np.sin(2.0 * np.pi * self.course.traits.line_hz * self._grid_s)
        return hum_uv[:, None] + LOOSE_UV * self.course.chance("in the air", second).standard_normal(shape)

    def _of_head(self, second: int) -> FloatArray:
        time_s = second + self._grid_s
        hum = self._background.second(second)
        brain_uv, muscle, direct_uv = hum[:, 0].copy(), np.ones(self.sfreq_hz), np.zeros((self.sfreq_hz, 3))
        for happening in self.course.around(second):
            if happening.what == "arousal":
                rise = swell(happening, time_s)
                brain_uv += rise * happening.size_uv * hum[:, 4]
                muscle += CHIN_AROUSED * rise
            elif happening.what in {"twitch", "tension"}:
                muscle += swell(happening, time_s) * happening.size_uv / TWITCH_UV
            elif happening.what == "grinding":
                muscle += chewing(happening, time_s) * happening.size_uv / TWITCH_UV
            elif happening.what != "sniff":
                if happening.what == "movement":
                    muscle += MOVED_MUSCLE * swell(happening, time_s)
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
