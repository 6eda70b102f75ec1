"""In which words does the guide speak? One language's fixed texts as data; nothing else of it ever reaches anybody.

A text may hold one quotation of the person's own words at {quote}, and nothing else that is filled in.
"""

from typing import Literal, get_args

from msgspec import Struct

Question = Literal[
    "anything_else",
    "around",
    "before",
    "after",
    "felt_like",
    "who_was_there",
    "how_it_began",
    "how_it_ended",
    "like_to_add",
    "like_to_dream",
    "draws_you",
    "see_first",
    "hear_there",
    "dream_sign",
    "what_for",
    "who_for",
    "what_if_it_wakes",
    "how_will_you_know",
]
"""Every question there is."""
QUESTIONS: tuple[Question, ...] = get_args(Question)


class Asked(Struct, frozen=True):
    """One question: as it is asked by itself, and about something that the person said."""

    plain: str
    about: str


class EveningWords(Struct, frozen=True, kw_only=True):
    """What is said in the evening, in order (guide/evening.py).

    Attributes:
        go_on, done, leave_out, yes, no, enough, good_night, back: on buttons and links.
        wish_phrase: a wish as a sentence for the night.
        openings: how people begin a wish, left out of that sentence; longest first.
        resolution: said to oneself at the end of the rehearsal.
    """

    greeting: str
    wish: str
    draws: str
    picture: str
    phrase: str
    change: str
    practise: str
    past: str
    sign: str
    sign_again: str
    rehearse: str
    rehearse_plain: str
    resolve: str
    waking: str
    close: str
    go_on: str
    done: str
    leave_out: str
    yes: str
    no: str
    enough: str
    good_night: str
    back: str
    wish_phrase: str
    openings: tuple[str, ...]
    resolution: str


class Wording(Struct, frozen=True, kw_only=True):
    """Everything the guide can say in one language."""

    code: str
    machine: str
    asked: dict[Question, Asked]
    reflected: str
    drafted: str
    tag: str
    phrase: str
    stop: str
    human: str
    human_named: str
    resources: str
    saved: str
    end: str
    all_right: str
    yes_fine: str
    want_to_talk: str
    emergency: str
    expired: str
    evening: EveningWords

    def texts(self) -> tuple[str, ...]:
        """All of them, for whoever looks through what may be said."""
        own = tuple(value for name in self.__struct_fields__ if isinstance(value := getattr(self, name), str))
        said = (getattr(self.evening, name) for name in self.evening.__struct_fields__)
        evening = tuple(text for text in said if isinstance(text, str))
        return (*own, *(text for each in self.asked.values() for text in (each.plain, each.about)), *evening)
