"""May this person be cued at all? Eight questions before a first night; what is not answered counts as no."""

from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.governance.toml_files import Codes, TomlFile

ADULT_YEARS = 18
"""Majority in most of the world; where it is later, a protocol says so."""
OLDEST_YEARS = 120
"""Older is a slip of the pen. Ours."""
CODES = Codes(toml="DL-E630", key="DL-E631", value="DL-E631")
Care = Literal["none", "named clinician", "unanswered"]


class Answers(Struct, frozen=True, forbid_unknown_fields=True):
    """What one person answered; None where they did not. It is sealed under their own key and leaves it nowhere.

    Attributes:
        age_years: on the day of the answer.
        seizures: ever, or a suspicion of epilepsy. psychosis_or_dissociation, ptsd: ever.
        pregnancy: now, or perhaps. untreated_apnoea: known or suspected, without treatment.
        hearing_loss: or ringing in the ears; levels are then to be measured first.
        shares_room: who else lies in the bed or room: nobody; somebody who agreed; somebody nobody asked.
    """

    age_years: int | None = None
    seizures: bool | None = None
    psychosis_or_dissociation: bool | None = None
    ptsd: bool | None = None
    pregnancy: bool | None = None
    untreated_apnoea: bool | None = None
    hearing_loss: bool | None = None
    shares_room: Literal["nobody", "somebody who agreed", "somebody nobody asked"] | None = None


QUESTIONS: dict[str, str] = {
    "age_years": "How old are you, in whole years?",
    "seizures": "Have you ever had a seizure, or has a doctor spoken of epilepsy?",
    "psychosis_or_dissociation": "Have you heard or seen what others did not, or felt cut off from yourself for long?",
    "ptsd": "Does something terrible that happened come back to you, in flashbacks or bad dreams?",
    "pregnancy": "Are you pregnant, or might you be?",
    "untreated_apnoea": "Does your breath stop in your sleep, or has anybody said so, and nobody treats it?",
    "hearing_loss": "Do you hear badly, or do your ears ring?",
    "shares_room": "Who else sleeps in the bed or the room: nobody, somebody who agreed, or somebody nobody asked?",
}
"""In the words of whoever asks."""


def weigh(answers: Answers, *, clinician: str = "", protocol: str = "") -> Care:
    """What these answers ask for; never which of them did.

    Minors and whoever needs care are for a named clinician, under a named protocol (C9); with both, it is on them.
    """
    if None in msgspec.structs.astuple(answers) or answers.shares_room == "somebody nobody asked":
        return "unanswered"
    if not needs_care(answers):
        return "none"
    return "named clinician" if clinician and protocol else "unanswered"


def needs_care(answers: Answers) -> bool:
    """Whether cues are for a clinician to allow. Hearing is no reason: levels are measured and capped for everybody."""
    asked_of_all = (
        answers.seizures,
        answers.psychosis_or_dissociation,
        answers.ptsd,
        answers.pregnancy,
        answers.untreated_apnoea,
    )
    return (
        answers.age_years is None or answers.age_years < ADULT_YEARS or any(each is not False for each in asked_of_all)
    )


def read_answers(text: str, *, file: str) -> Answers:
    """Answers from TOML, a line each; what is not there is not answered.

    Raises:
        ConfigError: naming file:line:column, for an unknown question or an answer of another kind.
    """
    toml = TomlFile(text, file=file, codes=CODES)
    answers = toml.read(Answers)
    if answers.age_years is not None and not 0 <= answers.age_years <= OLDEST_YEARS:
        raise toml.wrong(
            ("age_years",), f"age_years = {answers.age_years} is outside 0 to {OLDEST_YEARS}.", do="Write whole years."
        )
    return answers
