"""What may be said of a result? Sentences made from the numbers alone, in steps that nobody can skip."""

from typing import Literal

from msgspec import Struct

from dreamloom.statistics.within import Spread
from dreamloom.weave.chance.registration import TestId

Verdict = Literal[
    "as usual",
    "more than their own baseline",
    "no more than the other group",
    "more than the other group that night",
    "no more alike than usual",
    "more alike than usual",
    "nothing beyond the cue",
    "shared content beyond the cue",
    "target not found",
    "target found",
]
VERDICTS: dict[TestId, tuple[Verdict, Verdict]] = {
    "T1": ("as usual", "more than their own baseline"),
    "T2": ("no more than the other group", "more than the other group that night"),
    "T3": ("no more alike than usual", "more alike than usual"),
    "T4": ("nothing beyond the cue", "shared content beyond the cue"),
    "T5": ("target not found", "target found"),
}
SMALL_P = 0.001


class Answer(Struct, frozen=True, kw_only=True):
    """One test's answer.

    Attributes:
        statistic: T1, T2: mean difference in square roots of theme words in 100; T3, T4: mean likeness; T5: places.
        p: of the test alone; p_holm: corrected for all tests but the primary one.
        n: dreamers; of T5 draws. k: of them those with the theme, the motif, or their target found first.
        registered: chosen before the night.
        primary: read by p itself.
        usual: how many of n would by their own baseline.
        interval: exact 95 % interval of k in n.
        motif: T3, T4: the word that stands out most, if three or more have it.
        note: what limits this answer, in one sentence.
        parts: further numbers, by name.
        spread: what chance came to, to be drawn; of T3 and T4 the likeness alone.
        is_of_nights: n and k count nights that were tested one by one; the statistic is their mean e-value.
    """

    id: TestId
    statistic: float
    p: float
    n: int
    k: int
    verdict: Verdict
    registered: bool
    p_holm: float | None = None
    primary: bool = False
    usual: float | None = None
    interval: tuple[float, float] | None = None
    motif: str = ""
    note: str = ""
    parts: dict[str, float] = {}
    spread: Spread | None = None
    is_of_nights: bool = False


def verdict_of(test: TestId, p: float, alpha: float) -> Verdict:
    """The one of the test's two verdicts that p allows."""
    return VERDICTS[test][p <= alpha]


def is_positive(answer: Answer) -> bool:
    """Whether the answer is the stronger of its test's two."""
    return answer.verdict == VERDICTS[answer.id][1]


def sentences(answer: Answer, *, had_control: bool) -> list[str]:
    """What a person may be told of one answer.

    Args:
        answer: the numbers.
        had_control: another group slept the same night, so that what the night had in common is accounted for.
    """
    found = [_counted(answer), _judged(answer)]
    if answer.id in ("T1", "T3") and is_positive(answer) and not had_control:
        found.append("What the night had in common, from the weather to the questions asked, may be a part of it.")
    if not answer.registered:
        found.append("This was not registered before the night: it is a lead to follow, no finding.")
    if answer.note:
        found.append(answer.note)
    return [each for each in found if each]


def _counted(answer: Answer) -> str:
    if answer.is_of_nights:
        alone = f"{answer.k} of {answer.n} nights alone came below the limit"
        return f"{alone}; their mean e-value is {answer.statistic:.2f}, and 20 would be a p of .05."
    if answer.id == "T1":
        usual = "" if answer.usual is None else f" (usual for them: {100 * answer.usual / max(1, answer.n):.0f} %)"
        return f"{answer.k} of {answer.n} dreamed of the theme{usual}."
    if answer.id == "T2":
        return f"{answer.k} of {answer.n} dreamed of their own cue."
    if answer.id == "T5":
        return f"The sealed target came first in {answer.k} of {answer.n} draws."
    if answer.motif:
        return f"{answer.k} of {answer.n} dreams have “{answer.motif}” (usual for them: {answer.usual:.1f})."
    return f"{answer.n} dreams were compared; no word was common to three of them beyond the usual."


def _judged(answer: Answer) -> str:
    p = f"p {_told(answer.p)}"
    strong = is_positive(answer)
    says = {
        "T1": ("That is no more than their own baseline", "That is more than their own baseline"),
        "T2": (
            "The groups do not differ by more than chance",
            "Each group dreamed of its own cue more than the other group did that night",
        ),
        "T3": (
            "Tonight's dreams are no more alike than chance",
            "Tonight's dreams are more alike than these dreamers' dreams usually are",
        ),
        "T4": (
            "Without the words of the cue nothing shared is left beyond chance",
            "Even without the words of the cue they are more alike than usual",
        ),
        "T5": (
            "The sealed target was not found more often than chance",
            "The sealed target was found more often than chance",
        ),
    }[answer.id][strong]
    corrected = "" if answer.primary or answer.p_holm is None else f"; p {_told(answer.p_holm)} corrected for all tests"
    return f"{says} ({p}{corrected})."


def _told(p: float) -> str:
    return f"< {SMALL_P}" if p < SMALL_P else f"= {p:.3f}"
