"""What does one dreamer see of a night's story? Every passage, which are theirs, what they may decide, what is open."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from dreamloom.guide.passages import Wording
from dreamloom.house import circles, dreams_met, machine_wordings, mornings, next_theme, told_reports, weaving
from dreamloom.house.circles import Entry
from dreamloom.house.dreams_met import Asked
from dreamloom.house.layout import NightFolder
from dreamloom.house.weaving import Agreed, Standing
from dreamloom.vocabulary.errors import DreamloomError
from dreamloom.vocabulary.texts import Say, in_english
from dreamloom.weave.chance.findings import Findings
from dreamloom.weave.chance.verdicts import sentences
from dreamloom.weave.narrative import is_of_few
from dreamloom.weave.redaction import Proposal, proposals
from dreamloom.weave.words import sentences_of


class Line(Struct, frozen=True, kw_only=True):
    """A passage or a joint, with what the circle says behind it.

    Attributes:
        place: by which a bridge names it; "" for a joint.
        machine: how a machine words it, and machine_by which one; "" for none.
        is_open: nothing leads over to the next passage.
    """

    text: str
    by: str
    thread: str
    place: str
    is_mine: bool
    is_open: bool
    said: tuple[Entry, ...]
    machine: str = ""
    machine_by: str = ""


class ThreadShown(Struct, frozen=True, kw_only=True):
    """A thread, or with no id a whole collage, and whether it may be shown to others.

    Attributes:
        is_signed: this sleeper signed it as a theme of a next night; unsigned: how many who speak in it have not.
    """

    id: str
    sha256: str
    motifs: tuple[str, ...]
    dreamers: int
    is_ratified: bool
    waits_for: int
    is_mine: bool
    vote: str
    is_signed: bool
    unsigned: int


class Sentence(Struct, frozen=True, kw_only=True):
    """A sentence of the own report, and whether it may be told under a name."""

    start: int
    end: int
    text: str
    is_chosen: bool


class Hidden(Struct, frozen=True, kw_only=True):
    """Something that could tell who dreamt it, and whether its dreamer accepted to have it hidden."""

    proposal: Proposal
    is_accepted: bool


class Own(Struct, frozen=True, kw_only=True):
    """What a dreamer decides of their own report."""

    report: str
    name: str
    sentences: tuple[Sentence, ...]
    hidden: tuple[Hidden, ...]
    is_woven: bool


class Met(Struct, frozen=True, kw_only=True):
    """Whether the dreams met.

    Attributes:
        findings: every answer; None where no test could be made.
        said: the answers in sentences; or why there are none.
    """

    findings: Findings | None
    said: tuple[tuple[str, ...], ...]


class Story(Struct, frozen=True, kw_only=True):
    """A night's story for one pair of eyes.

    Attributes:
        own: None for somebody who dreamt nothing in it.
        answers: entries that answer others, by the entry they answer.
        open_before, open_now: of all seams, the share nobody could walk over, before the circle and now.
        machines: which ones worded passages of it.
        met: what the tests say. None where nobody asked.
    """

    night: str
    form: str
    sha256: str
    reports: int
    are_few: bool
    lines: tuple[Line, ...]
    threads: tuple[ThreadShown, ...]
    own: Own | None
    answers: dict[str, tuple[Entry, ...]]
    seams: int
    open_before: int
    open_now: int
    met: Met | None
    machines: tuple[str, ...] = ()


def story(
    folder: NightFolder, sleeper: str = "", *, form: str = "collage", is_tested: bool = False, say: Say = in_english
) -> Story:
    """The story as this sleeper may see it; without one as somebody who looks after the night: what is ratified alone.

    What was not ratified, and what is said in the circle, stays among those who slept.

    Args:
        folder: the night.
        sleeper: for whom; "" for somebody who looks after it.
        form: of the weave.
        is_tested: whether the tests of convergence are made too, which takes a moment.
        say: how their answers are said.

    Raises:
        RefusedError: DL-E755 while reports of the night are still to be told.
    """
    found = weaving.standing(folder, form=form)
    said = circles.said(folder)
    wordings = machine_wordings.wordings(folder, found) if sleeper else {}
    seams = circles.seams(found, said)
    is_open = {each.after: each.is_open for each in seams}
    answers: dict[str, list[Entry]] = {}
    for each in said:
        if each.manner == "answer":
            answers.setdefault(each.after, []).append(each)
    return Story(
        night=folder.name,
        form=found.weave.form,
        sha256=found.weave.sha256,
        reports=found.weave.reports,
        are_few=is_of_few(found.weave),
        lines=tuple(_worded(_lines(found, sleeper, said=said if sleeper else (), is_open=is_open), wordings)),
        threads=tuple(_threads(folder, found, sleeper)),
        own=_own(folder, sleeper) if sleeper else None,
        answers={entry: tuple(each) for entry, each in answers.items()} if sleeper else {},
        seams=len(seams),
        open_before=sum(each.is_open for each in circles.seams(found, ())),
        open_now=sum(each.is_open for each in seams),
        met=_met(folder, say) if is_tested else None,
        machines=tuple(sorted({each.contributor for each in wordings.values()})),
    )


def proposed(folder: NightFolder, report: str, numbers: Sequence[int]) -> tuple[Proposal, ...]:
    """The proposals of a report by their places in the list that was shown."""
    known = proposals(told_reports.text_of(folder.house, report))
    return tuple(known[number] for number in numbers if 0 <= number < len(known))


def _lines(found: Standing, sleeper: str, *, said: Sequence[Entry], is_open: dict[str, bool]) -> list[Line]:
    bridges: dict[str, list[Entry]] = {}
    for each in said:
        if each.manner == "bridge":
            bridges.setdefault(each.after, []).append(each)
    lines = []
    for piece in (found.weave if sleeper else found.public).pieces:
        place = circles.key(piece)
        lines.append(
            Line(
                text=piece.text,
                by=piece.by,
                thread=piece.thread,
                place=place,
                is_mine=bool(sleeper) and found.speaker(piece) == sleeper,
                is_open=is_open.get(place, False),
                said=tuple(bridges.get(place, ())),
            )
        )
    return lines


def _worded(lines: Sequence[Line], wordings: Mapping[str, Wording]) -> list[Line]:
    return [
        replace(line, machine=wordings[line.place].text, machine_by=wordings[line.place].contributor)
        if line.place in wordings
        else line
        for line in lines
    ]


def _threads(folder: NightFolder, found: Standing, sleeper: str) -> list[ThreadShown]:
    told = {each.id: each for each in found.weave.threads}
    signed = {name: next_theme.signed(folder, found, name) for name in found.threads}
    return [
        ThreadShown(
            id=name,
            sha256=sha256,
            motifs=told[name].motifs if name in told else (),
            dreamers=told[name].dreamers if name in told else len(found.speakers),
            is_ratified=name in found.ratified,
            waits_for=found.waits_for[name],
            is_mine=sleeper in found.speakers_in(name),
            vote=found.vote(sleeper, name),
            is_signed=sleeper in signed[name].by,
            unsigned=signed[name].waits_for,
        )
        for name, sha256 in found.threads.items()
        if sleeper or name in found.ratified
    ]


def _own(folder: NightFolder, sleeper: str) -> Own | None:
    state = mornings.morning_of(folder.house, sleeper, folder.name)
    if not state.is_locked:
        return None
    text = told_reports.text_of(folder.house, state.report)
    decided: Agreed = weaving.agreed(folder.house, state.report)
    accepted = {(each.start, each.end) for each in decided.hidden}
    return Own(
        report=state.report,
        name=decided.name,
        sentences=tuple(
            Sentence(start=start, end=end, text=text[start:end], is_chosen=(start, end) in decided.passages)
            for start, end in sentences_of(text)
        ),
        hidden=tuple(Hidden(proposal=each, is_accepted=(each.start, each.end) in accepted) for each in proposals(text)),
        is_woven="weave" in (state.shared or ()),
    )


def _met(folder: NightFolder, say: Say) -> Met:
    try:
        found = dreams_met.findings(Asked(source=str(folder.root)), say=say)
    except DreamloomError as error:
        told = error.said(say)
        return Met(findings=None, said=((told.what, told.why),))
    answers = [tuple(sentences(each, had_control=found.had_control, say=say)) for each in found.tests]
    refused = [(f"{each.why} {each.do}".strip(),) for each in found.refused[:1]]
    return Met(findings=found if answers else None, said=tuple(answers or refused))
