"""How is one stream listened to? One inlet that never recovers by itself: loss and return are ours to judge."""

import ctypes
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dreamloom.adapters.lsl.horizon import Seen
from dreamloom.adapters.lsl.layout import Described
from dreamloom.adapters.lsl.offset import Measured
from dreamloom.vocabulary.units import FloatArray

KEEPS_S = 60
"""How much liblsl keeps for us while nobody reads. Ours."""
MOST_SAMPLES = 4096
"""At most so many are taken at once. Ours."""


class Broken(Exception):
    """The connection is gone, or never came to be; the device may still be there."""


class Pulled(NamedTuple):
    """[n, channel] in the stream's units, and [n] stamps on the sender's clock."""

    samples: npt.NDArray[Any]
    stamps_s: FloatArray


class Connection:
    """One inlet, opened and described. Raises Broken from whatever is asked of it once the sender is gone."""

    def __init__(self, pylsl: Any, seen: Seen, *, within_s: float) -> None:
        self.stream = seen.stream
        self._pylsl = pylsl
        self._inlet = pylsl.StreamInlet(seen.info, max_buflen=KEEPS_S, recover=False, as_numpy=True)
        self.described = self._described(within_s)

    def start(self, *, within_s: float) -> None:
        """From here on the sender's samples are kept for us."""
        try:
            self._inlet.open_stream(within_s)
        except RuntimeError as error:
            raise Broken(str(error)) from None

    def pull(self, wait_s: float) -> Pulled:
        """What has come, after at most wait_s; nothing if nothing came."""
        try:
            return Pulled(*self._inlet.pull_chunk(timeout=wait_s, max_samples=MOST_SAMPLES, min_samples=1))
        except RuntimeError as error:
            raise Broken(str(error)) from None

    def measure(self, *, within_s: float) -> Measured:
        """The sender's clock against this machine's LSL clock; takes 0.6 s the first time, then nothing.

        pylsl itself does not tell the uncertainty, which liblsl knows: half a round trip of the best exchange.
        """
        remote_s, uncertainty_s, error = ctypes.c_double(), ctypes.c_double(), ctypes.c_int()
        offset_s = _time_correction()(
            self._inlet.obj,
            ctypes.byref(remote_s),
            ctypes.byref(uncertainty_s),
            ctypes.c_double(within_s),
            ctypes.byref(error),
        )
        if error.value or not np.isfinite(offset_s):
            raise Broken(f"no clock answer, liblsl error {error.value}")
        return Measured(float(offset_s), abs(float(uncertainty_s.value)))

    def close(self) -> None:
        """Ends the inlet; a second call does nothing."""
        self._inlet = None

    def _described(self, within_s: float) -> Described:
        try:
            return Described.of(self._inlet.info(within_s))
        except RuntimeError as error:
            raise Broken(str(error)) from None


def _time_correction() -> Any:
    from pylsl.lib import lib

    function = lib.lsl_time_correction_ex
    function.restype = ctypes.c_double
    return function
