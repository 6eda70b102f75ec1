"""What would a good listener ask somebody who writes a dreamscape? Questions from what was found, and what is missing.

It asks for reasons and never for words to be put into a sleeper's ear; what it proposes is a tag of our own vocabulary.
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from dreamloom.dreamscape.findings import Finding
from dreamloom.dreamscape.model import Dreamscape, parts_of
from dreamloom.dreamscape.tags import TAGS

MOST = 7
"""Asked at once: more are a form. Ours."""


class Raised(Struct, frozen=True, kw_only=True):
    """One question to an author.

    Attributes:
        about: the code of the finding it comes from, or what is missing.
        line: of the text; 0 for all of it.
        why: what the question is for.
    """

    about: str
    line: int
    text: str
    why: str


OPEN = "What did you want to happen here?"
OF_FINDINGS: dict[str, tuple[str, str]] = {
    "E380": (
        "If somebody asked you at the bedside what this night is for, what would you say in one sentence?",
        "A sleeper agrees to a purpose, not to a file.",
    ),
    "E381": (
        "Who might want to keep away from this, and by which word would they know?",
        "Tags are how sleepers and councils limit what they are exposed to.",
    ),
    "E382": (
        "What happens in the second after a sound stirs somebody?",
        "A cue that wakes must end itself.",
    ),
    "E383": (
        "After how many awakenings is it enough for one night?",
        "Sleep comes before every theme.",
    ),
    "E396": (
        "Why should the first sound of the night be as loud as the last?",
        "A ramp lets a sleeper's own level be found from below.",
    ),
}
"""What to ask, and what for, by the code of a finding without its "DL-"."""
Missing = tuple[str, Callable[[Dreamscape], bool], str, str]
MISSING: tuple[Missing, ...] = (
    (
        "arms",
        lambda it: not it.arms and bool([*parts_of(it), *it.relays, *it.dialogues]),
        "How will you know in the morning that it was the sound, and not the night?",
        "Without an arm that stays silent nobody can tell.",
    ),
    (
        "source",
        lambda it: not it.source,
        "Where does this come from: something you read, something you tried, a thought of your own?",
        "A reader trusts numbers more when they know whose they are.",
    ),
    (
        "report",
        lambda it: not any(each.report for each in it.awakenings),
        "What will be asked on waking, and in which words?",
        "A question that is the same every night tells nobody what to have dreamt.",
    ),
    (
        "training",
        lambda it: not it.training and any(cue.say for cue in it.cues.values()),
        "Where does a sleeper hear these words awake, before they hear them asleep?",
        "Words agreed to are words that were heard.",
    ),
    (
        "groups",
        lambda it: "group" in it.tags and not it.groups and not it.relays,
        "Who belongs together in this night, and from how many on?",
        "A night for several says who they are to each other.",
    ),
)
SHOWN_BY: tuple[tuple[str, Callable[[Dreamscape], bool]], ...] = (
    ("speech", lambda it: any(cue.kind == "speech" for cue in it.cues.values())),
    ("own_voice", lambda it: any(cue.voice == "own recording" for cue in it.cues.values())),
    ("light", lambda it: any(cue.kind == "light" for cue in it.cues.values())),
    ("flashing", lambda it: any(cue.kind == "light" and cue.pulse_hz for cue in it.cues.values())),
    ("vibration", lambda it: any(cue.kind == "vibration" for cue in it.cues.values())),
    ("awakenings", lambda it: bool(it.awakenings)),
    ("training", lambda it: bool(it.training)),
    ("dialogue", lambda it: bool(it.dialogues)),
    ("relay", lambda it: bool(it.relays)),
    ("group", lambda it: bool(it.groups or it.relays)),
    ("phase", lambda it: any(part.phase for _, part in parts_of(it))),
)
"""What a dreamscape does, and the tag that says so."""


def questions(dreamscape: Dreamscape | None, findings: Sequence[Finding]) -> tuple[Raised, ...]:
    """What to ask about this text, errors first; of a text that cannot be read yet, what its findings raise."""
    graver = sorted(findings, key=lambda each: each.severity != "error")
    raised = [*map(_of_finding, graver), *(_of_missing(dreamscape) if dreamscape else ())]
    return tuple({each.text: each for each in raised}.values())[:MOST]


def tags_to_propose(dreamscape: Dreamscape) -> tuple[str, ...]:
    """Tags that say what it does and that it does not bear yet."""
    return tuple(
        tag for tag, is_shown in SHOWN_BY if tag in TAGS and tag not in dreamscape.tags and is_shown(dreamscape)
    )


def _of_finding(found: Finding) -> Raised:
    line = found.where.line if found.where else 0
    text, why = OF_FINDINGS.get(found.code.removeprefix("DL-"), (OPEN, found.text))
    if text == OPEN and line:
        text = f"Line {line}: what did you want to happen here?"
    return Raised(about=found.code, line=line, text=text, why=why)


def _of_missing(dreamscape: Dreamscape) -> Iterator[Raised]:
    for about, is_missing, text, why in MISSING:
        if is_missing(dreamscape):
            yield Raised(about=about, line=0, text=text, why=why)
