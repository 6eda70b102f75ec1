"""How would the shipped trees look as a plug-in? The live track, fed anew with the past each time it is asked."""

import numpy as np

from dreamloom.adapters.trees import TreeStager
from dreamloom.signals.blocks import Channel, GridSecond
from dreamloom.signals.labels import kind_of
from dreamloom.signals.quantise import Quantiser
from dreamloom.staging import track
from dreamloom.vocabulary.units import FloatArray, NightTime


class ShippedTrees:
    """YASA's trees on two minutes; a pod remembers fifteen and is better. Measures the contract of plug-ins."""

    name = "shipped trees"
    version = "0.8"
    licence = "BSD-3-Clause (YASA, Vallat & Walker 2021)"
    min_channels = ("EEG",)
    warmup_s = 30.0
    context_s = 120.0

    def classify(self, signals_uv: FloatArray, kinds: tuple[str, ...], sfreq_hz: int) -> FloatArray:
        """The newest estimate of a track that has seen these seconds and nothing else."""
        channels = [Channel(kind, kind_of(kind)) for kind in kinds]
        trees = TreeStager(track.montage(channels).kind)
        state = track.start(channels, sfreq_hz, trees.probabilities)
        newest: tuple[float, ...] = ()
        count = signals_uv.shape[1] // sfreq_hz
        stored = Quantiser.of(channels).digital(signals_uv.T[-count * sfreq_hz :])
        nothing = np.zeros(sfreq_hz, dtype=bool)
        first = -count % track.STEP_S
        for k, digital in enumerate(np.split(stored, count), start=first):
            samples_uv = Quantiser.of(channels).to_uv(digital)
            state, told = track.step(state, GridSecond(k, digital, samples_uv, nothing, NightTime(k + 1.0)))
            newest = told[-1].probabilities if told else newest
        return np.array(newest)
