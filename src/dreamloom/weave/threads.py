"""Which threads run through a night? Motifs that go together, each told by at least k dreamers on their own account."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from dreamloom.weave.languages import language_named
from dreamloom.weave.motifs import Motif, motifs, stems_in
from dreamloom.weave.repeated import is_told_twice, repeated
from dreamloom.weave.reports import Report, allowed, in_time
from dreamloom.weave.words import Word, words_of

K = 3
"""Dreamers of a public thread: of fewer, one could tell who they are, and a pair could arrange it."""
MOST_THREADS = 9
LEAST_STRENGTH = 1.5
"""In standard deviations above what these dreamers' own mornings let expect. Ours."""
COMPANY = 0.5
"""A motif joins a thread where so many of its dreamers are the thread's. Ours."""
MOST_MOTIFS = 5


class Woven(Struct, frozen=True, kw_only=True):
    """A report as it may be woven: its words, which of them its dreamer said first, and the stems of those."""

    report: Report
    words: tuple[Word, ...]
    own: tuple[bool, ...]
    stems: frozenset[str]


class Thread(Struct, frozen=True, kw_only=True):
    """Motifs that go together.

    Attributes:
        motifs: stems, the strongest first.
        weights: by dreamer, how much of it stands out in their report, in nats.
        strength: of its first motif.
    """

    id: str
    motifs: tuple[str, ...]
    weights: Mapping[str, float]
    strength: float


class Threads(Struct, frozen=True, kw_only=True):
    """Those of k dreamers and more, and those of fewer, which only these dreamers ever see."""

    public: tuple[Thread, ...]
    private: tuple[Thread, ...]


def woven(reports: Sequence[Report]) -> list[Woven]:
    """The reports of a night that may be woven, in time, without those told twice."""
    told = in_time(each for each in allowed(reports, "weave") if each.text.strip() and not each.is_late)
    words = [words_of(each.text) for each in told]
    repeats = repeated(words, [each.dreamer for each in told])
    return [
        _woven(report, own, repeat)
        for report, own, repeat in zip(told, words, repeats, strict=True)
        if not is_told_twice(repeat)
    ]


def _woven(report: Report, words: Sequence[Word], repeat: Sequence[bool]) -> Woven:
    language = language_named(report.language)
    first = [word.text for word, again in zip(words, repeat, strict=True) if not again]
    own = tuple(not again for again in repeat)
    return Woven(report=report, words=tuple(words), own=own, stems=stems_in(first, language))


def threads(tonight: Sequence[Woven], before: Sequence[Report], *, k: int = K) -> Threads:
    """Each thread begins with the motif that stands out most and is not in one yet, and takes in what goes with it.

    Args:
        tonight: the reports of the night.
        before: these dreamers' other mornings, as far as they may be read.
        k: the fewest dreamers of a public thread.
    """
    stems: dict[str, frozenset[str]] = {}
    for each in tonight:
        stems[each.report.dreamer] = stems.get(each.report.dreamer, frozenset()) | each.stems
    usual: dict[str, list[frozenset[str]]] = {}
    for report in before:
        if report.dreamer in stems and report.text.strip():
            language = language_named(report.language)
            found = stems_in([word.text for word in words_of(report.text)], language)
            usual.setdefault(report.dreamer, []).append(found)
    known = motifs(stems, usual)
    shared = [each for each in known if len(each.surprise) >= k and each.strength >= LEAST_STRENGTH]
    few = [each for each in known if 1 < len(each.surprise) < k]
    return Threads(public=_gathered(shared, k, MOST_THREADS, "t"), private=_gathered(few, 2, len(few), "p"))


def _gathered(found: Sequence[Motif], k: int, most: int, letter: str) -> tuple[Thread, ...]:
    left = {each.stem: each for each in found}
    made: list[Thread] = []
    while left and len(made) < most:
        first = left.pop(next(iter(left)))
        dreamers = set(first.surprise)
        company = [first]
        for each in list(left.values()):
            if len(company) < MOST_MOTIFS and _goes_with(each, dreamers):
                company.append(left.pop(each.stem))
        weights = {
            dreamer: round(sum(each.surprise.get(dreamer, 0.0) for each in company), 4) for dreamer in sorted(dreamers)
        }
        if len(weights) >= k:
            made.append(
                Thread(
                    id=f"{letter}{len(made) + 1}",
                    motifs=tuple(each.stem for each in company),
                    weights=weights,
                    strength=first.strength,
                )
            )
    return tuple(made)


def _goes_with(motif: Motif, dreamers: set[str]) -> bool:
    common = len(dreamers & set(motif.surprise))
    return common >= 2 and common >= COMPANY * max(len(motif.surprise), 1)
