"""What is told of a night? Passages in the dreamers' own words, joined by fixed words of ours, each with its source."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec
from msgspec import Struct

from dreamloom.vocabulary.chance import stream
from dreamloom.weave import joints
from dreamloom.weave.languages import stem as stem_of
from dreamloom.weave.passages import PHASES, Passage, passages
from dreamloom.weave.redaction import Proposal, redacted, within
from dreamloom.weave.reports import Report, allowed
from dreamloom.weave.threads import K, Thread, Woven, threads, woven
from dreamloom.weave.words import Span, sentences_of, words_of

Form = Literal["collage", "chorus", "timeline", "named collage", "kind page"]
FORMS: tuple[Form, ...] = ("collage", "chorus", "timeline")
FEWEST_UNNAMED = 8
"""Below so many dreamers nobody is hidden among the others: each passage is then agreed to, and named."""
MOST_NAMED_EACH = 3


class Cited(Struct, frozen=True, kw_only=True):
    """Where a passage comes from.

    Attributes:
        report: the hash of the locked report.
        start, end: its characters there.
        span_sha256: the hash of these characters.
        consent: the leaf hash of the consent that allows it.
        transform: verbatim, or redacted as its dreamer accepted.
        redactions: what stands instead, from which to which character of the span.
    """

    report: str
    start: int
    end: int
    span_sha256: str
    consent: str
    transform: Literal["verbatim", "redacted"]
    redactions: tuple[tuple[int, int, str], ...] = ()


class Piece(Struct, frozen=True, kw_only=True):
    """A passage with its source, or (without one) a joint of ours.

    Attributes:
        thread: of which thread; "" for none.
        by: who is named beside it, in a named collage.
    """

    text: str
    thread: str = ""
    source: Cited | None = None
    by: str = ""


class ThreadTold(Struct, frozen=True, kw_only=True):
    """A public thread: how many dreamers have it, and never who."""

    id: str
    motifs: tuple[str, ...]
    dreamers: int


class Weave(Struct, frozen=True, kw_only=True):
    """What was woven of a night; the same reports, consents and seed make the same bytes."""

    form: Form
    seed: int
    k: int
    reports: int
    threads: tuple[ThreadTold, ...]
    pieces: tuple[Piece, ...]

    @property
    def bytes(self) -> bytes:
        """Canonical JSON."""
        return msgspec.json.encode(self, order="sorted")

    @property
    def sha256(self) -> str:
        """By which it is known, ratified and withdrawn."""
        return hashlib.sha256(self.bytes).hexdigest()

    @property
    def text(self) -> str:
        """To be read."""
        return "\n".join(f"{piece.by}: {piece.text}" if piece.by else piece.text for piece in self.pieces)


class Wanted(Struct, frozen=True, kw_only=True):
    """How a weave is wanted, and what its dreamers agreed to.

    Attributes:
        accepted: by the hash of a report, what its dreamer accepted to be hidden.
        agreed: passages that their dreamers agreed to see under a name, as (report, start, end).
        names: by which name each dreamer is named.
    """

    form: Literal["collage", "chorus", "timeline"] = "collage"
    seed: int = 1
    k: int = K
    accepted: Mapping[str, tuple[Proposal, ...]] = {}
    agreed: frozenset[tuple[str, int, int]] = frozenset()
    names: Mapping[str, str] = {}


def weave(tonight: Sequence[Report], before: Sequence[Report], wanted: Wanted) -> Weave:
    """Weaves the reports that allow it.

    Args:
        tonight: the reports of the night.
        before: the dreamers' other mornings; read where they allow statistics or weaving, quoted never.
        wanted: the form, and what was agreed.

    Raises:
        ValueError: for a k below 3.
    """
    if wanted.k < K:
        raise ValueError(f"A thread of {wanted.k} dreamers would tell who they are.")
    found = woven(tonight)
    if _are_few(found):
        return _named(found, wanted)
    usual = [each for each in before if each.scopes & {"statistics", "weave"}]
    told = _once([(thread, passages(thread, found)) for thread in threads(found, usual, k=wanted.k).public], wanted.k)
    if not told:
        return _kind_page(found, wanted)
    return Weave(
        form=wanted.form,
        seed=wanted.seed,
        k=wanted.k,
        reports=len(found),
        threads=tuple(
            ThreadTold(id=thread.id, motifs=_as_told(thread, own), dreamers=len(thread.weights)) for thread, own in told
        ),
        pieces=tuple(_formed(told, wanted)),
    )


def _as_told(thread: Thread, own: Sequence[Passage]) -> tuple[str, ...]:
    """The thread's motifs by the words that its passages use, so that no name of a thread tells more than they do."""
    told = Counter(word.text for each in own for word in words_of(each.said))
    forms = {stem: [word for word in told if stem_of(word) == stem] for stem in thread.motifs}
    return tuple(min(found, key=lambda word: (-told[word], word)) for found in forms.values() if found)


