"""Where do the stage probabilities come from? The published sleep-staging trees, pinned by hash and read as plain text.

YASA ships its classifiers as pickles. One is unpickled once, after its SHA-256 was checked, and kept in the user's
cache as LightGBM text; later starts read only that text, checked again. YASA itself is never imported here (seconds),
nor is LightGBM's Python package (1.8 s with pandas and scikit-learn): its library is called by its documented C API.
"""

import ctypes
import hashlib
import importlib.util
import os
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from dreamloom.vocabulary.errors import ConfigError, RefusedError
from dreamloom.vocabulary.units import FloatArray

PICKLE_SHA256: dict[str, str] = {
    "eeg": "330c1afdc86396e0b6d9f1294d4c4796beb5f7e7cd38be424c10feae98867e31",
    "eeg+emg": "9771995bcf7d1c90456986fbf9f991a5b5e8fe68cf0a8c410ec38ad3615a3c78",
    "eeg+eog": "86d726a3e6aa6195197ffbc9765f5e194c74358295ef331998c21f8badcebcc3",
    "eeg+eog+emg": "3d27d440c94c61d8013c81c91693ad88810af2ddae85b62f4bc797f6e2464beb",
}
"""The classifiers inside yasa 0.8 (BSD-3-Clause, clf_*_lgb_0.5.0.joblib); nothing else is ever unpickled."""
TEXT_SHA256: dict[str, str] = {
    "eeg": "0f4007e2c5fea52f92ce63d56718bebf471b794502737e6d44b4a035706ab104",
    "eeg+emg": "530e510b90d02e31c7aaa2a0ea8ccf5676d67e68a2611b71a15ba1ace50cc6b6",
    "eeg+eog": "e7d43aacf103d393481634ec46ad03e0c082b669da99787a5c087c3f9eba553b",
    "eeg+eog+emg": "ea6b0d3b7ae8e692a57d7b946dc5c9a20d31a38de80f3916fa7b80659e56a2ba",
}
"""The same trees as LightGBM text, up to and with its line "end of trees"."""
_OUR_ORDER = [4, 0, 1, 2, 3]
"""The trees answer N1 N2 N3 R W; SCORED_STAGES is W N1 N2 N3 R."""
_END = "end of trees\n"


class TreeStager:
    """YASA's LightGBM trees for one montage (Vallat & Walker 2021, eLife 10:e70092), as a `Stager`."""

    name: ClassVar[str] = "yasa-0.8 trees"

    def __init__(self, kind: str) -> None:
        """Reads the trees of a montage ("eeg", "eeg+eog", ...), converting them at the very first use.

        Raises:
            ConfigError: for an unknown montage, or when YASA, LightGBM or its libgomp is not installed.
            RefusedError: when the shipped file or the converted text is not the one we know.
        """
        if kind not in PICKLE_SHA256:
            raise ConfigError(
                "DL-E331",
                f"There are no trees for the montage {kind!r}.",
                why=f"Known are {', '.join(PICKLE_SHA256)}.",
                do="Name one of these, or leave a channel out.",
            )
        self.kind = kind
        self._booster = _read(kind, cache_folder())

    @property
    def method(self) -> str:
        """Name, montage and the first 16 digits of the SHA-256 of the trees."""
        return f"{self.name} {self.kind} {TEXT_SHA256[self.kind][:16]}"

    def probabilities(self, features: FloatArray) -> FloatArray:
        """[window, feature] (columns of staging.track.feature_names) to [window, 5] in the order of SCORED_STAGES."""
        return self._booster.predict(features)[:, _OUR_ORDER]


@cache
def _read(kind: str, _kept_in: Path) -> "_Booster":
    """Trees are read once a process: nothing changes them, and every bed of a montage asks the same."""
    return _Booster(_tree_text(kind))


