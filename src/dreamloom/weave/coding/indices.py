"""What do the codes of many reports come to? Hall and Van de Castle's shares, how far from a norm, how sure."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from dreamloom.statistics.resampling import interval, resampled
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.coding.rules import Code

NEGATIVE = ("anger", "apprehension", "sadness", "confusion")
COLUMNS = (
    "character", "animal", "familiar", "friendly", "aggressive", "sexual", "negative", "happiness",
    "indoors", "outdoors", "misfortune", "success", "threat", "lucid", "reports",
)  # fmt: skip
_AT = {name: place for place, name in enumerate(COLUMNS)}


class Index(Struct, frozen=True, kw_only=True):
    """One figure over many reports.

    Attributes:
        id: as the field writes it, such as A/C.
        asks: in words.
        value: None where nothing was there to divide by.
        ci: 95 %, by drawing whole reports.
        h: Cohen's h against the norm that was given; None without one or for a figure that is no share.
        h_ci: its interval.
    """

    id: str
    asks: str
    value: float | None
    ci: tuple[float, float] | None
    h: float | None = None
    h_ci: tuple[float, float] | None = None


Ratio = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""[..., column] sums to what is divided, and by what."""


def _ratio(above: Sequence[str], below: Sequence[str]) -> Ratio:
    return lambda sums: (sum_of(sums, above), sum_of(sums, below))


def sum_of(sums: FloatArray, names: Sequence[str]) -> FloatArray:
    """The sum of some columns."""
    return np.asarray(sums[..., [_AT[name] for name in names]].sum(axis=-1))


INDICES: dict[str, tuple[str, Ratio, bool]] = {
    "animal %": ("share of animals among characters", _ratio(["animal"], ["character"]), True),
    "familiarity %": (
        "share of people that the dreamer knows among characters",
        _ratio(["familiar"], ["character"]),
        True,
    ),
    "A/C": ("aggressive interactions for each character", _ratio(["aggressive"], ["character"]), False),
    "F/C": ("friendly interactions for each character", _ratio(["friendly"], ["character"]), False),
    "S/C": ("sexual interactions for each character", _ratio(["sexual"], ["character"]), False),
    "aggression/friendliness %": (
        "share of aggressive among aggressive and friendly interactions",
        _ratio(["aggressive"], ["aggressive", "friendly"]),
        True,
    ),
    "negative emotions %": (
        "share of negative ones among emotions",
        _ratio(["negative"], ["negative", "happiness"]),
        True,
    ),
    "indoor setting %": ("share of indoor among settings", _ratio(["indoors"], ["indoors", "outdoors"]), True),
    "misfortune %": (
        "share of misfortune among turns of fortune",
        _ratio(["misfortune"], ["misfortune", "success"]),
        True,
    ),
    "dreams with threat %": ("share of reports with a threat", _ratio(["threat"], ["reports"]), True),
    "dreams with lucidity %": (
        "share of reports that tell of knowing it was a dream",
        _ratio(["lucid"], ["reports"]),
        True,
    ),
}


def counts(per_report: Sequence[Sequence[Code]]) -> FloatArray:
    """[report, column] how often each kind of code stands in each report; threat and lucid at most once."""
    found = np.zeros((len(per_report), len(COLUMNS)))
    for row, codes in enumerate(per_report):
        for each in codes:
            for name in _columns(each):
                found[row, _AT[name]] += 1.0
        found[row, _AT["reports"]] = 1.0
    for name in ("threat", "lucid"):
        found[:, _AT[name]] = np.minimum(found[:, _AT[name]], 1.0)
    return found


def _columns(code: Code) -> list[str]:
    if code.category == "character":
        own = {"animal": ["animal"], "familiar person": ["familiar"]}.get(code.code, [])
        return ["character", *own]
    if code.category == "emotion":
        return ["negative" if code.code in NEGATIVE else "happiness"]
    return [code.code] if code.code in _AT else []


def indices(
    per_report: Sequence[Sequence[Code]], *, norms: dict[str, float] | None = None, seed: int = 1
) -> list[Index]:
    """Every index; whole reports are drawn for the intervals, since codes of one report hang together.

    Args:
        per_report: the codes of each report.
        norms: shares to compare with, by the id of an index, such as the dreamers' own baseline.
        seed: of the draws.
    """
    table = counts(per_report)
    drawn = resampled(table, seed=seed)
    return [_index(name, table.sum(axis=0), drawn, (norms or {}).get(name)) for name in INDICES]


def _index(name: str, total: FloatArray, drawn: FloatArray, norm: float | None) -> Index:
    asks, ratio, is_share = INDICES[name]
    value = _divided(*ratio(total))
    values = _divided(*ratio(drawn))
    whole = float(value)
    if norm is None or not is_share or not math.isfinite(whole):
        return Index(id=name, asks=asks, value=_rounded(whole), ci=interval(values))
    return Index(
        id=name,
        asks=asks,
        value=_rounded(whole),
        ci=interval(values),
        h=_rounded(cohens_h(whole, norm)),
        h_ci=interval(np.array([cohens_h(each, norm) for each in values.tolist()])),
    )


def cohens_h(share: float, norm: float) -> float:
    """How far two shares are apart (Cohen, Statistical Power Analysis, 1988, chapter 6); NaN where one is none."""
    if not (0.0 <= share <= 1.0 and 0.0 <= norm <= 1.0):
        return math.nan
    return 2.0 * math.asin(math.sqrt(share)) - 2.0 * math.asin(math.sqrt(norm))


def _divided(above: FloatArray, below: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0, above / below, np.nan))


def _rounded(value: float) -> float | None:
    return round(value, 4) + 0.0 if math.isfinite(value) else None
