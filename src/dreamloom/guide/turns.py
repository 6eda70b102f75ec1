"""What was said to a sleeper, and what did they answer? A turn of a talk, as its page or its terminal holds it."""

from msgspec import Struct

from dreamloom.guide.saying import Utterance
from dreamloom.guide.wording import Wording


class Turn(Struct, frozen=True, kw_only=True):
    """One thing that was said to a sleeper, and what they answered."""

    action: str
    question: str = ""
    about: str = ""
    text: str = ""
    answer: str = ""


def as_turn(said: Utterance, words: Wording) -> Turn:
    """What was said as a turn that is still to be answered, with the passage of theirs that it is about."""
    question, quote = "", said.quotes[0] if said.quotes else ""
    if said.action == "ask":
        shapes = ((name, each.about if said.quotes else each.plain) for name, each in words.asked.items())
        question = next((name for name, shape in shapes if shape.replace("{quote}", quote) == said.text), "")
    is_about = bool(question) or said.action == "propose_incubation_phrase"
    return Turn(action=said.action, question=question, about=quote if is_about else "", text=said.text)
