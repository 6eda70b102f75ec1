"""What does a channel measure, judging by its label, and which channel did a person mean?"""

import difflib
import re
from collections.abc import Sequence

from dreamloom.signals.blocks import ChannelKind

_ELECTRODES = (
    "fp[12z] af[3478z] f([0-9z]|10) f[ct][0-9z] c[0-9z] cp[0-9z] t([0-9z]|10) tp([0-9z]|10) p([0-9z]|10)"
    " po[0-9z] o[12z]"
)
"""The names of the 10-20 system and its extensions, before an optional reference ("C4M1" as well as "C4-M1")."""
_KINDS: tuple[tuple[ChannelKind, str], ...] = (
    ("EOG", r"\beog|\be[12]\b|\b[lr]oc\b|\bvert(ical)?\b|\bhoriz(ontal)?\b"),
    ("EMG", r"\bemg|\bchin|submental|\bmasseter|\btib(ialis)?\b|\b[lr]?leg\b|\b[lr]at\b"),
    ("ECG", r"\be[ck]g"),
    ("PPG", r"\bppg|\bpleth|\bbvp\b"),
    ("RESP", r"\bresp|airflow|\bflow\b|nasal|thora|abdom|\beffort|\bsnore|\bspo2|\bsao2"),
    ("MOTION", r"\bacc(el\w*)?\b|\bacc[xyz]\b|\bgyro|\bactivity\b|\bmovement|\bbody\s*pos|\bposition"),
    ("EEG", r"\beeg|\b(" + _ELECTRODES.replace(" ", "|") + r")(\b|(?=[am][12]\b))"),
)
"""Tried in this order on the lower-case label: EDF+ puts the kind first ("EEG C3"), older files only the electrode."""
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


def kind_of(label: str) -> ChannelKind:
    """EDF+ prefixes and the electrode names of the 10-20 system; OTHER when the label tells nothing."""
    plain = label.lower().replace("_", " ")
    return next((kind for kind, pattern in _COMPILED if pattern.search(plain)), "OTHER")


def meant(name: str, labels: Sequence[str]) -> list[int]:
    """The places of the labels a name can mean: the exact ones, else those that differ in case or prefix only."""
    exact = [place for place, label in enumerate(labels) if label == name]
    wanted = _bare(name)
    return exact or [place for place, label in enumerate(labels) if _bare(label) == wanted]


def nearest(name: str, labels: Sequence[str]) -> str | None:
    """The label that looks most like a name nobody carries."""
    by_bare = {_bare(label): label for label in labels}
    close = difflib.get_close_matches(_bare(name), by_bare, n=1, cutoff=0.4)
    return by_bare[close[0]] if close else None


def _bare(label: str) -> str:
    return re.sub(r"^(eeg|eog|emg|ecg)\s+", "", " ".join(label.lower().split()))
