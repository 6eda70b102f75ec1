"""What do others make of the tiny sentence model? Writes tests/adapters/sentences_told.json with libraries not of ours.

Run where transformers (with TensorFlow), tokenizers and safetensors are installed; the product needs none of them:

    python -m dreamloom.testing.tiny_sentences tiny && python tools/sentence_oracle.py tiny > told.json
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, TFBertModel
from transformers import __version__ as version

HEADS, MOST = 3, 32
TEXTS = (
    "",
    "The sea.",
    "the sea and the lighthouse",
    "I was in the LIGHTHOUSE; the waves were dreaming, unable to sleep!",
    "Ich träumte vom Straßenfest – überall Bücher … „und Ruhe“.",
    "naïve café ÅNGSTRÖM İstanbul ﬁne",
    "人 and 你人 in one word",
    "[SEP] [CLS] [MASK] the sea [PAD]",
    "x" * 101 + " sea " + "y" * 100,
    "tab\tline\nreturn\rnull\x00zero\u200bwidth\ufffdlost \u00a0 hard",
    "it's 3.5 o'clock -- (un)able_house",
    "emoji 🌊 wave ☂ light",
    "dream " * 60,
    "unlighthouses waving dreameder",
)


def main() -> None:
    """Tokens by tokenizers, vectors by TFBertModel in mean pooling."""
    folder = Path(sys.argv[1])
    weights = load_file(folder / "model.safetensors")
    reader = BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    reader.enable_truncation(MOST)
    model = _model(weights)
    told = []
    for text in TEXTS:
        plain = _shielded(text)
        ids = reader.encode(plain).ids
        hidden = model(np.array([ids])).last_hidden_state.numpy()[0].astype(np.float64)
        mean = hidden.mean(axis=0)
        told.append({"text": text, "pieces": ids, "meaning": np.round(mean / np.linalg.norm(mean), 6).tolist()})
    sha256 = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    json.dump({"by": f"transformers {version}", "weights": sha256, "told": told}, sys.stdout, indent=1)


def _shielded(text: str) -> str:
    """Brackets apart, so that no library takes the text for one of its own signs."""
    return text.replace("[", " [ ").replace("]", " ] ")


def _model(weights: dict[str, np.ndarray]) -> TFBertModel:
    known, size = weights["embeddings.word_embeddings.weight"].shape
    layers = sum(name.endswith("self.query.weight") for name in weights)
    config = BertConfig(
        vocab_size=known, hidden_size=size, num_hidden_layers=layers, num_attention_heads=HEADS,
        intermediate_size=4 * size, max_position_embeddings=MOST, hidden_act="gelu", layer_norm_eps=1e-12,
    )  # fmt: skip
    model = TFBertModel(config, add_pooling_layer=False)
    model(np.array([[2, 3]]))
    for variable in model.weights:
        name = variable.name.split("/", 2)[2].removesuffix(":0")
        ours = _named(name)
        value = weights[ours]
        variable.assign(value.T if name.endswith("/kernel") else value)
    return model


def _named(name: str) -> str:
    for theirs, ours in (("/kernel", "/weight"), ("/gamma", "/weight"), ("/beta", "/bias"), ("/embeddings", "/weight")):
        name = name.removesuffix(theirs) + (ours if name.endswith(theirs) else "")
    return name.replace("layer_._", "layer.").replace("/", ".")


if __name__ == "__main__":
    main()
