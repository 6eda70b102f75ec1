"""A sentence model small enough for a test, of drawn weights: what it says means nothing, and is always the same."""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from dreamloom.adapters.sentence_model import VOCABULARY, WEIGHTS, Pinned
from dreamloom.vocabulary.chance import stream

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
LETTERS = "abcdefghijklmnopqrstuvwxyzß0123456789.,;:!?'\"()[]-_–„“…人你"
WHOLE = ("sea", "wave", "light", "house", "dream", "un", "the", "and", "was", "in")
ENDS = ("ing", "ed", "s", "house", "able", "er")


def pieces() -> list[str]:
    """Letters alone and within words, and a few whole words and endings."""
    return [
        *SPECIAL,
        *LETTERS,
        *(f"##{each}" for each in LETTERS if each.isalnum()),
        *WHOLE,
        *(f"##{each}" for each in ENDS),
    ]


def write(folder: Path, *, size: int = 24, layers: int = 2, heads: int = 3, most: int = 32, seed: int = 1) -> Pinned:
    """Writes both files of such a model, and says which they are."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ("\n".join(pieces()) + "\n").encode()
    weights = _safetensors(_drawn(size=size, layers=layers, most=most, known=len(pieces()), seed=seed))
    (folder / VOCABULARY).write_bytes(words)
    (folder / WEIGHTS).write_bytes(weights)
    return Pinned(
        name="a tiny model",
        weights=hashlib.sha256(weights).hexdigest(),
        vocabulary=hashlib.sha256(words).hexdigest(),
        heads=heads,
        most=most,
    )


def _drawn(*, size: int, layers: int, most: int, known: int, seed: int) -> dict[str, np.ndarray]:
    shapes = {
        "embeddings.word_embeddings.weight": (known, size),
        "embeddings.position_embeddings.weight": (most, size),
        "embeddings.token_type_embeddings.weight": (2, size),
        **_norm("embeddings.LayerNorm", size),
    }
    for layer in range(layers):
        part = f"encoder.layer.{layer}"
        for each in ("query", "key", "value"):
            shapes |= _dense(f"{part}.attention.self.{each}", size, size)
        shapes |= _dense(f"{part}.attention.output.dense", size, size)
        shapes |= _norm(f"{part}.attention.output.LayerNorm", size)
        shapes |= _dense(f"{part}.intermediate.dense", 4 * size, size)
        shapes |= _dense(f"{part}.output.dense", size, 4 * size)
        shapes |= _norm(f"{part}.output.LayerNorm", size)
    return {name: _numbers(name, shape, seed) for name, shape in shapes.items()}


def _numbers(name: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Wide enough that no layer leaves things as they were; a norm's factor stays about one."""
    middle = 1.0 if name.endswith("LayerNorm.weight") else 0.0
    width = 0.8 if "embeddings" in name or len(shape) == 1 else 3.0 / np.sqrt(shape[-1])
    return np.asarray(middle + width * (stream(seed, "weights", name).random(shape) - 0.5) * 2.0, dtype="<f4")


def _dense(part: str, out: int, into: int) -> dict[str, tuple[int, ...]]:
    return {f"{part}.weight": (out, into), f"{part}.bias": (out,)}


def _norm(part: str, size: int) -> dict[str, tuple[int, ...]]:
    return {f"{part}.weight": (size,), f"{part}.bias": (size,)}


def _safetensors(tensors: dict[str, np.ndarray]) -> bytes:
    table: dict[str, object] = {}
    at = 0
    for name, each in tensors.items():
        table[name] = {"dtype": "F32", "shape": list(each.shape), "data_offsets": [at, at + each.nbytes]}
        at += each.nbytes
    header = json.dumps(table).encode()
    return len(header).to_bytes(8, "little") + header + b"".join(each.tobytes() for each in tensors.values())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
