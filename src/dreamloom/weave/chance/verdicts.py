"""What may be said of a result? Sentences made from the numbers alone, in steps that nobody can skip."""

from typing import Literal

from msgspec import Struct

from dreamloom.statistics.within import Spread
from dreamloom.vocabulary.texts import Number, Say, in_english
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
Compared = Literal["", "words", "meanings"]


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
        compared: T3, T4: by which the likeness was found; the word always by counting words.
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
    compared: Compared = ""


def verdict_of(test: TestId, p: float, alpha: float) -> Verdict:
    """The one of the test's two verdicts that p allows."""
    return VERDICTS[test][p <= alpha]


def is_positive(answer: Answer) -> bool:
    """Whether the answer is the stronger of its test's two."""
    return answer.verdict == VERDICTS[answer.id][1]


def sentences(answer: Answer, *, had_control: bool, say: Say = in_english) -> list[str]:
    """What a person may be told of one answer.

    Args:
        answer: the numbers.
        had_control: another group slept the same night, so that what the night had in common is accounted for.
        say: how it is said.
    """
    found = [_counted(answer, say), _judged(answer, say)]
    if answer.id in ("T1", "T3") and is_positive(answer) and not had_control:
        found.append(say("What the night had in common, from the weather to the questions asked, may be a part of it."))
    if answer.compared == "meanings":
        found.append(
            say(
                "The likeness is that of what a sentence model makes of each report, against each dreamer's own usual; "
                "the word was found by counting."
            )
        )
    if not answer.registered:
        found.append(say("This was not registered before the night: it is a lead to follow, no finding."))
    if answer.note:
        found.append(answer.note)
    return [each for each in found if each]


def _counted(answer: Answer, say: Say) -> str:
    of = {"k": answer.k, "n": answer.n}
    if answer.is_of_nights:
        return say(
            "{k} of {n} nights alone came below the limit; their mean e-value is {mean}, and 20 would be a p of .05.",
            **of,
            mean=Number(answer.statistic, ".2f"),
        )
    if answer.id == "T1":
        if answer.usual is None:
            return say("{k} of {n} dreamed of the theme.", **of)
        usual = Number(100 * answer.usual / max(1, answer.n), ".0f")
        return say("{k} of {n} dreamed of the theme (usual for them: {usual} %).", **of, usual=usual)
    if answer.id == "T2":
        return say("{k} of {n} dreamed of their own cue.", **of)
    if answer.id == "T5":
        return say("The sealed target came first in {k} of {n} draws.", **of)
    if answer.motif:
        usual = Number(0.0 if answer.usual is None else answer.usual, ".1f")
        return say("{k} of {n} dreams have “{motif}” (usual for them: {usual}).", **of, motif=answer.motif, usual=usual)
    return say("{n} dreams were compared; no word was common to three of them beyond the usual.", n=answer.n)


JUDGED: dict[TestId, tuple[str, str]] = {
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
}
"""What either verdict of a test comes to, in words."""


def _judged(answer: Answer, say: Say) -> str:
    found, p = say(JUDGED[answer.id][is_positive(answer)]), _told(answer.p, say)
    if answer.primary or answer.p_holm is None:
        return say("{found} (p {p}).", found=found, p=p)
    corrected = _told(answer.p_holm, say)
    return say("{found} (p {p}; p {corrected} corrected for all tests).", found=found, p=p, corrected=corrected)


def _told(p: float, say: Say) -> str:
    return f"< {say(Number(SMALL_P))}" if p < SMALL_P else f"= {say(Number(p, '.3f'))}"