def _once(told: Sequence[tuple[Thread, list[Passage]]], k: int) -> list[tuple[Thread, list[Passage]]]:
    """A sentence is told in one thread only; a thread that then has too few dreamers is none."""
    used: set[tuple[str, Span]] = set()
    kept = []
    for thread, own in told:
        fresh = _shared_out([each for each in own if (each.report, each.span) not in used])
        if len({each.dreamer for each in fresh}) >= k:
            kept.append((thread, fresh))
            used |= {(each.report, each.span) for each in fresh}
    return kept


def _shared_out(own: list[Passage]) -> list[Passage]:
    """Without the later passages of whoever has more than a third of them."""
    kept = list(own)
    for each in reversed(own):
        if 3 * sum(one.dreamer == each.dreamer for one in kept) > max(3, len(kept)):
            kept.remove(each)
    return kept


def _formed(told: Sequence[tuple[Thread, list[Passage]]], wanted: Wanted) -> list[Piece]:
    chance = stream(wanted.seed, "joints", wanted.form)

    def joint(kind: str, thread: str = "") -> Piece:
        choices = joints.JOINTS[kind]
        return Piece(text=choices[int(chance.integers(len(choices)))], thread=thread)

    pieces = [joint(f"{wanted.form} opens")]
    if wanted.form == "collage":
        for number, (thread, own) in enumerate(told):
            if number:
                pieces.append(joint("another thread", thread.id))
            pieces += _alternating(own, thread.id, joint, wanted)
    else:
        for phase in PHASES:
            now = [(thread, each) for thread, own in told for each in own if each.phase == phase]
            if not now:
                continue
            pieces.append(joint(phase if wanted.form == "timeline" else "refrain"))
            now.sort(key=lambda pair: (pair[1].at, pair[1].report, pair[1].span.start))
            pieces += [_passage(each, thread.id, wanted) for thread, each in now]
    return [*pieces, joint(f"{wanted.form} closes")]


def _alternating(
    own: Sequence[Passage], thread: str, joint: Callable[[str, str], Piece], wanted: Wanted
) -> list[Piece]:
    pieces: list[Piece] = []
    last = ""
    for each in own:
        if last and each.dreamer != last:
            pieces.append(joint("another dreamer", thread))
        pieces.append(_passage(each, thread, wanted))
        last = each.dreamer
    return pieces


def _passage(each: Passage, thread: str, wanted: Wanted, *, by: str = "") -> Piece:
    hidden = within(wanted.accepted.get(each.report, ()), each.span.start, each.span.end)
    return Piece(
        text=redacted(each.said, hidden),
        thread=thread,
        by=by,
        source=Cited(
            report=each.report,
            start=each.span.start,
            end=each.span.end,
            span_sha256=hashlib.sha256(each.said.encode()).hexdigest(),
            consent=each.consent,
            transform="redacted" if hidden else "verbatim",
            redactions=tuple((one.start, one.end, one.instead) for one in hidden),
        ),
    )


