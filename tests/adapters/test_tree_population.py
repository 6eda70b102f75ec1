"""The scale a sleeper starts from is the one the trees hold: read again here from their split thresholds."""

from functools import cache

import numpy as np
import pytest

from dreamloom.adapters import trees
from dreamloom.staging.features import NAMES, FeatureKind
from dreamloom.staging.population import QUANTILES
from dreamloom.vocabulary.units import FloatArray

MONTAGE: dict[FeatureKind, str] = {"eeg": "eeg", "eog": "eeg+eog", "emg": "eeg+emg"}


@cache
def thresholds(montage: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    names: list[str] = []
    splits: list[str] = []
    for line in trees._tree_text(montage).decode().splitlines():
        key, _, value = line.partition("=")
        if key == "feature_names":
            names = value.split()
        elif key == "split_feature":
            splits = value.split()
        elif key == "threshold":
            for place, threshold in zip(splits, value.split(), strict=True):
                found.setdefault(names[int(place)], []).append(float(threshold))
    return found


def quantiles(montage: str, column: str) -> FloatArray:
    return np.quantile(np.unique(thresholds(montage)[column]), [0.05, 0.5, 0.95])


@pytest.mark.parametrize("kind", ["eeg", "eog", "emg"])
def test_the_table_is_what_the_trees_split_at(kind: FeatureKind) -> None:
    assert set(QUANTILES[kind]) == set(NAMES[kind])
    for name, told in QUANTILES[kind].items():
        assert told == pytest.approx(quantiles(MONTAGE[kind], f"{kind}_{name}"), rel=1e-5)


def test_where_the_truth_is_known_the_reading_is_right() -> None:
    """The scaled columns have median 0 and a spread of 1 by construction."""
    read = [quantiles("eeg", f"eeg_{name}{end}") for name in NAMES["eeg"] for end in ("_c7min_norm", "_p2min_norm")]
    assert max(abs(middle) for _, middle, _ in read) < 0.03
    assert all(0.9 <= high - low <= 1.09 for low, _, high in read)
