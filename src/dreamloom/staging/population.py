"""How do features lie in people at large, before a sleeper has shown how they lie in them? Read out of the trees.

A tree grown by histograms splits at values that occur: the thresholds on an unscaled feature lie as the feature lay in
the thousands of nights that the trees were grown on. On their scaled columns, where the truth is known (median 0, 5 %
to 95 % apart by 1), the same reading gives medians within 0.03 of 0 and a spread of 0.90 to 1.08 (EEG), which is how
far it can be trusted. Nothing here comes from a recording of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from dreamloom.staging.features import NAMES, FeatureKind
from dreamloom.vocabulary.units import BoolArray, FloatArray

QUANTILES: dict[FeatureKind, dict[str, tuple[float, float, float]]] = {
    "eeg": {
        "abspow": (28.9468, 168.752, 2880.5),
        "alpha": (0.00845017, 0.0562549, 0.213762),
        "at": (0.142193, 0.466655, 1.72183),
        "beta": (0.00244875, 0.0288477, 0.22765),
        "db": (1.66122, 26.0601, 396.836),
        "ds": (2.80561, 28.0126, 343.98),
        "dt": (1.52488, 5.74221, 30.5474),
        "fdelta": (0.130722, 0.355535, 0.57382),
        "hcomp": (1.67321, 3.29994, 7.54184),
        "higuchi": (1.25873, 1.53476, 1.84449),
        "hmob": (0.114556, 0.29127, 0.73192),
        "iqr": (7.95517, 18.4643, 78.2102),
        "kurt": (-0.107046, 1.47016, 13.4696),
        "nzc": (122, 355.5, 821),
        "perm": (0.778334, 0.870025, 0.951787),
        "petrosian": (1.01117, 1.01655, 1.02236),
        "sdelta": (0.0819847, 0.298935, 0.691606),
        "sigma": (0.00298834, 0.0263697, 0.109641),
        "skew": (-1.16916, 0.0607586, 2.1746),
        "std": (6.71213, 17.2184, 77.1604),
        "theta": (0.0278264, 0.112023, 0.24569),
    },
    "eog": {
        "abspow": (21.0677, 144.569, 5095.22),
        "alpha": (0.00476259, 0.0314367, 0.140816),
        "beta": (0.0018504, 0.0175279, 0.125626),
        "fdelta": (0.12218, 0.330853, 0.547787),
        "hcomp": (2.08413, 4.8907, 10.7211),
        "higuchi": (1.21471, 1.45803, 1.74651),
        "hmob": (0.0854723, 0.188467, 0.512976),
        "iqr": (6.76206, 17.5194, 100.085),
        "kurt": (-0.18966, 2.01591, 18.1671),
        "nzc": (91.2, 256.5, 642),
        "perm": (0.782149, 0.870533, 0.946561),
        "petrosian": (1.01106, 1.01603, 1.02133),
        "sdelta": (0.120813, 0.442703, 0.833704),
        "sigma": (0.00145033, 0.0130101, 0.0641244),
        "skew": (-1.66104, -0.0383427, 2.00209),
        "std": (6.16995, 19.0276, 105.094),
        "theta": (0.0198018, 0.0823776, 0.201822),
    },
    "emg": {
        "abspow": (1.55196, 159.61, 5708.56),
        "hcomp": (1.15359, 3.65894, 10.2105),
        "higuchi": (1.26045, 1.61798, 2.00366),
        "hmob": (0.0972938, 0.305955, 1.24001),
        "iqr": (1.61555, 18.7599, 113.293),
        "kurt": (-0.658654, 1.48809, 15.4683),
        "nzc": (104.7, 381, 1308.55),
        "perm": (0.817046, 0.929517, 0.974043),
        "petrosian": (1.01281, 1.02002, 1.02462),
        "skew": (-1.93398, -0.076602, 2.16222),
        "std": (1.49717, 19.3591, 131.204),
    },
}
"""5 %, 50 % and 95 % of the distinct split thresholds of YASA 0.8's trees: EEG of the trees for EEG alone, EOG and EMG
of those that have it beside an EEG."""
AMPLITUDES = frozenset({"abspow", "iqr", "std"})
"""Features that grow with the gain of an electrode."""


@dataclass(frozen=True, slots=True)
class Population:
    """The scale that a sleeper starts from.

    Attributes:
        quantiles: [3, feature], 5 %, 50 % and 95 % of each feature over people and nights.
        amplitude: [feature], True where only the ratio of the spread to the median means anything for one person.
    """

    quantiles: FloatArray
    amplitude: BoolArray


def population(kinds: Sequence[FeatureKind]) -> Population:
    """For the features of these channels, in the order of NAMES."""
    return _population(tuple(kinds))


@cache
def _population(kinds: tuple[FeatureKind, ...]) -> Population:
    named = [(kind, name) for kind in kinds for name in NAMES[kind]]
    quantiles = np.array([QUANTILES[kind][name] for kind, name in named]).T
    return Population(quantiles, np.array([name in AMPLITUDES for _, name in named]))
