"""What does a report mean to all-MiniLM-L6-v2? 384 numbers, by its published weights and nothing but numpy.

The weights lie in a folder that somebody names; none comes with the product, and nothing is fetched. Both files are
taken by their SHA-256 alone, so that every house compares by the same model. One text at a time, on one thread: the
same text gives the same numbers whatever stands beside it.

Reimers & Gurevych 2019 (mean pooling, length one); Wang et al. 2020 (MiniLM); Devlin et al. 2019 (the layers).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from threadpoolctl import ThreadpoolController

from dreamloom.adapters.word_pieces import numbers, vocabulary
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import FloatArray

Weights = NDArray[np.float32]
WEIGHTS, VOCABULARY = "model.safetensors", "vocab.txt"
EPSILON = np.float32(1e-12)
STILL = "Every test still compares by words, which needs no model."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """Which files a model is, and what they do not say of themselves.

    Attributes:
        weights, vocabulary: the SHA-256 of each file.
        heads: of each layer.
        most: pieces of a text that are read; the rest is cut off.
    """

    name: str
    weights: str
    vocabulary: str
    heads: int
    most: int


MINILM = Pinned(
    name="all-MiniLM-L6-v2",
    weights="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    vocabulary="07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    heads=12,
    most=256,
)
"""As sentence-transformers published it, Apache-2.0."""


class SentenceModel:
    """The weights in memory, ready to be asked."""

    def __init__(self, weights: Mapping[str, Weights], known: Mapping[str, int], pinned: Pinned) -> None:
        self._weights, self._known, self._pinned = weights, known, pinned
        self._threads = ThreadpoolController()
        self._layers = sum(name.endswith("attention.self.query.weight") for name in weights)

    def meanings(self, texts: Sequence[str]) -> FloatArray:
        """[text, dimension], each of length one."""
        with self._threads.limit(limits=1, user_api="blas"):
            found = [self._meaning(text) for text in texts]
        return np.array(found, dtype=np.float64)

    def _meaning(self, text: str) -> Weights:
        pieces = numbers(text, self._known, most=self._pinned.most)
        held = self._held("embeddings.word_embeddings")[pieces]
        held = held + self._held("embeddings.position_embeddings")[: len(pieces)]
        held = self._levelled("embeddings.LayerNorm", held + self._held("embeddings.token_type_embeddings")[0])
        for layer in range(self._layers):
            held = self._passed(f"encoder.layer.{layer}", held)
        mean = held.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12))

    def _passed(self, layer: str, held: Weights) -> Weights:
        """One layer: what each piece takes from all others, then each by itself."""
        seen = self._through(f"{layer}.attention.output.dense", self._attended(f"{layer}.attention.self", held))
        held = self._levelled(f"{layer}.attention.output.LayerNorm", held + seen)
        inner = self._through(f"{layer}.intermediate.dense", held)
        inner = inner * np.float32(0.5) * (np.float32(1.0) + erf(inner / np.sqrt(np.float32(2.0))))
        return self._levelled(f"{layer}.output.LayerNorm", held + self._through(f"{layer}.output.dense", inner))

    def _attended(self, part: str, held: Weights) -> Weights:
        asked, offered, told = (self._by_head(f"{part}.{each}", held) for each in ("query", "key", "value"))
        scores = asked @ offered.transpose(0, 2, 1) / np.sqrt(np.float32(asked.shape[2]))
        shares = np.exp(scores - scores.max(axis=2, keepdims=True))
        shares /= shares.sum(axis=2, keepdims=True)
        return np.asarray((shares @ told).transpose(1, 0, 2).reshape(held.shape))

    def _by_head(self, part: str, held: Weights) -> Weights:
        """[head, piece, part of the dimension]."""
        each = self._through(part, held).reshape(len(held), self._pinned.heads, -1)
        return np.asarray(each.transpose(1, 0, 2))

    def _through(self, part: str, held: Weights) -> Weights:
        return np.asarray(held @ self._held(part).T + self._weights[f"{part}.bias"])

    def _levelled(self, part: str, held: Weights) -> Weights:
        centred = held - held.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + EPSILON)
        return np.asarray(centred / spread * self._held(part) + self._weights[f"{part}.bias"])

    def _held(self, part: str) -> Weights:
        return self._weights[f"{part}.weight"]


def opened(folder: Path, pinned: Pinned = MINILM) -> SentenceModel:
    """The model in this folder.

    Raises:
        ConfigError: DL-E840 where a file is missing, DL-E841 for one that is another than the pinned one.
    """
    weights = _read(folder / WEIGHTS, pinned.weights, pinned)
    words = _read(folder / VOCABULARY, pinned.vocabulary, pinned)
    return SentenceModel(_tensors(weights), vocabulary(words.decode("utf-8")), pinned)


def refuse_other(folder: Path, pinned: Pinned = MINILM) -> None:
    """Raises as `opened` does, and keeps nothing."""
    _read(folder / WEIGHTS, pinned.weights, pinned)
    _read(folder / VOCABULARY, pinned.vocabulary, pinned)


def _read(path: Path, sha256: str, pinned: Pinned) -> bytes:
    """Read once: what was hashed is what is used."""
    try:
        held = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            "DL-E840",
            f"{path.parent} is no folder of {pinned.name}: {path.name} cannot be read.",
            why=f"{error.strerror}. The folder holds {WEIGHTS} and {VOCABULARY}, as its authors published them.",
            still=STILL,
            do=f"Put both files of {pinned.name} there, or name the folder where they lie.",
        ) from error
    found = hashlib.sha256(held).hexdigest()
    if found != sha256:
        raise ConfigError(
            "DL-E841",
            f"{path} is not the file of {pinned.name} that Dreamloom was tried with.",
            why=f"Its SHA-256 is {found}, and that of the published file is {sha256}.",
            still=STILL,
            do=f"Take the {path.name} that its authors published; a converted or newly trained one is another model.",
        )
    return held


def _tensors(held: bytes) -> dict[str, Weights]:
    """The numbers of a safetensors file: a length, a table in JSON, and behind it the numbers themselves."""
    length = int.from_bytes(held[:8], "little")
    table = json.loads(held[8 : 8 + length])
    body = memoryview(held)[8 + length :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], dtype="<f4").reshape(entry["shape"])
        for name, entry in table.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
