"""Is the sentence model read as its own library reads it, and is any other file refused?

What transformers and tokenizers make of the tiny model stands in sentences_told.json (tools/sentence_oracle.py).
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from dreamloom.adapters import sentence_model, word_pieces
from dreamloom.adapters.sentence_model import MINILM, Pinned, SentenceModel, opened
from dreamloom.testing import tiny_sentences
from dreamloom.vocabulary.errors import ConfigError

TOLD: dict[str, Any] = json.loads(Path(__file__).with_name("sentences_told.json").read_text(encoding="utf-8"))
CASES = pytest.mark.parametrize("told", TOLD["told"], ids=[repr(each["text"][:20]) for each in TOLD["told"]])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Pinned]:
    folder = tmp_path_factory.mktemp("tiny")
    return folder, tiny_sentences.write(folder)


@pytest.fixture(scope="module")
def model(tiny: tuple[Path, Pinned]) -> SentenceModel:
    return opened(*tiny)


def test_the_others_looked_at_the_same_weights(tiny: tuple[Path, Pinned]) -> None:
    assert tiny[1].weights == TOLD["weights"]
    assert len(TOLD["told"]) >= 14


@CASES
def test_a_text_falls_into_the_pieces_that_the_library_finds(told: dict[str, Any]) -> None:
    known = {piece: at for at, piece in enumerate(tiny_sentences.pieces())}
    assert word_pieces.numbers(told["text"], known, most=32) == told["pieces"]


@CASES
def test_a_text_means_to_us_what_it_means_to_the_library(model: SentenceModel, told: dict[str, Any]) -> None:
    (found,) = model.meanings([told["text"]])
    assert found == pytest.approx(told["meaning"], abs=2e-6)
    assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-6)


def test_a_text_means_the_same_whatever_stands_beside_it(model: SentenceModel) -> None:
    texts = [each["text"] for each in TOLD["told"]]
    alone = np.array([model.meanings([text])[0] for text in texts])
    assert np.array_equal(model.meanings(texts), alone)
    assert np.array_equal(model.meanings(texts[::-1])[::-1], alone)


def test_it_reads_on_one_thread(model: SentenceModel, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def reading(_: object, text: str) -> object:
        seen.extend(each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas")
        return np.ones(2) * len(text)

    monkeypatch.setattr(SentenceModel, "_meaning", reading)
    model.meanings(["a", "bc"])
    assert set(seen) == {1}


def test_two_texts_of_other_meaning_are_told_apart(model: SentenceModel) -> None:
    """A pass through layers that did nothing would hold every text for nearly one."""
    found = model.meanings(["the sea", "a house was in there", "unable ;:!?"])
    assert (np.abs(found @ found.T)[np.triu_indices(3, 1)] < 0.95).all()


def test_what_is_longer_than_the_model_reads_is_cut(model: SentenceModel) -> None:
    first, second = model.meanings(["sea " * 30, "sea " * 30 + "house " * 90])
    assert np.array_equal(first, second)
    assert not np.array_equal(first, model.meanings(["sea " * 29 + "house"])[0])


@pytest.mark.parametrize("file", [sentence_model.WEIGHTS, sentence_model.VOCABULARY])
def test_another_file_is_refused_by_its_hash_and_a_missing_one_by_its_name(tmp_path: Path, file: str) -> None:
    pinned = tiny_sentences.write(tmp_path)
    held = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(held[:-2] + bytes([held[-2] ^ 1]) + held[-1:])
    with pytest.raises(ConfigError, match="is not the file of a tiny model") as changed:
        opened(tmp_path, pinned)
    assert changed.value.code == "DL-E841"
    assert hashlib.sha256((tmp_path / file).read_bytes()).hexdigest() in (changed.value.why or "")
    (tmp_path / file).unlink()
    with pytest.raises(ConfigError, match=file) as missing:
        sentence_model.refuse_other(tmp_path, pinned)
    assert missing.value.code == "DL-E840"
    assert "by words" in (missing.value.still or "")


def test_the_published_model_is_known_by_whole_hashes() -> None:
    assert MINILM.weights == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert MINILM.vocabulary == "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
    assert (MINILM.heads, MINILM.most) == (12, 256)
