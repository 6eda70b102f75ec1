"""What is woven of a night as it stands now? Made anew of what its dreamers allow, known in the record by its hash.

No text of a weave is kept: the same reports, consents and seed make the same bytes, and what was taken back is in none.
"""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dreamloom.adapters.keys import FolderVault
from dreamloom.adapters.sqlite_reader import read_only
from dreamloom.house import mornings, told_reports
from dreamloom.house.house_record import tell_if
from dreamloom.house.house_seals import opened, sealing
from dreamloom.house.layout import House, NightFolder
from dreamloom.record.events import AnyEvent
from dreamloom.record.morning_events import PassagesAgreed, ThreadRatified, WeaveMade
from dreamloom.vocabulary.errors import RefusedError, UsageError
from dreamloom.vocabulary.texts import filled
from dreamloom.weave.narrative import FORMS, Form, Piece, Wanted, Weave, public, weave
from dreamloom.weave.redaction import Proposal
from dreamloom.weave.reports import Report
from dreamloom.weave.threads import K
from dreamloom.weave.words import sentences_of

WHOLE = ""
"""A collage of few dreamers has no threads: it is ratified as one, by everybody who is named in it."""


class Agreed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a dreamer decided of their report.

    Attributes:
        hidden: what stands instead of what, as they accepted it.
        passages: [start, end) of what may be told under their name, where few dreamt.
        name: under which; "" for none.
    """

    hidden: tuple[Proposal, ...] = ()
    passages: tuple[tuple[int, int], ...] = ()
    name: str = ""


class Standing(Struct, frozen=True, kw_only=True):
    """The weave of a night as it stands.

    Attributes:
        threads: by its id, the hash by which each thread is ratified.
        dreamers: by the hash of a report, whose it is; for that person's own page alone.
        votes: by thread hash and sleeper, what they said last.
        ratified: ids of those that all who speak in them said yes to, or let pass.
        waits_for: by thread, how many of its dreamers have not said anything.
    """

    night: str
    weave: Weave
    threads: Mapping[str, str]
    dreamers: Mapping[str, str]
    votes: Mapping[tuple[str, str], str]
    ratified: frozenset[str]
    waits_for: Mapping[str, int]

    @property
    def public(self) -> Weave:
        """What may be shown to others: ratified threads alone."""
        return public(self.weave, self.ratified)

    @property
    def speakers(self) -> list[str]:
        """Everybody who has a passage in this weave."""
        return sorted({self.speaker(piece) for piece in self.weave.pieces} - {""})

    def speaker(self, piece: Piece) -> str:
        """Whose words a passage is; "" for a joint of ours."""
        return "" if piece.source is None else self.dreamers.get(piece.source.report, "")

    def speakers_in(self, thread: str) -> frozenset[str]:
        """Whose words a thread is made of."""
        told = (self.speaker(piece) for piece in self.weave.pieces if piece.thread == thread)
        return frozenset(told) - {""}

    def vote(self, sleeper: str, thread: str) -> str:
        """What this sleeper said of a thread, as its words stand; "" for nothing."""
        return self.votes.get((self.threads[thread], sleeper), "")


def standing(folder: NightFolder, *, form: str = "collage", seed: int = 1) -> Standing:
    """Weaves the night, and notes in the house's record that it did where this is another weave than before.

    Raises:
        UsageError: DL-E754 for a form there is none of.
        RefusedError: DL-E755 while reports of the night are still to be told.
    """
    wanted_form = _form(form)
    if not mornings.may_reveal(folder.house, folder):
        raise RefusedError(
            "DL-E755",
            filled("Reports of {night} are still to be told.", night=repr(folder.name)),
            why="What is known of a night before its last report is locked could colour that report.",
            still="What was told so far is kept.",
            do="Wait until all are locked, or until eight hours after the night.",
        )
    reports = told_reports.reports(folder.house)
    tonight = [each for each in reports if each.night == folder.name]
    before = [each for each in reports if each.night != folder.name]
    made = weave(tonight, before, _wanted(folder, wanted_form, seed, tonight))
    _tell(folder, made, wanted_form)
    names = [WHOLE] if made.form == "named collage" else [each.id for each in made.threads]
    votes = _votes(mornings.events_of(folder.house), folder.name)
    unheard = Standing(
        night=folder.name,
        weave=made,
        threads={name: _thread_sha256(made, name) for name in names},
        dreamers={each.sha256: each.dreamer for each in tonight},
        votes={(each.thread_sha256, each.sleeper): each.says for each in votes},
        ratified=frozenset(),
        waits_for={},
    )
    return _heard(unheard)


def agreed(house: House, report: str) -> Agreed:
    """What its dreamer decided of this report; nothing hidden and nothing named where they did not."""
    return _agreed_of(house).get(report, Agreed())


def agree(house: House, report: str, decided: Agreed) -> None:
    """Keeps what a dreamer decided, sealed; whatever is woven from here on obeys it.

    Raises:
        UsageError: DL-E756 for passages that are no sentences of the report.
        RefusedError: before its lock.
    """
    text = told_reports.text_of(house, report)
    spans = {tuple(span) for span in sentences_of(text)}
    if not set(decided.passages) <= spans or any(
        not 0 <= each.start < each.end <= len(text) for each in decided.hidden
    ):
        raise UsageError("DL-E756", "These are no passages of this report.", do="Choose among its sentences.")
    sleeper = mornings.sleeper_of(house, report)

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        known = mornings.locked_in(events, report)
        return PassagesAgreed(onset_s=0.0, report=report, sleeper=known.sleeper, night=known.night, answers=None)

    tell_if(house, decide, seal=sealing(sleeper, msgspec.json.encode(decided), "answers"))


def ratify(folder: NightFolder, sleeper: str, thread_sha256: str, says: str) -> None:
    """Notes whether a thread speaks for this sleeper.

    Raises:
        UsageError: DL-E757 for another word, DL-E758 for a thread in which they have no passage.
    """
    if says not in {"yes", "no", "pass"}:
        raise UsageError("DL-E757", filled("{given} is no answer.", given=repr(says)), do="Say yes, no or pass.")
    found = standing(folder)
    thread = next((name for name, sha256 in found.threads.items() if sha256 == thread_sha256), None)
    if thread is None or sleeper not in found.speakers_in(thread):
        raise UsageError(
            "DL-E758",
            "This thread is none of yours, or it was woven anew.",
            why="Whoever speaks in a thread ratifies it, in the words in which it stands.",
            do="Look at the story as it stands now.",
        )
    word = ThreadRatified(onset_s=0.0, night=folder.name, sleeper=sleeper, thread_sha256=thread_sha256, says=says)  # type: ignore[arg-type]  # one of the three

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        mine = [
            each
            for each in _votes(events, folder.name)
            if (each.sleeper, each.thread_sha256) == (sleeper, thread_sha256)
        ]
        return None if mine and mine[-1].says == says else word

    tell_if(folder.house, decide)


def reports_of(folder: NightFolder) -> list[Report]:
    """The reports of this night."""
    return [each for each in told_reports.reports(folder.house) if each.night == folder.name]


def _wanted(folder: NightFolder, form: Form, seed: int, tonight: Sequence[Report]) -> Wanted:
    names = told_reports.locks(folder.house, folder.name)
    decided = _agreed_of(folder.house)
    by_hash = {each.sha256: decided.get(names.get(each.sha256, ""), Agreed()) for each in tonight}
    return Wanted(
        form=form,  # type: ignore[arg-type]  # one of the three that can be wanted
        seed=seed,
        k=K,
        accepted={sha256: each.hidden for sha256, each in by_hash.items() if each.hidden},
        agreed=frozenset((sha256, start, end) for sha256, each in by_hash.items() for start, end in each.passages),
        names={each.dreamer: by_hash[each.sha256].name for each in tonight if by_hash[each.sha256].name},
    )


def _tell(folder: NightFolder, made: Weave, form: Form) -> None:
    """By the form that was asked for: of few reports it becomes another, and the one before is gone all the same."""

    def decide(events: Sequence[AnyEvent]) -> AnyEvent | None:
        before = [e for e in events if isinstance(e, WeaveMade) and e.night == folder.name]
        same = [e for e in before if (e.form, e.seed) == (form, made.seed)]
        if same and same[-1].sha256 == made.sha256:
            return None
        return WeaveMade(
            onset_s=0.0,
            night=folder.name,
            form=form,
            seed=made.seed,
            sha256=made.sha256,
            gone_sha256=same[-1].sha256 if same else "",
            reports=made.reports,
            threads=len(made.threads),
        )

    tell_if(folder.house, decide)


def _thread_sha256(made: Weave, thread: str) -> str:
    """Of its passages as they read: a weave made anew leaves what was ratified ratified where no word of it changed."""
    words = [piece.text for piece in made.pieces if piece.thread == thread and piece.source is not None]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _heard(found: Standing) -> Standing:
    ratified, waits_for = set(), {}
    for thread in found.threads:
        answers = [found.vote(who, thread) for who in found.speakers_in(thread)]
        waits_for[thread] = answers.count("")
        if "no" not in answers and "" not in answers and "yes" in answers:
            ratified.add(thread)
    return replace(found, ratified=frozenset(ratified), waits_for=waits_for)


def _votes(events: Sequence[AnyEvent], night: str) -> list[ThreadRatified]:
    return [each for each in events if isinstance(each, ThreadRatified) and each.night == night]


def _agreed_of(house: House) -> dict[str, Agreed]:
    """By report, what its dreamer decided last; nothing of the erased."""
    if not house.record.is_file():
        return {}
    vault = FolderVault(house.keys, may_make_keys=False)
    found: dict[str, Agreed] = {}
    with read_only(house.record) as record:
        for event in record.of_type("PassagesAgreed"):
            if not isinstance(event, PassagesAgreed) or event.answers is None or not vault.has(event.sleeper):
                continue
            ciphertext = record.payload(event.id)
            if ciphertext is not None:
                plain = opened(event.answers, ciphertext, vault, event.id)
                found[event.report] = msgspec.json.decode(plain, type=Agreed)
    return found


def _form(form: str) -> Form:
    for known in FORMS:
        if form == known:
            return known
    raise UsageError("DL-E754", f"There is no form {form!r}.", why=f"There are {', '.join(FORMS)}.", do="Name one.")