def _named(found: Sequence[Woven], wanted: Wanted) -> Weave:
    """Of few dreamers: only what each agreed to, sentence by sentence, under the name they chose."""
    pieces: list[Piece] = []
    for each in found:
        name = wanted.names.get(each.report.dreamer, "")
        agreed = [
            span for span in sentences_of(each.report.text) if (each.report.sha256, *span) in wanted.agreed and name
        ]
        pieces += [_passage(_plain(each, span), "", wanted, by=name) for span in agreed[:MOST_NAMED_EACH]]
    if not pieces:
        return _kind_page(found, wanted)
    opened, closed = joints.JOINTS["named collage opens"][0], joints.JOINTS["named collage closes"][0]
    return Weave(
        form="named collage",
        seed=wanted.seed,
        k=wanted.k,
        reports=len(found),
        threads=(),
        pieces=(Piece(text=opened), *pieces, Piece(text=closed)),
    )


def _plain(each: Woven, span: Span) -> Passage:
    return Passage(
        dreamer=each.report.dreamer,
        report=each.report.sha256,
        consent=each.report.consent,
        span=span,
        said=each.report.text[span.start : span.end],
        at=0.0,
        holds=0.0,
        stems=frozenset(),
    )


def _are_few(found: Sequence[Woven]) -> bool:
    """Dreamers, not reports: whoever woke three times hides nobody."""
    return len({each.report.dreamer for each in found}) < FEWEST_UNNAMED


def is_of_few(told: Weave) -> bool:
    """Whether a weave is of so few dreamers that each is asked sentence by sentence."""
    return told.form == "named collage" or (
        told.form == "kind page" and told.pieces[0].text != joints.JOINTS["no thread"][0]
    )


def _kind_page(found: Sequence[Woven], wanted: Wanted) -> Weave:
    kind = "nothing told" if not found else "little told" if _are_few(found) else "no thread"
    return Weave(
        form="kind page",
        seed=wanted.seed,
        k=wanted.k,
        reports=len(found),
        threads=(),
        pieces=tuple(Piece(text=line) for line in joints.JOINTS[kind]),
    )


class Rebuilt(Struct, frozen=True, kw_only=True):
    """What stands after a withdrawal: the old weave is known by its hash alone."""

    gone_sha256: str
    weave: Weave


def rebuilt(old: Weave, tonight: Sequence[Report], before: Sequence[Report], wanted: Wanted) -> Rebuilt:
    """Weaves anew from what may still be woven; nothing of the old one is patched."""
    return Rebuilt(gone_sha256=old.sha256, weave=weave(tonight, before, wanted))


def public(told: Weave, ratified: frozenset[str]) -> Weave:
    """Only what its dreamers ratified, thread by thread; joints stand beside passages only."""
    kept = tuple(
        piece for piece in told.pieces if (piece.source is None and not piece.thread) or piece.thread in ratified
    )
    return msgspec.structs.replace(
        told, threads=tuple(each for each in told.threads if each.id in ratified), pieces=kept
    )


def uncited(told: Weave, reports: Sequence[Report]) -> list[str]:
    """Whatever in a weave is neither a joint of ours nor what its cited span says, as far as that was hidden."""
    texts = {each.sha256: each.text for each in allowed(reports, "weave")}
    wrong = []
    for piece in told.pieces:
        if piece.source is None:
            if piece.text not in joints.EVERY:
                wrong.append(piece.text)
            continue
        said = texts.get(piece.source.report, "")[piece.source.start : piece.source.end]
        hidden = [
            Proposal(start=start, end=end, said="", instead=instead, why="your own list")
            for start, end, instead in piece.source.redactions
        ]
        right = hashlib.sha256(said.encode()).hexdigest() == piece.source.span_sha256
        if not said or not right or redacted(said, hidden) != piece.text:
            wrong.append(piece.text)
    return wrong


def words_by_dreamer(told: Weave, reports: Sequence[Report]) -> dict[str, int]:
    """How many words of a weave are whose."""
    dreamers = {each.sha256: each.dreamer for each in reports}
    found: dict[str, int] = {}
    for piece in told.pieces:
        if piece.source is not None:
            dreamer = dreamers[piece.source.report]
            found[dreamer] = found.get(dreamer, 0) + len(words_of(piece.text))
    return found
