"""What can happen when somebody talks with the guide? Talks held, choices of a model, and a model that ran away.

All of it stands in the house's record: a talk comes before a night opens, or after it closed.
"""

from typing import Literal

from dreamloom.record.envelope import Event, Sealed, Sha256Hex


class EveningTalkHeld(Event, frozen=True):
    """In the house's record: a sleeper went through the talk before a night, as far as they liked.

    Attributes:
        night: by its name.
        practice: whether they rehearsed to notice that they dream, which a trial has to know.
        asked_for: whether they would like to talk to somebody.
        intention: their sentence and their sign for the night, sealed under their key.
    """

    sleeper: str
    night: str
    practice: Literal["rehearsed", "left out"]
    asked_for: Literal["nobody", "a person"]
    intention: Sealed | None


class ReflectionKept(Event, frozen=True):
    """In the house's record: what somebody added to a locked report when it was talked over, at their own wish.

    It enters no test and no weave. `answers` is how many there were; `text` is sealed under their key.
    """

    sleeper: str
    night: str
    answers: int
    text: Sealed | None


class ModelChose(Event, frozen=True):
    """In the house's record: a language model chose the next step of a talk; nothing of what was said.

    Attributes:
        moment: of the talk.
        model: by the name that its endpoint is asked for.
        action: one of the ten that was followed; "" for none.
        refused: why its choice was not followed; SILENT where no answer came; "" where it was.
    """

    sleeper: str
    night: str
    moment: Literal["evening", "before the lock", "after the lock", "architect"]
    model: str
    action: str
    refused: str
    tokens: int
    seconds: float
    cost: float


class GuideRanAway(Event, frozen=True):
    """In the house's record: a glitch; a model chose what it may not, or too much, and is off for this night.

    The talk went on by its fixed questions. `why` is the bound that was met, `calls` how many choices there were.
    """

    night: str
    model: str
    why: Literal["REFUSALS", "UNLISTED", "CALLS", "TOKENS", "SECONDS", "COST", "SILENT"]
    calls: int


class ModelChecked(Event, frozen=True):
    """In the house's record: a model was asked the two hundred prompts; only one that passed is used.

    Attributes:
        golden_sha256: of the prompts.
        agreed, need, distance: as guide/drift.py has them.
    """

    model: str
    golden_sha256: Sha256Hex
    agreed: float
    need: float
    distance: float
    actions: dict[str, int]
    refused: dict[str, int]
    verdict: Literal["passed", "failed"]
