"""Did the dreams meet? Runs what was registered on one night's reports, and refuses by name what cannot be tested."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from dreamloom.statistics.several import holm
from dreamloom.statistics.within import Tested
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.vocabulary.units import FloatArray
from dreamloom.weave.chance import specificity, target
from dreamloom.weave.chance.design import Design, Dreamer, Refused, design_of
from dreamloom.weave.chance.incubation import dreamt_of_it, incubated, rates
from dreamloom.weave.chance.likeness import Embed, Likeness, alike
from dreamloom.weave.chance.refusals import refused_between, refused_by_meaning, refused_within
from dreamloom.weave.chance.registration import Registration, TestId
from dreamloom.weave.chance.specificity import EVERYBODY, UNCUED, Drawn
from dreamloom.weave.chance.texts import Texts, cut_to_common_length, texts_of, without_shared, without_theme
from dreamloom.weave.chance.verdicts import Answer, verdict_of
from dreamloom.weave.languages import LANGUAGES
from dreamloom.weave.reports import Report


class Findings(Struct, frozen=True, kw_only=True):
    """Every answer and every refusal of one run.

    Attributes:
        nights: which were tested.
        registration: the hash of the choices.
        had_control: a second group slept the same night.
        notes: sentences on what was left out or removed.
    """

    tests: tuple[Answer, ...]
    refused: tuple[Refused, ...]
    nights: tuple[str, ...]
    registration: str
    had_control: bool
    notes: tuple[str, ...]


def findings_of(
    reports: Iterable[Report],
    registration: Registration,
    *,
    registered: bool = False,
    draws: Sequence[target.Draw] = (),
    embed: Embed | None = None,
    say: Say = in_english,
) -> Findings:
    """Runs the registered tests.

    Args:
        reports: of any number of nights; those that do not allow statistics are not read.
        registration: the choices.
        registered: whether they were made before the night.
        draws: the sealed targets of T5.
        embed: a sentence model for T3 and T4. They count as registered where it was registered, and only with it.
        say: how refusals and notes are said.
    """
    run = _Run(design_of(reports, registration, say=say), registration, registered=registered, embed=embed, say=say)
    found = [run.t5(draws) if test == "T5" else run.runs[test]() for test in registration.tests]
    return Findings(
        tests=corrected([each for each in found if isinstance(each, Answer)], registration),
        refused=tuple(each for each in found if isinstance(each, Refused)),
        nights=run.design.nights,
        registration=registration.sha256,
        had_control=len({each.arm for each in run.design.dreamers}) > 1,
        notes=run.notes(),
    )


class _Run:
    """What the tests of one run share: texts are read and cleaned once."""

    def __init__(
        self, design: Design, registration: Registration, *, registered: bool, embed: Embed | None, say: Say
    ) -> None:
        self.design = design
        self.registration = registration
        self.language = LANGUAGES[design.language or "en"]
        self.lexicons = registration.lexicons(self.language)
        self.compared = design.with_baseline(registration.least_baseline)
        cued = [each for each in self.compared if each.arm.lower() not in UNCUED]
        self.cued = cued or self.compared
        self.runs = {"T1": self.t1, "T2": self.t2, "T3": self.t3, "T4": self.t4}
        self._registered = registered
        self._embed = embed
        self._say = say

    @cached_property
    def cleaned(self) -> tuple[Texts, int]:
        """The texts of all with a baseline, without what was told alike; and how many words of the night went."""
        return without_shared(self.told)

    @cached_property
    def told(self) -> Texts:
        """The texts of all with a baseline."""
        return self._texts(self.compared)

    @cached_property
    def whole(self) -> Texts:
        """The same for likeness: every report whole, and the stems of what was told alike looked for in none.

        Cut reports would differ from the own mornings by the cutting itself, which takes stock phrases from tonight's
        reports alone; stems that are looked for in no report leave a dreamer's reports exchangeable. A model of whole
        sentences cannot leave out single words: its reports are cut.
        """
        cut = self.cleaned[0]
        return cut if self._embed is not None else self.told._replace(told_alike=cut.told_alike)

    def notes(self) -> tuple[str, ...]:
        """What was left out, in sentences."""
        found = list(self.design.left_out)
        least = self.registration.least_baseline
        if short := len(self.design.dreamers) - len(self.compared):
            found.append(
                self._say(
                    "{short} of {all} dreamers have fewer than {least} own mornings: T1, T3 and T4 are without them.",
                    short=short,
                    all=len(self.design.dreamers),
                    least=least,
                )
            )
        if self.compared and (shared := self.cleaned[1]):
            found.append(
                self._say(
                    "{count} words of the night stood in passages that three or more told alike; "
                    "they count for nothing.",
                    count=shared,
                )
            )
        return tuple(found)

    def t1(self) -> Answer | Refused:
        """The theme against the own baseline."""
        refused = refused_within("T1", self.design, self.registration, say=self._say)
        if refused is not None:
            return refused
        scores, texts = self._scored(self.cued)
        tested = incubated(scores, texts, seed=self.registration.seed)
        k, n, interval, usual = dreamt_of_it(scores, texts)
        return self._answer(
            "T1", tested, n=n, k=k, interval=interval, usual=round(usual * n, 2), parts=self._without_heard()
        )

    def t2(self) -> Answer | Refused:
        """One group's cue against the other's."""
        people = self.design.dreamers
        drawn = self._drawn(people)
        refused = refused_between(self.design, drawn, say=self._say)
        if refused is not None or drawn is None:
            return refused or Refused(id="T2", why=self._say("Nobody was in an arm."))
        tested, k, note = self._between(people, drawn)
        return self._answer("T2", tested, n=len(people), k=k, note=note, parts=self._unheard_groups())

    def _between(self, people: Sequence[Dreamer], drawn: Drawn) -> tuple[Tested, int, str]:
        """The statistic with its p, how many met their own cue, and what limits it."""
        texts = self._clean(people)
        if not self.lexicons:
            tested = specificity.clustered(texts, drawn, seed=self.registration.seed)
            return (
                tested,
                0,
                self._say(
                    "No cue was named, so that whole reports were compared: with eight a group it finds three in four."
                ),
            )
        values, usual = self._cue_values(texts)
        tested = specificity.contrasted(values, drawn, seed=self.registration.seed)
        less = self._say("Without own mornings it finds less: each dreamer's usual could not be taken off.")
        return tested, self._met_own_cue(people, texts), "" if usual else less

    def t3(self) -> Answer | Refused:
        """Likeness without a theme."""
        refused = self._refused_likeness("T3")
        if refused is not None:
            return refused
        found = alike(self.whole, seed=self.registration.seed, embed=self._embed)
        return self._likeness("T3", found)

    def t4(self) -> Answer | Refused:
        """Likeness that is left without the theme."""
        refused = self._refused_likeness("T4")
        if refused is not None:
            return refused
        left = without_theme(self.whole, self.registration.deleted(self.language))
        return self._likeness("T4", alike(left, seed=self.registration.seed + 1, embed=self._embed))

    def _refused_likeness(self, test: TestId) -> Refused | None:
        has_model, say = self._embed is not None, self._say
        return refused_within(test, self.design, self.registration, say=say) or refused_by_meaning(
            test, self.design, self.registration, has_model=has_model, say=say
        )

    def t5(self, draws: Sequence[target.Draw]) -> Answer | Refused:
        """The sealed target."""
        wrong = next((why for each in draws if (why := target.unsound(each, say=self._say))), "")
        wrong = wrong or target.unsound_together(draws, self.design.nights, say=self._say)
        if wrong or not draws:
            why = wrong or self._say("No target was drawn and sealed before the night.")
            return Refused(
                id="T5",
                why=f"{why[:1].upper()}{why[1:].rstrip('.')}.",
                do=self._say("Seal one of four before a night."),
            )
        scores = [self._score(each) for each in draws]
        statistic, p, first = target.found(draws, scores)
        note = self._say("One draw alone can never have a p below .25.") if len(draws) == 1 else ""
        return self._answer("T5", Tested(statistic, p, target.spread(scores)), n=len(draws), k=first, note=note)

    def _score(self, draw: target.Draw) -> tuple[float, ...]:
        if draw.rankings:
            return target.by_judges(draw)
        return target.by_text(draw, target.told_of(draw, self.design), self.language)

    def _answer(self, test: TestId, tested: Tested, **more: object) -> Answer:
        made: dict[str, object] = {
            "statistic": tested.statistic,
            "p": tested.p,
            "spread": tested.spread,
            "verdict": verdict_of(test, tested.p, self.registration.alpha),
            "registered": self._registered,
            "primary": test == self.registration.primary,
            **more,
        }
        return Answer(id=test, **made)  # type: ignore[arg-type]

    def _likeness(self, test: TestId, found: Likeness) -> Answer:
        return self._answer(
            test,
            Tested(found.statistic, found.p, found.spread),
            n=len(self.compared),
            k=found.k if found.motif else 0,
            usual=found.usual if found.motif else None,
            motif=found.motif,
            parts={"p_text": found.p_text, "p_word": found.p_word},
            compared="words" if self._embed is None else "meanings",
            registered=self._registered and (self._embed is not None) == bool(self.registration.meaning),
        )

    def _texts(self, people: Sequence[Dreamer]) -> Texts:
        nights = [night for each in people for night in each.nights]
        return texts_of([(each.tested, each.before) for each in people], nights, self.language)

    def _clean(self, people: Sequence[Dreamer]) -> Texts:
        if list(people) == self.compared:
            return self.cleaned[0]
        return without_shared(self._texts(people))[0]

    def _scored(self, people: Sequence[Dreamer]) -> tuple[FloatArray, Texts]:
        """Each dreamer's reports by the words of the own arm's theme (or the one that all had)."""
        texts = self._clean(people)
        if self.registration.score == "common length":
            texts = cut_to_common_length(texts)
        by_arm = {arm: rates(texts, theme) for arm, theme in self.lexicons.items()}
        arms = [self._theme_of(each.arm) for each in people]
        scores = np.zeros(len(texts.words))
        for at, owner in enumerate(texts.owners):
            scores[at] = by_arm[arms[owner]][at] if arms[owner] in by_arm else 0.0
        return scores, texts

    def _theme_of(self, arm: str) -> str:
        return arm if arm in self.lexicons else EVERYBODY

    def _without_heard(self) -> dict[str, float]:
        """T1 again without those who heard a cue: a sensitivity analysis, never the answer."""
        kept, parts = self._unheard(self.cued)
        if parts and len(kept) >= self.registration.least_dreamers:
            parts["p_without_heard"] = incubated(*self._scored(kept), seed=self.registration.seed)[1]
        return parts

    def _unheard_groups(self) -> dict[str, float]:
        """T2 in the same way."""
        kept, parts = self._unheard(self.design.dreamers)
        drawn = self._drawn(kept)
        if parts and drawn is not None and drawn.arrangements >= specificity.FEWEST_ARRANGEMENTS:
            parts["p_without_heard"] = self._between(kept, drawn)[0].p
        return parts

    def _unheard(self, people: Sequence[Dreamer]) -> tuple[list[Dreamer], dict[str, float]]:
        """Those who heard nothing, and how many did; nothing where nobody did or it was not registered so."""
        kept = [each for each in people if not each.heard]
        told = self.registration.without_heard and len(kept) < len(people)
        return kept, {"heard": float(len(people) - len(kept))} if told else {}

    def _arms(self) -> list[str]:
        return sorted({each.arm for each in self.design.dreamers})

    def _drawn(self, people: Sequence[Dreamer]) -> Drawn | None:
        arms = self._arms()
        if len({each.arm for each in people}) < len(arms) or len(arms) < 2:
            return None
        labels = np.array([arms.index(each.arm) for each in people])
        rooms = [each.room or f"\x00{each.name}" for each in people]
        numbers = np.unique(rooms, return_inverse=True)[1].reshape(-1)
        is_by_room = self.registration.drawn_by == "room" or (
            self.registration.drawn_by == ""
            and len(set(rooms)) < len(people)
            and all(len(set(labels[numbers == room])) == 1 for room in set(numbers.tolist()))
        )
        return Drawn(labels, numbers if is_by_room else np.arange(len(people)))

    def _cue_values(self, texts: Texts) -> tuple[FloatArray, bool]:
        arms = self._arms()
        own = {arm: theme for arm, theme in self.lexicons.items() if arm in arms}
        if not own:
            cued = [arm for arm in arms if arm.lower() not in UNCUED]
            theme = self.lexicons[EVERYBODY] if EVERYBODY in self.lexicons else next(iter(self.lexicons.values()))
            if len(cued) != 1 and len(arms) == 2:
                row, usual = specificity.above_usual(texts, theme)
                return row[np.newaxis], usual
            own = dict.fromkeys(cued[:1], theme) if len(cued) == 1 else dict.fromkeys(arms[:1], theme)
        return specificity.cue_values(arms, own, texts)

    def _met_own_cue(self, people: Sequence[Dreamer], texts: Texts) -> int:
        met = {arm: rates(texts, theme)[texts.slots.seen] > 0 for arm, theme in self.lexicons.items()}
        owners = texts.slots.owners
        return sum(
            any(bool(met[self._theme_of(each.arm)][at]) for at in np.flatnonzero(owners == place))
            for place, each in enumerate(people)
            if self._theme_of(each.arm) in met and each.arm.lower() not in UNCUED
        )


def corrected(answers: Sequence[Answer], registration: Registration) -> tuple[Answer, ...]:
    """Holm over all but the primary test; the verdict of those is by the corrected p."""
    secondary = [each for each in answers if not each.primary]
    adjusted = dict(zip((each.id for each in secondary), holm([each.p for each in secondary]), strict=True))
    return tuple(
        each
        if each.primary
        else replace(each, p_holm=adjusted[each.id], verdict=verdict_of(each.id, adjusted[each.id], registration.alpha))
        for each in answers
    )
