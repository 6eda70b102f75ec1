"""How much of somebody's dreaming stays in their own words, week by week? For that person alone.

A word is theirs where at least twice as large a share of their own baseline reports holds it as of the others' reports,
and common where it is the other way round; what both use alike counts for neither. The index of a report is the share
of its own words among those that are one or the other. It says nothing of what is better: it lets somebody see when a
house's common thread begins to speak through them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dreamloom.statistics.spread import Mean, mean
from dreamloom.vocabulary.texts import Say, in_english

LEAST_OWN = 5
"""Baseline reports with words. Ours."""
LEAST_OTHERS = 3
"""Other dreamers whose reports may be counted: of fewer one could guess whose words they are."""
LEAST_WORDS = 8
"""Own or common words in a report, below which its share says nothing. Ours."""
WORD = re.compile(r"[^\W\d_]{3,}")
SMOOTHING = 0.5
TWICE = 2.0
"""Shares nearer to each other than that are a matter of which reports there happen to be. Ours."""


class Voiced(NamedTuple):
    """One report: its week of the course, from 0, and its text."""

    week: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVoice:
    """The index over weeks against its own baseline; `why_not` instead of figures.

    Attributes:
        baseline: each baseline report held against the others of the baseline.
        weeks: by week; a week without a report long enough is not there.
    """

    why_not: str = ""
    baseline: Mean | None = None
    weeks: Mapping[int, tuple[float, int]] | None = None


def own_voice(
    baseline: Sequence[str], others: Mapping[str, Sequence[str]], reports: Sequence[Voiced], *, say: Say = in_english
) -> OwnVoice:
    """The index of one dreamer.

    Args:
        baseline: their own reports from before any shared night.
        others: by dreamer, the reports of those who allow statistics.
        reports: their own since then.
        say: how it is said why there are no figures.
    """
    own = [words for text in baseline if (words := words_of(text))]
    if len(own) < LEAST_OWN:
        few = say("{count} reports from before have words, and {least} are needed", count=len(own), least=LEAST_OWN)
        return OwnVoice(why_not=few)
    if len(others) < LEAST_OTHERS:
        few = say(
            "{count} others allow their words to be counted, and {least} are needed",
            count=len(others),
            least=LEAST_OTHERS,
        )
        return OwnVoice(why_not=few)
    common = _spread_over([words_of(text) for texts in others.values() for text in texts])
    before = [
        share
        for n, words in enumerate(own)
        if (share := _share(words, _spread_over([*own[:n], *own[n + 1 :]]), common)) is not None
    ]
    usual = mean(before, step=1.0 / LEAST_WORDS)
    if usual is None:
        return OwnVoice(why_not=say("the reports from before are too short"))
    mine, weekly = _spread_over(own), dict[int, list[float]]()
    for report in reports:
        share = _share(words_of(report.text), mine, common)
        if share is not None:
            weekly.setdefault(report.week, []).append(share)
    shown = {week: (round(sum(each) / len(each), 4), len(each)) for week, each in sorted(weekly.items())}
    return OwnVoice(baseline=usual, weeks=shown)


def words_of(text: str) -> frozenset[str]:
    """The different words of a report, three letters or more."""
    return frozenset(WORD.findall(text.casefold()))


class _Spread(NamedTuple):
    holding: Mapping[str, int]
    reports: int

    def share(self, word: str) -> float:
        return (self.holding.get(word, 0) + SMOOTHING) / (self.reports + 2 * SMOOTHING)


def _spread_over(reports: Sequence[frozenset[str]]) -> _Spread:
    holding: dict[str, int] = {}
    for words in reports:
        for word in words:
            holding[word] = holding.get(word, 0) + 1
    return _Spread(holding, len(reports))


def _share(words: frozenset[str], own: _Spread, common: _Spread) -> float | None:
    known = [word for word in words if word in own.holding or word in common.holding]
    ratios = [own.share(word) / common.share(word) for word in known]
    told = [each >= TWICE for each in ratios if each >= TWICE or each <= 1.0 / TWICE]
    return sum(told) / len(told) if len(told) >= LEAST_WORDS else None
