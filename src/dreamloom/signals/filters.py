"""How is a signal filtered without looking ahead, to the same bits however it is cut?

A filter is a frozen description plus a state that travels beside it: `step(state, samples) -> (state, samples)`. It
works on samples as they come in; what stages are read from is filtered window by window (`staging.prepare`).
"""

from dataclasses import dataclass

import numpy as np

from dreamloom.vocabulary.units import FloatArray, Hertz


@dataclass(frozen=True, slots=True, eq=False)
class SosFilter:
    """A causal filter in second-order sections.

    Attributes:
        sections: [section, 6], as scipy.signal designs them.
    """

    sections: FloatArray

    def start(self, first_uv: FloatArray) -> FloatArray:
        """The state of a filter that has seen [channel] first_uv for ever, so that an offset makes no step.

        Returns:
            [section, 2, channel].
        """
        from scipy.signal import sosfilt_zi  # half a second to import, and not every bed filters like this

        settled = sosfilt_zi(self.sections)
        return np.asarray(settled[:, :, np.newaxis] * first_uv)

    def step(self, state: FloatArray, samples_uv: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Filters [n, channel] on from a state; the same bits for any n."""
        if len(samples_uv) == 0:  # which scipy refuses
            return state, samples_uv
        from scipy.signal import sosfilt

        filtered, after = sosfilt(self.sections, samples_uv, axis=0, zi=state)
        return after, filtered


def high_pass(edge_hz: float, *, sfreq_hz: Hertz, order: int = 1) -> SosFilter:
    """A Butterworth high-pass; -3 dB at its edge."""
    from scipy.signal import butter

    return SosFilter(butter(order, edge_hz, btype="highpass", fs=sfreq_hz, output="sos"))
