"""What does a text say, as far as it is written? Everything an author is told of it at once, whole or half done."""

from typing import Literal

from msgspec import Struct

from dreamloom.dreamscape import checker, reader
from dreamloom.dreamscape.explain import explain, tags_said
from dreamloom.dreamscape.model import Dreamscape
from dreamloom.dreamscape.not_yet import not_yet
from dreamloom.dreamscape.obeyed import obeyed_awakenings, obeyed_dialogues, obeyed_parts, obeyed_relays
from dreamloom.dreamscape.slots import dialogue_slot, relay_slot
from dreamloom.gallery.dreamscape_map import dreamscape_map, map_table
from dreamloom.guide import architect
from dreamloom.guide.architect import Raised
from dreamloom.vocabulary.errors import ConfigError, Where

Plays = Literal["plays", "plays no cue", "cannot be played"]
MOST_TOLD = 100
"""So many findings are told at once; the rest can wait for the next try. Ours."""


class Said(Struct, frozen=True, kw_only=True):
    """One thing that is said of one place in the text, both counted from 1."""

    severity: Literal["error", "warning", "later"]
    line: int
    column: int
    code: str
    text: str


class Looked(Struct, frozen=True, kw_only=True):
    """What a text says.

    Attributes:
        sha256: of the text as it stands; "" where it cannot be written as UTF-8.
        name: what it calls itself; "" while nobody can tell.
        findings: in the order of the text, what is not obeyed yet among them.
        sentences: what a night of it does; none while it cannot be read.
        questions: what a good listener would ask its author; earned: tags that it does not bear yet.
        map, map_table: of its scenes and steps, as SVG in the colours of its page and as a table; "" while it cannot be
            read.
    """

    sha256: str
    name: str
    plays: Plays
    findings: tuple[Said, ...]
    sentences: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    questions: tuple[Raised, ...] = ()
    earned: tuple[str, ...] = ()
    map: str = ""
    map_table: str = ""

    @property
    def errors(self) -> int:
        """So many things with which a night must not run."""
        return sum(found.severity == "error" for found in self.findings)


def look(text: str, *, file: str) -> Looked:
    """The same words as `check` and `explain` have for it, without raising; `file` is only used to name places."""
    dreamscape, problems = reader.read_as_far_as_it_goes(text, file=file)
    if dreamscape is None:
        found = tuple(map(_problem, problems[:MOST_TOLD]))
        return Looked(sha256=_sha256(text), name="", plays="cannot be played", findings=found)
    findings = checker.check(dreamscape)
    said = [_said(each.severity, each.where, each.code, each.text) for each in findings]
    said += [_said("later", each.where, "", f"Accepted, not yet obeyed: {each.text}") for each in not_yet(dreamscape)]
    return Looked(
        sha256=_sha256(text),
        name=dreamscape.name,
        plays=_plays(dreamscape, errors=any(each.severity == "error" for each in said)),
        findings=tuple(sorted(said[:MOST_TOLD], key=lambda each: (each.line, each.column))),
        sentences=tuple(explain(dreamscape)),
        tags=tuple(tags_said(dreamscape)),
        questions=architect.questions(dreamscape, findings),
        earned=architect.tags_to_propose(dreamscape),
        map=dreamscape_map(dreamscape, alone=False),
        map_table=map_table(dreamscape),
    )


def played(dreamscape: Dreamscape) -> list[int]:
    """The numbers of everything that plays: parts, relays, questions."""
    carried, asked = obeyed_relays(dreamscape), obeyed_dialogues(dreamscape)
    return [*obeyed_parts(dreamscape), *map(relay_slot, carried), *map(dialogue_slot, asked)]


def _plays(dreamscape: Dreamscape, *, errors: bool) -> Plays:
    if errors:
        return "cannot be played"
    return "plays" if played(dreamscape) or obeyed_awakenings(dreamscape) else "plays no cue"


def _said(severity: Literal["error", "warning", "later"], where: Where | None, code: str, text: str) -> Said:
    line, column = (where.line, where.column) if where else (1, 1)
    return Said(severity=severity, line=line, column=column, code=code, text=text)


def _problem(problem: ConfigError) -> Said:
    words = " ".join(part for part in (problem.what, problem.why, problem.do) if part)
    return _said("error", problem.where, problem.code, words)


def _sha256(text: str) -> str:
    try:
        return reader.sha256(text)
    except UnicodeEncodeError:  # half a character; the findings name its place
        return ""
