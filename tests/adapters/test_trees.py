"""The published trees: pinned by hash, converted once, and answering in the order of SCORED_STAGES."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dreamloom.adapters import trees
from dreamloom.adapters.trees import PICKLE_SHA256, TEXT_SHA256, TreeStager
from dreamloom.staging.track import feature_names
from dreamloom.vocabulary.chance import stream
from dreamloom.vocabulary.errors import ConfigError, RefusedError


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One cache for all workers of this test run, so that the trees are converted once."""
    folder = tmp_path_factory.getbasetemp().parent / "dreamloom-cache"
    monkeypatch.setenv("DREAMLOOM_CACHE", str(folder))
    return folder


def text_of(kind: str, cache: Path) -> Path:
    return cache / f"trees-{kind}-{PICKLE_SHA256[kind][:16]}.txt"


def test_probabilities_sum_to_one_and_do_not_depend_on_the_other_rows() -> None:
    stager = TreeStager("eeg")
    features = stream(1, "trees").standard_normal((7, len(feature_names("eeg"))))
    together = stager.probabilities(features)
    assert together.shape == (7, 5)
    np.testing.assert_allclose(together.sum(axis=1), 1.0, atol=1e-9)
    for k in range(7):
        assert stager.probabilities(features[k : k + 1]).tobytes() == together[k : k + 1].tobytes()


@pytest.mark.parametrize(
    "kind",
    [
        "eeg",
        "eeg+eog+emg",
        pytest.param("eeg+emg", marks=pytest.mark.slow),
        pytest.param("eeg+eog", marks=pytest.mark.slow),
    ],
)
def test_the_trees_name_the_columns_that_the_track_gives(kind: str, cache: Path) -> None:
    TreeStager(kind)
    header = text_of(kind, cache).read_text()[:20_000].splitlines()
    named = next(line for line in header if line.startswith("feature_names="))
    assert tuple(named.removeprefix("feature_names=").split()) == feature_names(kind)


def test_the_order_is_w_n1_n2_n3_r() -> None:
    by_scikit_learn = [
        0.933328,
        0.050254,
        0.016341,
        7.5e-05,
        1e-06,
    ]  # LGBMClassifier.predict_proba of a row of zeros, by classes_
    assert TreeStager("eeg").probabilities(np.zeros((1, 65)))[0] == pytest.approx(by_scikit_learn, abs=1e-5)


def test_the_method_names_montage_and_weights() -> None:
    assert TreeStager("eeg").method == f"yasa-0.8 trees eeg {TEXT_SHA256['eeg'][:16]}"


def test_a_damaged_cache_is_made_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DREAMLOOM_CACHE", str(tmp_path))
    kept = text_of("eeg", tmp_path)
    kept.write_bytes(b"tree\nversion=v4\n")
    TreeStager("eeg")
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == TEXT_SHA256["eeg"]
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_an_unknown_pickle_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DREAMLOOM_CACHE", str(tmp_path / "cache"))
    package = tmp_path / "yasa"
    (package / "classifiers").mkdir(parents=True)
    (package / "classifiers" / "clf_eeg_lgb_0.5.0.joblib").write_bytes(b"\x80\x04cos\nsystem\n")
    monkeypatch.setattr(trees, "_package", lambda _name: package)
    with pytest.raises(RefusedError, match=r"DL-E531 .*clf_eeg_lgb.*is not the file we know"):
        TreeStager("eeg")


def test_unknown_text_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DREAMLOOM_CACHE", str(tmp_path))
    monkeypatch.setitem(TEXT_SHA256, "eeg", "0" * 64)
    with pytest.raises(RefusedError, match=r"DL-E531 The text of the eeg trees is not the file we know"):
        TreeStager("eeg")
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_only_costs_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DREAMLOOM_CACHE", str(tmp_path / "file" / "cache"))
    assert TreeStager("eeg").probabilities(np.zeros((1, 65))).shape == (1, 5)


def test_a_montage_without_trees_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match=r"DL-E331 .*'ecg'.*eeg\+eog\+emg"):
        TreeStager("ecg")


def test_a_missing_package_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DREAMLOOM_CACHE", str(tmp_path))
    monkeypatch.setattr(trees.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match=r"DL-E332 The package yasa is not installed.*pip install yasa"):
        TreeStager("eeg")


def test_a_missing_libgomp_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_path: str) -> None:
        raise OSError("libgomp.so.1: cannot open shared object file: No such file or directory")

    trees._library.cache_clear()
    trees._read.cache_clear()
    monkeypatch.setattr(trees.ctypes, "CDLL", missing)
    with pytest.raises(ConfigError, match=r"DL-E333 .*libgomp.so.1.*apt-get install libgomp1"):
        TreeStager("eeg")
    trees._library.cache_clear()


def test_rows_of_another_montage_are_refused() -> None:
    with pytest.raises(ValueError, match=r"65\] features, not \(1, 64\)"):
        TreeStager("eeg").probabilities(np.zeros((1, 64)))


def test_the_next_start_is_light() -> None:
    TreeStager("eeg")
    code = (
        "import sys, json; from dreamloom.adapters.trees import TreeStager; TreeStager('eeg');"
        "heavy = {'sklearn', 'pandas', 'joblib', 'lightgbm', 'yasa'};"
        "print(json.dumps(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


@pytest.mark.slow
def test_the_text_answers_as_the_shipped_classifier_does() -> None:
    import warnings

    import joblib

    stager = TreeStager("eeg+eog+emg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shipped = joblib.load(trees._shipped("eeg+eog+emg"))
    features = stream(2, "trees").standard_normal((50, 149))
    theirs = shipped.booster_.predict(features, num_threads=1)
    order = [list(shipped.classes_).index(stage) for stage in ("W", "N1", "N2", "N3", "R")]
    np.testing.assert_array_equal(stager.probabilities(features), theirs[:, order])


@pytest.mark.parametrize("kind", sorted(PICKLE_SHA256))
def test_many_rows_at_once_are_answered_with_the_bits_of_one_by_one(kind: str) -> None:
    stager = TreeStager(kind)
    rng = stream(4, "rows", kind)
    table = rng.normal(size=(40, len(feature_names(kind)))) * rng.choice([0.1, 1.0, 30.0], size=(40, 1))
    at_once = stager.probabilities(table)
    assert at_once.tobytes() == np.concatenate([stager.probabilities(row[np.newaxis]) for row in table]).tobytes()
    assert len(np.unique(at_once, axis=0)) > 20
    assert stager.probabilities(table[:0]).shape == (0, 5)
