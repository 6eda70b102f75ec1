"""What lies on an author's desk? One file, what is said of its text, one rehearsal, and who agrees."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from difflib import unified_diff

from msgspec import Struct

from dreamloom.engine.clocks import utc_now
from dreamloom.gallery.rehearsal_page import cards
from dreamloom.house import authoring, rehearsal_told, sign_offs
from dreamloom.house.authoring import Looked
from dreamloom.house.dreamscape_files import DreamscapeFile, Kept, ended_like
from dreamloom.house.rehearsing import RehearsalAsked
from dreamloom.house.rehearsing_beside import RehearsalBeside, State
from dreamloom.house.sign_offs import Agreed
from dreamloom.vocabulary.errors import ConfigError, RefusedError


class Opened(Struct, frozen=True, kw_only=True):
    """The text to begin with.

    Attributes:
        seen: SHA-256 of what lies in the file; "" where there is no file yet, and the text is a beginning.
        agreed: who agreed to which text; `amiss` in their place where that cannot be read.
        of_sleepers: in its folder stands what sleepers agreed to, which is one text and no other.
    """

    file: str
    text: str
    seen: str
    may_undo: bool
    agreed: tuple[Agreed, ...] = ()
    amiss: str = ""
    of_sleepers: bool = False


class Far(Struct, frozen=True, kw_only=True):
    """How far a rehearsal is, and what it found; `sha256` is of the text that it played."""

    state: State
    share: float = 0.0
    left_s: float | None = None
    sha256: str = ""
    sentence: str = ""
    took_s: float = 0.0
    cards: str = ""
    wrong: str = ""


class Desk:
    """One author's file; begins with `start` while there is none."""

    def __init__(self, file: DreamscapeFile, *, start: str, name: str = "") -> None:
        self.file, self.name = file, name
        self._start = start
        self._one_at_a_time = threading.Lock()
        self.rehearsal = RehearsalBeside()

    def opened(self) -> Opened:
        """What lies there now."""
        kept = self.file.kept()
        agreed, amiss = self._agreed()
        return Opened(
            file=self.file.path.name,
            text=self._start if kept.text is None else kept.text,
            seen=kept.sha256,
            may_undo=self.file.may_undo(),
            agreed=agreed,
            amiss=amiss,
            of_sleepers=self.file.of_sleepers,
        )

    def look(self, text: str) -> Looked:
        """What is said of it, as it would lie in the file."""
        return authoring.look(ended_like(text, self.file.kept().text), file=self.file.path.name)

    def save(self, text: str, *, seen: str) -> Opened:
        """Replaces what lies there; raises OtherText when that is not what was seen."""
        with self._one_at_a_time:
            self.file.save(text, seen_sha256=seen)
        return self.opened()

    def undo(self, *, seen: str) -> Opened:
        """Puts back what lay there before the last save."""
        with self._one_at_a_time:
            self.file.undo(seen_sha256=seen)
        return self.opened()

    def agree(self, name: str, *, sha256: str, at: datetime | None = None) -> Opened:
        """Writes down that somebody agrees to the text that lies there.

        Raises:
            RefusedError: DL-E599 for a text that cannot be played.
        """
        kept = self.file.kept()
        if authoring.look(kept.text or "", file=self.file.path.name).errors:
            raise RefusedError(
                "DL-E599",
                "Nobody can agree to a text that cannot be played.",
                why="It still has errors, so what a night of it would do is not said yet.",
                still="It is saved as a draft.",
                do="Mend the lines that are named, save, and agree then.",
            )
        with self._one_at_a_time:
            sign_offs.agree(self.file.path, name=name, sha256=sha256, kept_sha256=kept.sha256, at=at or utc_now())
        return self.opened()

    def take_back(self, name: str) -> Opened:
        """Somebody agrees no more."""
        with self._one_at_a_time:
            sign_offs.take_back(self.file.path, name=name)
        return self.opened()

    def rehearse(self, asked: RehearsalAsked) -> None:
        """Begins a rehearsal of this text, the sounds it names lying beside its file."""
        text = ended_like(asked.text, self.file.kept().text)
        self.rehearsal.begin(replace(asked, text=text, file=str(self.file.path)))

    def far(self) -> Far:
        """How far it is."""
        beside = self.rehearsal
        found, state = beside.found, beside.state
        if state == "running":
            return Far(state=state, share=round(beside.share, 3), left_s=beside.left_s)
        if state == "failed":
            return Far(state=state, wrong=str(beside.failure or "It ended, and nobody knows why. Try it once more."))
        if found is None:
            return Far(state=state)
        drawn = cards(head=rehearsal_told.HEAD, beds=rehearsal_told.beds_shown(found), withheld=found.withheld)
        told = rehearsal_told.sentence(found)
        return Far(state=state, share=1.0, sha256=found.sha256, sentence=told, took_s=found.took_s, cards=str(drawn))

    def _agreed(self) -> tuple[tuple[Agreed, ...], str]:
        try:
            return sign_offs.read(self.file.path), ""
        except ConfigError as error:
            return (), str(error)


def differences(mine: str, theirs: Kept) -> Sequence[str]:
    """Line by line what both do not share: - theirs, + mine."""
    lines = unified_diff((theirs.text or "").splitlines(), mine.splitlines(), n=1, lineterm="")
    return list(lines)[2:]  # behind the two names
