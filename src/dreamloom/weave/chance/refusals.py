"""When is a test not run at all? Too few people or mornings, things that differ, nothing to look for."""

from dreamloom.weave.chance.design import Design, Refused
from dreamloom.weave.chance.registration import Registration, TestId
from dreamloom.weave.chance.specificity import FEWEST_ARRANGEMENTS, UNCUED, Drawn


def refused_within(test: TestId, design: Design, registration: Registration) -> Refused | None:
    """T1, T3, T4: each dreamer against the own mornings."""
    enough = design.with_baseline(registration.least_baseline)
    if len(enough) < registration.least_dreamers:
        return Refused(
            id=test,
            why=f"{len(enough)} dreamers told of this night and of {registration.least_baseline} or more own mornings; "
            f"{registration.least_dreamers} are the fewest.",
            do="Collect reports of mornings without a cue before the next night.",
        )
    if design.differs:
        return Refused(
            id=test,
            why=f"Tonight and the own mornings were not asked for alike: {design.differs}.",
            do="Compare reports of one protocol and one kind of awakening only.",
        )
    return _mixed(test, design) or (_themeless(test, registration) if test in ("T1", "T4") else None)


def refused_between(design: Design, drawn: Drawn | None) -> Refused | None:
    """T2: groups of one night."""
    arms = sorted({each.arm for each in design.dreamers})
    if len(design.nights) != 1 or len(arms) < 2 or drawn is None:
        return Refused(
            id="T2",
            why=f"{_counted(len(arms), 'arm')} slept in {_counted(len(design.nights), 'tested night')}, "
            "and arms of one night are compared.",
            do="Give two groups two different cues on the same night.",
        )
    if not drawn.is_as_drawn:
        return Refused(
            id="T2",
            why="Arms were registered as drawn by rooms, and people of one room were in several.",
            do="Register how arms are drawn: by dreamers, or one arm a room.",
        )
    if drawn.arrangements < FEWEST_ARRANGEMENTS:
        return Refused(
            id="T2",
            why=f"The arms could have been drawn in {drawn.arrangements} ways only, so that no p can be small.",
            do="Draw more people, or more rooms, next time.",
        )
    if design.tonight_differs:
        return Refused(
            id="T2",
            why=f"The reports of this night were not asked for alike: {design.tonight_differs}.",
            do="Compare reports of one protocol and one kind of awakening only.",
        )
    return _mixed("T2", design)


def _counted(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"


def _mixed(test: TestId, design: Design) -> Refused | None:
    if design.language:
        return None
    return Refused(
        id=test,
        why="The reports are in more than one language.",
        do="Test the reports of one language at a time.",
    )


def _themeless(test: TestId, registration: Registration) -> Refused | None:
    if any(words for arm, words in registration.themes.items() if arm.lower() not in UNCUED):
        return None
    return Refused(id=test, why="No theme was named.", do="Name its words with --theme, best before the night.")
