"""Which questions does a morning have, and what is an answer to each? Texts of our own, free for everybody (CC0).

Nothing in them names a theme, a cue or a sound before the lock: a test reads each of them against whole dreamscapes.
The order follows what is known of recall: the free report first and by one neutral prompt, since every direct question
changes what is told (van der Heijden et al. 2024; Aspy et al. 2015).
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from dreamloom.vocabulary.errors import UsageError
from dreamloom.vocabulary.texts import Filled, filled

PROTOCOL = "interview 1"
"""Changes with every word of a question that comes before the lock: reports of two protocols are not compared."""
MOST_CHARACTERS = 12_000
"""About two thousand words. Ours."""
UNKNOWN = "unknown"
FieldKind = Literal["words", "line", "one", "some", "scale", "count"]
Answer = str | int | tuple[str, ...]
Answers = Mapping[str, Answer]


class Option(Struct, frozen=True):
    """One of several answers: what is kept, and what a person reads."""

    value: str
    label: str


class Field(Struct, frozen=True, kw_only=True):
    """One thing that is asked.

    Attributes:
        options: for one, or some, of several.
        most: of a scale or a count from 0; its ends are called by `ends`.
        must: it cannot be left open.
    """

    name: str
    label: str
    kind: FieldKind
    options: tuple[Option, ...] = ()
    most: int = 0
    ends: tuple[str, str] = ("", "")
    must: bool = False


class Question(Struct, frozen=True, kw_only=True):
    """One step of a morning: what is asked at once, and what its button says."""

    heading: str
    text: str
    fields: tuple[Field, ...]
    button: str = "Keep this"


RECALL = Field(
    name="recall",
    label="What is there?",
    kind="one",
    options=(
        Option("content", "I remember something."),
        Option("white", "I had a dream, and it is gone."),
        Option("none", "Nothing."),
    ),
    must=True,
)
TOLD = Field(name="text", label="Everything, in the order it happened", kind="words")
REPORT = Question(
    heading="Good morning",
    text="Stay as you lie for a moment. Tell everything that was going through your mind before you woke, "
    "in the order it happened. Pictures, words, moods, fragments: all of it counts. Nothing counts as well.",
    fields=(RECALL, TOLD),
)
MORE = Question(
    heading="It is kept",
    text="Is there anything else?",
    fields=(Field(name="text", label="Anything else", kind="words"),),
    button="Add this",
)
ENOUGH = "That is all"
FEELINGS = (
    Option("anger", "anger"),
    Option("apprehension", "fear or worry"),
    Option("sadness", "sadness"),
    Option("confusion", "confusion"),
    Option("happiness", "joy"),
)
"""The five of Hall and Van de Castle, in plain words."""
SENSES = tuple(
    Option(value, value) for value in ("seeing", "hearing", "touch", "smell", "taste", "movement", "warmth or cold")
)
PROBES = Question(
    heading="A few questions about it",
    text="Leave open what you do not know.",
    fields=(
        Field(name="feelings", label="What did you feel in it?", kind="some", options=FEELINGS),
        Field(name="people", label="Who was there?", kind="line"),
        Field(name="places", label="Where was it?", kind="line"),
        Field(name="senses", label="With which senses?", kind="some", options=SENSES),
        Field(
            name="lucid",
            label="Did you know while it went on that it was a dream?",
            kind="one",
            options=(
                Option("no", "no"),
                Option("moment", "for a moment"),
                Option("while", "for a while"),
                Option("most", "most of the time"),
            ),
        ),
        Field(name="strange", label="How strange was it?", kind="scale", most=4, ends=("as by day", "impossible")),
        Field(
            name="nightmare",
            label="Was it a bad one?",
            kind="one",
            options=(
                Option("no", "no"),
                Option("bad", "a bad dream"),
                Option("woke", "a nightmare that woke me"),
            ),
        ),
    ),
)
HEARD = Field(
    name="heard",
    label="Did you hear anything from outside while you slept?",
    kind="one",
    options=(Option("no", "no"), Option("unsure", "I am not sure"), Option("yes", "yes")),
    must=True,
)
SHARE = Question(
    heading="What may this report be used for?",
    text="It is yours, and private unless you say otherwise. You can change this at any time; "
    "what was made of it is then made again without it.",
    fields=(
        Field(
            name="scopes",
            label="It may be used",
            kind="some",
            options=(
                Option("statistics", "to count: whether dreams of this night were alike"),
                Option("weave", "in a shared story of those who slept, passage by passage"),
                Option("gallery", "to be shown to others, once a story of it is ratified"),
                Option("judges", "to be read without your name by judges, who guess what the night was about"),
            ),
        ),
    ),
    button="This is what I want",
)


def guess(themes: Sequence[str]) -> Question:
    """Which of several the night was about, asked before anybody says; without any, only what was heard."""
    if not themes:
        return Question(heading="One more", text="", fields=(HEARD,))
    asked = Field(
        name="guess",
        label="What do you think this night was about?",
        kind="one",
        options=(*(Option(theme, theme) for theme in themes), Option(UNKNOWN, "I don't know")),
        must=True,
    )
    sure = Field(name="sure", label="How sure are you?", kind="scale", most=4, ends=("a pure guess", "certain"))
    return Question(heading="A guess", text="Nobody expects you to know.", fields=(asked, sure, HEARD))


def answered(question: Question, form: Mapping[str, Sequence[str]]) -> dict[str, Answer]:
    """What a person answered, field by field; what was left open is left out.

    Raises:
        UsageError: DL-E620 for what is no answer, DL-E621 for what must be answered, DL-E622 for too long a text.
    """
    found: dict[str, Answer] = {}
    for field in question.fields:
        given = [value for value in form.get(field.name, ()) if value.strip()]
        if given:
            found[field.name] = _of(field, given)
        elif field.must:
            raise UsageError(
                "DL-E621",
                filled("This is still open: {label}", label=filled(field.label)),
                do="Choose one of the answers.",
            )
    return found


def _of(field: Field, given: Sequence[str]) -> Answer:
    if field.kind in {"words", "line"}:
        if len(given[0]) > MOST_CHARACTERS:
            raise UsageError(
                "DL-E622",
                filled(
                    "This has {count} characters, and at most {most} are kept.",
                    count=len(given[0]),
                    most=MOST_CHARACTERS,
                ),
                still="Nothing of it is lost: it is still where you wrote it.",
                do="Keep the first part, and add the rest when you are asked for anything else.",
            )
        return given[0].strip()
    if field.kind in {"scale", "count"}:
        short = given[0][: len(str(field.most)) + 1]
        if given[0] == short and short.isascii() and short.isdigit() and int(short) <= field.most:
            return int(short)
    elif set(given) <= {option.value for option in field.options}:
        chosen = tuple(option.value for option in field.options if option.value in given)
        if field.kind == "some":
            return chosen
        if len(chosen) == 1:
            return chosen[0]
    raise UsageError(
        "DL-E620",
        filled("{given} is no answer to: {label}", given=repr(", ".join(given)), label=filled(field.label)),
        do=_known(field),
    )


def _known(field: Field) -> Filled:
    if field.kind in {"scale", "count"}:
        return filled("Answer with a number from 0 to {most}.", most=field.most)
    return filled("Answer with {these}.", these=", ".join(option.value for option in field.options))
