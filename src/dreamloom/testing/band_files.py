"""What would a headband have recorded? A file that BrainFlow's playback board plays, of any length, at once.

Run by `python -m dreamloom.testing.band_files FILE SECONDS`.
"""

import sys
import warnings
from pathlib import Path

import numpy as np

RATE_HZ = 250
PACKAGES = 256
"""As the synthetic board counts its samples."""
_CHUNK = 10_000


def write_recording(path: Path, seconds: float, *, began_utc_s: float = 1_700_000_000.0) -> int:
    """So many seconds of BrainFlow's synthetic board: slow waves in every electrode, each sample counted and stamped.

    Returns:
        How many samples there are.
    """
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        from brainflow.board_shim import BoardIds, BoardShim

    board = BoardShim.get_board_descr(BoardIds.SYNTHETIC_BOARD.value)
    samples = round(seconds * RATE_HZ)
    with path.open("w", encoding="ascii") as file:
        for first in range(0, samples, _CHUNK):
            numbers = np.arange(first, min(first + _CHUNK, samples))
            rows = np.zeros((len(numbers), int(board["num_rows"])))
            rows[:, board["package_num_channel"]] = numbers % PACKAGES
            rows[:, board["eeg_channels"]] = 40.0 * np.sin(2 * np.pi * 0.8 * numbers / RATE_HZ)[:, np.newaxis]
            rows[:, board["timestamp_channel"]] = began_utc_s + numbers / RATE_HZ
            np.savetxt(file, rows, fmt="%.6f", delimiter="\t")
    return samples


if __name__ == "__main__":
    write_recording(Path(sys.argv[1]), float(sys.argv[2]))
