"""When is a test not run at all? Too few people or mornings, things that differ, nothing to look for."""

from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.weave.chance.design import Design, Refused
from dreamloom.weave.chance.registration import Registration, TestId
from dreamloom.weave.chance.specificity import FEWEST_ARRANGEMENTS, UNCUED, Drawn


def refused_within(
    test: TestId, design: Design, registration: Registration, *, say: Say = in_english
) -> Refused | None:
    """T1, T3, T4: each dreamer against the own mornings."""
    enough = design.with_baseline(registration.least_baseline)
    if len(enough) < registration.least_dreamers:
        return Refused(
            id=test,
            why=say(
                "{count} dreamers told of this night and of {mornings} or more own mornings; {fewest} are the fewest.",
                count=len(enough),
                mornings=registration.least_baseline,
                fewest=registration.least_dreamers,
            ),
            do=say("Collect reports of mornings without a cue before the next night."),
        )
    if design.differs:
        return Refused(
            id=test,
            why=say("Tonight and the own mornings were not asked for alike: {differs}.", differs=design.differs),
            do=say("Compare reports of one protocol and one kind of awakening only."),
        )
    return _mixed(test, design, say) or (_themeless(test, registration, say) if test in ("T1", "T4") else None)


def refused_by_meaning(
    test: TestId, design: Design, registration: Registration, *, has_model: bool, say: Say = in_english
) -> Refused | None:
    """T3, T4 where a sentence model compares: it has to be there, and to know the language."""
    if registration.meaning and not has_model:
        return Refused(
            id=test,
            why=say("It was registered to compare by a sentence model, and none was named."),
            do=say("Name the model's folder with --meaning, or in house/meaning.toml."),
        )
    if has_model and design.language not in ("", "en"):
        return Refused(
            id=test,
            why=say("The sentence model knows English, and the reports are in another language."),
            do=say("Leave the model out: words are compared in German as well."),
        )
    return None


def refused_between(design: Design, drawn: Drawn | None, *, say: Say = in_english) -> Refused | None:
    """T2: groups of one night."""
    arms = sorted({each.arm for each in design.dreamers})
    if len(design.nights) != 1 or len(arms) < 2 or drawn is None:
        return Refused(
            id="T2",
            why=say(
                "{arms} slept in {nights}, and arms of one night are compared.",
                arms=say("1 arm") if len(arms) == 1 else say("{count} arms", count=len(arms)),
                nights=say("1 tested night")
                if len(design.nights) == 1
                else say("{count} tested nights", count=len(design.nights)),
            ),
            do=say("Give two groups two different cues on the same night."),
        )
    if not drawn.is_as_drawn:
        return Refused(
            id="T2",
            why=say("Arms were registered as drawn by rooms, and people of one room were in several."),
            do=say("Register how arms are drawn: by dreamers, or one arm a room."),
        )
    if drawn.arrangements < FEWEST_ARRANGEMENTS:
        return Refused(
            id="T2",
            why=say(
                "The arms could have been drawn in {ways} ways only, so that no p can be small.",
                ways=drawn.arrangements,
            ),
            do=say("Draw more people, or more rooms, next time."),
        )
    if design.tonight_differs:
        return Refused(
            id="T2",
            why=say("The reports of this night were not asked for alike: {differs}.", differs=design.tonight_differs),
            do=say("Compare reports of one protocol and one kind of awakening only."),
        )
    return _mixed("T2", design, say)


def _mixed(test: TestId, design: Design, say: Say) -> Refused | None:
    if design.language:
        return None
    return Refused(
        id=test,
        why=say("The reports are in more than one language."),
        do=say("Test the reports of one language at a time."),
    )


def _themeless(test: TestId, registration: Registration, say: Say) -> Refused | None:
    if any(words for arm, words in registration.themes.items() if arm.lower() not in UNCUED):
        return None
    return Refused(
        id=test, why=say("No theme was named."), do=say("Name its words with --theme, best before the night.")
    )
