"""Draws the icons of the pod page: a thin moon over its own reflection, in ember on black. Run from the repository."""

import struct
import zlib
from pathlib import Path

import numpy as np

from dreamloom.gallery.palette import EMBER

OUT = Path(__file__).parent.parent / "src/dreamloom/web/static"
FINER = 4


def colour(text: str) -> np.ndarray:
    """A hex colour as three numbers, 0 to 255."""
    return np.array([int(text[place : place + 2], 16) for place in (1, 3, 5)], dtype=float)


def drawn(size: int) -> np.ndarray:
    """[row, column, channel] of bytes."""
    n = size * FINER
    y, x = np.mgrid[0:n, 0:n] / n - 0.5
    moon = (x**2 + (y + 0.04) ** 2 < 0.235**2) & ((x - 0.10) ** 2 + (y + 0.09) ** 2 > 0.215**2)
    water = np.zeros_like(moon)
    for row, half in ((0.25, 0.17), (0.30, 0.11), (0.35, 0.05)):
        water |= (np.abs(y - row) < 0.009) & (np.abs(x) < half)
    share = (moon + 0.6 * water).reshape(size, FINER, size, FINER).mean(axis=(1, 3))[..., None]
    return np.round(colour(EMBER.ground) * (1 - share) + colour(EMBER.ink) * share).astype(np.uint8)


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk of a PNG (W3C, Portable Network Graphics)."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(pixels: np.ndarray) -> bytes:
    """8-bit RGB."""
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    for size in (192, 512):
        (OUT / f"pod-{size}.png").write_bytes(png(drawn(size)))
