"""Where does simulated chance come from? From (seed, names), so that second n needs no history."""

import hashlib

import numpy as np


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A random stream that depends on the seed and the names alone.

    The key of a Philox counter generator is the SHA-256 of all parts, so `stream(7, "S01", "eeg", 120)` gives
    second 120 of a sleeper without drawing the 119 before it. For simulation only; trial seeds are sealed elsewhere.
    """
    text = "\x1f".join([str(int(seed)), *(str(name) for name in names)])
    digest = hashlib.sha256(text.encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
