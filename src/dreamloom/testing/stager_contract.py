"""What must every plug-in stager do? One suite for all of them; whoever writes one subclasses it and brings it."""

from abc import ABC, abstractmethod

import numpy as np

from dreamloom.house.plug_in_stagers import wrong_in
from dreamloom.ports import PlugInStager
from dreamloom.staging.plugged import judged
from dreamloom.vocabulary import chance
from dreamloom.vocabulary.units import FloatArray


class StagerContract(ABC):
    """Subclass as TestSomething, and give the stager."""

    sfreq_hz = 100

    @abstractmethod
    def stager(self) -> PlugInStager:
        """A new one, as the entry point makes it."""

    def window(self, seed: int = 1, *, size_uv: float = 20.0) -> FloatArray:
        """As much noise as the stager asks for, [channel, sample]."""
        stager = self.stager()
        length = round(max(stager.context_s, stager.warmup_s, 30.0)) * self.sfreq_hz
        return size_uv * chance.stream(seed, "contract").normal(size=(len(self.kinds), length))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The least it is given."""
        return tuple(self.stager().min_channels) or ("EEG",)

    def answer(self, signals_uv: FloatArray) -> tuple[float, ...]:
        """What a night would make of its answer."""
        told = judged(self.stager().classify(signals_uv, self.kinds, self.sfreq_hz))
        assert not told.why, told.why
        return told.probabilities

    def test_it_says_what_it_is_and_what_it_needs(self) -> None:
        assert not wrong_in(self.stager())
        assert self.stager().licence.count("\n") == 0
        assert set(self.kinds) <= {"EEG", "EOG", "EMG"}

    def test_it_answers_five_probabilities_that_add_up_to_one(self) -> None:
        assert len(self.answer(self.window())) == 5

    def test_the_same_samples_give_the_same_answer_whatever_was_asked_before(self) -> None:
        window, stager = self.window(), self.stager()
        first = judged(stager.classify(window, self.kinds, self.sfreq_hz))
        stager.classify(self.window(2), self.kinds, self.sfreq_hz)
        assert judged(stager.classify(window, self.kinds, self.sfreq_hz)) == first
        assert self.answer(window) == first.probabilities

    def test_it_leaves_what_it_is_given_as_it_is(self) -> None:
        window = self.window()
        kept = window.copy()
        window.flags.writeable = False
        self.answer(window)
        assert np.array_equal(window, kept)

    def test_it_answers_quiet_and_loud_signals_too(self) -> None:
        self.answer(self.window(size_uv=0.5))
        self.answer(self.window(size_uv=80.0))

    def test_it_is_satisfied_with_its_warm_up(self) -> None:
        least = round(max(self.stager().warmup_s, 30.0)) * self.sfreq_hz
        self.answer(self.window()[:, -least:])
