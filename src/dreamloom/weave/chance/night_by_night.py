"""What do several nights say that were tested one by one? Their e-values averaged, for they share one baseline."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from dreamloom.statistics.several import averaged
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.weave.chance.design import Refused
from dreamloom.weave.chance.findings import Findings, corrected, findings_of
from dreamloom.weave.chance.likeness import Embed
from dreamloom.weave.chance.registration import Registration, TestId
from dreamloom.weave.chance.target import Draw
from dreamloom.weave.chance.verdicts import Answer, verdict_of
from dreamloom.weave.reports import Report


def night_by_night(
    reports: Iterable[Report],
    registration: Registration,
    *,
    registered: bool = False,
    draws: Sequence[Draw] = (),
    embed: Embed | None = None,
    say: Say = in_english,
) -> Findings:
    """Each of the registered nights against the own mornings, and one answer a test over all of them.

    The joint permutation finds more where a night could be tested with the others; this is for arms that change from
    night to night, which T2 compares within a night only. Sealed targets are one exact test over all draws already.
    """
    known = list(reports)
    nights = registration.nights
    t5 = replace(registration, tests=("T5",), primary="T5")
    whole = findings_of(known, t5, registered=registered, draws=draws, say=say)
    choices = replace(registration, tests=tuple(each for each in registration.tests if each != "T5"))
    single = [
        findings_of(
            [each for each in known if each.night == night or each.night not in nights],
            replace(choices, nights=(night,)),
            registered=registered,
            embed=embed,
            say=say,
        )
        for night in nights
    ]
    found = [_over(test, single, registration, say) for test in choices.tests]
    sealed = [replace(each, primary=registration.primary == "T5", p_holm=None) for each in whole.tests]
    asks_t5 = "T5" in registration.tests
    return Findings(
        tests=corrected(
            [*(each for each in found if isinstance(each, Answer)), *(sealed if asks_t5 else ())], registration
        ),
        refused=(*(each for each in found if isinstance(each, Refused)), *(whole.refused if asks_t5 else ())),
        nights=nights,
        registration=registration.sha256,
        had_control=all(each.had_control for each in single),
        notes=tuple(f"{night}: {note}" for night, each in zip(nights, single, strict=True) for note in each.notes),
    )


def _over(test: TestId, single: Sequence[Findings], registration: Registration, say: Say) -> Answer | Refused:
    """A night that was refused by its design says nothing, for or against."""
    answers = [each for found in single for each in found.tests if each.id == test]
    if not answers:
        return next(each for found in single for each in found.refused if each.id == test)
    mean, p = averaged([each.p for each in answers])
    short = len(single) - len(answers)
    return Answer(
        id=test,
        statistic=mean,
        p=p,
        n=len(answers),
        k=sum(each.p <= registration.alpha for each in answers),
        verdict=verdict_of(test, p, registration.alpha),
        registered=answers[0].registered,
        primary=test == registration.primary,
        note=say("{short} of {all} nights could not be tested so.", short=short, all=len(single)) if short else "",
        is_of_nights=True,
        compared=answers[0].compared,
    )