def cache_folder() -> Path:
    """DREAMLOOM_CACHE, else dreamloom in XDG_CACHE_HOME, else in ~/.cache."""
    if named := os.environ.get("DREAMLOOM_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dreamloom"


def _tree_text(kind: str) -> bytes:
    """The verified text: from the cache, or converted now and kept there if the cache can be written."""
    kept = cache_folder() / f"trees-{kind}-{PICKLE_SHA256[kind][:16]}.txt"
    try:
        text = kept.read_bytes()
    except OSError:
        text = b""
    if _sha256(text) == TEXT_SHA256[kind]:
        return text
    text = _converted(kind)
    _keep(kept, text)
    return text


def _keep(path: Path, text: bytes) -> None:
    """Atomically; a cache that cannot be written only makes the next start slow."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            file.write(text)
        Path(file.name).replace(path)
    except OSError:
        return


def _converted(kind: str) -> bytes:
    """Unpickles the shipped classifier after checking its hash, and writes its trees as text."""
    path = _shipped(kind)
    _refuse_unless_known(path.read_bytes(), PICKLE_SHA256[kind], what=str(path))
    import joblib

    with warnings.catch_warnings():
        # scikit-learn warns that the label encoder beside the trees is older than itself; only the trees are read.
        warnings.simplefilter("ignore")
        classifier = joblib.load(path)
    whole: str = classifier.booster_.model_to_string()
    # The parameters after the trees are those of training and of this LightGBM; the trees alone decide.
    text = whole[: whole.index(_END) + len(_END)].encode()
    _refuse_unless_known(text, TEXT_SHA256[kind], what=f"the text of the {kind} trees")
    return text


def _shipped(kind: str) -> Path:
    path = _package("yasa") / "classifiers" / f"clf_{kind}_lgb_0.5.0.joblib"
    if not path.is_file():
        raise ConfigError(
            "DL-E332",
            f"The stage classifier {path.name} is not in the installed yasa.",
            why=f"It was looked for in {path.parent}.",
            do="Run: pip install 'yasa>=0.8.1,<0.9'",
        )
    return path


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ConfigError(
            "DL-E332",
            f"The package {name} is not installed.",
            why="Sleep is staged with YASA's published trees, which LightGBM evaluates.",
            still="Everything that needs no live stage still works.",
            do=f"Run: pip install {name}",
        )
    return Path(found.origin).parent


def _refuse_unless_known(data: bytes, sha256: str, *, what: str) -> None:
    if _sha256(data) != sha256:
        raise RefusedError(
            "DL-E531",
            f"{what[:1].upper() + what[1:]} is not the file we know.",
            why=f"Its SHA-256 is {_sha256(data)[:16]}..., expected {sha256[:16]}.... Unknown trees are never used.",
            still="Nothing was read from it; no cue can depend on it.",
            do="Run: pip install --force-reinstall 'yasa>=0.8.1,<0.9' 'lightgbm>=4.5,<5'",
        )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Booster:
    """A model in LightGBM's shared library (C API of LightGBM 4, c_api.h), on one thread."""

    _FLOAT64: ClassVar[int] = 1
    _PROBABILITY: ClassVar[int] = 0
    _PARAMETERS: ClassVar[bytes] = b"num_threads=1 verbosity=-1"

    def __init__(self, text: bytes) -> None:
        self._library = _library()
        self._model, self._plan = ctypes.c_void_p(), ctypes.c_void_p()
        iterations = ctypes.c_int()
        self._call("LGBM_BoosterLoadModelFromString", text, ctypes.byref(iterations), ctypes.byref(self._model))
        self._n_classes = self._count("LGBM_BoosterGetNumClasses")
        self._n_features = self._count("LGBM_BoosterGetNumFeature")
        self._call(
            "LGBM_BoosterPredictForMatSingleRowFastInit",
            self._model,
            ctypes.c_int(self._PROBABILITY),
            ctypes.c_int(0),  # from the first tree
            ctypes.c_int(-1),  # to the last
            ctypes.c_int(self._FLOAT64),
            ctypes.c_int32(self._n_features),
            self._PARAMETERS,
            ctypes.byref(self._plan),
        )

    def __del__(self) -> None:
        for free, handle in (("LGBM_FastConfigFree", "_plan"), ("LGBM_BoosterFree", "_model")):
            if getattr(self, handle, None):
                getattr(self._library, free)(getattr(self, handle))

    def predict(self, features: FloatArray) -> FloatArray:
        """[row, feature] to [row, class]; raises ValueError for another number of features."""
        table = np.ascontiguousarray(features, dtype=np.float64)
        if table.ndim != 2 or table.shape[1] != self._n_features:
            raise ValueError(f"these trees take [window, {self._n_features}] features, not {table.shape}")
        out = np.empty((len(table), self._n_classes))
        if len(table) > 1:
            self._predict_rows(table, out)
        elif len(table) == 1:
            self._predict_row(table, out)
        return out

    def _predict_row(self, table: FloatArray, out: FloatArray) -> None:
        self._call(
            "LGBM_BoosterPredictForMatSingleRowFast",
            self._plan,
            table.ctypes.data_as(ctypes.c_void_p),
            ctypes.byref(ctypes.c_int64()),
            out.ctypes.data_as(ctypes.c_void_p),
        )

    def _predict_rows(self, table: FloatArray, out: FloatArray) -> None:
        """The same trees, walked in the same order for each row: the same bits as row by row."""
        self._call(
            "LGBM_BoosterPredictForMat",
            self._model,
            table.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_int(self._FLOAT64),
            ctypes.c_int32(len(table)),
            ctypes.c_int32(self._n_features),
            ctypes.c_int(1),  # row by row in memory
            ctypes.c_int(self._PROBABILITY),
            ctypes.c_int(0),
            ctypes.c_int(-1),
            self._PARAMETERS,
            ctypes.byref(ctypes.c_int64()),
            out.ctypes.data_as(ctypes.c_void_p),
        )

    def _count(self, function: str) -> int:
        value = ctypes.c_int()
        self._call(function, self._model, ctypes.byref(value))
        return value.value

    def _call(self, function: str, *arguments: object) -> None:
        if getattr(self._library, function)(*arguments):
            raise RuntimeError(f"{function}: {self._library.LGBM_GetLastError().decode(errors='replace')}")


@cache
def _library() -> ctypes.CDLL:
    suffix = {"win32": "dll", "darwin": "dylib"}.get(sys.platform, "so")
    folder = _package("lightgbm")
    names = [folder / part / f"lib_lightgbm.{suffix}" for part in ("lib", "bin")]
    path = next((name for name in names if name.is_file()), names[0])
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise ConfigError(
            "DL-E333",
            "LightGBM's library cannot be loaded, so sleep cannot be staged.",
            why=str(error),
            still="Rehearsals with given stages, reports and verification still work.",
            do="On Debian or Ubuntu run: apt-get install libgomp1 (macOS: brew install libomp)",
        ) from error
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    return library
