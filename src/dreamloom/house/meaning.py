"""By which sentence model are reports compared here, if by any? A folder that somebody names; each text is read once.

`house/meaning.toml` may name it for the house: `folder = "/where/it/lies"`. It is used where a registration says so, or
whoever asks names a folder: a model that happens to lie there changes no test.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
from msgspec import Struct

from dreamloom.adapters import sentence_model
from dreamloom.adapters.sentence_model import MINILM, Pinned, SentenceModel
from dreamloom.governance.toml_files import Codes, TomlFile
from dreamloom.house.layout import House
from dreamloom.house.texts import read_text
from dreamloom.vocabulary.errors import ConfigError
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance.likeness import Embed
from dreamloom.weave.chance.registration import Registration

CODES = Codes(toml="DL-E842", key="DL-E842", value="DL-E842")
PINNED: Pinned = MINILM
Far = Callable[[int, int], None]
"""How many of how many texts are read."""
MOST_KEPT = 4_096
"""Readings in memory, six megabytes of them."""
_KEPT: OrderedDict[tuple[str, bytes], FloatArray] = OrderedDict()
_ONE_AT_A_TIME = Lock()


class MeaningAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of house/meaning.toml: the folder of the model."""

    folder: str


def registered_by(folder: Path) -> str:
    """How a registration names the model in this folder; raises ConfigError for a folder without it."""
    sentence_model.refuse_other(folder.expanduser(), PINNED)
    return PINNED.weights


def embed_of(registration: Registration, *, house: House | None, chosen: Path | None, far: Far) -> Embed | None:
    """What compares the reports of this registration by their meaning; None where words do.

    Raises:
        ConfigError: DL-E842 for a wrong house/meaning.toml, DL-E843 where another model was registered.
    """
    if registration.meaning not in {"", PINNED.weights}:
        raise ConfigError(
            "DL-E843",
            f"These reports were to be compared by another sentence model than {PINNED.name}.",
            why=f"The SHA-256 {registration.meaning} was registered, and this version knows {PINNED.weights}.",
            still="The registered choices are as they were.",
            do="Run it with the version by which it was registered.",
        )
    folder = chosen or (_of_house(house) if registration.meaning else None)
    return None if folder is None else _embed(folder.expanduser(), far)


def _of_house(house: House | None) -> Path | None:
    if house is None or not house.meaning.is_file():
        return None
    text = read_text(house.meaning, what="which sentence model compares reports")
    return Path(TomlFile(text, file=str(house.meaning), codes=CODES).read(MeaningAsked).folder)


def _embed(folder: Path, far: Far) -> Embed:
    """Opens the model once for all that is asked, and only if a text was not read before."""
    sentence_model.refuse_other(folder, PINNED)

    def embed(texts: list[str]) -> FloatArray:
        model: SentenceModel | None = None
        found = []
        with _ONE_AT_A_TIME:
            for at, text in enumerate(texts):
                key = (PINNED.weights, hashlib.sha256(text.encode()).digest())
                if key not in _KEPT:
                    model = model or sentence_model.opened(folder, PINNED)
                    _keep(key, model.meanings([text])[0])
                found.append(_KEPT[key])
                far(at + 1, len(texts))
        return np.array(found)

    return embed


def _keep(key: tuple[str, bytes], meaning: FloatArray) -> None:
    while len(_KEPT) >= MOST_KEPT:
        _KEPT.popitem(last=False)
    _KEPT[key] = meaning
